"""Small maps for tests: a campus in Maryland, drawn in meters from one corner."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, Level
from maps.geometry.projection import Projection

LONGITUDE, LATITUDE = -77.2, 39.04
PLANE = Projection.around(LONGITUDE, LATITUDE)
GROUND = Level("ground", 0, "Ground", "G")


def rectangle(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return a rectangle in degrees, given in meters from the corner of the campus."""
    return PLANE.to_degrees(box(west, south, east, north))


def point(x: float, y: float) -> BaseGeometry:
    """Return a point in degrees, given in meters from the corner of the campus."""
    return PLANE.to_degrees(Point(x, y))


def room(identity: str, label: str, west: float, south: float, side: float = 10.0) -> Feature:
    """Return a square room on the ground floor."""
    shape = rectangle(west, south, west + side, south + side)
    return Feature(identity, "room", label, shape, levels=("ground",))


def door(identity: str, x: float, y: float) -> Feature:
    """Return a door on the ground floor."""
    return Feature(identity, "door", "", point(x, y), levels=("ground",))


def exterior_door(identity: str, x: float, y: float, number: str = "", **more: Any) -> Feature:
    """Return an exterior door on the ground floor."""
    properties = {**({"number": number} if number else {}), **more}
    return Feature(identity, "exterior_door", number, point(x, y), (), ("ground",), properties)


def geojson_feature(geometry: Any, identity: Any = None, **properties: Any) -> dict[str, Any]:
    """Return a GeoJSON Feature; `geometry` is a shape or a geometry object."""
    shape = geometry.__geo_interface__ if isinstance(geometry, BaseGeometry) else geometry
    feature = {"type": "Feature", "properties": properties, "geometry": shape}
    return feature if identity is None else {**feature, "id": identity}


def collection(*features: Any, **more: Any) -> bytes:
    """Return the bytes of a FeatureCollection."""
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def archive(entries: Mapping[str, bytes | str], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the bytes of a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as opened:
        for name, content in entries.items():
            opened.writestr(name, content)
    return buffer.getvalue()


def imdf_feature(
    kind: str, identity: str, geometry: Any = None, **properties: Any
) -> dict[str, Any]:
    """Return a feature of an IMDF archive."""
    return {**geojson_feature(geometry, identity, **properties), "feature_type": kind}


def imdf(*features: dict[str, Any], manifest: Any = None) -> bytes:
    """Return an IMDF archive of features, one collection for each type."""
    kinds: dict[str, list[Any]] = {}
    for feature in features:
        kinds.setdefault(feature["feature_type"], []).append(feature)
    entries = {f"{kind}.geojson": collection(*found) for kind, found in kinds.items()}
    stated = manifest or {"version": "1.0.0", "created": "2026-01-05T08:00:00Z", "language": "en"}
    return archive({"manifest.json": json.dumps(stated), **entries})
