"""What people of the district are told of drills by mail: what is theirs, at its moment, once."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.directory.actor import SYSTEM
from backend.directory.models import Campus, Membership, ResponderContact, User
from backend.web import words
from drills.models import (
    BEFORE_START,
    AfterActionReview,
    Clearance,
    ClearanceState,
    Drill,
    DrillState,
    DrillType,
    Moment,
    MomentDone,
)
from drills.queries.drills import GRACE, WINDOW_BEFORE, moment_of, planned_end
from drills.services.moments import is_overdue, panel_is_overdue
from notifications.models import Notice
from notifications.services.writing import owe_people
from notifications.subjects import LinkWanted, Wording

SUBJECT = "drill reminder"
MORNING = time(6, 30)
"""When a conductor reads of the day's drill (`users.md` 1.2)."""

REVIEW_EARLY = timedelta(days=2)


def due_districts(at: datetime) -> set[UUID]:
    """Return the districts in which a reminder or alarm may be due; inside the crossing."""
    soon = Q(state__in=BEFORE_START, starts_at__lt=at + timedelta(hours=20))
    going = Q(state=DrillState.RUNNING) | Q(alarm_on_test=True, alarm_back_at=None)
    drills = Drill.across_districts.filter(soon | going)
    reviews = AfterActionReview.across_districts.filter(closed_at=None)
    return set(drills.values_list("district_id", flat=True)) | set(
        reviews.filter(due_on__lte=(at + REVIEW_EARLY).date()).values_list("district_id", flat=True)
    )


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Write what is due now in the open district; return how many reminders were written.

    Run twice, late or in two processes it writes each once: the key is drill, deed and number.
    """
    return _mornings(at) + _alarms(at) + _reviews(at)


def _mornings(at: datetime) -> int:
    rows = Drill.objects.filter(
        state__in=BEFORE_START, starts_at__gt=at, starts_at__lt=at + timedelta(hours=20)
    )
    done = 0
    for drill in _with_people(rows):
        if at < moment_of(drill.campus, drill.day, MORNING) or drill.conductor is None:
            continue
        people = [drill.conductor.user, *([drill.alternate.user] if drill.alternate else [])]
        done += _tell(drill, Moment.REMIND_CONDUCTOR, "drill.today", people, at=at)
    return done


def _alarms(at: datetime) -> int:
    """Tell of a drill not ended, or a panel on test: each quarter of an hour until closed."""
    rows = Drill.objects.filter(
        Q(state=DrillState.RUNNING) | Q(alarm_on_test=True, alarm_back_at=None)
    )
    done = 0
    for drill in _with_people(rows):
        for is_due, since, moment, kind in (
            (is_overdue(drill, at), planned_end(drill), Moment.STILL_RUNNING, "drill.not_ended"),
            (panel_is_overdue(drill, at), drill.ended_at or planned_end(drill),
             Moment.PANEL_ON_TEST, "drill.panel_on_test"),
        ):  # fmt: skip
            if is_due:
                number = int((at - since) / GRACE)
                people = _responsible(drill)
                done += _tell(drill, moment, kind, people, at=at, number=number, urgent=True)
    return done


def _reviews(at: datetime) -> int:
    """Remind of a review two days before it is due, and tell the district when it is late."""
    open_ones = AfterActionReview.objects.filter(
        closed_at=None, due_on__lte=(at + REVIEW_EARLY).date()
    ).select_related("drill__campus", "drill__conductor__user", "drill__alternate__user")
    done = 0
    for review in open_ones.order_by("due_on", "pk"):
        drill = review.drill
        if at < moment_of(drill.campus, drill.campus.local_date(at), MORNING):
            continue
        people = _closers(drill)
        done += _tell(drill, Moment.REVIEW_REMINDER, "review.due", people, at=at)
        if review.due_on < drill.campus.local_date(at):
            people = [*people, *_district(drill)]
            done += _tell(drill, Moment.REVIEW_OVERDUE, "review.overdue", people, at=at)
    return done


def _with_people(rows: QuerySet[Drill]) -> list[Drill]:
    people = ("campus", "conductor__user", "alternate__user")
    return list(rows.select_related(*people).order_by("pk"))


def _tell(
    drill: Drill, moment: Moment, kind: str, people: Collection[User], *, at: datetime,
    number: int = 1, urgent: bool = False,
) -> int:  # fmt: skip
    """Write one reminder unless it stands; return 1 where this call wrote it."""
    marks = [
        MomentDone(
            district_id=drill.district_id,
            drill=drill,
            moment=moment,
            number=number,
            starts_at=drill.starts_at,
            done_at=at,
        )
    ]
    MomentDone.objects.bulk_create(marks, ignore_conflicts=True)
    if not people or not MomentDone.objects.filter(pk=marks[0].pk).exists():
        return 0
    owe_people(
        kind=kind,
        subject=SUBJECT,
        subject_id=drill.pk,
        campus=drill.campus,
        wording=_facts(drill, at),
        people=list({person.pk: person for person in people}.values()),
        actor=SYSTEM,
        at=at,
        urgent=urgent,
    )
    return 1


def _facts(drill: Drill, at: datetime) -> dict[str, object]:
    cleared = Clearance.objects.filter(
        drill=drill, ended_at=None, state=ClearanceState.GIVEN
    ).values_list("agency__name", flat=True)
    return {
        "type": drill.type,
        "starts_at": drill.starts_at.isoformat(),
        "answered": sorted(set(cleared)),
        "missing_opens": (drill.starts_at - WINDOW_BEFORE).isoformat(),
        "phone": drill.callback_phone,
        "is_real": drill.state == DrillState.STOPPED,
    }


def _responsible(drill: Drill) -> list[User]:
    """Return whom an alarm calls: who conducts, who administers the campus, and the district."""
    people = [drill.conductor.user] if drill.conductor else []
    return [*people, *_closers(drill), *_district(drill)]


def _closers(drill: Drill) -> list[User]:
    return campus_administrators(drill.campus, drill.campus.local_date(drill.starts_at))


def _district(drill: Drill) -> list[User]:
    return district_administrators(drill.campus, drill.campus.local_date(drill.starts_at))


def campus_administrators(campus: Campus, today: date) -> list[User]:
    """Return who administers a campus on a day."""
    return _holders(campus, Q(campus=campus.pk, role="campus_administrator"), today)


def district_administrators(campus: Campus, today: date) -> list[User]:
    """Return who administers the district of a campus on a day."""
    return _holders(campus, Q(campus=None, role="district_administrator"), today)


def _holders(campus: Campus, who: Q, today: date) -> list[User]:
    rows = Membership.objects.filter(who, district=campus.district_id, acting_for=None)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=today)).select_related("user")
    return [row.user for row in rows.order_by("pk")]


def no_link(subject_id: UUID, contact: ResponderContact) -> LinkWanted | None:
    """Return no link: people sign in."""
    return None


def page_of(notice: Notice) -> str:
    """Return the page where the person sees to it."""
    if notice.kind.startswith("review."):
        return reverse("drill-review", args=[notice.subject_id])
    return reverse("drill", args=[notice.subject_id])


def wording(notice: Notice) -> Wording:
    """Return the words of a reminder to people of the district, marked first and last as a drill.

    What a real emergency left open bears no such mark.
    """
    campus, told = notice.campus, notice.wording
    if campus is None:
        raise ValueError("a reminder of a drill belongs to a campus")
    facts = {
        "school": campus.name,
        "drill": str(DrillType(told["type"]).label),
        "start": words.moment(
            datetime.fromisoformat(told["starts_at"]),
            campus.time_zone,
            language=get_language() or "en",
        ),
        "answered": ", ".join(told["answered"]),
    }
    subject, said = _WORDS[notice.kind](facts)
    lines = [line for line in said if line]
    return marked(subject, lines, is_real=bool(told["is_real"]))


def marked(subject: str, lines: Iterable[str], *, is_real: bool) -> Wording:
    """Return words marked first and last as a drill; what is real bears no such mark."""
    if is_real:
        return Wording(subject=subject, lines=tuple(lines))
    mark = _("THIS IS A DRILL.")
    return Wording(subject=_("[DRILL] %(what)s") % {"what": subject}, lines=(mark, *lines, mark))


def _today(facts: dict[str, str]) -> tuple[str, list[str]]:
    return _("Today: %(drill)s at %(school)s") % facts, [
        _("Today at %(school)s: %(drill)s, %(start)s.") % facts,
        _("Answered so far: %(answered)s.") % facts if facts["answered"] else "",
        _("Nothing else needs you now. Half an hour before, dispatch clears it."),
    ]


def _not_ended(facts: dict[str, str]) -> tuple[str, list[str]]:
    return _("%(school)s: %(drill)s has not been ended") % facts, [
        _("The %(drill)s at %(school)s of %(start)s has not been ended.") % facts,
        _("Until somebody ends it, nobody knows whether the next call is real. Every 911 call from "
          "this school is real."),
    ]  # fmt: skip


def _panel(facts: dict[str, str]) -> tuple[str, list[str]]:
    return _("%(school)s: the alarm panel is still on test") % facts, [
        _("After the %(drill)s at %(school)s the alarm panel is still on test.") % facts,
        _("A real alarm would reach nobody. Put it back in service, and say so in Muster."),
    ]


def _review_due(facts: dict[str, str]) -> tuple[str, list[str]]:
    return _("%(school)s: review of the %(drill)s") % facts, [
        _("The review of the %(drill)s at %(school)s, %(start)s, is due within two days.") % facts,
        _("“Nothing to fix” closes it in one press."),
    ]


def _review_overdue(facts: dict[str, str]) -> tuple[str, list[str]]:
    return _("%(school)s: review of the %(drill)s is late") % facts, [
        _("The review of the %(drill)s at %(school)s, %(start)s, is late.") % facts,
    ]


_WORDS = {
    "drill.today": _today,
    "drill.not_ended": _not_ended,
    "drill.panel_on_test": _panel,
    "review.due": _review_due,
    "review.overdue": _review_overdue,
}
