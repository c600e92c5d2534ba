"""After-action reviews and the corrective actions they end in (HSEEP, January 2020)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backend.directory.models import Campus, Membership
from backend.files.models import StoredFile
from backend.tenancy.models import DistrictOwned
from drills.models.drill import Drill
from plans.models import PlanVersion


class AfterActionReview(DistrictOwned):
    """Opened when a drill ends. Three questions; objectives where it is an exercise."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"ticks": ("SELECT",)}

    drill = models.OneToOneField(Drill, on_delete=models.PROTECT, related_name="review")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="reviews")
    due_on = models.DateField()
    worked = models.TextField(_("What worked?"), blank=True)
    did_not = models.TextField(_("What did not?"), blank=True)
    nothing_to_fix = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_on"], name="review_open", condition=models.Q(closed_at=None))
        ]


class Rating(models.TextChoices):
    """The four HSEEP letters, and the two that do not count (`domain.md` 4.4)."""

    PERFORMED = "P", _("Performed without challenges")
    SOME = "S", _("Performed with some challenges")
    MAJOR = "M", _("Performed with major challenges")
    UNABLE = "U", _("Unable to be performed")
    NOT_OBSERVED = "not_observed", _("Not observed")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class Objective(DistrictOwned):
    """One objective of an exercise and how it was reached. Never a named person's."""

    review = models.ForeignKey(
        AfterActionReview, on_delete=models.CASCADE, related_name="objectives"
    )
    order = models.PositiveSmallIntegerField()
    objective = models.CharField(max_length=300)
    capability = models.CharField(max_length=80)
    rating = models.CharField(max_length=16, choices=Rating, blank=True)
    strengths = models.TextField(blank=True)
    improvements = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["order", "id"]


class Element(models.TextChoices):
    """POETE: what kind of deed mends it (`domain.md` 4.6)."""

    PLANNING = "planning", _("Planning")
    ORGANIZATION = "organization", _("Organization")
    EQUIPMENT = "equipment", _("Equipment")
    TRAINING = "training", _("Training")
    EXERCISES = "exercises", _("Exercises")


class Outcome(models.TextChoices):
    """How a corrective action ends."""

    PLAN_CHANGE = "plan_change", _("Plan change")
    MAP_CHANGE = "map_change", _("Map change")
    WORK_ORDER = "work_order", _("Work order")
    TRAINING = "training", _("Training")
    NO_CHANGE = "no_change", _("No change, with a reason")


class ActionState(models.TextChoices):
    """Where a corrective action stands."""

    OPEN = "open", pgettext_lazy("corrective action", "Open")
    IN_WORK = "in_work", _("In work")
    DONE = "done", _("Done")


class CorrectiveAction(DistrictOwned):
    """One deed, one owner, one day. A plan change closes with the publishing of its version."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"ticks": ("SELECT",)}

    review = models.ForeignKey(AfterActionReview, on_delete=models.PROTECT, related_name="actions")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(_("What will be done?"), max_length=300)
    element = models.CharField(_("kind of deed"), max_length=12, choices=Element)
    outcome = models.CharField(_("ends as"), max_length=12, choices=Outcome)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("due"))
    state = models.CharField(max_length=8, choices=ActionState, default=ActionState.OPEN)
    section_key = models.UUIDField(null=True)
    section_title = models.CharField(max_length=200, blank=True)
    feature_key = models.UUIDField(null=True)
    place = models.CharField(max_length=200, blank=True)
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True)
    proof = models.CharField(max_length=300, blank=True)
    proof_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    overdue_told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on"],
                name="corrective_action_open",
                condition=~models.Q(state="done"),
            )
        ]
