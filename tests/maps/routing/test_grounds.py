"""Ways on open ground: the shortest past the walls of all buildings."""

import itertools
import math

from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import union_all
from shapely.geometry import LineString, Polygon, box

from maps.document import Feature, MapDocument
from maps.routing.build import build_network
from maps.routing.shortest import ways_to
from tests.maps.sheets import PLANE, rectangle
from tests.maps.two_floors import LEVELS, area, way_out

GOAL = (300.0, 130.0)
BUILDINGS = st.lists(
    st.tuples(st.integers(0, 10), st.integers(0, 10), st.integers(1, 3), st.integers(1, 3)),
    min_size=1,
    max_size=6,
)


def apart(drawn: list[tuple[int, int, int, int]]) -> list[Polygon]:
    """Return those of the buildings that do not touch an earlier one."""
    buildings: list[Polygon] = []
    for x, y, wide, high in drawn:
        made = box(20 * x, 20 * y, 20 * (x + wide), 20 * (y + high))
        if all(made.distance(other) > 5 for other in buildings):
            buildings.append(made)
    return buildings


def door_of(building: Polygon) -> tuple[float, float]:
    west, south, east, _ = building.bounds
    return (west + east) / 2, south


def slowly(buildings: list[Polygon]) -> list[float]:
    """Return the way from each door to the goal, over all corners of all buildings."""
    walls = union_all([building.buffer(-0.5) for building in buildings])
    corners = [corner for b in buildings for corner in list(b.exterior.coords)[:-1]]
    points = [GOAL, *(door_of(b) for b in buildings), *corners]
    legs = [
        (a, b, math.dist(points[a], points[b]))
        for a, b in itertools.combinations(range(len(points)), 2)
        if not LineString([points[a], points[b]]).intersects(walls)
    ]
    meters = [0.0, *[math.inf] * (len(points) - 1)]
    for _ in points:
        for a, b, length in legs:
            meters[a] = min(meters[a], meters[b] + length)
            meters[b] = min(meters[b], meters[a] + length)
    return meters[1 : len(buildings) + 1]


@settings(max_examples=40, deadline=None)
@given(BUILDINGS)
def test_the_way_to_an_assembly_area_is_the_shortest_around_all_buildings(
    drawn: list[tuple[int, int, int, int]],
) -> None:
    buildings = apart(drawn)
    features = [
        Feature(f"b{n}", "building", "", PLANE.to_degrees(building))
        for n, building in enumerate(buildings)
    ]
    features += [way_out(f"x{n}", *door_of(building)) for n, building in enumerate(buildings)]
    features.append(area("assembly_area", "A", rectangle(295, 125, 305, 135)))
    network = build_network(MapDocument(LEVELS, tuple(features)))
    ways = ways_to(network, network.ends["A"])
    found = {network.nodes[node].feature: ways.meters[node] for node in network.exits}
    for n, expected in enumerate(slowly(buildings)):
        assert abs(found[f"x{n}"] - expected) < 0.2


def test_a_large_campus_still_leads_every_door_to_an_assembly_area() -> None:
    features: list[Feature] = []
    for column, row in itertools.product(range(6), range(5)):
        x, y = 80.0 * column, 80.0 * row
        features.append(Feature(f"b{column}{row}", "building", "", rectangle(x, y, x + 40, y + 30)))
        features += [way_out(f"x{column}{row}{n}", x + 10 * n + 5, y) for n in range(4)]
    features.append(area("assembly_area", "A", rectangle(200, 440, 240, 470)))
    network = build_network(MapDocument(LEVELS, tuple(features)))
    ways = ways_to(network, network.ends["A"])
    assert len(network.exits) == 120
    for node in network.exits:
        place = network.nodes[node]
        straight = min(math.dist((place.x, place.y), (network.nodes[end].x, network.nodes[end].y))
                       for end in network.ends["A"])  # fmt: skip
        assert straight - 1e-6 <= ways.meters[node] < straight + 60
