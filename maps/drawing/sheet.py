"""Drawing one level of a campus as SVG, for the printed packet and for screens."""

import math
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import shapely
from shapely import STRtree
from shapely.geometry import MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, MapDocument
from maps.drawing import svg
from maps.drawing.canvas import Canvas, put_words
from maps.drawing.claims import Claims
from maps.drawing.doors import draw_exterior_doors, draw_main_plates
from maps.drawing.fonts import SEMIBOLD
from maps.drawing.frame import cell_words, grid_lines, objects
from maps.drawing.framing import frame_of
from maps.drawing.labels import (
    Line,
    Wanted,
    anchors_of,
    block,
    four_anchors,
    grid_anchors,
    halves,
    is_tilted,
    long_axes,
    long_axis,
    place_all,
    plain_name,
    room_blocks,
)
from maps.drawing.leaders import Ground, lead, letter_in_room, letters, natural
from maps.drawing.model import Drawing, DrawingIncomplete, ListedRoom, Mark, Part
from maps.drawing.outdoors import (
    draw_assembly_areas,
    draw_barriers,
    draw_gates,
    draw_ground,
    draw_hatched,
    in_points,
    name_ground,
    name_neighbors,
    name_sides,
)
from maps.drawing.plan import LevelPlan, Space, ground_level, level_plan
from maps.drawing.signs import draw_marks, draw_signs, plates, served

PAD = 1.0  # points between a label and its walls
LEAST_SHARE = 0.24  # of a room's area: with less on a part, the room belongs to another part
POLYGON = 3  # in shapely's numbers of types
LEADERS_AT_MOST = 0.15  # of the rooms: beyond, lines would hide the plan, and letters serve

Shapes = list[tuple[Space, BaseGeometry]]
Links = Callable[[str], str]


def draw_level(
    document: MapDocument,
    level_id: str,
    *,
    width: float,
    height: float,
    style: Literal["paper", "screen"] = "paper",
    links: Links | None = None,
    marks: Sequence[Mark] = (),
    part: Part | None = None,
) -> Drawing:
    """Return the drawing of one level in a frame of width x height points.

    `links` gives the address that a room of an id leads to. `marks` are conditions in force.
    `part` is one of `split_level`. Raises KeyError for a level the map has not, and
    DrawingIncomplete when something would be covered, cut off or dropped.
    """
    plan = level_plan(document, level_id)
    if plan.outline.is_empty:
        raise DrawingIncomplete(
            f"{plan.level.name} has no room, corridor or stair with area: draw or import its spaces"
        )
    outdoors = _outdoors(document, plan)
    frame = frame_of(document, plan, outdoors, width=width, height=height, part=part)
    canvas = Canvas(frame, style, Claims(frame.inside), part)
    outline = frame.to_points(plan.outline)
    rooms = on_sheet(canvas, plan.rooms)
    draw_floor(canvas, plan, outdoors, rooms, links)
    _draw_signs(canvas, plan, outdoors, rooms, outline, marks=marks)
    tally = _label_rooms(canvas, plan, rooms, outline)
    draw_hatched(canvas, plan, [*plan.features, *outdoors])
    name_ground(canvas, plan, outdoors, outline)
    name_neighbors(canvas)
    name_sides(canvas, plan.side_a() or _front(document), outline)
    canvas.claims.prove()
    return _finish(canvas, plan, rooms, tally, linked=links is not None)


def _front(document: MapDocument) -> str:
    ground = ground_level(document)
    return level_plan(document, ground.id).side_a() if ground else ""


def _outdoors(document: MapDocument, plan: LevelPlan) -> list[Feature]:
    """Return what lies outdoors, on the sheet of the ground level."""
    ground = ground_level(document)
    if ground is None or plan.level.ordinal != ground.ordinal:
        return []
    return list(document.on_level(None))


def on_sheet(canvas: Canvas, spaces: Sequence[Space]) -> Shapes:
    """Return the spaces that the sheet shows, in points and not clipped."""
    shapes = canvas.frame.all_to_points([space.shape for space in spaces])
    shown = shapely.intersects(canvas.frame.inside, shapes)
    return [(space, shape) for space, shape, on in zip(spaces, shapes, shown, strict=True) if on]


def draw_floor(
    canvas: Canvas, plan: LevelPlan, outdoors: Sequence[Feature], rooms: Shapes, links: Links | None
) -> None:
    """Draw ground, floor, courts, rooms, stairs, elevators, grid and walls."""
    to_points = canvas.frame.to_points
    draw_ground(canvas, plan, outdoors)
    for feature in (f for f in outdoors if f.kind == "building"):
        shape = in_points(canvas, plan, feature)
        if not shape.intersects(to_points(plan.outline)):
            canvas.ground.append(svg.path("m-neighbor", canvas.clip(shape)))
    ground = canvas.ground
    ground.append(svg.path("m-floor", to_points(plan.outline)))
    for court in plan.courts:
        ground.append(svg.path("m-court", to_points(court)))
    for face in plan.unnamed:
        ground.append(svg.path("m-unnamed", to_points(face)))
    ground.append(draw_rooms(rooms, links))
    for stair in plan.stairs:
        shape = to_points(stair.shape)
        ground.append(svg.path("m-stair", shape) + svg.path("m-tread", treads(shape)))
    for elevator in plan.elevators:
        shape = to_points(elevator.shape)
        ground.append(svg.path("m-elevator", shape) + svg.path("m-tread", crossed(shape)))
    lines, _ = grid_lines(canvas.frame)
    ground.append(lines)
    draw_barriers(canvas, plan, [*plan.features, *outdoors])
    canvas.lines.append(svg.path("m-wall", to_points(plan.walls)))
    canvas.lines.append(svg.path("m-gap", to_points(MultiLineString(plan.interior_gaps))))
    canvas.lines.append(svg.path("m-inner-court", to_points(MultiLineString(plan.court_walls))))
    canvas.lines.append(svg.path("m-outer", to_points(MultiLineString(plan.outer_walls))))


def draw_rooms(rooms: Shapes, links: Links | None) -> str:
    """Return the white rooms: one path, or one link with a title for each."""
    if links is None:
        return svg.path("m-room", objects([shape for _, shape in rooms]))
    out = []
    for space, shape in rooms:
        name = plain_name(space.label, space.feature.names)
        title = svg.attribute(f"{space.label} {name}".strip() or "Room without number")
        out.append(
            f'<a class="m-link" href="{svg.attribute(links(space.feature.id))}" '
            f'data-feature="{svg.attribute(space.feature.id)}">'
            f'<path class="m-room" d="{svg.path_data(shape)}"><title>{title}</title></path></a>'
        )
    return "".join(out)


def treads(shape: BaseGeometry, pitch: float = 3.2) -> BaseGeometry:
    """Return the treads of a stair: lines across its long side, 3.2 points apart."""
    around = shape.minimum_rotated_rectangle
    if around.geom_type != "Polygon":
        return MultiLineString()
    corners = shapely.get_coordinates(around).tolist()
    if math.dist(corners[0], corners[1]) < math.dist(corners[1], corners[2]):
        corners = corners[1:5]
    sides = shapely.linestrings([[corners[0], corners[1]], [corners[3], corners[2]]])
    count = int(math.dist(corners[0], corners[1]) / pitch)
    shares = (np.arange(count)[:, np.newaxis] + 0.5) / max(count, 1)
    ends = shapely.line_interpolate_point(sides, shares, normalized=True)
    steps = shapely.get_coordinates(ends).reshape(count, 2, 2).tolist()
    inside: BaseGeometry = shape.intersection(MultiLineString(steps))
    return inside


def crossed(shape: BaseGeometry) -> BaseGeometry:
    """Return the two diagonals of an elevator."""
    around = shape.minimum_rotated_rectangle
    if around.geom_type != "Polygon":
        return MultiLineString()
    a, b, c, d = shapely.get_coordinates(around)[:4].tolist()
    inside: BaseGeometry = shape.intersection(MultiLineString([[a, c], [b, d]]))
    return inside


def _draw_signs(
    canvas: Canvas,
    plan: LevelPlan,
    outdoors: Sequence[Feature],
    rooms: Shapes,
    outline: BaseGeometry,
    *,
    marks: Sequence[Mark],
) -> None:
    features = [*plan.features, *outdoors]
    spaces = [*rooms, *on_sheet(canvas, plan.corridors)]
    mains = draw_exterior_doors(canvas, plan, outline)
    draw_main_plates(canvas, mains, outline)
    draw_signs(canvas, plan, features, spaces, outline)
    draw_marks(canvas, plan, features, marks)
    draw_gates(canvas, plan, features, marks)
    for symbol, risers in (("stair", plan.stairs), ("elevator", plan.elevators)):
        plates(canvas, on_sheet(canvas, risers), symbol, served(plan.document, risers))
    draw_assembly_areas(canvas, plan, outdoors)


class Tally:
    """How each room of a sheet is accounted for."""

    def __init__(self) -> None:
        self.in_place = 0
        self.led = 0
        self.elsewhere = 0
        self.listed: list[ListedRoom] = []


def _label_rooms(canvas: Canvas, plan: LevelPlan, rooms: Shapes, outline: BaseGeometry) -> Tally:
    tally = Tally()
    shapes = shapely.intersection(objects([shape for _, shape in rooms]), canvas.frame.inside)
    visible = [(space, shape) for (space, _), shape in zip(rooms, shapes, strict=True)]
    named = [index for index, (space, _) in enumerate(visible) if space.label]
    wanted = _wanted(canvas, visible, shapes, named)
    done = _settle(canvas, wanted)
    _name_halls(canvas, plan)
    _name_courts(canvas, plan)
    elsewhere = {
        index
        for index, (_, shape) in enumerate(rooms)
        if visible[index][1].area < LEAST_SHARE * shape.area and index not in done
    }
    left = [index for index in named if index not in done and index not in elsewhere]
    tally.elsewhere = len(elsewhere)
    tally.in_place = len(done)
    ground = Ground([shape for _, shape in visible], outline)
    lettered = left
    if canvas.style == "paper":
        lettered = _lead(canvas, visible, ground, left, tally)
    _letter(canvas, visible, ground, lettered, tally)
    for index, (space, shape) in enumerate(visible):
        if not space.label and index not in elsewhere:
            center = shape.representative_point()
            tally.listed.append(
                ListedRoom("", space.feature.id, "", canvas.frame.cell(center.x, center.y))
            )
    for feature in plan.shapeless if canvas.part is None else ():
        tally.listed.append(ListedRoom("", feature.id, feature.label, ""))
    return tally


def _wanted(
    canvas: Canvas, rooms: Shapes, shapes: np.ndarray, named: list[int]
) -> dict[int, Wanted]:
    """Return where and how labels of rooms may stand; rooms inside a room are left out of it."""
    inner = shapes.copy()
    for index, other in _nested(shapes):
        inner[index] = inner[index].difference(shapes[other])
    inner = shapely.buffer(inner[named], -PAD, quad_segs=16, join_style="mitre")
    pieces, owner = shapely.get_parts(inner, return_index=True)
    areas = np.where(shapely.get_type_id(pieces) == POLYGON, shapely.area(pieces), -1)
    inner = objects([Polygon()] * len(named))
    for piece in np.lexsort((-np.arange(len(pieces)), areas)):
        if areas[piece] >= 0:
            inner[owner[piece]] = pieces[piece]
    wanted = {}
    axes, anchors = long_axes(shapes[named]), anchors_of(inner)
    for position, index in enumerate(named):
        space, place = rooms[index][0], inner[position]
        name = plain_name(space.label, space.feature.names)
        blocks = room_blocks(space.label, name, canvas.sizes, place.area)
        wanted[index] = Wanted(
            f"label {space.label}", place, blocks, axes[position], str(index), anchors[position]
        )
    return wanted


def _nested(shapes: np.ndarray) -> list[tuple[int, int]]:
    """Return the pairs of a shape and a smaller one that lies in it, by over 5 % of its area."""
    around, other = STRtree(shapes).query(shapes, predicate="intersects")
    areas = shapely.area(shapes)
    smaller = (around != other) & (areas[other] < areas[around])
    around, other = around[smaller], other[smaller]
    shared = shapely.area(shapely.intersection(shapes[other], shapes[around]))
    inside = shared > 0.05 * areas[other]
    return sorted(zip(around[inside].tolist(), other[inside].tolist(), strict=True))


def _settle(canvas: Canvas, wanted: dict[int, Wanted]) -> set[int]:
    """Place labels at the four anchors, and what is left over at a grid; returns whose it did."""
    placed = place_all(list(wanted.values()), canvas.claims)
    done = {int(label.tag) for label in placed}
    left = [label for index, label in wanted.items() if index not in done]
    for label in left:
        label.anchors = grid_anchors(label.inner, 7)
    more = place_all(left, canvas.claims)
    canvas.words += [label.text for label in [*placed, *more]]
    return done | {int(label.tag) for label in more}


def _name_halls(canvas: Canvas, plan: LevelPlan) -> None:
    """Write the names of corridors along them; those without a place are told as left out."""
    wanted = []
    for hall, shape in on_sheet(canvas, plan.corridors):
        words = plain_name("", hall.feature.names) or hall.feature.label
        visible = canvas.clip(shape)
        if not words or visible.area < LEAST_SHARE * shape.area:
            continue
        inner = visible.buffer(-0.8)
        blocks = [
            block([Line(text, size, "m-hall", SEMIBOLD) for text in lines], size - 3.5 * len(lines))
            for size in canvas.sizes.hall
            for lines in ([words], halves(words))
            if lines
        ]
        axis = long_axis(shape)
        [middle] = anchors_of(objects([inner]), circle=is_tilted(axis))
        anchors = [*middle, *grid_anchors(inner, 9)]
        wanted.append(Wanted(f"hall {words}", inner, blocks, axis, words, anchors))
    placed = place_all(wanted, canvas.claims)
    canvas.words += [label.text for label in placed]
    done = {label.tag for label in placed}
    canvas.refused += [label.what for label in wanted if label.tag not in done]


def _name_courts(canvas: Canvas, plan: LevelPlan) -> None:
    for words, css, faces in (
        ("Courtyard", "m-hall", plan.courts),
        ("?", "m-number", plan.unnamed),
    ):
        for face in faces:
            shape = canvas.clip(canvas.frame.to_points(face))
            places = [(x, y, 0.0) for x, y in [*four_anchors(shape), *grid_anchors(shape)]]
            size = canvas.sizes.hall[0]
            put_words(canvas, words, places, size, css, what=words, inside=shape.buffer(-0.5))


def _lead(
    canvas: Canvas, rooms: Shapes, ground: Ground, left: Sequence[int], tally: Tally
) -> list[int]:
    """Write numbers beside their rooms; returns the rooms that are still without."""
    rest = []
    for index in sorted(left, key=lambda i: -rooms[i][1].area):
        words = rooms[index][0].label
        if tally.led < LEADERS_AT_MOST * len(rooms) and lead(
            canvas, ground, index, words, what=f"label {words}", letter=False
        ):
            tally.led += 1
        else:
            rest.append(index)
    return rest


def _letter(
    canvas: Canvas, rooms: Shapes, ground: Ground, left: Sequence[int], tally: Tally
) -> None:
    """Give letters to the rooms that are left, sorted by number, and list them."""
    ordered = sorted(left, key=lambda i: (natural(rooms[i][0].label), rooms[i][0].feature.id))
    count = 0
    for index in ordered:
        space, shape = rooms[index]
        mark = ""
        if canvas.style == "paper":
            mark = letters(count)
            what = f"letter {mark} of {space.label}"
            if letter_in_room(canvas, shape, mark, what=what) or lead(
                canvas, ground, index, mark, what=what, letter=True
            ):
                count += 1
            else:
                mark = ""
        center = shape.representative_point()
        cell = canvas.frame.cell(center.x, center.y)
        tally.listed.append(ListedRoom(mark, space.feature.id, space.label, cell))


def _finish(
    canvas: Canvas, plan: LevelPlan, rooms: Shapes, tally: Tally, *, linked: bool
) -> Drawing:
    accounted = tally.in_place + tally.led + len(tally.listed)
    of_level = len(rooms) - tally.elsewhere + (0 if canvas.part else len(plan.shapeless))
    if accounted != of_level:
        raise DrawingIncomplete(
            f"{plan.level.name}: {accounted} of {of_level} rooms are accounted for"
        )
    title = f"Plan of {plan.level.name}"
    if canvas.part:
        title += f", part {canvas.part.number} of {canvas.part.of}"
    cells = cell_words(canvas.frame.grid)
    doors = sum(claim.what.startswith("exterior door ") for claim in canvas.claims.taken)
    alt = (
        f"{title}, true north up, scale 1 to {canvas.frame.scale}{cells}. {of_level} "
        f"{'room' if of_level == 1 else 'rooms'}, {doors} exterior "
        f"{'door' if doors == 1 else 'doors'}. "
        "Every room stands with its grid cell in the room list that follows."
    )
    _, edges = grid_lines(canvas.frame)
    return Drawing(
        svg=canvas.assemble(title, alt, edges, linked=linked),
        width=canvas.frame.width,
        height=canvas.frame.height,
        alt=alt,
        scale=canvas.frame.scale,
        listed=tuple(tally.listed),
        legend=canvas.legend(),
        accounted=accounted,
        in_place=tally.in_place,
        led=tally.led,
        left_out=tuple(canvas.refused),
        claims=tuple(canvas.claims.taken),
    )
