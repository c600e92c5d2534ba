"""Writing an IMDF 1.0.0 archive (OGC 20-094) from a map.

Every feature that the standard has a type for is written as that type; our own kinds, names and
properties stand in the extension property `muster`, which our reader takes back.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import LineString, mapping
from shapely.geometry.base import BaseGeometry

from maps.document import COORDINATE_DECIMALS, Feature, Finding, Level, MapDocument, to_json
from maps.formats.export import Export, Site, packed
from maps.formats.identity import as_uuid, made_id
from maps.formats.labels import clean
from maps.formats.own_form import OWN_PROPERTY
from maps.geometry.projection import Projection

VERSION: Final = "1.0.0"
LANGUAGE: Final = "en"
AROUND_METERS = 5.0  # ground around the outermost feature that the venue covers
OPENING_METERS = 0.9  # drawn width of a door that the map has as a point
UNITS: dict[str, str] = {
    "room": "room", "corridor": "walkway", "stair": "stairs", "elevator": "elevator",
    "parking": "parking", "athletic_field": "fieldofplay", "road": "road",
}  # fmt: skip
AMENITIES: dict[str, str] = {
    "aed": "defibrillator", "trauma_kit": "firstaid", "assembly_area": "meetingpoint",
    "refuge_area": "mobilityrescue", "key_box": "security", "stair": "stairs",
    "elevator": "elevator", "parking": "parking",
}  # fmt: skip
_DOORS = frozenset({"door", "exterior_door", "gate"})
_OPEN: dict[str, tuple[str, ...]] = {
    # The properties of each type that are null where nobody knows them.
    "address": (),
    "venue": ("restriction", "alt_name", "hours", "phone", "website"),
    "building": ("restriction", "name", "alt_name", "display_point", "address_id"),
    "footprint": ("name",),
    "level": ("restriction", "display_point", "address_id", "building_ids"),
    "unit": ("restriction", "accessibility", "name", "alt_name", "display_point"),
    "opening": ("accessibility", "access_control", "door", "name", "alt_name", "display_point"),
    "amenity": ("accessibility", "name", "alt_name", "hours", "phone", "website", "unit_ids",
                "address_id", "correlation_id"),
    "fixture": ("name", "alt_name", "anchor_id", "display_point"),
    "geofence": ("restriction", "name", "alt_name", "correlation_id", "display_point",
                 "building_ids", "level_ids", "parents"),
    "detail": (),
}  # fmt: skip


def write_imdf(document: MapDocument, *, site: Site, at: datetime) -> Export:
    """Return a map as an IMDF archive; `at` (with a zone) is its date of creation."""
    writer = _Writer(document, site, Projection.over(f.geometry for f in document.features))
    writer.run()
    manifest = {
        "version": VERSION, "created": at.isoformat(timespec="seconds"),
        "generated_by": "Muster", "language": LANGUAGE, "extensions": [OWN_PROPERTY],
    }  # fmt: skip
    entries = [("manifest.json", _bytes(manifest))]
    for kind, features in writer.collections.items():
        collection = {"type": "FeatureCollection", "features": features}
        entries.append((f"{kind}.geojson", _bytes(collection)))
    return Export(packed(entries), ".zip", "application/zip", tuple(writer.notes()))


@dataclass(slots=True)
class _Writer:
    """The features of one archive while they are made."""

    document: MapDocument
    site: Site
    plane: Projection
    collections: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {kind: [] for kind in _OPEN}
    )
    units: dict[str, list[tuple[str, BaseGeometry]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    walls: dict[str, STRtree] = field(default_factory=dict)
    outdoor: str = ""
    written: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Make every feature of the archive."""
        self._write_venue()
        for feature in self._of("building"):
            self._write_building(feature)
        outlines = {v: f for f in self._of("level") for v in f.levels[:1] if f.id == v}
        for level in self.document.levels:
            self._write_level(level, outlines.get(level.id))
        own = {feature.id for feature in outlines.values()}
        rest = [f for f in self.document.features if f.kind != "building" and f.id not in own]
        rest += [f for f in self._of("building") if not _is_area(f.geometry)]
        for feature in sorted(rest, key=lambda f: f.kind not in UNITS):
            self._write(feature)

    def notes(self) -> Iterator[Finding]:
        """Yield what the standard has no word for."""
        yield Finding("venue_category", "info", None, "the venue is of category university",
                      "IMDF has no category for a school up to grade 12")  # fmt: skip
        if not (self.site.address and self.site.locality):
            yield Finding("address_incomplete", "warning", None, f"the address of {self.site.name}",
                          "Give street and town: the standard wants both")  # fmt: skip
        for kind in sorted({f.kind for f in self.document.features}):
            if kind not in UNITS and kind not in AMENITIES and kind not in _DOORS:
                if kind in ("building", "level"):
                    continue
                yield Finding("kind_by_extension", "info", None, f"features of kind {kind}",
                              "IMDF has no category for them: their kind stands in the property "
                              f"{OWN_PROPERTY}")  # fmt: skip

    def _of(self, kind: str) -> list[Feature]:
        return [feature for feature in self.document.features if feature.kind == kind]

    def _add(
        self,
        kind: str,
        identity: str,
        geometry: BaseGeometry | None,
        own: Any = None,
        **properties: Any,
    ) -> None:
        """Add a feature with every property of its type, null where unknown."""
        found = {**dict.fromkeys(_OPEN[kind]), **properties}
        if own is not None:
            found[OWN_PROPERTY] = _own(own, geometry) if isinstance(own, Feature) else own
        shape = None if geometry is None else _shape(geometry)
        self.collections[kind].append(
            {"id": identity, "type": "Feature", "feature_type": kind, "geometry": shape,
             "properties": found}
        )  # fmt: skip

    def _write_venue(self) -> None:
        site = self.site
        address, venue = made_id(f"address:{site.name}"), made_id(f"venue:{site.name}")
        self._add(
            "address", address, None, address=site.address or site.name, unit=None,
            locality=site.locality or "unknown", province=site.province or None,
            country=site.country, postal_code=site.postal_code or None, postal_code_ext=None,
            postal_code_vanity=None,
        )  # fmt: skip
        shapes = [f.geometry for f in self.document.features]
        ground = self._around(shapes) if shapes else shapely.box(-1e-4, -1e-4, 1e-4, 1e-4)
        head = to_json(MapDocument(self.document.levels, (), self.document.grid))
        self._add(
            "venue", venue, ground, {"levels": head["levels"], "grid": head["grid"]},
            category="university", name=_named(site.name or "Campus"),
            display_point=_point_in(ground), address_id=address,
        )  # fmt: skip

    def _around(self, shapes: Iterable[BaseGeometry]) -> BaseGeometry:
        """Return the convex ground around shapes."""
        on_plane = self.plane.to_meters(shapely.geometrycollections(list(shapes)))
        ground = shapely.buffer(
            shapely.convex_hull(on_plane), AROUND_METERS, join_style="mitre", mitre_limit=2.0
        )
        return self.plane.to_degrees(ground)

    def _write_building(self, feature: Feature) -> None:
        if not _is_area(feature.geometry):
            return
        identity = _identity(feature.id)
        if identity in self.written:
            identity = made_id(f"{identity}@{len(self.written)}")
        self.written.add(identity)
        self._add(
            "building", identity, None, feature, category="unspecified",
            name=_named(feature.label), display_point=_point_in(feature.geometry),
        )  # fmt: skip
        self._add(
            "footprint", made_id(f"footprint:{identity}"), feature.geometry, category="ground",
            name=_named(feature.label), building_ids=[identity],
        )  # fmt: skip

    def _write_level(self, level: Level, outline: Feature | None) -> None:
        inside = [f.geometry for f in self.document.features if level.id in f.levels]
        if outline is not None and _is_area(outline.geometry):
            ground = outline.geometry
        else:
            outline = None
            ground = self._around(inside or [f.geometry for f in self.document.features])
        identity = _identity(level.id)
        self.written.add(identity)
        buildings = [
            _identity(b.id) for b in self._of("building")
            if _is_area(b.geometry) and b.geometry.intersects(ground)
        ]  # fmt: skip
        self._level(identity, ground, level, outline, building_ids=buildings or None)

    def _level(
        self, identity: str, ground: BaseGeometry, level: Level, outline: Feature | None,
        *, outdoor: bool = False, building_ids: list[str] | None = None,
    ) -> None:  # fmt: skip
        self._add(
            "level", identity, ground, outline, category="unspecified", outdoor=outdoor,
            ordinal=level.ordinal, name=_named(level.name) or _named(str(level.ordinal)),
            short_name=_named(level.short_name) or _named(str(level.ordinal)),
            display_point=_point_in(ground), building_ids=building_ids,
        )  # fmt: skip

    def _outdoor_level(self) -> str:
        """Return the id of the level of the open ground, made when the first feature needs it."""
        if not self.outdoor:
            self.outdoor = made_id(f"outdoors:{self.site.name}")
            ground = self._around(f.geometry for f in self.document.features)
            level = Level(self.outdoor, 0, "Outdoors", "Out")
            self._level(self.outdoor, ground, level, None, outdoor=True)
        return self.outdoor

    def _write(self, feature: Feature) -> None:
        """Write a feature once for each of its levels, or once outdoors."""
        known = {level.id for level in self.document.levels}
        levels = [_identity(v) for v in feature.levels if v in known]
        for number, level in enumerate(levels or [""]):
            identity = _identity(feature.id)
            if number or identity in self.written:
                identity = made_id(f"{identity}@{level or len(self.written)}")
            self.written.add(identity)
            self._write_on(feature, identity, level)

    def _write_on(self, feature: Feature, identity: str, level: str) -> None:
        shape = feature.geometry
        kind = shape.geom_type
        if feature.kind in _DOORS and kind in ("Point", "LineString"):
            self._write_opening(feature, identity, level)
        elif _is_area(shape) and feature.kind in UNITS and level:
            self._add(
                "unit", identity, shape, feature, category=UNITS[feature.kind],
                name=_named(feature.label), level_id=level, display_point=_point_in(shape),
            )  # fmt: skip
            self.units[level].append((identity, self.plane.to_meters(shape)))
        elif _is_area(shape):
            self._add(
                "geofence", identity, shape, feature, category="geofence",
                name=_named(feature.label), level_ids=[level] if level else None,
                display_point=_point_in(shape),
            )  # fmt: skip
        elif kind in ("LineString", "MultiLineString"):
            self._add("detail", identity, shape, feature, level_id=level or self._outdoor_level())
        else:
            self._write_amenity(feature, identity, level)

    def _write_amenity(self, feature: Feature, identity: str, level: str) -> None:
        place = feature.geometry.representative_point()
        on_plane = self.plane.to_meters(place)
        unit = next((i for i, area in self.units[level] if area.covers(on_plane)), None)
        self._add(
            "amenity", identity, place, feature,
            category=AMENITIES.get(feature.kind, "unspecified"),
            name=_named(feature.label), unit_ids=[unit] if unit else None,
        )  # fmt: skip

    def _write_opening(self, feature: Feature, identity: str, level: str) -> None:
        properties = feature.properties
        category = "pedestrian"
        if properties.get("main") is True:
            category = "pedestrian.principal"
        elif properties.get("entrance") == "emergency":
            category = "emergencyexit"
        elif feature.kind == "gate" and properties.get("vehicles") is True:
            category = "automobile"
        self._add(
            "opening", identity, self._on_wall(feature.geometry, level), feature,
            category=category, name=_named(feature.label), level_id=level or self._outdoor_level(),
        )  # fmt: skip

    def _nearest_wall(self, point: BaseGeometry, level: str) -> LineString | None:
        """Return the ring nearest to a point of the units of a level; all units are written."""
        if level not in self.walls:
            areas = np.array([area for _, area in self.units[level]], dtype=object)
            self.walls[level] = STRtree(shapely.get_parts(shapely.boundary(areas)))
        tree = self.walls[level]
        if not len(tree.geometries):
            return None
        nearest: LineString = tree.geometries[int(tree.nearest(point))]
        return nearest

    def _on_wall(self, shape: BaseGeometry, level: str) -> BaseGeometry:
        """Return a door as a line: along the nearest wall of its level where it is a point."""
        if shape.geom_type == "LineString":
            return shape
        point: Any = self.plane.to_meters(shape)
        half = OPENING_METERS / 2
        wall = self._nearest_wall(point, level)
        if wall is None or wall.distance(point) > half:
            line = LineString([(point.x - half, point.y), (point.x + half, point.y)])
        else:
            along = wall.project(point)
            start = wall.interpolate(max(along - half, 0.0))
            end = wall.interpolate(min(along + half, wall.length))
            line = LineString([start, end])
        return self.plane.to_degrees(line)


def _own(feature: Feature, written: BaseGeometry | None) -> dict[str, Any]:
    """Return the feature as our reader takes it back; its geometry where another is written."""
    (own,) = to_json(MapDocument((), (feature,)))["features"]
    kept = {"id": own["id"], "properties": own["properties"]}
    if written is None or not written.equals_exact(feature.geometry):
        kept["geometry"] = own["geometry"]
    return kept


def _identity(source: str) -> str:
    return as_uuid(source) or made_id(source)


def _is_area(shape: BaseGeometry) -> bool:
    return shape.geom_type in ("Polygon", "MultiPolygon") and not shape.is_empty


def _named(text: str) -> dict[str, str] | None:
    """Return LABELS of a text, or None without one."""
    cleaned = clean(text)
    return {LANGUAGE: cleaned} if cleaned else None


def _point_in(shape: BaseGeometry) -> dict[str, Any]:
    return _rounded(mapping(shape.representative_point()))


def _shape(shape: BaseGeometry) -> dict[str, Any]:
    if _is_area(shape):
        shape = shapely.orient_polygons(shape, exterior_cw=False)
    return _rounded(mapping(shape))


def _rounded(geometry: Mapping[str, Any]) -> dict[str, Any]:
    round_all: Callable[[Any], Any] = lambda part: (  # noqa: E731 — it calls itself
        round(part, COORDINATE_DECIMALS) + 0.0
        if isinstance(part, float)
        else [round_all(inner) for inner in part]
    )
    return {"type": geometry["type"], "coordinates": round_all(geometry["coordinates"])}


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
