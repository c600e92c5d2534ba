"""Small schools for the tests of the drawing, laid out in meters and put on the earth."""

from collections.abc import Sequence
from typing import Any

from shapely.affinity import affine_transform
from shapely.geometry import LineString, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, Grid, Level, MapDocument

LONGITUDE, LATITUDE = -84.74, 43.21
EAST, NORTH = 1 / 81_221.0, 1 / 111_106.0  # degrees a meter at that latitude, within a thousandth
GROUND, UPPER = "ground", "upper"


def on_earth(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape of meters (x east, y north) in degrees."""
    return affine_transform(shape, [EAST, 0, 0, NORTH, LONGITUDE, LATITUDE])


def feature(
    kind: str,
    label: str,
    shape: BaseGeometry,
    *,
    levels: Sequence[str] = (GROUND,),
    names: Sequence[str] = (),
    **properties: Any,
) -> Feature:
    """Return a feature whose id is its kind and label."""
    return Feature(
        f"{kind} {label}", kind, label, on_earth(shape), tuple(names), tuple(levels), properties
    )


def room(label: str, west: float, south: float, east: float, north: float, **more: Any) -> Feature:
    """Return a rectangular room."""
    return feature("room", label, box(west, south, east, north), **more)


def document(*features: Feature) -> MapDocument:
    """Return a map of two levels with a grid of 20 m whose cell A1 begins north-west of it all."""
    west, north = LONGITUDE - 60 * EAST, LATITUDE + 110 * NORTH
    return MapDocument(
        (Level(GROUND, 0, "Floor 1", "1"), Level(UPPER, 1, "Floor 2", "2")),
        features,
        Grid(west, north, 20.0, 12, 12),
    )


def small_school() -> MapDocument:
    """Return a school around a court, with doors, stairs, a closet, a nested room and signs."""
    outer, court = box(0, 0, 60, 50), box(20, 20, 40, 30)
    hall = box(15, 15, 45, 35)
    return document(
        room("101", 0, 35, 15, 50, names=["Library"]),
        room("102", 15, 35, 45, 50, names=["Gym (Bulldogs)"]),
        room("103", 45, 35, 60, 50, names=["103"]),
        room("104", 0, 0, 15, 35, names=["Cafeteria"]),
        room("104A", 1, 1, 6, 6),
        room("105", 15, 2, 44, 15, names=["Main Office"]),
        room("106K", 44, 2, 45, 15),
        room("106L", 15, 0, 16, 2),
        room("", 16, 0, 30, 2),
        room("107", 30, 0, 45, 2),
        room("108", 45, 0, 60, 30),
        feature("corridor", "Hall", Polygon(hall.exterior, [court.exterior]), names=["Main hall"]),
        feature("stair", "S-A", box(45, 30, 60, 35), levels=(GROUND, UPPER)),
        feature("exterior_door", "1", Point(60, 32), number=1, main=True),
        feature("exterior_door", "2", Point(30, 50), number=2),
        feature("exterior_door", "3", LineString([(29, 20), (31, 20)]), number=3),
        feature("door", "d1", Point(15, 25)),
        feature("door", "d2", LineString([(29, 35), (31, 35)])),
        feature("aed", "AED 1", Point(18, 25)),
        feature("aed", "AED 2", Point(18, 26)),
        feature("utility_shut_off", "Gas", Point(50, 10), utility="gas"),
        feature("fire_panel", "FACP", Point(58, 31)),
        feature("camera", "Camera", Point(46, 31)),
        feature("key_box", "Key box", Point(61, 30), levels=()),
        feature("hydrant", "H1", Point(70, 20), levels=()),
        feature("command_post", "CP", Point(75, 40), levels=()),
        feature("road", "Alder Street", box(85, -20, 92, 80), levels=()),
        feature("fence", "Fence", LineString([(-20, -10), (80, -10)]), levels=()),
        feature("gate", "Gate 4", LineString([(20, -10), (24, -10)]), levels=()),
        feature(
            "assembly_area", "A1", box(-28, 10, -8, 40), levels=(), names=["Field"], capacity=900
        ),
        room("201", 0, 35, 60, 50, levels=(UPPER,)),
        room("202", 0, 0, 60, 15, levels=(UPPER,)),
        room("203", 0, 15, 15, 35, levels=(UPPER,)),
        room("204", 50, 15, 60, 35, levels=(UPPER,)),
        feature("building", "School", Polygon(outer.exterior, [court.exterior]), levels=()),
    )


def dense_level(columns: int = 24, rows: int = 16, side: float = 4.0) -> MapDocument:
    """Return a level of rooms of side x side meters with names of five signs."""
    return document(
        *(
            room(
                f"{100 + row}-{column}",
                column * side,
                row * side,
                (column + 1) * side,
                (row + 1) * side,
            )
            for row in range(rows)
            for column in range(columns)
        )
    )
