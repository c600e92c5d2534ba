"""The small language in which the building is written: rows of rooms, walls and doors in meters.

Positions are local meters, x to the east and y to the north. Walls are lines without thickness,
as in a room-use drawing: neighbors share the very same edge.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import LineString, MultiLineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

SINGLE_DOOR = 1.0  # meters, frame of one 36 in leaf
DOUBLE_DOOR = 1.9  # meters, frame of two 36 in leaves
_ON_WALL = 1e-6  # meters

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One feature of the drawing in local meters. `level` is as in the file; None is outdoors."""

    kind: str
    label: str
    shape: BaseGeometry
    names: tuple[str, ...] = ()
    level: int | list[int] | None = None
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Space:
    """A room, corridor, stair or elevator of one floor, and the neighbors its doors open to.

    A neighbor named twice has two doors in that wall.
    """

    kind: str
    label: str
    shape: Polygon
    names: tuple[str, ...] = ()
    doors: tuple[str, ...] = ()


def room(label: str, shape: Polygon, names: str, *doors: str) -> Space:
    """Return a room; `names` are parted by commas, `doors` name the neighbors they open to."""
    return Space("room", label, shape, tuple(n.strip() for n in names.split(",")), doors)


def hall(label: str, shape: Polygon) -> Space:
    """Return a corridor, open wherever it touches another corridor."""
    return Space("corridor", label, shape)


def row_east(
    x: float, south: float, north: float, door_to: str, *rooms: tuple[str, float, str]
) -> list[Space]:
    """Return rooms (label, width in meters, names) side by side from x to the east.

    Each has its door to the neighbor `door_to`. Labels S-… are stairs.
    """
    spaces = []
    for label, width, names in rooms:
        east = round(x + width, 3)
        spaces.append(_in_row(label, box(x, south, east, north), names, door_to))
        x = east
    return spaces


def row_north(
    y: float, west: float, east: float, door_to: str, *rooms: tuple[str, float, str]
) -> list[Space]:
    """Return rooms (label, width in meters, names) side by side from y to the north."""
    spaces = []
    for label, width, names in rooms:
        north = round(y + width, 3)
        spaces.append(_in_row(label, box(west, y, east, north), names, door_to))
        y = north
    return spaces


def bow(start: Position, end: Position, rise: float, pieces: int) -> list[Position]:
    """Return the points of a circular arc from start to end, both included.

    The arc stands out by `rise` meters to the right of the way from start to end.
    """
    half = math.dist(start, end) / 2
    radius = (half * half + rise * rise) / (2 * rise)
    along = ((end[0] - start[0]) / (2 * half), (end[1] - start[1]) / (2 * half))
    right = (along[1], -along[0])
    sweep = 2 * math.asin(half / radius)
    points = [start]
    for step in range(1, pieces):
        angle = sweep * (step / pieces - 0.5)
        forth = half + radius * math.sin(angle)
        out = radius * math.cos(angle) - (radius - rise)
        points.append(
            (
                round(start[0] + forth * along[0] + out * right[0], 4),
                round(start[1] + forth * along[1] + out * right[1], 4),
            )
        )
    return [*points, end]


def without(shape: Polygon, corner: Polygon) -> Polygon:
    """Return a room from whose corner a smaller one is cut; ValueError where it falls apart."""
    return _one_piece(shape.difference(corner))


def outline_of(shapes: Sequence[Polygon]) -> Polygon:
    """Return the outer wall of shapes, courtyards as holes; ValueError where one stands apart."""
    return _one_piece(shapely.union_all(list(shapes)))


def join_walls(shapes: Sequence[Polygon]) -> list[Polygon]:
    """Return the polygons with a corner wherever a neighbor's corner stands in their walls."""
    corners = {corner for shape in shapes for corner in shape.exterior.coords}
    points = [Point(corner) for corner in sorted(corners)]
    return [_with_corners(shape, points) for shape in shapes]


def doors_between(first: Polygon, second: Polygon, count: int, width: float) -> list[LineString]:
    """Return `count` doors of `width` meters in the longest wall that two spaces share.

    One door stands near the wall's end, two near both ends; in a bowed wall two stand in its outer
    pieces. Raises ValueError without such a wall.
    """
    walls = _shared_walls(shapely.intersection(first.boundary, second.boundary))
    wall = max(walls, key=lambda w: w.length)
    if count == 2 and wall.length < 4 * width and len(walls) > 1:
        return [door_in(end, end.length / 2, width) for end in (walls[0], walls[-1])]
    if wall.length < count * width:
        raise ValueError(f"a wall of {wall.length:.2f} m holds no {count} doors of {width} m")
    inset = min(width / 2 + 0.6, wall.length / 2) if count == 1 else wall.length * 0.2
    stations = [inset] if count == 1 else [inset, wall.length - inset]
    return [door_in(wall, station, width) for station in stations]


def door_in(wall: LineString, station: float, width: float) -> LineString:
    """Return a door of `width` meters whose middle is `station` meters along a straight wall."""
    return LineString(
        [wall.interpolate(station - width / 2), wall.interpolate(station + width / 2)]
    )


def door_near(outline: Polygon, place: Position, width: float) -> LineString:
    """Return a door in the wall to the open nearest to a place, courtyards included.

    Raises ValueError where no such wall is within 0.5 m.
    """
    rings = (outline.exterior, *outline.interiors)
    walls = _straight([LineString(pair) for ring in rings for pair in pairwise(ring.coords)])
    wall = min(walls, key=lambda w: w.distance(Point(place)))
    if wall.distance(Point(place)) > 0.5 or wall.length < width:
        raise ValueError(f"no outer wall for a door of {width} m at {place}: move the place")
    return door_in(wall, wall.project(Point(place)), width)


def _one_piece(shape: BaseGeometry) -> Polygon:
    pieces = shapely.get_parts(shape)
    if len(pieces) != 1:
        raise ValueError(f"the walls near {shape.centroid} part: let all rooms touch")
    piece: Polygon = pieces[0]
    return piece


def _in_row(label: str, shape: Polygon, names: str, door_to: str) -> Space:
    if label.startswith("S-"):
        return Space("stair", label, shape, doors=(door_to,))
    return room(label, shape, names, door_to)


def _with_corners(shape: Polygon, points: Iterable[Point]) -> Polygon:
    ring = shape.exterior
    on_wall = [p for p in points if ring.distance(p) < _ON_WALL]
    own = {tuple(c) for c in ring.coords}
    stations = {ring.project(Point(c)): c for c in ring.coords[:-1]}
    stations.update({ring.project(p): p.coords[0] for p in on_wall if p.coords[0] not in own})
    return Polygon([stations[s] for s in sorted(stations)])


def _shared_walls(shared: BaseGeometry) -> list[LineString]:
    lines = [g for g in shapely.get_parts(shared) if isinstance(g, LineString) and g.length > 0]
    pairs = [LineString(pair) for g in lines for pair in pairwise(g.coords)]
    if not pairs:
        raise ValueError("the two spaces share no wall")
    return _straight(pairs)


def _straight(pieces: Sequence[LineString]) -> list[LineString]:
    """Return the pieces with those that go on in one direction joined to one wall."""
    merged = shapely.line_merge(MultiLineString(list(pieces)))
    walls: list[LineString] = []
    for part in shapely.get_parts(merged):
        plain = part.simplify(1e-4)
        walls.extend(LineString(pair) for pair in pairwise(plain.coords))
    return walls
