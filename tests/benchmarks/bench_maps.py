"""Maps: bulk locate beside an STRtree, every single closure beside networkx, all checks by size."""

import importlib
import importlib.util
import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from backend.demo.campus_map import lincoln_high_school
from maps.checks import check_everything
from maps.document import MapDocument
from maps.formats.reading import read_map
from maps.geometry.bulk import BulkLocator
from maps.routing.build import build_network
from maps.routing.closures import Closure, single_closures
from maps.routing.network import Closed, Network
from maps.routing.shortest import WaysOut, ways_to
from tests.maps.five_floors import five_floors

ROUNDS = 3
POINTS = 1_000_000
ROOMS = 1000
RERUNS = 40  # closures that networkx runs anew; the rest would only repeat their mean


def run() -> list[dict[str, Any]]:
    """Return the rows."""
    return [_locate(), _closures(), *_checks()]


def timed(work: Callable[[], object]) -> float:
    """Return the median of three rounds in seconds."""
    took = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def _locate() -> dict[str, Any]:
    """Locate random points in a school of two levels; the peer has its points and tree made before.

    Both answers are compared pair by pair.
    """
    locator = BulkLocator(read_map("school.geojson", lincoln_high_school()).document())
    shapes = [f.geometry for f in locator.features]
    rooms = [f.geometry for f in locator.features if f.kind == "room"]
    west, south, east, north = shapely.total_bounds(rooms)
    random = np.random.default_rng(20)
    x, y = random.uniform(west, east, POINTS), random.uniform(south, north, POINTS)
    points, tree = shapely.points(x, y), shapely.STRtree(shapes)
    ours = timed(lambda: locator.areas_at(x, y))
    peer = timed(lambda: tree.query(points, "intersects"))
    found, areas = locator.areas_at(x, y)
    expected = tree.query(points, "intersects")
    assert sorted(zip(*expected.tolist(), strict=True)) == sorted(
        zip(found.tolist(), areas.tolist(), strict=True)
    )
    return _row(
        "locate: a million points beside one bulk STRtree query", ours, peer, peer / ours, "≥ 1.5"
    )


def _closures() -> dict[str, Any]:
    """Close every feature of a building alone; networkx runs anew for some, by mean for all.

    Distances of every node and counts of rooms cut off are compared for those it runs.
    """
    name = "single closures of 1,000 rooms beside networkx run anew"
    if importlib.util.find_spec("networkx") is None:
        return {"name": name, "skipped": "the Python package networkx is not installed here"}
    levels, features = five_floors(ROOMS)
    network = build_network(MapDocument(levels, tuple(features)))
    ways = ways_to(network, network.exits)
    count = len(network.closable)
    ours = timed(lambda: list(single_closures(ways_to(network, network.exits)))) / count
    closures = {closure.feature: closure for closure in single_closures(ways)}
    chosen = list(network.closable)[:: max(1, count // RERUNS)]
    peer = _rerun(ways, [(closures[key], network.closable[key]) for key in chosen])
    return _row(f"{name} ({count} closures)", ours, peer, peer / ours, "≥ 100")


def _rerun(ways: WaysOut, closures: list[tuple[Closure, Closed]]) -> float:
    """Return the mean seconds of a networkx run after a closure, its answer compared with ours."""
    networkx: Any = importlib.import_module("networkx")
    network = ways.network
    graph = networkx.DiGraph()  # turned around: from the exits
    graph.add_nodes_from(range(len(network.nodes)))
    for node, reached in enumerate(network.onward):
        for other, meters, passage in reached:
            graph.add_edge(other, node, weight=meters, passage=passage)
    took = 0.0
    for closure, closed in closures:
        edges = [(one, other, data) for one, other, data in graph.edges(data=True)
                 if data["passage"] in closed.passages]  # fmt: skip
        around = [(one, other, data) for node in closed.nodes
                  for one, other, data in (*graph.in_edges(node, data=True),
                                           *graph.out_edges(node, data=True))]  # fmt: skip
        graph.remove_edges_from(edges)
        graph.remove_nodes_from(closed.nodes)
        exits = [node for node in network.exits if node not in closed.nodes]
        start = time.perf_counter()
        expected = networkx.multi_source_dijkstra_path_length(graph, exits)
        took += time.perf_counter() - start
        _compare(ways, closure, closed, expected)
        graph.add_edges_from([*edges, *around])
    return took / len(closures)


def _compare(ways: WaysOut, closure: Closure, closed: Closed, expected: dict[int, float]) -> None:
    changed = ways.repaired(closed)
    for node in range(len(ways.meters)):
        if node not in closed.nodes:
            meters = changed.get(node, ways.meters[node])
            assert math.isclose(meters, expected.get(node, math.inf), abs_tol=1e-6)
    assert len(closure.cut_off) == _cut_off(ways.network, expected)


def _cut_off(network: Network, expected: dict[int, float]) -> int:
    return sum(not any(node in expected for node in nodes) for nodes in network.starts.values())


def _checks() -> list[dict[str, Any]]:
    """Check 1,000 and 10,000 rooms; the second is held to n log n of the first."""
    small, large = five_floors(ROOMS), five_floors(10 * ROOMS)
    few = timed(lambda: check_everything(*small))
    many = timed(lambda: check_everything(*large))
    allowed = few * 10 * math.log(10 * ROOMS) / math.log(ROOMS)
    return [
        _row("all checks of 1,000 rooms beside half a second", few, 0.5, few / 0.5, "≤ 1"),
        _row("all checks of 10,000 rooms beside n log n of 1,000", many, allowed, many / allowed,
             "≤ 1"),
    ]  # fmt: skip


def _row(name: str, ours: float, peer: float, ratio: float, goal: str) -> dict[str, Any]:
    return {"name": name, "ours": ours, "peer": peer, "ratio": ratio, "goal": goal, "unit": "s"}


if __name__ == "__main__":
    for row in run():
        print(row)
