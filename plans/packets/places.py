"""Where things of the map are: grid cell, level and nearest exterior door, asked once a packet."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, MapDocument
from maps.geometry.door_order import door_number
from maps.geometry.grid import cell_of
from maps.geometry.locate import Locator
from maps.geometry.projection import Projection
from maps.geometry.site import is_main_entrance
from plans.packets.tree import LevelPages, PlacedRow, RoomRow

SIDES = {"N": "north", "E": "east", "S": "south", "W": "west"}
SIGN_OF_KIND = {
    "key_box": "key-box",
    "fire_panel": "fire-panel",
    "annunciator": "annunciator",
    "fire_department_connection": "fire-department-connection",
    "standpipe": "standpipe",
    "sprinkler_riser": "sprinkler-riser",
    "hydrant": "hydrant",
    "generator": "generator",
    "aed": "aed",
    "trauma_kit": "trauma-kit",
    "refuge_area": "refuge-area",
    "camera": "camera",
    "hazard_zone": "hazard-zone",
    "helicopter_landing_zone": "helicopter-landing-zone",
    "command_post": "command-post",
    "staging_area": "staging-area",
    "assembly_area": "assembly-area",
    "reunification_site": "reunification-site",
    "gate": "gate",
}
EQUIPMENT = (
    "utility_shut_off", "generator", "fire_panel", "annunciator", "fire_department_connection",
    "sprinkler_riser", "standpipe", "hydrant", "key_box", "aed", "trauma_kit", "refuge_area",
    "camera", "gate", "helicopter_landing_zone", "hazard_zone",
)  # fmt: skip


class Places:
    """The features of one map with the words a packet uses of them."""

    def __init__(self, document: MapDocument) -> None:
        """Index a map document."""
        self.document = document
        self._features = {feature.id: feature for feature in document.features}
        self._levels = {level.id: level for level in document.levels}
        self._locator = Locator(document)
        self.cells = {feature.id: self.cell(feature) for feature in document.features}

    def of_kind(self, *kinds: str) -> list[Feature]:
        """Return the features of these kinds, in the order of their labels."""
        return [feature for kind in kinds for feature in self._by_kind.get(kind, ())]

    @cached_property
    def _by_kind(self) -> dict[str, list[Feature]]:
        kinds: dict[str, list[Feature]] = {}
        for feature in sorted(self.document.features, key=lambda f: (natural(f.label), f.id)):
            kinds.setdefault(feature.kind, []).append(feature)
        return kinds

    def get(self, feature_id: str | None) -> Feature | None:
        """Return a feature by id, or None where the map has none."""
        return self._features.get(feature_id or "")

    def cell(self, feature: Feature) -> str:
        """Return the grid cell of a feature's middle, "" on a map without grid."""
        if self.document.grid is None or feature.geometry.is_empty:
            return ""
        point = middle(feature)
        return cell_of(self.document.grid, point.x, point.y)

    def level(self, feature: Feature) -> str:
        """Return the names of the levels a feature is on, “Outside” for what is outdoors."""
        names = [self._levels[key].name for key in feature.levels if key in self._levels]
        return ", ".join(names) or "Outside"

    def main_door(self) -> Feature | None:
        """Return the main entrance, else door 1, else None."""
        doors = self.of_kind("exterior_door")
        for door in doors:
            if is_main_entrance(door):
                return door
        return next((door for door in doors if door_number(door) == "1"), None)

    def door(self, number: str) -> Feature | None:
        """Return the exterior door with this number, or None."""
        doors = self.of_kind("exterior_door")
        return next((door for door in doors if door_number(door) == number), None)

    def side(self, feature: Feature) -> str:
        """Return A to D: the side of the building as fire crews name it, clockwise from the front.

        Side A is where the main entrance is; "" when there is no main entrance or no building.
        """
        front = self.main_door()
        if front is None:
            return ""
        order = "NESW"
        start = order.index(self._wall(front))
        return "ABCD"[(order.index(self._wall(feature)) - start) % 4]

    def _wall(self, feature: Feature) -> str:
        """Return N, E, S or W: the side of the box around all rooms that a feature is nearest."""
        plane, (west, south, east, north) = self._around_rooms
        point = middle(feature)
        x, y = plane.point_to_meters(point.x, point.y)
        away = {"N": north - y, "E": east - x, "S": y - south, "W": x - west}
        return min(away, key=lambda side: away[side])

    @cached_property
    def _around_rooms(self) -> tuple[Projection, tuple[float, float, float, float]]:
        """The plane over all rooms, and the box around them in its meters."""
        rooms = [f.geometry for f in self.document.features if f.kind == "room" and f.levels]
        plane = Projection.over(rooms or [f.geometry for f in self.document.features])
        return plane, plane.to_meters(shapely.MultiPolygon(_polygons(rooms))).bounds

    def room_named(self, name: str) -> Feature | None:
        """Return the room of this label or name, whatever its case."""
        wanted = name.casefold()
        for room in self.of_kind("room"):
            if wanted in {room.label.casefold(), *(other.casefold() for other in room.names)}:
                return room
        return None

    def levels(self) -> tuple[LevelPages, ...]:
        """Return every level from the lowest up with its rooms."""
        ordered = sorted(self.document.levels, key=lambda level: (level.ordinal, level.id))
        return tuple(
            LevelPages(
                level.id,
                level.name,
                level.short_name,
                tuple(
                    self._room(room, level.id, level.name)
                    for room in self.of_kind("room")
                    if level.id in room.levels
                ),
            )
            for level in ordered
        )

    def _room(self, room: Feature, level_id: str, level_name: str) -> RoomRow:
        point = middle(room)
        place = self._locator.by_point(point.x, point.y, level_id)[0]
        nearest = place.nearest_door
        return RoomRow(
            feature=room.id,
            label=room.label,
            name=next((name for name in room.names if name != room.label), ""),
            level=level_name,
            cell=self.cells[room.id],
            door=nearest.label if nearest else "",
            meters=nearest.meters if nearest else None,
        )

    def row(self, feature: Feature) -> PlacedRow:
        """Return a feature as a row of a table."""
        properties = feature.properties
        sign = SIGN_OF_KIND.get(feature.kind, "")
        if feature.kind == "utility_shut_off":
            sign = str(properties.get("utility") or "gas")
        what = feature.label
        if feature.kind == "hydrant" and not what:
            what = "Hydrant"
        return PlacedRow(
            sign=sign,
            what=what or feature.kind.replace("_", " "),
            where=str(properties.get("where") or ""),
            cell=self.cells[feature.id],
            how=str(properties.get("how") or properties.get("note") or ""),
            level=self.level(feature),
        )

    def equipment(self) -> tuple[PlacedRow, ...]:
        """Return all safety equipment, in the order in which crews ask for it."""
        return tuple(self.row(feature) for feature in self.of_kind(*EQUIPMENT))


def middle(feature: Feature) -> shapely.Point:
    """Return a point of a feature: its centroid, or one inside where that lies outside."""
    center = feature.geometry.centroid
    if feature.geometry.intersects(center) or feature.geometry.geom_type.endswith("Point"):
        return center
    return feature.geometry.representative_point()


def natural(label: str) -> tuple[tuple[int, int, str], ...]:
    """Return the key that sorts 9 before 10 and 101A after 101."""
    parts = re.findall(r"\d+|\D+", label.casefold())
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)


def _polygons(shapes: Sequence[BaseGeometry]) -> list[shapely.Polygon]:
    parts: list[Any] = [part for shape in shapes for part in shapely.get_parts(shape)]
    return [part for part in parts if part.geom_type == "Polygon"]
