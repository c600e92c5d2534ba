"""What is wrong with the ways of a map."""

import time
from dataclasses import replace
from typing import Any

import pytest

from maps.checks import check_everything
from maps.document import Feature, Finding, Level, MapDocument
from maps.routing.findings import ways_findings
from tests.maps.five_floors import five_floors
from tests.maps.sheets import point, rectangle
from tests.maps.two_floors import LEVELS, area, doorway, line, school

AED = Feature("AED", "aed", "AED 1", point(15, 10.5), (), ("one",))


def found(document: MapDocument, code: str = "") -> list[Finding]:
    findings = ways_findings(document.levels, document.features)
    return [finding for finding in findings if code in ("", finding.code)]


def test_a_sound_school_has_no_finding() -> None:
    assert found(school(AED)) == []


def test_a_map_without_exit_is_one_error() -> None:
    inner = school(AED, without="x1")
    document = replace(inner, features=tuple(f for f in inner.features if f.id not in ("x2", "b")))
    (finding,) = [f for f in found(document) if f.severity == "error"]
    assert (finding.code, finding.where) == ("exits_missing", "10 rooms")


def test_a_room_without_a_way_to_an_exit_is_an_error() -> None:
    lost = area("room", "106", rectangle(0, 40, 10, 50), "one")
    behind = area("room", "107", rectangle(10, 40, 20, 50), "one")
    between = Feature("d106", "door", "", line(10, 44, 10, 46), (), ("one",))
    findings = found(school(AED, lost, behind, between), "room_unreachable")
    assert {f.feature for f in findings} == {"106", "107"}


def test_many_rooms_that_lack_the_same_way_are_one_error() -> None:
    no_stairs = school(AED, without="W")
    document = replace(no_stairs, features=tuple(f for f in no_stairs.features if f.id != "E"))
    below, above = found(document, "rooms_cut_off")
    assert "room 101 on level Floor 1 and 4 more rooms" in below.where
    assert "room 201 on level Floor 2 and 4 more rooms" in above.where
    assert found(document, "room_unreachable") == []


def test_a_stair_on_one_level_leads_nowhere() -> None:
    blind = area("stair", "S", rectangle(20, 24, 24, 28), "one")
    assert [f.feature for f in found(school(AED, blind), "stair_leads_nowhere")] == ["S"]


def test_a_stair_is_no_finding_in_a_building_of_one_floor() -> None:
    steps = area("stair", "S", rectangle(0, 10, 4, 14), "one")
    assert found(MapDocument(LEVELS[:1], (steps,)), "stair_leads_nowhere") == []


def test_a_stair_without_a_way_to_it_on_one_of_its_levels_is_a_finding() -> None:
    shaft = area("elevator", "L", rectangle(24, 14, 26, 16), "one", "two")
    open_below = doorway("l1", 25, 14, "one")
    (finding,) = found(school(AED, shaft, open_below), "stair_closed_off")
    assert finding.where.endswith("no door or open side on Floor 2")


def test_an_assembly_area_near_a_building_is_a_finding() -> None:
    near = area("assembly_area", "Court", rectangle(40, 0, 60, 20))
    (finding,) = found(school(AED, near), "assembly_area_near")
    assert finding.feature == "Court"
    # The east stair ends at x = 36; the area begins at x = 40.
    assert ": 4.0 m to School" in finding.where


def test_an_assembly_area_too_small_for_what_it_is_said_to_hold_is_a_finding() -> None:
    small = area("assembly_area", "Lawn", rectangle(100, 0, 110, 10), capacity=300)
    (finding,) = found(school(AED, small), "assembly_area_small")
    assert finding.where.endswith("100 m² for 300 people")
    enough = area("assembly_area", "Lawn", rectangle(100, 0, 110, 10), capacity=200)
    assert found(school(AED, enough), "assembly_area_small") == []


def test_an_assembly_area_with_more_people_than_it_holds_is_a_finding() -> None:
    gym = area("room", "106", rectangle(-16, 10, -6, 14), "one", occupants=250,
               assembly_area="Lawn")  # fmt: skip
    lawn = area("assembly_area", "Lawn", rectangle(100, 0, 130, 30), capacity=200)
    (finding,) = found(school(AED, gym, lawn), "assembly_area_full")
    assert "holds 200, 250 go there" in finding.where


def test_a_school_without_assembly_area_or_aed_says_so() -> None:
    bare = school()
    kept = tuple(f for f in bare.features if f.kind != "assembly_area")
    codes = {f.code for f in found(replace(bare, features=kept))}
    assert codes == {"assembly_area_missing", "aed_missing"}


def test_a_place_more_than_ninety_seconds_from_an_aed_is_a_finding() -> None:
    far = area("athletic_field", "Track", rectangle(200, 0, 260, 40))
    (finding,) = found(school(AED, far), "aed_far")
    assert (finding.feature, finding.severity) == ("Track", "warning")
    # 19.5 m along the hall, 6 m through the stair and 194 m outdoors at 1.524 m/s.
    assert "s on foot to AED 1" in finding.where
    seconds = float(finding.where.split(": ")[1].split(" s ")[0])
    assert seconds == pytest.approx((21 + 194.2) / 1.524, abs=2)


def test_stairs_cost_more_time_than_the_hall() -> None:
    distant = Level("nine", 9, "Floor 9", "9")
    stair = area("stair", "W9", rectangle(-6, 10, 0, 14), "one", "nine")
    room = area("room", "901", rectangle(0, 10, 10, 14), "nine")
    door = Feature("d901", "door", "", line(0, 11, 0, 13), (), ("nine",))
    below = Feature("dW9", "door", "", line(0, 11, 0, 13), (), ("one",))
    document = school(AED, room, door, below, stair, without="W")
    document = replace(document, levels=(*LEVELS, distant))
    assert "901" in {f.feature for f in found(document, "aed_far")}


def test_all_checks_of_a_thousand_rooms_take_half_a_second() -> None:
    levels, features = five_floors(1000)
    assert sum(f.kind == "room" for f in features) == 1000
    took: list[float] = []
    for _ in range(2):
        began = time.process_time()
        findings: Any = check_everything(levels, features)
        took.append(time.process_time() - began)
    assert not [f for f in findings if f.severity == "error"]
    assert min(took) < 0.5
