"""The demonstration school's map: a building that could stand, checked from the file alone.

Lengths are measured in meters in a transverse Mercator plane of pyproj, apart from the drawing's
own conversion.
"""

import json
import uuid
from collections import defaultdict
from itertools import combinations
from typing import Any

import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from backend.demo.campus_map import LATITUDE, LONGITUDE, lincoln_high_school
from backend.demo.campus_map.building import draw_building
from backend.demo.campus_map.walls import bow, doors_between
from maps.document import KINDS, UTILITIES

ON_WALL = 0.05  # meters
STAND_OFF = 15.24  # meters, 50 ft (IBC 1028.5)
SPACES = ("room", "corridor", "stair", "elevator")

_TO_METERS = Transformer.from_crs(
    "EPSG:4326",
    f"+proj=tmerc +lat_0={LATITUDE} +lon_0={LONGITUDE} +k=1 +ellps=WGS84",
    always_xy=True,
)


class Campus:
    """The file, read back, with shapes in meters."""

    def __init__(self) -> None:
        self.file = json.loads(lincoln_high_school())
        self.shapes: dict[str, BaseGeometry] = {
            f["id"]: shapely.transform(
                shape(f["geometry"]), _TO_METERS.transform, interleaved=False
            )
            for f in self.file["features"]
        }

    def of(self, *kinds: str, level: int | None = None) -> list[dict[str, Any]]:
        """Return the features of these kinds, of one level where one is named."""
        found = [f for f in self.file["features"] if f["properties"]["kind"] in kinds]
        return found if level is None else [f for f in found if level in levels_of(f)]

    def main_building(self) -> BaseGeometry:
        """Return the outline of the school itself, without the portables."""
        (school,) = [
            f for f in self.of("building") if f["properties"]["label"] == "Lincoln High School"
        ]
        return self.shapes[school["id"]]

    def indoors(self, level: int) -> list[dict[str, Any]]:
        """Return the spaces of the school itself on one level, without the portables."""
        outline = self.main_building().buffer(ON_WALL)
        return [f for f in self.of(*SPACES, level=level) if outline.covers(self.shapes[f["id"]])]


def levels_of(feature: dict[str, Any]) -> list[int]:
    level = feature["properties"]["level"]
    return [] if level is None else level if isinstance(level, list) else [level]


def label(feature: dict[str, Any]) -> str:
    return str(feature["properties"]["label"])


@pytest.fixture(scope="module")
def campus() -> Campus:
    return Campus()


def test_the_file_is_the_same_at_every_call() -> None:
    assert lincoln_high_school() == lincoln_high_school()


def test_every_feature_has_a_known_kind_and_an_id_of_its_own(campus: Campus) -> None:
    ids = [f["id"] for f in campus.file["features"]]
    assert len(set(ids)) == len(ids)
    assert all(uuid.UUID(i).version == 5 for i in ids)
    assert {f["properties"]["kind"] for f in campus.file["features"]} <= set(KINDS)


def test_every_geometry_is_valid_with_outer_rings_counterclockwise(campus: Campus) -> None:
    for feature in campus.file["features"]:
        geometry = shape(feature["geometry"])
        assert geometry.is_valid, label(feature)
        assert shapely.orient_polygons(geometry).equals_exact(geometry), label(feature)


def test_every_kind_but_the_reunification_site_is_on_the_map(campus: Campus) -> None:
    present = {f["properties"]["kind"] for f in campus.file["features"]}
    assert set(KINDS) - present == {"reunification_site"}


@pytest.mark.parametrize(("level", "fewest", "most"), [(0, 60, 90), (1, 35, 55)])
def test_a_floor_holds_as_many_rooms_as_such_a_school(
    campus: Campus, level: int, fewest: int, most: int
) -> None:
    assert fewest <= len(campus.of("room", level=level)) <= most


def test_room_numbers_begin_with_their_floor_and_occur_once(campus: Campus) -> None:
    for level in (0, 1):
        numbers = [label(f) for f in campus.of("room", level=level)]
        assert len(set(numbers)) == len(numbers)
        assert all(n.startswith(str(level + 1)) for n in numbers)


@pytest.mark.parametrize(
    ("kind", "fewest"),
    [
        ("stair", 5), ("elevator", 1), ("aed", 4), ("trauma_kit", 6), ("hydrant", 3), ("gate", 4),
        ("key_box", 2), ("assembly_area", 3), ("refuge_area", 2), ("camera", 3), ("parking", 3),
        ("athletic_field", 3), ("hazard_zone", 2),
    ],
)  # fmt: skip
def test_the_campus_is_equipped(campus: Campus, kind: str, fewest: int) -> None:
    assert len(campus.of(kind)) >= fewest


def test_every_utility_says_where_and_how(campus: Campus) -> None:
    shut_offs = [f["properties"] for f in campus.of("utility_shut_off")]
    assert sorted(p["utility"] for p in shut_offs) == sorted(UTILITIES)
    assert all(p["where"] and p["how"] for p in shut_offs)


@pytest.mark.parametrize("level", [0, 1])
def test_every_room_stair_and_elevator_has_a_door_on_its_outline(
    campus: Campus, level: int
) -> None:
    doors = [campus.shapes[f["id"]] for f in campus.of("door", level=level)]
    without = [
        label(f)
        for f in campus.of("room", "stair", "elevator", level=level)
        if not any(_lies_on(door, campus.shapes[f["id"]]) for door in doors)
    ]
    assert without == []


@pytest.mark.parametrize("level", [0, 1])
def test_no_two_spaces_of_a_level_overlap(campus: Campus, level: int) -> None:
    overlaps = [
        (label(a), label(b))
        for a, b in combinations(campus.of(*SPACES, level=level), 2)
        if campus.shapes[a["id"]].intersection(campus.shapes[b["id"]]).area > 0.01
    ]
    assert overlaps == []


@pytest.mark.parametrize("level", [0, 1])
def test_walls_meet_without_gaps_so_that_a_floor_is_covered(campus: Campus, level: int) -> None:
    shapes = [campus.shapes[f["id"]] for f in campus.indoors(level)]
    assert shapely.coverage_is_valid(shapes, gap_width=0.5)
    portables = [
        campus.shapes[f["id"]] for f in campus.of("building") if label(f).startswith("Portable")
    ]
    (outline,) = [campus.shapes[f["id"]] for f in campus.of("level", level=level)]
    floor = shapely.union_all(shapes if level else [*shapes, *portables])
    assert outline.symmetric_difference(floor).area < 0.01


@pytest.mark.parametrize("level", [0, 1])
def test_every_space_lies_inside_a_building(campus: Campus, level: int) -> None:
    buildings = shapely.union_all([campus.shapes[f["id"]] for f in campus.of("building")])
    for feature in campus.of(*SPACES, level=level):
        assert campus.shapes[feature["id"]].difference(buildings).area < 0.01, label(feature)


def test_the_building_encloses_two_courtyards(campus: Campus) -> None:
    assert len(campus.main_building().interiors) == 2


def test_exterior_doors_lie_on_the_outer_wall(campus: Campus) -> None:
    ring = campus.main_building().exterior
    for feature in campus.of("exterior_door"):
        door = campus.shapes[feature["id"]]
        assert max(ring.distance(Point(c)) for c in door.coords) <= ON_WALL, label(feature)


def test_exterior_doors_are_numbered_clockwise_from_the_main_entrance(campus: Campus) -> None:
    ring = shapely.reverse(shapely.orient_polygons(campus.main_building()).exterior)
    doors = campus.of("exterior_door")
    (main,) = [f for f in doors if f["properties"].get("main")]
    start = ring.project(campus.shapes[main["id"]].centroid)
    around = sorted(
        doors, key=lambda f: (ring.project(campus.shapes[f["id"]].centroid) - start) % ring.length
    )
    assert [f["properties"]["number"] for f in around] == list(range(1, len(doors) + 1))
    assert [label(f) for f in around] == [str(n) for n in range(1, len(doors) + 1)]
    assert 14 <= len(doors) <= 18


def test_stairs_and_the_elevator_stand_at_the_same_place_on_both_floors(campus: Campus) -> None:
    shafts = campus.of("stair", "elevator")
    assert len({label(f) for f in shafts}) == len(shafts)
    outlines = [campus.shapes[f["id"]] for f in campus.of("level")]
    for shaft in shafts:
        assert levels_of(shaft) == [0, 1]
        walls = campus.shapes[shaft["id"]]
        assert all(walls.difference(outline).area < 0.01 for outline in outlines)


def test_a_stair_that_moves_between_floors_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from backend.demo.campus_map import building as drawing
    from backend.demo.campus_map.walls import Space

    moved = [
        Space(s.kind, s.label, shapely.transform(s.shape, lambda c: c + 1.0), s.names, s.doors)
        for s in drawing.floor_two()
    ]
    monkeypatch.setattr(drawing, "floor_two", lambda: moved)
    with pytest.raises(ValueError, match="stands elsewhere on floor 2"):
        draw_building()


def test_everyone_indoors_reaches_an_exterior_door(campus: Campus) -> None:
    neighbors = _doorways(campus)
    reached, waiting = {"outdoors"}, ["outdoors"]
    while waiting:
        for other in neighbors[waiting.pop()] - reached:
            reached.add(other)
            waiting.append(other)
    everyone = {f["id"] + str(n) for n in (0, 1) for f in campus.indoors(n)}
    names = {f["id"] + str(n): label(f) for n in (0, 1) for f in campus.indoors(n)}
    assert sorted(names[i] for i in everyone - reached) == []


def test_every_door_parts_two_spaces_or_opens_to_a_courtyard(campus: Campus) -> None:
    courtyards = shapely.MultiLineString(list(campus.main_building().interiors))
    for level in (0, 1):
        indoors = campus.indoors(level)
        school = campus.main_building().buffer(ON_WALL)
        for door in campus.of("door", level=level):
            line = campus.shapes[door["id"]]
            if school.covers(line):
                sides = [f for f in indoors if _lies_on(line, campus.shapes[f["id"]])]
                to_courtyard = line.distance(courtyards) <= ON_WALL and len(sides) == 1
                assert len(sides) == 2 or to_courtyard, label(door)


@pytest.mark.parametrize("kind", ["stair", "exterior_door"])
def test_stairs_and_exterior_doors_stand_at_corridors_or_large_rooms(
    campus: Campus, kind: str
) -> None:
    for level in (0, 1):
        corridors = [campus.shapes[f["id"]] for f in campus.of("corridor", level=level)]
        large = [
            campus.shapes[f["id"]]
            for f in campus.of("room", level=level)
            if campus.shapes[f["id"]].area > 100
        ]
        for feature in campus.of(kind, level=level):
            here = campus.shapes[feature["id"]]
            assert any(here.distance(c) <= ON_WALL for c in corridors + large), label(feature)


def test_assembly_areas_keep_fifty_feet_from_every_building_and_hold_the_school(
    campus: Campus,
) -> None:
    buildings = [campus.shapes[f["id"]] for f in campus.of("building")]
    for area in campus.of("assembly_area"):
        here = campus.shapes[area["id"]]
        assert min(here.distance(b) for b in buildings) >= STAND_OFF, label(area)
        assert here.area >= area["properties"]["capacity"] * 1.0, label(area)


def test_indoor_equipment_stands_inside_its_level(campus: Campus) -> None:
    outlines = {levels_of(f)[0]: campus.shapes[f["id"]] for f in campus.of("level")}
    for feature in campus.file["features"]:
        if feature["geometry"]["type"] == "Point":
            inside = [outlines[n].covers(campus.shapes[feature["id"]]) for n in levels_of(feature)]
            assert all(inside), label(feature)


def test_outdoor_things_stand_outside_the_buildings(campus: Campus) -> None:
    buildings = shapely.union_all([campus.shapes[f["id"]] for f in campus.of("building")])
    for feature in campus.file["features"]:
        if not levels_of(feature) and feature["properties"]["kind"] != "building":
            assert not campus.shapes[feature["id"]].intersects(buildings), label(feature)


def test_gates_lie_on_the_fence(campus: Campus) -> None:
    (fence,) = [campus.shapes[f["id"]] for f in campus.of("fence")]
    for gate in campus.of("gate"):
        assert max(fence.distance(Point(c)) for c in campus.shapes[gate["id"]].coords) <= ON_WALL


def test_the_building_measures_what_the_drawing_says(campus: Campus) -> None:
    west, south, east, north = campus.main_building().bounds
    assert east - west == pytest.approx(167.5, abs=0.02)
    assert 115 < north - south < 130


def test_the_gym_measures_36_by_26_meters(campus: Campus) -> None:
    (gym,) = [campus.shapes[f["id"]] for f in campus.of("room") if label(f) == "180"]
    west, south, east, north = gym.bounds
    assert east - west == pytest.approx(36, abs=0.01)
    assert north - south == pytest.approx(26, abs=0.01)


def test_a_bow_ends_where_it_should_and_rises_to_its_right() -> None:
    points = bow((0, 0), (10, 0), 2, 4)
    assert points[0] == (0, 0)
    assert points[-1] == (10, 0)
    assert points[2] == pytest.approx((5, -2))


def test_a_door_between_rooms_without_a_common_wall_is_refused() -> None:
    with pytest.raises(ValueError, match="share no wall"):
        doors_between(shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1), 1, 0.9)


def _lies_on(door: BaseGeometry, space: BaseGeometry) -> bool:
    outline = space.boundary
    return max(outline.distance(Point(c)) for c in door.coords) <= ON_WALL


def _doorways(campus: Campus) -> dict[str, set[str]]:
    """Return which spaces (id and level) open into each other: doors, open halls, stairs."""
    neighbors: dict[str, set[str]] = defaultdict(set)

    def join(first: str, second: str) -> None:
        neighbors[first].add(second)
        neighbors[second].add(first)

    for level in (0, 1):
        indoors = campus.indoors(level)
        for door in campus.of("door", "exterior_door", level=level):
            line = campus.shapes[door["id"]]
            sides = [f["id"] for f in indoors if _lies_on(line, campus.shapes[f["id"]])]
            if door["properties"]["kind"] == "exterior_door":
                sides.append("outdoors")
            for a, b in combinations(sides, 2):
                join(*(i if i == "outdoors" else i + str(level) for i in (a, b)))
        halls = [f["id"] for f in indoors if f["properties"]["kind"] == "corridor"]
        for a, b in combinations(halls, 2):
            if campus.shapes[a].intersection(campus.shapes[b].buffer(0.01)).length > 2:
                join(a + str(level), b + str(level))
    for stair in campus.of("stair"):
        join(stair["id"] + "0", stair["id"] + "1")
    return neighbors
