"""Which visits of one crew or officer stand too near in time to be made both. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from drills.travel import Position, minutes_between

Who = tuple[Literal["crew", "officer"], UUID, str]
"""What kind, the agency or the person, and its name: a crew's without regard to capitals."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody is wanted at a place from – to. `place` is (lon, lat), None where not known."""

    drill: UUID
    who: Who
    starts_at: datetime
    ends_at: datetime
    campus: UUID
    place: Position


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two visits of the same crew or officer; `minutes` is the way between them."""

    one: Visit
    other: Visit
    minutes: int


def minutes_apart(one: Visit, other: Visit) -> int:
    """Return the minutes of the way from one visit to the other; 0 at the same campus."""
    return 0 if one.campus == other.campus else minutes_between(one.place, other.place)


def conflict_of(one: Visit, other: Visit) -> Conflict | None:
    """Return why one cannot be at both visits, or None where there is time for the way."""
    minutes = minutes_apart(one, other)
    gap = timedelta(minutes=minutes)
    if one.starts_at < other.ends_at + gap and other.starts_at < one.ends_at + gap:
        return Conflict(one, other, minutes)
    return None


LONGEST_WAY = timedelta(hours=3)
"""No way between two campuses of one agency is looked at beyond this; our own figure."""


def conflicts(visits: Iterable[Visit]) -> list[Conflict]:
    """Return each pair of visits of the same crew or officer that cannot be made both, in order."""
    by_who: dict[Who, list[Visit]] = {}
    for visit in visits:
        by_who.setdefault(visit.who, []).append(visit)
    found = [pair for row in by_who.values() for pair in _within(row)]
    return sorted(found, key=lambda pair: (pair.one.starts_at, pair.other.starts_at))


def _within(visits: Sequence[Visit]) -> Iterable[Conflict]:
    ordered = sorted(visits, key=lambda visit: (visit.starts_at, visit.drill))
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if other.starts_at > one.ends_at + LONGEST_WAY:
                break
            if one.drill != other.drill and (pair := conflict_of(one, other)):
                yield pair
