"""The check pass: each defect is one finding, a sound map has none."""

import time
from dataclasses import replace
from typing import Any

from shapely.geometry import Polygon

from maps.document import Feature, Finding, Level
from maps.geometry.validate import check
from tests.maps.sheets import GROUND, PLANE, door, exterior_door, point, rectangle, room

BUILDING = Feature("b", "building", "Main", rectangle(0, 0, 20, 10))
ROOMS = (room("r1", "101", 0, 0), room("r2", "102", 10, 0))
DOORS = (door("d", 10, 5), exterior_door("x", 5, 10, "1", main=True))
SOUND = (BUILDING, *ROOMS, *DOORS)


def found(*features: Feature, levels: tuple[Level, ...] = (GROUND,)) -> list[Finding]:
    return list(check(levels, features))


def codes(*features: Feature, **more: Any) -> list[str]:
    return [finding.code for finding in found(*features, **more)]


def test_a_sound_map_has_no_finding() -> None:
    assert codes(*SOUND) == []


def test_an_empty_map_has_no_finding() -> None:
    assert check((), ()) == ()


def test_an_invalid_polygon_is_an_error() -> None:
    bowtie = PLANE.to_degrees(Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]))
    assert "polygon_invalid" in codes(*SOUND, Feature("z", "hazard_zone", "", bowtie))


def test_rooms_that_overlap_on_a_level_are_a_finding() -> None:
    wide = replace(ROOMS[1], geometry=rectangle(9, 0, 20, 10))
    (finding,) = [f for f in found(BUILDING, ROOMS[0], wide, *DOORS) if "overlap" in f.code]
    assert (finding.code, finding.severity, finding.feature) == ("rooms_overlap", "warning", "r1")
    assert "10.0 m²" in finding.where


def test_a_wall_drawn_twice_is_no_overlap() -> None:
    near = replace(ROOMS[1], geometry=rectangle(9.96, 0, 20, 10))
    assert "rooms_overlap" not in codes(BUILDING, ROOMS[0], near, *DOORS)


def test_rooms_above_each_other_do_not_overlap() -> None:
    upper = replace(ROOMS[0], id="r3", label="201", levels=("upper",))
    levels = (GROUND, Level("upper", 1, "Upper", "1"))
    assert "rooms_overlap" not in codes(*SOUND, upper, levels=levels)


def test_a_corridor_under_many_rooms_is_one_finding() -> None:
    rooms = [room(f"r{n}", str(n), 10 * n, 0) for n in range(6)]
    floor = Feature("c", "corridor", "", rectangle(0, 0, 60, 20), levels=("ground",))
    assert codes(floor, *rooms).count("corridor_under_rooms") == 1
    assert "corridor_overlap" not in codes(floor, *rooms)


def test_a_room_outside_its_level_is_a_finding() -> None:
    outline = Feature("l", "level", "", rectangle(0, 0, 15, 10), levels=("ground",))
    assert [f.feature for f in found(*SOUND, outline) if f.code == "outside_level"] == ["r2"]


def test_a_room_outside_every_building_is_a_finding() -> None:
    assert "outside_building" in codes(*SOUND, room("r3", "103", 40, 0))


def test_a_door_beside_the_wall_is_a_finding() -> None:
    assert "door_off_outline" in codes(*SOUND, door("d2", 5, 5))
    assert "door_off_outline" not in codes(*SOUND, door("d2", 10.25, 7))


def test_a_room_without_door_is_a_finding() -> None:
    assert "room_without_door" in codes(BUILDING, ROOMS[0], room("r2", "102", 20.5, 0), *DOORS)


def test_a_map_without_any_door_is_one_finding() -> None:
    result = codes(BUILDING, *ROOMS)
    assert "doors_missing" in result
    assert "room_without_door" not in result


def test_a_door_of_another_level_does_not_serve_a_room() -> None:
    levels = (GROUND, Level("upper", 1, "Upper", "1"))
    moved = replace(DOORS[0], levels=("upper",))
    assert "room_without_door" in codes(BUILDING, *ROOMS, moved, DOORS[1], levels=levels)


def test_an_id_used_twice_is_an_error() -> None:
    assert "duplicate_id" in codes(*SOUND, Feature("r1", "aed", "", point(1, 1)))


def test_a_label_used_twice_on_a_level_is_a_finding() -> None:
    same = replace(ROOMS[1], label="101")
    assert "duplicate_label" in codes(BUILDING, ROOMS[0], same, *DOORS)


def test_the_same_label_on_two_levels_is_no_finding() -> None:
    upper = replace(ROOMS[0], id="r3", levels=("upper",))
    levels = (GROUND, Level("upper", 1, "Upper", "1"))
    assert "duplicate_label" not in codes(*SOUND, upper, levels=levels)


def test_a_room_without_label_is_a_finding() -> None:
    assert "label_missing" in codes(BUILDING, ROOMS[0], replace(ROOMS[1], label=""), *DOORS)


def test_a_room_without_level_is_an_error() -> None:
    assert "level_missing" in codes(BUILDING, ROOMS[0], replace(ROOMS[1], levels=()), *DOORS)


def test_a_map_without_levels_is_an_error() -> None:
    rooms = [replace(r, levels=()) for r in ROOMS]
    assert codes(BUILDING, *rooms, levels=()).count("levels_missing") == 1


def test_a_level_that_the_map_does_not_have_is_an_error() -> None:
    assert "level_unknown" in codes(*SOUND, replace(DOORS[0], id="d2", levels=("roof",)))


def test_an_exterior_door_without_number_is_a_finding() -> None:
    assert "door_number_missing" in codes(*SOUND, exterior_door("y", 20, 5))


def test_a_campus_without_main_entrance_is_a_finding() -> None:
    assert "main_entrance_missing" in codes(BUILDING, *ROOMS, exterior_door("x", 5, 10, "1"))


def test_two_exterior_doors_of_one_building_with_one_number_are_an_error() -> None:
    assert "door_number_duplicate" in codes(*SOUND, exterior_door("y", 20, 5, "1"))


def test_each_building_may_count_its_doors_from_one() -> None:
    other = Feature("b2", "building", "Gym", rectangle(40, 0, 60, 10))
    assert "door_number_duplicate" not in codes(*SOUND, other, exterior_door("y", 60, 5, "1"))


def test_doors_that_rise_clockwise_from_the_main_entrance_are_in_order() -> None:
    doors = (exterior_door("y", 20, 5, "2"), exterior_door("z", 15, 0, "2A"),
             exterior_door("w", 0, 5, "3"))  # fmt: skip
    assert "doors_not_clockwise" not in codes(*SOUND, *doors)


def test_doors_that_rise_the_other_way_are_one_finding() -> None:
    doors = (exterior_door("y", 20, 5, "4"), exterior_door("z", 15, 0, "3"),
             exterior_door("w", 0, 5, "2"))  # fmt: skip
    (finding,) = [f for f in found(*SOUND, *doors) if f.code == "doors_not_clockwise"]
    assert "door 4 is followed by 3" in finding.where


def test_doors_with_nothing_behind_them_are_one_finding() -> None:
    inner = Feature("l", "level", "", rectangle(-50, -50, 60, 60), levels=("ground",))
    doors = (door("d2", 5, 0), door("d3", 15, 0))
    (finding,) = [f for f in found(*SOUND[1:], inner, *doors) if f.code == "doors_one_sided"]
    assert (finding.severity, finding.feature) == ("info", "d2")
    assert finding.where.startswith("2 inner doors")


def test_a_stair_without_label_is_a_finding_and_a_corridor_without_a_hint() -> None:
    stair = Feature("s", "stair", "", rectangle(0, 10, 4, 14), levels=("ground",))
    hall = Feature("h", "corridor", "", rectangle(4, 10, 20, 14), levels=("ground",))
    severities = {f.code: f.severity for f in found(*SOUND, stair, hall)}
    assert severities["stair_label_missing"] == "warning"
    assert severities["corridor_label_missing"] == "info"


def test_a_level_left_out_between_others_is_a_finding() -> None:
    levels = (GROUND, Level("two", 2, "Second", "2"))
    (finding,) = [f for f in found(*SOUND, levels=levels) if f.code == "level_gap"]
    assert finding.where == "levels 0 to 2: no 1"


def test_a_number_left_out_between_exterior_doors_is_a_finding() -> None:
    doors = (exterior_door("y", 20, 5, "2"), exterior_door("z", 15, 0, "5"))
    (finding,) = [f for f in found(*SOUND, *doors) if f.code == "door_number_gap"]
    assert finding.where == "exterior doors 1 to 5: no 3, 4"


def test_a_series_over_two_buildings_has_no_gap() -> None:
    other = Feature("b2", "building", "Gym", rectangle(40, 0, 60, 10))
    doors = (exterior_door("y", 60, 5, "2"), exterior_door("z", 15, 0, "3"),
             exterior_door("w", 50, 0, "4"))  # fmt: skip
    assert "door_number_gap" not in codes(*SOUND, other, *doors)


def test_a_room_that_names_no_assembly_area_of_the_map_is_an_error() -> None:
    named = replace(ROOMS[0], properties={"assembly_area": "Field"})
    field = Feature("f", "assembly_area", "Field", rectangle(40, 40, 60, 60))
    assert "reference_unknown" in codes(BUILDING, named, ROOMS[1], *DOORS)
    assert "reference_unknown" not in codes(BUILDING, named, ROOMS[1], *DOORS, field)


def test_an_invalid_polygon_comes_with_the_change_of_its_repair() -> None:
    bowtie = PLANE.to_degrees(Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]))
    findings = found(*SOUND, Feature("z", "hazard_zone", "", bowtie))
    (finding,) = [f for f in findings if f.code == "polygon_invalid"]
    assert "50.0 m² stay, in 2 pieces" in finding.mend


def test_a_thousand_rooms_are_checked_in_half_a_second() -> None:
    rooms = [room(f"r{n}", str(n), 10 * (n % 40), 10 * (n // 40)) for n in range(1000)]
    doors = [door(f"d{n}", 10 * (n % 40) + 5, 10 * (n // 40)) for n in range(1000)]
    began = time.process_time()
    assert set(codes(*rooms, *doors)) == {"doors_one_sided"}  # those of the southern row
    assert time.process_time() - began < 0.5
