"""The rings of a multipolygon relation, joined from the ways that outline it."""

from collections import defaultdict
from typing import Any

import shapely

from maps.formats.osm_elements import Position
from maps.formats.shapes import Tangled, mended


class RingsIncomplete(Exception):
    """The ways of a multipolygon do not close into rings."""


def multipolygon(outer: list[list[Position]], inner: list[list[Position]]) -> dict[str, Any]:
    """Return the GeoJSON geometry of the outlines: a Polygon, or a MultiPolygon of several.

    Each inner ring becomes a hole of the outer ring around it. Raises RingsIncomplete.
    """
    shells = _rings(outer)
    holes = _rings(inner)
    if not shells:
        raise RingsIncomplete("it has no outer ring")
    polygons: list[list[list[Position]]] = [[shell] for shell in shells]
    try:
        areas = [mended(shapely.Polygon(shell)) for shell in shells]
    except Tangled as tangled:
        raise RingsIncomplete(str(tangled)) from None
    tree = shapely.STRtree(areas)
    for hole in holes:
        around = tree.query(shapely.Polygon(hole).representative_point(), "intersects")
        if not len(around):
            raise RingsIncomplete("an inner ring lies in no outer ring")
        smallest = min(around.tolist(), key=lambda index: areas[index].area)
        polygons[smallest].append(hole)
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _rings(lines: list[list[Position]]) -> list[list[Position]]:
    """Return closed rings, joining lines that meet at their ends."""
    rings = [line for line in lines if len(line) > 3 and line[0] == line[-1]]
    parts = [line for line in lines if not (len(line) > 3 and line[0] == line[-1])]
    at_end: dict[Position, list[int]] = defaultdict(list)
    for number, line in enumerate(parts):
        at_end[line[0]].append(number)
        at_end[line[-1]].append(number)
    used: set[int] = set()
    for number, line in enumerate(parts):
        if number in used:
            continue
        used.add(number)
        ring = list(line)
        while ring[0] != ring[-1] or len(ring) < 4:
            ring.extend(_next_part(ring[-1], parts, at_end, used))
        rings.append(ring)
    return rings


def _next_part(
    end: Position,
    parts: list[list[Position]],
    at_end: dict[Position, list[int]],
    used: set[int],
) -> list[Position]:
    """Return the line that goes on at an end, without that end, and mark it as used."""
    while at_end[end]:
        number = at_end[end].pop()
        if number not in used:
            used.add(number)
            line = parts[number]
            return line[1:] if line[0] == end else line[-2::-1]
    raise RingsIncomplete("its outline does not close")
