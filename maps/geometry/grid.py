"""The letter and number grid over a campus: cell names that stay the same from year to year.

Letters run west to east without I and O, numbers north to south, so A1 is top left and the grid
reads like a page. Everything is measured from the stored origin, so growth never renames a cell:
east and south continue; the columns west of A are -Z, -Y, … and the rows north of 1 are 0, -1, ….
The minus of a column stands before its letter, for "Z-1" could mean two places.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from maps.document import COORDINATE_DECIMALS, Grid
from maps.geometry.projection import Floats, Projection, total_bounds

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which read as 1 and 0
CELL_SIZES_METERS = (10.0, 20.0, 25.0, 30.0, 50.0)
DEFAULT_CELL_METERS = 20.0
MOST_COLUMNS = 24
MOST_ROWS = 40

KEYPAD = 3  # rows and columns of the ninths of a cell, numbered like the keys of a telephone

_CELL = re.compile(r"(-?)([A-Z]+) ?(-?\d+)")
_NINTH = re.compile(r"(.*\d)-([1-9])")


def make_grid(
    geometries: Iterable[BaseGeometry], cell_meters: float = DEFAULT_CELL_METERS
) -> Grid | None:
    """Return a grid over geometries in degrees, one cell of margin all round; None without any.

    The cell grows from `cell_meters` through the usual sizes until the grid has at most 24 columns
    and 40 rows; at 50 m it has as many as the campus needs.
    """
    shapes = np.array(list(geometries), dtype=object)
    center = Projection.over(shapes)
    bounds = total_bounds(center.to_meters(shapes))
    if bounds is None:
        return None
    larger = [cell_meters, *(size for size in CELL_SIZES_METERS if size > cell_meters)]
    for cell in larger:
        columns, rows = _spans(bounds, cell)
        if columns <= MOST_COLUMNS and rows <= MOST_ROWS:
            break
    longitude, latitude = center.point_to_degrees(bounds[0] - cell, bounds[3] + cell)
    grid = Grid(
        round(longitude, COORDINATE_DECIMALS), round(latitude, COORDINATE_DECIMALS), cell, 1, 1
    )
    return replace(grid, columns=columns, rows=rows)


def _spans(bounds: Floats, cell: float) -> tuple[int, int]:
    columns = math.ceil(round((bounds[2] - bounds[0]) / cell, 6)) + 2
    rows = math.ceil(round((bounds[3] - bounds[1]) / cell, 6)) + 2
    return columns, rows


def grow(grid: Grid, geometries: Iterable[BaseGeometry]) -> Grid:
    """Return the grid with as many columns and rows as geometries in degrees need.

    The origin, the cell and every name stay. What lies west or north of the origin has a name all
    the same (`cell_of`), and `reach` tells how far.
    """
    _, _, column, row = reach(grid, geometries)
    return replace(grid, columns=max(grid.columns, column + 1), rows=max(grid.rows, row + 1))


def reach(grid: Grid, geometries: Iterable[BaseGeometry]) -> tuple[int, int, int, int]:
    """Return first column, first row, last column, last row (0 is A or 1; west, north negative).

    It covers the grid itself and the geometries, given in degrees.
    """
    shapes = np.array(list(geometries), dtype=object)
    bounds = total_bounds(_plane(grid).to_meters(shapes))
    if bounds is None:
        return 0, 0, grid.columns - 1, grid.rows - 1
    cells = bounds / grid.cell_meters
    return (
        min(0, _index(cells[0])),
        min(0, _index(-cells[3])),
        max(grid.columns - 1, _index(cells[2])),
        max(grid.rows - 1, _index(-cells[1])),
    )


def cell_of(grid: Grid, longitude: float, latitude: float) -> str:
    """Return the name of the cell that holds a place, such as `C7`, also outside the grid."""
    x, y = _plane(grid).point_to_meters(longitude, latitude)
    return cell_name(_index(x / grid.cell_meters), _index(-y / grid.cell_meters))


def ninth_of(grid: Grid, longitude: float, latitude: float) -> str:
    """Return the ninth of a cell that holds a place, such as `C7-4`: 1 north-west, 9 south-east."""
    x, y = _plane(grid).point_to_meters(longitude, latitude)
    columns, rows = x / grid.cell_meters, -y / grid.cell_meters
    across = min(_index((columns - _index(columns)) * KEYPAD), KEYPAD - 1)
    down = min(_index((rows - _index(rows)) * KEYPAD), KEYPAD - 1)
    cell = cell_name(_index(columns), _index(rows))
    return f"{cell}-{max(down, 0) * KEYPAD + max(across, 0) + 1}"


def cell_name(column: int, row: int) -> str:
    """Return the name of a cell by its place: (0, 0) is `A1`, (-1, -1) is `-Z0`."""
    return f"{column_name(column)}{row + 1}"


def cell_polygon(grid: Grid, name: str) -> Polygon:
    """Return the outline in degrees of a cell such as `C7`, or of a ninth of it such as `C7-4`.

    Raises ValueError when the name is no cell.
    """
    ninth = _NINTH.fullmatch(name.strip())
    column, row = cell_place(ninth[1] if ninth else name)
    side = grid.cell_meters
    west, north = column * side, -row * side
    if ninth:
        down, across = divmod(int(ninth[2]) - 1, KEYPAD)
        side /= KEYPAD
        west, north = west + across * side, north - down * side
    outline = _plane(grid).to_degrees(box(west, north - side, west + side, north))
    return Polygon(shapely.get_coordinates(outline))


def is_inside(grid: Grid, name: str) -> bool:
    """Return whether a cell, or the ninth of one, is drawn; raises ValueError when it is none."""
    ninth = _NINTH.fullmatch(name.strip())
    column, row = cell_place(ninth[1] if ninth else name)
    return 0 <= column < grid.columns and 0 <= row < grid.rows


def cell_place(name: str) -> tuple[int, int]:
    """Return (column, row) of a cell name, counted from 0; raises ValueError when it is none."""
    found = _CELL.fullmatch(name.strip().upper().replace("\u2212", "-"))
    if found is None or any(letter not in LETTERS for letter in found[2]):
        raise ValueError(f"{name!r} is no grid cell: write letters, then a number, such as C7")
    number = 0
    for letter in found[2]:
        number = number * len(LETTERS) + LETTERS.index(letter) + 1
    column = number - 1
    if found[1]:
        column = _column_west(found[2])
    return column, int(found[3]) - 1


def column_name(column: int) -> str:
    """Return the letters of a column: 0 is A, 23 is Z, 24 is AA; -1 is -Z, -24 is -A, -25 -ZZ."""
    if column < 0:
        mirrored = column_name(-column - 1)
        return "-" + "".join(LETTERS[-1 - LETTERS.index(letter)] for letter in mirrored)
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, len(LETTERS))
        name = LETTERS[rest] + name
    return name


def _column_west(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * len(LETTERS) + len(LETTERS) - LETTERS.index(letter)
    return -number


def column_names(grid: Grid) -> tuple[str, ...]:
    """Return the letters of all columns of a grid, west to east."""
    return tuple(column_name(column) for column in range(grid.columns))


def _plane(grid: Grid) -> Projection:
    return Projection.around(grid.origin_longitude, grid.origin_latitude)


def _index(cells: float) -> int:
    # A nanometer of rounding must not push a corner that lies on a line into the next cell.
    return math.floor(cells + 1e-9)
