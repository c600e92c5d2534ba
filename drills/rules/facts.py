"""What a shape needs to judge: the admitted drills and the admissible days of one year."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from drills.rules.calendar import SchoolCalendar
from drills.rules.record import DrillRecord, SchoolYear
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import Cell


@dataclass(frozen=True, slots=True)
class Credit:
    """A drill that counts toward another requirement than its own: `rule` is what lets it.

    Where `missing` names a fact, the drill would count if that fact were as the rule asks.
    """

    drill: DrillRecord
    rule: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A school year as of one day.

    `held` are the drills that may count, `planned` those after `as_of`, `cancelled` those that
    were not held; each in order of date, time and id. `open_days` are the school days on which a
    drill may stand. `gap_days` is what the district takes for a reasonable interval, in school
    days. `events` are real events, which count only where a rule credits them. `credits` are the
    drills allotted to a requirement by its id, `said` the verdicts of the rules before.
    """

    year: SchoolYear
    calendar: SchoolCalendar
    as_of: date
    gap_days: int
    held: tuple[DrillRecord, ...]
    planned: tuple[DrillRecord, ...]
    cancelled: tuple[DrillRecord, ...]
    open_days: tuple[date, ...]
    events: tuple[DrillRecord, ...] = ()
    credits: Mapping[str, tuple[Credit, ...]] = field(default_factory=dict)
    said: tuple[Verdict, ...] = ()

    def held_of(self, types: Collection[str]) -> list[DrillRecord]:
        """Return the drills of some types that may count, in order."""
        return [drill for drill in self.held if drill.type in types]

    def days_left(self, first_day: date, last_day: date) -> int:
        """Return how many admissible days are left from one day to another, `as_of` included."""
        first = bisect_left(self.open_days, max(first_day, self.as_of))
        return max(0, bisect_right(self.open_days, last_day) - first)

    def last_admissible(self, cell: Cell) -> date | None:
        """Return the last day of a cell on which a drill may stand."""
        end = bisect_right(self.open_days, cell.last_day)
        last = self.open_days[end - 1] if end else None
        return last if last and last >= cell.first_day else None


def in_order(drill: DrillRecord) -> tuple[date, str, str]:
    """Return the key that sorts drills by date, time (unknown first) and id."""
    return drill.date, "" if isinstance(drill.time, Unknown) else drill.time.isoformat(), drill.id
