"""The map document: levels, features and grid of one campus as data.

Drawing, search, locate and the packet all take this form. It is built from rows for members of the
district, and read from the Publication for responders. Positions are WGS 84 longitude, latitude.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

KINDS: tuple[str, ...] = (
    "building", "level", "room", "corridor", "stair", "elevator", "door", "exterior_door",
    "fence", "gate", "assembly_area", "reunification_site", "staging_area", "command_post",
    "key_box", "aed", "trauma_kit", "utility_shut_off", "hydrant", "fire_panel", "camera",
    "hazard_zone", "refuge_area", "helicopter_landing_zone", "parking", "athletic_field",
    "road", "fire_lane", "fire_department_connection", "standpipe", "sprinkler_riser",
    "annunciator", "generator",
)  # fmt: skip
UTILITIES: tuple[str, ...] = ("gas", "water", "electric", "sprinkler", "hvac")
COORDINATE_DECIMALS = 9  # 0.1 mm: finer than any survey, and a re-import gives the same text

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check: what is wrong, where, and how to mend it."""

    code: str
    severity: Severity
    feature: str | None
    where: str
    mend: str


@dataclass(frozen=True, slots=True)
class Level:
    """One storey. Ordinal 0 is the ground floor; the name is the one on the sign."""

    id: str
    ordinal: int
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on the map. `id` stays the same from version to version.

    `levels` are level ids; empty means outdoors. `label` is the text on the sign, `names` are all
    further names. Keys of `properties` that the product reads: `utility` (of a utility shut-off),
    `capacity` (people an assembly area holds), `main` (true for the main entrance), `number` (of
    an exterior door, as on the wall), `where` and `how` (of a shut-off, in plain words), `access`,
    `note`; for ways out `width` (clear meters), `occupants` (of a room), `assembly_area` (its id or
    sign), `storey_height` (meters of a level), `checked_on` (the day of the last check).
    """

    id: str
    kind: str
    label: str
    geometry: BaseGeometry
    names: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grid:
    """True-north letter and number grid. The origin is the north-west corner of cell A1.

    Letters run west to east (I and O left out), numbers north to south. The origin never moves
    between versions; `columns` and `rows` may grow.
    """

    origin_longitude: float
    origin_latitude: float
    cell_meters: float
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class MapDocument:
    """Everything that one map version holds."""

    levels: tuple[Level, ...]
    features: tuple[Feature, ...]
    grid: Grid | None = None

    def on_level(self, level_id: str | None) -> tuple[Feature, ...]:
        """Return the features of one level, or those outdoors for None."""
        if level_id is None:
            return tuple(f for f in self.features if not f.levels)
        return tuple(f for f in self.features if level_id in f.levels)

    def feature(self, feature_id: str) -> Feature:
        """Return one feature; raises KeyError when the map has none of that id."""
        for candidate in self.features:
            if candidate.id == feature_id:
                return candidate
        raise KeyError(feature_id)


def to_json(document: MapDocument) -> dict[str, Any]:
    """Return the JSON form that is hashed, stored and sent; features are GeoJSON Features."""
    return {
        "type": "FeatureCollection",
        "levels": [
            {"id": v.id, "ordinal": v.ordinal, "name": v.name, "short_name": v.short_name}
            for v in sorted(document.levels, key=lambda v: (v.ordinal, v.id))
        ],
        "grid": None
        if document.grid is None
        else {
            "origin": [document.grid.origin_longitude, document.grid.origin_latitude],
            "cell_meters": document.grid.cell_meters,
            "columns": document.grid.columns,
            "rows": document.grid.rows,
        },
        "features": [_feature_json(f) for f in sorted(document.features, key=lambda f: f.id)],
    }


def from_json(data: Mapping[str, Any]) -> MapDocument:
    """Return the document of its JSON form; raises KeyError or ValueError when it is not one."""
    grid = data.get("grid")
    return MapDocument(
        levels=tuple(
            Level(v["id"], v["ordinal"], v["name"], v["short_name"]) for v in data["levels"]
        ),
        features=tuple(_feature_of(f) for f in data["features"]),
        grid=None
        if grid is None
        else Grid(
            grid["origin"][0], grid["origin"][1], grid["cell_meters"], grid["columns"], grid["rows"]
        ),
    )


def _feature_json(feature: Feature) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": feature.id,
        "geometry": _rounded(mapping(feature.geometry)),
        "properties": {
            "kind": feature.kind,
            "label": feature.label,
            "names": list(feature.names),
            "levels": list(feature.levels),
            "properties": dict(feature.properties),
        },
    }


def _feature_of(data: Mapping[str, Any]) -> Feature:
    properties = data["properties"]
    return Feature(
        id=data["id"],
        kind=properties["kind"],
        label=properties["label"],
        geometry=shape(data["geometry"]),
        names=tuple(properties["names"]),
        levels=tuple(properties["levels"]),
        properties=properties["properties"],
    )


def _rounded(geometry: Any) -> Any:
    if isinstance(geometry, float):
        return round(geometry, COORDINATE_DECIMALS) + 0.0  # + 0.0 turns -0.0 into 0.0
    if isinstance(geometry, (list, tuple)):
        return [_rounded(part) for part in geometry]
    if isinstance(geometry, Mapping):
        return {key: _rounded(value) for key, value in geometry.items()}
    return geometry
