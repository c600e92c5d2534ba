"""Invitations: an agency asked to come to a drill, its answer, its arrival."""

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

from backend.api.idempotency import once
from backend.api.parameters import CAMPUS, IDEMPOTENCY_KEY, of_campus_asked
from backend.directory.access import in_reach_of
from backend.directory.api_access import InReach, actor_of
from drills.api.drills import UUID_FORM, given_by
from drills.api.serializers import ComeInput, InvitationOutput, InviteInput
from drills.models import GivenBy, Invitation
from drills.services import inviting


class InvitationViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Invitation]
):
    """Agencies asked to come to drills: those of a member's campuses, and those of an agency."""

    queryset = Invitation._base_manager.none()
    serializer_class = InvitationOutput

    def get_queryset(self) -> QuerySet[Invitation]:
        """Return the invitations that the caller may read."""
        actor, rows = actor_of(self.request), Invitation.objects.all()
        found = in_reach_of(actor, "review.read", rows) | in_reach_of(
            actor, "invitation.answer", rows
        )
        return of_campus_asked(found, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List invitations, newest first."""
        return super().list(request, *args, **more)

    @extend_schema(
        request=InviteInput, responses={201: InvitationOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Ask an agency to come to a drill."""
        data = given_by(request, InviteInput)
        row = inviting.invite(
            drill_id=data["drill"],
            agency_id=data["agency"],
            part=data["part"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(InvitationOutput(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: InvitationOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @once
    def withdraw(self, request: Request, *args: Any, **more: Any) -> Response:
        """Take an invitation back; the agency is told."""
        row = inviting.withdraw(
            invitation_id=self.get_object().pk, actor=actor_of(request), at=timezone.now()
        )
        return Response(InvitationOutput(row).data)


class InvitationAnswerViewSet(GenericViewSet[Invitation]):
    """An agency answers or arrives: the service opens the reach that it needs."""

    queryset = Invitation._base_manager.none()
    serializer_class = ComeInput
    lookup_value_regex = UUID_FORM

    @extend_schema(
        request=ComeInput, responses={200: InvitationOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @once
    def answer(self, request: Request, pk: str, **more: Any) -> Response:
        """Say who comes to a drill (its id), or that nobody does."""
        row = inviting.answer(
            actor=actor_of(request),
            drill_id=UUID(pk),
            how=GivenBy.API,
            **given_by(request, ComeInput),
            at=timezone.now(),
        )
        return Response(InvitationOutput(row).data)

    @extend_schema(request=None, responses={200: InvitationOutput}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], url_path="record-arrival")
    @once
    def record_arrival(self, request: Request, pk: str, **more: Any) -> Response:
        """Note that an agency is there, by the invitation's id; the first time counts."""
        row = inviting.record_arrival(
            invitation_id=UUID(pk), actor=actor_of(request), at=timezone.now()
        )
        return Response(InvitationOutput(row).data)
