"""Checks of a map: what is wrong with its shapes, labels, levels and doors, and how to mend it.

Everything is measured in meters on the campus plane and found by one spatial index, so 1,000 rooms
take a fraction of a second. Codes are stable; severities: error (a responder would be misled),
warning (to be looked at), info.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.document import Feature, Finding, Level, Severity
from maps.geometry.door_order import door_findings
from maps.geometry.projection import Projection
from maps.geometry.repair import change_of
from maps.geometry.site import (
    AREA_KINDS,
    DOOR_KINDS,
    TOUCH_METERS,
    in_meters,
    is_polygonal,
    share_level,
    touching,
)

OVERLAP_SQUARE_METERS = 0.5  # below it two rooms share a wall drawn twice
HELD_SHARE = 0.99  # of a room: the corridor holds it whole
MOST_HELD = 4  # a corridor that holds more rooms was drawn as the outline of the floor
INDOOR_KINDS = AREA_KINDS | DOOR_KINDS
LABEL_CODES: dict[str, tuple[str, Severity]] = {
    "room": ("label_missing", "warning"),
    "corridor": ("corridor_label_missing", "info"),
    "stair": ("stair_label_missing", "warning"),
    "elevator": ("stair_label_missing", "warning"),
}


def check(levels: Iterable[Level], features: Iterable[Feature]) -> tuple[Finding, ...]:
    """Return every finding of a map; geometries are in WGS 84 degrees (lon, lat)."""
    site = _Site(tuple(levels), tuple(features))
    return (
        *_ids(site),
        *_levels(site),
        *_level_gaps(site),
        *_references(site),
        *_invalid(site),
        *_labels(site),
        *_overlaps(site),
        *_outside(site),
        *_doors(site),
        *door_findings(site.features, site.plane),
    )


@dataclass(frozen=True)
class _Site:
    levels: tuple[Level, ...]
    features: tuple[Feature, ...]

    @cached_property
    def plane(self) -> Projection:
        return Projection.over(f.geometry for f in self.features)

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        return in_meters(self.features, self.plane)

    @cached_property
    def usable(self) -> NDArray[np.bool_]:
        """Which features cover an area that can be computed with."""
        covers = shapely.get_dimensions(self.shapes) == 2
        return np.asarray(covers & shapely.is_valid(self.shapes))

    @cached_property
    def names(self) -> dict[str, str]:
        return {level.id: level.name for level in self.levels}

    def of_kinds(self, *kinds: str) -> list[int]:
        return [i for i, f in enumerate(self.features) if f.kind in kinds and self.usable[i]]

    def where(self, feature: Feature) -> str:
        label = f" {feature.label}" if feature.label else ""
        on = ", ".join(self.names.get(level, level) for level in feature.levels)
        return f"{feature.kind.replace('_', ' ')}{label}{f' on level {on}' if on else ''}"


def _ids(site: _Site) -> Iterator[Finding]:
    seen: set[str] = set()
    for feature in site.features:
        if feature.id in seen:
            yield Finding("duplicate_id", "error", feature.id, site.where(feature),
                          "Two features have this id; give one of them its own")  # fmt: skip
        seen.add(feature.id)


def _levels(site: _Site) -> Iterator[Finding]:
    indoor = [f for f in site.features if f.kind in INDOOR_KINDS - {"stair", "exterior_door"}]
    if indoor and not site.levels:
        yield Finding("levels_missing", "error", None, f"{len(indoor)} rooms, corridors and doors",
                      "The map states no level at all; give each feature its level")  # fmt: skip
        return
    for feature in indoor:
        if not feature.levels:
            yield Finding("level_missing", "error", feature.id, site.where(feature),
                          "State the level it is on")  # fmt: skip
    for feature in site.features:
        if any(level not in site.names for level in feature.levels):
            yield Finding("level_unknown", "error", feature.id, site.where(feature),
                          "It names a level that the map does not have")  # fmt: skip


def _level_gaps(site: _Site) -> Iterator[Finding]:
    ordinals = {level.ordinal for level in site.levels}
    lowest, highest = min(ordinals, default=0), max(ordinals, default=-1)
    gaps = [n for n in range(lowest, highest + 1) if n not in ordinals]
    if gaps:
        yield Finding("level_gap", "warning", None,
                      f"levels {lowest} to {highest}: no {', '.join(map(str, gaps))}",
                      "Add the level that is missing, or mend the ordinals")  # fmt: skip


def _references(site: _Site) -> Iterator[Finding]:
    """Yield the features that name an assembly area which the map does not have."""
    areas = [f for f in site.features if f.kind == "assembly_area"]
    known = {name.casefold() for f in areas for name in (f.id, f.label, *f.names)}
    for feature in site.features:
        named = feature.properties.get("assembly_area")
        if isinstance(named, str) and named.strip() and named.strip().casefold() not in known:
            yield Finding("reference_unknown", "error", feature.id,
                          f"{site.where(feature)} names the assembly area {named}",
                          "Name one by its sign or id, or draw it")  # fmt: skip


def _invalid(site: _Site) -> Iterator[Finding]:
    for index in np.flatnonzero(~shapely.is_valid(site.shapes)):
        feature = site.features[index]
        reason = shapely.is_valid_reason(site.shapes[index]).split("[", 1)[0]
        change = change_of(feature.geometry, site.plane)
        offer = f", or let it be repaired: {change.words}" if change.is_sound else ""
        yield Finding("polygon_invalid", "error", feature.id, f"{site.where(feature)}: {reason}",
                      f"Draw the outline again without crossing itself{offer}")  # fmt: skip


def _labels(site: _Site) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Feature]] = defaultdict(list)
    for feature in site.features:
        if feature.kind not in AREA_KINDS:
            continue
        if feature.kind in LABEL_CODES and not feature.label:
            code, severity = LABEL_CODES[feature.kind]
            yield Finding(code, severity, feature.id, site.where(feature),
                          "Write what stands on its sign")  # fmt: skip
        if feature.kind == "room" and not is_polygonal(feature):
            yield Finding("room_without_area", "warning", feature.id, site.where(feature),
                          "It is a point; draw its outline")  # fmt: skip
        for level in feature.levels or ("",):
            if feature.label and feature.kind != "corridor":  # its pieces bear one label
                groups[level, feature.label.casefold()].append(feature)
    for (level, _), group in groups.items():
        if len(group) > 1:
            on = f" on level {site.names.get(level, level)}" if level else ""
            where = f"{len(group)} features are labeled {group[0].label}{on}"
            yield Finding("duplicate_label", "warning", group[1].id, where,
                          "Give each the label on its own sign")  # fmt: skip


def _overlaps(site: _Site) -> Iterator[Finding]:
    areas = site.of_kinds(*AREA_KINDS)
    shapes = site.shapes[areas]
    left, right = _common_inside(site, areas, shapes)
    common = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    held: dict[int, list[Finding]] = defaultdict(list)
    for place in np.flatnonzero(common > OVERLAP_SQUARE_METERS):
        a, b = areas[left[place]], areas[right[place]]
        corridors = [index for index in (a, b) if site.features[index].kind == "corridor"]
        first, second = site.features[a], site.features[b]
        where = f"{site.where(first)} and {site.where(second)} share {common[place]:.1f} m²"
        mend = "Draw their common wall once, or take out the one drawn twice"
        code = "corridor_overlap" if corridors else "rooms_overlap"
        finding = Finding(code, "warning", first.id, where, mend)
        smaller = shapely.area(site.shapes[[a, b]]).min()
        if len(corridors) == 1 and common[place] > HELD_SHARE * smaller:
            held[corridors[0]].append(finding)
        else:
            yield finding
    for index, findings in held.items():
        if len(findings) <= MOST_HELD:
            yield from findings
            continue
        corridor = site.features[index]
        where = f"{site.where(corridor)} lies under {len(findings)} rooms"
        mend = "It seems to be the outline of the floor: cut the rooms out of it"
        yield Finding("corridor_under_rooms", "warning", corridor.id, where, mend)


def _common_inside(
    site: _Site, areas: Sequence[int], shapes: NDArray[np.object_]
) -> NDArray[np.int64]:
    """Return the pairs (2, n) of areas of one level that have more than an edge in common.

    Boxes are compared first and the relation next: an intersection is ten times as dear, and all
    but a few of the pairs are neighbors that share a wall.
    """
    if not areas:
        return np.empty((2, 0), dtype=np.int64)
    one, other = shapely.STRtree(shapes).query(shapes)
    boxes = shapely.bounds(shapes)
    sides = np.minimum(boxes[one, 2:], boxes[other, 2:]) - np.maximum(
        boxes[one, :2], boxes[other, :2]
    )
    near = (one < other) & (sides > 0).all(axis=1) & (sides.prod(axis=1) > OVERLAP_SQUARE_METERS)
    numbers, meets = _levels_that_meet([site.features[index] for index in areas])
    near &= meets[numbers[one], numbers[other]]
    pairs = np.stack((one[near], other[near]))
    shapely.prepare(shapes)
    meet = shapely.relate_pattern(shapes[pairs[0]], shapes[pairs[1]], "T********")
    return np.ascontiguousarray(pairs[:, meet])


def _levels_that_meet(
    features: Sequence[Feature],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return a number for the levels of each feature, and by two numbers whether a level is common.

    Features outdoors, on no level, meet each other.
    """
    known: dict[tuple[str, ...], int] = {}
    numbers = [known.setdefault(feature.levels, len(known)) for feature in features]
    meets = [
        [bool(set(one) & set(other)) or not (one or other) for other in known] for one in known
    ]
    return np.array(numbers, dtype=np.int64), np.array(meets, dtype=bool)


def _outside(site: _Site) -> Iterator[Finding]:
    outlines: dict[str, list[int]] = defaultdict(list)
    for index in site.of_kinds("level"):
        for level in site.features[index].levels:
            outlines[level].append(index)
    buildings = site.of_kinds("building")
    around = _grown(site.shapes[buildings]) if buildings else None
    by_level: dict[str, list[int]] = defaultdict(list)
    for index, feature in enumerate(site.features):
        if feature.kind in INDOOR_KINDS and feature.levels:
            by_level[feature.levels[0]].append(index)
    for level, inside in by_level.items():
        outline = _grown(site.shapes[outlines[level]]) if outlines.get(level) else None
        code = "outside_level" if outline is not None else "outside_building"
        outline = around if outline is None else outline
        if outline is None:
            continue
        shapely.prepare(outline)
        covered = shapely.covers(outline, site.shapes[inside])
        for place in np.flatnonzero(~covered):
            feature = site.features[inside[place]]
            what = "its level" if code == "outside_level" else "every building"
            where = f"{site.where(feature)} reaches outside {what}"
            yield Finding(code, "warning", feature.id, where,
                          "Mend its outline, its level, or the outline around it")  # fmt: skip


def _grown(shapes: NDArray[np.object_]) -> shapely.Geometry:
    return shapely.buffer(shapely.union_all(shapes), TOUCH_METERS, quad_segs=2)


def _doors(site: _Site) -> Iterator[Finding]:
    doors = [i for i, f in enumerate(site.features) if f.kind in DOOR_KINDS]
    areas = site.of_kinds(*AREA_KINDS)
    rooms = [i for i in areas if site.features[i].kind == "room"]
    if not doors:
        if rooms:
            yield Finding("doors_missing", "warning", None, f"{len(rooms)} rooms",
                          "The map has no door at all: routes need doors on the walls")  # fmt: skip
        return
    outer = site.of_kinds("building", "level")
    points = shapely.centroid(site.shapes[doors])
    touched = touching(points, site.shapes[areas])
    edges = touching(points, site.shapes[outer])
    reached: set[int] = set()
    one_sided: list[Feature] = []
    for place, index in enumerate(doors):
        door = site.features[index]
        beside = _sharing(site, door, [areas[area] for area in touched[place]])
        reached.update(beside)
        if door.kind == "door" and len(beside) == 1 and not edges[place]:
            one_sided.append(door)
        if beside or (door.kind == "exterior_door" and edges[place]):
            continue
        where = f"{site.where(door)} lies on no outline within {TOUCH_METERS} m"
        yield Finding("door_off_outline", "warning", door.id, where,
                      "Move it onto the wall it goes through")  # fmt: skip
    yield from _one_sided(site, one_sided)
    for index in rooms:
        if index not in reached:
            room = site.features[index]
            yield Finding("room_without_door", "warning", room.id, site.where(room),
                          "Draw its door on its outline")  # fmt: skip


def _one_sided(site: _Site, doors: Sequence[Feature]) -> Iterator[Finding]:
    """Yield how many inner doors lead from an area to nowhere."""
    if doors:
        where = f"{len(doors)} inner doors lie on the outline of one area only"
        yield Finding("doors_one_sided", "info", doors[0].id,
                      f"{where}, first {site.where(doors[0])}",
                      "Draw what lies behind them, or make them exterior doors")  # fmt: skip


def _sharing(site: _Site, door: Feature, areas: Sequence[int]) -> list[int]:
    return [index for index in areas if share_level(door, site.features[index])]
