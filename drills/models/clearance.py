"""Who must agree before a drill may start, and how each has said so."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Agency, Campus, ResponderContact
from backend.tenancy.models import DistrictOwned, ResponderRule
from drills.models.drill import Drill


class Step(models.TextChoices):
    """Booked days ahead; cleared within 30 minutes of the start by whoever is on duty."""

    BOOKED = "booked", _("Booked")
    CLEARED = "cleared", _("Cleared")


class ClearanceState(models.TextChoices):
    """Asked until somebody answers; void when the start moves."""

    ASKED = "asked", _("Asked")
    GIVEN = "given", _("Given")
    REFUSED = "refused", _("Refused")
    DISPUTED = "disputed", _("Disputed")
    VOID = "void", _("No longer valid")


class GivenBy(models.TextChoices):
    """By which way it came; each is shown as what it is."""

    LINK = "link", _("by link")
    BOARD = "board", _("on the board")
    ACCOUNT = "account", _("signed in")
    API = "api", _("by their own software")
    PHONE = "phone", _("by phone")


class Clearance(DistrictOwned):
    """One agency's answer to one step of one drill."""

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule(campus=None, agency="agency_id")

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="clearances")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=8, choices=Step)
    state = models.CharField(max_length=8, choices=ClearanceState, default=ClearanceState.ASKED)
    asked_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=8, choices=GivenBy, blank=True)
    said_by = models.CharField(max_length=120, blank=True)
    operator = models.CharField(max_length=40, blank=True)
    line_called = models.CharField(max_length=40, blank=True)
    recorded_by = models.CharField(max_length=200, blank=True)
    contact = models.ForeignKey(ResponderContact, on_delete=models.PROTECT, null=True)
    note = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)  # disputed or void, and by whom or why
    ended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["step", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["drill", "agency", "step"],
                name="clearance_live_once",
                condition=models.Q(ended_at=None),
            )
        ]
