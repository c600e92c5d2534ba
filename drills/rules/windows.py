"""When a drill counts: the windows of drill-rules vocabulary A, as cells of one school year.

A window is a cell with a first and a last day, or several. A window with a deadline can be cured
late (`late_until`); a month or a term that has passed can never be refilled.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import cast

from drills.rules import fields as f
from drills.rules.calendar import SchoolCalendar
from drills.rules.fields import Fields
from drills.rules.record import SchoolYear
from drills.rules.unknown import Unknown

DAY_UNITS = ("school_day", "instructional_day", "calendar_day", "week")
"""Words of the law for what is counted. A school year's file tells no instructional day from
another school day; a week is seven calendar days from the first day of classes."""
QUARTERS = 4
SPANS_COUNTED = ("semester", "summer_session", "calendar_year")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of days, both ends included; `words` says it in a sentence: “in March 2025”.

    `outside` names what the record of one school year cannot hold: “drills of 2025 outside this
    school year”.
    """

    name: str
    first_day: date
    last_day: date
    words: str
    late_until: date | None = None
    outside: str = ""

    def holds(self, day: date) -> bool:
        """Return whether a day lies within."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Window:
    """A kind of window with its parameters."""

    kind: str
    months: tuple[int, ...] = ()
    month_day: tuple[int, int] = (0, 0)
    until: tuple[int, int] = (0, 0)
    inclusive: bool = True
    count: int = 0
    unit: str = ""
    min_days: int = 1
    summer: bool = False
    of: str = ""
    leaves_out_first_day: bool = False
    doubtful: bool = False

    def cells(self, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...] | str:
        """Return the cells of a year in order, or what the record lacks to tell them."""
        laid = calendar.laid
        key = (self, year.terms)
        if key not in laid:
            laid[key] = WINDOWS[self.kind].cells(self, calendar, year)
        return cast(tuple[Cell, ...] | str, laid[key])


@dataclass(frozen=True, slots=True)
class WindowKind:
    """How one kind of window is read from its value, and laid over a year."""

    read: Callable[[Fields, str], Window]
    cells: Callable[[Window, SchoolCalendar, SchoolYear], tuple[Cell, ...] | str]


def read_window(fields: Fields, name: str, value: object) -> Window:
    """Return a window written as a word (`"school_year"`) or a table (`{by_date = "12-01", …}`)."""
    if isinstance(value, str):
        kind = f.word(WINDOWS)(fields, name, value)
        table = Fields({kind: True}, fields.place(name), fields.refusal)
    else:
        table = f.inner(fields, name, value)
        kinds = [kind for kind in WINDOWS if table.has(kind)]
        if len(kinds) != 1:
            fields.refuse(
                name,
                "This names no window that is known." if not kinds else "This names two windows.",
                f"Write one of: {', '.join(WINDOWS)}.",
            )
        kind = kinds[0]
    window = WINDOWS[kind].read(table, kind)
    table.end()
    return window


def read_month_day(fields: Fields, name: str, value: object) -> tuple[int, int]:
    """Return month and day of a text MM-DD."""
    words = f.text(fields, name, value)
    try:
        found = date.fromisoformat(f"2024-{words}")
    except ValueError:
        fields.refuse(name, f"“{words[:40]}” is no day of the year.", "Write MM-DD, such as 12-01.")
    return found.month, found.day


@lru_cache(maxsize=4096)
def day_words(day: date) -> str:
    """Return a day for a sentence: Dec 2, 2024."""
    return f"{MONTH_NAMES[day.month - 1][:3]} {day.day}, {day.year}"


def _bare(table: Fields, kind: str) -> Window:
    if table.needed(kind, f.flag) is not True:
        table.refuse(kind, "A window is there or not.", f'Write window = "{kind}".')
    return Window(kind)


def _school_year(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...]:
    return (Cell("", year.first_day, year.last_day, "in the school year"),)


def _read_date(table: Fields, kind: str) -> Window:
    return Window(
        kind,
        month_day=table.needed(kind, read_month_day),
        inclusive=table.needed("inclusive", f.flag),
    )


def _by_date(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...]:
    named = calendar.date_of(*window.month_day)
    last = named if window.inclusive else named - timedelta(days=1)
    word = "by" if window.inclusive else "before"
    return (Cell("", year.first_day, last, f"{word} {day_words(named)}", year.last_day),)


def _after_date(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...]:
    named = calendar.date_of(*window.month_day)
    first = named if window.inclusive else named + timedelta(days=1)
    word = "from" if window.inclusive else "after"
    return (Cell("", max(first, year.first_day), year.last_day, f"{word} {day_words(named)}"),)


def _read_between(table: Fields, kind: str) -> Window:
    span = table.needed(kind, f.inner)
    window = Window(
        kind,
        month_day=span.needed("from", read_month_day),
        until=span.needed("to", read_month_day),
    )
    span.end()
    return window


def _between(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...]:
    first, last = calendar.date_of(*window.month_day), calendar.date_of(*window.until)
    words = f"from {day_words(first)} to {day_words(last)}"
    return (Cell("", max(first, year.first_day), min(last, year.last_day), words),)


def _read_months(table: Fields, kind: str) -> Window:
    months = table.needed(kind, f.listed(f.number(1, 12)))
    if not months or len(set(months)) != len(months):
        table.refuse(kind, "It names no month, or one twice.", "Write [3], or [9, 3].")
    return Window(kind, months=months)


def _named_month(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...]:
    cells = []
    for month in window.months:
        first, last = calendar.date_of(month, 1), calendar.date_of(month, 31)
        name = f"{first.year}-{month:02d}" if len(window.months) > 1 else ""
        cells.append(Cell(name, first, last, f"in {MONTH_NAMES[month - 1]} {first.year}"))
    return tuple(sorted(cells, key=lambda cell: cell.first_day))


def _read_month_in_session(table: Fields, kind: str) -> Window:
    floor = table.needed(kind, f.inner)
    least, summer = floor.needed("min_days", f.number(1, 31)), floor.optional("summer", f.flag)
    only = floor.optional("only", f.listed(f.number(1, 12)))
    after = floor.optional("after_first", f.number(1, 200))
    floor.end()
    return Window(
        kind,
        months=() if isinstance(only, Unknown) else only,
        count=0 if isinstance(after, Unknown) else after,
        min_days=least,
        summer=summer is True,
    )


def _month_in_session(
    window: Window, calendar: SchoolCalendar, year: SchoolYear
) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            month.name,
            month.first_day,
            month.last_day,
            f"in {MONTH_NAMES[month.first_day.month - 1]} {month.first_day.year}",
        )
        for month in calendar.months(summer=window.summer)
        if month.school_days >= window.min_days
        and (not window.months or month.first_day.month in window.months)
        and (not window.count or month.first_day > (calendar.nth(window.count) or year.last_day))
    )


def _semester(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...] | str:
    if isinstance(year.terms, Unknown):
        return "the terms of the school year"
    return tuple(
        Cell(term.name, term.first_day, term.last_day, f"in the {term.name} term")
        for term in year.terms
    )


def _quarter(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...] | str:
    """Return the terms where the calendar has four of them."""
    if isinstance(year.terms, Unknown) or len(year.terms) != QUARTERS:
        return "the four quarters of the school year"
    return tuple(
        Cell(term.name, term.first_day, term.last_day, f"in the quarter {term.name}")
        for term in year.terms
    )


def _calendar_year(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            str(number),
            date(number, 1, 1),
            date(number, 12, 31),
            f"in {number}",
            outside=f"what was held in {number} outside this school year",
        )
        for number in range(year.first_day.year, year.last_day.year + 1)
    )


def _summer_session(
    window: Window, calendar: SchoolCalendar, year: SchoolYear
) -> tuple[Cell, ...] | str:
    if isinstance(year.summer, Unknown):
        return "whether there is summer instruction"
    if year.summer is None:
        return ()
    return (Cell("", year.summer.first_day, year.summer.last_day, "in the summer session"),)


def _read_block(table: Fields, kind: str) -> Window:
    return Window(
        kind,
        count=table.needed(kind, f.number(2, 100)),
        unit=table.needed("unit", f.word(("school_day",))),
    )


def _block(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...]:
    """Return fixed blocks of school days from day 1; the last one may be shorter."""
    days = calendar.school_days_between(year.first_day, year.last_day)
    blocks = [days[start : start + window.count] for start in range(0, len(days), window.count)]
    return tuple(
        Cell(
            f"block-{number}",
            block[0],
            block[-1],
            f"in school days {(number - 1) * window.count + 1} to "
            f"{(number - 1) * window.count + len(block)}",
        )
        for number, block in enumerate(blocks, start=1)
    )


def _read_weeks(table: Fields, kind: str) -> Window:
    return Window(kind, count=table.needed(kind, f.number(1, 20)))


def _week_of_first(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...]:
    """Return the first weeks, each of seven days from the first day of classes."""
    starts = [year.first_day + timedelta(weeks=number) for number in range(window.count)]
    return tuple(
        Cell(
            f"week-{number}",
            start,
            start + timedelta(days=6),
            f"in week {number} (from {day_words(start)})",
        )
        for number, start in enumerate(starts, start=1)
    )


def _read_first(table: Fields, kind: str) -> Window:
    of = table.optional("of", f.word(SPANS_COUNTED))
    leaves_out = table.optional("leaves_out_first_day", f.flag)
    doubtful = table.optional("doubtful", f.flag)
    return Window(
        kind,
        count=table.needed(kind, f.number(1, 200)),
        unit=table.needed("unit", f.word(DAY_UNITS)),
        of="" if isinstance(of, Unknown) else of,
        leaves_out_first_day=leaves_out is True,
        doubtful=doubtful is True,
    )


def _spans(
    window: Window, calendar: SchoolCalendar, year: SchoolYear
) -> tuple[tuple[str, date, date, str], ...] | str:
    """Return what is counted from: the year, its terms, its summer, or its part after New Year."""
    if window.of == "semester":
        if isinstance(year.terms, Unknown):
            return "the terms of the school year"
        return tuple(
            (term.name, term.first_day, term.last_day, f" of the {term.name} term")
            for term in year.terms
        )
    if window.of == "summer_session":
        summer = _summer_session(window, calendar, year)
        if isinstance(summer, str):
            return summer
        return tuple((cell.name, cell.first_day, cell.last_day, " of summer") for cell in summer)
    if window.of == "calendar_year":
        start = max(calendar.date_of(1, 1), year.first_day)
        return (("", start, year.last_day, " of the calendar year"),)
    return (("", year.first_day, year.last_day, ""),)


def _edge(window: Window, calendar: SchoolCalendar, first: date, last: date) -> date:
    """Return the last of the first days; day 1 is the first day of classes, or the one after."""
    number = window.count + window.leaves_out_first_day
    if window.unit in {"calendar_day", "week"}:
        days = number if window.unit == "calendar_day" else number * 7
        return min(first + timedelta(days=days - 1), last)
    days_of_span = calendar.school_days_between(first, last)
    return days_of_span[number - 1] if number <= len(days_of_span) else last


def doubtful_days(
    window: Window, calendar: SchoolCalendar, year: SchoolYear
) -> tuple[tuple[date, date], ...]:
    """Return the stretches of days on which school days and calendar days tell differently.

    Only where the law says “days” and the pack marks the word as doubtful.
    """
    if not window.doubtful:
        return ()
    key = ("doubtful", window, year.terms)
    if key not in calendar.laid:
        calendar.laid[key] = _between_readings(window, calendar, year)
    return cast(tuple[tuple[date, date], ...], calendar.laid[key])


def _between_readings(
    window: Window, calendar: SchoolCalendar, year: SchoolYear
) -> tuple[tuple[date, date], ...]:
    unit = "calendar_day" if window.unit != "calendar_day" else "school_day"
    readings = [replace(window, kind="first", unit=one) for one in (window.unit, unit)]
    one, other = (reading.cells(calendar, year) for reading in readings)
    if isinstance(one, str) or isinstance(other, str):
        return ()
    return tuple(
        (min(a.last_day, b.last_day) + timedelta(days=1), max(a.last_day, b.last_day))
        for a, b in zip(one, other, strict=True)
    )


def _first(window: Window, calendar: SchoolCalendar, year: SchoolYear) -> tuple[Cell, ...] | str:
    spans = _spans(window, calendar, year)
    if isinstance(spans, str):
        return spans
    return tuple(
        Cell(
            name,
            first,
            _edge(window, calendar, first, last),
            f"in the first {_counted(window)}{of}",
            last,
        )
        for name, first, last, of in spans
    )


def _after_first(
    window: Window, calendar: SchoolCalendar, year: SchoolYear
) -> tuple[Cell, ...] | str:
    spans = _spans(window, calendar, year)
    if isinstance(spans, str):
        return spans
    return tuple(
        Cell(
            name,
            _edge(window, calendar, first, last) + timedelta(days=1),
            last,
            f"after the first {_counted(window)}{of}",
        )
        for name, first, last, of in spans
    )


def _counted(window: Window) -> str:
    unit = window.unit.replace("_", " ")
    return unit if window.count == 1 else f"{window.count} {unit}s"


WINDOWS: dict[str, WindowKind] = {
    "school_year": WindowKind(_bare, _school_year),
    "by_date": WindowKind(_read_date, _by_date),
    "after_date": WindowKind(_read_date, _after_date),
    "between": WindowKind(_read_between, _between),
    "named_month": WindowKind(_read_months, _named_month),
    "month_in_session": WindowKind(_read_month_in_session, _month_in_session),
    "semester": WindowKind(_bare, _semester),
    "quarter": WindowKind(_bare, _quarter),
    "calendar_year": WindowKind(_bare, _calendar_year),
    "summer_session": WindowKind(_bare, _summer_session),
    "block": WindowKind(_read_block, _block),
    "week_of_first": WindowKind(_read_weeks, _week_of_first),
    "first": WindowKind(_read_first, _first),
    "after_first": WindowKind(_read_first, _after_first),
}
"""Every window that is evaluated. A pack that names another is refused."""
