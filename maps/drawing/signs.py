"""Signs of a sheet: devices, shut-offs, fire systems, command post, and conditions in force."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, Level, MapDocument
from maps.drawing import svg
from maps.drawing.canvas import Canvas, beside, plate_width, put_sign, put_words
from maps.drawing.claims import box
from maps.drawing.fonts import BOLD, SEMIBOLD, text_width
from maps.drawing.model import Mark
from maps.drawing.outdoors import in_points, name_of
from maps.drawing.plan import LevelPlan, Space
from maps.drawing.symbols import SIGNS

# In the order in which they choose their places: what a responder needs first goes first.
SIGN_KINDS = (
    "command_post", "fire_panel", "key_box", "fire_department_connection", "utility_shut_off",
    "sprinkler_riser", "standpipe", "annunciator", "hydrant", "staging_area",
    "reunification_site", "aed", "trauma_kit", "refuge_area", "hazard_zone", "generator",
    "helicopter_landing_zone", "camera",
)  # fmt: skip
SITE_SIGNS = frozenset(
    {
        "command_post", "fire_panel", "key_box", "fire_department_connection", "hydrant",
        "staging_area", "reunification_site", "hazard_zone", "helicopter_landing_zone",
    }
)  # fmt: skip
NAMED = frozenset({"staging_area", "reunification_site"})
CLUSTER = 13.0  # points between two signs of a kind that become one with "×2"


def symbol_of(feature: Feature) -> str:
    """Return the sign of a feature; a shut-off without known utility is drawn as a hazard."""
    if feature.kind == "utility_shut_off":
        utility = str(feature.properties.get("utility", ""))
        return utility if utility in SIGNS else "hazard-zone"
    return feature.kind.replace("_", "-")


def draw_signs(
    canvas: Canvas,
    plan: LevelPlan,
    features: Iterable[Feature],
    spaces: Sequence[tuple[Space, BaseGeometry]],
    outline: BaseGeometry,
) -> None:
    """Draw the signs of the features at their places, or as near as they fit.

    On paper raises DrawingIncomplete for one that finds no place within 60 points.
    """
    shown = [feature for feature in features if feature.kind in SIGN_KINDS]
    shown.sort(key=lambda feature: SIGN_KINDS.index(feature.kind))
    within = canvas.frame.inside.buffer(-canvas.sign_size * 0.5)
    shapely.prepare(outline)
    for cluster in _clusters(canvas, plan, shown):
        feature, place = cluster[0]
        if not within.covers(place):
            continue
        _draw_one(canvas, cluster, spaces, outline)
        if not canvas.close and feature.kind in NAMED and name_of(feature) != feature.label:
            _name_below(canvas, feature, (place.x, place.y))


def _clusters(
    canvas: Canvas, plan: LevelPlan, features: Sequence[Feature]
) -> list[list[tuple[Feature, Point]]]:
    clusters: list[list[tuple[Feature, Point]]] = []
    for feature in features:
        place = _place(canvas, plan, feature)
        near = [
            cluster
            for cluster in clusters
            if _cluster_of(feature)
            and _cluster_of(cluster[0][0]) == _cluster_of(feature)
            and cluster[0][1].distance(place) < CLUSTER
        ]
        if near:
            near[0].append((feature, place))
        else:
            clusters.append([(feature, place)])
    return clusters


def _cluster_of(feature: Feature) -> str:
    """Return the group whose signs may stand for each other, or ""."""
    symbol = symbol_of(feature)
    if symbol in {"sprinkler", "sprinkler-riser"}:
        return "sprinkler"
    return symbol if symbol in {"aed", "trauma-kit"} else ""


def _place(canvas: Canvas, plan: LevelPlan, feature: Feature) -> Point:
    shape = in_points(canvas, plan, feature)
    if shape.geom_type.endswith("Polygon"):
        visible = canvas.clip(shape)
        return shape.centroid if visible.is_empty else visible.representative_point()
    return shape.centroid


def _draw_one(
    canvas: Canvas,
    cluster: Sequence[tuple[Feature, Point]],
    spaces: Sequence[tuple[Space, BaseGeometry]],
    outline: BaseGeometry,
) -> None:
    feature, place = cluster[0]
    symbol, size = symbol_of(feature), canvas.sign_size
    if feature.kind == "command_post":
        size *= 1.9
    elif symbol == "camera":
        size *= 0.8
    elif feature.kind in NAMED:
        size *= 1.45
    elif symbol in {"gas", "water", "electric", "sprinkler", "sprinkler-riser", "hvac"}:
        size *= 1.3
    what = f"{SIGNS[symbol].words} {feature.label}".strip()
    room, keep = _room_at(place, spaces)
    indoors = outline.covers(place)
    center = put_sign(
        canvas, symbol, (place.x, place.y), size,
        what=what,
        keep=keep if keep is not None else (outline if indoors else None),
        avoid=None if indoors else outline,
    )  # fmt: skip
    if center is None:
        canvas.refuse(what, "draw the level on a larger sheet or in parts")
        return
    for member, _ in cluster:
        canvas.show(symbol_of(member), _note(canvas, place, room))
    if len({symbol_of(member) for member, _ in cluster}) < len(cluster):
        _count(canvas, center, size, len(cluster), what)


def _room_at(
    place: BaseGeometry, spaces: Sequence[tuple[Space, BaseGeometry]]
) -> tuple[str, BaseGeometry | None]:
    best: tuple[str, BaseGeometry | None] = ("", None)
    for space, shape in spaces:
        if shape.covers(place) and (best[1] is None or shape.area < best[1].area):
            best = (space.label if space.feature.kind == "room" else "", shape)
    return best


def _note(canvas: Canvas, place: Point, room: str) -> str:
    cell = canvas.frame.cell(place.x, place.y)
    if not room:
        return cell
    return f"{cell}, in {room}" if cell else f"in {room}"


def _count(canvas: Canvas, center: tuple[float, float], size: float, count: int, what: str) -> None:
    words, high = f"×{count}", max(6.5, canvas.least_words)
    places = beside(center, text_width(words, high, BOLD) + size, high - 1.5 + size, 0.8)
    what = f"count of {what}"
    put_words(canvas, words, places, high, "m-number", what=what, weight=BOLD, gap=0.2)


def _name_below(canvas: Canvas, feature: Feature, place: tuple[float, float]) -> None:
    size, high = canvas.sign_size * 1.45, max(6.5, canvas.least_words)
    words = name_of(feature)
    width = text_width(words, high, SEMIBOLD)
    x, y = place
    below = (x, y + size / 2 + high - 0.5, 0.0)
    places = [below, *beside(place, width + size, high - 0.5 + size, 2)]
    put_words(canvas, words, places, high, "m-hall", what=f"name of {words}")


def draw_marks(
    canvas: Canvas, plan: LevelPlan, features: Sequence[Feature], marks: Sequence[Mark]
) -> None:
    """Draw the conditions in force as amber labels at their features, those on this sheet.

    On paper raises DrawingIncomplete when one finds no place.
    """
    places = {feature.id: feature for feature in features}
    for mark in marks:
        feature = places.get(mark.feature)
        if feature is None:
            continue
        point = _place(canvas, plan, feature)
        if not canvas.frame.inside.covers(point):
            continue
        if not _mark(canvas, mark.text, (point.x, point.y)):
            canvas.refuse(
                f"the condition {mark.text!r}",
                "shorten its text or draw the level on a larger sheet",
            )
            continue
        canvas.show("condition", canvas.frame.cell(point.x, point.y))


def _mark(canvas: Canvas, words: str, place: tuple[float, float]) -> bool:
    size = 7.0 if canvas.style == "paper" else 9.5
    height = size + 5
    width = text_width(words, size, BOLD) + height + 5
    places = beside(place, width, height, 6.5)
    far = [
        (place[0] + math.cos(turn) * reach, place[1] + math.sin(turn) * reach, 0.0)
        for reach in range(24, 130, 10)
        for turn in (n * math.pi / 8 for n in range(16))
    ]
    rows = np.array([(x, y, width + 0.8, height + 0.8, 0.0) for x, y, _ in [*places, *far]])
    first = canvas.claims.first_free(rows)
    if first is None:
        return False
    x, y = rows[first, :2].tolist()
    canvas.claims.take(f"condition {words}", box(*rows[first].tolist()))
    left = x - width / 2
    canvas.signs.append(
        svg.line("m-condition-line", place[0], place[1], x, y)
        + svg.rectangle("m-condition", left, y - height / 2, width, height, radius=2)
        + SIGNS["condition"].art(left + height / 2 + 1, y, size + 1)
        + svg.middle_text(
            "m-condition-text", left + height + (width - height - 3) / 2, y, size, words
        )
    )
    return True


def served(document: MapDocument, spaces: Sequence[Space]) -> str:
    """Return the levels that stairs or elevators serve, in words for the legend."""
    names = {level.id: level for level in document.levels}
    rows: dict[str, list[str]] = {}
    for space in spaces:
        levels = sorted((names[i] for i in space.feature.levels if i in names), key=_ordinal)
        words = " and ".join(
            filter(
                None,
                [
                    ", ".join(v.short_name for v in levels[:-1]),
                    *(v.short_name for v in levels[-1:]),
                ],
            )
        )
        rows.setdefault(words, []).append(space.label)
    if len(rows) == 1:
        return f"levels {next(iter(rows))}"
    return "; ".join(
        f"{', '.join(sorted(labels))}: levels {words}" for words, labels in rows.items()
    )


def _ordinal(level: Level) -> int:
    return level.ordinal


def plates(
    canvas: Canvas, spaces: Sequence[tuple[Space, BaseGeometry]], symbol: str, note: str
) -> None:
    """Draw the white plates with the letters of stairs or elevators."""
    for space, shape in spaces:
        visible = canvas.clip(shape)
        if visible.is_empty or visible.area < 0.3 * shape.area:
            continue
        canvas.show(symbol, note)
        words = space.label
        if words and not _plate(canvas, words, visible):
            canvas.refused.append(f"{SIGNS[symbol].words} {words}")


def _plate(canvas: Canvas, words: str, shape: BaseGeometry) -> bool:
    size = 8.4 if canvas.style == "paper" else 12.0
    width = plate_width(words, size)
    center = shape.representative_point()
    west, north, east, south = shape.bounds
    places = [(center.x, center.y, 0.0), *beside((center.x, center.y), 0.1, 0.1, 2)]
    places += beside((center.x, center.y), width * 0.4, size * 0.5, 1)
    places += beside(
        ((west + east) / 2, (north + south) / 2), east - west + width, south - north + size, 0
    )
    rows = np.array([(x, y, width + 0.7, size + 0.7, 0.0) for x, y, _ in places])
    first = canvas.claims.first_free(rows, 0.2)
    if first is None:
        return False
    x, y = rows[first, :2].tolist()
    canvas.claims.take(f"plate {words}", box(*rows[first].tolist()))
    canvas.signs.append(
        svg.rectangle("m-plate", x - width / 2, y - size / 2, width, size, radius=size * 0.18)
        + svg.middle_text("m-plate-text", x, y, size * 0.66, words)
    )
    return True
