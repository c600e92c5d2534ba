"""The index of a level that is split: the whole plan with the frames of its parts."""

from collections.abc import Sequence

import shapely
from shapely.geometry import box as rectangle
from shapely.geometry.base import BaseGeometry

from maps.document import MapDocument
from maps.drawing import svg
from maps.drawing.canvas import Canvas, Style
from maps.drawing.claims import Claims, box
from maps.drawing.fonts import BOLD, CAP_HEIGHT, text_width
from maps.drawing.frame import Frame, fit, grid_lines
from maps.drawing.framing import Bounds, centered, joined, round_up
from maps.drawing.labels import (
    Wanted,
    four_anchors,
    grid_anchors,
    long_axis,
    place_all,
    plain_name,
    room_blocks,
)
from maps.drawing.model import Drawing, DrawingIncomplete, Part
from maps.drawing.plan import LevelPlan, level_plan
from maps.drawing.sheet import draw_floor, on_sheet

LEAST_NAMED = 250.0  # square meters of a room that is named on the index
NUMBER_SIZE = 26.0


def draw_parts_index(
    document: MapDocument,
    level_id: str,
    parts: Sequence[Part],
    *,
    width: float,
    height: float,
    style: Style = "paper",
) -> Drawing:
    """Return the plan of a level with the frame and number of each part; great rooms are named.

    Raises KeyError for a level the map has not, and DrawingIncomplete without parts.
    """
    if not parts:
        raise DrawingIncomplete("there are no parts: draw the level whole with draw_level")
    plan = level_plan(document, level_id)
    bounds: Bounds = plan.outline.bounds
    for part in parts:
        bounds = joined(bounds, (part.west, part.north, part.east, part.south))
    scale = round_up(fit(bounds, width, height, 4.0))
    frame = centered(document, bounds, scale, width, height)
    canvas = Canvas(frame, style, Claims(frame.inside), compact=True)
    draw_floor(canvas, plan, [], on_sheet(canvas, plan.rooms), None)
    for part in parts:
        _draw_part(canvas, part, [other for other in parts if other != part])
    _name_great(canvas, plan)
    canvas.claims.prove()
    return _finish(canvas, plan, parts, frame)


def _ground(part: Part) -> BaseGeometry:
    return rectangle(part.west, part.north, part.east, part.south)


def _draw_part(canvas: Canvas, part: Part, others: Sequence[Part]) -> None:
    """Draw a part's frame, and its number where no other part overlaps it."""
    area = canvas.frame.to_points(_ground(part))
    shared = shapely.union_all([_ground(other) for other in others])
    canvas.lines.append(svg.path("m-part", area))
    words = str(part.number)
    size = (text_width(words, NUMBER_SIZE, BOLD), CAP_HEIGHT * NUMBER_SIZE)
    own = canvas.frame.to_points(_ground(part).difference(shared))
    anchors = [*grid_anchors(own, 9), *grid_anchors(area, 9)]
    for x, y in anchors:
        outline = box(x, y, *size)
        if canvas.claims.free(outline, 2):
            canvas.claims.take(f"part {words}", outline)
            canvas.words.append(svg.middle_text("m-part-number", x, y, NUMBER_SIZE, words))
            return
    canvas.refuse(f"the number of part {words}", "draw the index on a larger sheet")


def _name_great(canvas: Canvas, plan: LevelPlan) -> None:
    wanted = []
    for room in plan.rooms:
        if room.shape.area < LEAST_NAMED or not room.label:
            continue
        inner = canvas.frame.to_points(room.shape).buffer(-1, join_style="mitre")
        name = plain_name(room.label, room.feature.names)
        blocks = room_blocks(room.label, name, canvas.sizes, 0)
        anchors = [*four_anchors(inner), *grid_anchors(inner)]
        what = f"label {room.label}"
        wanted.append(Wanted(what, inner, blocks, long_axis(inner), room.label, anchors))
    canvas.words += [label.text for label in place_all(wanted, canvas.claims)]


def _finish(canvas: Canvas, plan: LevelPlan, parts: Sequence[Part], frame: Frame) -> Drawing:
    title = f"Index of the {len(parts)} parts of {plan.level.name}"
    alt = f"{title}, true north up, scale 1 to {frame.scale}. Each dashed frame is one sheet."
    return Drawing(
        svg=canvas.assemble(title, alt, grid_lines(frame)[1], linked=False),
        width=frame.width,
        height=frame.height,
        alt=alt,
        scale=frame.scale,
        listed=(),
        legend=(),
        accounted=0,
        in_place=0,
        led=0,
        left_out=tuple(canvas.refused),
        claims=tuple(canvas.claims.taken),
    )
