"""Clearance time: two evacuations worked by hand from the model's formulas, and its parts."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, MapDocument
from maps.routing import crowd
from maps.routing.evacuate import evacuate
from maps.routing.hydraulic import (
    LEVEL_FACTOR,
    STAIR_FACTOR,
    THREE_TO_5,
    density_at,
    door_rate,
    greatest_flow,
    specific_flow,
    speed_at,
    stair_rate,
)
from maps.routing.occupants import people_in, shared_out
from tests.maps.sheets import point, rectangle
from tests.maps.two_floors import LEVELS, area, line, school, way_out


def one_room(people: int, width: float) -> MapDocument:
    room = area("room", "r", rectangle(0, 0, 10, 10), "one", occupants=people)
    return MapDocument(LEVELS[:1], (room, way_out("x", 10, 5, width=width)))


def test_forty_people_leave_one_room_by_hand() -> None:
    found = evacuate(one_room(40, 1.2)).clearance
    # The first walks 5 m at 0.85 × 1.40 = 1.19 m/s: 4.202 s. The door lets 1.40 / (4 × 0.266) =
    # 1.3158 persons pass a second and meter of 1.20 - 0.30 = 0.90 m: 1.1842 persons/s; 40 / 1.1842
    # = 33.778 s. 37.98 s in all.
    assert found.second_order == pytest.approx(37.98, abs=0.01)
    assert found.first_order == pytest.approx(37.98, abs=0.01)
    assert found.room_seconds["r"] == found.out_seconds["r"] == pytest.approx(37.98, abs=0.01)


def two_floors(people: int) -> MapDocument:
    room = area("room", "r", rectangle(0, 0, 10, 10), "two", occupants=people)
    door = Feature("d", "door", "", line(10, 4.5, 10, 5.5), (), ("two",))
    stair = area("stair", "s", rectangle(10, 4, 14, 6), "one", "two", width=1.4)
    return MapDocument(LEVELS, (room, door, stair, way_out("x", 14, 5, width=2.0)))


def test_sixty_people_leave_the_second_floor_by_hand() -> None:
    evacuation = evacuate(two_floors(60))
    (row,) = evacuation.rooms
    # 5 m to the door, 2 m to the landing, 4.0 m of height × 1.85 on the stair, 2 m to the exit.
    assert row.meters == pytest.approx(5 + 2 + 7.4 + 2, abs=0.01)
    found = evacuation.clearance
    # The door, 1.00 - 0.30 = 0.70 m: 0.92105 persons/s; 5 / 1.19 + 60 / 0.92105 = 69.345 s until
    # the last has left the room. 2 m on: 71.025 s. The stair, 1.40 - 0.30 = 1.10 m, could pass
    # 1.0150 × 1.10 = 1.1165 persons/s, so nobody waits; F = 0.92105 / 1.10 = 0.83732, D = (1 -
    # √(1 - 4 × 0.266 × 0.83732 / 1.08)) / 0.532 = 1.0932, S = 1.08 (1 - 0.266 × 1.0932) =
    # 0.7660 m/s; 7.4 / 0.7660 = 9.661 s: 80.686 s. 2 m to the door, wide enough: 82.367 s.
    assert found.room_seconds["r"] == pytest.approx(69.345, abs=0.01)
    assert found.second_order == pytest.approx(82.367, abs=0.02)
    # First-order: the door of the room governs: 4.202 + 65.143 + the free walk from it, 4 / 1.19 +
    # 7.4 / 0.918 = 11.422 s.
    assert found.first_order == pytest.approx(80.767, abs=0.01)
    assert found.governing is not None
    assert evacuation.network.nodes[found.governing.node].feature == "d"


def test_two_rooms_wait_for_each_other_at_one_narrow_exit() -> None:
    rooms = [area("room", f"r{n}", rectangle(0, 10 * n, 10, 10 * n + 10), "one", occupants=30)
             for n in (0, 1)]  # fmt: skip
    hall = area("corridor", "h", rectangle(10, 0, 13, 20), "one")
    doors = [Feature(f"d{n}", "door", "", line(10, 10 * n + 4, 10, 10 * n + 6), (), ("one",))
             for n in (0, 1)]  # fmt: skip
    document = MapDocument(LEVELS[:1], (*rooms, hall, *doors, way_out("x", 13, 10, width=1.0)))
    evacuation = evacuate(document)
    found = evacuation.clearance
    rate = door_rate(1.0)
    walk = 5 / 1.19
    first_at_exit = walk + math.hypot(3, 5) / 1.19
    assert found.second_order >= first_at_exit + 60 / rate
    assert found.second_order == pytest.approx(first_at_exit + 60 / rate, rel=0.05)
    (worst, *_) = found.bottlenecks
    assert evacuation.network.nodes[worst.node].feature == "x"
    assert worst.people == pytest.approx(60)
    assert worst.longest_queue < 60


def hall_of(people: int, *doors: Feature) -> MapDocument:
    room = area("room", "r", rectangle(0, 0, 20, 10), "one", occupants=people)
    return MapDocument(LEVELS[:1], (room, *doors))


def test_a_room_is_left_by_all_its_doors_each_by_what_it_lets_pass() -> None:
    wide, narrow = way_out("x1", 0, 5, width=2.3), way_out("x2", 20, 5, width=1.3)
    evacuation = evacuate(hall_of(300, wide, narrow))
    people = {evacuation.network.nodes[p.node].feature: p.people
              for p in evacuation.clearance.narrows}  # fmt: skip
    assert people == {"x1": pytest.approx(200), "x2": pytest.approx(100)}
    assert evacuation.clearance.second_order == pytest.approx(10 / 1.19 + 100 / door_rate(1.3))


@pytest.mark.parametrize(
    ("shape", "properties", "width"),
    [
        (line(20, 4, 20, 5.9), {}, 1.9),
        (rectangle(19.9, 4, 20.1, 5.9), {}, 1.9),  # drawn with the thickness of its wall
        (point(20, 5), {}, 0.91),
        (point(20, 5), {"width": 1.2}, 1.2),
        (point(20, 5), {"width": "wide"}, 0.91),
        (line(20, 4, 20, 5.9), {"width": -1}, 1.9),
    ],
)
def test_a_door_is_as_wide_as_it_says_or_is_drawn(
    shape: BaseGeometry, properties: dict[str, Any], width: float
) -> None:
    door = Feature("x", "exterior_door", "1", shape, (), ("one",), properties)
    (place,) = evacuate(hall_of(50, door)).clearance.narrows
    assert place.persons_per_second == pytest.approx(door_rate(width), rel=1e-4)


def test_a_closed_door_leaves_all_people_to_the_other() -> None:
    doors = way_out("x1", 0, 5, width=1.3), way_out("x2", 20, 5, width=1.3)
    both = evacuate(hall_of(300, *doors)).clearance.second_order
    one = evacuate(hall_of(300, *doors), close=["x2"]).clearance.second_order
    assert one == pytest.approx(10 / 1.19 + 2 * (both - 10 / 1.19))


def test_a_door_that_only_leads_back_is_not_used() -> None:
    store = area("room", "s", rectangle(0, 10, 20, 14), "one", occupants=0)
    inner = Feature("d", "door", "", line(4, 10, 6, 10), (), ("one",))
    found = evacuate(hall_of(100, store, inner, way_out("x", 20, 5, width=1.3)))
    assert [found.network.nodes[p.node].feature for p in found.clearance.narrows] == ["x"]


def test_nobody_is_lost_on_the_way() -> None:
    found = evacuate(school())
    through_exits = sum(
        place.people
        for place in found.clearance.narrows
        if found.network.nodes[place.node].kind == "exterior_door"
    )
    assert through_exits == pytest.approx(sum(row.people for row in found.rooms))
    assert set(found.clearance.out_seconds) == {row.room for row in found.rooms if row.people}


def test_a_closed_stair_makes_the_clearance_longer() -> None:
    open_school, closed = evacuate(school()), evacuate(school(), close=["W"])
    assert closed.clearance.second_order > open_school.clearance.second_order


def test_younger_children_take_longer() -> None:
    slow = evacuate(two_floors(60), pace=THREE_TO_5).clearance
    assert slow.second_order > evacuate(two_floors(60)).clearance.second_order


def test_the_greatest_flow_lies_at_half_the_standing_density() -> None:
    for factor in (LEVEL_FACTOR, STAIR_FACTOR):
        assert specific_flow(factor, 1 / (2 * 0.266)) == pytest.approx(greatest_flow(factor))
    assert greatest_flow(LEVEL_FACTOR) == pytest.approx(1.32, abs=0.005)
    assert specific_flow(LEVEL_FACTOR, 4.0) == 0.0


@given(st.floats(0.0, 1.31))
def test_the_density_at_a_flow_gives_that_flow_again(flow: float) -> None:
    assert specific_flow(LEVEL_FACTOR, density_at(LEVEL_FACTOR, flow)) == pytest.approx(flow)


@given(st.floats(0.0, 1.3), st.floats(0.0, 1.3))
def test_a_denser_stream_is_never_faster(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert speed_at(LEVEL_FACTOR, more, 1.19) <= speed_at(LEVEL_FACTOR, less, 1.19) <= 1.19


def test_a_door_too_narrow_for_its_boundary_still_lets_people_through() -> None:
    assert door_rate(0.2) > 0
    assert stair_rate(0.2) > 0


STREAMS = st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 50)), min_size=1, max_size=6).map(
    lambda groups: [crowd.at_once(*group) for group in groups]
)


@given(STREAMS, st.floats(0.1, 10))
def test_a_queue_lets_all_pass_and_none_before_they_came(
    streams: list[crowd.Stream], rate: float
) -> None:
    arriving = crowd.together(streams)
    leaving = crowd.through(arriving, rate)
    assert leaving[-1][1] == pytest.approx(sum(stream[-1][1] for stream in streams))
    assert leaving[-1][0] >= arriving[-1][0] - 1e-6
    for moment, people in leaving:
        assert people <= crowd.passed_by(arriving, moment) + 1e-6
    assert crowd.greatest_rate(leaving) <= rate * (1 + 1e-6)
    assert (
        crowd.longest_wait(arriving, leaving)
        <= sum(stream[-1][1] for stream in streams) / rate + 1e-6
    )


@given(STREAMS, st.floats(0.1, 10))
def test_a_second_door_of_the_same_width_holds_nobody_up(
    streams: list[crowd.Stream], rate: float
) -> None:
    once = crowd.through(crowd.together(streams), rate)
    again = crowd.through(once, rate)
    assert again[-1] == pytest.approx(once[-1])


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 500), max_size=8),
    st.integers(-5, 3000),
)
def test_people_shared_out_are_neither_more_nor_fewer(reckoned: dict[str, int], total: int) -> None:
    shares = shared_out(reckoned, total)
    assert set(shares) == set(reckoned)
    assert sum(shares.values()) == (max(total, 0) if any(reckoned.values()) else 0)
    assert all(count == 0 for room, count in shares.items() if reckoned[room] == 0)


def test_a_total_leaves_stated_rooms_as_they_are() -> None:
    stated = area("room", "106", rectangle(-16, 10, -6, 14), "one", occupants=25)
    rows = {row.room: row for row in evacuate(school(stated), total=125).rooms}
    assert (rows["106"].people, rows["106"].people_stated) == (25, True)
    assert sum(row.people for row in rows.values()) == 125


def test_a_room_is_as_full_as_it_says_or_as_its_floor_allows() -> None:
    classroom = area("room", "101", rectangle(0, 0, 10, 10), "one")
    assert people_in(classroom, 100.0) == (53, False)
    gym = Feature("g", "room", "180", classroom.geometry, ("Main Gym",))
    assert people_in(gym, 1000.0) == (215, False)
    store = Feature("s", "room", "180A", classroom.geometry, ("Gym storage",))
    assert people_in(store, 100.0) == (3, False)
    toilet = Feature("t", "room", "Girls' restroom", classroom.geometry)
    assert people_in(toilet, 30.0) == (0, False)
    stated = area("room", "102", classroom.geometry, "one", occupants=0)
    assert people_in(stated, 100.0) == (0, True)
    assert people_in(classroom, 100.0, {"101": 12}) == (12, True)
