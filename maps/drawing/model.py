"""What a drawing returns and what it is given, as plain data."""

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry


class DrawingIncomplete(Exception):
    """A drawing that would drop, cover or cut off something; its text says what and where."""


@dataclass(frozen=True, slots=True)
class ListedRoom:
    """A room that stands in the list beside the map.

    `mark` is the letter drawn on the map, or "" for a room that bears no number, or that is too
    small to be named at the size of a screen. `cell` is "" on a campus without grid.
    """

    mark: str
    feature: str
    label: str
    cell: str


@dataclass(frozen=True, slots=True)
class LegendItem:
    """One row of the legend: a symbol that stands on the sheet, its words, and where it stands."""

    symbol: str
    words: str
    note: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A condition in force at a feature, drawn as an amber label beside it."""

    feature: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet of a level that is split. Bounds are local meters (x east, y south).

    `number` counts from 1, row by row from the north-west, `columns` a row; `of` is the count of
    parts; `scale` is shared by all of them.
    """

    number: int
    of: int
    columns: int
    scale: int
    west: float
    north: float
    east: float
    south: float

    def neighbors(self) -> dict[str, int]:
        """Return the numbers of the parts beside this one, by N, E, S and W."""
        column = (self.number - 1) % self.columns
        beside = {"N": self.number - self.columns, "S": self.number + self.columns}
        if column > 0:
            beside["W"] = self.number - 1
        if column < self.columns - 1:
            beside["E"] = self.number + 1
        return {side: number for side, number in beside.items() if 1 <= number <= self.of}


@dataclass(frozen=True, slots=True)
class Claim:
    """A place on the sheet that something takes: its outline in points, and what it is."""

    what: str
    outline: BaseGeometry


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawn map.

    `svg` is a complete svg element; its view box, `width` and `height` are points. `scale` is n
    of 1:n when it is printed at that width. `accounted` counts rooms named in place, by leader
    and in `listed`; it equals the rooms of the level. `left_out` says what has no
    place at this size: on paper names of halls and sides at most, on a small screen also signs.
    `claims` are all labels, signs, discs and
    leaders: no two overlap, and all lie inside the frame.
    """

    svg: str
    width: float
    height: float
    alt: str
    scale: int
    listed: tuple[ListedRoom, ...]
    legend: tuple[LegendItem, ...]
    accounted: int
    in_place: int
    led: int
    left_out: tuple[str, ...]
    claims: tuple[Claim, ...]
