"""Writing SVG: numbers, paths and elements as short text."""

import re
from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from maps.drawing.fonts import CAP_HEIGHT

_POLYGON, _LINES = 3, {1, 2}  # in shapely's numbers of types
_IDLE_ZERO = re.compile(r"(\.\d)0(?= )")
XMLNS = "http://www.w3.org/2000/svg"


def number(value: float) -> str:
    """Return a coordinate with two decimals at most, without idle zeros."""
    text = f"{value:.2f}"
    if text.endswith(".00"):
        text = text[:-3]
    elif text.endswith("0"):
        text = text[:-1]
    return "0" if text == "-0" else text


def numbers(values: Sequence[float]) -> list[str]:
    """Return coordinates as `number` gives them, all at once."""
    text = ("%.2f " * len(values) % tuple(values)).replace(".00 ", " ").replace("-0 ", "0 ")
    return _IDLE_ZERO.sub(r"\1", text).split()


def points_path(points: Iterable[tuple[float, float]], *, close: bool) -> str:
    """Return path data through the points."""
    text = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{text}{'Z' if close else ''}"


def path_data(geometry: BaseGeometry | np.ndarray) -> str:
    """Return path data of polygons and lines; polygon rings are turned so that holes stay holes.

    An array of geometries gives what its geometries give one after the other.
    """
    parts = shapely.get_parts(geometry)
    kinds = set(shapely.get_type_id(parts).tolist())
    if len(kinds) > 1:
        return "".join(path_data(part) for part in parts)
    close = kinds == {_POLYGON}
    if close:
        parts = shapely.get_rings(shapely.orient_polygons(parts))
    elif not kinds <= _LINES:
        return ""
    places = shapely.get_coordinates(parts).ravel().tolist()
    texts = numbers(places)
    pieces: list[str] = []
    end = 0
    for count in shapely.get_num_coordinates(parts).tolist():
        start, end = end, end + 2 * count
        if count:
            ring = texts[start : end - 2 * close]
            steps = map(" ".join, zip(ring[::2], ring[1::2], strict=True))
            pieces.append(f"M{'L'.join(steps)}{'Z' if close else ''}")
    return "".join(pieces)


def path(css: str, geometry: BaseGeometry | np.ndarray | str) -> str:
    """Return a path element of one class, or "" when there is nothing to draw."""
    data = geometry if isinstance(geometry, str) else path_data(geometry)
    return f'<path class="{css}" d="{data}"/>' if data else ""


def rectangle(
    css: str, x: float, y: float, width: float, height: float, *, radius: float = 0
) -> str:
    """Return a rect element by its upper left corner."""
    round_corner = f' rx="{number(radius)}"' if radius else ""
    return (
        f'<rect class="{css}" x="{number(x)}" y="{number(y)}" width="{number(width)}" '
        f'height="{number(height)}"{round_corner}/>'
    )


def circle(css: str, x: float, y: float, radius: float) -> str:
    """Return a circle element."""
    return f'<circle class="{css}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'


def line(css: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a straight line as a path element."""
    return path(css, points_path([(x1, y1), (x2, y2)], close=False))


def text(css: str, x: float, baseline: float, size: float, words: str, *, turn: str = "") -> str:
    """Return a text element centered at x; `turn` is a transform attribute or nothing."""
    return (
        f'<text class="{css}" x="{number(x)}" y="{number(baseline)}" '
        f'font-size="{number(size)}"{turn}>{escape(words, quote=False)}</text>'
    )


def middle_text(css: str, x: float, y: float, size: float, words: str, *, turn: str = "") -> str:
    """Return a text element whose capitals are centered at (x, y)."""
    return text(css, x, y + CAP_HEIGHT * size / 2, size, words, turn=turn)


def turned(angle: float, x: float, y: float) -> str:
    """Return the transform attribute that turns about (x, y), or "" for no turn."""
    if not angle:
        return ""
    return f' transform="rotate({number(angle)} {number(x)} {number(y)})"'


def attribute(value: str) -> str:
    """Return text fit for a quoted attribute."""
    return escape(value, quote=True)
