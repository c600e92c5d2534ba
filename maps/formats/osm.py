"""OpenStreetMap extracts: Simple Indoor Tagging and the older IndoorOSM scheme.

Each element becomes an item with a GeoJSON geometry; a node without tags is no feature but a point
of a way.
"""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from maps.document import Finding
from maps.formats.classes import Extension
from maps.formats.identity import NAMESPACE
from maps.formats.items import Item, ItemReader
from maps.formats.levels import LevelBook, ordinals, whole_levels
from maps.formats.osm_elements import (
    Element,
    Extract,
    Position,
    from_overpass,
    from_xml,
)
from maps.formats.osm_rings import RingsIncomplete, multipolygon
from maps.formats.placing import Degrees
from maps.formats.result import MapReading, Sorting

# A closed way with one of these tags is a line all the same, unless another says area.
_LINE_KEYS = ("highway", "barrier", "railway", "waterway", "route", "power")
_AREA_KEYS = ("building", "buildingpart", "building:part", "room", "stairs", "amenity", "leisure",
              "landuse", "natural", "aeroway", "emergency", "elevator")  # fmt: skip
_LINE_VALUES = {("indoor", "wall"), ("indoor", "pathway"), ("leisure", "track"),
                ("indoor", "door")}  # fmt: skip
_AREA_VALUES = {("highway", "elevator"), ("highway", "rest_area"), ("power", "generator")}
_RELATION_WHY = {
    "route": "a route, which is no place",
    "route_master": "a group of routes, which is no place",
    "public_transport": "a group of stops, which is no place",
    "site": "a group of features without an outline of its own",
}


@dataclass(frozen=True, slots=True)
class OsmReader:
    """Reads one extract: `name` stands in messages, `near` is the campus (lon, lat) if known."""

    name: str
    extension: Extension = field(default_factory=dict)
    namespace: uuid.UUID = NAMESPACE
    near: Degrees | None = None

    def read_xml(self, data: bytes) -> MapReading:
        """Return the map of OSM XML; raises MapRefused when it is none."""
        return self._read(from_xml(data, self.name), "osm_xml")

    def read_overpass(self, parsed: Mapping[str, Any]) -> MapReading:
        """Return the map of Overpass JSON; raises MapRefused when it is none."""
        return self._read(from_overpass(parsed, self.name), "overpass_json")

    def _read(self, extract: Extract, form: Any) -> MapReading:
        sorting = Sorting()
        book = LevelBook(self.namespace)
        pass_ = _Pass(self.name, extract, sorting, book)
        items = pass_.run()
        reader = ItemReader(self.name, self.extension, self.namespace, self.near)
        reading = reader.read(items, form, sorting=sorting, book=book)
        indoors = any(feature.levels for feature in reading.features)
        if items and not indoors and not any(f.kind == "room" for f in reading.features):
            where = f"{self.name}: {len(items)} features, none of them tagged indoor"
            mend = "Nothing is placed inside a building; draw rooms with indoor=room and level"
            found = Finding("no_indoor_features", "warning", None, where, mend)
            reading = replace(reading, findings=(*reading.findings, found))
        return reading


@dataclass(slots=True)
class _Pass:
    """The pass over the elements of one extract."""

    name: str
    extract: Extract
    sorting: Sorting
    book: LevelBook
    missing: Counter[str] = field(default_factory=Counter)
    outlines: dict[str, Element] = field(default_factory=dict)  # way ref → the relation it outlines
    level_of: dict[str, Any] = field(default_factory=dict)  # ref → level by a relation type=level

    def run(self) -> list[Item]:
        """Return the items; relations that only describe other elements are sorted here."""
        self._read_relations()
        made = (self._item(element) for element in self.extract.elements.values())
        items = [item for item in made if item is not None]
        self._find()
        return items

    def _read_relations(self) -> None:
        for relation in self.extract.of_type("relation"):
            kind = relation.tags.get("type")
            absent = sum(
                member.line is None and not self.extract.holds(member)
                for member in relation.members
            )
            self.missing[relation.ref] = absent
            if kind in ("multipolygon", "boundary"):
                bare = not _telling(relation.tags)
                outer = [m for m in relation.members if m.type == "way" and m.role != "inner"]
                for member in relation.members:
                    self.outlines.setdefault(f"way/{member.ref}", relation)
                way = self.extract.elements.get(f"way/{outer[0].ref}") if len(outer) == 1 else None
                if bare and way is not None and _telling(way.tags):
                    # The older way of writing: the tags stand on the outer ring.
                    relation.tags = {**way.tags, "type": "multipolygon", "@outer": way.ref}
            elif kind == "level" and "level" in relation.tags:
                for member in relation.members:
                    self.level_of.setdefault(f"{member.type}/{member.ref}", relation.tags["level"])

    def _item(self, element: Element) -> Item | None:
        if element.only_center:
            why = "only its center is in the file: export it with “out geom” or “out body”"
            self._leave(element, why)
            return None
        if element.type == "node":
            geometry: Any = {"type": "Point", "coordinates": list(element.position or ())}
            return self._made(element, geometry)
        if element.type == "way":
            return self._way(element)
        return self._relation(element)

    def _way(self, way: Element) -> Item | None:
        if not way.tags:
            if way.ref in self.outlines:
                self.sorting.describe("way that outlines a relation")
            else:
                self._leave(way, "it has no tags: nothing says what it is")
            return None
        relation = self.outlines.get(way.ref)
        if relation is not None and relation.tags.get("@outer") == way.ref:
            return self._outlined(way, relation)
        line = self._line_of(way)
        if line is None:
            return None
        closed = len(line) > 3 and line[0] == line[-1]
        if closed and _is_area(way.tags):
            return self._made(way, {"type": "Polygon", "coordinates": [line]})
        return self._made(way, {"type": "LineString", "coordinates": line})

    def _outlined(self, element: Element, relation: Element) -> Item | None:
        """Return the item of an element whose shape is that of a multipolygon relation."""
        lines: dict[str, list[list[Position]]] = {"outer": [], "inner": []}
        absent = 0
        for member in relation.members:
            if member.type != "way":
                continue
            way = self.extract.elements.get(f"way/{member.ref}")
            line = member.line or (self._positions(way)[0] if way is not None else None)
            if line is None:
                absent += 1
            else:
                lines["inner" if member.role == "inner" else "outer"].append(line)
        try:
            geometry = multipolygon(lines["outer"], lines["inner"])
        except RingsIncomplete as incomplete:
            cut = f"; {absent} of {len(relation.members)} members are not in the file"
            self._leave(element, f"{incomplete}{cut if absent else ''}")
            self._incomplete(element, str(incomplete))
            return None
        return self._made(element, geometry)

    def _relation(self, relation: Element) -> Item | None:
        kind = str(relation.tags.get("type", ""))
        outer = relation.tags.get("@outer")
        if outer is not None:
            self.sorting.describe("relation whose outer way has the tags")
        elif kind in ("multipolygon", "boundary") and _telling(relation.tags):
            return self._outlined(relation, relation)
        elif kind in ("level", "building"):
            self.sorting.describe(f"relation type={kind}")
        else:
            known = _RELATION_WHY.get(kind, "a relation that gives no feature a shape")
            self._leave(relation, known, f"type={kind}" if kind else "")
        return None

    def _line_of(self, way: Element) -> list[Position] | None:
        """Return the line of a way, or None once it is listed as incomplete."""
        line, absent = self._positions(way)
        if line is not None and len(line) >= 2:
            return line
        total = len(way.line or way.nodes)
        if absent:
            why = f"{absent} of its {total} points are not in the file: it is cut off"
            self._incomplete(way, why)
        else:
            why = f"it has {total} points: a line needs two"
        self._leave(way, why)
        return None

    def _positions(self, way: Element) -> tuple[list[Position] | None, int]:
        """Return the line of a way and how many of its points are absent; no line if any is."""
        found: list[Position | None] = []
        if way.line is not None:
            found = way.line
        for ref in way.nodes if way.line is None else ():
            found.append(self.extract.positions.get(ref))
        line = [position for position in found if position is not None]
        absent = len(found) - len(line)
        return (None if absent or not line else line), absent

    def _made(self, element: Element, geometry: Any) -> Item:
        tags = element.tags
        if "level" not in tags and element.ref in self.level_of:
            tags = {**tags, "level": self.level_of[element.ref]}
        if "building" in tags:
            self._storeys(tags)
        return Item(element.ref, element.ref, "", tags, geometry)

    def _storeys(self, tags: Mapping[str, Any]) -> None:
        """Make the levels that a building states by its lowest and highest one."""
        numbers = f"{tags.get('min_level')}..{tags.get('max_level')}"
        absent = ordinals(tags.get("non_existent_levels")) or ()
        for ordinal in whole_levels(ordinals(numbers) or ()):
            if ordinal not in absent:
                self.book.at(ordinal)

    def _leave(self, element: Element, why: str, source: str = "") -> None:
        tags = [f"{key}={value}" for key, value in element.tags.items() if key != "type"]
        self.sorting.leave(element.ref, why, source or next(iter(tags), f"{element.type} alone"))

    def _incomplete(self, element: Element, why: str) -> None:
        where = f"{self.name}, {element.ref}: {why}"
        mend = "Export the map again with everything that the element refers to"
        self.sorting.findings.append(
            Finding("geometry_incomplete", "error", element.ref, where, mend)
        )

    def _find(self) -> None:
        absent = sum(self.missing.values())
        if absent:
            of = f"{len(+self.missing)} relations"
            where = f"{self.name}: {absent} members of {of} are not in the file"
            mend = "What is there was read; export with all members if a feature lacks a part"
            self.sorting.findings.append(Finding("members_missing", "warning", None, where, mend))
        if self.extract.deleted:
            where = f"{self.name}: {self.extract.deleted} elements are marked as deleted"
            mend = "They were left out, as the program that marked them would"
            self.sorting.findings.append(Finding("elements_deleted", "info", None, where, mend))
        for ref in self.extract.repeated:
            where, mend = f"{self.name}, {ref}", "It stands twice in the file; the first was read"
            self.sorting.findings.append(Finding("duplicate_id", "error", ref, where, mend))
            self.sorting.leave(ref, "an element of this id stands before it", "duplicate")


def _telling(tags: Mapping[str, Any]) -> bool:
    """Return whether tags say what a multipolygon is, beyond that it is one."""
    return any(key not in ("type", "source", "created_by", "note") for key in tags)


def _is_area(tags: Mapping[str, Any]) -> bool:
    """Return whether a closed way with these tags covers an area."""
    if tags.get("area") in ("yes", "no"):
        return bool(tags["area"] == "yes")
    pairs = tags.items()
    if any(pair in _AREA_VALUES for pair in pairs):
        return True
    if any(pair in _LINE_VALUES for pair in pairs):
        return False
    if "indoor" in tags or any(key in tags for key in _AREA_KEYS):
        return True
    return not any(key in tags for key in _LINE_KEYS)
