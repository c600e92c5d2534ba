"""Writing a data package for TAK: an overlay for each level, and markers that can be searched.

A package goes to devices outside the district's control: it holds no notes, no access codes, no
names of people; `KEPT` says which properties it does hold.
"""

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import shapely
from lxml import etree
from shapely.geometry import Polygon

from maps.document import Feature, Finding, MapDocument
from maps.formats.export import Export, Site, kind_in_words, packed
from maps.formats.identity import as_uuid, made_id
from maps.formats.write_kml import kml_of, number_text, sign_of, xml_text

KEPT = frozenset({"number", "main", "utility", "capacity"})
STALE_AFTER = timedelta(days=366)  # a map object that goes stale sooner vanishes from the screen
MARKED = frozenset(
    {
        "aed", "trauma_kit", "key_box", "utility_shut_off", "exterior_door", "gate", "hydrant",
        "fire_panel", "annunciator", "fire_department_connection", "standpipe", "sprinkler_riser",
        "generator", "assembly_area", "reunification_site", "staging_area", "command_post",
        "refuge_area", "helicopter_landing_zone", "stair", "elevator",
    }
)  # fmt: skip
DRAWN = frozenset({"assembly_area", "hazard_zone", "staging_area", "reunification_site",
                   "helicopter_landing_zone"})  # fmt: skip
UNKNOWN = "9999999.0"  # height and errors that nobody measured
_ARGB = {"assembly_area": 0xFF19602C, "hazard_zone": 0xFFB50909}
_BLUE = 0xFF005EA2
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")


def write_tak(document: MapDocument, *, site: Site, at: datetime) -> Export:
    """Return a map as a TAK data package with a manifest of version 2, valid from `at`.

    A feature has the same uid in every edition, so that a later package replaces an earlier one.
    """
    bare = replace(document, features=tuple(_bare(f) for f in document.features))
    overlays = list(_overlays(bare, site))
    events = [_event(feature, at) for feature in bare.features if _is_event(feature)]
    manifest = _manifest(bare, site, overlays, [uid for uid, _, _ in events])
    entries = [
        ("MANIFEST/manifest.xml", manifest),
        *((entry, content) for entry, _, content in overlays),
        *((_entry(uid), content) for uid, _, content in events),
    ]
    dropped = sorted({key for f in document.features for key in f.properties} - KEPT)
    notes: tuple[Finding, ...] = ()
    if dropped:
        where = f"{', '.join(dropped[:12])} of {len(document.features)} features"
        mend = "They stay behind: a package goes to devices outside the district's control"
        notes = (Finding("properties_left_out", "info", None, where, mend),)
    return Export(packed(entries), ".zip", "application/zip", notes)


def uid_of(feature: Feature) -> str:
    """Return the uid that a feature has in every package."""
    return f"muster.{as_uuid(feature.id) or made_id(feature.id)}"


def _bare(feature: Feature) -> Feature:
    kept = {key: value for key, value in feature.properties.items() if key in KEPT}
    return replace(feature, properties=kept)


def _is_event(feature: Feature) -> bool:
    return feature.kind in MARKED or _is_drawn(feature)


def _is_drawn(feature: Feature) -> bool:
    return feature.kind in DRAWN and isinstance(feature.geometry, Polygon)


def _overlays(document: MapDocument, site: Site) -> Iterator[tuple[str, str, bytes]]:
    """Yield (entry, name, KML) of each level from the top, then of what lies outdoors."""
    levels = sorted(document.levels, key=lambda v: (-v.ordinal, v.id))
    known = {level.id for level in levels}
    groups = [(v.name, v.ordinal, [f for f in document.features if v.id in f.levels])
              for v in levels]  # fmt: skip
    outside = [f for f in document.features if not known & set(f.levels)]
    for number, (name, ordinal, features) in enumerate([*groups, ("Outdoors", 0, outside)], 1):
        if features or number > len(groups):
            plain = _NOT_IN_A_NAME.sub("-", name).strip("-") or str(ordinal)
            content = kml_of(document, features, name=f"{site.name}, {name}")
            yield f"overlays/{number:02}-{plain}.kml", f"{site.name}, {name}", content


def _entry(uid: str) -> str:
    return f"{uid}/{uid}.cot"


def _manifest(
    document: MapDocument, site: Site, overlays: list[tuple[str, str, bytes]], uids: list[str]
) -> bytes:
    root = etree.Element("MissionPackageManifest", version="2")
    configuration = etree.SubElement(root, "Configuration")
    identity = uuid.UUID(made_id(json.dumps([site.name, sorted(f.id for f in document.features)])))
    _parameters(configuration, uid=str(identity), name=site.name, onReceiveDelete="false")
    contents = etree.SubElement(root, "Contents")
    for entry, name, _ in overlays:
        content = etree.SubElement(contents, "Content", ignore="false", zipEntry=entry)
        _parameters(content, name=name, contentType="KML", visible="true")
    for uid in uids:
        content = etree.SubElement(contents, "Content", ignore="false", zipEntry=_entry(uid))
        _parameters(content, uid=uid, isCoT="true")
    return _bytes(root)


def _parameters(parent: "etree._Element", **values: str) -> None:
    for name, value in values.items():
        etree.SubElement(parent, "Parameter", name=name, value=xml_text(value))


def _event(feature: Feature, at: datetime) -> tuple[str, Feature, bytes]:
    uid, drawn = uid_of(feature), _is_drawn(feature)
    root = etree.Element(
        "event", version="2.0", uid=uid, type="u-d-f" if drawn else "b-m-p-s-m",
        time=_zulu(at), start=_zulu(at), stale=_zulu(at + STALE_AFTER),
        how="h-e" if drawn else "h-g-i-g-o",
    )  # fmt: skip
    place = feature.geometry.representative_point()
    etree.SubElement(root, "point", lat=number_text(place.y), lon=number_text(place.x),
                     hae=UNKNOWN, ce=UNKNOWN, le=UNKNOWN)  # fmt: skip
    detail = etree.SubElement(root, "detail")
    etree.SubElement(detail, "contact", callsign=xml_text(sign_of(feature)))
    etree.SubElement(detail, "archive")
    remarks = etree.SubElement(detail, "remarks", source="muster")
    remarks.text = xml_text(_remarks(feature))
    color = _signed(_ARGB.get(feature.kind, _BLUE))
    if drawn:
        for x, y in shapely.get_coordinates(shapely.get_exterior_ring(feature.geometry)).tolist():
            etree.SubElement(detail, "link", point=f"{number_text(y)},{number_text(x)}")
        etree.SubElement(detail, "strokeColor", value=color)
        etree.SubElement(detail, "strokeWeight", value="3.0")
        faint = _signed(_ARGB.get(feature.kind, _BLUE) & 0x00FFFFFF | 0x40000000)
        etree.SubElement(detail, "fillColor", value=faint)
        etree.SubElement(detail, "labels_on", value="true")
    else:
        etree.SubElement(detail, "color", argb=color)
        etree.SubElement(detail, "precisionlocation", geopointsrc="USER", altsrc="???")
    return uid, feature, _bytes(root)


def _remarks(feature: Feature) -> str:
    words = [kind_in_words(feature.kind)]
    if "utility" in feature.properties:
        words.append(str(feature.properties["utility"]))
    if "capacity" in feature.properties:
        words.append(f"{feature.properties['capacity']} people")
    return ", ".join([*words, *feature.names])


def _signed(argb: int) -> str:
    """Return a color as the signed number of 32 bits that CoT writes: opaque red is −65536."""
    return str(argb - (1 << 32) if argb >= 1 << 31 else argb)


def _zulu(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _bytes(root: "etree._Element") -> bytes:
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return written
