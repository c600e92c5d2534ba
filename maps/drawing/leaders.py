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
from maps.drawing.claims import box, boxes
from maps.drawing.fonts import BOLD, CAP_HEIGHT, text_width
from maps.drawing.labels import grid_anchors, inscribed

DIRECTIONS = 24
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
        around = shapely.covers(self.rooms[room_index], self.rooms[own])
        counted = line_index[other & ~around]
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
    dots = _dots(canvas, room)
    size = _size(letter=letter)
    width, height = text_width(words, size, BOLD), CAP_HEIGHT * size
    radii = LETTER_RADII if letter else NUMBER_RADII
    around = [_around(room, dot, width, height, radii) for dot in dots]
    rows = np.concatenate([boxes_around for boxes_around, _ in around])
    ties = np.concatenate([lines_around for _, lines_around in around])
    outlines: np.ndarray = boxes(rows)
    lines: np.ndarray = np.asarray(shapely.linestrings(ties))
    crossed = ground.crossed(lines, own)
    good = (crossed <= (2 if letter else 0)) & ~ground.in_rooms(outlines)
    found = np.flatnonzero(good)
    found = found[shapely.covers(canvas.frame.inside, shapely.buffer(outlines[found], 0.5))]
    wide = np.asarray(shapely.buffer(outlines[found], 0.4))
    found = np.delete(found, canvas.claims.hits(wide))
    bands = np.asarray(shapely.buffer(lines[found], 0.3, cap_style="flat"))
    found = np.delete(found, canvas.claims.hits(bands))
    if not found.size:
        return False
    inside = shapely.covers(ground.outline, outlines[found])
    lengths = np.hypot(*(ties[found, 1] - ties[found, 0]).T)
    best = found[np.argmin(lengths + 14 * ~inside + 6 * crossed[found])]
    on_floor = bool(shapely.covers(ground.outline, outlines[best]))
    _write(canvas, rows[best], ties[best], words, letter=letter, floor=on_floor)
    canvas.claims.take(what, outlines[best])
    band = lines[best].buffer(0.3, cap_style="flat")
    canvas.claims.take(f"line to {what}", band)
    return True


def _size(*, letter: bool) -> float:
    return 6.5 if letter else 6.0


def _dots(canvas: Canvas, room: BaseGeometry) -> list[tuple[float, float]]:
    """Return places in a room where its line may begin: clear of signs where there are such."""
    taken = [claim.outline for claim in canvas.claims.taken if claim.outline.intersects(room)]
    clear = room.difference(shapely.union_all(np.array(taken, dtype=object)).buffer(1.0))
    parts = [part for part in shapely.get_parts(clear) if isinstance(part, Polygon)]
    widest = max(parts, key=lambda part: part.area, default=None)
    dot = inscribed(room if widest is None or widest.area < 1 else widest)
    if not taken:
        return [dot]
    return [dot, *grid_anchors(clear.buffer(-0.2), 7)]


def _around(
    room: BaseGeometry,
    dot: tuple[float, float],
    width: float,
    height: float,
    radii: tuple[float, ...],
) -> tuple[np.ndarray, np.ndarray]:
    """Return boxes around a room and the lines from the dot to their edges."""
    rows, ties = [], []
    reach = math.hypot(room.bounds[2] - room.bounds[0], room.bounds[3] - room.bounds[1])
    for step in range(DIRECTIONS):
        turn = 2 * math.pi * step / DIRECTIONS
        dx, dy = math.cos(turn), math.sin(turn)
        ray = shapely.LineString([dot, (dot[0] + dx * reach, dot[1] + dy * reach)])
        edge = ray.intersection(room).length
        half = min(
            width / 2 / abs(dx) if abs(dx) > 1e-6 else math.inf,
            height / 2 / abs(dy) if abs(dy) > 1e-6 else math.inf,
        )
        for radius in radii:
            start = edge + radius
            far = start + half + 0.6
            rows.append((dot[0] + dx * far, dot[1] + dy * far, width, height, 0.0))
            ties.append((dot, (dot[0] + dx * start, dot[1] + dy * start)))
    return np.array(rows), np.array(ties)


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
        for anchor in anchors:
            outline: Polygon = box(
                anchor.x, anchor.y, text_width(mark, size, BOLD), _letter_height(mark, size)
            )
            if inner.covers(outline) and canvas.claims.free(outline):
                canvas.claims.take(what, outline)
                y = anchor.y + _shift(mark, size)
                canvas.words.append(svg.text("m-letter", anchor.x, y, size, mark))
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
