"""Walks inside an area: the shortest that its walls allow."""

import heapq
import itertools
import math

import numpy as np
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from maps.routing.inside import walks_inside


def shortest(area: BaseGeometry, places: list[tuple[float, float]]) -> float:
    """Return the way from the first place to the second over the walks of an area."""
    at = np.array(places, dtype=np.float64)
    (walks,) = walks_inside(np.array([area]), [at], [np.ones(len(at), dtype=bool)])
    meters = {0: 0.0}
    heap = [(0.0, 0)]
    while heap:
        far, node = heapq.heappop(heap)
        for pair, length in zip(walks.pairs.tolist(), walks.meters.tolist(), strict=True):
            if node in pair:
                other = sum(pair) - node
                if far + length < meters.get(other, math.inf):
                    meters[other] = far + length
                    heapq.heappush(heap, (far + length, other))
    return meters.get(1, math.inf)


def slowly(area: BaseGeometry, places: list[tuple[float, float]]) -> float:
    """Return the same over every corner of the area, each pair tried by itself."""
    corners = [tuple(corner) for corner in shapely.get_coordinates(area).tolist()]
    points = [*places[:2], *dict.fromkeys(corners)]
    grown = area.buffer(0.05, join_style="mitre")
    meters = [math.inf] * len(points)
    meters[0] = 0.0
    edges = [
        (a, b, math.dist(points[a], points[b]))
        for a, b in itertools.combinations(range(len(points)), 2)
        if points[a] == points[b] or grown.covers(LineString([points[a], points[b]]))
    ]
    for _ in points:
        for a, b, length in edges:
            meters[b] = min(meters[b], meters[a] + length)
            meters[a] = min(meters[a], meters[b] + length)
    return meters[1]


def test_in_a_room_without_inner_corners_one_walks_straight() -> None:
    assert shortest(box(0, 0, 10, 10), [(0, 0), (10, 10)]) == math.sqrt(200)


def test_around_a_pillar_one_walks_by_its_nearer_side() -> None:
    hall = box(0, 0, 20, 10).difference(box(8, 4, 12, 9))
    around = shortest(hall, [(0, 5), (20, 5)])
    assert abs(around - (2 * math.hypot(8, 1) + 4)) < 1e-6


def test_two_parts_that_do_not_meet_have_no_way_between_them() -> None:
    parts = shapely.MultiPolygon([box(0, 0, 4, 4), box(10, 0, 14, 4)])
    assert shortest(parts, [(1, 1), (12, 1)]) == math.inf


BLOCKS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 4), st.integers(1, 4)),
    max_size=5,
)
PLACE = st.tuples(st.integers(0, 39), st.integers(0, 39)).map(
    lambda place: (place[0] + 0.5, place[1] + 0.5)
)


@settings(max_examples=60, deadline=None)
@given(BLOCKS, PLACE, PLACE)
def test_the_way_is_the_shortest_over_all_corners(
    blocks: list[tuple[int, int, int, int]],
    start: tuple[float, float],
    end: tuple[float, float],
) -> None:
    area: BaseGeometry = box(0, 0, 40, 40)
    for x, y, wide, high in blocks:
        area = area.difference(box(5 * x, 5 * y, 5 * (x + wide), 5 * (y + high)))
    assume(isinstance(area, Polygon))
    assume(start != end)
    assume(area.covers(Point(start)))
    assume(area.covers(Point(end)))
    assert abs(shortest(area, [start, end]) - slowly(area, [start, end])) < 0.11
