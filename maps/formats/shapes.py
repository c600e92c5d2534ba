"""GeoJSON geometries to shapely in bulk, with each thing that was wrong or mended.

Bulk constructors with `indices=` are several times faster than `shape()` one by one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "Polygon": 2,
    "MultiLineString": 2,
    "MultiPolygon": 3,
}
LEAST_POSITIONS = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}
TANGLED_FROM = 200  # points: with fewer any tangle is mended in milliseconds
MOST_CROSSED = 20  # edges that the box of one edge meets; a drawn outline has its two neighbors
_SAMPLE = 200
LARGEST = 1e12  # far beyond any reference system
_FORMS = {0: "one position", 1: "a list of positions", 2: "a list of lists", 3: "nested lists"}


class Tangled(Exception):
    """A polygon whose outline crosses itself so often that it is no outline."""


@dataclass(slots=True)
class Shapes:
    """Geometries in the order given: None where `problems` (index → why) has the reason."""

    shapes: NDArray[np.object_]
    problems: dict[int, str] = field(default_factory=dict)
    closed: list[int] = field(default_factory=list)
    vertices: int = 0


def build_shapes(geometries: Sequence[Any]) -> Shapes:
    """Return shapely geometries of GeoJSON geometry objects (or None); heights are dropped."""
    built = Shapes(np.full(len(geometries), None, dtype=object))
    groups: dict[str, list[int]] = {name: [] for name in DEPTHS}
    for index, geometry in enumerate(geometries):
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        group = groups.get(kind) if isinstance(kind, str) else None
        if group is None:
            built.problems[index] = _no_shape(geometry, kind)
        else:
            group.append(index)
    for kind, indices in groups.items():
        if indices:
            _build_group(kind, indices, geometries, built)
    return built


def _no_shape(geometry: Any, kind: Any) -> str:
    if geometry is None:
        return "it has no geometry"
    if kind == "GeometryCollection":
        return "a geometry collection mixes shapes: give each shape a feature of its own"
    return f"GeoJSON has no geometry type {kind!r}" if kind else "its geometry has no type"


def _build_group(
    kind: str, indices: list[int], geometries: Sequence[dict[str, Any]], built: Shapes
) -> None:
    try:
        made = _bulk(kind, [geometries[index]["coordinates"] for index in indices])
    except (TypeError, ValueError, KeyError, IndexError):
        # Something in this group is malformed: find it feature by feature, and build the rest.
        good = []
        for index in indices:
            why = _problem(kind, geometries[index].get("coordinates"))
            if why is None:
                good.append(index)
            else:
                built.problems[index] = why
        indices = good
        made = _bulk(kind, [geometries[index]["coordinates"] for index in indices])
    shapes, vertices, unclosed = made
    built.vertices += vertices
    built.shapes[indices] = shapes
    built.closed.extend(indices[feature] for feature in unclosed)


def _bulk(kind: str, coordinates: list[Any]) -> tuple[Any, int, Iterable[int]]:
    """Return the geometries of one type, their vertices, and which had an open ring."""
    if not coordinates:
        return np.array([], dtype=object), 0, ()
    owners = [np.arange(len(coordinates))]
    parts: list[Any] = coordinates
    for _ in range(DEPTHS[kind]):
        counts = np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
        if not counts.all():
            raise ValueError("empty")
        owners.append(np.repeat(np.arange(len(parts)), counts))
        parts = list(chain.from_iterable(parts))
    xy = _positions(parts)
    if kind == "Point":
        return shapely.points(xy), len(xy), ()
    if kind == "MultiPoint":
        points: Any = shapely.points(xy)
        return shapely.multipoints(points, indices=owners[1]), len(xy), ()
    lines = owners[-1]
    starts = np.flatnonzero(np.concatenate(([True], np.diff(lines) != 0)))
    lengths = np.diff(np.concatenate((starts, [len(lines)])))
    if kind.endswith("LineString"):
        if (lengths < LEAST_POSITIONS[kind]).any():
            raise ValueError("short")
        made: Any = shapely.linestrings(xy, indices=lines)
        if kind == "MultiLineString":
            made = shapely.multilinestrings(made, indices=owners[1])
        return made, len(xy), ()
    unclosed = (xy[starts] != xy[starts + lengths - 1]).any(axis=1)
    if (lengths + unclosed < LEAST_POSITIONS[kind]).any():
        raise ValueError("short")
    rings: Any = shapely.linearrings(xy, indices=lines)  # closes the open ones
    of_polygon = owners[-2]
    made = shapely.polygons(rings, indices=of_polygon)
    of_feature = of_polygon
    if kind == "MultiPolygon":
        made = shapely.multipolygons(made, indices=owners[1])
        of_feature = owners[1][of_polygon]
    return made, len(xy), np.unique(of_feature[unclosed]).tolist()


def _positions(parts: list[Any]) -> NDArray[np.float64]:
    try:
        xy = np.array(parts)
    except ValueError:
        xy = np.empty(0)
    if xy.dtype.kind not in "iuf" or xy.ndim != 2:
        # Some positions have a height and some have none, or it is null.
        xy = np.array([(part[0], part[1]) for part in parts])
    if xy.dtype.kind not in "iuf" or xy.ndim != 2 or xy.shape[1] < 2:
        raise TypeError("positions")
    return np.ascontiguousarray(xy[:, :2], dtype=np.float64)


def _problem(kind: str, coordinates: Any) -> str | None:
    """Return why coordinates do not fit their type, or None when they do."""
    return _nested_problem(kind, coordinates, DEPTHS[kind])


def _nested_problem(kind: str, coordinates: Any, depth: int) -> str | None:
    if not isinstance(coordinates, list):
        return (
            f"the coordinates of a {kind} are {_FORMS[DEPTHS[kind]]}, this has {coordinates!r:.40}"
        )
    if not coordinates:
        return "its coordinates are empty"
    if depth == 0:
        fits = len(coordinates) >= 2 and all(
            isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST
            for value in coordinates[:2]
        )
        return None if fits else f"{coordinates!r:.60} is no position: two numbers, lon and lat"
    for part in coordinates:
        why = _nested_problem(kind, part, depth - 1)
        if why is not None:
            return why
    if depth == 1 and kind in LEAST_POSITIONS:
        closing = "Polygon" in kind and coordinates[0][:2] != coordinates[-1][:2]
        if len(coordinates) + closing < LEAST_POSITIONS[kind]:
            return f"a {kind} needs {LEAST_POSITIONS[kind]} positions, this has {len(coordinates)}"
    return None


def wrongly_turned(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Return which polygons have a clockwise outer ring or a counter-clockwise hole."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    is_polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts, owners = parts[is_polygon], owners[is_polygon]
    wrong = np.zeros(len(shapes), dtype=bool)
    wrong[owners[~shapely.is_ccw(shapely.get_exterior_ring(parts))]] = True
    rings, ring_owners = shapely.get_rings(parts, return_index=True)
    is_hole = np.concatenate(([False], ring_owners[1:] == ring_owners[:-1]))[: len(rings)]
    wrong[owners[ring_owners[is_hole & shapely.is_ccw(rings)]]] = True
    return wrong


def polygonal(shape: BaseGeometry) -> bool:
    """Return whether a geometry covers an area."""
    return shape.geom_type in ("Polygon", "MultiPolygon")


def mended(shape: BaseGeometry) -> BaseGeometry:
    """Return a polygon made valid; raises Tangled where that would take minutes.

    A sample of its edges is counted against all of them.
    """
    vertices = shapely.get_coordinates(shape)
    if len(vertices) > TANGLED_FROM:
        edges = np.stack((vertices[:-1], vertices[1:]), axis=1)
        lines: Any = shapely.linestrings(edges)
        sample = lines[:: max(1, len(lines) // _SAMPLE)]
        crossed = shapely.STRtree(lines).query(sample).shape[1] / len(sample)
        if crossed > MOST_CROSSED:
            raise Tangled(f"its outline of {len(vertices):,} points crosses itself all over")
    return shapely.make_valid(shape, method="structure", keep_collapsed=False)
