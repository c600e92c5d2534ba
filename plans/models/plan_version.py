"""A campus's plan and its versions."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Campus
from backend.files.models import StoredFile
from backend.problems import WrongState
from backend.tenancy.models import DistrictOwned
from maps.models import MapVersion


class PlanState(models.TextChoices):
    """draft → in review (frozen) → approved → published → superseded; also withdrawn."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PublishedAs(models.TextChoices):
    """Approved by its signatures here, or adopted before and brought in as it stands."""

    APPROVED = "approved", _("Approved")
    ADOPTED = "adopted", _("Adopted, brought in as it stands")


MOVES: dict[str, frozenset[str]] = {
    PlanState.DRAFT: frozenset({PlanState.IN_REVIEW, PlanState.APPROVED}),
    PlanState.IN_REVIEW: frozenset({PlanState.DRAFT, PlanState.APPROVED}),
    PlanState.APPROVED: frozenset({PlanState.PUBLISHED, PlanState.DRAFT}),
    PlanState.PUBLISHED: frozenset({PlanState.SUPERSEDED, PlanState.WITHDRAWN}),
    PlanState.SUPERSEDED: frozenset(),
    PlanState.WITHDRAWN: frozenset(),
}


class Plan(DistrictOwned):
    """The plan of one campus."""

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="plans")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campus"], name="plan_of_campus")]

    def __str__(self) -> str:
        return "plan"


class PlanVersion(DistrictOwned):
    """One version. From submission on `frozen` holds its canonical document and never changes."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"ticks": ("SELECT",)}

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="plan_versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=PlanState, default=PlanState.DRAFT)
    state_since = models.DateTimeField()
    published_as = models.CharField(max_length=12, choices=PublishedAs, blank=True)
    map_version = models.ForeignKey(MapVersion, on_delete=models.PROTECT, null=True)
    facts = models.JSONField(default=dict)
    frozen = models.TextField(blank=True)
    content_hash = models.CharField(max_length=80, blank=True)
    authors = models.JSONField(default=list)
    origins = models.JSONField(default=list)  # {"kind", "id", "words"} of what a change came from
    brought_in = models.JSONField(default=dict)  # what a file became, and what has no place
    brought_in_from = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=200, blank=True)
    sent_back_reason = models.TextField(blank=True)
    adopted_on = models.DateField(null=True)
    signature_page = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    in_force_from = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number"),
            models.UniqueConstraint(
                fields=["plan"],
                name="plan_version_one_in_work",
                condition=models.Q(state__in=["draft", "in_review", "approved"]),
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | ~models.Q(content_hash=""),
                name="plan_version_frozen_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"plan version {self.number}"

    def move_to(self, state: PlanState, *, at: datetime) -> None:
        """Change state, or raise WrongState; so does the loser of a race."""
        if state not in MOVES[self.state]:
            raise WrongState(
                f"Version {self.number} is {self.get_state_display()},"
                f" it cannot become {state.label}.",
                where=f"version {self.number}",
                mend="Reload the page to see its present state.",
            )
        won = PlanVersion.objects.filter(pk=self.pk, state=self.state).update(
            state=state, state_since=at
        )
        if not won:
            raise WrongState(
                f"Somebody else has just changed the state of version {self.number}.",
                where=f"version {self.number}",
                mend="Reload the page to see its present state.",
            )
        self.state, self.state_since = state, at
