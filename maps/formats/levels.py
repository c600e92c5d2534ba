"""Level values as files write them, and the levels they make."""

import math
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from maps.document import Level
from maps.formats.identity import as_uuid
from maps.formats.labels import texts

MOST_LEVELS = 200  # the tallest building on earth has 163
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_RANGE = re.compile(r"([+-]?\d+(?:[.,]\d+)?)\s*(?:-|\u2013|\.\.)\s*([+-]?\d+(?:[.,]\d+)?)")
_NAMED = re.compile(
    r"(?:level|floor|storey|story|etage|stock|l|f)[\s_.-]*(-?\d+)|(\d+)(?:st|nd|rd|th)?[\s_.-]*"
    r"(?:level|floor|storey|story)",
    re.IGNORECASE,
)
_BASEMENT = re.compile(r"(?:b|basement|ug|sub)[\s_.-]*(\d*)", re.IGNORECASE)
_GROUND = frozenset({"ground", "ground floor", "g", "gf", "eg", "main floor", "main level"})


def ordinals(value: Any) -> list[float] | None:
    """Return the ordinals a level value names, halves included; None when it is no number.

    Numbers, lists (`0;1`), ranges (`0-3`, `-1-3`, `-3--1`, descending too), comma decimals. A range
    of more than 200 levels is no range.
    """
    if isinstance(value, list):
        return _all_of(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    text = str(value).strip()
    found = _RANGE.fullmatch(text)
    if found:
        return _range(*(float(end.replace(",", ".")) for end in found.groups()))
    if _NUMBER.fullmatch(text):
        number = float(text.replace(",", "."))
        return [number] if abs(number) <= MOST_LEVELS else None
    return _all_of(re.split(r"[;,]", text)) if re.search(r"[;,]", text) else None


def _all_of(values: Iterable[Any]) -> list[float] | None:
    found: list[float] = []
    for part in values:
        numbers = ordinals(part.strip() if isinstance(part, str) else part)
        if numbers is None:
            return None
        found.extend(numbers)
    return found or None


def _range(first: float, last: float) -> list[float] | None:
    low, high = min(first, last), max(first, last)
    if high - low > MOST_LEVELS or max(abs(low), abs(high)) > MOST_LEVELS:
        return None
    whole = [float(number) for number in range(math.ceil(low), math.floor(high) + 1)]
    return whole or [low, high]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def whole_levels(numbers: Iterable[float]) -> list[int]:
    """Return the whole levels of ordinals; a half level alone gives the two beside it."""
    found = list(numbers)
    whole = [int(number) for number in found if number == int(number)]
    if whole or not found:
        return sorted(set(whole))
    return sorted({math.floor(min(found)), math.ceil(max(found))})


def ordinal_of_name(name: str) -> int | None:
    """Return the ordinal that a level's name states (`Floor 2`, `B1`, `Ground`), else None."""
    text = name.strip().casefold()
    if text in _GROUND:
        return 0
    found = _NAMED.fullmatch(text)
    if found:
        return int(found[1] or found[2])
    found = _BASEMENT.fullmatch(text)
    if found:
        return -int(found[1] or 1)
    return None


class TooManyLevels(Exception):
    """A file names more levels than any building has."""


@dataclass(slots=True)
class LevelBook:
    """The levels of one file, made as features name them."""

    namespace: uuid.UUID
    by_ordinal: dict[int, Level] = field(default_factory=dict)
    by_name: dict[str, Level] = field(default_factory=dict)
    without_ordinal: list[str] = field(default_factory=list)

    def add(self, level: Level, *also_known_as: str) -> None:
        """Take in a level that the file describes, known by its id, its name and these."""
        self.by_ordinal.setdefault(level.ordinal, level)
        for name in (level.id, level.name, level.short_name, *also_known_as):
            if name:
                self.by_name.setdefault(name.casefold(), level)

    def add_stated(self, entry: Any) -> bool:
        """Take in an entry of a file's own list of levels; return whether it is one."""
        if not isinstance(entry, dict):
            return False
        ordinal, name = entry.get("ordinal"), texts(entry.get("name"))
        if isinstance(ordinal, bool) or not isinstance(ordinal, int) or not name:
            return False
        short = texts(entry.get("short_name")) or [name[0]]
        source = str(entry.get("id", ""))
        identity = as_uuid(source) or str(uuid.uuid5(self.namespace, f"level:{source or ordinal}"))
        self.add(Level(identity, ordinal, name[0], short[0]), source)
        return True

    def at(self, ordinal: int) -> Level:
        """Return the level of an ordinal, made with its number as name when new."""
        if ordinal not in self.by_ordinal:
            identity = str(uuid.uuid5(self.namespace, f"level:{ordinal}"))
            self.by_ordinal[ordinal] = Level(identity, ordinal, str(ordinal), str(ordinal))
        return self.by_ordinal[ordinal]

    def named(self, name: str) -> Level:
        """Return the level of a name; one whose name states no ordinal stands above the others."""
        known = self.by_name.get(name.casefold())
        if known is not None:
            return known
        if len(self.by_name) > 10 * MOST_LEVELS:
            raise TooManyLevels
        ordinal = ordinal_of_name(name)
        if ordinal is None:
            ordinal = max([-1, *self.by_ordinal, *(v.ordinal for v in self.by_name.values())]) + 1
            self.without_ordinal.append(name)
        identity = str(uuid.uuid5(self.namespace, f"level:{name.casefold()}"))
        level = Level(identity, ordinal, name, name)
        self.by_ordinal.setdefault(ordinal, level)
        self.by_name[name.casefold()] = level
        return level

    def of_value(self, value: Any) -> list[Level]:
        """Return the levels that a value names, by id, number or name; raises ValueError if none.

        LABELS (`{"en": "Level 2"}`) and lists of names are read too. A JSON number is an ordinal,
        never a name: floor 1 is often the sign of the level with ordinal 0.
        """
        if _is_number(value) or (
            isinstance(value, list) and value and all(_is_number(item) for item in value)
        ):
            numbers = ordinals(value)
            if numbers is not None:
                return [self.at(ordinal) for ordinal in whole_levels(numbers)]
        names = texts(value)
        known = [self.by_name[name.casefold()] for name in names if name.casefold() in self.by_name]
        if known and len(known) == len(names):
            return known
        numbers = ordinals(value)
        if numbers is not None:
            return [self.at(ordinal) for ordinal in whole_levels(numbers)]
        if not names or any(ordinals(name) for name in names):
            raise ValueError(f"the level {value!r:.40} cannot be read")
        return [self.named(name) for name in (names[:1] if isinstance(value, dict) else names)]

    def levels(self) -> tuple[Level, ...]:
        """Return all levels, lowest first."""
        found = {v.id: v for v in (*self.by_ordinal.values(), *self.by_name.values())}
        return tuple(sorted(found.values(), key=lambda v: (v.ordinal, v.id)))
