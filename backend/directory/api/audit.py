"""The audit log over the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.audit.models import AuditEvent
from backend.directory import audit_log
from backend.directory.api_access import InReach, actor_of


class AuditEventOut(serializers.ModelSerializer[AuditEvent]):
    """One event; `body` is what is hashed."""

    body = serializers.DictField()

    class Meta:
        model = AuditEvent
        fields = (
            "id", "district", "campus_id", "sequence", "at", "action", "actor", "actor_id",
            "subject_kind", "subject_id", "body", "previous_hash", "hash",
        )  # fmt: skip


class AuditEvents(InReach, mixins.ListModelMixin, GenericViewSet[AuditEvent]):
    """What the caller may read of the log, newest first."""

    queryset = AuditEvent._base_manager.none()
    serializer_class = AuditEventOut

    def get_queryset(self) -> QuerySet[AuditEvent]:
        """Return the events, narrowed by `words`, `since` and `until`."""
        given = {name: self.request.GET.get(name, "") for name in ("words", "since", "until")}
        return audit_log.events(actor_of(self.request), **given)

    @extend_schema(
        parameters=[
            OpenApiParameter("words", str),
            OpenApiParameter("since", str, description="A day, UTC."),
            OpenApiParameter("until", str, description="A day, UTC, still in it."),
        ]
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List events."""
        return super().list(request, *args, **kwargs)
