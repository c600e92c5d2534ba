"""The hours of an agency: a weekly table in its own time zone, and its holidays.

Times are kept as they stand on the wall clock of the place and become instants only when asked
for, so a change of daylight-saving time moves the instant and never the hour on the door. Where a
wall time comes twice, a window starts at the first and ends at the last of them: desks overlap,
never a gap (the rule of GoAlert, issue 1252). Where it is skipped, the moment of the jump counts.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)
DAYS_OF_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Window = tuple[time, time]


class WrongHours(ValueError):
    """The hours table cannot be used; the message says where and how to mend it."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody answers: windows of wall time for each day of the week (0 = Monday).

    `weekly` maps 0..6 to windows (from, to) that do not overlap; an end of 00:00 is the end of the
    day. `holidays` are dates on which nobody answers; `zone` is an IANA name. Raises WrongHours.
    """

    zone: str
    weekly: Mapping[int, tuple[Window, ...]]
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        _zone(self.zone)
        weekly: dict[int, tuple[Window, ...]] = {}
        for day, windows in self.weekly.items():
            if day not in range(7):
                raise WrongHours(f"weekly: {day!r} is no day; use 0 (Monday) to 6 (Sunday).")
            weekly[day] = _checked_windows(DAYS_OF_WEEK[day], windows)
        if not any(weekly.values()):
            raise WrongHours("weekly: no day has an open window; name one, or use ALWAYS.")
        object.__setattr__(self, "weekly", MappingProxyType(dict(sorted(weekly.items()))))
        object.__setattr__(self, "holidays", frozenset(self.holidays))

    def is_open(self, at: datetime) -> bool:
        """Return whether somebody answers at this moment; ValueError on one without a zone."""
        today = self._local_date(at)
        return any(
            start <= at < end
            for day in (today - timedelta(days=1), today, today + timedelta(days=1))
            for start, end in self._open_spans(day)
        )

    def next_open(self, at: datetime) -> datetime:
        """Return `at` itself when open, else the next moment (UTC) when somebody answers."""
        if self.is_open(at):
            return at.astimezone(UTC)
        for day in _days_from(self._local_date(at) - timedelta(days=1)):
            for start, end in self._open_spans(day):
                if start >= at and start < end:
                    return start
        raise WrongHours("weekly: no open window is left before the end of the calendar.")

    def add_working_days(self, at: datetime, n: int) -> datetime:
        """Return the moment (UTC, open) that lies `n` working days after `at`.

        Counting starts when somebody next answers; the wall time stays the same. Monday 10:00 plus
        one is Tuesday 10:00; Friday 18:00 plus one is, for a desk of 8 to 17, Tuesday 08:00. Where
        that wall time is closed on the day reached, the next opening counts.
        """
        if n < 0:
            raise ValueError(f"Working days are counted forward: {n} is below zero.")
        start = self.next_open(at).astimezone(_zone(self.zone))
        if n == 0:
            return start.astimezone(UTC)
        later = filter(self.is_working_day, _days_from(start.date() + timedelta(days=1)))
        day = next(itertools.islice(later, n - 1, None))
        return self.next_open(self._instant(day, start.time(), last=False))

    def is_working_day(self, day: date) -> bool:
        """Return whether this local date has an open window and is no holiday."""
        return bool(self._windows_on(day))

    def _windows_on(self, day: date) -> tuple[Window, ...]:
        return () if day in self.holidays else self.weekly.get(day.weekday(), ())

    def _open_spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for start, end in self._windows_on(day):
            if end == MIDNIGHT:
                closes = self._instant(day + timedelta(days=1), MIDNIGHT, last=False)
            else:
                closes = self._instant(day, end, last=True)
            yield self._instant(day, start, last=False), closes

    def _local_date(self, at: datetime) -> date:
        if at.tzinfo is None:
            raise ValueError(f"{at.isoformat()} has no time zone; give an aware moment.")
        return at.astimezone(_zone(self.zone)).date()

    def _instant(self, day: date, wall: time, *, last: bool) -> datetime:
        return _instant(self.zone, day, wall, last)


@lru_cache(maxsize=4096)
def _instant(zone_name: str, day: date, wall: time, last: bool) -> datetime:
    """Return the UTC moment of a wall time: the first or last of two, the jump where skipped."""
    zone = _zone(zone_name)
    first, second = (
        datetime.combine(day, wall.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)
    )
    if first <= second:
        return second if last else first
    earlier, later = second, first
    wanted = datetime.combine(day, wall)
    while later - earlier > timedelta(seconds=1):
        middle = earlier + (later - earlier) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wanted:
            earlier = middle
        else:
            later = middle
    return later.replace(microsecond=0)


def _days_from(day: date) -> Iterator[date]:
    while day < date.max - timedelta(days=2):
        yield day
        day += timedelta(days=1)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        raise WrongHours(
            f"zone: {name!r} is no time zone; use an IANA name such as America/Detroit."
        ) from fault


def _checked_windows(where: str, windows: tuple[Window, ...]) -> tuple[Window, ...]:
    ordered = tuple(sorted((start, end) for start, end in windows))
    for start, end in ordered:
        if any(wall.tzinfo or wall.second or wall.microsecond for wall in (start, end)):
            raise WrongHours(f"{where}: give whole minutes, without a zone of their own.")
        if end != MIDNIGHT and end <= start:
            raise WrongHours(
                f"{where}: {start:%H:%M} to {end:%H:%M} ends before it starts; "
                "split a window that passes midnight into one for each day."
            )
    for (_, end), (start, _) in itertools.pairwise(ordered):
        if end == MIDNIGHT or start < end:
            raise WrongHours(f"{where}: the window from {start:%H:%M} overlaps the one before it.")
    return ordered


ALWAYS = Hours("UTC", dict.fromkeys(range(7), ((MIDNIGHT, MIDNIGHT),)))
"""Dispatch and alarm monitoring: somebody answers at every moment."""


def office_hours(zone: str, holidays: frozenset[date] = frozenset()) -> Hours:
    """Return the default of an agency: Monday to Friday, 8:00 to 17:00 in its own zone."""
    return Hours(zone, {day: ((time(8), time(17)),) for day in range(5)}, holidays)


def hours_document(hours: Hours) -> dict[str, Any]:
    """Return the table as JSON: zone, weekly by the name of the day, holidays as ISO dates."""
    return {
        "zone": hours.zone,
        "weekly": {
            DAYS_OF_WEEK[day]: [
                [f"{start:%H:%M}", "24:00" if end == MIDNIGHT else f"{end:%H:%M}"]
                for start, end in windows
            ]
            for day, windows in hours.weekly.items()
        },
        "holidays": [day.isoformat() for day in sorted(hours.holidays)],
    }


def read_hours(document: Mapping[str, Any]) -> Hours:
    """Return the table that `hours_document` wrote; WrongHours says what is wrong where."""
    unknown = set(document) - {"zone", "weekly", "holidays"}
    if unknown:
        raise WrongHours(f"{min(unknown)}: unknown entry; known are zone, weekly, holidays.")
    zone, weekly = document.get("zone"), document.get("weekly")
    if not isinstance(zone, str):
        raise WrongHours("zone: missing; give an IANA name such as America/Detroit.")
    if not isinstance(weekly, Mapping):
        raise WrongHours('weekly: missing; give windows by day, {"monday": [["08:00", "17:00"]]}.')
    table: dict[int, tuple[Window, ...]] = {}
    for name, windows in weekly.items():
        if name not in DAYS_OF_WEEK:
            raise WrongHours(f"weekly: {name!r} is no day; use monday to sunday.")
        if not isinstance(windows, list):
            raise WrongHours(f'{name}: give a list of windows such as [["08:00", "17:00"]].')
        table[DAYS_OF_WEEK.index(name)] = tuple(_read_window(name, window) for window in windows)
    holidays = document.get("holidays", [])
    if not isinstance(holidays, list):
        raise WrongHours('holidays: give a list of dates such as ["2026-12-25"].')
    return Hours(zone, table, frozenset(_read_holiday(day) for day in holidays))


def _read_window(where: str, window: Any) -> Window:
    match window:
        case [str(start), str(end)]:
            return _read_wall(where, start), (
                MIDNIGHT if end == "24:00" else _read_wall(where, end)
            )
        case _:
            raise WrongHours(f'{where}: {window!r} is no window; write ["08:00", "17:00"].')


def _read_wall(where: str, text: str) -> time:
    if not re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d", text, flags=re.ASCII):
        raise WrongHours(f"{where}: {text!r} is no time of day; write it as 08:00, up to 24:00.")
    return time.fromisoformat(text)


def _read_holiday(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as fault:
        raise WrongHours(f"holidays: {text!r} is no date; write it as 2026-12-25.") from fault
