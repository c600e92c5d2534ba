"""Maps of the HTML packet: the site, each level once, and a view of it for each room."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from maps.drawing import Drawing, DrawingIncomplete, draw_level, draw_site
from plans.packets.drawings import Report, quiet
from plans.packets.tree import LevelPages, PacketTree, RoomRow

NARROW = (356.0, 320.0)  # units; a phone of 390 pixels shows one unit as one pixel
WIDE = (470.0, 410.0)  # beside the steps, where the screen has 760 pixels or more
LEVEL = (920.0, 740.0)
DOOR = "exterior door "  # how a drawing names what an exterior door takes
VIEW = (360.0, 264.0)  # the part of a level shown with a room
DOOR_SHOWN = 60.0  # meters: a room's view holds its nearest exterior door where it is no farther
_ROOM = re.compile(r'data-feature="([^"]+)"><path class="m-room" d="([^"]+)"')
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_HEAD = re.compile(r"^<svg [^>]*>")


@dataclass(frozen=True, slots=True)
class LevelMap:
    """One level as drawn for screens, with the outline of each room in its units."""

    anchor: str
    svg: str
    drawing: Drawing | None
    why_not: str = ""
    outlines: Mapping[str, str] = field(default_factory=dict)
    doors: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def view(self, room: RoomRow) -> str:
        """Return the svg of the level around a room, or "" where the room has no outline."""
        outline = self.outlines.get(room.feature)
        if outline is None or self.drawing is None:
            return ""
        numbers = [float(value) for value in _NUMBERS.findall(outline)]
        xs, ys = numbers[0::2], numbers[1::2]
        center = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        door = self.doors.get(room.door)
        if door is not None and room.meters is not None and room.meters <= DOOR_SHOWN:
            xs, ys = [*xs, door[0]], [*ys, door[1]]
        width = max(VIEW[0], max(xs) - min(xs) + 60)
        height = width * VIEW[1] / VIEW[0]
        if max(ys) - min(ys) + 60 > height:
            height = max(ys) - min(ys) + 60
            width = height * VIEW[0] / VIEW[1]
        west = _within((min(xs) + max(xs) - width) / 2, width, self.drawing.width)
        north = _within((min(ys) + max(ys) - height) / 2, height, self.drawing.height)
        window = (west, north, width, height)
        way = "" if door is None else _way_to_door(window, center, door, room.door)
        name = escape(f"{room.title} on {room.level}")
        return (
            f'<svg class="view" viewBox="{west:.1f} {north:.1f} {width:.1f} {height:.1f}" '
            f'role="img" aria-label="{name}"><use href="#{self.anchor}"/>'
            f'<path class="found" d="{outline}"/><path class="found-edge" d="{outline}"/>'
            f"{way}</svg>"
        )


def _way_to_door(
    window: tuple[float, float, float, float],
    room: tuple[float, float],
    door: tuple[float, float],
    number: str,
) -> str:
    """Return a ring round a door that the window shows, else an arrow to it at the window's edge.

    `window` is west, north, width and height, as a view box has them.
    """
    west, north, width, height = window
    size = width / VIEW[0]  # so that the disc is as large on the screen in each view
    near = 24 * size
    low, high = (west + near, north + near), (west + width - near, north + height - near)
    x, y = door
    if west <= x <= west + width and north <= y <= north + height:
        return f'<circle class="nearest" cx="{x:.1f}" cy="{y:.1f}" r="15"/>'
    turn = math.degrees(math.atan2(y - room[1], x - room[0]))
    x, y = _toward(room[0], x, low[0], high[0]), _toward(room[1], y, low[1], high[1])
    shares = [
        (edge - start) / (end - start)
        for start, end, edge in ((room[0], door[0], x), (room[1], door[1], y))
        if abs(end - start) > 1
    ]
    share = min(shares, default=0.0)
    x, y = room[0] + share * (door[0] - room[0]), room[1] + share * (door[1] - room[1])
    return (
        f'<g class="to-door" transform="translate({x:.1f} {y:.1f}) scale({size:.2f})">'
        f'<path d="M13 -9L23 0L13 9Z" transform="rotate({turn:.0f})"/><circle r="12"/>'
        f'<text y="4.5" font-size="13">{escape(number)}</text></g>'
    )


def _toward(start: float, end: float, low: float, high: float) -> float:
    """Return the end of a way, or the edge at which it leaves from low to high."""
    return min(max(end, low), high) if low <= start <= high else start


def _within(start: float, length: float, whole: float) -> float:
    """Return a start that keeps the window on the drawing, centered where it is wider."""
    if length >= whole:
        return (whole - length) / 2
    return min(max(start, 0.0), whole - length)


@dataclass(frozen=True, slots=True)
class ScreenDrawings:
    """All maps of the HTML packet: they depend on map, conditions and way in alone."""

    site: str
    why_no_site: str
    levels: Mapping[str, LevelMap]


def draw_screen(
    tree: PacketTree, anchors: Mapping[str, str], *, report: Report = quiet
) -> ScreenDrawings:
    """Return the maps of a packet for screens; what cannot be drawn says why."""
    site, why = _site_svg(tree)
    return ScreenDrawings(site, why, _level_maps(tree, anchors, report=report))


def _site_svg(tree: PacketTree) -> tuple[str, str]:
    """Return the svgs of the site, of which a screen shows one by its width, or "" and why not."""
    made = []
    for css, (width, height), close in (("narrow", NARROW, True), ("wide", WIDE, False)):
        try:
            drawing = draw_site(
                tree.map_document,
                width=width,
                height=height,
                style="screen",
                marks=tree.marks,
                approach=tree.approach or None,
                close=close,
            )
        except DrawingIncomplete as fault:
            return "", str(fault)
        made.append(f'<figure class="map {css}">{_fluid(drawing, "")}</figure>')
    return "".join(made), ""


def _level_maps(
    tree: PacketTree, anchors: Mapping[str, str], *, report: Report = quiet
) -> dict[str, LevelMap]:
    """Return the map of each level; a room on it leads to its card."""
    made = {}
    for number, level in enumerate(tree.levels):
        report(20 + 60 * number // max(len(tree.levels), 1), f"Drawing {level.name}")
        made[level.id] = _level(tree, level, number, lambda room: f"#{anchors.get(room, 'rooms')}")
    return made


def _level(
    tree: PacketTree, level: LevelPages, number: int, links: Callable[[str], str]
) -> LevelMap:
    anchor = f"map-{number + 1}"
    try:
        drawing = draw_level(
            tree.map_document,
            level.id,
            width=LEVEL[0],
            height=LEVEL[1],
            style="screen",
            links=links,
            marks=tree.marks,
        )
    except DrawingIncomplete as fault:
        return LevelMap(anchor, "", None, str(fault))
    doors = {
        claim.what.removeprefix("exterior door "): (
            claim.outline.centroid.x,
            claim.outline.centroid.y,
        )
        for claim in drawing.claims
        if claim.what.startswith("exterior door ")
    }
    outlines = dict(_ROOM.findall(drawing.svg))
    return LevelMap(anchor, _fluid(drawing, anchor), drawing, "", outlines, doors)


def _fluid(drawing: Drawing, anchor: str) -> str:
    """Return the svg without a size of its own, its content a group that views can show again."""
    head = _HEAD.match(drawing.svg)
    if head is None:
        return drawing.svg
    opening = re.sub(r' (?:width|height)="[^"]*"', "", head[0])
    body = drawing.svg[head.end() : -len("</svg>")]
    if not anchor:
        return f"{opening}{body}</svg>"
    return f'{opening}<g id="{anchor}" class="m-map">{body}</g></svg>'
