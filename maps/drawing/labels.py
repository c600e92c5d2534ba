"""Labels in place: every room's number, with its name where it fits, inside its own walls."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from maps.drawing import svg
from maps.drawing.claims import Claims, boxes, readable
from maps.drawing.fonts import BOLD, CAP_HEIGHT, DESCENT, LINE_PITCH, SEMIBOLD, text_width

TURNED_BACK = 1.7  # points of size that a label reading upwards must gain
TURNED_NAME_BACK = 3.2  # a name is not worth turning a number that fits upright
NAME_PAD = 2.4  # points, left and right together, that a label with a name keeps from walls
NAME_GAIN = 3.0
ABBREVIATIONS = {
    "Restroom": "WC",
    "Office": "Ofc",
    "Services": "Svcs",
    "Storage": "Stor",
    "Mechanical": "Mech",
    "Electrical": "Elec",
    "Conference": "Conf",
    "Department": "Dept",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label."""

    words: str
    size: float
    css: str
    weight: int


@dataclass(frozen=True, slots=True)
class Block:
    """A label as it may be set: its lines, the size it takes, and how good it is."""

    lines: tuple[Line, ...]
    width: float
    height: float
    worth: float
    pad: float = 0.0

    def render(self, x: float, y: float, angle: float) -> str:
        """Return the text elements about a center, turned by degrees."""
        turn = svg.turned(angle, x, y)
        baseline = y - self.height / 2 + self.pad / 2 + CAP_HEIGHT * self.lines[0].size
        out = []
        for position, line in enumerate(self.lines):
            if position:
                baseline += LINE_PITCH * line.size + (0.4 if position == 1 else 0)
            out.append(svg.text(line.css, x, baseline, line.size, line.words, turn=turn))
        return "".join(out)


def block(lines: Sequence[Line], worth: float, pad: float = 0.0) -> Block:
    """Return a block with the size its lines take, and `pad` points of air across and down."""
    height = CAP_HEIGHT * lines[0].size
    for position, line in enumerate(lines[1:], 1):
        height += LINE_PITCH * line.size + (0.4 if position == 1 else 0)
    if re.search("[a-z]", lines[-1].words):
        height += DESCENT * lines[-1].size
    width = max(text_width(line.words, line.size, line.weight) for line in lines)
    return Block(tuple(lines), width + pad, height + pad, worth, pad)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of room numbers, greatest first, with the area in square points that asks for them."""

    steps: tuple[tuple[float, float], ...]
    name_least: float
    hall: tuple[float, ...]
    letter: tuple[float, ...]

    @property
    def least(self) -> float:
        """The smallest size of a number."""
        return self.steps[-1][1]

    def for_area(self, area: float) -> list[float]:
        """Return the sizes to try in a room of this area."""
        return [size for floor, size in self.steps if area >= floor]


PAPER_SIZES = Sizes(
    ((9000, 12.0), (4500, 10.0), (1600, 9.0), (0, 8.0), (0, 7.0), (0, 6.5), (0, 6.0)),
    6.0,
    (6.5, 6.0),
    (7.0, 6.5, 6.0),
)
SCREEN_SIZES = Sizes(
    ((9000, 15.0), (4500, 13.0), (1600, 11.5), (0, 10.5), (0, 9.5), (0, 9.0)), 9.0, (9.0,), ()
)


def plain_name(label: str, names: Sequence[str]) -> str:
    """Return the name to set below a number: without brackets, "" where it repeats the number."""
    for name in names:
        bare = re.sub(r"\s*[\(\[].*?[\)\]]", "", name).strip()
        if bare and _key(bare) != _key(label):
            return bare
    return ""


def _key(words: str) -> str:
    return re.sub(r"[^0-9a-z]", "", words.lower())


def halves(words: str) -> list[str] | None:
    """Return words broken in two lines as even as can be, or None for a single word."""
    parts = words.split()
    if len(parts) < 2:
        return None
    breaks: list[tuple[str, str]] = [
        (" ".join(parts[:n]), " ".join(parts[n:])) for n in range(1, len(parts))
    ]
    first, second = min(breaks, key=_longer)
    return [first, second]


def _longer(pair: tuple[str, str]) -> int:
    return max(len(pair[0]), len(pair[1]))


def abbreviated(words: str) -> str:
    """Return words with the few abbreviations that everybody reads."""
    return " ".join(ABBREVIATIONS.get(word, word) for word in words.split())


def room_blocks(label: str, name: str, sizes: Sizes, area: float) -> list[Block]:
    """Return all settings of a room's label, of every size."""
    found: list[Block] = []
    for size in sizes.for_area(area):
        numbers = [[Line(label, size, "m-number", BOLD)]]
        broken = halves(label) if not label[:1].isdigit() else None
        if broken:
            numbers.append([Line(half, size, "m-number", BOLD) for half in broken])
        name_size = max(sizes.name_least, round(size * 0.74 * 2) / 2)
        for position, lines in enumerate(numbers):
            worth = size - 0.4 * position
            found.append(block(lines, worth))
            if name and name_size <= size:
                for texts, loss in _name_lines(name):
                    below = [Line(words, name_size, "m-name", SEMIBOLD) for words in texts]
                    found.append(block([*lines, *below], worth + NAME_GAIN - loss, NAME_PAD))
    return found


def _name_lines(name: str) -> list[tuple[list[str], float]]:
    choices: list[tuple[list[str], float]] = [([name], 0.0)]
    broken = halves(name)
    if broken:
        choices.append((broken, 0.3))
    short = abbreviated(name)
    if short != name:
        choices.append(([short], 0.5))
        broken = halves(short)
        if broken:
            choices.append((broken, 0.8))
    return choices


@dataclass(slots=True)
class Wanted:
    """A label that looks for its place: where it may lie, and how it may be set."""

    what: str
    inner: BaseGeometry
    blocks: list[Block]
    axis: float = 0.0
    tag: str = ""
    anchors: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Placed:
    """A label that has found its place."""

    tag: str
    text: str


def long_axis(shape: BaseGeometry) -> float:
    """Return the angle of a shape's long side in degrees, so that text on it is readable."""
    around = shape.minimum_rotated_rectangle
    if around.geom_type != "Polygon" or around.is_empty:
        return 0.0
    a, b, c = shapely.get_coordinates(around)[:3].tolist()
    first, second = (b[0] - a[0], b[1] - a[1]), (c[0] - b[0], c[1] - b[1])
    dx, dy = max(first, second, key=lambda side: math.hypot(*side))
    return readable(math.degrees(math.atan2(dy, dx)))


def four_anchors(shape: BaseGeometry) -> list[tuple[float, float]]:
    """Return where a label may have its center, best first."""
    if shape.is_empty:
        return []
    points = [
        shape.centroid,
        shape.representative_point(),
        shape.minimum_rotated_rectangle.centroid,
    ]
    return [*((point.x, point.y) for point in points), inscribed(shape)]


def inscribed(shape: BaseGeometry) -> tuple[float, float]:
    """Return the center of the greatest circle in a shape, within 0.3 points."""
    circle = shapely.maximum_inscribed_circle(np.asarray(shape), tolerance=0.3)
    x, y = shapely.get_coordinates(circle)[0]
    return float(x), float(y)


def grid_anchors(shape: BaseGeometry, count: int = 5) -> list[tuple[float, float]]:
    """Return a grid of count x count places over a shape, those that lie in it, middle first."""
    if shape.is_empty:
        return []
    west, north, east, south = shape.bounds
    steps = (np.arange(count) + 0.5) / count
    xs, ys = np.meshgrid(west + steps * (east - west), north + steps * (south - north))
    inside = shapely.contains_xy(shape, xs.ravel(), ys.ravel())
    center = shape.centroid
    places = zip(xs.ravel()[inside], ys.ravel()[inside], strict=True)
    return sorted(
        ((float(x), float(y)) for x, y in places),
        key=lambda place: math.hypot(place[0] - center.x, place[1] - center.y),
    )


def place_all(wanted: Sequence[Wanted], claims: Claims) -> list[Placed]:
    """Place each label where it fits best; those without a place are not in the answer."""
    rows: list[tuple[float, float, float, float, float]] = []
    owners: list[tuple[int, int]] = []
    worth: list[float] = []
    for index, label in enumerate(wanted):
        for candidate in _candidates(label):
            position, row, value = candidate
            rows.append(row)
            owners.append((index, position))
            worth.append(value)
    if not rows:
        return []
    outlines = boxes(np.array(rows))
    owner = np.array([index for index, _ in owners])
    inner = np.array([label.inner for label in wanted], dtype=object)
    shapely.prepare(inner)
    fits = shapely.covers(inner[owner], outlines)
    fitting = np.flatnonzero(fits)
    if fitting.size:
        fits[fitting[claims.hits(outlines[fitting])]] = False
    good = np.flatnonzero(fits)
    order = good[np.lexsort((-np.array(worth)[good], owner[good]))]
    placed: list[Placed] = []
    done: set[int] = set()
    for candidate_index in order:
        index, position = owners[candidate_index]
        outline: BaseGeometry = outlines[candidate_index]
        if index in done or (done and not claims.free(outline)):
            continue
        done.add(index)
        claims.take(wanted[index].what, outline)
        x, y, _, _, angle = rows[candidate_index]
        placed.append(Placed(wanted[index].tag, wanted[index].blocks[position].render(x, y, angle)))
    return placed


def _candidates(
    label: Wanted,
) -> list[tuple[int, tuple[float, float, float, float, float], float]]:
    if label.inner.is_empty:
        return []
    west, north, east, south = label.inner.bounds
    across, down = east - west, south - north
    found = []
    axis = label.axis
    for position, candidate in enumerate(label.blocks):
        turned = TURNED_NAME_BACK if candidate.pad else TURNED_BACK
        angles = [(0.0, 0.0), (-90.0, turned)]
        if 4 < abs(axis) < 86 or abs(axis) > 94:
            angles.append((axis, turned + 0.9))
        for angle, loss in angles:
            radians = math.radians(angle)
            cos, sin = abs(math.cos(radians)), abs(math.sin(radians))
            if candidate.width * cos + candidate.height * sin > across + 0.01:
                continue
            if candidate.width * sin + candidate.height * cos > down + 0.01:
                continue
            for rank, (x, y) in enumerate(label.anchors):
                row = (x, y, candidate.width, candidate.height, angle)
                found.append((position, row, candidate.worth - loss - 0.03 * rank))
    return found
