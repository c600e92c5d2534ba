"""Notices, deliveries, acknowledgements, channel releases."""

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
from backend.api.parameters import CAMPUS, IDEMPOTENCY_KEY
from backend.directory.access import districts_where
from backend.directory.api_access import InReach, actor_of
from backend.directory.models import District
from backend.problems import NotFound
from notifications.api.serializers import (
    AcknowledgeInput,
    AcknowledgementOutput,
    AnsweredOutput,
    ChannelReleaseOutput,
    DeliveryOutput,
    DisputeInput,
    NoticeOutput,
    PhoneCallInput,
    ReleaseInput,
)
from notifications.models import Acknowledgement, ChannelRelease, Delivery, DeliveryState, Notice
from notifications.queries.lists import (
    acknowledgements_for,
    deliveries_for,
    notices_for,
    wanted_lines,
)
from notifications.services import acknowledging
from notifications.services.phone_calls import record_phone_call
from notifications.services.repairing import send_again
from notifications.services.writing import release_channel

NOTICE = OpenApiParameter("notice", UUID, description="Only of this notice.")
STATE = OpenApiParameter("state", str, enum=DeliveryState.values, description="Only in this state.")


def asked(request: Request, name: str) -> UUID | None:
    """Return the id that a filter names; raises NotFound for what is none."""
    value = request.query_params.get(name, "")
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError as fault:
        raise NotFound(f"{value} is no id.", where=name, mend="Give an id.") from fault


class NoticeViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Notice]
):
    """What agencies were told."""

    queryset = Notice._base_manager.none()
    serializer_class = NoticeOutput

    def get_queryset(self) -> QuerySet[Notice]:
        """Return the notices that the caller may read."""
        rows = notices_for(actor_of(self.request)).order_by()
        campus_id = asked(self.request, "campus")
        return rows.filter(campus_id=campus_id) if campus_id else rows

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List notices, newest first."""
        return super().list(request, *args, **more)

    @extend_schema(
        request=PhoneCallInput,
        responses={201: AcknowledgementOutput},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"], url_path="record-phone-call")
    @once
    def record_phone_call(self, request: Request, *args: Any, **more: Any) -> Response:
        """Record that an agency acknowledged by phone."""
        given = PhoneCallInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        row = record_phone_call(
            notice_id=self.get_object().pk,
            agency_id=data["agency"],
            said_by=data["said_by"],
            line_called=data["line_called"],
            called_at=data["called_at"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(AcknowledgementOutput(row).data, status=status.HTTP_201_CREATED)


class DeliveryViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Delivery]
):
    """Messages and how far they came."""

    queryset = Delivery._base_manager.none()
    serializer_class = DeliveryOutput

    def get_queryset(self) -> QuerySet[Delivery]:
        """Return the deliveries that the caller may read, or that were addressed to it."""
        rows = deliveries_for(actor_of(self.request)).order_by()
        if notice_id := asked(self.request, "notice"):
            rows = rows.filter(lines__notice=notice_id)
        if state := self.request.query_params.get("state"):
            rows = rows.filter(state=state)
        return rows

    @extend_schema(parameters=[NOTICE, STATE])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List deliveries, newest first."""
        page = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response(self._shown(request, page).data)

    def retrieve(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return one delivery."""
        (shown,) = self._shown(request, [self.get_object()]).data
        return Response(shown)

    @extend_schema(request=None, responses={200: DeliveryOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path="send-again")
    @once
    def send_again(self, request: Request, *args: Any, **more: Any) -> Response:
        """Send a message again that failed, expired or was held."""
        found = self.get_object()
        send_again(delivery_id=found.pk, actor=actor_of(request), at=timezone.now())
        (shown,) = self._shown(request, [self.get_object()]).data
        return Response(shown)

    def _shown(self, request: Request, rows: Any) -> Any:
        context = {"notices": wanted_lines(rows, actor_of(request))}
        return DeliveryOutput(rows, many=True, context=context)


class DeliveryAnswerViewSet(GenericViewSet[Delivery]):
    """A recipient's answer to a message; its service opens the reach that it needs."""

    queryset = Delivery._base_manager.none()
    serializer_class = AcknowledgeInput

    @extend_schema(
        request=AcknowledgeInput, responses={201: AnsweredOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @once
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Say that one's agency has what a message tells, or has a problem with it."""
        given = AcknowledgeInput(data=request.data)
        given.is_valid(raise_exception=True)
        answered = acknowledging.acknowledge(
            actor=actor_of(request),
            delivery_id=path_id(pk),
            how="api",
            at=timezone.now(),
            user_agent=request.headers.get("User-Agent", ""),
            **given.validated_data,
        )
        return Response(AnsweredOutput(answered).data, status=status.HTTP_201_CREATED)


class AcknowledgementViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Acknowledgement]
):
    """Who has what, since when, by link, phone or program."""

    queryset = Acknowledgement._base_manager.none()
    serializer_class = AcknowledgementOutput

    def get_queryset(self) -> QuerySet[Acknowledgement]:
        """Return the acknowledgements that the caller may read."""
        rows = acknowledgements_for(actor_of(self.request)).order_by()
        notice_id = asked(self.request, "notice")
        return rows.filter(notice=notice_id) if notice_id else rows

    @extend_schema(parameters=[NOTICE])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List acknowledgements, newest first."""
        return super().list(request, *args, **more)


class DisputeViewSet(GenericViewSet[Acknowledgement]):
    """An agency disputes what was recorded for it; its service opens the reach that it needs."""

    queryset = Acknowledgement._base_manager.none()
    serializer_class = DisputeInput

    @extend_schema(
        request=DisputeInput, responses={200: AcknowledgementOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @once
    def dispute(self, request: Request, pk: str) -> Response:
        """Say that nobody of one's agency gave this acknowledgement."""
        given = DisputeInput(data=request.data)
        given.is_valid(raise_exception=True)
        row = acknowledging.dispute(
            acknowledgement_id=path_id(pk),
            actor=actor_of(request),
            at=timezone.now(),
            **given.validated_data,
        )
        return Response(AcknowledgementOutput(row).data)


class ChannelReleaseViewSet(InReach, mixins.ListModelMixin, GenericViewSet[ChannelRelease]):
    """Which channels are released; all others are held."""

    queryset = ChannelRelease._base_manager.none()
    serializer_class = ChannelReleaseOutput

    def get_queryset(self) -> QuerySet[ChannelRelease]:
        """Return the releases of the districts where the caller may release."""
        districts = districts_where(actor_of(self.request), "channel.release")
        return ChannelRelease.objects.filter(district__in=districts)

    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List releases, newest first."""
        return super().list(request, *args, **more)

    @extend_schema(
        request=ReleaseInput, responses={201: ChannelReleaseOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Release a channel: what was held goes out."""
        given = ReleaseInput(data=request.data)
        given.is_valid(raise_exception=True)
        district = District.objects.filter(pk=given.validated_data["district"]).first()
        if district is None:
            raise NotFound("There is no such district, or not for you.", where="district")
        release = release_channel(
            district=district,
            channel=given.validated_data["channel"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(ChannelReleaseOutput(release).data, status=status.HTTP_201_CREATED)


def path_id(text: str) -> UUID:
    """Return the id of an address; raises NotFound for what is none."""
    try:
        return UUID(text)
    except ValueError as fault:
        raise NotFound("There is nothing at this address, or not for you.") from fault
