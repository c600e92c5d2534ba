"""The building: both floors with their doors, and the outlines that follow from the rooms."""

from dataclasses import dataclass, replace

from shapely.geometry import LineString, Polygon

from backend.demo.campus_map.floor_one import floor_one
from backend.demo.campus_map.floor_two import floor_two
from backend.demo.campus_map.walls import (
    DOUBLE_DOOR,
    SINGLE_DOOR,
    Drawn,
    Position,
    Space,
    door_near,
    doors_between,
    join_walls,
    outline_of,
)

FLOOR_NAMES = ("Floor 1", "Floor 2")
_OVERHEAD_DOOR = 3.6  # meters
_LARGE_ROOM = 200.0  # square meters; from here on a room's doors have two leaves


@dataclass(frozen=True, slots=True)
class ExteriorDoor:
    """A door in the outer wall: number, place near the wall in meters, width, further names."""

    number: int
    place: Position
    width: float
    names: tuple[str, ...]
    note: str = ""


_EXTERIOR_DOORS = (
    ExteriorDoor(1, (169.5, 66), 3.6, ("Main entrance", "Front entrance"), "Buzzer and camera"),
    ExteriorDoor(2, (164, 51), SINGLE_DOOR, ("Office staff entrance",)),
    ExteriorDoor(3, (154, 15.8), DOUBLE_DOOR, ("South hall east",)),
    ExteriorDoor(4, (84, 4), DOUBLE_DOOR, ("Bus entrance", "Student entrance")),
    ExteriorDoor(5, (68, 6.5), DOUBLE_DOOR, ("Cafeteria east",), "Exit only"),
    ExteriorDoor(6, (46, 6.5), DOUBLE_DOOR, ("Cafeteria west",), "Exit only"),
    ExteriorDoor(7, (39.5, 14), DOUBLE_DOOR, ("Kitchen receiving", "Dock")),
    ExteriorDoor(8, (25.8, 14), DOUBLE_DOOR, ("Shop hall south",)),
    ExteriorDoor(9, (2, 24), _OVERHEAD_DOOR, ("Auto shop overhead door",)),
    ExteriorDoor(10, (2, 62), DOUBLE_DOOR, ("Main hall west",)),
    ExteriorDoor(11, (2, 71), DOUBLE_DOOR, ("Boiler Room",), "Custodians only"),
    ExteriorDoor(12, (12, 77.8), DOUBLE_DOOR, ("Gym hall west", "Stadium entrance")),
    ExteriorDoor(13, (67, 105.6), DOUBLE_DOOR, ("Gym north",), "Exit only"),
    ExteriorDoor(14, (84, 110), DOUBLE_DOOR, ("North hall", "Event entrance")),
    ExteriorDoor(15, (113.8, 112), DOUBLE_DOOR, ("Music hall",)),
    ExteriorDoor(16, (122, 121), _OVERHEAD_DOOR, ("Scene shop overhead door",)),
    ExteriorDoor(17, (143.5, 88), DOUBLE_DOOR, ("Auditorium east",), "Exit only"),
)
_COURTYARD_DOORS = (("Courtyard passage", (96.0, 38.8)), ("Commons hall", (62.0, 39.6)))


def draw_building() -> list[Drawn]:
    """Return outlines, rooms, corridors, stairs, elevator and doors in local meters.

    A stair or elevator comes once, on both levels; raises ValueError where its walls differ from
    floor to floor or a room names a neighbor with whom it shares no wall.
    """
    floors = [_joined(floor_one()), _joined(floor_two())]
    outlines = [outline_of([s.shape for s in spaces]) for spaces in floors]
    whole = outline_of(outlines)
    drawn = [Drawn("building", "Lincoln High School", whole, ("Main building",))]
    for ordinal, (spaces, outline) in enumerate(zip(floors, outlines, strict=True)):
        drawn.append(Drawn("level", FLOOR_NAMES[ordinal], outline, level=ordinal))
        drawn += [
            Drawn(s.kind, s.label, s.shape, s.names, ordinal)
            for s in spaces
            if s.kind in {"room", "corridor"}
        ]
        drawn += _interior_doors(spaces, ordinal)
    drawn += _courtyard_doors(outlines[0])
    return drawn + _shafts(*floors) + _exterior_doors(outlines[0])


def _joined(spaces: list[Space]) -> list[Space]:
    shapes = join_walls([space.shape for space in spaces])
    return [replace(s, shape=shape) for s, shape in zip(spaces, shapes, strict=True)]


def _shafts(lower: list[Space], upper: list[Space]) -> list[Drawn]:
    above = {s.label: s for s in upper if s.kind in {"stair", "elevator"}}
    shafts = []
    for space in lower:
        if space.kind not in {"stair", "elevator"}:
            continue
        if not above[space.label].shape.equals(space.shape):
            raise ValueError(f"{space.label} stands elsewhere on floor 2: give both the same walls")
        shafts.append(Drawn(space.kind, space.label, space.shape, level=[0, 1]))
    return shafts


def _interior_doors(spaces: list[Space], ordinal: int) -> list[Drawn]:
    by_label = {space.label: space for space in spaces}
    drawn = []
    for space in spaces:
        lines: list[LineString] = []
        for neighbor in dict.fromkeys(space.doors):
            wide = space.kind == "stair" or space.shape.area > _LARGE_ROOM
            lines += doors_between(
                space.shape,
                by_label[neighbor].shape,
                space.doors.count(neighbor),
                DOUBLE_DOOR if wide else SINGLE_DOOR,
            )
        for index, line in enumerate(lines, start=1):
            label = f"Door {space.label}" + (f"-{index}" if len(lines) > 1 else "")
            drawn.append(Drawn("door", label, line, level=ordinal))
    return drawn


def _courtyard_doors(outline: Polygon) -> list[Drawn]:
    return [
        Drawn(
            "door",
            f"Courtyard door, {corridor}",
            door_near(outline, place, DOUBLE_DOOR),
            level=0,
            properties={"note": "Opens to a courtyard: no way out"},
        )
        for corridor, place in _COURTYARD_DOORS
    ]


def _exterior_doors(outline: Polygon) -> list[Drawn]:
    drawn = []
    for door in _EXTERIOR_DOORS:
        properties: dict[str, object] = {"number": door.number}
        if door.number == 1:
            properties["main"] = True
        if door.note:
            properties["note"] = door.note
        line = door_near(outline, door.place, door.width)
        drawn.append(Drawn("exterior_door", str(door.number), line, door.names, 0, properties))
    return drawn
