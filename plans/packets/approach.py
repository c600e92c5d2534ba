"""The arrow of the way in: along the roads that the words of the approach name."""

import math
import re

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from maps.document import Feature
from maps.geometry.projection import Projection
from plans.packets.places import Places

RUN_IN_METERS = 70.0  # of the street before the arrow turns in
SIDEWAYS = 8.0  # two roads nearer than this in meters meet


def way_in(places: Places, words: str, cross_street: str) -> tuple[tuple[float, float], ...]:
    """Return positions (lon, lat) of the arrow: street, drive, front; empty when unknown.

    The roads are those whose names stand in the words; the drive is the one that ends nearer the
    main entrance. It comes from the side of the cross street where the map has that.
    """
    door = places.main_door()
    roads = [
        road
        for road in places.of_kind("road")
        if re.search(rf"\b{re.escape(road.label)}\b", words, re.IGNORECASE)
    ]
    if door is None or len(roads) < 2:
        return ()
    plane = Projection.over(road.geometry for road in roads)
    goal = plane.to_meters(door.geometry).centroid
    shapes = {road.id: plane.to_meters(road.geometry) for road in roads}
    roads.sort(key=lambda road: shapes[road.id].distance(goal))
    drive, street = roads[0], roads[1]
    if shapes[drive.id].distance(shapes[street.id]) > SIDEWAYS:
        return ()
    drive_axis, street_axis = _axis(shapes[drive.id]), _axis(shapes[street.id])
    ends = [Point(place) for place in drive_axis.coords]
    tip = min(ends, key=lambda end: end.distance(goal))
    other = max(ends, key=lambda end: end.distance(goal))
    turn = street_axis.interpolate(street_axis.project(other))
    start = _start(places, plane, street_axis, turn, cross_street)
    return tuple(plane.point_to_degrees(place.x, place.y) for place in (start, turn, tip))


def _start(
    places: Places, plane: Projection, street: LineString, turn: Point, cross_street: str
) -> Point:
    at = street.project(turn)
    options = [
        street.interpolate(min(max(at + way, 0.0), street.length))
        for way in (-RUN_IN_METERS, RUN_IN_METERS)
    ]
    crossing = _road(places, cross_street)
    if crossing is not None:
        shape = plane.to_meters(crossing.geometry)
        return min(options, key=lambda place: place.distance(shape))
    return max(options, key=lambda place: place.distance(turn))


def _road(places: Places, name: str) -> Feature | None:
    roads = places.of_kind("road")
    return next((road for road in roads if road.label.casefold() == name.casefold()), None)


def _axis(shape: BaseGeometry) -> LineString:
    """Return the middle line of a road's box, along its longer side."""
    box = shape.minimum_rotated_rectangle
    if box.geom_type != "Polygon":
        return LineString(shapely.get_coordinates(shape)[[0, -1]])
    a, b, c, d = shapely.get_coordinates(box)[:4]
    if math.dist(a, b) < math.dist(b, c):
        return LineString([(a + b) / 2, (c + d) / 2])
    return LineString([(b + c) / 2, (d + a) / 2])
