"""What owners of corrective actions are told by mail: that one is theirs, due soon, or late."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.directory.actor import SYSTEM, Actor
from backend.directory.models import User
from backend.web import words
from drills.models import ActionState, CorrectiveAction, DrillState, DrillType
from drills.queries.drills import moment_of
from drills.services.reminding import (
    MORNING,
    campus_administrators,
    district_administrators,
    marked,
)
from notifications.models import Notice
from notifications.services.writing import owe_people
from notifications.subjects import Wording

SUBJECT = "corrective action"
EARLY = timedelta(days=3)
"""How long before its day an owner is reminded; our own figure."""


def tell_owner(action: CorrectiveAction, *, actor: Actor, at: datetime) -> None:
    """Tell the owner that an action is theirs; who gives it to themselves knows."""
    if action.owner.user_id != actor.key:
        _owe(action, "action.assigned", [action.owner.user], actor=actor, at=at)


def due_districts(at: datetime) -> set[UUID]:
    """Return the districts in which an owner may have to be told; inside the crossing."""
    rows = CorrectiveAction.across_districts.filter(_unsaid(at)).exclude(state=ActionState.DONE)
    return set(rows.values_list("district_id", flat=True))


def _unsaid(at: datetime) -> Q:
    today = (at + timedelta(days=1)).date()  # east of Greenwich the day is ahead
    soon = Q(reminded_at=None, due_on__lte=today + EARLY)
    return soon | Q(overdue_told_at=None, due_on__lt=today)


@transaction.atomic
def chase(*, at: datetime) -> int:
    """Remind owners in the open district of what is due in three days, and tell who must know of
    what is late; return how many messages were written.

    In the morning of the campus's own day; run twice or in two processes, each once.
    """
    rows = (
        CorrectiveAction.objects.filter(_unsaid(at))
        .exclude(state=ActionState.DONE)
        .select_related("review__drill", "campus", "owner__user")
    )
    done = 0
    for action in rows.order_by("due_on", "pk"):
        today = action.campus.local_date(at)
        if at < moment_of(action.campus, today, MORNING):
            continue
        if action.due_on < today:
            done += _late(action, at=at)
        elif action.due_on <= today + EARLY and _first(action, "reminded_at", at):
            _owe(action, "action.due", [action.owner.user], actor=SYSTEM, at=at)
            done += 1
    return done


def _late(action: CorrectiveAction, *, at: datetime) -> int:
    if not _first(action, "overdue_told_at", at):
        return 0
    CorrectiveAction.objects.filter(pk=action.pk, reminded_at=None).update(reminded_at=at)
    today = action.campus.local_date(at)
    in_charge = (
        *campus_administrators(action.campus, today),
        *district_administrators(action.campus, today),
    )
    _owe(action, "action.overdue", [action.owner.user, *in_charge], actor=SYSTEM, at=at)
    return 1


def _first(action: CorrectiveAction, field: str, at: datetime) -> bool:
    """Return whether this call is the one that says it."""
    rows = CorrectiveAction.objects.filter(pk=action.pk, **{field: None})
    return bool(rows.exclude(state=ActionState.DONE).update(**{field: at}))


def _owe(
    action: CorrectiveAction, kind: str, people: Collection[User], *, actor: Actor, at: datetime
) -> None:
    drill = action.review.drill
    owe_people(
        kind=kind,
        subject=SUBJECT,
        subject_id=action.pk,
        campus=action.campus,
        wording={
            "what": action.what,
            "owner": action.owner.user.name,
            "due_on": action.due_on.isoformat(),
            "drill": str(drill.pk),
            "type": drill.type,
            "is_real": drill.state == DrillState.STOPPED or drill.real_event,
        },
        people=list({person.pk: person for person in people}.values()),
        actor=actor,
        at=at,
        urgent=False,
    )


def page_of(notice: Notice) -> str:
    """Return the review in which the action stands."""
    return reverse("drill-review", args=[notice.wording["drill"]])


def wording(notice: Notice) -> Wording:
    """Return the words for the owner, and for who must know that it is late."""
    campus, told = notice.campus, notice.wording
    if campus is None:
        raise ValueError("a corrective action belongs to a campus")
    facts = {
        "school": campus.name,
        "what": told["what"],
        "owner": told["owner"],
        "drill": str(DrillType(told["type"]).label),
        "day": words.day(date.fromisoformat(told["due_on"]), language=get_language() or "en"),
    }
    subjects = {
        "action.assigned": _("%(school)s: a corrective action is yours, due %(day)s"),
        "action.due": _("%(school)s: a corrective action is due %(day)s"),
        "action.overdue": _("%(school)s: a corrective action is late"),
    }
    lines = (
        _("%(what)s, from the %(drill)s at %(school)s.") % facts,
        _("Owner: %(owner)s. Due: %(day)s.") % facts,
        _("When it is done, say so with its proof in the review."),
    )
    return marked(subjects[notice.kind] % facts, lines, is_real=bool(told["is_real"]))
