"""A campus's school year as the judge reads it, its verdicts, and the days a drill may stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from backend.directory.models import Campus
from drills.models import Clearance, Drill, DrillState, Invitation, SchoolCalendar
from drills.queries.drills import present_calendar
from drills.rules.calendar import SchoolCalendar as RuleCalendar
from drills.rules.judge import judge
from drills.rules.load import pack
from drills.rules.next_drill import LawfulDay, Suggestion, lawful_days, next_required
from drills.rules.pack import RulePack
from drills.rules.record import (
    AgencyPresence,
    DrillRecord,
    School,
    SchoolHours,
    SchoolYear,
    Span,
    Term,
)
from drills.rules.unknown import UNKNOWN, Unknown
from drills.rules.verdict import Judgement, Verdict
from drills.rules.words import GRADES

Standing = Literal["met", "due", "overdue", "impossible", "unknown"]
COUNTED = (DrillState.ENDED, DrillState.REVIEWED)
PLANNED = (DrillState.SCHEDULED, DrillState.ANNOUNCED, DrillState.CLEARED, DrillState.RUNNING)
RULE_AGENCIES = frozenset({"police", "sheriff", "fire", "ems", "dispatch", "emergency_management"})


@dataclass(frozen=True, slots=True)
class Compliance:
    """What the law asks of a campus this year. Without rules or calendar `judgement` is None."""

    campus: Campus
    rules: RulePack | None
    calendar: SchoolCalendar | None
    year: SchoolYear | None
    judgement: Judgement | None
    today: date
    suggestion: Suggestion | None = None

    @property
    def worst(self) -> Verdict | None:
        """Return the open duty with the fewest days left."""
        open_ones = [one for one in self.duties if one.verdict in {"due", "overdue"}]
        return min(open_ones, key=lambda one: (one.due_by or date.max, one.key), default=None)

    @property
    def days_left(self) -> int | None:
        """Return days until the tightest open duty can no longer be met; None with none open."""
        worst = self.worst
        return None if worst is None or worst.due_by is None else (worst.due_by - self.today).days

    def title_of(self, requirement: str) -> str:
        """Return the short title of a requirement of the rules that govern this year."""
        version = self.rules.version_for(self.year.first_day) if self.rules and self.year else None
        rules = version.rules if version else ()
        return next((rule.title for rule in rules if rule.id == requirement), requirement)

    @property
    def duties(self) -> tuple[Verdict, ...]:
        """Return the verdicts that say something: without those that do not apply here."""
        if self.judgement is None:
            return ()
        return tuple(one for one in self.judgement.requirements if one.verdict != "not_applicable")


def jurisdiction_of(campus: Campus) -> str:
    """Return the name of the campus's rule pack: `us-mi`."""
    return f"us-{campus.state.lower()}"


def compliance_of(campus: Campus, *, at: datetime) -> Compliance:
    """Return the verdicts of the campus's present school year as of its local day."""
    today = campus.local_date(at)
    rules, calendar = pack(jurisdiction_of(campus)), present_calendar(campus, today)
    if rules is None or calendar is None:
        return Compliance(campus, rules, calendar, None, None, today)
    drills = Drill.objects.filter(
        campus=campus, day__gte=calendar.first_day, day__lte=calendar.last_day
    ).select_related("conductor__user")
    return _judged(campus, rules, calendar, list(drills), _present(drills), today=today)


def compliance_of_all(campuses: Sequence[Campus], *, at: datetime) -> list[Compliance]:
    """Return the same for many campuses with three queries, the fewest days left first."""
    calendars = list(SchoolCalendar.objects.all())
    every = list(
        Drill.objects.filter(campus__in=campuses).select_related("conductor__user").order_by("pk")
    )
    present = _present(every)
    found = []
    for campus in campuses:
        today = campus.local_date(at)
        rules, calendar = pack(jurisdiction_of(campus)), calendar_among(calendars, campus, today)
        if rules is None or calendar is None:
            found.append(Compliance(campus, rules, calendar, None, None, today))
            continue
        mine = [
            one
            for one in every
            if one.campus_id == campus.pk and calendar.first_day <= one.day <= calendar.last_day
        ]
        found.append(_judged(campus, rules, calendar, mine, present, today=today))
    return sorted(found, key=_urgency)


def _urgency(one: Compliance) -> tuple[int, str]:
    left = one.days_left
    return (10_000 if left is None else left, one.campus.name)


def calendar_among(
    calendars: Iterable[SchoolCalendar], campus: Campus, today: date
) -> SchoolCalendar | None:
    """Return which of the calendars holds at a campus on a day, as `present_calendar` does."""
    mine = [
        row
        for row in calendars
        if row.district_id == campus.district_id and row.campus_id in {None, campus.pk}
    ]
    mine.sort(key=lambda row: row.campus_id is None)  # the campus's own before the district's
    for fits in (
        [row for row in mine if row.first_day <= today <= row.last_day],
        sorted((row for row in mine if row.first_day > today), key=lambda row: row.first_day),
        sorted(mine, key=lambda row: row.last_day, reverse=True),
    ):
        if fits:
            return fits[0]
    return None


def _present(drills: Iterable[Drill]) -> dict[object, dict[str, bool]]:
    """Return the kinds of agencies that were asked about each drill, and whether they came."""
    ids = list(drills)
    asked = Clearance.objects.filter(drill__in=ids).values_list("drill", "agency__kind")
    invited = Invitation.objects.filter(drill__in=ids).values_list(
        "drill", "agency__kind", "arrived_at"
    )
    rows = [(*row, None) for row in asked.distinct()] + list(invited)
    found: dict[object, dict[str, bool]] = {}
    for drill_id, kind, arrived_at in rows:
        if kind in RULE_AGENCIES:
            kinds = found.setdefault(drill_id, {})
            kinds[kind] = kinds.get(kind, False) or arrived_at is not None
    return found


def _judged(
    campus: Campus,
    rules: RulePack,
    calendar: SchoolCalendar,
    drills: Sequence[Drill],
    asked: dict[object, dict[str, bool]],
    *,
    today: date,
) -> Compliance:
    year = school_year(campus, calendar, drills, asked, today=today)
    judgement = judge(rules, year)
    planned = [record for record in year.drills if record.date >= today]
    suggestion = next_required(judgement, RuleCalendar(year), today=today, planned=planned)
    return Compliance(campus, rules, calendar, year, judgement, today, suggestion)


def school_year(
    campus: Campus,
    calendar: SchoolCalendar,
    drills: Sequence[Drill],
    asked: dict[object, dict[str, bool]],
    *,
    today: date,
) -> SchoolYear:
    """Return the campus's year in the judge's form; what Muster does not record stays unknown.

    A fixed drill that is still to come is planned, one that was held counts, one that was cancelled
    says its cause. Proposals, and drills that the clock closed as not held, are left out.
    """
    return SchoolYear(
        jurisdiction=jurisdiction_of(campus),
        first_day=calendar.first_day,
        last_day=calendar.last_day,
        as_of=min(max(today, calendar.first_day), calendar.last_day),
        school=School(
            grades=_grades(campus.grades),
            public=True,
            day=SchoolHours(calendar.day_starts, calendar.day_ends),
        ),
        no_school=tuple(date.fromisoformat(day) for day in calendar.no_school),
        terms=tuple(
            Term(
                row["name"],
                date.fromisoformat(row["first_day"]),
                date.fromisoformat(row["last_day"]),
            )
            for row in calendar.terms
        )
        or UNKNOWN,
        testing=tuple(
            Span(date.fromisoformat(row["from"]), date.fromisoformat(row["to"]))
            for row in calendar.testing
        ),
        drills=tuple(
            _record(drill, asked.get(drill.pk, {}))
            for drill in sorted(drills, key=lambda one: (one.day, one.time, str(one.pk)))
            if drill.state in {*COUNTED, *PLANNED, DrillState.STOPPED, DrillState.CANCELLED}
        ),
    )


def _grades(text: str) -> str | Unknown:
    """Return grades as the rules write them, "K-5"; what they cannot read stays unknown."""
    parts = text.upper().replace("–", "-").replace(" ", "").split("-")
    known = 1 <= len(parts) <= 2 and all(part in GRADES for part in parts)
    return "-".join(parts) if known else UNKNOWN


def _record(drill: Drill, asked: Mapping[str, bool]) -> DrillRecord:
    start = (
        drill.started_at.astimezone(ZoneInfo(drill.campus.time_zone)) if drill.started_at else None
    )
    seconds = (
        (drill.ended_at - drill.started_at).total_seconds()
        if drill.ended_at and drill.started_at
        else None
    )
    cancelled = drill.cancelled_cause or None
    if drill.state == DrillState.STOPPED:
        cancelled = "real_emergency"
    return DrillRecord(
        id=str(drill.pk),
        date=start.date() if start else drill.day,
        type=drill.type,
        time=start.time().replace(second=0, microsecond=0) if start else drill.time,
        minutes=max(1, round(seconds / 60)) if seconds is not None else drill.minutes,
        pupils_present=drill.pupils_present,
        place_in_day=drill.place_in_day,
        exits=drill.exits,
        real_event=drill.real_event,
        unplanned_alarm=drill.unplanned_alarm,
        cancelled=cancelled,
        redo_of=str(drill.redo_of_id) if drill.redo_of_id else None,
        agencies=tuple(
            # nobody wrote an arrival down: that is no proof that nobody came
            AgencyPresence(role=kind, invited=True, present=True if came else UNKNOWN)
            for kind, came in asked.items()
        ),
        led_by=drill.conductor.user.name if drill.conductor else UNKNOWN,
    )


def days_for(
    compliance: Compliance, drill_type: str, *, replacing: Drill | None, count: int = 3
) -> tuple[LawfulDay, ...]:
    """Return the next days on which a drill of this type may stand.

    Where no rules are loaded they are the next school days; without a calendar the next weekdays.
    """
    today = compliance.today
    if compliance.rules is not None and compliance.year is not None:
        after = max(today, compliance.year.first_day - timedelta(days=1))
        found = lawful_days(
            compliance.rules,
            compliance.year,
            drill_type,
            after=after,
            replacing=str(replacing.pk) if replacing else None,
            count=count + 1,
        )
        return tuple(day for day in found if not (replacing and day.day == replacing.day))[:count]
    closed = set(compliance.calendar.no_school) if compliance.calendar else set()
    days = (today + timedelta(days=number) for number in range(1, 40))
    open_days = [
        day
        for day in days
        if day.weekday() < 5
        and day.isoformat() not in closed
        and not (replacing and day == replacing.day)
    ]
    return tuple(LawfulDay(day, f"{day:%A}") for day in open_days[:count])
