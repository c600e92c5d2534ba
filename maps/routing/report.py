"""The report of an evacuation: the JSON of `muster map evacuate`."""

from typing import Any

from maps.document import Feature, Finding, MapDocument
from maps.geometry.door_order import door_number
from maps.routing.clearance import Narrow
from maps.routing.closures import one_way_out
from maps.routing.evacuate import Evacuation, RoomWay, people_by_area
from maps.routing.findings import findings_on
from maps.routing.hydraulic import LEVEL_FACTOR, SPACE_PER_PERSON, STAIR_FACTOR

SOURCE = (
    "Hydraulic model of the SFPE Handbook, 5th edition, chapter 59 (Gwynne and Rosenbaum 2016): "
    "movement alone, adults in good light, no smoke; detection, alarm and the start are not in it."
)
NEVER_FOR = "Not for a lockdown."


def evacuation_report(document: MapDocument, found: Evacuation) -> dict[str, Any]:
    """Return the JSON of an evacuation; lengths in meters, times in seconds, places as lon, lat.

    Every feature is named by `feature` (its id), `kind`, `label` and `level` (a level's name).
    `closures` are the single closures that cut rooms off; `one_way_out` the rooms in any of them.
    """
    names = _Names(document)
    cutting = [closure for closure in found.closures if closure.cut_off]
    cleared = found.clearance
    return {
        "closed": [names.of(key) for key in found.closed],
        "rooms": [_room(names, row) for row in found.rooms],
        "assembly_areas": [
            {**names.of(key), "people": count}
            for key, count in sorted(people_by_area(found.rooms).items())
        ],
        "cut_off": [names.of(key) for key in found.cut_off],
        "clearance": {
            "about": f"{SOURCE} {NEVER_FOR}",
            "seconds": _tenth(cleared.second_order),
            "first_order_seconds": _tenth(cleared.first_order),
            "governed_by": _narrow(names, found, cleared.governing),
            "people": round(cleared.people),
            "people_cut_off": round(cleared.stranded),
            "people_stated": all(row.people_stated for row in found.rooms),
            "k_level": LEVEL_FACTOR,
            "k_stair": STAIR_FACTOR,
            "a": SPACE_PER_PERSON,
        },
        "doors": [
            _narrow(names, found, place)
            for place in cleared.narrows
            if found.network.nodes[place.node].feature is not None
        ],
        "bottlenecks": [_narrow(names, found, place) for place in cleared.bottlenecks],
        "closures": [
            {
                **names.of(closure.feature),
                "cut_off": [names.of(key) for key in closure.cut_off],
                "longest_detour_meters": _centimeters(closure.longest_detour),
            }
            for closure in sorted(cutting, key=lambda c: (-len(c.cut_off), c.feature))
        ],
        "one_way_out": [names.of(key) for key in one_way_out(cutting)],
        "findings": [_finding(finding) for finding in findings_on(document, found.network)],
    }


class _Names:
    """Names features by id."""

    def __init__(self, document: MapDocument) -> None:
        self.features = {feature.id: feature for feature in document.features}
        self.levels = {level.id: level.name for level in document.levels}

    def of(self, key: str) -> dict[str, Any]:
        """Return the words of one feature, or of a vertex of a drawn graph."""
        feature = self.features.get(key)
        if feature is None:
            return {"feature": key, "kind": "vertex", "label": key, "level": None}
        return {
            "feature": key,
            "kind": feature.kind,
            "label": _label(feature),
            "level": ", ".join(self.levels.get(level, level) for level in feature.levels) or None,
        }

    def maybe(self, key: str | None) -> dict[str, Any] | None:
        """Return the words of a feature, None for none."""
        return None if key is None else self.of(key)


def _label(feature: Feature) -> str:
    if feature.kind == "exterior_door":
        return door_number(feature) or feature.label
    return feature.label


def _room(names: _Names, row: RoomWay) -> dict[str, Any]:
    return {
        **names.of(row.room),
        "exit": names.maybe(row.exit),
        "route": [names.of(key) for key in row.route],
        "meters": _centimeters(row.meters),
        "seconds": _tenth(row.free_seconds),
        "assembly_area": names.maybe(row.assembly_area),
        "assembly_meters": _centimeters(row.assembly_meters),
        "refuge_area": names.maybe(row.refuge),
        "refuge_meters": _centimeters(row.refuge_meters),
        "people": row.people,
        "people_stated": row.people_stated,
        "room_clear_seconds": _tenth(row.room_seconds),
        "out_seconds": _tenth(row.out_seconds),
        "path": [[round(x, 7), round(y, 7)] for x, y in row.path],
    }


def _narrow(names: _Names, found: Evacuation, place: Narrow | None) -> dict[str, Any] | None:
    if place is None:
        return None
    node = found.network.nodes[place.node]
    level = names.levels.get(node.level or "", node.level)
    plane = found.network.plane
    at = None if plane is None else [round(v, 7) for v in plane.point_to_degrees(node.x, node.y)]
    named = names.of(node.feature) if node.feature else {"feature": None, "label": ""}
    return {
        **named,
        "kind": place.kind,
        "level": level,
        "at": at,
        "people": round(place.people),
        "persons_per_second": round(place.persons_per_second, 2),
        "clear_seconds": _tenth(place.cleared),
        "longest_wait_seconds": _tenth(place.longest_wait),
        "longest_queue": round(place.longest_queue),
    }


def _finding(finding: Finding) -> dict[str, str | None]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "feature": finding.feature,
        "where": finding.where,
        "mend": finding.mend,
    }


def _tenth(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _centimeters(meters: float | None) -> float | None:
    return None if meters is None else round(meters, 2)
