"""The geometry of a KML placemark as a GeoJSON object, or why it has none."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from maps.formats.xml_text import local_name

_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Model", "Track",
           "MultiTrack")  # fmt: skip
_NOT_READ = {
    "Model": "a three-dimensional model has no outline",
    "Track": "a track is a way somebody went, which is no place",
    "MultiTrack": "a track is a way somebody went, which is no place",
}
_AROUND_COMMA = re.compile(r"\s*,\s*")
Geometry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlacemarkShape:
    """The geometry of a placemark, or why it has none; `extra` positions had more than a height.

    A placemark without any geometry has neither: whoever places it says that.
    """

    geometry: Geometry | None = None
    why: str = ""
    extra: int = 0


def shape_of(elements: Sequence["etree._Element"]) -> PlacemarkShape:
    """Return the shape of a placemark's elements; heights are dropped."""
    shapes = _flattened([element for element in elements if local_name(element) in _SHAPES])
    if not shapes:
        empty = any(local_name(element) == "MultiGeometry" for element in elements)
        return PlacemarkShape(why="its collection is empty" if empty else "")
    unread = next((local_name(s) for s in shapes if local_name(s) in _NOT_READ), None)
    if unread is not None:
        return PlacemarkShape(why=_NOT_READ[unread])
    try:
        parts = [_part(shape, local_name(shape)) for shape in shapes]
    except ValueError as error:
        return PlacemarkShape(why=str(error))
    extra = sum(_extra(shape) for shape in shapes)
    kinds = {part["type"] for part in parts}
    if len(kinds) > 1:
        why = "its collection mixes shapes: give each shape a placemark of its own"
        return PlacemarkShape(why=why)
    if len(parts) == 1:
        return PlacemarkShape(parts[0], extra=extra)
    coordinates = [part["coordinates"] for part in parts]
    return PlacemarkShape({"type": f"Multi{kinds.pop()}", "coordinates": coordinates}, extra=extra)


def _flattened(shapes: Sequence["etree._Element"]) -> list["etree._Element"]:
    found: list[etree._Element] = []
    for shape in shapes:
        if local_name(shape) == "MultiGeometry":
            found.extend(_flattened([c for c in shape if local_name(c) in _SHAPES]))
        else:
            found.append(shape)
    return found


def _part(shape: "etree._Element", name: str) -> Geometry:
    if name == "Polygon":
        rings: list[Any] = []
        for boundary in shape:
            where = local_name(boundary)
            if where not in ("outerBoundaryIs", "innerBoundaryIs"):
                continue
            own = [_positions(ring) for ring in boundary if local_name(ring) == "LinearRing"]
            rings = own + rings if where == "outerBoundaryIs" else rings + own
        if not rings:
            raise ValueError("its polygon has no outer ring")
        return {"type": "Polygon", "coordinates": rings}
    positions = _positions(shape)
    if name == "Point":
        return {"type": "Point", "coordinates": positions[0]}
    return {"type": "LineString", "coordinates": positions}


def _positions(shape: "etree._Element") -> list[list[float]]:
    text = next((c.text or "" for c in shape if local_name(c) == "coordinates"), "")
    found = [_position(part) for part in _AROUND_COMMA.sub(",", text).split()]
    if not found:
        raise ValueError("its coordinates are empty")
    return found


def _position(text: str) -> list[float]:
    values = text.split(",")
    try:
        longitude, latitude = float(values[0]), float(values[1])
    except (ValueError, IndexError):
        raise ValueError(f"{text!r:.40} is no position: longitude, latitude, height") from None
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        raise ValueError(f"{text!r:.40} is no position: a number is none")
    return [longitude, latitude]


def _extra(shape: "etree._Element") -> int:
    texts = (c.text or "" for c in shape.iter() if local_name(c) == "coordinates")
    return sum(
        part.count(",") > 2 for text in texts for part in _AROUND_COMMA.sub(",", text).split()
    )
