"""Drills as rows: to come, held, the one that runs, what clashes with a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from backend.directory.models import Campus, Membership
from drills.models import BEFORE_START, Drill, DrillState, SchoolCalendar
from drills.travel import minutes_between

WINDOW_BEFORE = timedelta(minutes=30)
"""The second clearance and the start are possible from here on (`design.md` section 1)."""

WINDOW_AFTER = timedelta(minutes=60)
"""An unused window closes itself this long after the planned start; our own figure."""

GRACE = timedelta(minutes=15)
"""A drill not ended, or a panel not back, alerts people from here on (`design.md` rule 9)."""


def moment_of(campus: Campus, day: date, start: time) -> datetime:
    """Return the instant of a local day and time; where clocks change, the earlier of two."""
    return datetime.combine(day, start, ZoneInfo(campus.time_zone)).astimezone(UTC)


def calendar_for(campus: Campus, day: date) -> SchoolCalendar | None:
    """Return the calendar that holds this day: the campus's own, else the district's."""
    return (
        SchoolCalendar.objects.filter(
            Q(campus=campus) | Q(campus=None),
            district_id=campus.district_id,
            first_day__lte=day,
            last_day__gte=day,
        )
        .order_by("campus_id")
        .first()
    )


def present_calendar(campus: Campus, day: date) -> SchoolCalendar | None:
    """Return the calendar of this day, else the next to begin, else the last that ended."""
    if found := calendar_for(campus, day):
        return found
    rows = SchoolCalendar.objects.filter(
        Q(campus=campus) | Q(campus=None), district_id=campus.district_id
    )
    coming = rows.filter(first_day__gt=day).order_by("first_day", "campus_id").first()
    return coming or rows.order_by("-last_day", "campus_id").first()


def drills_of(campus: Campus) -> QuerySet[Drill]:
    """Return the campus's drills with what their rows show, oldest first."""
    return (
        Drill.objects.filter(campus=campus)
        .select_related("campus", "conductor__user", "alternate__user")
        .order_by("starts_at", "pk")
    )


def to_come(rows: QuerySet[Drill]) -> QuerySet[Drill]:
    """Return those that are fixed and not begun, next first."""
    return rows.filter(state__in=BEFORE_START).order_by("starts_at", "pk")


def running(campus: Campus) -> Drill | None:
    """Return the drill that runs at a campus."""
    return Drill.objects.filter(campus=campus, state=DrillState.RUNNING).first()


def window_of(drill: Drill) -> tuple[datetime, datetime]:
    """Return from when to when this drill may be started."""
    return drill.starts_at - WINDOW_BEFORE, drill.starts_at + WINDOW_AFTER


def planned_end(drill: Drill) -> datetime:
    """Return when it should be over: its minutes after its start, or its planned one."""
    return (drill.started_at or drill.starts_at) + timedelta(minutes=drill.minutes)


@dataclass(frozen=True, slots=True)
class Clash:
    """Another drill too near in time: the same school, or the same person within travel time."""

    drill: Drill
    who: str
    minutes_needed: int


def clashes(
    campus: Campus,
    starts_at: datetime,
    minutes: int,
    *,
    people: Iterable[Membership | None],
    leaving_out: UUID | None = None,
) -> list[Clash]:
    """Return what stands in the way of a drill there and then, within the district."""
    named = {member.user_id: member.user.name for member in people if member is not None}
    ends_at = starts_at + timedelta(minutes=minutes)
    near = (
        Drill.objects.filter(
            state__in=[*BEFORE_START, DrillState.RUNNING],
            starts_at__gt=starts_at - timedelta(hours=10),
            starts_at__lt=ends_at + timedelta(hours=3),
        )
        .exclude(pk__in=[leaving_out] if leaving_out else [])
        .select_related("campus", "conductor__user")
    )
    found = []
    for other in near.order_by("starts_at", "pk"):
        shared = other.conductor is not None and other.conductor.user_id in named
        here = other.campus_id == campus.pk
        if not (shared or here):
            continue
        needed = 0 if here else minutes_between(_place(campus), _place(other.campus))
        gap = timedelta(minutes=needed)
        if starts_at < planned_end(other) + gap and other.starts_at < ends_at + gap:
            who = named[other.conductor.user_id] if shared and other.conductor else ""
            found.append(Clash(other, who, needed))
    return found


def _place(campus: Campus) -> tuple[float | None, float | None]:
    return campus.longitude, campus.latitude
