"""Numbers of exterior doors: from the main entrance clockwise, as seen from above."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.document import Feature, Finding
from maps.geometry.projection import Projection
from maps.geometry.site import in_meters, is_main_entrance, is_polygonal

OFF_OUTLINE_METERS = 1.0  # farther from a building's outline a door belongs to another
_NUMBER = re.compile(r"(\D*?)(\d+)\s*([A-Za-z]?)")
_MOST_NAMED = 6
_LEAST_DOORS = 3  # two doors stand in any order


def door_number(door: Feature) -> str:
    """Return the number on the wall of an exterior door, empty without one."""
    return str(door.properties.get("number") or "").strip().upper()


def door_findings(features: Sequence[Feature], plane: Projection) -> Iterator[Finding]:
    """Yield what is wrong with the numbers and order of the exterior doors of a campus."""
    doors = [f for f in features if f.kind == "exterior_door"]
    buildings = [f for f in features if f.kind == "building" and is_polygonal(f)]
    if not doors and not buildings:
        return
    if not any(is_main_entrance(door) for door in doors):
        yield Finding("main_entrance_missing", "warning", None, f"{len(doors)} exterior doors",
                      "Mark the exterior door that is the main entrance")  # fmt: skip
    for door in doors:
        if not door_number(door):
            yield Finding("door_number_missing", "warning", door.id, f"exterior door {door.label}",
                          "Number it: main entrance 1, then clockwise seen from above")  # fmt: skip
    points = shapely.centroid(in_meters(doors, plane))
    outlines = in_meters(buildings, plane)
    groups = _by_building(points, outlines)
    yield from _duplicates(doors, groups)
    numbers = [door_number(door) for door in doors if door_number(door)]
    if len(set(numbers)) == len(numbers):  # one series over the campus
        yield from _gaps(doors)
    else:
        for members in groups.values():
            yield from _gaps([doors[i] for i in members])
    for building, members in groups.items():
        if building is not None:
            yield from _order(
                [doors[i] for i in members], points[members], outlines[building],
                buildings[building].label,
            )  # fmt: skip


def _by_building(
    points: NDArray[np.object_], outlines: NDArray[np.object_]
) -> dict[int | None, list[int]]:
    groups: dict[int | None, list[int]] = defaultdict(list)
    nearest: dict[int, int] = {}
    if len(outlines) and len(points):
        tree = shapely.STRtree(shapely.boundary(outlines))
        pairs = tree.query_nearest(points, max_distance=OFF_OUTLINE_METERS, all_matches=False)
        nearest = dict(pairs.T.tolist())
    for index in range(len(points)):
        groups[nearest.get(index)].append(index)
    return groups


def _duplicates(doors: Sequence[Feature], groups: dict[int | None, list[int]]) -> Iterator[Finding]:
    for members in groups.values():
        numbered: dict[str, list[Feature]] = defaultdict(list)
        for index in members:
            if door_number(doors[index]):
                numbered[door_number(doors[index])].append(doors[index])
        for number, same in numbered.items():
            if len(same) > 1:
                yield Finding("door_number_duplicate", "error", same[1].id,
                              f"{len(same)} exterior doors of one building are numbered {number}",
                              "Give each the number on its own wall")  # fmt: skip


def _gaps(doors: Sequence[Feature]) -> Iterator[Finding]:
    """Yield the numbers that a series leaves out: a door missing on the map or on the wall."""
    numbers = {int(m[2]) for door in doors if (m := _NUMBER.fullmatch(door_number(door)))}
    if len(numbers) < _LEAST_DOORS:
        return
    gaps = [n for n in range(min(numbers), max(numbers)) if n not in numbers]
    if gaps:
        named = ", ".join(str(n) for n in gaps[:_MOST_NAMED])
        more = ", …" if len(gaps) > _MOST_NAMED else ""
        where = f"exterior doors {min(numbers)} to {max(numbers)}: no {named}{more}"
        yield Finding("door_number_gap", "info", None, where,
                      "Look whether a door is missing on the map")  # fmt: skip


def _order(
    doors: Sequence[Feature], points: NDArray[np.object_], outline: shapely.Geometry, label: str
) -> Iterator[Finding]:
    """Yield the first door that breaks the clockwise order along a building's outer ring."""
    rings = shapely.get_exterior_ring(shapely.get_parts(outline))
    ring = rings[int(np.argmax(shapely.area(shapely.polygons(rings))))]
    clockwise = shapely.reverse(ring) if shapely.is_ccw(ring) else ring
    length = shapely.length(clockwise)
    places = shapely.line_locate_point(clockwise, points)
    # A door of a courtyard is far from the outer ring: it has a series of its own or none.
    near = shapely.distance(clockwise, points) <= OFF_OUTLINE_METERS
    numbered = [
        (float(place), found, door)
        for place, is_near, door in zip(places, near, doors, strict=True)
        if is_near and (found := _NUMBER.fullmatch(door_number(door)))
    ]
    if len(numbered) < _LEAST_DOORS:
        return
    main = [place for place, _, door in numbered if is_main_entrance(door)]
    start = main[0] if main else min(numbered, key=lambda item: int(item[1][2]))[0]
    walk = sorted(numbered, key=lambda item: (item[0] - start) % length)
    for (_, before, _), (_, after, door) in itertools.pairwise(walk):
        if (int(after[2]), after[3]) < (int(before[2]), before[3]):
            where = f"{label or 'building'}: clockwise, door {before[0]} is followed by {after[0]}"
            yield Finding("doors_not_clockwise", "warning", door.id, where,
                          "Numbers should rise clockwise from the main entrance; "
                          "mend the map, or state that this campus counts otherwise")  # fmt: skip
            return
