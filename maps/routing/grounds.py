"""Ways on open ground: from the doors of the buildings past walls and fences to assembly areas."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.geometry.site import is_polygonal
from maps.routing.draft import NO_LEVEL, Draft

GROUND_ENDS = ("assembly_area", "reunification_site", "gate", "athletic_field", "aed")
SHRUNK_METERS = 0.5  # a wall is looked past from its doors and corners
FENCE_METERS = 0.3  # how far off a fence one walks around its end
GATE_METERS = 1.5  # a gate drawn as a point opens the fence this far to each side
ROUNDS = 12  # of looking what stands in the way; most campuses need three
MOST_CORNERS = 400
MOST_NODES = 250  # of more, legs longer than this are walked by corners on their way
FAR_METERS = 150.0
SIMPLER_METERS = 0.5


def outlines(draft: Draft) -> NDArray[np.object_]:
    """Return the outlines of the buildings in meters, joined; of the ground level without any."""
    buildings = [i for i in draft.of_kinds(["building"]) if is_polygonal(draft.features[i])]
    if not buildings:
        buildings = [
            i
            for i in (draft.of_kinds(["level"]) or draft.areas)
            if is_polygonal(draft.features[i])
            and any(draft.height(level) == 0 for level in draft.levels_of(i))
        ]
    shapes = draft.shapes[buildings]
    sound = shapes[shapely.is_valid(shapes)]
    return shapely.get_parts(shapely.union_all(shapely.buffer(sound, 0.01, join_style="mitre")))


def in_court(buildings: NDArray[np.object_], places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which places (n, 2) lie on the edge of a courtyard: a hole of a building's outline."""
    filled = shapely.polygons(shapely.get_exterior_ring(buildings))
    courts = shapely.get_parts(shapely.difference(filled, buildings))
    if not len(courts) or not len(places):
        return np.zeros(len(places), dtype=bool)
    tree = shapely.STRtree(courts)
    found = np.zeros(len(places), dtype=bool)
    found[tree.query(shapely.points(places), "dwithin", SHRUNK_METERS)[0]] = True
    return found


def add_ground(
    draft: Draft, buildings: NDArray[np.object_], doors: Sequence[int]
) -> dict[str, list[int]]:
    """Add the ways on open ground from nodes of doors, and return the nodes of the places there."""
    ends: dict[str, list[int]] = {}
    nodes = list(doors)
    for index in draft.of_kinds(GROUND_ENDS):
        if draft.levels_of(index) != (NO_LEVEL,) or shapely.is_empty(draft.shapes[index]):
            continue
        node = draft.add_node("point", index, NO_LEVEL, draft.middles[index])
        ends[draft.features[index].id] = [node]
        nodes.append(node)
    if not ends:
        return {}
    walls = shapely.get_parts(shapely.buffer(buildings, -SHRUNK_METERS, join_style="mitre"))
    fences = _fences(draft)
    shapely.prepare(walls)
    shapely.prepare(fences)
    barriers = np.concatenate((walls, fences))
    _look_around(draft, nodes, len(doors), barriers, len(walls))
    return ends


def _fences(draft: Draft) -> NDArray[np.object_]:
    """Return the lines of the fences in meters, open at their gates."""
    lines = draft.shapes[draft.of_kinds(["fence"])]
    if not len(lines):
        return lines
    closed = shapely.get_dimensions(lines) == 2
    lines[closed] = shapely.boundary(lines[closed])
    gates = draft.shapes[draft.of_kinds(["gate"])]
    opened = shapely.difference(lines, shapely.union_all(shapely.buffer(gates, GATE_METERS)))
    parts = shapely.get_parts(opened)
    return np.asarray(parts[shapely.get_dimensions(parts) == 1], dtype=object)


def _look_around(
    draft: Draft, nodes: list[int], doors: int, barriers: NDArray[np.object_], walls: int
) -> None:
    """Add the straight walks between nodes, and the corners of what stands in their way.

    Corners are added only of barriers that a walk meets, in rounds: a campus of eighty buildings
    costs no more than those between the doors and the places.
    """
    tree = shapely.STRtree(barriers)
    places = range(doors, len(nodes))
    done: set[int] = set()
    tried = doors
    for _ in range(ROUNDS):
        pairs = _legs(draft, nodes, tried, places)
        tried = len(nodes)
        if not len(pairs):
            return
        for barrier in sorted(_add_visible(draft, nodes, pairs, tree, walls) - done):
            corners = _corners(barriers[barrier], is_wall=barrier < walls)
            if len(nodes) - places.stop + len(corners) <= MOST_CORNERS:
                done.add(barrier)
                nodes += [draft.add_node("ground", None, NO_LEVEL, at) for at in corners]


def _legs(draft: Draft, nodes: list[int], first: int, places: range) -> NDArray[np.int64]:
    """Return the pairs (n, 2) of a node from `first` on with one before it, to be looked at.

    On a large campus two of which neither is a place to walk to (`places`) must be near.
    """
    at = draft.at(nodes)
    found = [np.empty((0, 2), dtype=np.int64)]
    for new in range(first, len(nodes)):
        near = np.arange(new)
        if new not in places and new > MOST_NODES:
            apart = np.hypot(*(at[:new] - at[new]).T)
            is_place = (near >= places.start) & (near < places.stop)
            near = near[(apart <= FAR_METERS) | is_place]
        found.append(np.column_stack((near, np.full(len(near), new))))
    return np.concatenate(found)


def _add_visible(
    draft: Draft, nodes: list[int], pairs: NDArray[np.int64], tree: shapely.STRtree, walls: int
) -> set[int]:
    """Add the walks between pairs that see each other; return the barriers that the others meet."""
    at = draft.at(nodes)
    ends = at[pairs]
    lines: Any = shapely.linestrings(ends)
    line, barrier = tree.query(lines, "intersects")
    is_fence = barrier >= walls
    touches = np.zeros(len(line), dtype=bool)
    touches[is_fence] = ~shapely.crosses(lines[line[is_fence]], tree.geometries[barrier[is_fence]])
    line, barrier = line[~touches], barrier[~touches]
    free = np.ones(len(pairs), dtype=bool)
    free[line] = False
    steps = ends[:, 0] - ends[:, 1]
    for (a, b), meters in zip(
        pairs[free].tolist(), np.hypot(steps[free, 0], steps[free, 1]).tolist(), strict=True
    ):
        draft.add_passage(nodes[a], nodes[b], meters, None, "ground")
    return set(barrier.tolist())


def _corners(barrier: shapely.Geometry, *, is_wall: bool) -> NDArray[np.float64]:
    """Return the places beside a barrier where a way around it bends."""
    # A wall was drawn back by half a meter: its corners are those of the building again.
    grown = SHRUNK_METERS + 0.01 if is_wall else FENCE_METERS
    around = shapely.buffer(barrier, grown, cap_style="square", join_style="mitre")
    around = shapely.simplify(around, SIMPLER_METERS)
    corners = [np.empty((0, 2))]
    for ring in shapely.get_rings(shapely.orient_polygons(around)):
        at = shapely.get_coordinates(ring)[:-1]
        before, after = at - np.roll(at, 1, axis=0), np.roll(at, -1, axis=0) - at
        turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
        corners.append(at[turn > 1e-9])
    return np.concatenate(corners)
