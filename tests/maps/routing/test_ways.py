"""The walking network of a map, and the shortest ways over it."""

import math
from collections.abc import Mapping, Sequence

import pytest
from shapely.geometry import Polygon, box

from maps.document import Feature, Level, MapDocument
from maps.routing.build import build_network
from maps.routing.evacuate import Evacuation, RoomWay, evacuate
from maps.routing.pockets import Space
from tests.maps.sheets import PLANE, point, rectangle
from tests.maps.two_floors import LEVELS, area, doorway, line, refuge, school, way_out

STAIR_METERS = 4.0 * 1.85


def row(found: Evacuation, room: str) -> RoomWay:
    (way,) = [way for way in found.rooms if way.room == room]
    return way


def one_level(*features: Feature) -> MapDocument:
    return MapDocument(LEVELS[:1], features)


def test_every_room_has_its_shortest_way_to_an_exit() -> None:
    found = evacuate(school())
    way = row(found, "101")
    assert way.exit == "x1"
    # To the door of the room, along the hall to the middle of the open side of the stair, out.
    hall, out = math.hypot(5, 1.0), math.hypot(6, 1.0)
    assert way.meters == pytest.approx(5 + min(hall + out, math.hypot(11, 2)), abs=0.3)
    assert way.route == ("d101", "x1")
    assert found.cut_off == ()


def test_upstairs_the_way_leads_over_the_nearest_stair() -> None:
    found = evacuate(school())
    assert row(found, "201").route == ("d201", "W", "x1")
    assert row(found, "203").route == ("d203", "E", "x2")
    above, below = row(found, "201").meters, row(found, "101").meters
    assert above is not None
    assert below is not None
    # In the stair one walks to the middle of the landing and from it: 3 m each way.
    assert above - below == pytest.approx(STAIR_METERS, abs=1.0)


def test_a_room_behind_another_leaves_through_it() -> None:
    assert row(evacuate(school()), "105").route[:2] == ("d105", "d104")


def test_a_closed_stair_sends_everyone_to_the_other() -> None:
    found = evacuate(school(), close=["W"])
    assert row(found, "201").route == ("d201", "E", "x2")
    assert row(found, "101").route == ("d101", "x2")
    assert found.closed == ("W",)


def test_both_stairs_closed_cut_off_the_floor_above() -> None:
    found = evacuate(school(), close=["W", "E"])
    assert set(found.cut_off) >= {"201", "202", "203", "204", "205"}
    assert found.clearance.stranded == sum(r.people for r in found.rooms if r.room in found.cut_off)


def test_what_is_on_no_way_cannot_be_closed() -> None:
    with pytest.raises(KeyError):
        evacuate(school(), close=["West field"])


def test_without_stairs_the_floor_above_goes_to_a_refuge_area() -> None:
    found = evacuate(school(refuge("R", 29, 12, "two")), without_stairs=True)
    above = row(found, "201")
    assert (above.exit, above.refuge) == (None, "R")
    assert above.refuge_meters == pytest.approx(5 + math.hypot(24, 2), abs=0.01)
    assert row(found, "101").exit == "x1"


def test_an_elevator_is_out_of_use_unless_asked_for() -> None:
    lift = area("elevator", "L", rectangle(20, 14, 22, 16), "one", "two")
    more = (lift, doorway("l1", 21, 14, "one"), doorway("l2", 21, 14, "two"))
    closed = evacuate(school(*more), without_stairs=True)
    assert row(closed, "201").exit is None
    running = evacuate(school(*more), without_stairs=True, with_elevators=True)
    assert "L" in row(running, "201").route


def test_the_way_goes_on_to_the_nearest_assembly_area_around_the_building() -> None:
    found = evacuate(school())
    assert row(found, "101").assembly_area == "West field"
    assert row(found, "103").assembly_area == "East lot"
    way = row(found, "101")
    assert way.meters is not None
    assert way.assembly_meters == pytest.approx(way.meters + math.hypot(44, 2), abs=0.05)
    assert way.path[-1] == pytest.approx(PLANE.point_to_degrees(-50, 10), abs=1e-7)


def test_a_room_may_state_its_assembly_area() -> None:
    stated = area("room", "106", rectangle(-10, 0, 0, 10), "one", assembly_area="east lot")
    found = evacuate(school(stated, way_out("x6", -10, 5)))
    way = row(found, "106")
    assert way.assembly_area == "East lot"
    assert way.meters is not None
    assert way.assembly_meters is not None
    # From the west side to the east lot one walks around the building: more than a straight line.
    assert way.assembly_meters - way.meters > 90.2


def test_a_fence_is_passed_at_its_gate() -> None:
    fence = Feature("f", "fence", "", line(-30, -200, -30, 200))
    gate = Feature("g", "gate", "Gate", point(-30, 60))
    blocked = row(evacuate(school(fence, without="East lot")), "101").assembly_meters
    opened = row(evacuate(school(fence, gate, without="East lot")), "101").assembly_meters
    assert blocked is not None
    assert opened is not None
    # To the southern post of the gate, then to the middle of the field.
    assert opened == pytest.approx(
        5 + math.hypot(11, 2) + math.hypot(24, 46.5) + math.hypot(20, 48.5), abs=1.0
    )
    assert blocked > opened
    shut = row(evacuate(school(fence, gate, without="East lot"), close=["g"]), "101")
    assert shut.assembly_meters == pytest.approx(blocked)


def test_a_way_bends_around_the_inner_corner_of_an_area() -> None:
    corner = PLANE.to_degrees(Polygon([(0, 0), (20, 0), (20, 4), (4, 4), (4, 20), (0, 20)]))
    hall = area("corridor", "hall", corner, "one")
    room = area("room", "r", rectangle(20, 0, 24, 4), "one")
    door = Feature("d", "door", "", line(20, 1.5, 20, 2.5), (), ("one",))
    found = evacuate(one_level(hall, room, door, way_out("x", 2, 20)))
    assert row(found, "r").meters == pytest.approx(
        2 + math.hypot(16, 2) + math.hypot(2, 16), abs=0.01
    )


def test_corridors_are_open_to_each_other_where_they_touch() -> None:
    west = area("corridor", "w", rectangle(0, 0, 10, 3), "one")
    east = area("corridor", "e", rectangle(10, 0, 20, 3), "one")
    room = area("room", "r", rectangle(0, 3, 10, 10), "one")
    found = evacuate(one_level(west, east, room, doorway("d", 5, 3, "one"), way_out("x", 20, 1.5)))
    assert row(found, "r").meters == pytest.approx(3.5 + math.hypot(15, 1.5), abs=0.05)


def test_a_door_between_corridors_is_the_only_way_through() -> None:
    west = area("corridor", "w", rectangle(0, 0, 10, 3), "one")
    east = area("corridor", "e", rectangle(10, 0, 20, 3), "one")
    room = area("room", "r", rectangle(0, 3, 10, 10), "one")
    between = Feature("between", "door", "", line(10, 0.5, 10, 2.5), (), ("one",))
    document = one_level(
        west, east, room, doorway("d", 5, 3, "one"), way_out("x", 20, 1.5), between
    )
    assert row(evacuate(document), "r").route == ("d", "between", "x")
    assert evacuate(document, close=["between"]).cut_off == ("r",)


def test_rooms_side_by_side_are_not_open_to_each_other() -> None:
    one = area("room", "r1", rectangle(0, 0, 10, 10), "one")
    other = area("room", "r2", rectangle(10, 0, 20, 10), "one")
    found = evacuate(one_level(one, other, way_out("x", 20, 5)))
    assert found.cut_off == ("r1",)


def test_stairs_drawn_once_for_each_floor_are_one_stair() -> None:
    pieces = [area("stair", f"W{n}", rectangle(-6, 10, 0, 14), level)
              for n, level in enumerate(("one", "two"))]  # fmt: skip
    document = school(*pieces, without="W")
    assert row(evacuate(document), "201").route == ("d201", "W1", "W0", "x1")


def test_stairs_apart_are_one_by_a_label_that_only_they_share() -> None:
    def piece(identity: str, label: str, west: float, level: str) -> Feature:
        shape = rectangle(west, 24, west + 4, 28)
        return Feature(identity, "stair", label, shape, (), (level,))

    shifted = (piece("s1", "S", 0, "one"), piece("s2", "S", 6, "two"))
    assert climbs(school(*shifted)) >= {("s1", "s2")}
    common = (*shifted, piece("s3", "S", 12, "one"), piece("s4", "S", 20, "two"))
    assert climbs(school(*common)).isdisjoint({("s1", "s2"), ("s3", "s4"), ("s1", "s4")})


def climbs(document: MapDocument) -> set[tuple[str | None, str | None]]:
    network = build_network(document)
    return {
        (network.nodes[p.one].feature, network.nodes[p.other].feature)
        for p in network.passages
        if p.kind == "stair"
    }


def test_a_door_to_a_courtyard_is_no_exit() -> None:
    ring = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
    hall = area("corridor", "hall", PLANE.to_degrees(ring), "one")
    building = Feature("b", "building", "", PLANE.to_degrees(ring))
    court = Feature("c", "exterior_door", "", line(14, 10, 16, 10), (), ("one",))
    out = Feature("x", "exterior_door", "1", line(14, 30, 16, 30), (), ("one",))
    network = build_network(one_level(hall, building, court, out))
    assert [network.nodes[node].feature for node in network.exits] == ["x"]


def test_a_door_in_the_outer_wall_is_a_way_out_with_a_finding() -> None:
    room = area("room", "r", rectangle(0, 0, 10, 10), "one")
    building = Feature("b", "building", "", rectangle(0, 0, 10, 10))
    document = one_level(room, building, doorway("d", 5, 10, "one"))
    assert row(evacuate(document), "r").exit == "d"
    assert [f.code for f in build_network(document).findings] == ["exit_unmarked"]


def test_an_exterior_door_does_not_join_the_rooms_on_both_sides_of_it() -> None:
    one = area("room", "r1", rectangle(0, 0, 10, 10), "one")
    other = area("room", "r2", rectangle(10, 0, 20, 10), "one")
    out = Feature("x", "exterior_door", "1", line(8.8, 10, 9.8, 10), (), ("one",))
    assert evacuate(one_level(one, other, out)).cut_off == ("r2",)


def test_a_map_without_rooms_has_no_ways() -> None:
    found = evacuate(MapDocument((), ()))
    assert (found.rooms, found.clearance.second_order, found.closures) == ((), 0.0, ())


def test_a_map_without_levels_is_one_floor() -> None:
    room = Feature("r", "room", "r", rectangle(0, 0, 10, 10))
    out = Feature("x", "exterior_door", "1", line(4, 10, 6, 10))
    assert row(evacuate(MapDocument((), (room, out))), "r").meters == pytest.approx(5, abs=0.01)


def test_a_door_without_level_belongs_to_the_floor_nearest_ground() -> None:
    levels = (Level("cellar", -1, "Cellar", "C"), *LEVELS)
    rooms = [area("room", v.id, rectangle(0, 0, 10, 10), v.id) for v in levels]
    out = Feature("x", "exterior_door", "1", line(4, 10, 6, 10))
    assert evacuate(MapDocument(levels, (*rooms, out))).cut_off == ("cellar", "two")


def everything_leads_on(
    inside: Mapping[Space, Sequence[int]], kinds: Sequence[str]
) -> dict[Space, set[int]]:
    return {space: set(nodes) for space, nodes in inside.items()}


@pytest.mark.parametrize("close", [(), ("W",), ("hall one",), ("x1", "E")])
def test_walks_left_out_between_pockets_change_no_way(
    close: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = school(refuge("R", 5, 5, "two"))
    spare = evacuate(document, close=close, without_stairs=not close)
    monkeypatch.setattr("maps.routing.draft.leading_on", everything_leads_on)
    full = evacuate(document, close=close, without_stairs=not close)
    assert len(spare.network.passages) < len(full.network.passages)
    for ours, theirs in zip(spare.rooms, full.rooms, strict=True):
        assert ours.meters == pytest.approx(theirs.meters)
        assert ours.refuge_meters == pytest.approx(theirs.refuge_meters)
    assert {c.feature: c.cut_off for c in spare.closures} == {
        c.feature: c.cut_off for c in full.closures
    }
