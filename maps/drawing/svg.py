"""Writing SVG: numbers, paths and elements as short text."""

from collections.abc import Iterable
from html import escape

import shapely
from shapely.geometry.base import BaseGeometry

from maps.drawing.fonts import CAP_HEIGHT

XMLNS = "http://www.w3.org/2000/svg"


def number(value: float) -> str:
    """Return a coordinate with two decimals at most, without idle zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def points_path(points: Iterable[tuple[float, float]], *, close: bool) -> str:
    """Return path data through the points."""
    text = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{text}{'Z' if close else ''}"


def path_data(geometry: BaseGeometry) -> str:
    """Return path data of polygons and lines; polygon rings are turned so that holes stay holes."""
    pieces: list[str] = []
    for part in shapely.get_parts(geometry):
        if part.is_empty:
            continue
        if part.geom_type == "Polygon":
            turned = shapely.orient_polygons(part)
            rings = (turned.exterior, *turned.interiors)
            pieces += [points_path(list(ring.coords)[:-1], close=True) for ring in rings]
        elif part.geom_type in {"LineString", "LinearRing"}:
            pieces.append(points_path(part.coords, close=False))
    return "".join(pieces)


def path(css: str, geometry: BaseGeometry | str) -> str:
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
