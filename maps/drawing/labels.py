"""Labels in place: every room's number, with its name where it fits, inside its own walls."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from maps.drawing import svg
from maps.drawing.claims import Claims, Rows, box, boxes, readable
from maps.drawing.fonts import BOLD, CAP_HEIGHT, DESCENT, LINE_PITCH, SEMIBOLD, text_width

TURNED_BACK = 1.7  # points of size that a label reading upwards must gain
TURNED_NAME_BACK = 3.2  # a name is not worth turning a number that fits upright
NAME_PAD = 2.4  # points, left and right together, that a label with a name keeps from walls
NAME_GAIN = 3.0
TRIED_FIRST = 6  # of the places of each label, the best ones: most labels take one of them
CIRCLE_TOLERANCE = 0.3  # points
_SMALL = re.compile("[a-z]")
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
    if _SMALL.search(lines[-1].words):
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


@lru_cache(maxsize=4096)
def halves(words: str) -> tuple[str, str] | None:
    """Return words broken in two lines as even as can be, or None for a single word."""
    parts = words.split()
    if len(parts) < 2:
        return None
    breaks: list[tuple[str, str]] = [
        (" ".join(parts[:n]), " ".join(parts[n:])) for n in range(1, len(parts))
    ]
    return min(breaks, key=_longer)


def _longer(pair: tuple[str, str]) -> int:
    return max(len(pair[0]), len(pair[1]))


def abbreviated(words: str) -> str:
    """Return words with the few abbreviations that everybody reads."""
    return " ".join(ABBREVIATIONS.get(word, word) for word in words.split())


def room_blocks(label: str, name: str, sizes: Sizes, area: float) -> list[Block]:
    """Return all settings of a room's label, of every size."""
    found: list[Block] = []
    broken = halves(label) if not label[:1].isdigit() else None
    below_it = _name_lines(name) if name else ()
    for size in sizes.for_area(area):
        name_size = max(sizes.name_least, round(size * 0.74 * 2) / 2)
        for position, texts in enumerate(((label,), broken) if broken else ((label,),)):
            lines = [Line(words, size, "m-number", BOLD) for words in texts]
            worth = size - 0.4 * position
            found.append(block(lines, worth))
            if name_size <= size:
                for names, loss in below_it:
                    below = [Line(words, name_size, "m-name", SEMIBOLD) for words in names]
                    found.append(block([*lines, *below], worth + NAME_GAIN - loss, NAME_PAD))
    return found


@lru_cache(maxsize=4096)
def _name_lines(name: str) -> tuple[tuple[Sequence[str], float], ...]:
    choices: list[tuple[Sequence[str], float]] = [((name,), 0.0)]
    broken = halves(name)
    if broken:
        choices.append((broken, 0.3))
    short = abbreviated(name)
    if short != name:
        choices.append(((short,), 0.5))
        broken = halves(short)
        if broken:
            choices.append((broken, 0.8))
    return tuple(choices)


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
    return _axis(shape.minimum_rotated_rectangle)


def long_axes(shapes: np.ndarray) -> list[float]:
    """Return the angle of the long side of each shape."""
    return [_axis(around) for around in shapely.oriented_envelope(shapes)]


def is_tilted(axis: float) -> bool:
    """Return whether a long side runs neither across nor down the sheet."""
    return 4 < abs(axis) < 86 or abs(axis) > 94


def _axis(around: BaseGeometry) -> float:
    if around.geom_type != "Polygon" or around.is_empty:
        return 0.0
    a, b, c = shapely.get_coordinates(around)[:3].tolist()
    first, second = (b[0] - a[0], b[1] - a[1]), (c[0] - b[0], c[1] - b[1])
    dx, dy = max(first, second, key=lambda side: math.hypot(*side))
    return readable(math.degrees(math.atan2(dy, dx)))


def four_anchors(shape: BaseGeometry) -> list[tuple[float, float]]:
    """Return where a label may have its center, best first."""
    return anchors_of(np.array([shape], dtype=object))[0]


def anchors_of(shapes: np.ndarray, *, circle: bool = True) -> list[list[tuple[float, float]]]:
    """Return for each shape the four places where a label may have its center, best first.

    Without `circle` they are three: the greatest circle in a winding hall takes long to find, and
    where the hall lies straight on the sheet a grid of places finds its middle as well.
    """
    full = np.flatnonzero(~shapely.is_empty(shapes))
    some = shapes[full]
    points = [
        shapely.centroid(some),
        shapely.point_on_surface(some),
        shapely.centroid(shapely.oriented_envelope(some)),
    ]
    if circle:
        circles = shapely.maximum_inscribed_circle(some, tolerance=CIRCLE_TOLERANCE)
        points.append(shapely.get_point(circles, 0))
    anchors: list[list[tuple[float, float]]] = [[] for _ in shapes]
    places = np.stack([shapely.get_coordinates(row) for row in points], axis=1).tolist()
    for index, found in zip(full, places, strict=True):
        anchors[index] = [(x, y) for x, y in found]
    return anchors


def inscribed(shape: BaseGeometry) -> tuple[float, float]:
    """Return the center of the greatest circle in a shape, within 0.3 points."""
    circle = shapely.maximum_inscribed_circle(np.asarray(shape), tolerance=CIRCLE_TOLERANCE)
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
    places = np.column_stack([xs.ravel()[inside], ys.ravel()[inside]])
    away = np.hypot(places[:, 0] - center.x, places[:, 1] - center.y)
    return [(x, y) for x, y in places[np.argsort(away, kind="stable")].tolist()]


def place_all(wanted: Sequence[Wanted], claims: Claims) -> list[Placed]:
    """Place each label where it fits best; those without a place are not in the answer."""
    settings = [
        (index, *setting)
        for index, label in enumerate(wanted)
        if label.anchors and not label.inner.is_empty
        for setting in _settings(label)
    ]
    if not settings:
        return []
    owner, position, rows, worth = _candidates(wanted, settings)
    inner = np.array([label.inner for label in wanted], dtype=object)
    shapely.prepare(inner)
    order = np.lexsort((-worth, owner))
    firsts = np.searchsorted(owner[order], np.arange(len(wanted) + 1))
    rank = np.arange(len(order)) - firsts[owner[order]]
    tried = order[rank < TRIED_FIRST]
    free = set(tried[_fitting(inner[owner[tried]], rows[tried], claims)].tolist())
    placed: list[Placed] = []
    for index, label in enumerate(wanted):
        mine = order[firsts[index] : firsts[index + 1]]
        chosen = None
        for candidate in mine[:TRIED_FIRST].tolist():
            if candidate in free and (not placed or claims.free(box(*rows[candidate].tolist()))):
                chosen = candidate
                break
        if chosen is None:
            rest = mine[TRIED_FIRST:]
            left = _fitting(inner[owner[rest]], rows[rest], claims)
            chosen = int(rest[left[0]]) if left.size else None
        if chosen is not None:
            row = rows[chosen].tolist()
            claims.take(label.what, box(*row))
            text = label.blocks[position[chosen]].render(row[0], row[1], row[4])
            placed.append(Placed(label.tag, text))
    return placed


def _fitting(inner: np.ndarray, rows: Rows, claims: Claims) -> np.ndarray:
    """Return the positions of rows that lie inside their room and touch nothing."""
    if not len(rows):
        return np.empty(0, dtype=np.intp)
    outlines = boxes(rows)
    inside = np.flatnonzero(shapely.covers(inner, outlines))
    free: np.ndarray = np.delete(inside, claims.hits(outlines[inside]))
    return free


def _settings(label: Wanted) -> Iterator[tuple[int, float, float, float, float]]:
    """Yield block, width, height, angle and worth of what is no larger than the label's room."""
    west, north, east, south = label.inner.bounds
    across, down = east - west + 0.01, south - north + 0.01
    tilted = is_tilted(label.axis)
    cos, sin = abs(math.cos(math.radians(label.axis))), abs(math.sin(math.radians(label.axis)))
    for position, candidate in enumerate(label.blocks):
        width, height = candidate.width, candidate.height
        turned = TURNED_NAME_BACK if candidate.pad else TURNED_BACK
        if width <= across and height <= down:
            yield position, width, height, 0.0, candidate.worth
        if height <= across and width <= down:
            yield position, width, height, -90.0, candidate.worth - turned
        if tilted and width * cos + height * sin <= across and width * sin + height * cos <= down:
            yield position, width, height, label.axis, candidate.worth - turned - 0.9


def _candidates(
    wanted: Sequence[Wanted], settings: Sequence[tuple[int, int, float, float, float, float]]
) -> tuple[np.ndarray, np.ndarray, Rows, np.ndarray]:
    """Return owner, block, row and worth of each setting at each anchor of its label.

    Left out is what leaves the bounds of the room: no exact test needs to see it.
    """
    table = np.array(settings)
    owner, position = table[:, 0].astype(np.intp), table[:, 1].astype(np.intp)
    counts = np.array([len(label.anchors) for label in wanted])
    firsts = np.cumsum(counts) - counts
    anchors = np.array([anchor for label in wanted for anchor in label.anchors])
    times = counts[owner]
    which = np.repeat(np.arange(len(table)), times)
    rank = np.arange(len(which)) - np.repeat(np.cumsum(times) - times, times)
    places = anchors[firsts[owner[which]] + rank]
    sizes = table[which, 2:5]
    turn = np.radians(sizes[:, 2:])
    cos, sin = np.abs(np.cos(turn)), np.abs(np.sin(turn))
    reach = sizes[:, :2] * cos / 2 + sizes[:, 1::-1] * sin / 2
    bounds = shapely.bounds(np.array([label.inner for label in wanted], dtype=object))[owner[which]]
    near = (places - reach >= bounds[:, :2] - 1e-6) & (places + reach <= bounds[:, 2:] + 1e-6)
    kept = np.flatnonzero(near.all(axis=1))
    which = which[kept]
    rows = np.column_stack([places[kept], sizes[kept]])
    return owner[which], position[which], rows, table[which, 5] - 0.03 * rank[kept]
