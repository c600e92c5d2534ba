"""Labels out of place: a number on a line beside its room, or a letter with a list."""

import math
import re
from collections.abc import Sequence

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from maps.drawing import svg
from maps.drawing.canvas import Canvas
from maps.drawing.claims import Rows, box, boxes, in_bounds
from maps.drawing.fonts import BOLD, CAP_HEIGHT, text_width
from maps.drawing.labels import grid_anchors, inscribed

DIRECTIONS = 24
DIRECTIONS_AROUND = np.array(
    [
        (math.cos(2 * math.pi * step / DIRECTIONS), math.sin(2 * math.pi * step / DIRECTIONS))
        for step in range(DIRECTIONS)
    ]
)
TRIED_AT_ONCE = 160
NUMBER_RADII = (3.0, 5.0, 8.0, 11.0, 14.0, 18.0)
LETTER_RADII = (2.0, 4.0, 6.0, 9.0, 12.0, 16.0, 20.0, 26.0, 33.0, 42.0, 54.0)


class Ground:
    """Where a leader may end: the rooms of a sheet and its outline, in points."""

    def __init__(self, rooms: Sequence[BaseGeometry], outline: BaseGeometry) -> None:
        self.rooms = np.array(rooms, dtype=object)
        self.tree = STRtree(self.rooms)
        self.outline = outline.buffer(-1.5)
        shapely.prepare(self.outline)

    def in_rooms(self, shapes: np.ndarray) -> np.ndarray:
        """Return for each shape whether it touches any room."""
        hit = np.zeros(len(shapes), dtype=bool)
        hit[self.tree.query(shapes, predicate="intersects")[0]] = True
        return hit

    def crossed(self, lines: np.ndarray, own: int) -> np.ndarray:
        """Return for each line how many rooms other than its own it crosses."""
        line_index, room_index = self.tree.query(lines, predicate="intersects")
        other = room_index != own
        around = shapely.covers(self.rooms, self.rooms[own])
        counted = line_index[other & ~around[room_index]]
        return np.bincount(counted, minlength=len(lines))


def natural(words: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts 9 before 10 and 128A.2 before 128A.10."""
    return [
        (0, int(piece), "") if piece.isdigit() else (1, 0, piece.lower())
        for piece in re.findall(r"\d+|\D+", words)
    ]


def letters(index: int) -> str:
    """Return the mark of a place in the list: a to z, then aa, ab."""
    text = chr(97 + index % 26)
    while index >= 26:
        index = index // 26 - 1
        text = chr(97 + index % 26) + text
    return text


def lead(
    canvas: Canvas,
    ground: Ground,
    own: int,
    words: str,
    *,
    what: str,
    letter: bool,
) -> bool:
    """Write words beside a room, tied to it by a line; returns False when there is no place."""
    room = ground.rooms[own]
    size = _size(letter=letter)
    width, height = text_width(words, size, BOLD), CAP_HEIGHT * size
    radii = LETTER_RADII if letter else NUMBER_RADII
    rows, ties = _around(room, _dots(canvas, room), width, height, radii)
    held = in_bounds(rows, canvas.frame.inside, 0.5)
    rows, ties = rows[held], ties[held]
    best = _nearest(canvas, ground, own, rows, ties, crossed_at_most=2 if letter else 0)
    if best is None:
        return False
    outline = box(*rows[best].tolist())
    on_floor = bool(shapely.covers(ground.outline, outline))
    _write(canvas, rows[best], ties[best], words, letter=letter, floor=on_floor)
    canvas.claims.take(what, outline)
    band = shapely.LineString(ties[best]).buffer(0.3, cap_style="flat")
    canvas.claims.take(f"line to {what}", band)
    return True


def _nearest(
    canvas: Canvas,
    ground: Ground,
    own: int,
    rows: Rows,
    ties: np.ndarray,
    *,
    crossed_at_most: int,
) -> int | None:
    """Return which box with its line is best: short, over the floor, few rooms crossed; or None.

    The shortest lines are tried first: once the best costs less than the length of the next, no
    other can be better.
    """
    lengths = np.hypot(*(ties[:, 1] - ties[:, 0]).T)
    order = np.argsort(lengths, kind="stable")
    best, least = None, math.inf
    for start in range(0, len(order), TRIED_AT_ONCE):
        some = order[start : start + TRIED_AT_ONCE]
        if lengths[some[0]] > least:
            break
        outlines, lines = boxes(rows[some]), np.asarray(shapely.linestrings(ties[some]))
        found = np.flatnonzero(~ground.in_rooms(outlines))
        found = np.delete(found, canvas.claims.hits(shapely.buffer(outlines[found], 0.4)))
        bands = shapely.buffer(lines[found], 0.3, cap_style="flat")
        found = np.delete(found, canvas.claims.hits(bands))
        crossed = ground.crossed(lines[found], own)
        few = crossed <= crossed_at_most
        found, crossed = found[few], crossed[few]
        if not found.size:
            continue
        outside = ~shapely.covers(ground.outline, outlines[found])
        costs = lengths[some[found]] + 14 * outside + 6 * crossed
        for position, cost in zip(some[found].tolist(), costs.tolist(), strict=True):
            if cost < least or (cost == least and best is not None and position < best):
                best, least = position, cost
    return best


def _size(*, letter: bool) -> float:
    return 6.5 if letter else 6.0


def _dots(canvas: Canvas, room: BaseGeometry) -> list[tuple[float, float]]:
    """Return places in a room where its line may begin: clear of signs where there are such."""
    taken = canvas.claims.touching(room)
    clear = room.difference(shapely.union_all(np.array(taken, dtype=object)).buffer(1.0))
    parts = [part for part in shapely.get_parts(clear) if isinstance(part, Polygon)]
    widest = max(parts, key=lambda part: part.area, default=None)
    dot = inscribed(room if widest is None or widest.area < 1 else widest)
    if not taken:
        return [dot]
    return [dot, *grid_anchors(clear.buffer(-0.2), 7)]


def _around(
    room: BaseGeometry,
    dots: Sequence[tuple[float, float]],
    width: float,
    height: float,
    radii: tuple[float, ...],
) -> tuple[Rows, np.ndarray]:
    """Return boxes around a room, by dot, direction and distance, and the lines to their edges."""
    west, north, east, south = room.bounds
    starts = np.array(dots)[:, np.newaxis, np.newaxis, :]
    ways = DIRECTIONS_AROUND[np.newaxis, :, np.newaxis, :]
    ends = starts + ways * math.hypot(east - west, south - north)
    rays = shapely.linestrings(np.concatenate(np.broadcast_arrays(starts, ends), axis=2))
    edges = np.asarray(shapely.length(shapely.intersection(rays, room)))[:, :, np.newaxis]
    with np.errstate(divide="ignore"):
        halves = np.array([width / 2, height / 2]) / np.abs(DIRECTIONS_AROUND)
    half = np.where(np.abs(DIRECTIONS_AROUND) > 1e-6, halves, math.inf).min(axis=1)
    start = (edges + np.array(radii))[..., np.newaxis]
    centers = starts + ways * (start + half[np.newaxis, :, np.newaxis, np.newaxis] + 0.6)
    count = centers.size // 2
    rows = np.column_stack([centers.reshape(count, 2), np.tile([width, height, 0.0], (count, 1))])
    ties = np.stack(np.broadcast_arrays(starts, starts + ways * start), axis=-2)
    return rows, ties.reshape(count, 2, 2)


def _write(
    canvas: Canvas,
    row: np.ndarray,
    tie: np.ndarray,
    words: str,
    *,
    letter: bool,
    floor: bool,
) -> None:
    x, y = float(row[0]), float(row[1])
    size = _size(letter=letter)
    (start_x, start_y), (end_x, end_y) = tie
    kind = "letter-" if letter else ""
    css = "m-letter-leader" if letter else "m-leader"
    dot = f"m-{kind}dot" if letter else "m-leader-dot"
    halo = "m-halo-floor" if floor else "m-halo-site"
    canvas.words.append(
        svg.line(css, start_x, start_y, end_x, end_y)
        + svg.circle(dot, start_x, start_y, 0.8)
        + svg.middle_text(halo, x, y, size, words)
        + svg.middle_text("m-letter" if letter else "m-number", x, y, size, words)
    )


def letter_in_room(canvas: Canvas, room: BaseGeometry, mark: str, *, what: str) -> bool:
    """Write a letter inside its room; returns False when none of the sizes fits."""
    west, north, east, south = room.bounds
    center = Point(inscribed(room))
    middle = Point((west + east) / 2, (north + south) / 2)
    anchors = [center, room.centroid, room.representative_point(), middle]
    inner = room.buffer(-0.55, join_style="mitre")
    for size in canvas.sizes.letter:
        width, height = text_width(mark, size, BOLD), _letter_height(mark, size)
        rows = np.array([(anchor.x, anchor.y, width, height, 0.0) for anchor in anchors])
        rows = rows[shapely.covers(inner, boxes(rows))]
        first = canvas.claims.first_free(rows)
        if first is not None:
            x, y = rows[first, :2].tolist()
            canvas.claims.take(what, box(*rows[first].tolist()))
            canvas.words.append(svg.text("m-letter", x, y + _shift(mark, size), size, mark))
            return True
    return False


def _letter_height(mark: str, size: float) -> float:
    return size * (CAP_HEIGHT if set(mark) & set("bdfhijklt") else 0.56) + (
        size * 0.2 if set(mark) & set("gjpqy") else 0
    )


def _shift(mark: str, size: float) -> float:
    """Return how far the baseline lies below the middle of a letter's box."""
    low = size * 0.2 if set(mark) & set("gjpqy") else 0.0
    return _letter_height(mark, size) / 2 - low
