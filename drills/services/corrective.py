"""Corrective actions: named in a review, carried to a changed plan, finished with proof."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.directory.models import Campus, Membership
from backend.problems import BadInput, WrongState
from backend.web.words import day as day_in_words
from drills.models import ActionState, CorrectiveAction, Element, Outcome
from drills.services import chasing
from drills.services.reviewing import locked_review
from drills.services.sealing import seal
from plans import origins
from plans.models import PlanState, PlanVersion, Section
from plans.queries.versions import in_work, newest_published
from plans.services.drafting import start_from_published
from plans.services.locking import add_origin

ORIGIN = "corrective action"
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Deed:
    """What will be done: by whom, until when, how it ends. `section_key` names a plan section."""

    what: str
    element: str
    outcome: str
    owner: UUID
    due_on: date
    section_key: UUID | None = None
    feature_key: UUID | None = None
    place: str = ""
    reason: str = ""  # of “no change”


@transaction.atomic
def add(*, review_id: UUID, deed: Deed, actor: Actor, at: datetime) -> CorrectiveAction:
    """Add a corrective action to an open review; “no change” is done at once, with its reason.

    Raises NotFound, NotAllowed, WrongState once the review is closed, BadInput.
    """
    review = locked_review(actor, "review.write", review_id)
    allow(actor, "corrective_action.edit", review)
    if review.closed_at is not None:
        raise WrongState(
            _("This review is closed."), mend=_("Record a new drill's review, or amend this one.")
        )
    campus = review.drill.campus
    owner = _checked(deed, campus, at)
    action = CorrectiveAction(
        district_id=review.district_id,
        review=review,
        campus=campus,
        what=" ".join(deed.what.split())[:LONGEST],
        element=deed.element,
        outcome=deed.outcome,
        owner=owner,
        due_on=deed.due_on,
        section_key=deed.section_key,
        section_title=_section_title(campus, deed.section_key),
        feature_key=deed.feature_key,
        place=deed.place.strip()[:200],
    )
    if deed.outcome == Outcome.NO_CHANGE:
        action.state, action.done_at = ActionState.DONE, at
        action.done_by, action.proof = actor.label[:200], deed.reason.strip()[:LONGEST]
    action.save(force_insert=True)
    audit.record("corrective_action.added", actor=actor, subject=action, at=at, details={
        "outcome": action.outcome, "owner": owner.user.name,
        "due_on": action.due_on.isoformat()})  # fmt: skip
    if action.state != ActionState.DONE:
        chasing.tell_owner(action, actor=actor, at=at)
    return action


def _checked(deed: Deed, campus: Campus, at: datetime) -> Membership:
    if not deed.what.strip():
        raise BadInput(_("It does not say what will be done."), where="what",
                       mend=_("Begin with a verb: “Move the roll sheets to the gym.”"))  # fmt: skip
    for field, value, allowed in (
        ("element", deed.element, Element.values),
        ("outcome", deed.outcome, Outcome.values),
    ):
        if value not in allowed:
            raise BadInput(_("“%(value)s” is none of the choices.") % {"value": value},
                           where=field, mend=_("Choose one of those listed."))  # fmt: skip
    if deed.due_on < campus.local_date(at):
        raise BadInput(_("This day has passed."), where="due_on",
                       mend=_("Choose today or a later day."))  # fmt: skip
    if deed.outcome == Outcome.NO_CHANGE and not deed.reason.strip():
        raise BadInput(_("It does not say why nothing changes."), where="reason",
                       mend=_("Give the reason in a sentence."))  # fmt: skip
    if deed.outcome == Outcome.PLAN_CHANGE and newest_published(campus) is None:
        raise BadInput(
            _("This campus has no published plan to change."),
            where="outcome",
            mend=_("Publish a plan first, or let the action end in another way."),
        )
    rows = Membership.objects.filter(district_id=campus.district_id).select_related("user")
    owner = (rows.filter(campus=campus) | rows.filter(campus=None)).filter(pk=deed.owner).first()
    if owner is None:
        raise BadInput(_("This person has no role at this campus."), where="owner",
                       mend=_("Choose somebody of the campus or the district."))  # fmt: skip
    return owner


def _section_title(campus: Campus, key: UUID | None) -> str:
    if key is None:
        return ""
    version = newest_published(campus)
    row = Section.objects.filter(version=version, key=key).first() if version else None
    if row is None:
        raise BadInput(_("The plan has no such section."), where="section",
                       mend=_("Choose one of the published plan."))  # fmt: skip
    return row.title


@transaction.atomic
def open_plan_change(*, action_id: UUID, actor: Actor, at: datetime) -> PlanVersion:
    """Return the draft in which the plan is changed, started from the published one if none is.

    The action is written into the draft, so that its packet says which drill made the change, and
    publishing it closes the action. Raises NotFound, NotAllowed, WrongState.
    """
    action = _locked(action_id, actor)
    if action.outcome != Outcome.PLAN_CHANGE or action.state == ActionState.DONE:
        raise WrongState(
            _("This action changes no plan, or is done."), mend=_("Nothing needs to be done.")
        )
    campus = action.review.drill.campus
    version = in_work(campus) or start_from_published(campus=campus, actor=actor, at=at)
    if version.state != PlanState.DRAFT:
        raise WrongState(
            _("Version %(number)s is in review already.") % {"number": version.number},
            mend=_("Publish it, or send it back; then open the change."),
        )
    add_origin(version, kind=ORIGIN, subject_id=action.pk, words=origin_words(action))
    action.plan_version, action.state = version, ActionState.IN_WORK
    action.save(update_fields=["plan_version", "state"])
    audit.record("corrective_action.plan_change_opened", actor=actor, subject=action, at=at,
                 details={"version": version.number})  # fmt: skip
    return version


def origin_words(action: CorrectiveAction) -> str:
    """Return the sentence by which a packet names the drill that made a change."""
    drill = action.review.drill
    facts = {
        "what": action.what.rstrip("."),
        "drill": drill.get_type_display(),
        "day": day_in_words(drill.day, language="en"),
    }
    return _("%(what)s (learned in the %(drill)s of %(day)s).") % facts


@transaction.atomic
def finish(*, action_id: UUID, proof: str, actor: Actor, at: datetime) -> CorrectiveAction:
    """Say that an action is done, with its proof; a plan change ends by publishing, not by this.

    Raises NotFound, NotAllowed, WrongState, BadInput without proof.
    """
    action = _locked(action_id, actor)
    if action.state == ActionState.DONE:
        raise WrongState(_("This action is done."), mend=_("Nothing needs to be done."))
    if action.outcome == Outcome.PLAN_CHANGE:
        raise WrongState(
            _("A plan change is done when the changed plan is published."),
            mend=_("Open the change, write it, and publish."),
        )
    if not proof.strip():
        raise BadInput(
            _("It does not say how one can see that it is done."),
            where="proof",
            mend=_("Name the work order, the map version or the training and its day."),
        )
    _done(action, proof.strip()[:LONGEST], actor=actor, at=at)
    return action


def on_published(subject_id: UUID, version: PlanVersion, *, actor: Actor, at: datetime) -> None:
    """Close a plan change inside the transaction that publishes it."""
    action = (
        CorrectiveAction.objects.select_for_update(no_key=True, of=("self",))
        .filter(pk=subject_id)
        .exclude(state=ActionState.DONE)
        .first()
    )
    if action is not None:
        action.plan_version = version
        words = _("Plan v%(number)s, published") % {"number": version.number}
        _done(action, words, actor=actor, at=at)


def _done(action: CorrectiveAction, proof: str, *, actor: Actor, at: datetime) -> None:
    action.state, action.proof = ActionState.DONE, proof
    action.done_at, action.done_by = at, actor.label[:200]
    action.save(update_fields=["state", "proof", "done_at", "done_by", "plan_version"])
    if action.review.closed_at is not None:
        seal(action.review.drill, at=at)
    audit.record("corrective_action.done", actor=actor, subject=action, at=at,
                 details={"outcome": action.outcome, "proof": proof})  # fmt: skip


def _locked(action_id: UUID, actor: Actor) -> CorrectiveAction:
    found = get_in_reach(
        actor, "corrective_action.edit", CorrectiveAction.objects.all(), pk=action_id
    )
    rows = CorrectiveAction.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("review__drill__campus", "owner__user").get(pk=found.pk)


def register() -> None:
    """Make plans call back when a version that carries an action is published."""
    origins.register(ORIGIN, on_published=on_published)
