"""Campuses over the API."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.api import idempotency
from backend.api.etags import etag_of, require_match
from backend.api.parameters import IF_MATCH
from backend.directory import queries
from backend.directory.access import get_in_reach
from backend.directory.api.caller import given
from backend.directory.api_access import InReach, actor_of
from backend.directory.models import Campus
from backend.directory.services import campuses as services


class CampusOut(serializers.ModelSerializer[Campus]):
    """A campus as it is read."""

    slug = serializers.CharField(read_only=True)

    class Meta:
        model = Campus
        fields = ("id", "district", "slug", "short_id", *services.FIELDS)


class CampusIn(serializers.ModelSerializer[Campus]):
    """What may be edited of a campus."""

    time_zone = serializers.CharField(required=False, allow_blank=True, max_length=40)

    class Meta:
        model = Campus
        fields = services.FIELDS


class NewCampusIn(CampusIn):
    """A new campus, with its district."""

    district = serializers.UUIDField()

    class Meta:
        model = Campus
        fields = ("district", *services.FIELDS)


class Campuses(InReach, mixins.ListModelMixin, GenericViewSet[Campus]):
    """Campuses by reach."""

    queryset = Campus._base_manager.none()
    serializer_class = CampusOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Campus]:
        """Return what the caller may read, narrowed by `q`."""
        rows = queries.campuses(actor_of(self.request), words=self.request.GET.get("q", ""))
        return rows.order_by("-id")

    @extend_schema(parameters=[OpenApiParameter("q", str, description="Words of name or city.")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List campuses."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=CampusOut)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Read one campus; the ETag names its state."""
        campus = get_in_reach(actor_of(request), "campus.read", Campus.objects.all(), pk=pk)
        return _answer(campus)

    @extend_schema(request=NewCampusIn, responses={201: CampusOut})
    @idempotency.once
    def create(self, request: Request) -> Response:
        """Add a campus to a district."""
        values = given(NewCampusIn(data=request.data))
        campus = services.create_campus(
            district_id=values.pop("district"),
            values=values,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return _answer(campus, status=201)

    @extend_schema(request=CampusIn(partial=True), responses=CampusOut, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Edit the state of a campus that If-Match names."""
        actor = actor_of(request)
        campus = get_in_reach(actor, "campus.read", Campus.objects.all(), pk=pk)
        require_match(request, services.state_of(campus))
        campus = services.edit_campus(
            campus_id=pk,
            values=given(CampusIn(data=request.data, partial=True)),
            seen=services.state_of(campus),
            actor=actor,
            at=timezone.now(),
        )
        return _answer(campus)


def _answer(campus: Campus, *, status: int = 200) -> Response:
    etag = etag_of(services.state_of(campus))
    return Response(CampusOut(campus).data, status=status, headers={"ETag": etag})
