"""What is wrong with the ways of a map: rooms nobody gets out of, stairs that lead nowhere,
assembly areas too near or too small, places too far from an AED."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import shapely

from maps.document import Feature, Finding, Level, MapDocument
from maps.geometry.projection import Projection
from maps.geometry.site import in_meters, is_polygonal
from maps.routing.build import network_of
from maps.routing.evacuate import assigned_area, evacuate
from maps.routing.network import Network
from maps.routing.shortest import WaysOut, nearest, ways_to

# International Building Code 1028.5: a safe dispersal area lies at least 50 ft from the building
# and has at least 5 square feet a person.
STAND_OFF_METERS = 15.24
SQUARE_METERS_PER_PERSON = 0.46
# A shock within three minutes of the collapse, so the device is at most 90 s away: 300 ft a minute
# on the level (Journal of Athletic Training 53, 2018, 410), on stairs 0.5 m/s along the slope.
AED_SECONDS = 90.0
MEASURED = frozenset({"assembly_area", "aed"})  # whose findings ask how far the way is
MOST_SINGLE = 3  # more rooms without an exit lack one thing in common
BRISK_METERS_PER_SECOND = 300 * 0.3048 / 60
BRISK_STAIR_METERS_PER_SECOND = 0.5


def ways_findings(levels: Iterable[Level], features: Iterable[Feature]) -> tuple[Finding, ...]:
    """Return every finding on the ways of a map; geometries are in WGS 84 degrees (lon, lat)."""
    document = MapDocument(tuple(levels), tuple(features))
    measured = any(feature.kind in MEASURED for feature in document.features)
    return findings_on(document, network_of(document.levels, document.features, measured=measured))


def findings_on(document: MapDocument, network: Network) -> tuple[Finding, ...]:
    """Return every finding on the ways of a map over its network; those of a drawn one alone."""
    site = _Ways(document, network)
    if network.plane is None:
        return network.findings
    return (
        *network.findings,
        *_rooms(site),
        *_shafts(site),
        *_assembly(site),
        *_aeds(site),
    )


@dataclass(frozen=True)
class _Ways:
    document: MapDocument
    network: Network

    def of_kind(self, kind: str) -> list[Feature]:
        return [feature for feature in self.document.features if feature.kind == kind]

    def where(self, feature: Feature) -> str:
        names = {level.id: level.name for level in self.document.levels}
        on = ", ".join(names.get(level, level) for level in feature.levels)
        label = f" {feature.label}" if feature.label else ""
        return f"{feature.kind.replace('_', ' ')}{label}{f' on level {on}' if on else ''}"


def _rooms(site: _Ways) -> Iterator[Finding]:
    """Yield rooms that have a door and still no way out; one finding where nobody has any."""
    network = site.network
    has_door = any(node.kind in ("door", "exterior_door") for node in network.nodes)
    if not network.starts or not has_door:
        return
    if not network.exits:
        yield Finding("exits_missing", "error", None, f"{len(network.starts)} rooms",
                      "Mark the doors that lead outdoors as exterior doors")  # fmt: skip
        return
    ways = ways_to(network, network.exits, network.of_kinds("elevator"))
    lost = [
        room
        for room in site.of_kind("room")
        if nearest(ways, network.starts.get(room.id, ())) is None
        and any(network.onward[node] for node in network.starts.get(room.id, ()))
    ]
    mend = "Draw the door, stair or corridor that is missing on the way"
    for group in _joined(network, lost):
        first = site.where(group[0])
        if len(group) > MOST_SINGLE:
            where = f"{first} and {len(group) - 1} more rooms are joined to each other, to no exit"
            yield Finding("rooms_cut_off", "error", group[0].id, where, mend)
            continue
        for room in group:
            where = f"{site.where(room)} has no way to any exit"
            yield Finding("room_unreachable", "error", room.id, where, mend)


def _joined(network: Network, rooms: Sequence[Feature]) -> list[list[Feature]]:
    """Return rooms in groups: those from which one gets to the same places."""
    part: dict[int, int] = {}
    groups: dict[int, list[Feature]] = defaultdict(list)
    for room in rooms:
        start = network.starts[room.id][0]
        reached = [start]
        own = start
        seen = {start}
        while reached:
            node = reached.pop()
            own = part.get(node, own)
            for other, _, _ in network.onward[node]:
                if other not in seen and other not in part:
                    seen.add(other)
                    reached.append(other)
                elif other in part:
                    own = part[other]
        part.update(dict.fromkeys(seen, own))
        groups[own].append(room)
    return list(groups.values())


def _shafts(site: _Ways) -> Iterator[Finding]:
    """Yield stairs and elevators with one level only, or with no way to them on one of theirs."""
    network = site.network
    heights = {level.ordinal for level in site.document.levels}
    if len(heights) < 2:
        return
    climbs: set[int] = set()
    walks: set[int] = set()
    for passage in network.passages:
        reached = climbs if passage.kind in ("stair", "elevator") else walks
        reached.update((passage.one, passage.other))
    landings: dict[str, list[int]] = defaultdict(list)
    for index, place in enumerate(network.nodes):
        if place.kind in ("stair", "elevator") and place.feature is not None:
            landings[place.feature].append(index)
    names = {level.id: level.name for level in site.document.levels}
    for shaft in (*site.of_kind("stair"), *site.of_kind("elevator")):
        nodes = [node for node in landings.get(shaft.id, ()) if network.nodes[node].level]
        if nodes and not climbs.intersection(nodes):
            yield Finding("stair_leads_nowhere", "warning", shaft.id,
                          f"{site.where(shaft)} has nothing above or below it",
                          "State all its levels, or draw it on the next one")  # fmt: skip
            continue
        for node in nodes:
            if node not in walks:
                level = network.nodes[node].level or ""
                yield Finding("stair_closed_off", "warning", shaft.id,
                              f"{site.where(shaft)}: no door or open side on {names.get(level)}",
                              "Draw its door there, or take the level from it")  # fmt: skip


def _assembly(site: _Ways) -> Iterator[Finding]:
    areas = site.of_kind("assembly_area")
    if not areas:
        if site.network.starts:
            yield Finding("assembly_area_missing", "warning", None, "the map",
                          "Draw where the people of each building assemble")  # fmt: skip
        return
    plane = site.network.plane or Projection.over(f.geometry for f in areas)
    shapes = in_meters(areas, plane)
    buildings = [f for f in site.of_kind("building") if is_polygonal(f)]
    outlines = in_meters(buildings, plane)
    tree = shapely.STRtree(outlines)
    near = tree.query_nearest(shapes, all_matches=False, return_distance=True)
    if buildings:
        (places, found), distances = near
        for place, building, meters in zip(places, found, distances, strict=True):
            if meters < STAND_OFF_METERS:
                where = f"{site.where(areas[place])}: {meters:.1f} m to {buildings[building].label}"
                yield Finding("assembly_area_near", "warning", areas[place].id, where,
                              "Move it at least 15 m (50 ft) away from every building")  # fmt: skip
    yield from _too_small(site, areas, shapely.area(shapes).tolist())


def _too_small(
    site: _Ways, areas: Sequence[Feature], square_meters: Sequence[float]
) -> Iterator[Finding]:
    assigned = _assigned(site, areas)
    for area, meters in zip(areas, square_meters, strict=True):
        capacity = _count(area.properties.get("capacity"))
        people = max(assigned.get(area.id, 0), capacity or 0)
        needed = people * SQUARE_METERS_PER_PERSON
        if is_polygonal(area) and needed > meters:
            yield Finding(
                "assembly_area_small",
                "warning",
                area.id,
                f"{site.where(area)}: {meters:.0f} m² for {people} people",
                f"They need {needed:.0f} m² (5 ft² each): enlarge it or share them out",
            )
        elif capacity is not None and assigned.get(area.id, 0) > capacity:
            yield Finding("assembly_area_full", "warning", area.id,
                          f"{site.where(area)} holds {capacity}, {assigned[area.id]} go there",
                          "Assign some of their rooms to another area")  # fmt: skip


def _assigned(site: _Ways, areas: Sequence[Feature]) -> dict[str, int]:
    """Return how many people are assigned to each area: of rooms that state how many they hold.

    A reckoned number would fill every room of the school at once.
    """
    rooms = [r for r in site.of_kind("room") if _count(r.properties.get("occupants"))]
    people: dict[str, int] = defaultdict(int)
    if not rooms:
        return {}
    rows = {row.room: row for row in evacuate(site.document, network=site.network).rooms}
    for room in rooms:
        own = assigned_area(room, areas)
        area = own or (rows[room.id].assembly_area if room.id in rows else None)
        if area is not None:
            people[area] += _count(room.properties.get("occupants")) or 0
    return dict(people)


def _count(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return None


def _aeds(site: _Ways) -> Iterator[Finding]:
    network = site.network
    aeds = [node for f in site.of_kind("aed") for node in network.ends.get(f.id, ())]
    if not site.of_kind("aed"):
        if network.starts:
            yield Finding("aed_missing", "warning", None, "the map",
                          "Draw every AED, or write down that there is none")  # fmt: skip
        return
    seconds = [
        passage.meters
        / (BRISK_STAIR_METERS_PER_SECOND if passage.kind == "stair" else BRISK_METERS_PER_SECOND)
        for passage in network.passages
    ]
    ways = ways_to(network, aeds, network.of_kinds("elevator"), seconds)
    labels = {feature.id: feature.label for feature in site.document.features}
    for place in (*site.of_kind("room"), *site.of_kind("athletic_field")):
        nodes = network.starts.get(place.id) or network.ends.get(place.id, ())
        yield from _too_far(site, place, ways, nodes, labels)


def _too_far(
    site: _Ways, place: Feature, ways: WaysOut, nodes: Sequence[int], labels: dict[str, str]
) -> Iterator[Finding]:
    node = nearest(ways, nodes)
    if node is None or ways.meters[node] <= AED_SECONDS:
        return
    aed = labels[site.network.nodes[ways.way(node)[-1]].feature or ""]
    yield Finding(
        "aed_far",
        "warning",
        place.id,
        f"{site.where(place)}: {ways.meters[node]:.0f} s on foot to {aed or 'an AED'}",
        "Hang one so near that it is reached in 90 s (about 137 m on the level)",
    )
