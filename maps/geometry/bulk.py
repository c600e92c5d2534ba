"""Which areas hold each of many positions: a million at once, for tracks and address lists."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.document import Feature, MapDocument
from maps.geometry.site import is_polygonal

Indices = NDArray[np.int64]
BACKGROUND_KINDS = frozenset({"level", "building"})  # what holds a place but says nothing of it


class BulkLocator:
    """Finds the areas of one map that hold positions; built once, asked in bulk.

    A position on an outline lies in both areas. Degrees are compared as they stand: over the length
    of a wall a straight line in degrees is straight on the ground to a tenth of a millimeter.
    """

    def __init__(self, document: MapDocument) -> None:
        """Prepare the areas of a document, levels and buildings left out."""
        areas = [
            (index, feature)
            for index, feature in enumerate(document.features)
            if is_polygonal(feature) and feature.kind not in BACKGROUND_KINDS
        ]
        self.features: tuple[Feature, ...] = tuple(feature for _, feature in areas)
        self._shapes = np.array([feature.geometry for feature in self.features], dtype=object)
        self._bounds = shapely.bounds(self._shapes).reshape(-1, 4)
        shapely.prepare(self._shapes)

    def areas_at(
        self,
        longitudes: NDArray[np.float64],
        latitudes: NDArray[np.float64],
        level_ids: Sequence[str | None] | None = None,
    ) -> tuple[Indices, Indices]:
        """Return (points, areas): each pair is a position and an area that holds it.

        `points` count the positions given, `areas` count `features`; pairs come in the order of the
        areas. With `level_ids`, one for each position, an area counts only on that level; None is
        any level. Positions that are no numbers lie in no area.
        """
        if not len(self.features):
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        grid = _Cells(self._bounds, longitudes, latitudes)
        found: list[Indices] = []
        for shape, (west, south, east, north) in zip(
            self._shapes, self._bounds.tolist(), strict=True
        ):
            near = grid.within(west, south, east, north)
            found.append(near[shapely.intersects_xy(shape, grid.x[near], grid.y[near])])
        points = grid.order[np.concatenate(found)]
        areas = np.repeat(np.arange(len(self.features)), [len(held) for held in found])
        if level_ids is None:
            return points, areas
        return self._on_levels(points, areas, level_ids)

    def _on_levels(
        self, points: Indices, areas: Indices, level_ids: Sequence[str | None]
    ) -> tuple[Indices, Indices]:
        codes = {level: code for code, level in enumerate(dict.fromkeys(level_ids))}
        asked = np.array([codes[level] for level in level_ids], dtype=np.int64)
        fits = np.array(
            [
                [level is None or level in feature.levels for level in codes]
                for feature in self.features
            ],
            dtype=bool,
        ).reshape(len(self.features), len(codes))
        kept = fits[areas, asked[points]]
        return points[kept], areas[kept]

    def smallest_at(
        self,
        longitudes: NDArray[np.float64],
        latitudes: NDArray[np.float64],
        level_ids: Sequence[str | None] | None = None,
    ) -> Indices:
        """Return for each position the smallest area that holds it, -1 where none does."""
        points, areas = self.areas_at(longitudes, latitudes, level_ids)
        smallest = np.full(len(longitudes), -1, dtype=np.int64)
        largest_first = np.argsort(-shapely.area(self._shapes), kind="stable")
        rank = np.empty(len(largest_first), dtype=np.int64)
        rank[largest_first] = np.arange(len(largest_first))
        by_rank = np.argsort(rank[areas], kind="stable")
        smallest[points[by_rank]] = areas[by_rank]  # of several the last, the smallest, stays
        return smallest


class _Cells:
    """Positions sorted by cells over the areas: what lies in a box is a few runs of them.

    The cell fits sixteen bits, which numpy sorts by counting: ten times as fast as by comparing.
    """

    ROWS, COLUMNS = 64, 1024

    def __init__(
        self,
        bounds: NDArray[np.float64],
        longitudes: NDArray[np.float64],
        latitudes: NDArray[np.float64],
    ) -> None:
        self.west, self.south = bounds[:, 0].min(), bounds[:, 1].min()
        east, north = bounds[:, 2].max(), bounds[:, 3].max()
        self.columns_per_degree = self.COLUMNS / max(east - self.west, 1e-12)
        self.rows_per_degree = self.ROWS / max(north - self.south, 1e-12)
        inside = np.flatnonzero(
            (longitudes >= self.west) & (longitudes <= east)
            & (latitudes >= self.south) & (latitudes <= north)
        )  # fmt: skip
        x, y = longitudes[inside], latitudes[inside]
        cells = (self._row(y) * self.COLUMNS + self._column(x)).astype(np.uint16)
        by_cell = np.argsort(cells, kind="stable")
        self.order = inside[by_cell]
        self.x, self.y = x[by_cell], y[by_cell]
        counts = np.bincount(cells, minlength=self.ROWS * self.COLUMNS)
        self.begins = np.concatenate(([0], np.cumsum(counts)))

    def _column(self, x: NDArray[np.float64]) -> NDArray[np.int64]:
        columns = ((x - self.west) * self.columns_per_degree).astype(np.int64)
        return np.asarray(np.minimum(columns, self.COLUMNS - 1))

    def _row(self, y: NDArray[np.float64]) -> NDArray[np.int64]:
        rows = ((y - self.south) * self.rows_per_degree).astype(np.int64)
        return np.asarray(np.minimum(rows, self.ROWS - 1))

    def within(self, west: float, south: float, east: float, north: float) -> Indices:
        """Return the sorted positions whose cell meets a box: few lie outside it."""
        first, last = self._column(np.array([west, east])).tolist()
        low, high = self._row(np.array([south, north])).tolist()
        rows = np.arange(low, high + 1) * self.COLUMNS
        begins, ends = self.begins[rows + first], self.begins[rows + last + 1]
        lengths = ends - begins
        # Runs one after the other: each position counts on from the begin of its run.
        steps = np.repeat(begins - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        return steps + np.arange(len(steps))
