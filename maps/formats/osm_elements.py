"""The elements of an OpenStreetMap extract, from XML or from Overpass JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from maps.formats.json_text import (
    MOST_FEATURES,
    MOST_VERTICES,
    too_many_features,
    too_many_vertices,
)
from maps.formats.result import MapRefused
from maps.formats.shapes import LARGEST
from maps.formats.xml_text import events, local_name

ElementType = Literal["node", "way", "relation"]
Position = tuple[float, float]
TYPES: tuple[ElementType, ...] = ("node", "way", "relation")


@dataclass(slots=True)
class Member:
    """One member of a relation; `line` is its own geometry where the extract carries it."""

    type: str
    ref: str
    role: str
    line: list[Position] | None = None


@dataclass(slots=True)
class Element:
    """One element: a node has a position, a way the ids of its nodes or a line of its own."""

    type: ElementType
    id: str
    tags: dict[str, Any]
    position: Position | None = None
    nodes: list[str] = field(default_factory=list)
    line: list[Position | None] | None = None
    members: list[Member] = field(default_factory=list)
    only_center: bool = False

    @property
    def ref(self) -> str:
        """Return the name that every OSM program uses: `way/123`."""
        return f"{self.type}/{self.id}"


@dataclass(slots=True)
class Extract:
    """The elements of a file by their ref, and how many a program had marked as deleted.

    A node without tags is no element: only its position is kept.
    """

    elements: dict[str, Element] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)
    deleted: int = 0
    vertices: int = 0

    def add(self, element: Element, name: str) -> None:
        """Take in an element; raises MapRefused when there are too many."""
        ref = element.ref
        if ref in self.elements or (element.position is not None and element.id in self.positions):
            if element.type != "node" or element.tags:
                self.repeated.append(ref)
            return
        if element.position is not None:
            self.positions[element.id] = element.position
        if element.type != "node" or element.tags:
            self.elements[ref] = element
        self.vertices += len(element.nodes) + len(element.line or ())
        if len(self.positions) > MOST_VERTICES or self.vertices > MOST_VERTICES:
            raise too_many_vertices(name)
        if len(self.elements) > MOST_FEATURES:
            raise too_many_features(name, len(self.elements))

    def holds(self, member: Member) -> bool:
        """Return whether the file has what a member refers to."""
        if member.type == "node":
            return member.ref in self.positions
        return f"{member.type}/{member.ref}" in self.elements

    def of_type(self, kind: ElementType) -> Iterator[Element]:
        """Yield the elements of one type, in the order of the file."""
        return (element for element in self.elements.values() if element.type == kind)


def from_xml(data: bytes, name: str) -> Extract:
    """Return the elements of OSM XML; names of editors are not read.

    Elements that JOSM marked as deleted are left out and counted. Raises MapRefused.
    """
    extract = Extract()
    depth = 0
    for event, xml in events(data, name):
        if event == "start":
            if depth == 0 and local_name(xml) != "osm":
                raise MapRefused(
                    "format_osm_change",
                    f"The file is <{local_name(xml)}>, not an OpenStreetMap extract",
                    name,
                    "Export the map itself as .osm",
                )
            depth += 1
            continue
        depth -= 1
        if depth != 1:
            continue
        if local_name(xml) in TYPES:
            if xml.get("action") == "delete" or xml.get("visible") == "false":
                extract.deleted += 1
            else:
                extract.add(_of_xml(xml, name), name)
        # An element that was read is thrown away: the tree of a large file fills the memory.
        xml.clear()
        parent = xml.getparent()
        while parent is not None and xml.getprevious() is not None:
            del parent[0]
    return extract


def _of_xml(xml: Any, name: str) -> Element:
    kind = local_name(xml)
    identity = xml.get("id")
    if not identity:
        raise _broken(f"a {kind} has no id", f"{name}, line {xml.sourceline}")
    element = Element(kind, identity.strip(), {})  # type: ignore[arg-type]
    for child in xml:
        tag = local_name(child)
        if tag == "tag" and child.get("k"):
            element.tags[child.get("k")] = child.get("v") or ""
        elif tag == "nd" and child.get("ref"):
            element.nodes.append(child.get("ref").strip())
        elif tag == "member" and child.get("ref"):
            element.members.append(
                Member(child.get("type") or "", child.get("ref").strip(), child.get("role") or "")
            )
    if kind == "node":
        where = f"{name}, node {identity}, line {xml.sourceline}"
        element.position = _position(xml.get("lon"), xml.get("lat"), where)
    return element


def from_overpass(parsed: Mapping[str, Any], name: str) -> Extract:
    """Return the elements of Overpass JSON (`out body`, `out geom`, `out center`).

    Raises MapRefused for elements that are none.
    """
    elements = parsed.get("elements")
    if not isinstance(elements, list):
        raise _broken("it has no list of elements", f"{name}, member elements")
    extract = Extract()
    for number, entry in enumerate(elements, 1):
        where = f"{name}, element {number}"
        if not isinstance(entry, Mapping) or entry.get("type") not in TYPES:
            raise _broken("an element is neither node, way nor relation", where)
        if isinstance(entry.get("id"), bool) or not isinstance(entry.get("id"), int | str):
            raise _broken(f"a {entry['type']} has no id", where)
        extract.add(_of_json(entry, where), name)
    return extract


def _of_json(entry: Mapping[str, Any], where: str) -> Element:
    where = f"{where}, {entry['type']}/{entry['id']}"
    tags = entry.get("tags") or {}
    if not isinstance(tags, Mapping) or not all(isinstance(v, str) for v in tags.values()):
        raise _broken("its tags are not an object of texts", where)
    element = Element(entry["type"], str(entry["id"]), dict(tags))
    if element.type == "node":
        element.position = _position(entry.get("lon"), entry.get("lat"), where)
        return element
    nodes, line = entry.get("nodes"), entry.get("geometry")
    if isinstance(nodes, list):
        element.nodes = [str(node) for node in nodes]
    if isinstance(line, list):
        element.line = [_point_of(point, where) for point in line]
    element.only_center = isinstance(entry.get("center"), Mapping) and not nodes and not line
    members = entry.get("members")
    for member in members if isinstance(members, list) else ():
        if not isinstance(member, Mapping):
            raise _broken("a member is no object", where)
        own = member.get("geometry")
        points = [_point_of(p, where) for p in own] if isinstance(own, list) else None
        whole = None if points is None else [p for p in points if p is not None]
        element.members.append(
            Member(
                str(member.get("type") or ""), str(member.get("ref")),
                str(member.get("role") or ""),
                whole if points is not None and len(whole or ()) == len(points) else None,
            )
        )  # fmt: skip
    return element


def _point_of(point: Any, where: str) -> Position | None:
    """Return a position of an inline geometry; Overpass writes null for one outside its box."""
    if point is None:
        return None
    if not isinstance(point, Mapping):
        raise _broken("a position is no object with lat and lon", where)
    return _position(point.get("lon"), point.get("lat"), where)


def _position(longitude: Any, latitude: Any, where: str) -> Position:
    try:
        found = float(longitude), float(latitude)
    except (TypeError, ValueError):
        raise MapRefused(
            "osm_position",
            f"A node has no position: lon {longitude!r:.30}, lat {latitude!r:.30}",
            where,
            "Give the node its longitude and latitude, or export the map again",
        ) from None
    if not (abs(found[0]) < LARGEST and abs(found[1]) < LARGEST):  # nor is NaN
        raise MapRefused(
            "osm_number",
            f"A node has a position that is no number: lon {longitude}, lat {latitude}",
            where,
            "Give the node its longitude and latitude, or export the map again",
        )
    return found


def _broken(why: str, where: str) -> MapRefused:
    return MapRefused(
        "osm_broken",
        f"The OpenStreetMap extract cannot be read: {why}",
        where,
        "Export it again from JOSM or Overpass",
    )
