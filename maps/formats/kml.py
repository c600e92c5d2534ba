"""KML 2.0 to 2.3 and KMZ: placemarks are features, folders say level and kind, nothing is fetched.

Each placemark, overlay and network link is a feature of the file; only placemarks have shapes.
"""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from maps.document import Finding
from maps.formats.archive import Archive
from maps.formats.classes import (
    WIDE_KINDS,
    Classified,
    Classifier,
    Extension,
    fitting,
    kind_of_words,
)
from maps.formats.identity import NAMESPACE
from maps.formats.items import Item, ItemReader
from maps.formats.json_text import MOST_FEATURES, parse_json, too_many_features
from maps.formats.kml_shapes import shape_of
from maps.formats.levels import ordinal_of_name
from maps.formats.own_form import is_own_form, read_own_form
from maps.formats.placing import WGS84, Degrees
from maps.formats.result import Format, MapReading, MapRefused, Sorting
from maps.formats.xml_text import events, local_name

OWN_DOCUMENT = "muster:document"  # what our own writer keeps in the Document
OWN_FEATURE = "muster:feature"  # and in each Placemark
_SHAPELESS = {
    "GroundOverlay": "a picture laid on the ground: trace it, or place its plan by control points",
    "ScreenOverlay": "a picture on the screen, which is no place",
    "PhotoOverlay": "a photograph, which is no place",
    "NetworkLink": "it points to another file, which is never fetched: give that file itself",
    "Tour": "a tour, which is no place",
}
_ROOTS = frozenset({"kml", "Document", "Folder", "Placemark", *_SHAPELESS})
_BY_WORDS = ("name: ", "folder=")
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class KmlReader:
    """Reads one file: `name` stands in messages, `near` is the campus (lon, lat) where known."""

    name: str
    extension: Extension = field(default_factory=dict)
    namespace: uuid.UUID = NAMESPACE
    near: Degrees | None = None

    def read(self, data: bytes) -> MapReading:
        """Return the map of KML; raises MapRefused when it is none."""
        return self._read([(self.name, data)], "kml", ())

    def read_archive(self, archive: Archive) -> MapReading:
        """Return the map of a KMZ, or of a data package that holds several; raises MapRefused."""
        names = [entry for entry in archive.entries if entry.endswith(".kml")]
        if "manifest/manifest.xml" not in archive.left_unread_lower:
            names = sorted(names, key=lambda entry: (entry != "doc.kml", entry.count("/")))[:1]
        documents = [(f"{self.name}, {entry}", archive.entries[entry]) for entry in names]
        unread = [entry for entry in archive.entries if entry not in names]
        return self._read(documents, "kmz", (*archive.left_unread, *unread))

    def _read(
        self, documents: list[tuple[str, bytes]], form: Format, left_unread: tuple[str, ...]
    ) -> MapReading:
        sorting = Sorting()
        found = _Found()
        for where, data in documents:
            _gather(data, where, found)
        own = found.own_form()
        if own is not None:
            reading = read_own_form(own, self.name, WGS84)
            copies = len(found.features) - len(reading.features)  # one in the folder of each level
            return replace(reading, format=form, described=copies)
        items = [
            item
            for number, feature in enumerate(found.features, 1)
            if (item := self._item(feature, number, sorting)) is not None
        ]
        for finding in _findings(found, items, left_unread, self.name):
            sorting.findings.append(finding)
        reader = ItemReader(self.name, self.extension, self.namespace, self.near, spread=True)
        return reader.read(items, form, sorting=sorting)

    def _item(self, feature: "_Feature", number: int, sorting: Sorting) -> Item | None:
        ref = feature.id or f"{feature.element} {number}"
        if feature.label and not feature.id:
            ref = f"{ref} “{feature.label:.40}”"
        if feature.element != "Placemark":
            sorting.leave(ref, _SHAPELESS[feature.element], feature.element)
            return None
        properties = feature.properties()
        kind = feature.geometry.get("type", "") if feature.geometry else ""
        found = self._classified(feature, properties, str(kind))
        if feature.why:
            sorting.leave(ref, feature.why, found.source)
            sorting.findings.append(
                Finding("geometry_unusable", "error", ref, f"{self.name}, {ref}: {feature.why}",
                        "Draw this feature again")
            )  # fmt: skip
            return None
        return Item(ref, feature.id or None, feature.scope, properties, feature.geometry, found)

    def _classified(
        self, feature: "_Feature", properties: Mapping[str, Any], geometry_type: str
    ) -> Classified:
        """Return the class by the attributes, else by words of the name, else of the folders."""
        found = Classifier(self.extension).classify(properties, geometry_type)
        if found.kind is not None or found.source in self.extension:
            return found
        named = kind_of_words(feature.label)
        if named is not None and named not in WIDE_KINDS:
            found = Classified(f"name: {named}", named)
        else:
            words = [(f"folder={folder:.60}", folder) for folder in reversed(feature.folders)]
            for source, text in words:
                kind = self.extension.get(source) or kind_of_words(_singular(text))
                if kind is not None and kind != "level":
                    found = Classified(source, kind)
                    break
            else:
                if named is not None and named != "level":
                    found = Classified(f"name: {named}", named)
        if found.kind is None:
            why = "neither its attributes nor its name or folder say what it is"
            return replace(found, why=why) if not found.known else found
        return fitting(found, geometry_type, self.extension) if geometry_type else found


@dataclass(slots=True)
class _Feature:
    """One placemark, overlay or link, as the file has it."""

    element: str
    id: str
    label: str
    description: str
    scope: str
    folders: tuple[str, ...]
    data: dict[str, Any]
    geometry: dict[str, Any] | None = None
    why: str = ""
    extra: int = 0

    def properties(self) -> dict[str, Any]:
        """Return the attributes, with name, note, and the level that a folder states."""
        found = {**self.data}
        if self.label:
            found.setdefault("name", self.label)
        if self.description:
            found.setdefault("note", self.description)
        if not any(key in found for key in ("level", "floor", "level_id", "ordinal")):
            level = next((f for f in reversed(self.folders) if ordinal_of_name(f) is not None), "")
            if level:
                found["level"] = level
        return found


@dataclass(slots=True)
class _Found:
    """What the documents of a file hold."""

    features: list[_Feature] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)

    def own_form(self) -> dict[str, Any] | None:
        """Return the form of a map document when our own writer wrote every part of it."""
        if not self.documents or not all(OWN_FEATURE in f.data for f in self.features):
            return None
        features: dict[str, Any] = {}
        for feature in self.features:
            kept = feature.data[OWN_FEATURE]
            if not isinstance(kept, dict) or feature.geometry is None:
                return None
            features.setdefault(
                str(kept.get("id")),
                {"type": "Feature", "id": kept.get("id"), "properties": kept.get("properties"),
                 "geometry": kept.get("geometry") or feature.geometry},
            )  # fmt: skip
        own = {**self.documents[0], "features": list(features.values())}
        return own if is_own_form(own) else None


def _gather(data: bytes, where: str, found: _Found) -> None:
    """Take in every feature of one KML document."""
    folders: list[str] = []
    root = True
    inside = 0  # depth below a feature, whose elements are read at its end
    for event, xml in events(data, where):
        name = local_name(xml)
        if root and name not in _ROOTS:
            raise MapRefused(
                "not_a_map", f"The file is <{name:.40}>, not KML", where, "Save it as KML"
            )
        root = False
        is_feature = name == "Placemark" or name in _SHAPELESS
        if event == "start":
            inside += bool(inside) or is_feature
            if not inside and name in ("Folder", "Document"):
                folders.append("")
            continue
        if inside:
            inside -= 1
            if not inside:
                found.features.append(_feature(xml, where, tuple(f for f in folders if f)))
                if len(found.features) > MOST_FEATURES:
                    raise too_many_features(where, len(found.features))
                xml.clear()
            continue
        parent = xml.getparent()
        above = local_name(parent) if parent is not None else ""
        if name == "name" and above in ("Folder", "Document") and folders:
            folders[-1] = (xml.text or "").strip()[:200]
        elif name == "ExtendedData" and above == "Document":
            own = _data(xml).get(OWN_DOCUMENT)
            if isinstance(own, dict):
                found.documents.append(own)
        elif name in ("Folder", "Document"):
            folders.pop()


def _feature(xml: "etree._Element", where: str, folders: tuple[str, ...]) -> _Feature:
    label, description, shapes = "", "", []
    data: dict[str, Any] = {}
    for child in xml:
        name = local_name(child)
        if name == "name":
            label = " ".join("".join(child.itertext()).split())[:200]
        elif name in ("description", "Snippet", "snippet") and not description:
            description = " ".join(_TAGS.sub(" ", "".join(child.itertext())).split())[:1000]
        elif name == "ExtendedData":
            data = _data(child)
        elif name in ("address", "phoneNumber") and (child.text or "").strip():
            data[name] = (child.text or "").strip()
        else:
            shapes.append(child)
    element = local_name(xml)
    identity = str(data.get("id") or xml.get("id") or "").strip()
    feature = _Feature(element, identity, label, description, where, folders, data)
    if element == "Placemark":
        shape = shape_of(shapes)
        feature.geometry, feature.why, feature.extra = shape.geometry, shape.why, shape.extra
    return feature


def _data(xml: "etree._Element") -> dict[str, Any]:
    """Return the attributes of ExtendedData: Data, SimpleData, or elements of another namespace."""
    found: dict[str, Any] = {}
    for child in xml.iter():
        name = local_name(child)
        key = child.get("name")
        if name == "SimpleData" and key:
            found[key] = (child.text or "").strip()
        elif name == "Data" and key:
            value = next((v for v in child if local_name(v) == "value"), None)
            text = "" if value is None else (value.text or "").strip()
            own = key in (OWN_DOCUMENT, OWN_FEATURE)
            found[key] = _own_value(text) if own else text
        elif name not in ("ExtendedData", "SchemaData", "value", "displayName") and not len(child):
            found.setdefault(name, (child.text or "").strip())
    found.pop("", None)
    return found


def _own_value(text: str) -> Any:
    try:
        return parse_json(text.encode(errors="replace"), "")
    except (MapRefused, json.JSONDecodeError):
        return text


def _singular(text: str) -> str:
    """Return the words of a folder in the singular: “Exterior doors” holds doors."""
    return re.sub(r"(?<=[a-z]{3})(?<!s)s\b", "", text.casefold())


def _findings(
    found: _Found, items: list[Item], left_unread: tuple[str, ...], name: str
) -> Iterator[Finding]:
    if left_unread:
        shown = ", ".join(left_unread[:3])
        where = f"{name}: {len(left_unread)} entries beside the document ({shown})"
        yield Finding("entries_left_unread", "info", None, where, "Pictures are not kept")
    classes = [item.classified for item in items if item.classified is not None]
    by_words = sum(c.kind is not None and c.source.startswith(_BY_WORDS) for c in classes)
    if by_words:
        where = f"{name}: {by_words} placemarks state no kind"
        mend = "Each got that of the words in its name or folder; check them"
        yield Finding("kind_from_words", "info", None, where, mend)
    links = sum(feature.element == "NetworkLink" for feature in found.features)
    if links:
        where = f"{name}: {links} links to other files"
        yield Finding("network_link", "warning", None, where,
                      "They were not followed: give the files that they point to")  # fmt: skip
    overlays = sum(feature.element == "GroundOverlay" for feature in found.features)
    if overlays:
        where = f"{name}: {overlays} pictures laid on the ground"
        mend = "A picture holds no shapes: trace it, or give the plan it was made from"
        yield Finding("ground_overlay", "info", None, where, mend)
    extra = sum(feature.extra for feature in found.features)
    if extra:
        where = f"{name}: {extra} positions have more numbers than longitude, latitude, height"
        yield Finding("coordinates_extra", "info", None, where, "What stood behind was not read")
