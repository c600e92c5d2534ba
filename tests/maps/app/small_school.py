"""A school of two floors, small enough to know by heart, as the file somebody would import."""

import json
from typing import Any

WEST, NORTH = -84.7405, 43.2110
METER_EAST, METER_NORTH = 1 / 81_200, 1 / 111_100  # degrees, near enough at this latitude

Box = tuple[float, float, float, float]


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Return a rectangle given in meters from the corner of the campus."""
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[_place(x, y) for x, y in ring]]}


def point(x: float, y: float) -> dict[str, Any]:
    """Return a point given in meters from the corner of the campus."""
    return {"type": "Point", "coordinates": _place(x, y)}


def feature(
    kind: str, label: str, geometry: dict[str, Any], level: int | None = None, **more: Any
) -> dict[str, Any]:
    """Return one feature; `id` in `more` becomes its own id."""
    made: dict[str, Any] = {
        "type": "Feature",
        "geometry": geometry,
        "properties": {"kind": kind, "label": label, "level": level, **more},
    }
    if "id" in more:
        made["id"] = made["properties"].pop("id")
    return made


def features() -> list[dict[str, Any]]:
    """Return the features of the small school, each with an id."""
    return [
        feature("building", "Main building", box(0, -30, 60, 0), None, id="b1"),
        feature("level", "Floor 1", box(0, -30, 60, 0), 0, id="f1"),
        feature("level", "Floor 2", box(0, -30, 60, 0), 1, id="f2"),
        feature("room", "101", box(0, -10, 20, 0), 0, names=["Office"], id="r101"),
        feature("corridor", "Main hall", box(0, -20, 60, -10), 0, id="hall"),
        feature("room", "102", box(20, -10, 40, 0), 0, id="r102"),
        feature("room", "201", box(0, -10, 20, 0), 1, names=["Library", "Media Center"], id="r201"),
        feature("exterior_door", "1", point(0, -15), 0, number="1", main=True, id="d1"),
        feature("door", "Door 101", point(10, -10), 0, id="d101"),
        feature("aed", "AED 1", point(30, -12), 0, where="Outside 102", id="aed1"),
        feature("utility_shut_off", "Gas shut-off", point(61, -5), None, utility="gas", id="gas"),
        feature("gate", "Gate 4", point(80, -40), None, id="g4"),
        feature("assembly_area", "A1", box(80, -20, 100, 0), None, capacity=300, id="a1"),
    ]


def file_of(*items: dict[str, Any]) -> bytes:
    """Return the file of these features, or of the whole small school."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": list(items) or features(),
        }
    ).encode()


def without_ids(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return features as a program exports them that gives none an id."""
    return [{key: value for key, value in item.items() if key != "id"} for item in items]


def _place(x: float, y: float) -> list[float]:
    return [round(WEST + x * METER_EAST, 9), round(NORTH + y * METER_NORTH, 9)]
