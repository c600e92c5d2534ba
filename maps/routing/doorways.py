"""Where one passes from area to area: doors, and the open sides of corridors and stairs."""

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from maps.geometry.site import DOOR_KINDS, TOUCH_METERS, touching
from maps.routing.draft import NO_LEVEL, Draft
from maps.routing.network import NodeKind
from maps.routing.pockets import Space

OUTER_WALL_METERS = 1.0  # an exterior door this far from an area stands in a thick wall
SAME_SIDE = 0.6  # of the longest shared edge: less is a wall that only ends at the door
OPEN_METERS = 0.8  # a shared edge shorter than a door is a corner
OPENING_METERS = 1.5  # a wide opening is passed at several places, about this far apart
MOST_PLACES = 8
OVERLAP_SQUARE_METERS = 0.5
LEAF_METERS = 0.91  # a door without a width: one 36 in leaf
WALL_GAP_METERS = 0.15

Position = Sequence[float]


def add_doors(draft: Draft) -> dict[int, list[Space]]:
    """Add a node for each door and level, and return the areas that each door opens to."""
    doors = draft.of_kinds(DOOR_KINDS)
    if not doors:
        return {}
    middles: Any = shapely.points(draft.middles[doors])
    touched = touching(middles, draft.shapes[draft.areas])
    opens: dict[int, list[Space]] = {}
    for place, door in enumerate(doors):
        is_exterior = draft.features[door].kind == "exterior_door"
        candidates = [draft.areas[a] for a in touched[place]]
        spaces = _shared(draft, door, candidates)
        if not spaces and is_exterior:
            near = draft.area_tree.query(middles[place], "dwithin", OUTER_WALL_METERS)
            spaces = _nearest(draft, door, [draft.areas[a] for a in near.tolist()])
        if len(spaces) > (1 if is_exterior else 2):
            spaces = _both_sides(draft, door, spaces)
        opens[door] = spaces
        _add_door(draft, door, spaces)
    return opens


def _shared(draft: Draft, door: int, areas: list[int]) -> list[Space]:
    """Return the areas on the door's levels; a door without level is on the one nearest ground."""
    own = draft.levels_of(door)
    spaces = [(area, level) for area in areas for level in draft.levels_of(area)]
    if own != (NO_LEVEL,):
        return [space for space in spaces if space[1] in own or space[1] == NO_LEVEL]
    ground = min((abs(draft.height(level)) for _, level in spaces), default=0)
    return [space for space in spaces if abs(draft.height(space[1])) == ground]


def _nearest(draft: Draft, door: int, areas: list[int]) -> list[Space]:
    spaces = _shared(draft, door, areas)
    point = shapely.Point(draft.middles[door])
    distances = [float(shapely.distance(draft.shapes[area], point)) for area, _ in spaces]
    return [spaces[int(np.argmin(distances))]] if spaces else []


def _both_sides(draft: Draft, door: int, spaces: list[Space]) -> list[Space]:
    """Return the areas whose wall the door stands in, without those that only end beside it."""
    opening = shapely.buffer(draft.shapes[door], TOUCH_METERS, cap_style="flat")
    if draft.shapes[door].geom_type == "Point":
        opening = shapely.buffer(draft.shapes[door], TOUCH_METERS)
    edges = shapely.boundary(draft.shapes[[area for area, _ in spaces]])
    along = shapely.length(shapely.intersection(edges, opening))
    longest = along.max()
    return [s for s, meters in zip(spaces, along, strict=True) if meters >= SAME_SIDE * longest]


def _add_door(draft: Draft, door: int, spaces: list[Space]) -> None:
    feature = draft.features[door]
    kind: NodeKind = "exterior_door" if feature.kind == "exterior_door" else "door"
    by_level: dict[str, list[int]] = defaultdict(list)
    for area, level in spaces:
        by_level[level].append(area)
    for level in by_level or dict.fromkeys(draft.levels_of(door)):
        node = draft.add_node(kind, door, level, draft.middles[door], door_width(draft, door))
        for area in by_level.get(level, ()):
            draft.inside[area, level].append(node)


def door_width(draft: Draft, door: int) -> float:
    """Return the clear width of a door in meters: stated, else as drawn, else one leaf."""
    stated = stated_meters(draft.features[door].properties.get("width"))
    shape = draft.shapes[door]
    is_leaf = shapely.get_dimensions(shape) == 2  # drawn with the thickness of its wall
    drawn = max(sides_of(shape)) if is_leaf else float(shapely.length(shape))
    return stated or drawn or LEAF_METERS


def sides_of(area: shapely.Geometry) -> tuple[float, float]:
    """Return both sides in meters of the narrowest rectangle around an area."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(area))[:3]
    if len(corners) < 3:
        return 0.0, 0.0
    return math.dist(corners[0], corners[1]), math.dist(corners[1], corners[2])


def stated_meters(value: object) -> float | None:
    """Return a stated length in meters, None where it is no positive number."""
    try:
        meters = float(str(value))
    except ValueError:
        return None
    return meters if 0 < meters < math.inf else None


def add_openings(draft: Draft, opens: dict[int, list[Space]]) -> None:
    """Add nodes on the open sides of corridors: to each other, and to stairs without a door."""
    # A stair with a door on any level is enclosed; one to the outside alone does not count.
    doored = {area for spaces in opens.values() if len(spaces) > 1 for area, _ in spaces}
    between: dict[frozenset[int], list[Position]] = defaultdict(list)
    for door, spaces in opens.items():
        for pair in itertools.combinations({area for area, _ in spaces}, 2):
            between[frozenset(pair)].append(draft.middles[door])
    for pair, levels in _side_by_side(draft, doored):
        _add_opening(draft, pair, levels, between.get(frozenset(pair), ()))


def _side_by_side(draft: Draft, doored: set[int]) -> Iterator[tuple[tuple[int, int], list[str]]]:
    """Yield pairs of areas that may be open to each other where they touch, and on which levels.

    Boxes are compared first and kinds next: the outlines of few pairs are left to be walked.
    """
    areas = [i for i in draft.areas if draft.features[i].kind != "room"]
    shapes = draft.shapes[areas]
    bounds = shapely.bounds(shapes)
    grown = shapely.box(*(bounds + WALL_GAP_METERS * np.array([-1, -1, 1, 1])).T)
    pairs = np.unique(shapely.STRtree(shapes).query(grown), axis=1).T.tolist()
    maybe = [
        (areas[a], areas[b], levels)
        for a, b in pairs
        if a < b and (levels := _open_levels(draft, areas[a], areas[b], doored))
    ]
    if not maybe:
        return
    one = draft.shapes[[first for first, _, _ in maybe]]
    other = draft.shapes[[second for _, second, _ in maybe]]
    near = shapely.dwithin(one, other, WALL_GAP_METERS)
    for (first, second, levels), is_near in zip(maybe, near.tolist(), strict=True):
        if is_near:
            yield (first, second), levels


def _open_levels(draft: Draft, one: int, other: int, doored: set[int]) -> list[str]:
    """Return the levels on which two areas may be open to each other."""
    kinds = {index: draft.features[index].kind for index in (one, other)}
    if "corridor" not in kinds.values():
        return []
    return [
        level
        for level in draft.levels_of(one)
        if level in draft.levels_of(other)
        and all(kind == "corridor" or index not in doored for index, kind in kinds.items())
    ]


def _add_opening(
    draft: Draft, pair: tuple[int, int], levels: list[str], doors: Sequence[Position]
) -> None:
    first, second = draft.shapes[list(pair)]
    places: list[tuple[Sequence[float], float]]
    common = shapely.intersection(first, second)
    if shapely.area(common) > OVERLAP_SQUARE_METERS:
        middle = shapely.point_on_surface(common)
        places = [((middle.x, middle.y), math.sqrt(shapely.area(common)))]
    else:
        places = _shared_edge(first, second)
    for at, width in places:
        if any(math.dist(at, door) <= width for door in doors):
            continue  # the door in this side is the way through it
        for level in levels:
            node = draft.add_node("opening", None, level, at, width)
            for area in pair:
                draft.inside[area, level].append(node)


def _shared_edge(
    one: shapely.Geometry, other: shapely.Geometry
) -> list[tuple[Sequence[float], float]]:
    """Return places along the shared edge of two areas, each with the width of that edge."""
    edge, margin = shapely.intersection(shapely.boundary(one), shapely.boundary(other)), 0.0
    if shapely.length(edge) < OPEN_METERS:  # a wall is drawn with its thickness
        band = shapely.buffer(shapely.boundary(one), WALL_GAP_METERS, cap_style="flat")
        edge, margin = shapely.intersection(shapely.boundary(other), band), WALL_GAP_METERS
    places: list[tuple[Sequence[float], float]] = []
    parts = shapely.get_parts(edge)
    lines = parts[shapely.get_dimensions(parts) == 1]
    for part in shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))):
        length = float(shapely.length(part)) - 2 * margin
        if length < OPEN_METERS:
            continue
        count = min(MOST_PLACES, math.ceil(length / OPENING_METERS))
        for turn in range(count):
            at = shapely.line_interpolate_point(part, margin + length * (turn + 0.5) / count)
            places.append(((float(at.x), float(at.y)), length))
    return places
