"""School days: which days pupils attend, their numbers, and the months they make."""

import calendar as months_of_the_year
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from drills.rules.record import SchoolYear, Span
from drills.rules.unknown import Unknown


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A calendar month in which pupils attend: `2025-10`, its days, how many are school days."""

    name: str
    first_day: date
    last_day: date
    school_days: int


class SchoolCalendar:
    """The school days of one year.

    A school day is a weekday from first to last day that is not in `no_school`, or a weekday of
    summer instruction. Day 1 is the first day of classes. Where the record has no list of days
    without school, every weekday counts and `closures_known` is False.
    """

    def __init__(self, year: SchoolYear) -> None:
        """Lay out the days of a year."""
        closed = frozenset() if isinstance(year.no_school, Unknown) else frozenset(year.no_school)
        self.closures_known = not isinstance(year.no_school, Unknown)
        self.year = Span(year.first_day, year.last_day)
        self.summer = None if isinstance(year.summer, Unknown) else year.summer
        self.testing = () if isinstance(year.testing, Unknown) else year.testing
        spans = [self.year, *([self.summer] if self.summer else [])]
        self._days = tuple(day for span in spans for day in _weekdays(span) if day not in closed)
        self._numbers = {day: number for number, day in enumerate(self._days, start=1)}
        self._months: dict[bool, tuple[MonthCell, ...]] = {}
        self.laid: dict[tuple[object, ...], object] = {}
        """What windows have laid over this calendar, by window and terms: see `windows`."""

    def is_school_day(self, day: date) -> bool:
        """Return whether pupils attend on a day."""
        return day in self._numbers

    def is_testing_day(self, day: date) -> bool:
        """Return whether a state test is given on a day, as far as the record says."""
        return any(span.holds(day) for span in self.testing)

    def school_days(self) -> tuple[date, ...]:
        """Return all school days in order, those of summer instruction last."""
        return self._days

    def days_for_drills(self, *, outside_tests: bool) -> tuple[date, ...]:
        """Return the school days on which a drill may stand, outside state tests where asked."""
        if not (outside_tests and self.testing):
            return self._days
        return tuple(day for day in self._days if not self.is_testing_day(day))

    def day_number(self, day: date) -> int | None:
        """Return 1 for the first day of classes, 2 for the next; None for no school day."""
        return self._numbers.get(day)

    def nth(self, number: int) -> date | None:
        """Return the school day of a number from 1, or None where the year has fewer."""
        return self._days[number - 1] if 1 <= number <= len(self._days) else None

    def school_days_between(self, first: date, last: date) -> tuple[date, ...]:
        """Return the school days from one day to another, both included."""
        return self._days[bisect_left(self._days, first) : bisect_right(self._days, last)]

    def nth_after(self, day: date, number: int) -> date | None:
        """Return the school day that is that many after a day; the next one counts as 1."""
        return self.nth(bisect_right(self._days, day) + number)

    def school_days_apart(self, one: date, other: date) -> int:
        """Return how many school days lie from one day to a later or same one: next day is 1."""
        return abs(bisect_left(self._days, other) - bisect_left(self._days, one))

    def months(self, *, summer: bool = True) -> tuple[MonthCell, ...]:
        """Return each month with at least one school day, in order.

        Without `summer` only the days of the school year make a month.
        """
        if summer not in self._months:
            self._months[summer] = self._count_months(summer=summer)
        return self._months[summer]

    def _count_months(self, *, summer: bool) -> tuple[MonthCell, ...]:
        counts: dict[tuple[int, int], int] = {}
        for day in self._days:
            if not summer and day > self.year.last_day:
                break
            counts[day.year, day.month] = counts.get((day.year, day.month), 0) + 1
        return tuple(
            MonthCell(
                f"{year}-{month:02d}",
                date(year, month, 1),
                date(year, month, months_of_the_year.monthrange(year, month)[1]),
                count,
            )
            for (year, month), count in counts.items()
        )

    def date_of(self, month: int, day: int) -> date:
        """Return the day that “December 1” means in this school year, which turns over in July."""
        # A year that begins in June is already the coming one.
        start = self.year.first_day.year - (self.year.first_day.month < 6)
        year = start + (month < 7)
        return date(year, month, min(day, months_of_the_year.monthrange(year, month)[1]))


def calendar_of(year: SchoolYear) -> SchoolCalendar:
    """Return the calendar of a year; years with the same days share one."""
    return _shared(year.first_day, year.last_day, year.no_school, year.summer, year.testing)


@lru_cache(maxsize=512)
def _shared(
    first_day: date,
    last_day: date,
    no_school: tuple[date, ...] | Unknown,
    summer: Span | Unknown | None,
    testing: tuple[Span, ...] | Unknown,
) -> SchoolCalendar:
    days = SchoolYear("", first_day, last_day, no_school=no_school, summer=summer, testing=testing)
    return SchoolCalendar(days)


def _weekdays(span: Span) -> list[date]:
    length = (span.last_day - span.first_day).days + 1
    days = (span.first_day + timedelta(days=number) for number in range(length))
    return [day for day in days if day.weekday() < 5]
