"""The grid: names read like a page and never move."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.document import Grid
from maps.geometry.grid import (
    cell_name,
    cell_of,
    cell_place,
    cell_polygon,
    column_name,
    column_names,
    grow,
    make_grid,
    ninth_of,
    reach,
)
from tests.maps.sheets import LATITUDE, LONGITUDE, PLANE, rectangle

CAMPUS = rectangle(0, 0, 299, 199)
GRID = Grid(LONGITUDE, LATITUDE, 20.0, 10, 10)


def made(*shapes: object) -> Grid:
    grid = make_grid(shapes or [CAMPUS])  # type: ignore[arg-type]
    assert grid is not None
    return grid


def test_a_campus_gets_cells_of_twenty_meters_with_one_of_margin() -> None:
    grid = made()
    assert (grid.cell_meters, grid.columns, grid.rows) == (20.0, 17, 12)
    x, y = PLANE.point_to_meters(grid.origin_longitude, grid.origin_latitude)
    assert (x, y) == pytest.approx((-20, 219), abs=0.01)


@pytest.mark.parametrize(
    ("width", "height", "cell"), [(439, 100, 20), (441, 100, 25), (100, 761, 25), (700, 600, 50)]
)
def test_the_cell_grows_until_the_grid_has_at_most_24_by_40(
    width: float, height: float, cell: float
) -> None:
    grid = made(rectangle(0, 0, width, height))
    assert grid.cell_meters == cell
    assert grid.columns <= 24
    assert grid.rows <= 40


def test_a_campus_too_wide_for_the_largest_cell_gets_more_columns() -> None:
    grid = made(rectangle(0, 0, 2999, 100))
    assert (grid.cell_meters, grid.columns) == (50.0, 62)
    assert column_names(grid)[23:26] == ("Z", "AA", "AB")


def test_nothing_to_draw_has_no_grid() -> None:
    assert make_grid([]) is None


def test_columns_leave_out_i_and_o() -> None:
    assert "".join(column_name(n) for n in range(24)) == "ABCDEFGHJKLMNPQRSTUVWXYZ"


def test_columns_and_rows_run_from_the_north_west() -> None:
    assert cell_of(GRID, *PLANE.point_to_degrees(1, -1)) == "A1"
    assert cell_of(GRID, *PLANE.point_to_degrees(41, -125)) == "C7"


def test_the_origin_is_the_corner_of_a1() -> None:
    west, south, east, north = PLANE.to_meters(cell_polygon(GRID, "A1")).bounds
    assert (west, south, east, north) == pytest.approx((0, -20, 20, 0), abs=1e-6)


@given(st.floats(-900, 900), st.floats(-900, 900))
def test_every_place_lies_in_the_cell_of_its_name(x: float, y: float) -> None:
    longitude, latitude = PLANE.point_to_degrees(x, y)
    west, south, east, north = PLANE.to_meters(
        cell_polygon(GRID, cell_of(GRID, longitude, latitude))
    ).bounds
    assert west - 1e-5 <= x <= east + 1e-5
    assert south - 1e-5 <= y <= north + 1e-5


@given(st.integers(-2000, 2000), st.integers(-2000, 2000))
def test_no_two_cells_share_a_name(column: int, row: int) -> None:
    assert cell_place(cell_name(column, row)) == (column, row)


def test_growth_never_renames_a_cell() -> None:
    grown = grow(GRID, [rectangle(-90, -400, 500, 60)])
    assert (grown.origin_longitude, grown.origin_latitude) == (LONGITUDE, LATITUDE)
    assert (grown.columns, grown.rows, grown.cell_meters) == (26, 21, 20.0)


def test_growth_to_the_west_and_north_goes_below_a_and_one() -> None:
    assert reach(GRID, [rectangle(-25, -10, 5, 25)])[:2] == (-2, -2)
    assert cell_of(GRID, *PLANE.point_to_degrees(-5, -5)) == "-Z1"
    assert cell_of(GRID, *PLANE.point_to_degrees(5, 5)) == "A0"
    assert cell_of(GRID, *PLANE.point_to_degrees(5, 25)) == "A-1"


@pytest.mark.parametrize("text", ["", "7", "C", "I4", "O4", "C7x", "C 7 8", "Ä1"])
def test_what_is_no_cell_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no grid cell"):
        cell_polygon(GRID, text)


def test_a_cell_may_be_typed_loosely() -> None:
    assert cell_place(" c 7 ") == (2, 6)


@given(st.floats(-900, 900), st.floats(-900, 900))
def test_every_place_lies_in_the_ninth_of_its_name(x: float, y: float) -> None:
    place = PLANE.point_to_degrees(x, y)
    name = ninth_of(GRID, *place)
    assert name.rpartition("-")[0] == cell_of(GRID, *place)
    ninth = PLANE.to_meters(cell_polygon(GRID, name))
    west, south, east, north = ninth.bounds
    assert west - 1e-3 <= x <= east + 1e-3
    assert south - 1e-3 <= y <= north + 1e-3
    assert abs(ninth.area - (20 / 3) ** 2) < 0.01


def test_the_ninths_of_a_cell_read_like_the_keys_of_a_telephone() -> None:
    corners = [(1, -1, "1"), (19, -1, "3"), (10, -10, "5"), (1, -19, "7"), (19, -19, "9")]
    for x, y, key in corners:
        assert ninth_of(GRID, *PLANE.point_to_degrees(x, y)) == f"A1-{key}"


def test_a_row_north_of_the_first_is_no_ninth() -> None:
    row = PLANE.to_meters(cell_polygon(GRID, "A-1"))
    assert abs(row.area - 400) < 0.01
    assert abs(PLANE.to_meters(cell_polygon(GRID, "A-1-5")).area - 400 / 9) < 0.01
