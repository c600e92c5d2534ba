"""What staff and families are told of a drill, and what is owed to whom at which moment."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Campus
from backend.tenancy.models import DistrictOwned
from drills.models.drill import Drill


class Audience(models.TextChoices):
    """Who is told. Families are reached by the school's own system; Muster gives the words."""

    STAFF = "staff", _("Staff")
    FAMILIES = "families", _("Families")


class Occasion(models.TextChoices):
    """Before, or afterwards."""

    AHEAD = "ahead", _("Before the drill")
    AFTER = "after", _("After the drill")


class SchoolMessage(DistrictOwned):
    """One message to staff or families: due when, its words in two languages, given by whom."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="messages")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=8, choices=Audience)
    occasion = models.CharField(max_length=6, choices=Occasion)
    due_at = models.DateTimeField()
    given_at = models.DateTimeField(null=True)
    given_by = models.CharField(max_length=200, blank=True)
    text_en = models.TextField(blank=True)  # frozen when given; until then made from the drill
    text_es = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)  # no longer wanted: the drill was moved or cancelled

    class Meta:
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["drill", "audience", "occasion"],
                name="school_message_once",
                condition=models.Q(ended_at=None),
            )
        ]


class Moment(models.TextChoices):
    """What a tick does for a drill at its moment, once."""

    REMIND_CONDUCTOR = "remind_conductor", "remind conductor"
    STILL_RUNNING = "still_running", "still running"
    PANEL_ON_TEST = "panel_on_test", "panel on test"
    REVIEW_REMINDER = "review_reminder", "review reminder"
    REVIEW_OVERDUE = "review_overdue", "review overdue"


class MomentDone(DistrictOwned):
    """A deed of the clock that is done: its key is drill, deed and number, so twice is once."""

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="moments")
    moment = models.CharField(max_length=20, choices=Moment)
    number = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()  # of the drill then: a moved drill is reminded anew
    done_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["drill", "moment", "number", "starts_at"], name="moment_done_once"
            )
        ]
