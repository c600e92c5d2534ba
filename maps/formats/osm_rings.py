"""The rings of a multipolygon relation, joined from the ways that outline it."""

from typing import Any

import shapely

from maps.formats.osm_elements import Position


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
    areas = [shapely.make_valid(shapely.Polygon(shell)) for shell in shells]
    for hole in holes:
        inside = shapely.Polygon(hole).representative_point()
        around = [(area.area, index) for index, area in enumerate(areas) if area.intersects(inside)]
        if not around:
            raise RingsIncomplete("an inner ring lies in no outer ring")
        polygons[min(around)[1]].append(hole)
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _rings(lines: list[list[Position]]) -> list[list[Position]]:
    """Return closed rings, joining lines that meet at their ends."""
    rings = [line for line in lines if len(line) > 3 and line[0] == line[-1]]
    open_lines = [line for line in lines if not (len(line) > 3 and line[0] == line[-1])]
    while open_lines:
        ring = list(open_lines.pop())
        while ring[0] != ring[-1] or len(ring) < 4:
            ring.extend(_next_part(ring[-1], open_lines))
        rings.append(ring)
    return rings


def _next_part(end: Position, lines: list[list[Position]]) -> list[Position]:
    """Take the line that goes on at an end out of the lines, and return it without that end."""
    for index, line in enumerate(lines):
        if line[0] == end:
            return lines.pop(index)[1:]
        if line[-1] == end:
            return lines.pop(index)[-2::-1]
    raise RingsIncomplete("its outline does not close")
