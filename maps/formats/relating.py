"""What features say about each other: doors on walls, points that name a room."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import shapely

from maps.document import Finding
from maps.formats.result import Sorting
from maps.geometry.projection import Projection
from maps.geometry.site import (
    AREA_KINDS,
    DOOR_KINDS,
    in_meters,
    is_polygonal,
    share_level,
    touching,
)


def settle_doors(sorting: Sorting, name: str, stated: frozenset[str]) -> None:
    """Make exterior doors of doors that lie on a building's outline and on one area at most.

    A door without a level takes those of the areas it lies on. Ids in `stated` have a kind that the
    file or a person stated, which stays.
    """
    features = sorting.features
    outlines = [f for f in features if f.kind in ("building", "level") and is_polygonal(f)]
    doors = [
        i for i, f in enumerate(features) if f.kind in DOOR_KINDS and (outlines or not f.levels)
    ]
    if not doors:
        return
    plane = Projection.over(f.geometry for f in outlines or [features[i] for i in doors])
    points = shapely.centroid(in_meters([features[i] for i in doors], plane))
    outer = touching(points, in_meters(outlines, plane))
    # Only these can change; the walls of rooms are far more than the outlines.
    asked = [p for p, i in enumerate(doors) if p in outer or not features[i].levels]
    areas = [f for f in features if f.kind in AREA_KINDS and is_polygonal(f)] if asked else []
    touched = touching(points[asked], in_meters(areas, plane))
    turned = inherited = 0
    for number, place in enumerate(asked):
        index = doors[place]
        door = features[index]
        if not door.levels:
            levels = {level for area in touched[number] for level in areas[area].levels}
            if levels:
                door = replace(door, levels=tuple(sorted(levels)))
                inherited += 1
        beside = [area for area in touched[number] if share_level(door, areas[area])]
        on_outline = any(share_level(door, outlines[outline]) for outline in outer[place])
        if door.kind == "door" and door.id not in stated and on_outline and len(beside) <= 1:
            door = replace(door, kind="exterior_door")
            turned += 1
        features[index] = door
    if turned:
        where = f"{name}: {turned} doors on the outline of a building or level and on one room"
        mend = "They were read as exterior doors; check each"
        sorting.findings.append(Finding("door_on_outline", "info", None, where, mend))
    if inherited:
        where = f"{name}: {inherited} doors state no level"
        mend = "Each took the level of the rooms it lies on; state the level of doors"
        sorting.findings.append(Finding("level_inherited", "info", None, where, mend))


def join_named_points(sorting: Sorting, name: str) -> None:
    """Give a room its name from the one point of a room that lies in it.

    Such a point describes the room; it leaves the map and stays in the total. A room without level
    takes that of the point.
    """
    features = sorting.features
    of_rooms = [(i, f) for i, f in enumerate(features) if f.kind == "room"]
    points = [i for i, f in of_rooms if f.geometry.geom_type == "Point"]
    rooms = [i for i, f in of_rooms if is_polygonal(f) and not f.label]
    if not points or not rooms:
        return
    tree = shapely.STRtree([features[i].geometry for i in rooms])
    pairs = tree.query([features[i].geometry for i in points], "intersects").T.tolist()
    pairs = [
        (points[point], rooms[room])
        for point, room in pairs
        if share_level(features[points[point]], features[rooms[room]])
    ]
    of_point, of_room = _counts(pairs, 0), _counts(pairs, 1)
    joined = [(p, r) for p, r in pairs if of_point[p] == 1 and of_room[r] == 1]
    for point_index, room_index in joined:
        point, room = features[point_index], features[room_index]
        features[room_index] = replace(
            room,
            label=point.label,
            names=tuple(dict.fromkeys((*room.names, *point.names))),
            levels=room.levels or point.levels,
            properties={**point.properties, **room.properties},
        )
    gone = {point for point, _ in joined}
    sorting.features = [f for i, f in enumerate(features) if i not in gone]
    sorting.described += len(joined)
    if joined:
        where = f"{name}: {len(joined)} points of rooms lie each in one room without label"
        mend = "Each room took label and level of its point; check them"
        sorting.findings.append(Finding("point_names_room", "info", None, where, mend))


def _counts(pairs: Sequence[tuple[int, int]], side: int) -> dict[int, int]:
    counts: dict[int, int] = defaultdict(int)
    for pair in pairs:
        counts[pair[side]] += 1
    return counts
