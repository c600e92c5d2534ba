"""Around a drill: clearances, reviews, corrective actions, calendars, messages, compliance."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.api.etags import etag_of, require_match
from backend.api.idempotency import once
from backend.api.parameters import CAMPUS, IDEMPOTENCY_KEY, IF_MATCH, campus_asked, of_campus_asked
from backend.directory.access import get_in_reach, in_reach_of
from backend.directory.api_access import InReach, actor_of
from backend.directory.models import Campus, District
from backend.problems import NotFound
from drills.api.drills import UUID_FORM, given_by
from drills.api.serializers import (
    ClearanceDisputeInput,
    ClearanceOutput,
    CloseInput,
    ComplianceOutput,
    CorrectiveActionOutput,
    DeedInput,
    PlanChangeOutput,
    ProofInput,
    ReviewInput,
    ReviewOutput,
    SchoolCalendarInput,
    SchoolCalendarOutput,
    SchoolMessageOutput,
)
from drills.models import (
    AfterActionReview,
    Clearance,
    CorrectiveAction,
    SchoolCalendar,
    SchoolMessage,
)
from drills.queries.compliance import Compliance, compliance_of_all, jurisdiction_of
from drills.rules.judge import as_document
from drills.services import calendars, clearing, corrective, messages, reviewing


class ClearanceViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Clearance]
):
    """Who must agree before a drill, and how each has said so."""

    queryset = Clearance._base_manager.none()
    serializer_class = ClearanceOutput

    def get_queryset(self) -> QuerySet[Clearance]:
        """Return a member's clearances of its campuses, and those asked of an agency."""
        actor = actor_of(self.request)
        rows = Clearance.objects.all()
        verb = "drill.schedule" if actor.roles else "clearance.give"
        found = in_reach_of(actor, "review.read", rows) | in_reach_of(actor, verb, rows)
        return of_campus_asked(found, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List clearances, newest first."""
        return super().list(request, *args, **more)


class ClearanceAnswerViewSet(GenericViewSet[Clearance]):
    """An agency disputes what was recorded in its name: the service opens the reach it needs."""

    queryset = Clearance._base_manager.none()
    serializer_class = ClearanceDisputeInput
    lookup_value_regex = UUID_FORM

    @extend_schema(
        request=ClearanceDisputeInput,
        responses={200: ClearanceOutput},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    @once
    def dispute(self, request: Request, pk: str, **more: Any) -> Response:
        """Say that a recorded call was never made."""
        row = clearing.dispute(
            clearance_id=UUID(pk),
            **given_by(request, ClearanceDisputeInput),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(ClearanceOutput(row).data)


class ReviewViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[AfterActionReview]
):
    """After-action reviews."""

    queryset = AfterActionReview._base_manager.none()
    serializer_class = ReviewOutput

    def get_queryset(self) -> QuerySet[AfterActionReview]:
        """Return the reviews that the caller may read."""
        rows = AfterActionReview.objects.prefetch_related("objectives")
        found = in_reach_of(actor_of(self.request), "review.read", rows)
        return of_campus_asked(found, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List reviews, newest first."""
        return super().list(request, *args, **more)

    def retrieve(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return one review with its ETag."""
        return self._answer(self.get_object())

    @extend_schema(request=ReviewInput, responses={200: ReviewOutput}, parameters=[IF_MATCH])
    def update(self, request: Request, *args: Any, **more: Any) -> Response:
        """Write the answers of a review, whole."""
        found = self.get_object()
        require_match(request, found.edition)
        data = given_by(request, ReviewInput)
        objectives = data.pop("objectives", None)
        reviewing.write(
            review_id=found.pk,
            **data,
            expected=found.edition,
            objectives=None
            if objectives is None
            else [reviewing.Rated(**one) for one in objectives],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return self._answer(self.get_object())

    @extend_schema(request=CloseInput, responses={200: ReviewOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @once
    def close(self, request: Request, *args: Any, **more: Any) -> Response:
        """Close a review and seal the drill's record."""
        found = self.get_object()
        reviewing.close(
            review_id=found.pk,
            **given_by(request, CloseInput),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return self._answer(self.get_object())

    def _answer(self, review: AfterActionReview) -> Response:
        headers = {"ETag": etag_of(review.edition)}
        return Response(ReviewOutput(review).data, headers=headers)


class CorrectiveActionViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[CorrectiveAction]
):
    """Corrective actions."""

    queryset = CorrectiveAction._base_manager.none()
    serializer_class = CorrectiveActionOutput

    def get_queryset(self) -> QuerySet[CorrectiveAction]:
        """Return the actions that the caller may read."""
        rows = CorrectiveAction.objects.select_related("owner__user")
        found = in_reach_of(actor_of(self.request), "review.read", rows)
        return of_campus_asked(found, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List corrective actions, newest first."""
        return super().list(request, *args, **more)

    @extend_schema(
        request=DeedInput, responses={201: CorrectiveActionOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Add a corrective action to an open review."""
        data = given_by(request, DeedInput)
        row = corrective.add(
            review_id=data.pop("review"),
            deed=corrective.Deed(**data),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(CorrectiveActionOutput(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: PlanChangeOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path="open-plan-change")
    @once
    def open_plan_change(self, request: Request, *args: Any, **more: Any) -> Response:
        """Open the plan's draft in which this is changed; publishing it closes the action."""
        found = self.get_object()
        version = corrective.open_plan_change(
            action_id=found.pk, actor=actor_of(request), at=timezone.now()
        )
        return Response({"plan_version": str(version.pk), "number": version.number})

    @extend_schema(
        request=ProofInput, responses={200: CorrectiveActionOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @once
    def finish(self, request: Request, *args: Any, **more: Any) -> Response:
        """Say that an action is done, with its proof."""
        found = self.get_object()
        row = corrective.finish(
            action_id=found.pk,
            **given_by(request, ProofInput),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(CorrectiveActionOutput(row).data)


class SchoolCalendarViewSet(InReach, mixins.ListModelMixin, GenericViewSet[SchoolCalendar]):
    """School years: the days that rules and proposals count."""

    queryset = SchoolCalendar._base_manager.none()
    serializer_class = SchoolCalendarOutput

    def get_queryset(self) -> QuerySet[SchoolCalendar]:
        """Return the calendars of the caller's district."""
        districts = [role.district_id for role in actor_of(self.request).roles]
        return SchoolCalendar.objects.filter(district_id__in=districts)

    @extend_schema(
        request=SchoolCalendarInput,
        responses={201: SchoolCalendarOutput},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Write a school year; the same year is replaced."""
        data = given_by(request, SchoolCalendarInput)
        actor = actor_of(request)
        owner: Campus | District | None
        if campus_id := data.pop("campus"):
            owner = get_in_reach(actor, "campus.read", Campus.objects.all(), pk=campus_id)
        else:
            owner = District.objects.order_by("pk").first()
        if owner is None:
            raise NotFound("There is no district of yours.")
        spans = [(one["first_day"], one["last_day"]) for one in data.pop("testing")]
        row = calendars.write_calendar(
            owner=owner,
            year=calendars.Year(**data, testing=spans),
            actor=actor,
            at=timezone.now(),
        )
        return Response(SchoolCalendarOutput(row).data, status=status.HTTP_201_CREATED)


class SchoolMessageViewSet(InReach, mixins.ListModelMixin, GenericViewSet[SchoolMessage]):
    """Messages to staff and families, which the school gives by its own system."""

    queryset = SchoolMessage._base_manager.none()
    serializer_class = SchoolMessageOutput

    def get_queryset(self) -> QuerySet[SchoolMessage]:
        """Return the messages that the caller may give."""
        rows = SchoolMessage.objects.select_related("drill__campus__district")
        found = in_reach_of(actor_of(self.request), "drill.schedule", rows)
        return of_campus_asked(found, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List messages, newest first."""
        return super().list(request, *args, **more)

    @extend_schema(request=None, responses={200: SchoolMessageOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path="mark-given")
    @once
    def mark_given(self, request: Request, *args: Any, **more: Any) -> Response:
        """Say that a message was given; its words are frozen as they are now."""
        found = self.get_object()
        row = messages.mark_given(message_id=found.pk, actor=actor_of(request), at=timezone.now())
        return Response(SchoolMessageOutput(row).data)


class ComplianceViewSet(InReach, GenericViewSet[Campus]):
    """What the law asks of each campus this year, and what comes next."""

    queryset = Campus._base_manager.none()
    serializer_class = ComplianceOutput
    pagination_class = None  # a district's campuses are judged together

    @extend_schema(parameters=[CAMPUS], responses={200: ComplianceOutput(many=True)})
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List campuses, the one with the fewest days left first."""
        rows = in_reach_of(actor_of(request), "review.read", Campus.objects.order_by("name"))
        if campus_id := campus_asked(request):
            rows = rows.filter(pk=campus_id)
        found = compliance_of_all(list(rows), at=timezone.now())
        return Response([_compliance(one) for one in found])


def _compliance(one: Compliance) -> dict[str, Any]:
    judged = as_document(one.judgement) if one.judgement else {"requirements": [], "findings": []}
    return {
        "campus": str(one.campus.pk),
        "jurisdiction": jurisdiction_of(one.campus),
        "rules_loaded": one.rules is not None,
        "calendar_known": one.calendar is not None,
        "as_of": one.today.isoformat(),
        "days_left": one.days_left,
        "suggestion": one.suggestion.reason if one.suggestion else "",
        "requirements": judged["requirements"],
        "findings": judged["findings"],
    }
