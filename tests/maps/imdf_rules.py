"""The rules of IMDF 1.0.0 (OGC 20-094) for an archive, coded from its tables and validation list.

`broken_rules` returns each broken rule with the feature; it shares no code with reader or writer.
"""

import io
import json
import re
import uuid
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import shapely
from shapely.geometry import shape

POLYGONAL = ("Polygon", "MultiPolygon")
LINEAR = ("LineString", "MultiLineString")
GEOMETRY: dict[str, tuple[str, ...] | None] = {
    "address": None, "venue": POLYGONAL, "building": None, "footprint": POLYGONAL,
    "level": POLYGONAL, "unit": POLYGONAL, "opening": ("LineString",), "amenity": ("Point",),
    "anchor": ("Point",), "occupant": None, "fixture": POLYGONAL, "kiosk": POLYGONAL,
    "section": POLYGONAL, "geofence": POLYGONAL, "detail": LINEAR,
}  # fmt: skip
# Every property of a type; those in the second tuple may be null.
PROPERTIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "address": (("address", "locality", "country"),
                ("unit", "province", "postal_code", "postal_code_ext", "postal_code_vanity")),
    "venue": (("category", "name", "display_point", "address_id"),
              ("restriction", "alt_name", "hours", "phone", "website")),
    "building": (("category",),
                 ("restriction", "name", "alt_name", "display_point", "address_id")),
    "footprint": (("category", "building_ids"), ("name",)),
    "level": (("category", "outdoor", "ordinal", "name", "short_name"),
              ("restriction", "display_point", "address_id", "building_ids")),
    "unit": (("category", "level_id"),
             ("restriction", "accessibility", "name", "alt_name", "display_point")),
    "opening": (("category", "level_id"),
                ("accessibility", "access_control", "door", "name", "alt_name", "display_point")),
    "amenity": (("category",),
                ("accessibility", "name", "alt_name", "hours", "phone", "website", "unit_ids",
                 "address_id", "correlation_id")),
    "fixture": (("category", "level_id"), ("name", "alt_name", "anchor_id", "display_point")),
    "geofence": (("category",),
                 ("restriction", "name", "alt_name", "correlation_id", "display_point",
                  "building_ids", "level_ids", "parents")),
    "detail": (("level_id",), ()),
}  # fmt: skip
CATEGORIES: dict[str, frozenset[str]] = {
    "venue": frozenset(("university", "communitycenter", "governmentfacility")),
    "building": frozenset(("parking", "transit", "transit.bus", "transit.train", "unspecified")),
    "footprint": frozenset(("aerial", "ground", "subterranean")),
    "level": frozenset(("parking", "transit", "unspecified")),
    "unit": frozenset(
        ("auditorium", "classroom", "elevator", "escalator", "fieldofplay", "parking", "ramp",
         "restroom", "road", "room", "stairs", "steps", "unspecified", "walkway")
    ),
    "opening": frozenset(
        ("automobile", "bicycle", "emergencyexit", "pedestrian", "pedestrian.principal",
         "pedestrian.transit", "service")
    ),
    "amenity": frozenset(
        ("defibrillator", "elevator", "entry", "firealarmpullstation", "fireextinguisher",
         "firstaid", "meetingpoint", "mobilityrescue", "parking", "security", "stairs",
         "unspecified")
    ),
    "fixture": frozenset(("equipment", "furniture", "obstruction", "wall", "water")),
    "geofence": frozenset(
        ("concourse", "geofence", "paidarea", "platform", "postsecurity", "presecurity", "terminal",
         "underconstruction")
    ),
}  # fmt: skip
REFERENCES = {
    "address_id": "address", "level_id": "level", "level_ids": "level", "building_ids": "building",
    "unit_ids": "unit", "unit_id": "unit", "anchor_id": "anchor",
}  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def broken_rules(data: bytes) -> list[str]:
    """Return the rules that an archive breaks, each with where."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    if "manifest.json" not in entries:
        return ["ManifestFileMustBePresent"]
    found = list(_manifest(entries.pop("manifest.json")))
    features: list[dict[str, Any]] = []
    for name, collection in entries.items():
        if collection.get("type") != "FeatureCollection":
            found.append(f"FileMustContainFeatureCollection: {name}")
            continue
        for feature in collection["features"]:
            if name != f"{feature.get('feature_type')}.geojson":
                found.append(f"feature of another type in {name}")
            features.append(feature)
    found += _identities(features)
    by_id = {feature["id"]: feature for feature in features}
    for feature in features:
        where = f"{feature['feature_type']} {feature['id']}"
        found += [f"{rule}: {where}" for rule in _feature(feature, by_id)]
    if sum(f["feature_type"] == "venue" for f in features) != 1:
        found.append("VenueCountMustBeExactlyOne")
    return found


def _manifest(manifest: dict[str, Any]) -> Iterator[str]:
    if manifest.get("version") != "1.0.0":
        yield "manifest version"
    if not _LANGUAGE.fullmatch(str(manifest.get("language"))):
        yield "manifest language"
    if datetime.fromisoformat(manifest["created"]).tzinfo is None:
        yield "manifest created"
    extensions = manifest.get("extensions")
    if extensions is not None and not all(isinstance(e, str) for e in extensions):
        yield "manifest extensions"


def _identities(features: list[dict[str, Any]]) -> Iterator[str]:
    seen: set[str] = set()
    for feature in features:
        identity = feature.get("id")
        if not isinstance(identity, str) or not identity:
            yield "FeatureIdMustBeString"
        elif str(uuid.UUID(identity)) != identity:
            yield f"id is no UUID: {identity}"
        if identity in seen:
            yield f"FeatureIdMustBeUnique: {identity}"
        seen.add(str(identity))
        if feature.get("feature_type") not in PROPERTIES:
            yield f"FeatureMustHaveFeatureType: {identity}"


def _feature(feature: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    kind, properties = feature["feature_type"], feature["properties"]
    required, open_ = PROPERTIES[kind]
    for key in (*required, *open_):
        if key not in properties:
            yield f"property {key} is missing"
        elif key in required and properties[key] is None:
            yield f"property {key} is null"
    yield from _geometry(feature, GEOMETRY[kind])
    category = properties.get("category")
    if kind in CATEGORIES and category not in CATEGORIES[kind]:
        yield f"category {category}"
    for key in ("name", "alt_name", "short_name"):
        labels = properties.get(key)
        if labels is not None and not _is_labels(labels):
            yield f"LABELS of {key}"
    yield from _references(properties, by_id)
    if kind == "level":
        yield from _level(properties)
    if kind == "address" and not re.fullmatch(r"[A-Z]{2}", properties["country"]):
        yield "country is no ISO 3166 code"


def _references(properties: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    for key, wanted in REFERENCES.items():
        value = properties.get(key)
        ids = [value] if isinstance(value, str) else value or []
        if isinstance(value, list) and not value:
            yield f"{key} is empty: it must be null"
        for identity in ids:
            if by_id.get(identity, {}).get("feature_type") != wanted:
                yield f"ReferencedFeatureIDMustBeResolvable: {key}"


def _level(properties: dict[str, Any]) -> Iterator[str]:
    if not isinstance(properties["outdoor"], bool):
        yield "outdoor is no boolean"
    if isinstance(properties["ordinal"], bool) or not isinstance(properties["ordinal"], int):
        yield "ordinal is no integer"


def _geometry(feature: dict[str, Any], allowed: tuple[str, ...] | None) -> Iterator[str]:
    geometry = feature["geometry"]
    if allowed is None:
        if geometry is not None:
            yield "geometry must be null"
        return
    if geometry is None or geometry["type"] not in allowed:
        yield f"geometry {geometry and geometry['type']}"
        return
    drawn = shape(geometry)
    if not drawn.is_valid:
        yield f"FileMustBeValidGeoJSON: {shapely.is_valid_reason(drawn)}"
    if allowed == POLYGONAL and not _is_turned_right(drawn):
        yield "ring orientation of RFC 7946"
    point = feature["properties"].get("display_point")
    if point is not None and (point["type"] != "Point" or shape(point).distance(drawn) > 1e-8):
        yield "display_point outside its own polygon"


def _is_turned_right(drawn: Any) -> bool:
    return all(
        part.exterior.is_ccw and not any(ring.is_ccw for ring in part.interiors)
        for part in shapely.get_parts(drawn)
    )


def _is_labels(labels: Any) -> bool:
    if not isinstance(labels, dict) or not labels:
        return False
    return all(
        _LANGUAGE.fullmatch(key) and isinstance(text, str) and text for key, text in labels.items()
    )
