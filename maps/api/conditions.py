"""Conditions and looks on site."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.api.idempotency import once
from backend.api.parameters import CAMPUS, IDEMPOTENCY_KEY, of_campus_asked
from backend.directory.access import in_reach_of
from backend.directory.api_access import InReach, actor_of
from maps.api.serializers import (
    ConditionInput,
    ConditionOutput,
    FeatureCheckInput,
    FeatureCheckOutput,
    RenewInput,
)
from maps.models import Condition, ConditionState, FeatureCheck
from maps.services import checks
from maps.services import conditions as services

STATE = OpenApiParameter(
    "state", str, enum=ConditionState.values, description="Only in this state."
)


def told_by(request: Request) -> tuple[UUID, services.Told]:
    """Return the campus and what was told; raises ValidationError."""
    given = ConditionInput(data=request.data)
    given.is_valid(raise_exception=True)
    data = given.validated_data
    photo = data["photo"]
    return data["campus"], services.Told(
        kind=data["kind"],
        text=data["text"],
        ends_at=data["ends_at"],
        place=data["place"],
        feature_key=data["feature"],
        starts_at=data["starts_at"],
        photo=photo.read() if photo else None,
    )


class ConditionViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Condition]
):
    """Conditions: published, accepted, seen by a second person, ended, renewed."""

    queryset = Condition._base_manager.none()
    serializer_class = ConditionOutput

    def get_queryset(self) -> QuerySet[Condition]:
        """Return the conditions that the caller may read; responders see those in force."""
        rows = in_reach_of(actor_of(self.request), "condition.read", Condition.objects.all())
        rows = of_campus_asked(rows, self.request)
        if state := self.request.query_params.get("state"):
            rows = rows.filter(state=state)
        return rows

    @extend_schema(parameters=[CAMPUS, STATE])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List conditions, newest first."""
        return super().list(request, *args, **more)

    @extend_schema(
        request=ConditionInput, responses={201: ConditionOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Publish a condition."""
        campus_id, told = told_by(request)
        condition = services.publish(
            campus_id=campus_id,
            told=told,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(ConditionOutput(condition).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: ConditionOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @once
    def accept(self, request: Request, *args: Any, **more: Any) -> Response:
        """Publish a report as it stands."""
        return self._answer(services.accept_report(**self._deed(request)))

    @extend_schema(request=None, responses={200: ConditionOutput})
    @action(detail=True, methods=["post"])
    def seen(self, request: Request, *args: Any, **more: Any) -> Response:
        """Say that a second person has looked at it."""
        return self._answer(services.mark_seen(**self._deed(request)))

    @extend_schema(request=None, responses={200: ConditionOutput})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, *args: Any, **more: Any) -> Response:
        """End a condition now, or set a report aside."""
        return self._answer(services.end(**self._deed(request)))

    @extend_schema(
        request=RenewInput, responses={201: ConditionOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @once
    def renew(self, request: Request, *args: Any, **more: Any) -> Response:
        """End a condition and publish its continuation."""
        given = RenewInput(data=request.data)
        given.is_valid(raise_exception=True)
        renewed = services.renew(**self._deed(request), ends_at=given.validated_data["ends_at"])
        return Response(ConditionOutput(renewed).data, status=status.HTTP_201_CREATED)

    def _deed(self, request: Request) -> dict[str, Any]:
        found = self.get_object()
        return {
            "condition_id": found.pk,
            "actor": actor_of(request),
            "at": timezone.now(),
        }

    def _answer(self, condition: Condition) -> Response:
        return Response(ConditionOutput(condition).data)


class ConditionReportViewSet(GenericViewSet[Condition]):
    """Reports of conditions: an answer, so its service opens the reach that it needs."""

    queryset = Condition._base_manager.none()
    serializer_class = ConditionInput

    @extend_schema(
        request=ConditionInput, responses={201: ConditionOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Report a condition; it waits for an entitled person."""
        campus_id, told = told_by(request)
        condition = services.report(
            campus_id=campus_id,
            told=told,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(ConditionOutput(condition).data, status=status.HTTP_201_CREATED)


class FeatureCheckViewSet(InReach, mixins.ListModelMixin, GenericViewSet[FeatureCheck]):
    """Looks at features on site."""

    queryset = FeatureCheck._base_manager.none()
    serializer_class = FeatureCheckOutput

    def get_queryset(self) -> QuerySet[FeatureCheck]:
        """Return the checks that the caller may read."""
        rows = in_reach_of(actor_of(self.request), "map.read", FeatureCheck.objects.all())
        return of_campus_asked(rows, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List looks on site, newest first."""
        return super().list(request, *args, **more)

    @extend_schema(
        request=FeatureCheckInput,
        responses={201: FeatureCheckOutput},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Record what was seen on site."""
        given = FeatureCheckInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        check = checks.record_feature_check(
            campus_id=data["campus"],
            feature_key=data["feature"],
            as_on_map=data["as_on_map"],
            note=data["note"],
            photo=data["photo"].read() if data["photo"] else None,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(FeatureCheckOutput(check).data, status=status.HTTP_201_CREATED)
