"""The campus plane: meters are true, north is up, and nothing moves on the way back."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import MultiPolygon, Point, box

from maps.geometry.projection import Projection

CAMPUSES = [(-77.2, 39.04), (-80.2, 25.8), (-122.3, 47.6), (-149.9, 61.2), (30.4, 60.0)]


@pytest.mark.parametrize(("longitude", "latitude"), CAMPUSES)
def test_distances_agree_with_the_geodesic_within_a_tenth_of_a_millimeter(
    longitude: float, latitude: float
) -> None:
    plane = Projection.around(longitude, latitude)
    one, other = (longitude - 0.005, latitude + 0.004), (longitude + 0.006, latitude - 0.003)
    (x1, y1), (x2, y2) = plane.point_to_meters(*one), plane.point_to_meters(*other)
    _, _, geodesic = Geod(ellps="WGS84").inv(*one, *other)
    assert np.hypot(x2 - x1, y2 - y1) == pytest.approx(geodesic, abs=1e-4)


def test_x_grows_to_the_east_and_y_to_the_north() -> None:
    plane = Projection.around(-77.2, 39.04)
    assert plane.point_to_meters(-77.2, 39.04) == pytest.approx((0, 0), abs=1e-9)
    assert plane.point_to_meters(-77.19, 39.04)[0] == pytest.approx(865.776, abs=0.01)
    assert plane.point_to_meters(-77.2, 39.05)[1] == pytest.approx(1110.162, abs=0.01)


@given(st.floats(-175, 175), st.floats(-75, 75), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_a_point_comes_back_where_it_was(
    longitude: float, latitude: float, east: float, north: float
) -> None:
    plane = Projection.around(longitude, latitude)
    x, y = plane.point_to_meters(longitude + east, latitude + north)
    assert plane.point_to_degrees(x, y) == pytest.approx(
        (longitude + east, latitude + north), abs=1e-10
    )


def test_arrays_and_collections_are_moved_at_once() -> None:
    plane = Projection.around(10, 50)
    shapes = np.array([Point(10, 50), MultiPolygon([box(10, 50, 10.001, 50.001)])], dtype=object)
    moved = plane.to_meters(shapes)
    assert [shape.geom_type for shape in moved] == ["Point", "MultiPolygon"]
    assert shapely.area(moved[1]) == pytest.approx(71.696 * 111.229, rel=1e-3)
    assert shapely.equals_exact(plane.to_degrees(moved[1]), shapes[1], 1e-10)


def test_the_plane_over_nothing_is_defined() -> None:
    assert Projection.over([]) == Projection(0.0, 0.0)
