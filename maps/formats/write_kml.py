"""Writing KML 2.2 and KMZ: a folder for each level, a style for each kind.

Each placemark carries its feature whole in one attribute, so that our own reader gives back what
was written; other programs read name, shape, kind, level and id.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from maps.document import COORDINATE_DECIMALS, Feature, Level, MapDocument, to_json
from maps.formats.export import Export, Site, kind_in_words, packed
from maps.formats.kml import OWN_DOCUMENT, OWN_FEATURE

KML = "http://www.opengis.net/kml/2.2"
OUTDOORS = "Outdoors"
# aabbggrr, as KML writes colors. What is not named here is drawn in gray.
COLORS: dict[str, str] = {
    "building": "ff3f3f3f", "level": "ff8c8c8c", "room": "ffa25e00", "corridor": "ff8c8c8c",
    "stair": "ff7a6030", "elevator": "ff7a6030", "exterior_door": "ff000000",
    "assembly_area": "ff2c6019", "refuge_area": "ff2c6019", "aed": "ff3c7000",
    "trauma_kit": "ff3c7000", "hazard_zone": "ff0909b5", "fire_panel": "ff0909b5",
    "hydrant": "ff0909b5", "fire_department_connection": "ff0909b5", "utility_shut_off": "ff2ebeff",
    "command_post": "ffa25e00", "staging_area": "ffa25e00", "reunification_site": "ffa25e00",
    "fence": "ff505850", "gate": "ff505850",
}  # fmt: skip
_PLAIN = "ff767171"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Kept = Callable[[Feature], Feature]


def write_kml(document: MapDocument, *, site: Site) -> Export:
    """Return a map as one KML file."""
    content = kml_of(document, document.features, name=site.name)
    return Export(content, ".kml", "application/vnd.google-earth.kml+xml")


def write_kmz(document: MapDocument, *, site: Site) -> Export:
    """Return a map as KMZ: the same KML, packed."""
    content = packed([("doc.kml", kml_of(document, document.features, name=site.name))])
    return Export(content, ".kmz", "application/vnd.google-earth.kmz")


def kml_of(document: MapDocument, features: Iterable[Feature], *, name: str) -> bytes:
    """Return the KML of some features of a map, with all levels and the grid of it.

    A feature on several levels stands in the folder of each.
    """
    root = etree.Element(f"{{{KML}}}kml", nsmap={None: KML})
    body = _add(root, "Document")
    _add(body, "name", name)
    shown = list(features)
    for kind in sorted({feature.kind for feature in shown}):
        _style(body, kind)
    head = {k: v for k, v in to_json(replace(document, features=())).items() if k != "features"}
    _data(_add(body, "ExtendedData"), OWN_DOCUMENT, _ascii(head))
    for level, inside in _by_level(document.levels, shown):
        folder = _add(body, "Folder")
        _add(folder, "name", level.name if level is not None else OUTDOORS)
        for feature in inside:
            _placemark(folder, feature, level)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _by_level(
    levels: Iterable[Level], features: list[Feature]
) -> Iterable[tuple[Level | None, list[Feature]]]:
    known = [level.id for level in levels]
    for level in sorted(levels, key=lambda v: (-v.ordinal, v.id)):
        inside = [feature for feature in features if level.id in feature.levels]
        if inside:
            yield level, inside
    outside = [feature for feature in features if not set(feature.levels) & set(known)]
    if outside:
        yield None, outside


def _placemark(folder: "etree._Element", feature: Feature, level: Level | None) -> None:
    placemark = _add(folder, "Placemark")
    _add(placemark, "name", sign_of(feature))
    _add(placemark, "styleUrl", f"#{feature.kind}")
    data = _add(placemark, "ExtendedData")
    _data(data, "id", feature.id)
    _data(data, "kind", feature.kind)
    _data(data, "label", feature.label)
    if feature.names:
        _data(data, "names", "; ".join(feature.names))
    if level is not None:
        _data(data, "level", level.name)
        _data(data, "ordinal", str(level.ordinal))
    (own,) = to_json(MapDocument((), (feature,)))["features"]
    kept = {"id": own["id"], "properties": own["properties"]}
    if feature.geometry.geom_type not in ("Point", "LineString", "Polygon"):
        kept["geometry"] = own["geometry"]  # one part of a collection would lose its type
    _data(data, OWN_FEATURE, _ascii(kept))
    _geometry(placemark, feature.geometry)


def sign_of(feature: Feature) -> str:
    """Return the words of a feature's sign, or its kind where it has none."""
    number = feature.properties.get("number")
    if feature.kind == "exterior_door" and number:
        return f"Door {number}"
    return feature.label or kind_in_words(feature.kind)


def _style(body: "etree._Element", kind: str) -> None:
    color = COLORS.get(kind, _PLAIN)
    style = _add(body, "Style")
    style.set("id", kind)
    _add(_add(style, "IconStyle"), "color", color)
    line = _add(style, "LineStyle")
    _add(line, "color", color)
    _add(line, "width", "2")
    _add(_add(style, "PolyStyle"), "color", f"40{color[2:]}")


def _geometry(parent: "etree._Element", geometry: BaseGeometry) -> None:
    parts = getattr(geometry, "geoms", None)
    if parts is not None:
        collection = _add(parent, "MultiGeometry")
        for part in parts:
            _geometry(collection, part)
        return
    form: Mapping[str, Any] = mapping(geometry)
    shape = _add(parent, form["type"])
    _add(shape, "altitudeMode", "clampToGround")
    if form["type"] == "Point":
        _add(shape, "coordinates", _positions([form["coordinates"]]))
    elif form["type"] == "LineString":
        _add(shape, "coordinates", _positions(form["coordinates"]))
    else:
        for number, ring in enumerate(form["coordinates"]):
            boundary = _add(shape, "innerBoundaryIs" if number else "outerBoundaryIs")
            _add(_add(boundary, "LinearRing"), "coordinates", _positions(ring))


def _positions(positions: Iterable[Any]) -> str:
    return " ".join(
        f"{number_text(position[0])},{number_text(position[1])}" for position in positions
    )


def number_text(value: float) -> str:
    """Return a degree as text, without exponent and idle zeros."""
    return f"{value:.{COORDINATE_DECIMALS}f}".rstrip("0").rstrip(".") or "0"


def _add(parent: "etree._Element", name: str, text: str | None = None) -> "etree._Element":
    child = etree.SubElement(parent, f"{{{KML}}}{name}")
    if text is not None:
        child.text = xml_text(text)
    return child


def _data(parent: "etree._Element", name: str, value: str) -> None:
    data = _add(parent, "Data")
    data.set("name", name)
    _add(data, "value", value)


def xml_text(text: str) -> str:
    """Return text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _ascii(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
