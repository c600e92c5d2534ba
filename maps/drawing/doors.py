"""Exterior doors: a disc with its number on the outer side of the wall, the gap it opens."""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from maps.drawing import svg
from maps.drawing.canvas import Canvas, beside, plate_width, spiral
from maps.drawing.claims import box, boxes
from maps.drawing.plan import HALF_EXTERIOR, ExteriorDoor, LevelPlan
from maps.drawing.symbols import disc, plate

SLIDES = (0.0, 3.0, -3.0, 6.0, -6.0, 10.0, -10.0, 15.0, -15.0, 21.0, -21.0)
AWAY = (0.0, 5.0, 9.0, 14.0, 20.0, 27.0, 36.0)


def radius_of(canvas: Canvas, door: ExteriorDoor) -> float:
    """Return the radius of a door's disc in points: 7.8 for the main entrance, 5.8 else.

    On the small picture of the site they are 7 and 5, and the numbers 9 and 7.4 points.
    """
    radius = (7.0 if door.main else 5.0) if canvas.compact else (7.8 if door.main else 5.8)
    if canvas.style == "paper":
        return radius
    return radius + (1.0 if min(canvas.frame.width, canvas.frame.height) < 600 else 3.0)


def draw_exterior_doors(
    canvas: Canvas, plan: LevelPlan, outline: BaseGeometry
) -> list[tuple[float, float]]:
    """Draw gaps and discs of all exterior doors, the main entrance first.

    Returns the centers of main entrances, which still want their word MAIN. On paper raises
    DrawingIncomplete for a door whose disc finds no place.
    """
    mains = []
    walls = outline.buffer(0.8)
    doors = sorted(plan.exterior_doors, key=lambda door: (not door.main, door.number))
    for door in doors:
        place = canvas.frame.at(door.place)
        if not canvas.frame.inside.buffer(-2).covers(Point(place)):
            continue
        _gap(canvas, door, place)
        center = _disc(canvas, door, place, walls)
        if center is None:
            continue
        if door.main:
            mains.append(center)
            canvas.show("door-main", canvas.frame.cell(*place))
        else:
            canvas.show("door")
    return mains


def _gap(canvas: Canvas, door: ExteriorDoor, place: tuple[float, float]) -> None:
    (x, y), (tx, ty), (nx, ny) = place, door.tangent, door.normal
    half = max(HALF_EXTERIOR * canvas.frame.per_meter, 1.6)
    ends = [(x + tx * half * side, y + ty * half * side) for side in (-1, 1)]
    canvas.lines.append(svg.path("m-exit-gap", LineString(ends)))
    if canvas.compact:
        return
    for end_x, end_y in ends:
        jamb = [(end_x + nx * reach, end_y + ny * reach) for reach in (-1.9, 1.9)]
        canvas.lines.append(svg.path("m-jamb", LineString(jamb)))


def _disc(
    canvas: Canvas, door: ExteriorDoor, place: tuple[float, float], walls: BaseGeometry
) -> tuple[float, float] | None:
    radius = radius_of(canvas, door)
    beside_wall = list(_beside_wall(door, place, radius))
    around = [(place[0] + dx, place[1] + dy) for dx, dy in spiral((12, 16, 21, 27, 34, 42), 24)]
    for places, tied in ((beside_wall, True), (around, True), (beside_wall, False)):
        for x, y, outline in _free_discs(canvas, places, radius + 0.4, walls):
            far = math.hypot(x - place[0], y - place[1]) > radius + 4
            if tied and far and not _stem(canvas, door, place, outline):
                continue
            canvas.claims.take(f"exterior door {door.number}", outline)
            share = 0.64 if door.main else 0.73
            canvas.signs.append(disc(door.number, share)(x, y, 2 * radius))
            return x, y
    canvas.refuse(f"exterior door {door.number}", "draw the level on a larger sheet or in parts")
    return None


def _free_discs(
    canvas: Canvas, places: list[tuple[float, float]], radius: float, walls: BaseGeometry
) -> Iterator[tuple[float, float, Polygon]]:
    """Yield those places, with their circles, that are clear of the walls and of all claims."""
    shapely.prepare(walls)
    for start, end in pairwise((0, 1, 8, len(places))):
        some = np.array(places[start:end])
        discs = np.asarray(shapely.buffer(shapely.points(some), radius, quad_segs=16))
        clear = np.flatnonzero(~shapely.intersects(walls, discs))
        for index in clear[canvas.claims.free_shapes(discs[clear])]:
            yield *places[start + index], discs[index]


def _beside_wall(
    door: ExteriorDoor, place: tuple[float, float], radius: float
) -> Iterator[tuple[float, float]]:
    """Yield places on the outer side of the wall: at the door, then slid along, then farther."""
    for away in AWAY:
        for slide in SLIDES:
            reach = radius + 2.4 + away
            yield (
                place[0] + door.normal[0] * reach + door.tangent[0] * slide,
                place[1] + door.normal[1] * reach + door.tangent[1] * slide,
            )


def _stem(canvas: Canvas, door: ExteriorDoor, place: tuple[float, float], outline: Polygon) -> bool:
    """Draw the stem from a disc to its door; returns False where something is in its way."""
    center = (outline.centroid.x, outline.centroid.y)
    start = (place[0] + door.normal[0] * 1.6, place[1] + door.normal[1] * 1.6)
    stem = LineString([start, center]).difference(outline.buffer(0.1))
    band = stem.buffer(0.35, cap_style="flat")
    if stem.is_empty or not canvas.claims.free(band):
        return stem.is_empty
    canvas.claims.take(f"line to exterior door {door.number}", band)
    canvas.lines.append(svg.path("m-stem", stem))
    return True


def draw_main_plates(
    canvas: Canvas, centers: list[tuple[float, float]], outline: BaseGeometry
) -> None:
    """Write MAIN beside each main entrance.

    On paper raises DrawingIncomplete where it finds no place.
    """
    walls = outline.buffer(0.8)
    for center in centers:
        _main_plate(canvas, center, walls)


def _main_plate(canvas: Canvas, center: tuple[float, float], walls: BaseGeometry) -> None:
    size = 11.0 if canvas.style == "paper" else canvas.sign_size
    width = plate_width("MAIN", size)
    places = beside(center, width + 15.6, size + 15.6, 2.2)
    rows = np.array([(x, y, width + 0.8, size + 0.8, 0.0) for x, y, _ in places])
    for some in (rows[shapely.disjoint(walls, boxes(rows))], rows):
        first = canvas.claims.first_free(some)
        if first is not None:
            x, y = some[first, :2].tolist()
            canvas.claims.take("MAIN", box(*some[first].tolist()))
            canvas.signs.append(plate("m-dark", "m-dark-text", "MAIN")(x, y, size))
            return
    canvas.refuse("MAIN beside the main entrance", "draw the level on a larger sheet")
