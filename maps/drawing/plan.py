"""The geometry of one level made fit for drawing: cleaned, with outline, courts, doors and gaps.

All in local meters, x east and y south.
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, Level, MapDocument
from maps.drawing.frame import Projection, objects, projection_of

CLOSING = 0.45  # meters: closes the gaps that wall thickness leaves between rooms
LEAST_COURT = 12.0  # square meters: a smaller hole is a gap in the drawing, not a court
LEAST_PART = 8.0  # square meters: a smaller part of the outline is a stray room
LEAST_ROOM = 0.3  # square meters
LEAST_UNNAMED = 3.0  # square meters
OPENING = 0.4  # meters: an unnamed face that is nowhere twice as wide is wall
INTERIOR_REACH = 0.7  # meters from an interior door to the walls it opens
HALF_DOOR, HALF_EXTERIOR = 0.45, 0.6  # meters
PLANS_KEPT = 8
ENCLOSED = frozenset({"room", "stair", "elevator"})


@dataclass(frozen=True, slots=True)
class Space:
    """A room, corridor, stair or elevator: its feature and its polygon in meters."""

    feature: Feature
    shape: Polygon

    @property
    def label(self) -> str:
        """The text on the sign, or the first further name where there is no sign."""
        return self.feature.label.strip() or next(iter(self.feature.names), "").strip()


@dataclass(frozen=True, slots=True)
class ExteriorDoor:
    """An exterior door on the wall: its place, the direction outwards and along the wall."""

    feature: Feature
    place: tuple[float, float]
    normal: tuple[float, float]
    tangent: tuple[float, float]

    @property
    def number(self) -> str:
        """The number on the wall, "?" for a door that has none."""
        return str(self.feature.properties.get("number") or self.feature.label).strip() or "?"

    @property
    def main(self) -> bool:
        """Whether it is the main entrance."""
        return bool(self.feature.properties.get("main"))


def largest_polygon(geometry: BaseGeometry) -> Polygon | None:
    """Return the greatest polygon of a geometry once it is valid, or None without area."""
    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry)
    parts = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon" and not p.is_empty]
    if geometry.geom_type == "GeometryCollection":
        nested = [q for p in shapely.get_parts(geometry) for q in shapely.get_parts(p)]
        parts = [q for q in nested if q.geom_type == "Polygon" and not q.is_empty]
    return max(parts, key=lambda part: part.area, default=None)


class LevelPlan:
    """One level of a document: its spaces, outline, courts, unnamed faces, doors and signs."""

    def __init__(self, document: MapDocument, level: Level, projection: Projection) -> None:
        self.level = level
        self.document = document
        self.projection = projection
        self.features = document.on_level(level.id)

    def in_meters(self, feature: Feature) -> BaseGeometry:
        """Return the geometry of a feature of the map in local meters."""
        return _meters(_Same(self.document))[id(feature)]

    def center(self, feature: Feature) -> Point:
        """Return a feature's place in meters: a point as it is, else its middle."""
        geometry = self.in_meters(feature)
        if isinstance(geometry, Point):
            return geometry
        if geometry.geom_type == "LineString":
            return Point(geometry.interpolate(0.5, normalized=True))
        return Point(geometry.representative_point())

    def spaces(self, kind: str) -> list[Space]:
        """Return the spaces of a kind that have area, in the order of the document."""
        found = []
        for feature in self.features:
            if feature.kind != kind:
                continue
            shape = largest_polygon(self.in_meters(feature))
            if shape is not None and shape.area >= LEAST_ROOM:
                found.append(Space(feature, shape))
        return found

    @cached_property
    def rooms(self) -> list[Space]:
        """The rooms, greatest first, so that a nested one is drawn over the one around it."""
        return sorted(self.spaces("room"), key=lambda room: -room.shape.area)

    @cached_property
    def corridors(self) -> list[Space]:
        """The corridors."""
        return self.spaces("corridor")

    @cached_property
    def stairs(self) -> list[Space]:
        """The stairs."""
        return self.spaces("stair")

    @cached_property
    def elevators(self) -> list[Space]:
        """The elevators."""
        return self.spaces("elevator")

    @cached_property
    def shapeless(self) -> tuple[Feature, ...]:
        """Rooms of the level without area to draw: they go into the list."""
        drawn = {room.feature.id for room in self.rooms}
        return tuple(f for f in self.features if f.kind == "room" and f.id not in drawn)

    @cached_property
    def _indoor(self) -> BaseGeometry:
        spaces = [*self.rooms, *self.corridors, *self.stairs, *self.elevators]
        union: BaseGeometry = shapely.union_all(objects([space.shape for space in spaces]))
        return union

    @cached_property
    def _closed(self) -> BaseGeometry:
        closed: BaseGeometry = self._indoor.buffer(CLOSING, join_style="mitre").buffer(
            -CLOSING, join_style="mitre"
        )
        return closed

    @cached_property
    def outline(self) -> MultiPolygon:
        """The building's outline on this level: parts with holes where courts are."""
        kept = []
        for part in shapely.get_parts(self._closed):
            if part.geom_type != "Polygon" or part.area < LEAST_PART:
                continue
            holes = [ring for ring in part.interiors if Polygon(ring).area >= LEAST_COURT]
            kept.append(Polygon(part.exterior, holes))
        return MultiPolygon(kept)

    @property
    def outer_walls(self) -> list[LineString]:
        """The outer rings of the outline."""
        return [LineString(part.exterior.coords) for part in self.outline.geoms]

    @property
    def court_walls(self) -> list[LineString]:
        """The rings of the outline around courts."""
        return [LineString(hole.exterior.coords) for hole in self.holes]

    @cached_property
    def holes(self) -> list[Polygon]:
        """The faces inside the outline that no space covers and that are wide as a court."""
        return [Polygon(ring) for part in self.outline.geoms for ring in part.interiors]

    @cached_property
    def courts(self) -> list[Polygon]:
        """The holes that are open ground.

        A hole over rooms of a lower level is a roof or a void, and one that the building's own
        outline covers is a face nobody has named: neither is a court.
        """
        if not self.holes:
            return []
        lower = [
            level_plan(self.document, level.id).outline
            for level in self.document.levels
            if 0 <= level.ordinal < self.level.ordinal
        ]
        roofs = [self.in_meters(f) for f in self.document.features if f.kind == "building"]
        doors = [self.in_meters(feature) for feature in self.exterior_features]
        courts = []
        for hole in self.holes:
            above = any(floor.intersection(hole).area > 0.4 * hole.area for floor in lower)
            roofed = any(roof.intersection(hole).area > 0.4 * hole.area for roof in roofs)
            entered = any(hole.distance(door) < 1 for door in doors)
            if not above and (entered or not roofed):
                courts.append(hole)
        return courts

    @cached_property
    def unnamed(self) -> list[Polygon]:
        """Faces inside the outline that nobody has named: never drawn as corridor."""
        courts = shapely.union_all(np.array(self.courts, dtype=object))
        filled = shapely.union_all([Polygon(part.exterior) for part in self.outline.geoms])
        rest = filled.difference(self._indoor).difference(courts)
        opened = rest.buffer(-OPENING, join_style="mitre").buffer(OPENING, join_style="mitre")
        return [
            part
            for part in shapely.get_parts(opened)
            if part.geom_type == "Polygon" and part.area >= LEAST_UNNAMED
        ]

    @cached_property
    def enclosed(self) -> BaseGeometry:
        """Rooms, stairs and elevators as one shape."""
        spaces = [*self.rooms, *self.stairs, *self.elevators]
        union: BaseGeometry = shapely.union_all(objects([space.shape for space in spaces]))
        return union

    @cached_property
    def walls(self) -> BaseGeometry:
        """The walls of rooms, stairs and elevators; a shared wall stands once."""
        rings = [s.shape.boundary for s in [*self.rooms, *self.stairs, *self.elevators]]
        merged: BaseGeometry = shapely.line_merge(shapely.union_all(np.array(rings, dtype=object)))
        return merged

    @property
    def exterior_features(self) -> list[Feature]:
        """The exterior doors of the level."""
        return [feature for feature in self.features if feature.kind == "exterior_door"]

    @cached_property
    def exterior_doors(self) -> list[ExteriorDoor]:
        """The exterior doors, set on the wall; those on a court point into the court."""
        if self.outline.is_empty:
            return []
        return [
            ExteriorDoor(feature, *outward(self.outline, self.center(feature)))
            for feature in self.exterior_features
        ]

    @cached_property
    def interior_gaps(self) -> list[LineString]:
        """The gaps that interior doors leave in the walls."""
        rings = [s.shape.exterior for s in [*self.rooms, *self.stairs, *self.elevators]]
        if not rings:
            return []
        places = objects([self.center(f) for f in self.features if f.kind == "door"])
        door, ring = STRtree(rings).query(places, predicate="dwithin", distance=INTERIOR_REACH)
        lines, points = objects(rings)[ring], places[door]
        middle, length = shapely.line_locate_point(lines, points), shapely.length(lines)
        stops = [
            shapely.get_coordinates(shapely.line_interpolate_point(lines, (middle + step) % length))
            for step in (-HALF_DOOR, 0.0, HALF_DOOR)
        ]
        gaps: list[LineString] = np.asarray(shapely.linestrings(np.stack(stops, axis=1))).tolist()
        return gaps

    def side_a(self) -> str:
        """Return where side A, the front, lies: N, E, S or W; "" without main entrance."""
        for door in self.exterior_doors:
            if door.main:
                east, south = door.normal
                if abs(east) >= abs(south):
                    return "E" if east > 0 else "W"
                return "S" if south > 0 else "N"
        return ""


def outward(
    outline: BaseGeometry, place: Point, step: float = 0.4
) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float]]:
    """Return the wall point nearest to a door, the direction outwards, and that along the wall."""
    rings = list(shapely.get_parts(outline.boundary))
    ring = min(rings, key=lambda candidate: candidate.distance(place))
    at, length = ring.project(place), ring.length
    wall = ring.interpolate(at)
    before, after = ring.interpolate((at - step) % length), ring.interpolate((at + step) % length)
    span = math.hypot(after.x - before.x, after.y - before.y) or 1.0
    tangent = ((after.x - before.x) / span, (after.y - before.y) / span)
    normal = (tangent[1], -tangent[0])
    if outline.contains(Point(wall.x + 0.6 * normal[0], wall.y + 0.6 * normal[1])):
        normal = (-normal[0], -normal[1])
    return (wall.x, wall.y), normal, tangent


class _Same:
    """A map that equals only itself: one that never changes need not be compared by its content."""

    def __init__(self, document: MapDocument) -> None:
        self.document = document

    def __hash__(self) -> int:
        return id(self.document)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.document is self.document


def level_plan(document: MapDocument, level_id: str) -> LevelPlan:
    """Return the plan of one level; raises KeyError when the map has none of that id.

    The last few are kept: each sheet of a packet, and each try at one, asks for the same.
    """
    return _level_plan(_Same(document), level_id)


@lru_cache(maxsize=PLANS_KEPT)
def _level_plan(same: _Same, level_id: str) -> LevelPlan:
    for level in same.document.levels:
        if level.id == level_id:
            return LevelPlan(same.document, level, projection_of(same.document))
    raise KeyError(level_id)


@lru_cache(maxsize=PLANS_KEPT)
def _meters(same: _Same) -> dict[int, BaseGeometry]:
    """Return the geometries of a map in local meters by the `id()` of their features."""
    features = same.document.features
    moved = projection_of(same.document).to_meters(objects([f.geometry for f in features]))
    return {id(feature): shape for feature, shape in zip(features, moved, strict=True)}


def ground_level(document: MapDocument) -> Level | None:
    """Return the level that stands on the ground: ordinal 0 or the one nearest to it."""
    return min(document.levels, key=lambda v: (abs(v.ordinal), -v.ordinal, v.id), default=None)
