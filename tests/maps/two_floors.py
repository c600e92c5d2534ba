"""A school of two floors for tests of ways: rooms along a hall, two stairs, three doors out.

Each floor, in meters: rooms 1 to 3 south of the hall (y 0 to 10), the hall (y 10 to 14), stair W at
its west end (x -6 to 0), stair E at its east end (x 30 to 36), room 4 north of the hall with a
store inside it. Doors out: door 1 from stair W, door 2 from stair E, door 3 from the hall.
"""

from typing import Any

from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, Level, MapDocument
from tests.maps.sheets import PLANE, point, rectangle

LEVELS = (Level("one", 0, "Floor 1", "1"), Level("two", 1, "Floor 2", "2"))


def line(x1: float, y1: float, x2: float, y2: float) -> BaseGeometry:
    """Return a line in degrees, given in meters from the corner of the campus."""
    return PLANE.to_degrees(LineString([(x1, y1), (x2, y2)]))


def area(kind: str, identity: str, shape: BaseGeometry, *levels: str, **more: Any) -> Feature:
    """Return an area that bears its id as its label."""
    return Feature(identity, kind, identity, shape, (), levels, more)


def doorway(identity: str, x: float, y: float, level: str, width: float = 1.0) -> Feature:
    """Return a door in a wall from west to east, `width` meters wide."""
    shape = line(x - width / 2, y, x + width / 2, y)
    return Feature(identity, "door", identity, shape, (), (level,))


def way_out(identity: str, x: float, y: float, **more: Any) -> Feature:
    """Return an exterior door on floor 1, as a point."""
    return Feature(identity, "exterior_door", identity, point(x, y), (), ("one",), more)


def floor(level: str, hundred: int) -> list[Feature]:
    """Return the rooms, the hall and the doors of one floor."""
    rooms = [
        area("room", f"{hundred + n}", rectangle(10 * (n - 1), 0, 10 * n, 10), level)
        for n in (1, 2, 3)
    ]
    return [
        *rooms,
        area("room", f"{hundred + 4}", rectangle(0, 14, 20, 24), level),
        area("room", f"{hundred + 5}", rectangle(20, 14, 30, 24), level),
        area("corridor", f"hall {level}", rectangle(0, 10, 30, 14), level),
        *(doorway(f"d{hundred + n}", 10 * n - 5, 10, level) for n in (1, 2, 3)),
        doorway(f"d{hundred + 4}", 10, 14, level),
        Feature(f"d{hundred + 5}", "door", "", line(20, 18.5, 20, 19.5), (), (level,)),
    ]


def shafts() -> list[Feature]:
    """Return both stairs and the elevator."""
    return [
        area("stair", "W", rectangle(-6, 10, 0, 14), "one", "two", width=1.4),
        area("stair", "E", rectangle(30, 10, 36, 14), "one", "two", width=1.4),
    ]


def outdoors() -> list[Feature]:
    """Return the building's outline, its doors and two assembly areas."""
    outline = box(-6, 10, 36, 14).union(box(0, 0, 30, 24))
    return [
        Feature("b", "building", "School", PLANE.to_degrees(outline)),
        way_out("x1", -6, 12, main=True, number="1", width=1.9),
        way_out("x2", 36, 12, number="2", width=1.9),
        area("assembly_area", "West field", rectangle(-60, 0, -40, 20)),
        area("assembly_area", "East lot", rectangle(70, 0, 90, 20)),
    ]


def school(*more: Feature, without: str = "") -> MapDocument:
    """Return the school with further features, without one of its own."""
    features = [*outdoors(), *shafts(), *floor("one", 100), *floor("two", 200), *more]
    return MapDocument(LEVELS, tuple(f for f in features if f.id != without))


def refuge(identity: str, x: float, y: float, level: str) -> Feature:
    """Return a refuge area as a point."""
    return Feature(identity, "refuge_area", identity, point(x, y), (), (level,))
