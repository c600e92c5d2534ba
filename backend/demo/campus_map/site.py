"""The campus around the building: streets, lots, fields, fence and places for an emergency."""

from shapely.affinity import rotate
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from backend.demo.campus_map.walls import SINGLE_DOOR, Drawn, bow, door_in

_WEST, _SOUTH, _EAST, _NORTH = -172.0, -46.0, 214.0, 262.0  # the fence, meters


def draw_site() -> list[Drawn]:
    """Return everything outside the main building in local meters."""
    return [*_roads(), *_lots(), *_fields(), *_fence(), *_emergency_places(), *_portables()]


def _outdoors(kind: str, label: str, shape: BaseGeometry, **properties: object) -> Drawn:
    return Drawn(kind, label, shape, properties=dict(properties))


def _roads() -> list[Drawn]:
    bus_loop = box(22, -38, 84, -9).difference(box(30, -30, 76, -17)).union(box(49, -50, 57, -38))
    service = box(-17, -50, -10, 133).union(box(-10, 2, 36, 10))
    return [
        _outdoors("road", "Alder Street", box(218, -62, 230, 262)),
        _outdoors("road", "Birch Avenue", box(-172, -62, 218, -50)),
        _outdoors("road", "Front drive", box(179, 57, 218, 65)),
        _outdoors("road", "Bus loop", bus_loop, note="Buses 7:05 to 7:30 and 14:25 to 14:50"),
        _outdoors("road", "Staff drive", box(150, -50, 157, -40)),
        _outdoors("road", "Service drive", service),
        _outdoors("road", "Student drive", box(206, 156, 218, 163)),
        _outdoors("fire_lane", "East fire lane", box(172.5, 18, 179, 139.5), note="20 ft clear"),
        _outdoors("fire_lane", "North fire lane", box(-17, 133, 172.5, 139.5), note="20 ft clear"),
        _outdoors("road", "North drive", box(172.5, 139.5, 179, 142)),
    ]  # fmt: skip


def _lots() -> list[Drawn]:
    return [
        _outdoors("parking", "Front lot", box(183, 65, 212, 122), note="Visitors, 44 places"),
        _outdoors("parking", "Staff lot", box(98, -40, 166, -13), note="88 places"),
        _outdoors("parking", "Student lot", box(142, 142, 206, 196), note="212 places"),
    ]


def _fields() -> list[Drawn]:
    # A 400 m track: two straights of 84.4 m and bends of 36.5 m radius, eight lanes of 1.22 m.
    middle = LineString([(-95, 17.8), (-95, 102.2)])
    inner, outer = middle.buffer(36.5, quad_segs=12), middle.buffer(46.26, quad_segs=12)
    diamond = Polygon([(62, 148), *bow((132, 218), (-8, 218), 29, 16)])
    return [
        _outdoors("athletic_field", "Track", outer.difference(inner)),
        _outdoors("athletic_field", "Football field", box(-119.4, 5.1, -70.6, 114.9)),
        _outdoors("athletic_field", "Practice field", box(-118, 152, -22, 244)),
        _outdoors("athletic_field", "Baseball field", diamond),
    ]


def _fence() -> list[Drawn]:
    """Return the fence and its gates; the front toward Alder Street stands open."""
    corners = [(_EAST, -20), (_EAST, _SOUTH), (_WEST, _SOUTH), (_WEST, _NORTH), (_EAST, _NORTH)]
    line = LineString([*corners, (_EAST, 132)])
    gates = (
        ("Gate 1", (153.5, _SOUTH), 8.0, "Staff drive, Birch Avenue"),
        ("Gate 2", (53, _SOUTH), 9.0, "Bus loop, Birch Avenue"),
        ("Gate 3", (-13.5, _SOUTH), 8.0, "Service drive, Birch Avenue"),
        ("Gate 4", (_EAST, 159.5), 8.0, "Student drive, Alder Street"),
    )
    return [
        _outdoors("fence", "Campus fence", line),
        *(
            _outdoors("gate", label, door_in(line, line.project(Point(at)), width), where=where)
            for label, at, width, where in gates
        ),
    ]


def _emergency_places() -> list[Drawn]:
    return [
        Drawn(
            "assembly_area", "A1", box(-70, 160, -30, 200), ("Practice field",),
            properties={"capacity": 900},
        ),
        Drawn(
            "assembly_area", "A2", box(104, -40, 156, -15), ("Staff lot",),
            properties={"capacity": 700},
        ),
        Drawn(
            "assembly_area", "A3", box(182, -8, 210, 28), ("Front lawn",),
            properties={"capacity": 500},
        ),
        _outdoors("staging_area", "S", Point(174, 168), where="Student lot"),
        _outdoors("command_post", "CP", Point(197, 72), where="Front lot"),
        _outdoors(
            "helicopter_landing_zone", "LZ", box(46, 192, 78, 224),
            where="Baseball outfield", note="105 ft square, no wires",
        ),
        _outdoors("hydrant", "Hydrant 1", Point(181, 53), where="Front drive"),
        _outdoors("hydrant", "Hydrant 2", Point(92, -6), where="Bus loop, east end"),
        _outdoors("hydrant", "Hydrant 3", Point(118, 131.5), where="North fire lane"),
    ]  # fmt: skip


def _portables() -> list[Drawn]:
    drawn = []
    for index, (west, south) in enumerate(((16, 112), (44, 118))):
        pivot = (west + 9, south + 4)
        whole, left, right = (
            rotate(shape, -8, origin=pivot)
            for shape in (
                Polygon(
                    [(west, south), (west + 9, south), (west + 18, south), (west + 18, south + 8),
                     (west + 9, south + 8), (west, south + 8)]
                ),
                box(west, south, west + 9, south + 8),
                box(west + 9, south, west + 18, south + 8),
            )
        )  # fmt: skip
        drawn.append(Drawn("building", f"Portable {index + 1}", whole))
        for number, shape in ((1310 + 2 * index, left), (1311 + 2 * index, right)):
            drawn.append(Drawn("room", str(number), shape, ("Portable classroom",), 0))
            southwest, southeast = sorted(shape.exterior.coords[:-1], key=lambda c: c[1])[:2]
            wall = LineString([southwest, southeast])
            drawn.append(
                Drawn(
                    "door", f"Door {number}", door_in(wall, wall.length / 2, SINGLE_DOOR),
                    level=0, properties={"note": "Opens outdoors"},
                )
            )  # fmt: skip
    return drawn
