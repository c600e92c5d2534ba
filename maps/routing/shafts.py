"""Stairs and elevators: one landing on each level, and the passages between the levels."""

import itertools
from collections import defaultdict

import shapely

from maps.routing.doorways import sides_of, stated_meters
from maps.routing.draft import NO_LEVEL, Draft
from maps.routing.network import NodeKind

STOREY_METERS = 4.0  # floor to floor of a US school, where the map does not say (our rule)
# Slope length of a 7 in riser on an 11 in tread for each meter of height (SFPE Handbook, ch. 59).
SLOPE_PER_HEIGHT = 1.85
SAME_SHAFT = 0.3  # of the smaller outline, one above the other
LEAST_FLIGHT_METERS = 1.12  # 44 in: the least stair width for 50 people or more (IBC 1011.2)


def add_shafts(draft: Draft) -> None:
    """Add a landing for each stair, elevator and level, and the passages between them.

    A feature on several levels is one shaft; features on one level each are one where their
    outlines lie above each other, or where they alone share a label on levels next to each other.
    """
    for kind in ("stair", "elevator"):
        shafts = [i for i in draft.areas if draft.features[i].kind == kind]
        landings = {
            (shaft, level): _add_landing(draft, shaft, level)
            for shaft in shafts
            for level in draft.levels_of(shaft)
        }
        for shaft in shafts:
            for below, above in itertools.pairwise(draft.levels_of(shaft)):
                _climb(draft, shaft, landings[shaft, below], landings[shaft, above])
        for lower, upper in _stacked(draft, shafts):
            below, above = draft.levels_of(lower)[-1], draft.levels_of(upper)[0]
            _climb(draft, lower, landings[lower, below], landings[upper, above])


def _add_landing(draft: Draft, shaft: int, level: str) -> int:
    kind: NodeKind = "stair" if draft.features[shaft].kind == "stair" else "elevator"
    width = flight_width(draft, shaft) if kind == "stair" else None
    node = draft.add_node(kind, shaft, level, draft.middles[shaft], width)
    draft.inside[shaft, level].append(node)
    return node


def flight_width(draft: Draft, shaft: int) -> float:
    """Return the clear width of a stair's flight in meters: stated, else half the shorter side.

    A stair of a building turns on a landing: two flights lie side by side.
    """
    stated = stated_meters(draft.features[shaft].properties.get("width"))
    if stated:
        return stated
    return max(min(sides_of(draft.shapes[shaft])) / 2, LEAST_FLIGHT_METERS)


def _climb(draft: Draft, shaft: int, below: int, above: int) -> None:
    feature = draft.features[shaft]
    storeys = draft.height(draft.nodes[above].level or "") - draft.height(
        draft.nodes[below].level or ""
    )
    height = abs(storeys) * (
        stated_meters(feature.properties.get("storey_height")) or STOREY_METERS
    )
    if feature.kind == "stair":
        draft.add_passage(below, above, height * SLOPE_PER_HEIGHT, shaft, "stair")
    else:
        draft.add_passage(below, above, height, shaft, "elevator")


def _stacked(draft: Draft, shafts: list[int]) -> list[tuple[int, int]]:
    """Return pairs (lower, upper) of shafts that continue each other on the next level."""
    heights = sorted({draft.height(v) for v in draft.ordinals})
    above = dict(itertools.pairwise(heights))
    pairs = {
        (lower, upper)
        for lower, upper in _overlapping(draft, shafts)
        if _continues(draft, lower, upper, above)
    }
    joined = {shaft for pair in pairs for shaft in pair}
    named: dict[str, list[int]] = defaultdict(list)
    for shaft in shafts:
        label = draft.features[shaft].label.strip().casefold()
        if label and shaft not in joined:
            named[label].append(shaft)
    for same in named.values():
        on_levels = [level for shaft in same for level in draft.levels_of(shaft)]
        if len(set(on_levels)) < len(on_levels):
            continue  # all stairs are called “Stairs”: which belongs to which is not said
        pairs |= {
            (lower, upper)
            for lower, upper in itertools.permutations(same, 2)
            if _continues(draft, lower, upper, above)
        }
    return sorted(pairs)


def _overlapping(draft: Draft, shafts: list[int]) -> list[tuple[int, int]]:
    shapes = draft.shapes[shafts]
    one, other = shapely.STRtree(shapes).query(shapes, "intersects")
    common = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    areas = shapely.area(shapes)
    return [
        (shafts[a], shafts[b])
        for a, b, shared in zip(one.tolist(), other.tolist(), common.tolist(), strict=True)
        if a != b and shared >= SAME_SHAFT * min(areas[a], areas[b])
    ]


def _continues(draft: Draft, lower: int, upper: int, above: dict[int, int]) -> bool:
    top, bottom = draft.levels_of(lower)[-1], draft.levels_of(upper)[0]
    if NO_LEVEL in (top, bottom):
        return False
    return above.get(draft.height(top)) == draft.height(bottom)
