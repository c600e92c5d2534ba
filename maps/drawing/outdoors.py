"""What lies outdoors: streets, lots, fields, fences and gates, assembly areas, and their names."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from maps.document import Feature
from maps.drawing import svg
from maps.drawing.canvas import Canvas, beside, put_sign, put_words
from maps.drawing.claims import box, boxes
from maps.drawing.fonts import BOLD, SEMIBOLD, text_width
from maps.drawing.labels import grid_anchors, long_axis
from maps.drawing.model import Mark
from maps.drawing.plan import LevelPlan

HALF_ROAD = 3.0  # meters: half the width of a road that is mapped as a line
HATCH_GAP = 1.2  # points between a hatch and what stands over it
GROUND_KINDS = ("road", "parking", "athletic_field")


def name_of(feature: Feature) -> str:
    """Return the words for a feature: the first further name, or the label without one."""
    return next((name for name in feature.names if name.strip()), feature.label).strip()


def in_points(canvas: Canvas, plan: LevelPlan, feature: Feature) -> BaseGeometry:
    """Return a feature's geometry on the sheet, not clipped."""
    return canvas.frame.to_points(plan.in_meters(feature))


def area_of(canvas: Canvas, plan: LevelPlan, feature: Feature) -> BaseGeometry:
    """Return the area of a feature on the sheet within the frame; a line gets a road's width."""
    shape = in_points(canvas, plan, feature)
    if shape.geom_type in {"LineString", "MultiLineString"}:
        shape = shape.buffer(HALF_ROAD * canvas.frame.per_meter, cap_style="flat")
    return canvas.clip(shapely.make_valid(shape))


def draw_ground(canvas: Canvas, plan: LevelPlan, features: Iterable[Feature]) -> None:
    """Draw streets, lots and fields; their names come later, when the signs have their places."""
    by_kind = sorted(
        (f for f in features if f.kind in GROUND_KINDS), key=lambda f: -GROUND_KINDS.index(f.kind)
    )
    for feature in by_kind:
        css = "m-field" if feature.kind == "athletic_field" else "m-street"
        canvas.ground.append(svg.path(css, area_of(canvas, plan, feature)))


def draw_barriers(canvas: Canvas, plan: LevelPlan, features: Iterable[Feature]) -> None:
    """Draw fences and fire lanes."""
    for feature in features:
        if feature.kind not in {"fence", "fire_lane"}:
            continue
        shape = in_points(canvas, plan, feature)
        line = shape.boundary if shape.geom_type.endswith("Polygon") else shape
        clipped = canvas.clip(line)
        if not clipped.is_empty:
            canvas.lines.append(svg.path(f"m-{feature.kind.replace('_', '-')}", clipped))
            canvas.show(feature.kind.replace("_", "-"))


def draw_gates(
    canvas: Canvas, plan: LevelPlan, features: Iterable[Feature], marks: Sequence[Mark] = ()
) -> None:
    """Draw gates with their names; a condition that names its gate already says it."""
    told = {mark.feature: mark.text for mark in marks}
    for feature in features:
        if feature.kind != "gate":
            continue
        place = in_points(canvas, plan, feature).centroid
        if not canvas.frame.inside.buffer(-6).covers(place):
            continue
        size = canvas.sign_size
        what = f"gate {feature.label}"
        center = put_sign(canvas, "gate", (place.x, place.y), size * 0.9, what=what)
        if center is None:
            canvas.refused.append(what)
            continue
        canvas.show("gate")
        words = feature.label or name_of(feature)
        words = words if words.lower().startswith("gate") else f"Gate {words}"
        if canvas.close or words in told.get(feature.id, ""):
            continue
        high = max(6.5, canvas.least_words)
        width = text_width(words, high, SEMIBOLD)
        places = beside(center, width + size, high - 1.5 + size, 1.2)
        across = abs(long_axis(in_points(canvas, plan, feature).buffer(0.1))) < 45
        places.sort(key=lambda spot: (spot[1] == center[1]) if across else (spot[0] == center[0]))
        put_words(canvas, words, places, high, "m-name", what=f"name of {what}")


def draw_assembly_areas(canvas: Canvas, plan: LevelPlan, features: Iterable[Feature]) -> None:
    """Draw assembly areas with their mark, name and the people they hold."""
    for feature in features:
        if feature.kind == "assembly_area":
            _assembly(canvas, plan, feature)


def draw_hatched(canvas: Canvas, plan: LevelPlan, features: Iterable[Feature]) -> None:
    """Draw hazard zones with a hatch of lines that leaves out whatever is claimed.

    It comes after labels and signs have their places, and lies under them all the same.
    """
    for feature in features:
        if feature.kind != "hazard_zone":
            continue
        shape = in_points(canvas, plan, feature)
        if not shape.geom_type.endswith("Polygon"):
            continue
        area = canvas.clip(shape)
        near = canvas.claims.touching(area.buffer(HATCH_GAP + 1))
        clear = shapely.union_all(np.array(near, dtype=object)).buffer(HATCH_GAP)
        canvas.lines.append(
            svg.path("m-hatch", _hatch(area).difference(clear)) + svg.path("m-hazard", area)
        )


def _hatch(area: BaseGeometry, pitch: float = 5.0) -> BaseGeometry:
    if area.is_empty:
        return area
    west, north, east, south = area.bounds
    reach = south - north
    count = int((east - west + reach) / pitch) + 1
    strokes = [
        shapely.LineString([(west - reach + n * pitch, south), (west + n * pitch, north)])
        for n in range(count)
    ]
    return area.intersection(shapely.MultiLineString(strokes))


def _assembly(canvas: Canvas, plan: LevelPlan, feature: Feature) -> None:
    whole = in_points(canvas, plan, feature)
    if whole.geom_type == "Point":
        whole = whole.buffer(22, cap_style="square")
    area = canvas.clip(whole)
    if area.is_empty or area.area < 60 or area.area < 0.15 * whole.area:
        return
    canvas.ground.append(svg.path("m-assembly", area))
    lines = _assembly_lines(canvas, feature, area)
    anchor = area.representative_point() if not area.covers(area.centroid) else area.centroid
    anchors = [(anchor.x, anchor.y), *grid_anchors(area, 7)]
    for count in range(len(lines), 0, -1):
        if _stacked(canvas, lines[:count], anchors, area, feature):
            canvas.show("assembly-area", "people it holds")
            return
    canvas.refused.append(f"assembly area {feature.label}")


def _assembly_lines(
    canvas: Canvas, feature: Feature, area: BaseGeometry
) -> list[tuple[str, float, str, int]]:
    west, north, east, south = area.bounds
    big = max(9.0, min(20.0, (south - north) / 3.2, (east - west) / 2.6))
    lines = [(feature.label or "A", big, "m-assembly-mark", BOLD)]
    small = min(9.0, max(6.5, big * 0.42))
    if canvas.style == "screen":
        small = max(small, 9.0)
    name = name_of(feature)
    if name and name != feature.label:
        lines.append((name, small, "m-assembly-name", SEMIBOLD))
    capacity = feature.properties.get("capacity")
    if capacity:
        lines.append((f"{capacity} people", small, "m-assembly-name", SEMIBOLD))
    return lines


def _stacked(
    canvas: Canvas,
    lines: list[tuple[str, float, str, int]],
    anchors: list[tuple[float, float]],
    area: BaseGeometry,
    feature: Feature,
) -> bool:
    width = max(text_width(words, size, weight) for words, size, _, weight in lines)
    height = lines[0][1] * 0.723 + sum(1.25 * size for _, size, _, _ in lines[1:]) + 1.5
    rows = np.array([(x, y, width, height, 0.0) for x, y in anchors])
    rows = rows[shapely.covers(area.buffer(-2), boxes(rows))]
    first = canvas.claims.first_free(rows)
    if first is None:
        return False
    x, y = rows[first, :2].tolist()
    canvas.claims.take(f"assembly area {feature.label}", box(*rows[first].tolist()))
    baseline = y - height / 2 + lines[0][1] * 0.723
    for position, (words, size, css, _) in enumerate(lines):
        baseline += 1.25 * size if position else 0
        canvas.words.append(svg.text(css, x, baseline, size, words))
    return True


def name_ground(
    canvas: Canvas, plan: LevelPlan, features: Iterable[Feature], outline: BaseGeometry
) -> None:
    """Write the names of streets, lots and fields where nothing else stands."""
    features = list(features)
    edges = [in_points(canvas, plan, f).buffer(1) for f in features if f.kind == "assembly_area"]
    covered = shapely.union_all(np.array([outline, *edges], dtype=object))
    written = {name_of(f) for f in features if f.kind == "assembly_area"}
    for feature in sorted(features, key=lambda f: f.kind != "road"):
        words = name_of(feature)
        if feature.kind not in GROUND_KINDS or not words or words in written:
            continue
        area = area_of(canvas, plan, feature).difference(covered)
        if area.is_empty or area.area < 40:
            continue
        if canvas.close and feature.kind != "road":
            continue
        size = 7.5 if feature.kind == "road" else 6.5
        if canvas.style == "screen":
            size = max(size + 2, canvas.least_words)
        place = put_words(
            canvas, words, _along(area, turned=feature.kind == "road"), size, "m-street-name",
            what=f"name of {words}", inside=area.buffer(0.5), gap=0.8,
        )  # fmt: skip
        if place is None:
            canvas.refused.append(f"name of {words}")


def _along(area: BaseGeometry, *, turned: bool) -> np.ndarray:
    """Return places (x, y, angle) for words in the three greatest pieces of an area."""
    axis = long_axis(area)
    places = [np.empty((0, 3))]
    for piece in sorted(shapely.get_parts(area), key=lambda part: -part.area)[:3]:
        anchors = np.reshape(grid_anchors(piece, 9), (-1, 2))
        angle = long_axis(piece) if turned else 0.0
        places += [
            np.column_stack([anchors, np.full(len(anchors), turn)])
            for turn in dict.fromkeys((angle, 0.0, -90.0, axis))
        ]
    return np.concatenate(places)


def name_neighbors(canvas: Canvas) -> None:
    """Write at each cut edge of a part which part continues there."""
    if canvas.part is None:
        return
    west, north, east, south = canvas.frame.inside.bounds
    across, down = (west + east) / 2, (north + south) / 2
    shifts = [0.0, *(sign * shift for shift in range(10, 280, 10) for sign in (1, -1))]
    for side, number in canvas.part.neighbors().items():
        words = f"continues on part {number}"
        if side in "NS":
            y = north + 6 if side == "N" else south - 6
            places = [(across + shift, y, 0.0) for shift in shifts]
        else:
            x = east - 6 if side == "E" else west + 6
            places = [(x, down + shift, -90.0) for shift in shifts]
        if put_words(canvas, words, places, 6.5, "m-side", what=words) is None:
            canvas.refused.append(words)


def name_sides(canvas: Canvas, side_a: str, outline: BaseGeometry) -> None:
    """Write SIDE A to D at the edges: A is the front, then clockwise seen from above."""
    if not side_a or canvas.close:
        return
    around = "NESW"
    start = around.index(side_a)
    cut = canvas.part.neighbors() if canvas.part else {}
    west, north, east, south = canvas.frame.inside.bounds
    middle = outline.centroid
    size = max(7.5, canvas.least_words)
    for step, letter in enumerate("ABCD"):
        side = around[(start + step) % 4]
        if side in cut:
            continue
        words = f"SIDE {letter}"
        offsets = [0.0, *(sign * shift for shift in range(12, 400, 12) for sign in (1, -1))]
        if side in "NS":
            y = north + 8 if side == "N" else south - 8
            places = [(middle.x + offset, y, 0.0) for offset in offsets]
        else:
            x = east - 8 if side == "E" else west + 8
            places = [(x, middle.y + offset, -90.0) for offset in offsets]
        if put_words(canvas, words, places, size, "m-side", what=words, gap=1.5) is None:
            canvas.refused.append(words)
