"""From longitude and latitude to local meters, and from meters to points on a sheet."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry import box as rectangle
from shapely.geometry.base import BaseGeometry

from maps.document import Grid, MapDocument
from maps.drawing import svg
from maps.drawing.fonts import BOLD, text_width
from maps.drawing.symbols import POINTS_PER_METER
from maps.geometry import projection as plane
from maps.geometry.grid import cell_name, column_name

Geometries = TypeVar("Geometries", BaseGeometry, NDArray[np.object_])
BAND = 12.0  # points outside the frame for letters and numbers of the grid
LEAST_CELL = 8.0  # points of a cut cell that still bear its name


@dataclass(frozen=True, slots=True)
class Projection:
    """Local meters about an origin, as on a sheet: x east, y south, true north up."""

    plane: plane.Projection

    def to_meters(self, geometry: Geometries) -> Geometries:
        """Return a geometry of (lon, lat), or an array of them, in local meters."""
        north_up = self.plane.to_meters(shapely.force_2d(geometry))
        south_down: Geometries = shapely.transform(north_up, lambda places: places * (1, -1))
        return south_down


def projection_of(document: MapDocument) -> Projection:
    """Return the projection whose origin is that of the grid, or the map's middle without one."""
    if document.grid is not None:
        grid = document.grid
        return Projection(plane.Projection.around(grid.origin_longitude, grid.origin_latitude))
    return Projection(plane.Projection.over(feature.geometry for feature in document.features))


@dataclass(frozen=True)
class Frame:
    """One sheet: its size in points and the ground it shows. West and north are local meters."""

    width: float
    height: float
    scale: int
    west: float
    north: float
    grid: Grid | None
    band: float = BAND

    @property
    def per_meter(self) -> float:
        """Points on paper for one meter of ground."""
        return POINTS_PER_METER / self.scale

    @cached_property
    def inside(self) -> Polygon:
        """The rectangle within the bands, in points."""
        return rectangle(self.band, self.band, self.width - self.band, self.height - self.band)

    def to_points(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry of local meters in points of the sheet."""
        offset = np.array([self.west, self.north])
        moved: BaseGeometry = shapely.transform(
            geometry, lambda places: (places - offset) * self.per_meter + self.band
        )
        return moved

    def all_to_points(self, geometries: Sequence[BaseGeometry]) -> np.ndarray:
        """Return geometries of local meters in points of the sheet, all at once."""
        offset = np.array([self.west, self.north])
        moved: np.ndarray = shapely.transform(
            objects(geometries), lambda places: (places - offset) * self.per_meter + self.band
        )
        return moved

    def at(self, place: tuple[float, float]) -> tuple[float, float]:
        """Return a place in local meters in points of the sheet."""
        return (
            (place[0] - self.west) * self.per_meter + self.band,
            (place[1] - self.north) * self.per_meter + self.band,
        )

    def cell(self, x: float, y: float) -> str:
        """Return the name of the grid cell at a place in points, "" on a campus without grid."""
        if self.grid is None:
            return ""
        size = self.grid.cell_meters
        east = (x - self.band) / self.per_meter + self.west
        south = (y - self.band) / self.per_meter + self.north
        return cell_name(math.floor(east / size), math.floor(south / size))


def objects(geometries: Sequence[BaseGeometry]) -> np.ndarray:
    """Return geometries as an array that shapely takes as a whole."""
    made = np.empty(len(geometries), dtype=object)
    made[:] = geometries
    return made


def fit(bounds: Iterable[float], width: float, height: float, margin: float) -> float:
    """Return the smallest n of 1:n at which bounds in meters fit, `margin` points on each side."""
    west, north, east, south = bounds
    across = (east - west) / max(width - 2 * (BAND + margin), 1)
    down = (south - north) / max(height - 2 * (BAND + margin), 1)
    return max(across, down, 0.005) * POINTS_PER_METER


def cell_words(grid: Grid | None) -> str:
    """Return ", grid cells of 20 m" (or of 60 ft, where that is the round figure), or ""."""
    if grid is None:
        return ""
    feet = grid.cell_meters / 0.3048
    if abs(feet - round(feet)) < 0.001:
        return f", grid cells of {round(feet)} ft"
    return f", grid cells of {grid.cell_meters:g} m"


def grid_lines(frame: Frame, size: float = 8.0) -> tuple[str, str]:
    """Return the lines that go under the labels, and the ticks and names around the frame.

    `size` is that of the names in points.
    """
    if frame.grid is None:
        return "", ""
    lines: list[str] = []
    edges: list[str] = []
    for across in (True, False):
        length = frame.width if across else frame.height
        start = frame.west if across else frame.north
        step = frame.grid.cell_meters * frame.per_meter
        first = math.floor(start / frame.grid.cell_meters)
        offset = frame.band + (first * frame.grid.cell_meters - start) * frame.per_meter
        count = math.ceil((length - frame.band - offset) / step)
        for index in range(count):
            low, high = offset + index * step, offset + (index + 1) * step
            if frame.band < low < length - frame.band:
                lines.append(_line(frame, low, across=across))
                edges.append(_ticks(frame, low, across=across))
            low, high = max(low, frame.band), min(high, length - frame.band)
            name = column_name(first + index) if across else str(first + index + 1)
            needed = text_width(name, size, BOLD) if across else LEAST_CELL
            if high - low >= max(LEAST_CELL, needed):
                edges.append(_names(frame, (low + high) / 2, name, size, across=across))
    return "".join(lines), "".join(edges)


def _line(frame: Frame, at: float, *, across: bool) -> str:
    if across:
        return svg.line("m-grid", at, frame.band, at, frame.height - frame.band)
    return svg.line("m-grid", frame.band, at, frame.width - frame.band, at)


def _ticks(frame: Frame, at: float, *, across: bool) -> str:
    far = (frame.height if across else frame.width) - frame.band
    ends = [(frame.band, frame.band + 4), (far - 4, far)]
    if across:
        return "".join(svg.line("m-tick", at, a, at, b) for a, b in ends)
    return "".join(svg.line("m-tick", a, at, b, at) for a, b in ends)


def _names(frame: Frame, at: float, name: str, size: float, *, across: bool) -> str:
    half = frame.band / 2
    if across:
        places = [(at, half - 0.5), (at, frame.height - half + 0.5)]
    else:
        places = [(half - 0.5, at), (frame.width - half + 0.5, at)]
    return "".join(svg.middle_text("m-edge", x, y, size, name) for x, y in places)
