"""The walking network of a map document, from its rooms, doors, stairs and open ground."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.document import Feature, Finding, Level, MapDocument
from maps.geometry.site import TOUCH_METERS
from maps.routing.doorways import add_doors, add_openings
from maps.routing.draft import NO_LEVEL, Draft
from maps.routing.grounds import GROUND_ENDS, add_ground, in_court, outlines
from maps.routing.network import Network
from maps.routing.pockets import Space
from maps.routing.shafts import add_shafts

INDOOR_ENDS = ("refuge_area", *GROUND_ENDS)
BESIDE_METERS = 0.5  # a place on a wall belongs to the area this near


def build_network(document: MapDocument) -> Network:
    """Return the walking network of a map.

    Out of the building is an exterior door, and on the ground level any door in the outer wall
    that opens to one area only (with a finding); never one to a courtyard. Walks lead straight or
    around inner corners; corridors are open to each other where they touch without a door.
    """
    return network_of(document.levels, document.features)


def network_of(
    levels: Iterable[Level], features: Iterable[Feature], *, measured: bool = True
) -> Network:
    """Return the walking network of levels and features; as `build_network`.

    Unless `measured` it tells where one gets to, and not how far that is around corners.

    Features without a shape, or with a mixture of shapes, are on no way.
    """
    drawn = tuple(
        feature
        for feature in features
        if not feature.geometry.is_empty and feature.geometry.geom_type != "GeometryCollection"
    )
    draft = Draft(tuple(levels), drawn)
    opens = add_doors(draft)
    add_openings(draft, opens)
    add_shafts(draft)
    starts = _add_starts(draft)
    ends = _add_indoor_ends(draft)
    draft.walk_inside(measured=measured)
    buildings = outlines(draft)
    exits, courts = _exits(draft, opens, buildings)
    for key, nodes in add_ground(draft, buildings, exits).items():
        ends.setdefault(key, []).extend(nodes)
    _join_courts(draft, courts)
    return Network(
        nodes=tuple(draft.nodes),
        passages=tuple(draft.passages),
        exits=tuple(exits),
        starts={key: tuple(nodes) for key, nodes in starts.items()},
        ends={key: tuple(nodes) for key, nodes in ends.items()},
        plane=draft.plane,
        findings=tuple(draft.findings),
    )


def _add_starts(draft: Draft) -> dict[str, list[int]]:
    """Add the middle of each room, on each level where one can leave it, as a node."""
    starts: dict[str, list[int]] = {}
    areas = set(draft.areas)
    points = []
    for index in draft.of_kinds(["room"]):
        if index not in areas:
            points.append(index)
            continue
        levels = [v for v in draft.levels_of(index) if draft.inside.get((index, v))]
        for level in levels or draft.levels_of(index)[:1]:
            node = draft.add_node("room", index, level, draft.middles[index])
            draft.inside[index, level].append(node)
            starts.setdefault(draft.features[index].id, []).append(node)
    for key, nodes in _attach(draft, points, "room").items():
        starts.setdefault(key, []).extend(nodes)
    return starts


def _add_indoor_ends(draft: Draft) -> dict[str, list[int]]:
    indoors = [i for i in draft.of_kinds(INDOOR_ENDS) if draft.levels_of(i) != (NO_LEVEL,)]
    return _attach(draft, indoors, "point")


def _attach(draft: Draft, places: list[int], kind: str) -> dict[str, list[int]]:
    """Add a node for each place and level to the area that holds it."""
    nodes: dict[str, list[int]] = {}
    near: dict[int, list[int]] = defaultdict(list)
    points: Any = shapely.points(draft.middles[places])
    if len(places):
        for place, area in draft.area_tree.query(points, "dwithin", BESIDE_METERS).T.tolist():
            near[place].append(draft.areas[area])
    for place, index in enumerate(places):
        for level in draft.levels_of(index):
            node = draft.add_node(
                "room" if kind == "room" else "point", index, level, draft.middles[index]
            )
            nodes.setdefault(draft.features[index].id, []).append(node)
            space = _holding(draft, near[place], points[place], level)
            if space is not None:
                draft.inside[space].append(node)
    return nodes


def _holding(draft: Draft, areas: list[int], point: shapely.Geometry, level: str) -> Space | None:
    """Return the area that holds a point on a level: the nearest, of several the smallest."""
    fitting = [area for area in areas if level in draft.levels_of(area)]
    best = min(
        fitting,
        key=lambda area: (
            round(float(shapely.distance(draft.shapes[area], point)), 3),
            float(shapely.area(draft.shapes[area])),
        ),
        default=None,
    )
    return None if best is None else (best, level)


def _exits(
    draft: Draft, opens: dict[int, list[Space]], buildings: NDArray[np.object_]
) -> tuple[list[int], list[int]]:
    """Return the nodes of the doors that lead out, and of those that lead into a courtyard."""
    exterior = [i for i, node in enumerate(draft.nodes) if node.kind == "exterior_door"]
    single = [
        i
        for i, node in enumerate(draft.nodes)
        if node.kind == "door" and node.level is not None and draft.height(node.level) == 0
    ]
    alone = {draft.features[door].id for door, spaces in opens.items() if len(spaces) == 1}
    single = [i for i in single if draft.nodes[i].feature in alone]
    edges = shapely.boundary(buildings)
    if single and len(edges):
        on_edge = shapely.STRtree(edges).query(
            shapely.points(draft.at(single)), "dwithin", TOUCH_METERS
        )[0]
        single = [single[i] for i in sorted(set(on_edge.tolist()))]
    else:
        single = []
    doors = [*exterior, *single]
    court = in_court(buildings, draft.at(doors))
    exits = [door for door, inner in zip(doors, court, strict=True) if not inner]
    courts = [door for door, inner in zip(doors, court, strict=True) if inner]
    _tell(draft, exits)
    return exits, courts


def _tell(draft: Draft, exits: list[int]) -> None:
    """Add a finding for each way out that the map does not call an exterior door."""
    by_id = {feature.id: feature for feature in draft.features}
    for node in exits:
        identity = draft.nodes[node].feature
        if draft.nodes[node].kind == "door" and identity is not None:
            where = f"{by_id[identity].label or 'a door'} stands in the outer wall"
            draft.findings.append(
                Finding("exit_unmarked", "info", identity, where,
                        "Routes take it as a way out; make it an exterior door and number it")
            )  # fmt: skip


def _join_courts(draft: Draft, courts: list[int]) -> None:
    """Let people walk across a courtyard from door to door."""
    places = draft.at(courts)
    for one in range(len(courts)):
        for other in range(one + 1, len(courts)):
            meters = float(np.hypot(*(places[one] - places[other])))
            draft.add_passage(courts[one], courts[other], meters, None, "ground")
