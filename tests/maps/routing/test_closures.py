"""Closures: the repaired tree says what a search begun anew says."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.routing.closures import closure_of, one_way_out, single_closures
from maps.routing.evacuate import evacuate
from maps.routing.network import Closed, Network, Node, Passage
from maps.routing.shortest import ways_to
from tests.maps.two_floors import school


@st.composite
def networks(draw: st.DrawFn) -> Network:
    size = draw(st.integers(2, 14))
    places = st.integers(0, size - 1)
    passages = draw(
        st.lists(st.tuples(places, places, st.integers(0, 9), st.booleans()), max_size=40)
    )
    nodes = tuple(Node("door", f"n{index}", None, 0.0, 0.0) for index in range(size))
    return Network(
        nodes=nodes,
        passages=tuple(
            Passage(one, other, float(meters), f"a{index % 5}", is_one_way=one_way)
            for index, (one, other, meters, one_way) in enumerate(passages)
        ),
        exits=tuple(draw(st.sets(places, min_size=1, max_size=3))),
        starts={},
    )


def slowly(network: Network, closed: Closed) -> list[float]:
    """Return the meters to the nearest exit by trying every passage again and again."""
    meters = [math.inf] * len(network.nodes)
    for node in network.exits:
        if node not in closed.nodes:
            meters[node] = 0.0
    for _ in network.nodes:
        for index, p in enumerate(network.passages):
            if index in closed.passages or closed.nodes & {p.one, p.other}:
                continue
            meters[p.one] = min(meters[p.one], meters[p.other] + p.meters)
            if not p.is_one_way:
                meters[p.other] = min(meters[p.other], meters[p.one] + p.meters)
    return meters


@given(networks())
def test_the_search_finds_the_shortest_ways(network: Network) -> None:
    assert ways_to(network, network.exits).meters == slowly(network, Closed())


@settings(max_examples=200)
@given(networks(), st.data())
def test_a_repaired_tree_equals_a_search_begun_anew(network: Network, data: st.DataObject) -> None:
    nodes = st.integers(0, len(network.nodes) - 1)
    closed = Closed(
        frozenset(data.draw(st.sets(nodes, max_size=3))),
        frozenset(data.draw(st.sets(st.integers(0, max(0, len(network.passages) - 1)), max_size=4)))
        & frozenset(range(len(network.passages))),
    )
    first = Closed(frozenset(data.draw(st.sets(nodes, max_size=1))))
    ways = ways_to(network, network.exits, first)
    changed = ways.repaired(closed)
    expected = slowly(network, first | closed)
    for node in range(len(network.nodes)):
        if node not in closed.nodes:
            assert changed.get(node, ways.meters[node]) == expected[node]


@given(networks())
def test_every_way_leads_to_an_exit_in_the_meters_stated(network: Network) -> None:
    ways = ways_to(network, network.exits)
    for node, meters in enumerate(ways.meters):
        way = ways.way(node)
        if math.isinf(meters):
            assert way == []
            continue
        assert way[-1] in network.exits
        assert sum(network.passages[ways.by[n]].meters for n in way[:-1]) == meters


def test_every_single_closure_of_a_school_equals_its_own_evacuation() -> None:
    document = school()
    ways = evacuate(document).ways
    before = {row.room: row.meters for row in evacuate(document).rooms}
    for closure in single_closures(ways):
        closed = evacuate(document, close=[closure.feature])
        assert closed.cut_off == tuple(r for r in before if r in closure.cut_off)
        for row in closed.rooms:
            was = before[row.room]
            if row.meters is not None and was is not None:
                assert row.meters - was == pytest.approx(closure.longer.get(row.room, 0.0))


def test_the_only_door_of_a_room_cuts_off_it_and_the_room_behind() -> None:
    by_feature = {c.feature: c for c in evacuate(school()).closures}
    assert by_feature["d104"].cut_off == ("104", "105")
    assert by_feature["d105"].cut_off == ("105",)
    assert by_feature["hall one"].cut_off == ("101", "102", "103", "104", "105")


def test_a_closed_exit_makes_a_detour_and_cuts_nobody_off() -> None:
    ways = evacuate(school()).ways
    closure = closure_of(ways, "x1", ways.network.closable["x1"])
    assert closure.cut_off == ()
    assert closure.longest_detour > 5


def test_a_closed_room_keeps_its_own_people_and_stops_those_who_walk_through() -> None:
    by_feature = {c.feature: c for c in evacuate(school()).closures}
    assert by_feature["104"].cut_off == ("105",)


def test_rooms_that_hang_on_one_feature_are_named() -> None:
    assert "105" in one_way_out(list(evacuate(school()).closures))


def test_networkx_says_the_same() -> None:
    networkx = pytest.importorskip("networkx")
    ways = evacuate(school()).ways
    network = ways.network
    graph = networkx.DiGraph()  # turned around: from the exits
    graph.add_nodes_from(range(len(network.nodes)))
    for node, reached in enumerate(network.onward):
        for other, meters, passage in reached:
            if passage not in ways.closed.passages:
                known = graph.get_edge_data(other, node, {"weight": math.inf})
                graph.add_edge(other, node, weight=min(meters, known["weight"]))
    for node in range(len(network.nodes)):
        kept = graph.copy()
        kept.remove_node(node)
        exits = [exit_ for exit_ in network.exits if exit_ != node]
        expected = networkx.multi_source_dijkstra_path_length(kept, exits)
        changed = ways.repaired(Closed(frozenset([node])))
        for other in kept:
            meters = changed.get(other, ways.meters[other])
            assert meters == pytest.approx(expected.get(other, math.inf))
