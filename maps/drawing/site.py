"""Drawing the whole site: the picture of where to go on page one of a packet."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString, MultiLineString
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, MapDocument
from maps.drawing import svg
from maps.drawing.canvas import Canvas
from maps.drawing.claims import Claims, box
from maps.drawing.doors import draw_exterior_doors, draw_main_plates
from maps.drawing.fonts import SEMIBOLD
from maps.drawing.frame import Frame, cell_words, fit, grid_lines
from maps.drawing.framing import Bounds, centered, joined, round_up
from maps.drawing.labels import (
    Line,
    Wanted,
    block,
    four_anchors,
    grid_anchors,
    halves,
    long_axis,
    place_all,
    plain_name,
)
from maps.drawing.model import Drawing, DrawingIncomplete, Mark
from maps.drawing.outdoors import (
    draw_assembly_areas,
    draw_barriers,
    draw_gates,
    draw_ground,
    in_points,
    name_ground,
    name_sides,
)
from maps.drawing.plan import LevelPlan, Space, ground_level, level_plan
from maps.drawing.signs import SITE_SIGNS, draw_marks, draw_signs
from maps.drawing.symbols import SIGNS, arrow_head

MARGIN = 14.0  # points around what must be on the picture
LEAST_NAMED = 250.0  # square meters of a room that is named on the picture
NAMED_AT_MOST = 9
WIDEST = 1.25  # how much coarser the scale may get for gates and hydrants farther off
MUST = frozenset({"assembly_area", "command_post", "staging_area", "key_box"})
SHOULD = frozenset({"hydrant", "gate", "reunification_site", "fire_department_connection"})


def draw_site(
    document: MapDocument,
    *,
    width: float,
    height: float,
    style: Literal["paper", "screen"] = "paper",
    links: Callable[[str], str] | None = None,
    marks: Sequence[Mark] = (),
    approach: Sequence[tuple[float, float]] | None = None,
    close: bool = False,
) -> Drawing:
    """Return the picture of the site in a frame of width x height points.

    It shows outlines with great rooms named, exterior doors, assembly areas, the command post and
    the signs a first arriving crew needs. `approach` are positions (lon, lat) of the way in; its
    arrow ends at the last. `links` gives the address behind a named room. `close` is for a phone:
    the frame ends with building, areas, command post and way in, signs are larger, and lots,
    gates and sides have no names. Raises DrawingIncomplete when something finds no place, or the
    map has no level with a building.
    """
    ground = ground_level(document)
    if ground is None:
        raise DrawingIncomplete("the map has no level: import or draw the ground floor first")
    plans = [
        level_plan(document, level.id)
        for level in document.levels
        if level.ordinal == ground.ordinal
    ]
    plans = [plan for plan in plans if not plan.outline.is_empty]
    if not plans:
        raise DrawingIncomplete(
            f"{ground.name} has no room, corridor or stair with area: draw or import its spaces"
        )
    should = frozenset[str]() if close else SHOULD
    frame = _frame(document, plans, approach, should, width=width, height=height)
    canvas = Canvas(frame, style, Claims(frame.inside), compact=True, close=close)
    outline = frame.to_points(shapely.union_all([plan.outline for plan in plans]))
    _draw_ground(canvas, document, plans, outline, links)
    _draw_signs(canvas, document, plans, outline, marks=marks, approach=approach)
    named = _name_rooms(canvas, plans)
    name_ground(canvas, plans[0], document.on_level(None), outline)
    canvas.claims.prove()
    return _finish(canvas, plans, named, linked=links is not None)


def _frame(
    document: MapDocument,
    plans: Sequence[LevelPlan],
    approach: Sequence[tuple[float, float]] | None,
    should: frozenset[str],
    *,
    width: float,
    height: float,
) -> Frame:
    bounds: Bounds = shapely.union_all([plan.outline for plan in plans]).bounds
    in_meters = plans[0].in_meters
    for feature in document.on_level(None):
        if feature.kind in MUST:
            bounds = joined(bounds, in_meters(feature).bounds)
    if approach:
        way: BaseGeometry = shapely.MultiPoint(list(approach))
        bounds = joined(bounds, plans[0].projection.to_meters(way).bounds)
    limit = fit(bounds, width, height, MARGIN) * WIDEST
    for feature in document.on_level(None):
        if feature.kind in should:
            grown = joined(bounds, in_meters(feature).bounds)
            if fit(grown, width, height, MARGIN) <= limit:
                bounds = grown
    return centered(document, bounds, round_up(fit(bounds, width, height, MARGIN)), width, height)


def _draw_ground(
    canvas: Canvas,
    document: MapDocument,
    plans: Sequence[LevelPlan],
    outline: BaseGeometry,
    links: Callable[[str], str] | None,
) -> None:
    outdoors = document.on_level(None)
    to_points = canvas.frame.to_points
    draw_ground(canvas, plans[0], outdoors)
    for feature in (f for f in outdoors if f.kind == "building"):
        shape = in_points(canvas, plans[0], feature)
        if not shape.intersects(outline):
            canvas.ground.append(svg.path("m-neighbor", canvas.clip(shape)))
    canvas.ground.append(svg.path("m-floor", outline))
    for plan in plans:
        canvas.ground += [svg.path("m-court", to_points(court)) for court in plan.courts]
        canvas.ground += [svg.path("m-unnamed", to_points(face)) for face in plan.unnamed]
        canvas.ground.append(svg.path("m-room", to_points(plan.enclosed)))
        if links is not None:
            canvas.ground += [
                f'<a class="m-link" href="{svg.attribute(links(room.feature.id))}">'
                f'<path class="m-room" d="{svg.path_data(to_points(room.shape))}">'
                f"<title>{svg.attribute(room.label)}</title></path></a>"
                for room in _great(plan)
            ]
    canvas.ground.append(grid_lines(canvas.frame)[0])
    draw_barriers(canvas, plans[0], outdoors)
    for plan in plans:
        rings = MultiLineString(plan.outer_walls)
        canvas.lines.append(svg.path("m-outer", to_points(rings)))


def _draw_signs(
    canvas: Canvas,
    document: MapDocument,
    plans: Sequence[LevelPlan],
    outline: BaseGeometry,
    *,
    marks: Sequence[Mark],
    approach: Sequence[tuple[float, float]] | None,
) -> None:
    outdoors = document.on_level(None)
    features: list[Feature] = [*outdoors]
    mains: list[tuple[float, float]] = []
    for plan in plans:
        features += plan.features
        mains += draw_exterior_doors(canvas, plan, canvas.frame.to_points(plan.outline))
    if approach:
        _arrow(canvas, plans[0], approach)
    posts = [feature for feature in features if feature.kind == "command_post"]
    draw_signs(canvas, plans[0], posts, [], outline)
    draw_main_plates(canvas, mains, outline)
    shown = [f for f in features if f.kind in SITE_SIGNS and f not in posts]
    shown += [f for f in outdoors if f.kind == "utility_shut_off"]
    draw_signs(canvas, plans[0], shown, [], outline)
    draw_marks(canvas, plans[0], features, marks)
    draw_gates(canvas, plans[0], outdoors, marks)
    draw_assembly_areas(canvas, plans[0], outdoors)
    _draw_north(canvas)
    sides = [plan.side_a() for plan in plans]
    name_sides(canvas, next((side for side in sides if side), ""), outline)


def _draw_north(canvas: Canvas) -> None:
    """Draw the arrow of true north in the first corner of the frame that is free."""
    west, north, east, south = canvas.frame.inside.bounds
    corners = [(east - 13, north + 15), (west + 13, north + 15), (east - 13, south - 15)]
    for x, y in [*corners, (west + 13, south - 15)]:
        outline = box(x, y, 13, 24)
        if canvas.claims.free(outline):
            canvas.claims.take("north arrow", outline)
            canvas.signs.append(SIGNS["north"].art(x, y, 23))
            return
    canvas.refused.append("north arrow")


def _arrow(canvas: Canvas, plan: LevelPlan, approach: Sequence[tuple[float, float]]) -> None:
    places = plan.projection.to_meters(LineString(list(approach)))
    way = LineString(shapely.get_coordinates(canvas.frame.to_points(places)))
    head = 8.0
    line = _cut_back(canvas, way)
    if line.length < 2 * head:
        return
    tip = line.interpolate(line.length)
    neck = line.interpolate(line.length - head)
    dx, dy = (tip.x - neck.x) / head, (tip.y - neck.y) / head
    shaft = shapely.ops.substring(line, 0, line.length - head * 0.8)
    art = svg.path("m-approach", shaft) + arrow_head(tip.x, tip.y, dx, dy, head)
    canvas.lines.append(art)
    band = shapely.union_all([shaft.buffer(1.6, cap_style="flat"), neck.buffer(head * 0.5)])
    outline = band.intersection(canvas.frame.inside)
    taken = [c.outline for c in canvas.claims.taken if c.outline.intersects(outline)]
    canvas.claims.take(
        "way in", outline.difference(shapely.union_all(np.array(taken, dtype=object)))
    )
    canvas.show("approach")


def _cut_back(canvas: Canvas, line: LineString) -> LineString:
    """Return the way in without its end where the disc of a door stands."""
    end = shapely.ops.substring(line, max(0.0, line.length - 24), line.length)
    taken = [claim.outline for claim in canvas.claims.taken if claim.outline.intersects(end)]
    if not taken:
        return line
    blocked = shapely.union_all(np.array(taken, dtype=object)).buffer(1.5)
    stop = line.project(shapely.Point(shapely.shortest_line(line, blocked).coords[0]))
    first = line.intersection(blocked)
    stops = [line.project(shapely.Point(place)) for place in shapely.get_coordinates(first)]
    shorter = shapely.ops.substring(line, 0, min([stop, *stops]))
    return LineString(shorter.coords) if shorter.length else LineString()


def _great(plan: LevelPlan) -> list[Space]:
    great = [room for room in plan.rooms if room.shape.area >= LEAST_NAMED]
    return [room for room in great if plain_name(room.label, room.feature.names)][:NAMED_AT_MOST]


def _name_rooms(canvas: Canvas, plans: Sequence[LevelPlan]) -> int:
    """Name great rooms inside their walls, else over the floor around; returns how many it did."""
    wanted: list[Wanted] = []
    hulls: list[BaseGeometry] = []
    base = 7.0 if canvas.style == "paper" else 10.0
    for plan in plans:
        for room in _great(plan):
            name = plain_name(room.label, room.feature.names)
            shape = canvas.frame.to_points(room.shape)
            inner = shape.buffer(-1, join_style="mitre")
            blocks = []
            for size in (base, base - 0.5, base - 1):
                texts = [[name], halves(name)]
                blocks += [
                    block([Line(words, size, "m-name", SEMIBOLD) for words in lines], size, 2.0)
                    for lines in texts
                    if lines
                ]
            anchors = [*four_anchors(inner), *grid_anchors(inner)]
            what = f"name of {name}"
            wanted.append(Wanted(what, inner, blocks, long_axis(shape), name, anchors))
            hulls.append(canvas.frame.to_points(plan.outline).buffer(-1, join_style="mitre"))
    placed = place_all(wanted, canvas.claims)
    done = {label.tag for label in placed}
    left = [
        (label, hull) for label, hull in zip(wanted, hulls, strict=True) if label.tag not in done
    ]
    for label, hull in left:
        label.inner = hull
    placed += place_all([label for label, _ in left], canvas.claims)
    canvas.words += [label.text for label in placed]
    return len(placed)


def _finish(canvas: Canvas, plans: Sequence[LevelPlan], named: int, *, linked: bool) -> Drawing:
    doors = sum(len(plan.exterior_doors) for plan in plans)
    side = next((plan.side_a() for plan in plans if plan.side_a()), "")
    words = {"N": "north", "E": "east", "S": "south", "W": "west"}
    front = f" Side A, the front, is the {words[side]} side." if side else ""
    cells = cell_words(canvas.frame.grid)
    alt = (
        f"Map of the site, true north up, scale 1 to {canvas.frame.scale}{cells}. {doors} "
        f"exterior {'door' if doors == 1 else 'doors'}, {named} large rooms named.{front}"
    )
    _, edges = grid_lines(canvas.frame, max(8.0, canvas.least_words))
    return Drawing(
        svg=canvas.assemble("Map of the site", alt, edges, linked=linked),
        width=canvas.frame.width,
        height=canvas.frame.height,
        alt=alt,
        scale=canvas.frame.scale,
        listed=(),
        legend=canvas.legend(),
        accounted=0,
        in_place=0,
        led=0,
        left_out=tuple(canvas.refused),
        claims=tuple(canvas.claims.taken),
    )
