"""Ways over a walking graph that somebody drew."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point

from backend import cli
from maps.document import Feature, MapDocument
from maps.routing.drawn import WrongGraph, drawn_network, read_walking_graph
from maps.routing.evacuate import evacuate
from tests.maps.sheets import collection, geojson_feature, rectangle

GRAPH: dict[str, Any] = {
    "vertices": {
        "E0": {"floor": "1", "location": [0, 0]},
        "H1": {"floor": "1", "location": [100, 0]},
        "S1": {"floor": "1", "location": [200, 0], "tags": ["stairs"]},
        "S2": {"floor": "2", "location": [200, 0], "tags": ["stairs"]},
        "R101": {"floor": "1", "location": [100, 40]},
        "R201": {"floor": "2", "location": [200, 30]},
    },
    "edges": [["E0", "H1"], ["H1", "S1"], ["S1", "S2"], ["S2", "R201"], ["H1", "R101"]],
    "rooms": {"101": {"vertices": ["R101"]}, "201": {"vertices": ["R201"], "names": ["Library"]}},
}


def room(label: str, *names: str) -> Feature:
    return Feature(f"id-{label}", "room", label, rectangle(0, 0, 8, 8), names)


ROOMS = MapDocument((), (room("101"), room("L", "201")))


def graph_of(**changes: Any) -> bytes:
    return json.dumps({**GRAPH, **changes}).encode()


def test_rooms_leave_over_the_drawn_edges_at_the_scale_given() -> None:
    network = drawn_network(read_walking_graph(graph_of()), ROOMS, meters_per_unit=0.1)
    below, above = evacuate(ROOMS, network=network).rooms
    assert (below.exit, below.meters) == ("E0", pytest.approx(14.0))
    assert above.meters == pytest.approx(3 + 4 * 1.85 + 10 + 10)
    assert above.path == ()


def test_a_one_way_edge_is_not_walked_against_its_direction() -> None:
    edges = [["E0", "H1", True], *GRAPH["edges"][1:]]
    graph = read_walking_graph(graph_of(edges=edges))
    network = drawn_network(graph, ROOMS, meters_per_unit=0.1)
    assert len(evacuate(ROOMS, network=network).cut_off) == 2


def test_vertices_are_closed_by_their_ids() -> None:
    network = drawn_network(read_walking_graph(graph_of()), ROOMS, meters_per_unit=0.1)
    assert evacuate(ROOMS, network=network, close=["S1"]).cut_off == ("id-L",)
    cutting = {c.feature: c.cut_off for c in evacuate(ROOMS, network=network).closures}
    assert cutting["H1"] == ("id-101", "id-L")


def test_what_graph_and_map_do_not_share_is_a_finding() -> None:
    document = MapDocument((), (room("101"), room("102")))
    network = drawn_network(read_walking_graph(graph_of()), document, meters_per_unit=0.1)
    assert {f.code: f.feature for f in network.findings} == {
        "graph_room_unknown": None, "room_not_in_graph": "id-102",
    }  # fmt: skip


def test_a_place_that_is_no_room_on_the_map_is_one_to_walk_to() -> None:
    refuge = Feature("ref", "refuge_area", "201", rectangle(0, 0, 2, 2))
    document = MapDocument((), (refuge, room("101")))
    network = drawn_network(read_walking_graph(graph_of()), document, meters_per_unit=0.1)
    assert set(network.starts) == {"id-101"}
    assert set(network.ends) == {"ref"}
    assert network.findings == ()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "no JSON"),
        (b"[]", "vertices"),
        (graph_of(vertices={"a": {"location": [1]}}), "vertices.a"),
        (graph_of(vertices={"a": {"location": [1, "x"]}}), "vertices.a"),
        (graph_of(edges=[["E0", "H9"]]), "no vertex H9"),
        (graph_of(edges=[["E0"]]), "edges[0]"),
        (graph_of(edges=None), "edges"),
        (graph_of(rooms={"101": {"vertices": ["Q"]}}), "rooms.101"),
        (graph_of(rooms={"101": {}}), "rooms.101"),
        (graph_of(rooms=[]), "rooms"),
    ],
)
def test_a_graph_that_cannot_be_used_is_refused_with_its_place(data: bytes, says: str) -> None:
    with pytest.raises(WrongGraph) as refused:
        read_walking_graph(data)
    assert says in str(refused.value)


@pytest.mark.parametrize("scale", [0.0, -1.0, math.inf, math.nan])
def test_a_scale_must_be_a_positive_number(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        drawn_network(read_walking_graph(graph_of()), ROOMS, meters_per_unit=scale)


def test_the_command_takes_a_drawn_graph(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, ways = tmp_path / "plan.geojson", tmp_path / "ways.json"
    rooms = [geojson_feature(rectangle(0, 0, 8, 8), n, kind="room", label=n, level=0)
             for n in ("101", "201")]  # fmt: skip
    plan.write_bytes(collection(*rooms))
    ways.write_bytes(graph_of())
    words = ["map", "evacuate", str(plan), "--ways", str(ways), "--json"]
    assert cli.main(words) == 1
    assert json.loads(capsys.readouterr().out)["error"]["where"] == "--meters-per-unit"
    assert cli.main([*words, "--meters-per-unit", "0.1", "--close", "S1"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [room["label"] for room in report["cut_off"]] == ["201"]
    assert report["closed"] == [{"feature": "S1", "kind": "vertex", "label": "S1", "level": None}]


@pytest.mark.shared_data
def test_the_graph_of_a_real_high_school_leads_all_but_its_loose_parts_out(
    shared_data: Path,
) -> None:
    data = (shared_data / "maps" / "high-school-svg" / "map.json").read_bytes()
    graph = read_walking_graph(data)
    assert (len(graph.vertices), len(graph.edges), len(graph.rooms)) == (842, 886, 383)
    rooms = tuple(Feature(label, "room", label, Point(0, 0).buffer(1e-5)) for label in graph.rooms)
    document = MapDocument((), rooms)
    network = drawn_network(graph, document, meters_per_unit=0.2)
    found = evacuate(document, network=network)
    assert len(found.rooms) == 383
    assert network.findings == ()
    assert 0 < len(found.cut_off) <= 10
    upstairs = [r for r in found.rooms if network.nodes[network.starts[r.room][0]].level == "2"]
    assert len(upstairs) > 100
    assert all(row.meters > 4 * 1.85 for row in upstairs if row.meters is not None)
