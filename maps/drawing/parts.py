"""Splitting a level that is too dense for one sheet into parts of one scale and one grid."""

import math

import numpy as np
import shapely
from shapely.geometry import box as rectangle

from maps.document import MapDocument
from maps.drawing.claims import Claims
from maps.drawing.frame import BAND, Frame, fit
from maps.drawing.framing import MARGIN, round_up
from maps.drawing.labels import (
    PAPER_SIZES,
    Sizes,
    Wanted,
    anchors_of,
    long_axes,
    place_all,
    room_blocks,
)
from maps.drawing.model import Part
from maps.drawing.plan import LevelPlan, level_plan

ENOUGH_WHOLE = 0.65  # share of rooms named in place below which one sheet is too dense
ENOUGH_PART = 0.80  # share that the scale of the parts must reach
SCALES = (720, 600, 480)  # never finer for a whole level: the last tenth are closets at any scale
LEAST = Sizes(PAPER_SIZES.steps[-1:], PAPER_SIZES.name_least, (), ())  # a number fits if it does so
OVERLAP = 20.0  # meters that two parts share on a campus without grid


def split_level(
    document: MapDocument, level_id: str, *, width: float, height: float
) -> tuple[Part, ...]:
    """Return the parts in which a level is drawn on sheets of width x height points.

    Empty when one sheet holds it: then at least 65 % of its rooms are named in place. Parts share
    the coarsest scale of 1:720, 600 and 480 that names 80 % in place, and overlap by one cell of
    the grid. Raises KeyError for a level the map has not.
    """
    plan = level_plan(document, level_id)
    if plan.outline.is_empty:
        return ()
    whole = round_up(fit(plan.outline.bounds, width, height, MARGIN))
    if any(share_in_place(plan, whole, circle=c) >= ENOUGH_WHOLE for c in (False, True)):
        return ()
    finer = [scale for scale in SCALES if scale < whole]
    if not finer:
        return ()
    scale = next((s for s in finer if share_in_place(plan, s) >= ENOUGH_PART), finer[-1])
    return _parts(document, plan, scale, width, height)


def share_in_place(plan: LevelPlan, scale: int, *, circle: bool = True) -> float:
    """Return the share of rooms whose number fits inside their walls at 1:`scale`.

    Without `circle` one place less is tried in each room: quick, and never more than the share.
    """
    sheet = Frame(0, 0, scale, 0, 0, None)
    rooms = [room for room in plan.rooms if room.label]
    shapes = shapely.buffer(
        sheet.all_to_points([room.shape for room in rooms]), -1, quad_segs=16, join_style="mitre"
    )
    wanted = [
        Wanted(room.label, shape, room_blocks(room.label, "", LEAST, 0), axis, "", anchors)
        for room, shape, axis, anchors in zip(
            rooms, shapes, long_axes(shapes), anchors_of(shapes, circle=circle), strict=True
        )
    ]
    if not wanted:
        return 1.0
    bounds = sheet.to_points(plan.outline).bounds
    placed = place_all(wanted, Claims(rectangle(*bounds).buffer(100)))
    return len(placed) / len(wanted)


def _parts(
    document: MapDocument, plan: LevelPlan, scale: int, width: float, height: float
) -> tuple[Part, ...]:
    per_meter = Frame(width, height, scale, 0, 0, None).per_meter
    overlap = document.grid.cell_meters if document.grid else OVERLAP
    margin = MARGIN / per_meter
    west, north, east, south = plan.outline.bounds
    columns = _spread(west - margin, east + margin, (width - 2 * BAND) / per_meter, overlap)
    rows = _spread(north - margin, south + margin, (height - 2 * BAND) / per_meter, overlap)
    count = len(columns) * len(rows)
    return tuple(
        Part(
            number=position + 1,
            of=count,
            columns=len(columns),
            scale=scale,
            west=columns[position % len(columns)][0],
            north=rows[position // len(columns)][0],
            east=columns[position % len(columns)][1],
            south=rows[position // len(columns)][1],
        )
        for position in range(count)
    )


def _spread(low: float, high: float, length: float, overlap: float) -> list[tuple[float, float]]:
    """Return pieces of a length that cover low to high, evenly spread, overlapping enough."""
    if high - low <= length:
        middle = (low + high) / 2
        return [(middle - length / 2, middle + length / 2)]
    count = math.ceil((high - low - overlap) / (length - overlap))
    return [
        (float(start), float(start) + length) for start in np.linspace(low, high - length, count)
    ]
