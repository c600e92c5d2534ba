"""The register of claimed places: who tells it of a label or sign gets no second one there."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from maps.drawing.model import Claim, DrawingIncomplete

FEW, LATE_AT_MOST = 4, 24  # a few outlines are asked of up to 24 places that are not in the tree
BATCHES = (40,)  # places to try after the first one, before all the rest
SIGNS_OF_CORNERS = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
OVERLAP_ALLOWED = 0.05  # square points: two boxes that only touch share a sliver of rounding

Rows = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def box(x: float, y: float, width: float, height: float, angle: float = 0.0) -> Polygon:
    """Return a rectangle about its center, turned by degrees clockwise on paper."""
    if angle:
        return Polygon(boxes(np.array([[x, y, width, height, angle]]))[0])
    across, down = width / 2, height / 2
    west, north, east, south = x - across, y - down, x + across, y + down
    outline: Polygon = shapely.box(west, north, east, south)
    return outline


def boxes(rows: Rows) -> np.ndarray:
    """Return rectangles of rows (center x, center y, width, height, angle) as polygons."""
    if not rows[:, 4].any():
        low, high = rows[:, :2] - rows[:, 2:4] / 2, rows[:, :2] + rows[:, 2:4] / 2
        return np.asarray(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    angle = np.radians(rows[:, 4])
    center, half = rows[:, np.newaxis, :2], rows[:, np.newaxis, 2:4] / 2
    along = np.column_stack([np.cos(angle), np.sin(angle)])[:, np.newaxis, :]
    down = np.column_stack([-np.sin(angle), np.cos(angle)])[:, np.newaxis, :]
    corners = (
        center
        + along * half[:, :, :1] * SIGNS_OF_CORNERS[:, :1]
        + down * half[:, :, 1:] * SIGNS_OF_CORNERS[:, 1:]
    )
    return np.asarray(shapely.polygons(corners))


def in_bounds(rows: Rows, frame: BaseGeometry, gap: float = 0.0) -> np.ndarray:
    """Return the positions of rows, as `boxes` takes them, whose bounds lie in those of a frame."""
    reach = rows[:, 2:4] / 2 + gap
    if rows[:, 4].any():
        turn = np.radians(rows[:, 4:])
        reach = reach * np.abs(np.cos(turn)) + reach[:, ::-1] * np.abs(np.sin(turn))
    low, high = rows[:, :2] - reach, rows[:, :2] + reach
    held = (low >= frame.bounds[:2]) & (high <= frame.bounds[2:])
    return np.flatnonzero(held[:, 0] & held[:, 1])


class Claims:
    """All places taken on one sheet, in points. `frame` is the rectangle that holds them all."""

    def __init__(self, frame: Polygon) -> None:
        self.frame = frame
        self.taken: list[Claim] = []
        self._tree: STRtree | None = None
        self._in_tree = 0
        shapely.prepare(frame)

    def free(self, outline: BaseGeometry, gap: float = 0.0) -> bool:
        """Return whether a place lies inside the frame and touches nothing, `gap` points around."""
        around = outline.buffer(gap, join_style="mitre") if gap else outline
        if not self.frame.covers(around):
            return False
        return not self._is_hit(around)

    def free_in_turn(self, rows: Rows, gap: float = 0.0) -> Iterator[np.ndarray]:
        """Yield the positions of those rows, as `boxes` takes them, that are free, in order.

        They come in batches, the first ones alone: most things find their place at once.
        """
        if len(rows) and self._is_free(rows[0], gap):
            yield np.zeros(1, dtype=np.intp)
        start = 1
        for count in (*BATCHES, len(rows)):
            batch = rows[start : start + count]
            if len(batch):
                yield start + self._free_among(batch, gap)
            start += count

    def _is_free(self, row: np.ndarray, gap: float) -> bool:
        """Return whether one row is free: what `_free_among` says of it, in a fraction of time."""
        x, y, width, height, angle = row.tolist()
        if angle:
            return bool(self._free_among(row[np.newaxis], gap).size)
        across, down = width / 2 + gap, height / 2 + gap
        west, north, east, south = self.frame.bounds
        if x - across < west or x + across > east or y - down < north or y + down > south:
            return False
        return not self._is_hit(shapely.box(x - across, y - down, x + across, y + down))

    def _is_hit(self, outline: BaseGeometry) -> bool:
        """Return whether a place touches anything taken."""
        if not self.taken:
            return False
        if self._tree is None or len(self.taken) - self._in_tree > LATE_AT_MOST:
            return self.hits([outline]).size > 0
        if self._tree.query(outline, predicate="intersects").size:
            return True
        late = self.taken[self._in_tree :]
        return any(claim.outline.intersects(outline) for claim in late)

    def first_free(self, rows: Rows, gap: float = 0.0) -> int | None:
        """Return the position of the first of those rows that is free, or None."""
        return next((int(free[0]) for free in self.free_in_turn(rows, gap) if free.size), None)

    def free_shapes(self, shapes: np.ndarray) -> np.ndarray:
        """Return the positions of those shapes that lie inside the frame and touch nothing."""
        inside = np.flatnonzero(shapely.covers(self.frame, shapes))
        free: np.ndarray = np.delete(inside, self.hits(shapes[inside]))
        return free

    def _free_among(self, rows: Rows, gap: float) -> np.ndarray:
        inside = in_bounds(rows, self.frame, gap)
        if not inside.size:
            return inside
        around = boxes(rows[inside] + np.array([0, 0, 2 * gap, 2 * gap, 0]))
        free: np.ndarray = np.delete(inside, self.hits(around))
        return free

    def hits(self, outlines: Sequence[BaseGeometry] | np.ndarray) -> np.ndarray:
        """Return the positions of those outlines that touch anything taken."""
        shapes = np.asarray(outlines, dtype=object)
        if not self.taken:
            return np.empty(0, dtype=np.intp)
        late = len(self.taken) - self._in_tree
        if self._tree is None or late > (LATE_AT_MOST if len(shapes) <= FEW else 0):
            self._tree = STRtree([claim.outline for claim in self.taken])
            self._in_tree, late = len(self.taken), 0
        hit = np.zeros(len(shapes), dtype=bool)
        hit[self._tree.query(shapes, predicate="intersects")[0]] = True
        if late:
            rest = np.array([claim.outline for claim in self.taken[-late:]], dtype=object)
            hit |= shapely.intersects(shapes[:, np.newaxis], rest).any(axis=1)
        return np.flatnonzero(hit)

    def touching(self, shape: BaseGeometry) -> list[BaseGeometry]:
        """Return the outlines taken that touch a shape, in the order in which they were taken."""
        if not self.taken:
            return []
        outlines = np.array([claim.outline for claim in self.taken], dtype=object)
        found: list[BaseGeometry] = outlines[shapely.intersects(outlines, shape)].tolist()
        return found

    def take(self, what: str, outline: BaseGeometry) -> None:
        """Enter a place."""
        self.taken.append(Claim(what, outline))

    def prove(self) -> None:
        """Raise DrawingIncomplete when two places overlap or one leaves the frame."""
        shapes = np.array([claim.outline for claim in self.taken], dtype=object)
        outside = np.flatnonzero(~shapely.covered_by(shapes, self.frame.buffer(0.01)))
        if outside.size:
            raise DrawingIncomplete(
                f"{self.taken[outside[0]].what} leaves the frame of the sheet: "
                "draw the level on a larger sheet or in parts"
            )
        left, right = STRtree(shapes).query(shapes, predicate="intersects")
        pairs = left < right
        left, right = left[pairs], right[pairs]
        shared = shapely.area(shapely.intersection(shapes[left], shapes[right]))
        worst = np.flatnonzero(shared > OVERLAP_ALLOWED)
        if worst.size:
            first = worst[0]
            raise DrawingIncomplete(
                f"{self.taken[left[first]].what} and {self.taken[right[first]].what} overlap by "
                f"{shared[first]:.2f} square points: draw the level on a larger sheet or in parts"
            )


def readable(angle: float) -> float:
    """Return an angle of the same line that reads from the left or from bottom to top."""
    turned = math.fmod(angle, 180.0)
    if turned >= 80:
        return turned - 180
    if turned < -100:
        return turned + 180
    return turned
