"""A drill for tests, taken as far as a test needs it, by the people of the cast."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from backend.directory.access import reach_of
from backend.directory.actor import Actor
from backend.tenancy import reach
from drills.models import Drill, EntryKind, SchoolCalendar
from drills.services import calendars, clearing, moments, running, scheduling
from tests.cast import Cast

DAY = date(2026, 9, 15)  # a Tuesday
AT_TEN = time(10, 15)
STARTS = datetime(2026, 9, 15, 14, 15, tzinfo=UTC)  # 10:15 AM in Michigan
BEFORE = datetime(2026, 9, 8, 13, 50, tzinfo=UTC)
FIRE = scheduling.Wanted(type="fire", day=DAY, time=AT_TEN, callback_phone="555-0142")


def in_district(cast: Cast) -> AbstractContextManager[Any]:
    """Open the reach of the cast's district."""
    return reach.of_districts(cast.district.pk)


@contextmanager
def acting(cast: Cast, word: str) -> Iterator[Actor]:
    """Open the reach of a person of the cast and give the actor."""
    actor = cast.actor(word)
    with reach_of(actor):
        yield actor


def calendar_around(cast: Cast, day: date) -> SchoolCalendar:
    """Write a calendar of half a year around a day of the real clock: school on each weekday."""
    with acting(cast, "district") as actor:
        return calendars.write_calendar(
            owner=cast.district,
            year=calendars.Year(
                first_day=day - timedelta(days=60),
                last_day=day + timedelta(days=180),
                day_starts=time(7, 50),
                day_ends=time(14, 40),
                lunch_starts=time(11, 30),
                lunch_ends=time(12, 30),
                no_school=[],
                testing=[],
            ),
            actor=actor,
            at=BEFORE,
        )


def calendar(cast: Cast) -> SchoolCalendar:
    """Write the district's calendar of 2026-27."""
    with acting(cast, "district") as actor:
        return calendars.write_calendar(
            owner=cast.district,
            year=calendars.Year(
                first_day=date(2026, 8, 31),
                last_day=date(2027, 6, 10),
                day_starts=time(7, 50),
                day_ends=time(14, 40),
                lunch_starts=time(11, 30),
                lunch_ends=time(12, 30),
                no_school=[date(2026, 9, 7), date(2026, 11, 26), date(2026, 11, 27)],
                testing=[(date(2027, 4, 12), date(2027, 4, 16))],
            ),
            actor=actor,
            at=BEFORE,
        )


def scheduled(cast: Cast, *, by: str = "principal", at: datetime = BEFORE, **more: Any) -> Drill:
    """Schedule a fire drill at Lincoln."""
    with acting(cast, by) as actor:
        return scheduling.schedule(
            campus_id=cast.lincoln.pk, wanted=replace(FIRE, **more), actor=actor, at=at
        )


def announced(cast: Cast, drill: Drill, *, at: datetime = STARTS - timedelta(minutes=25)) -> Drill:
    """Let the clock announce a drill."""
    with in_district(cast):
        moments.announce([drill.pk], at=at)
    return fresh(cast, drill)


def cleared(cast: Cast, drill: Drill, *, at: datetime = STARTS - timedelta(minutes=20)) -> Drill:
    """Let dispatch clear an announced drill by its link."""
    announced(cast, drill, at=at - timedelta(minutes=5))
    token = cast.link("dispatcher", cast.lincoln, "clear", drill.pk)
    clearing.give(actor=cast.link_actor(token), drill_id=drill.pk, said_by="Operator 214", at=at)
    return fresh(cast, drill)


def entry(kind: str, at: datetime, **more: Any) -> running.Entry:
    """Return an entry as a phone makes it."""
    return running.Entry(key=more.pop("key", None) or uuid4(), kind=kind, device_at=at, **more)


def send(
    cast: Cast,
    drill: Drill,
    entries: Sequence[running.Entry],
    *,
    at: datetime,
    by: str = "principal",
    device_now: datetime | None = None,
    attempt: running.CallAttempt | None = None,
) -> list[running.Taken]:
    """Send entries as a person's phone does."""
    with acting(cast, by) as actor:
        return running.take_entries(
            drill_id=drill.pk,
            entries=entries,
            device_now=device_now or at,
            device="Phone",
            actor=actor,
            at=at,
            attempt=attempt,
        )


def held(cast: Cast, drill: Drill) -> Drill:
    """Hold a cleared drill from start to end in five minutes."""
    for minutes, kind in (
        (0, EntryKind.START),
        (2, EntryKind.SECURED),
        (4, EntryKind.ALL_REPORTED),
        (5, EntryKind.END),
    ):
        moment = STARTS + timedelta(minutes=minutes)
        send(cast, drill, [entry(kind, moment)], at=moment)
    return fresh(cast, drill)


def fresh(cast: Cast, drill: Drill) -> Drill:
    """Return the drill as it stands in the database."""
    with in_district(cast):
        rows = Drill.objects.select_related("campus", "conductor__user", "alternate__user")
        return rows.get(pk=drill.pk)


def member(cast: Cast, word: str) -> UUID:
    """Return the membership of somebody of the cast."""
    with in_district(cast):
        return cast.users[word].memberships.order_by("pk")[0].pk
