"""The register of claimed places: who tells it of a label or sign gets no second one there."""

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from maps.drawing.model import Claim, DrawingIncomplete

FEW, LATE_AT_MOST = 4, 24  # a few outlines are asked of up to 24 places that are not in the tree
OVERLAP_ALLOWED = 0.05  # square points: two boxes that only touch share a sliver of rounding


def box(x: float, y: float, width: float, height: float, angle: float = 0.0) -> Polygon:
    """Return a rectangle about its center, turned by degrees clockwise on paper."""
    corners = boxes(np.array([[x, y, width, height, angle]]))
    outline: Polygon = corners[0]
    return outline


def boxes(rows: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> np.ndarray:
    """Return rectangles of rows (center x, center y, width, height, angle) as polygons."""
    angle = np.radians(rows[:, 4])
    half_x = np.stack([np.cos(angle), np.sin(angle)], axis=1) * rows[:, 2:3] / 2
    half_y = np.stack([-np.sin(angle), np.cos(angle)], axis=1) * rows[:, 3:4] / 2
    center = rows[:, :2]
    ring = np.stack(
        [
            center - half_x - half_y,
            center + half_x - half_y,
            center + half_x + half_y,
            center - half_x + half_y,
        ],
        axis=1,
    )
    outlines: np.ndarray = np.asarray(shapely.polygons(ring))
    return outlines


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
        return self.hits([around]).size == 0

    def free_among(
        self, rows: np.ndarray[tuple[int, int], np.dtype[np.float64]], gap: float
    ) -> np.ndarray:
        """Return the positions of those rows, as `boxes` takes them, that are free, in order."""
        around = boxes(rows + np.array([0, 0, 2 * gap, 2 * gap, 0]))
        inside = np.flatnonzero(shapely.covers(self.frame, around))
        free: np.ndarray = np.delete(inside, self.hits(around[inside]))
        return free

    def hits(self, outlines: Sequence[BaseGeometry] | np.ndarray) -> np.ndarray:
        """Return the positions of those outlines that touch anything taken."""
        shapes = np.asarray(outlines, dtype=object)
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
