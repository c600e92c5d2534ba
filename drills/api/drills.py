"""Drills: scheduled, moved, run, stopped, recorded afterwards, amended."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.api.etags import etag_of, require_match
from backend.api.idempotency import once
from backend.api.parameters import CAMPUS, IDEMPOTENCY_KEY, IF_MATCH, of_campus_asked
from backend.directory.access import in_reach_of
from backend.directory.api_access import InReach, actor_of
from drills.api.serializers import (
    AmendInput,
    CancelInput,
    ClearanceOutput,
    DrillOutput,
    EntriesInput,
    GiveInput,
    MoveInput,
    NewDrillInput,
    PhoneClearanceInput,
    RecordInput,
    StopInput,
    TakenOutput,
    TimelineEntryOutput,
    WantedInput,
)
from drills.models import Drill, DrillState, GivenBy, TimelineEntry
from drills.services import clearing, real_emergency, recording, running, scheduling

STATE = OpenApiParameter("state", str, enum=DrillState.values, description="Only in this state.")


UUID_FORM = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def given_by(request: Request, kind: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """Return what a body says; raises ValidationError."""
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class DrillViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Drill]
):
    """Drills of the caller's campuses; responders see those that are no longer proposals."""

    queryset = Drill._base_manager.none()
    serializer_class = DrillOutput

    def get_queryset(self) -> QuerySet[Drill]:
        """Return the drills that the caller may read."""
        rows = Drill.objects.select_related("conductor__user", "alternate__user")
        rows = of_campus_asked(
            in_reach_of(actor_of(self.request), "drill.read", rows), self.request
        )
        if state := self.request.query_params.get("state"):
            rows = rows.filter(state=state)
        return rows

    @extend_schema(parameters=[CAMPUS, STATE])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List drills, newest first."""
        return super().list(request, *args, **more)

    def retrieve(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return one drill with its ETag."""
        return self._answer(self.get_object())

    @extend_schema(
        request=NewDrillInput, responses={201: DrillOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Schedule a drill."""
        data = given_by(request, NewDrillInput)
        drill = scheduling.schedule(
            campus_id=data.pop("campus"),
            wanted=scheduling.Wanted(**data),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return self._answer(drill, status.HTTP_201_CREATED)

    @extend_schema(request=WantedInput, responses={200: DrillOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @once
    def accept(self, request: Request, *args: Any, **more: Any) -> Response:
        """Accept a proposal, as proposed or changed."""
        found = self.get_object()
        wanted = scheduling.Wanted(**given_by(request, WantedInput))
        return self._answer(
            scheduling.accept(
                drill_id=found.pk, wanted=wanted, actor=actor_of(request), at=timezone.now()
            )
        )

    @extend_schema(
        request=MoveInput, responses={200: DrillOutput}, parameters=[IDEMPOTENCY_KEY, IF_MATCH]
    )
    @action(detail=True, methods=["post"])
    @once
    def move(self, request: Request, *args: Any, **more: Any) -> Response:
        """Move a drill; everybody is told again, and given clearances lapse."""
        found = self.get_object()
        require_match(request, found.edition)
        moved = scheduling.move(
            drill_id=found.pk,
            **given_by(request, MoveInput),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return self._answer(moved)

    @extend_schema(request=CancelInput, responses={200: DrillOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @once
    def cancel(self, request: Request, *args: Any, **more: Any) -> Response:
        """Call a drill off."""
        found = self.get_object()
        return self._answer(
            scheduling.cancel(
                drill_id=found.pk,
                **given_by(request, CancelInput),
                actor=actor_of(request),
                at=timezone.now(),
            )
        )

    @extend_schema(request=None, responses={200: DrillOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path="hand-to-alternate")
    @once
    def hand_to_alternate(self, request: Request, *args: Any, **more: Any) -> Response:
        """Hand a drill to its alternate: the conductor was called away."""
        found = self.get_object()
        return self._answer(
            scheduling.hand_to_alternate(
                drill_id=found.pk, actor=actor_of(request), at=timezone.now()
            )
        )

    @extend_schema(
        request=EntriesInput,
        responses={200: TakenOutput(many=True)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    @once
    def entries(self, request: Request, *args: Any, **more: Any) -> Response:
        """Take in what a device kept; the answer says of each entry what became of it."""
        found = self.get_object()
        data = given_by(request, EntriesInput)
        attempt = data["attempt"]
        taken = running.take_entries(
            drill_id=found.pk,
            entries=[_entry(row) for row in data["entries"]],
            device_now=data["device_now"],
            device=data["device"],
            actor=actor_of(request),
            at=timezone.now(),
            attempt=running.CallAttempt(**attempt) if attempt else None,
        )
        return Response(TakenOutput(taken, many=True).data)

    @extend_schema(request=StopInput, responses={200: DrillOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @once
    def stop(self, request: Request, *args: Any, **more: Any) -> Response:
        """End the drill: something real happens. Muster does not call 911."""
        found = self.get_object()
        return self._answer(
            real_emergency.stop(
                drill_id=found.pk,
                **given_by(request, StopInput),
                actor=actor_of(request),
                at=timezone.now(),
            )
        )

    @extend_schema(
        request=PhoneClearanceInput, responses={201: ClearanceOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"], url_path="record-phone-clearance")
    @once
    def record_phone_clearance(self, request: Request, *args: Any, **more: Any) -> Response:
        """Record a clearance given by phone; the agency gets a copy that it can dispute."""
        found = self.get_object()
        data = given_by(request, PhoneClearanceInput)
        row = clearing.record_phone_call(
            drill_id=found.pk,
            agency_id=data.pop("agency"),
            **data,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(ClearanceOutput(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: DrillOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path="panel-back")
    @once
    def panel_back(self, request: Request, *args: Any, **more: Any) -> Response:
        """Say that the alarm panel is back in service."""
        found = self.get_object()
        return self._answer(
            running.put_panel_back(drill_id=found.pk, actor=actor_of(request), at=timezone.now())
        )

    @extend_schema(request=AmendInput, responses={200: DrillOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @once
    def amend(self, request: Request, *args: Any, **more: Any) -> Response:
        """Correct the record of a drill that is over; what stood there is kept."""
        found = self.get_object()
        recording.amend(
            drill_id=found.pk,
            **given_by(request, AmendInput),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return self._answer(self.get_object())

    def _answer(self, drill: Drill, code: int = status.HTTP_200_OK) -> Response:
        headers = {"ETag": etag_of(drill.edition)}
        return Response(DrillOutput(drill).data, status=code, headers=headers)


def _entry(row: dict[str, Any]) -> running.Entry:
    return running.Entry(
        key=row["key"],
        kind=row["kind"],
        device_at=row["at"],
        status=row["status"],
        feature_key=row["feature"],
        place=row["place"],
        text=row["text"],
    )


class DrillRecordViewSet(InReach, GenericViewSet[Drill]):
    """Records of what was held without Muster."""

    queryset = Drill._base_manager.none()
    serializer_class = RecordInput

    @extend_schema(request=RecordInput, responses={201: DrillOutput}, parameters=[IDEMPOTENCY_KEY])
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Record a drill, an alarm or a real event after it was over; it is marked so for ever."""
        data = given_by(request, RecordInput)
        paper = data.pop("paper")
        drill = recording.record_afterwards(
            campus_id=data.pop("campus"),
            held=recording.Held(**data, paper=paper.read() if paper else None),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(DrillOutput(drill).data, status=status.HTTP_201_CREATED)


class DrillAnswerViewSet(GenericViewSet[Drill]):
    """An agency answers for a drill: the service opens the reach that it needs."""

    queryset = Drill._base_manager.none()
    serializer_class = GiveInput
    lookup_value_regex = UUID_FORM

    @extend_schema(
        request=GiveInput, responses={200: ClearanceOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @once
    def clear(self, request: Request, pk: str, **more: Any) -> Response:
        """Book or clear a drill, whichever is asked for at this moment; or refuse it."""
        row = clearing.give(
            actor=actor_of(request),
            drill_id=UUID(pk),
            said_by="",
            how=GivenBy.API,
            **given_by(request, GiveInput),
            at=timezone.now(),
        )
        return Response(ClearanceOutput(row).data)


class TimelineEntryViewSet(InReach, mixins.ListModelMixin, GenericViewSet[TimelineEntry]):
    """What happened in drills, to members of the district."""

    queryset = TimelineEntry._base_manager.none()
    serializer_class = TimelineEntryOutput

    def get_queryset(self) -> QuerySet[TimelineEntry]:
        """Return the entries that the caller may read."""
        rows = in_reach_of(actor_of(self.request), "review.read", TimelineEntry.objects.all())
        return of_campus_asked(rows, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List entries, newest first."""
        return super().list(request, *args, **more)
