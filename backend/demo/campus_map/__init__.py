"""The map of the demonstration school, as the GeoJSON file an architect would hand over.

Lincoln High School, 2100 Alder Street, Cedar Valley, Michigan: an invented school in invented
countryside. `floor_one` and `floor_two` hold the rooms, `building` the doors and outlines,
`equipment` the safety equipment and `site` the campus around it.
"""

import json
import math
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from backend.demo.campus_map.building import FLOOR_NAMES, draw_building
from backend.demo.campus_map.equipment import draw_equipment
from backend.demo.campus_map.site import draw_site
from backend.demo.campus_map.walls import Drawn
from maps.document import COORDINATE_DECIMALS

LONGITUDE, LATITUDE = -84.7405, 43.2110  # where the middle of the building stands
_MIDDLE = (85.0, 62.0)  # the same place in local meters
_CAMPUS = uuid.uuid5(uuid.NAMESPACE_URL, "https://lincoln.cvps.example/campus-map")


def lincoln_high_school() -> bytes:
    """Return the GeoJSON FeatureCollection of the campus (RFC 7946, UTF-8, lon/lat, WGS 84).

    Properties of a feature: `kind`, `label`, `names`, `level` (ordinal, list of ordinals, or null
    outdoors), further keys such as `number` or `utility`. The top-level member `levels` names the
    floors. The same bytes come back at every call.
    """
    collection = {
        "type": "FeatureCollection",
        "name": "Lincoln High School, 2100 Alder Street, Cedar Valley, Michigan",
        "levels": [
            {
                "id": _identifier("level", name, ordinal),
                "ordinal": ordinal,
                "name": name,
                "short_name": str(ordinal + 1),
            }
            for ordinal, name in enumerate(FLOOR_NAMES)
        ],
        "features": [
            _feature(drawn)
            for drawn in _with_portables((*draw_site(), *draw_building(), *draw_equipment()))
        ],
    }
    return json.dumps(collection, ensure_ascii=False, indent=1).encode()


def _with_portables(drawn: Sequence[Drawn]) -> list[Drawn]:
    """Return the features with the portable buildings inside the outline of floor 1."""
    portables = [item.shape for item in drawn if item.label.startswith("Portable ")]
    return [
        replace(item, shape=shapely.union_all([item.shape, *portables]))
        if item.kind == "level" and item.level == 0
        else item
        for item in drawn
    ]


def _feature(drawn: Drawn) -> dict[str, Any]:
    placed = shapely.transform(drawn.shape, _degrees)
    return {
        "type": "Feature",
        "id": _identifier(drawn.kind, drawn.label, drawn.level),
        "geometry": _rounded(placed),
        "properties": {
            "kind": drawn.kind,
            "label": drawn.label,
            "names": [name for name in drawn.names if name],
            "level": drawn.level,
            **drawn.properties,
        },
    }


def _identifier(kind: str, label: str, level: int | list[int] | None) -> str:
    return str(uuid.uuid5(_CAMPUS, f"{kind}/{level}/{label}"))


def _rounded(placed: BaseGeometry) -> dict[str, Any]:
    geometry: dict[str, Any] = mapping(shapely.orient_polygons(placed))
    return {
        "type": geometry["type"],
        "coordinates": _decimals(geometry["coordinates"]),
    }


def _decimals(part: Any) -> Any:
    if isinstance(part, Sequence):
        return [_decimals(inner) for inner in part]
    return round(float(part), COORDINATE_DECIMALS)


def _degrees(meters: Any) -> Any:
    """Return lon/lat of local meters: a plane that touches WGS 84 at the middle of the building.

    Lengths of a degree follow from the radii of curvature at that latitude (semi-major axis
    6,378,137 m, eccentricity squared 0.00669438); over 300 m the plane errs by about 1 cm.
    """
    axis, squared = 6_378_137.0, 0.006_694_379_990_14
    latitude = math.radians(LATITUDE)
    bend = 1 - squared * math.sin(latitude) ** 2
    east = math.radians(axis * math.cos(latitude) / math.sqrt(bend))
    north = math.radians(axis * (1 - squared) / bend**1.5)
    return (meters - _MIDDLE) / (east, north) + (LONGITUDE, LATITUDE)
