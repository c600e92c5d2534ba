"""Bulk locate: the same answers as one position at a time, for any number of them."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from maps.document import Feature, Level, MapDocument
from maps.geometry.bulk import BulkLocator
from maps.geometry.locate import Locator
from tests.maps.sheets import GROUND, PLANE, point, rectangle, room

UPPER = Level("upper", 1, "Upper", "1")
DOCUMENT = MapDocument(
    (GROUND, UPPER),
    (
        Feature("b", "building", "Main", rectangle(0, 0, 40, 20)),
        room("r1", "101", 0, 0),
        room("r2", "102", 10, 0),
        Feature("in", "room", "102A", rectangle(12, 2, 15, 5), (), ("ground",)),
        Feature("up", "room", "201", rectangle(0, 0, 20, 10), (), ("upper",)),
        Feature("stair", "stair", "S", rectangle(20, 0, 26, 10), (), ("ground", "upper")),
        Feature("aed", "aed", "", point(5, 5), (), ("ground",)),
    ),
)
BULK = BulkLocator(DOCUMENT)
METERS = st.floats(-5, 45).map(lambda meters: round(meters, 3))


@given(st.lists(st.tuples(METERS, METERS, st.sampled_from([None, "ground", "upper"])), max_size=30))
def test_many_positions_lie_where_each_of_them_lies(
    asked: list[tuple[float, float, str | None]],
) -> None:
    places = [PLANE.point_to_degrees(x, y) for x, y, _ in asked]
    lonlat = np.array(places, dtype=np.float64).reshape(-1, 2)
    levels = [level for *_, level in asked]
    points, areas = BULK.areas_at(lonlat[:, 0], lonlat[:, 1], levels)
    found = {(int(p), BULK.features[a].id) for p, a in zip(points, areas, strict=True)}
    tree = shapely.STRtree([feature.geometry for feature in BULK.features])
    expected = {
        (number, BULK.features[area].id)
        for number, area in tree.query(shapely.points(lonlat), "intersects").T.tolist()
        if levels[number] is None or levels[number] in BULK.features[area].levels
    }
    assert found == expected


def test_the_smallest_area_is_the_one_a_single_search_gives_first() -> None:
    places = [(3, 3), (13, 3), (22, 5), (38, 15), (-3, 3)]
    lonlat = np.array([PLANE.point_to_degrees(x, y) for x, y in places])
    smallest = BULK.smallest_at(lonlat[:, 0], lonlat[:, 1], ["ground"] * len(places))
    ids = [BULK.features[area].id if area >= 0 else None for area in smallest]
    single = [Locator(DOCUMENT).by_point(*place, "ground")[0].feature for place in lonlat]
    assert ids == ["r1", "in", "stair", None, None]
    assert ids == [feature.id if feature else None for feature in single]


def test_positions_that_are_no_numbers_lie_nowhere() -> None:
    nothing = np.array([float("nan"), float("inf")])
    assert BULK.smallest_at(nothing, nothing).tolist() == [-1, -1]


@pytest.mark.parametrize("document", [MapDocument((), ()), DOCUMENT])
def test_no_position_or_no_area_gives_no_pair(document: MapDocument) -> None:
    points, areas = BulkLocator(document).areas_at(np.empty(0), np.empty(0))
    assert (len(points), len(areas)) == (0, 0)
    points, _ = BulkLocator(MapDocument((), ())).areas_at(np.zeros(3), np.zeros(3), [None] * 3)
    assert len(points) == 0
