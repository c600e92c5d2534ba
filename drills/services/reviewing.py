"""After-action reviews: opened by themselves, answered in three questions, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.problems import BadInput, EditConflict, WrongState
from drills.models import (
    AfterActionReview,
    Drill,
    DrillState,
    Objective,
    Rating,
)
from drills.services.sealing import seal

DUE_AFTER = timedelta(days=7)
EXERCISE_DUE_AFTER = timedelta(days=30)
"""Draft after 7 days, an exercise's final report after 30 (`domain.md` 4.5)."""

LONGEST_ANSWER = 4_000
MOST_OBJECTIVES = 10
"""`domain.md` 4.2: at most ten, each tied to one capability."""

CAPABILITIES = (
    "Planning", "Public Information and Warning", "Operational Coordination",
    "Access Control and Identity Verification", "Physical Protective Measures",
    "Intelligence and Information Sharing", "Threats and Hazards Identification",
    "On-Scene Security, Protection, and Law Enforcement", "Operational Communications",
    "Situational Assessment", "Public Health, Healthcare, and EMS",
    "Fire Management and Suppression", "Mass Care Services", "Critical Transportation",
    "Environmental Response/Health and Safety", "Mass Search and Rescue",
    "Health and Social Services",
)  # fmt: skip
"""Core capabilities that matter at schools (`domain.md` 4.7)."""


@dataclass(frozen=True, slots=True)
class Rated:
    """One objective of an exercise as it is written down."""

    objective: str
    capability: str
    rating: str = ""
    strengths: str = ""
    improvements: str = ""


class ReviewEditedMeanwhile(EditConflict):
    """Somebody else saved the review since it was read."""


def open_review(drill: Drill, *, at: datetime) -> AfterActionReview:
    """Return the review of a drill that is over, opened now if there is none."""
    after = EXERCISE_DUE_AFTER if drill.is_exercise else DUE_AFTER
    day = drill.campus.local_date(drill.ended_at or at)
    review, _made = AfterActionReview.objects.get_or_create(
        drill=drill,
        defaults={
            "district_id": drill.district_id,
            "campus_id": drill.campus_id,
            "due_on": day + after,
            "opened_at": at,
        },
    )
    return review


def locked_review(actor: Actor, verb: str, review_id: UUID) -> AfterActionReview:
    """Return the review, locked until the transaction ends; raises NotFound, NotAllowed."""
    found = get_in_reach(actor, "review.read", AfterActionReview.objects.all(), pk=review_id)
    allow(actor, verb, found)
    rows = AfterActionReview.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("drill__campus").get(pk=found.pk)


@transaction.atomic
def write(
    *,
    review_id: UUID,
    worked: str,
    did_not: str,
    expected: int,
    actor: Actor,
    at: datetime,
    objectives: Sequence[Rated] | None = None,
) -> AfterActionReview:
    """Save the answers, and the objectives of an exercise (all of them, in order).

    `expected` is the edition that was read. Raises NotFound, NotAllowed, WrongState once closed,
    ReviewEditedMeanwhile, BadInput.
    """
    review = locked_review(actor, "review.write", review_id)
    _require_open(review)
    if expected != review.edition:
        raise ReviewEditedMeanwhile(
            _("Somebody else saved this review while you were writing."),
            where="review",
            mend=_("Compare both, take what is right from each, and save again."),
        )
    for field, text in (("worked", worked), ("did_not", did_not)):
        if len(text) > LONGEST_ANSWER:
            raise BadInput(_("This is longer than 4,000 characters."), where=field,
                           mend=_("Say it in fewer words."))  # fmt: skip
    review.worked, review.did_not = worked.strip(), did_not.strip()
    review.edition += 1
    review.save(update_fields=["worked", "did_not", "edition"])
    if objectives is not None:
        _write_objectives(review, objectives)
    audit.record("review.written", actor=actor, subject=review, at=at,
                 details={"drill": str(review.drill_id)})  # fmt: skip
    return review


def _write_objectives(review: AfterActionReview, objectives: Sequence[Rated]) -> None:
    if not review.drill.is_exercise and objectives:
        raise BadInput(
            _("Objectives and ratings belong to exercises; a drill is reviewed by its questions."),
            where="objectives",
            mend=_("Write what worked and what did not."),
        )
    if len(objectives) > MOST_OBJECTIVES:
        raise BadInput(_("An exercise has at most ten objectives."), where="objectives",
                       mend=_("Join those that belong together."))  # fmt: skip
    for number, one in enumerate(objectives, start=1):
        if not one.objective.strip():
            raise BadInput(_("Objective %(number)s says nothing.") % {"number": number},
                           where=f"objectives[{number}].objective",
                           mend=_("Write what was to be reached."))  # fmt: skip
        if one.capability not in CAPABILITIES:
            raise BadInput(_("“%(name)s” is no core capability.") % {"name": one.capability},
                           where=f"objectives[{number}].capability",
                           mend=_("Choose one of the list."))  # fmt: skip
        if one.rating and one.rating not in Rating.values:
            raise BadInput(
                _("“%(name)s” is no rating.") % {"name": one.rating},
                where=f"objectives[{number}].rating",
                mend=_("Choose P, S, M, U, not observed or not applicable."),
            )
    review.objectives.all().delete()
    Objective.objects.bulk_create(
        Objective(
            district_id=review.district_id,
            review=review,
            order=order,
            objective=one.objective.strip()[:300],
            capability=one.capability,
            rating=one.rating,
            strengths=one.strengths.strip()[:LONGEST_ANSWER],
            improvements=one.improvements.strip()[:LONGEST_ANSWER],
        )
        for order, one in enumerate(objectives, start=1)
    )


@transaction.atomic
def close(
    *, review_id: UUID, nothing_to_fix: bool, actor: Actor, at: datetime
) -> AfterActionReview:
    """Close a review: with “nothing to fix” in one press, else with at least one corrective action.

    Raises NotFound, NotAllowed, WrongState when it is closed, BadInput for what is missing.
    """
    review = locked_review(actor, "review.close", review_id)
    _require_open(review)
    drill = review.drill
    has_actions = review.actions.exists()
    if nothing_to_fix and has_actions:
        raise BadInput(
            _("This review has corrective actions."),
            where="nothing_to_fix",
            mend=_("Close it without “nothing to fix”."),
        )
    if not nothing_to_fix and not has_actions:
        raise BadInput(
            _("Nothing is named that will be fixed."),
            where="actions",
            mend=_("Add a corrective action, or close with “nothing to fix”."),
        )
    if drill.is_exercise and (
        not review.objectives.exists() or review.objectives.filter(rating="").exists()
    ):
        raise BadInput(
            _("An exercise is closed with a rating for each objective."),
            where="objectives",
            mend=_("Rate each with P, S, M or U, or say that it was not observed."),
        )
    review.nothing_to_fix = nothing_to_fix
    review.closed_at, review.closed_by = at, actor.label[:200]
    review.edition += 1
    review.save(update_fields=["nothing_to_fix", "closed_at", "closed_by", "edition"])
    drill.move_to(DrillState.REVIEWED, at=at)
    seal(drill, at=at)
    audit.record("review.closed", actor=actor, subject=review, at=at, details={
        "drill": str(drill.pk), "nothing_to_fix": nothing_to_fix})  # fmt: skip
    return review


def _require_open(review: AfterActionReview) -> None:
    if review.closed_at is not None:
        raise WrongState(
            _("This review was closed by %(who)s.") % {"who": review.closed_by},
            mend=_("A closed record is corrected by an amendment."),
        )
