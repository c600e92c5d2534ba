"""A school year as recorded: frozen dataclasses, easy to make from rows or from a file.

What the record does not state is UNKNOWN; None, False and () are known facts. Dates and times are
the school's local ones.
"""

import datetime as dt
from dataclasses import dataclass

from drills.rules.unknown import UNKNOWN, Unknown


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both included."""

    first_day: dt.date
    last_day: dt.date

    def holds(self, day: dt.date) -> bool:
        """Return whether a day lies within."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Term:
    """A semester, trimester or quarter of the district's calendar, by its own name."""

    name: str
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class SchoolHours:
    """When the school day begins and ends, local time."""

    start: dt.time
    end: dt.time


@dataclass(frozen=True, slots=True)
class School:
    """What a rule's scope asks about: grades such as K-5, traits of the building, public."""

    grades: str | Unknown = UNKNOWN
    traits: tuple[str, ...] | Unknown = UNKNOWN
    public: bool | Unknown = UNKNOWN
    day: SchoolHours | Unknown | None = UNKNOWN


@dataclass(frozen=True, slots=True)
class Notice:
    """Who was told of a drill, and when (local time)."""

    to: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class AgencyPresence:
    """An agency asked to a drill, and whether it came."""

    role: str
    invited: bool | Unknown = UNKNOWN
    present: bool | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Report:
    """A report of one drill sent to an authority, and the day."""

    to: str
    at: dt.date


@dataclass(frozen=True, slots=True)
class DrillRecord:
    """One drill as recorded or planned. Only id, date and type must be known.

    `cancelled` is the cause, None when it was held; `redo_of` is the id of the cancelled drill that
    this one makes good; `posted_at` is the day it was published; `minutes` its length.
    """

    id: str
    date: dt.date
    type: str
    time: dt.time | Unknown = UNKNOWN
    minutes: int | Unknown | None = UNKNOWN
    pupils_present: bool | Unknown = UNKNOWN
    place_in_day: str | Unknown | None = UNKNOWN
    exits: str | Unknown | None = UNKNOWN
    announced: bool | Unknown = UNKNOWN
    notices: tuple[Notice, ...] | Unknown = UNKNOWN
    agencies: tuple[AgencyPresence, ...] | Unknown = UNKNOWN
    real_event: bool | Unknown = UNKNOWN
    unplanned_alarm: bool | Unknown = UNKNOWN
    cancelled: str | Unknown | None = UNKNOWN
    redo_of: str | Unknown | None = UNKNOWN
    used_map: bool | Unknown = UNKNOWN
    simulated: tuple[str, ...] | Unknown = UNKNOWN
    reports: tuple[Report, ...] | Unknown = UNKNOWN
    posted_at: dt.date | Unknown | None = UNKNOWN
    site: str | Unknown | None = UNKNOWN
    signal: str | Unknown | None = UNKNOWN
    led_by: str | Unknown | None = UNKNOWN

    @property
    def is_cancelled(self) -> bool:
        """Return whether the record names a cause for which it was not held."""
        return isinstance(self.cancelled, str)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson or announcement on one topic; minutes long."""

    date: dt.date
    topic: str
    minutes: int | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Filing:
    """A paper filed with an authority on a day."""

    what: str
    to: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class Waiver:
    """A dated waiver of one requirement: its id, or `id@cell`, with the reason."""

    requirement: str
    on: dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """One school in one school year, as known on `as_of`."""

    jurisdiction: str
    first_day: dt.date
    last_day: dt.date
    as_of: dt.date | Unknown = UNKNOWN
    school: School = School()
    no_school: tuple[dt.date, ...] | Unknown = UNKNOWN
    terms: tuple[Term, ...] | Unknown = UNKNOWN
    summer: Span | Unknown | None = UNKNOWN
    testing: tuple[Span, ...] | Unknown = UNKNOWN
    drills: tuple[DrillRecord, ...] = ()
    lessons: tuple[Lesson, ...] | Unknown = UNKNOWN
    filings: tuple[Filing, ...] | Unknown = UNKNOWN
    waivers: tuple[Waiver, ...] = ()
