"""Agencies asked to come to a drill: to watch it, or to take part."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Agency, Campus, ResponderContact
from backend.tenancy.models import DistrictOwned, ResponderRule
from drills.models.clearance import GivenBy
from drills.models.drill import Drill


class Part(models.TextChoices):
    """What the agency is asked to do there."""

    OBSERVE = "observe", _("to observe")
    TAKE_PART = "take_part", _("to take part")


class InvitationState(models.TextChoices):
    """Asked until the agency answers; void when the start moves or the school takes it back."""

    ASKED = "asked", _("Asked")
    COMING = "coming", _("Comes")
    DECLINED = "declined", _("Declined")
    VOID = "void", _("No longer valid")


class Invitation(DistrictOwned):
    """One agency asked to one start of one drill.

    `starts_at` and `ends_at` are those of the drill when it was asked: an agency reads its own
    invitations of all districts, but a link reads the drills of one campus only, and the agency
    must still see that a crew cannot be in two places.
    """

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule(campus=None, agency="agency_id")

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="invitations")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(_("what for"), max_length=10, choices=Part, default=Part.OBSERVE)
    state = models.CharField(max_length=8, choices=InvitationState, default=InvitationState.ASKED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    crew = models.CharField(_("who comes"), max_length=80, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=8, choices=GivenBy, blank=True)
    contact = models.ForeignKey(ResponderContact, on_delete=models.PROTECT, null=True)
    note = models.CharField(max_length=300, blank=True)
    clash_reason = models.CharField(max_length=300, blank=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_by = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["drill", "agency"],
                name="invitation_live_once",
                condition=models.Q(ended_at=None),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=InvitationState.values), name="invitation_state"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["agency", "starts_at"],
                name="invitation_of_agency",
                condition=models.Q(ended_at=None),
            )
        ]
