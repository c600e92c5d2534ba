"""One sheet in the making: its layers, its claims and what the legend must explain."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from maps.drawing import svg
from maps.drawing.claims import Claims, Rows, box, boxes, in_bounds
from maps.drawing.fonts import BOLD, CAP_HEIGHT, DESCENT, SEMIBOLD, text_width
from maps.drawing.frame import Frame
from maps.drawing.labels import PAPER_SIZES, SCREEN_SIZES, Sizes
from maps.drawing.model import DrawingIncomplete, LegendItem, Part
from maps.drawing.styles import paper_stylesheet
from maps.drawing.symbols import SIGNS

Style = Literal["paper", "screen"]


@dataclass(slots=True)
class Canvas:
    """What is drawn so far. Layers are painted in this order: ground, lines, words, signs."""

    frame: Frame
    style: Style
    claims: Claims
    part: Part | None = None
    compact: bool = False
    close: bool = False
    ground: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    shown: dict[str, list[str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    @property
    def sizes(self) -> Sizes:
        """Sizes of labels of this style."""
        return PAPER_SIZES if self.style == "paper" else SCREEN_SIZES

    @property
    def sign_size(self) -> float:
        """Height of a sign: 11 points where the sheet has room, 9 on a small one."""
        if self.close:
            return 13.5
        if self.style == "screen":
            return 14.0 if min(self.frame.width, self.frame.height) >= 600 else 11.0
        return 11.0 if min(self.frame.width, self.frame.height) >= 600 else 9.0

    @property
    def least_words(self) -> float:
        """Size of the smallest words on the picture of the site: 9 where it is for a screen."""
        return 9.0 if self.compact and self.style == "screen" else 0.0

    def refuse(self, what: str, mend: str) -> None:
        """Note what has no place: on a screen it is left out and told, on paper it stops the build.

        Raises DrawingIncomplete on paper; `mend` says what to do.
        """
        if self.style == "paper":
            raise DrawingIncomplete(f"{what} finds no place on the sheet: {mend}")
        self.refused.append(what)

    def show(self, symbol: str, note: str = "") -> None:
        """Enter a symbol into the legend, with a note of where it stands."""
        notes = self.shown.setdefault(symbol, [])
        if note and note not in notes:
            notes.append(note)

    def clip(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return what lies inside the frame."""
        clipped: BaseGeometry = shapely.intersection(geometry, self.frame.inside)
        return clipped

    def legend(self) -> tuple[LegendItem, ...]:
        """Return the legend of what is on the sheet, in the order of the signs."""
        items = []
        for symbol, sign in SIGNS.items():
            if symbol in self.shown:
                items.append(LegendItem(symbol, sign.words, "; ".join(self.shown[symbol])))
        return tuple(items)

    def assemble(self, title: str, description: str, edges: str, *, linked: bool) -> str:
        """Return the svg element. With links it is a group, else the links could not be reached."""
        width, height = svg.number(self.frame.width), svg.number(self.frame.height)
        inner = self.frame.inside.bounds
        name = (
            "m-clip-"
            + svg.number(self.frame.west).replace(".", "-")
            + svg.number(self.frame.north).replace(".", "-")
        )
        frame = (inner[0], inner[1], inner[2] - inner[0], inner[3] - inner[1])
        style = f"<style>{paper_stylesheet()}</style>" if self.style == "paper" else ""
        head = (
            f'<svg xmlns="{svg.XMLNS}" class="m-map" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="{"group" if linked else "img"}" '
            f'aria-label="{svg.attribute(title)}">'
        )
        return "".join(
            [
                head,
                f"<title>{svg.attribute(title)}</title><desc>{svg.attribute(description)}</desc>",
                style,
                f'<clipPath id="{name}">{svg.rectangle("m-clip", *frame)}</clipPath>',
                svg.rectangle("m-site", *frame),
                f'<g clip-path="url(#{name})">',
                *self.ground,
                *self.lines,
                "</g>",
                svg.rectangle("m-frame", *frame),
                edges,
                *self.words,
                *self.signs,
                "</svg>",
            ]
        )


def spiral(radii: tuple[float, ...], directions: int = 16) -> Iterator[tuple[float, float]]:
    """Yield offsets from a place, the nearest first."""
    yield 0.0, 0.0
    for radius in radii:
        for step in range(directions):
            turn = 2 * math.pi * step / directions
            yield radius * math.cos(turn), radius * math.sin(turn)


SIGN_PLACES = np.array(
    [(*offset, 0, 0, 0) for offset in spiral((2, 4, 6, 8, 10, 13, 16, 20, 25, 30, 38, 48, 60))]
)


def put_sign(
    canvas: Canvas,
    symbol: str,
    place: tuple[float, float],
    size: float,
    *,
    what: str,
    keep: BaseGeometry | None = None,
    avoid: BaseGeometry | None = None,
) -> tuple[float, float] | None:
    """Draw a sign at its place or as near as it fits; with a line when it had to go far.

    `keep` is the shape whose inside the sign may not leave, `avoid` one that it may not touch.
    Returns the center of the sign, or None when there is no room within 60 points.
    """
    sign = SIGNS[symbol]
    rows = SIGN_PLACES + np.array([*place, sign.ratio * size + 0.8, size + 0.8, 0.0])
    spare: list[int] = []
    for free in canvas.claims.free_in_turn(rows, 0.4):
        if not free.size:
            continue
        outlines = boxes(rows[free])
        better = np.ones(len(free), dtype=bool)
        for shape, touches in ((keep, shapely.covers), (avoid, shapely.disjoint)):
            if shape is not None:
                shapely.prepare(shape)
                better &= touches(shape, outlines)
        spare += free[~better].tolist()
        found = _put_at(canvas, symbol, place, rows[free[better]], size=size, what=what)
        if found is not None:
            return found
    return _put_at(canvas, symbol, place, rows[spare], size=size, what=what)


def _put_at(
    canvas: Canvas, symbol: str, place: tuple[float, float], rows: Rows, *, size: float, what: str
) -> tuple[float, float] | None:
    """Draw a sign at the first of those free rows to which its line can go."""
    for row in rows:
        x, y, width, height, _ = row.tolist()
        outline = box(x, y, width, height)
        if _tie(canvas, place, outline, what):
            canvas.claims.take(what, outline)
            canvas.signs.append(SIGNS[symbol].art(x, y, size))
            return x, y
    return None


def _tie(canvas: Canvas, place: tuple[float, float], outline: Polygon, what: str) -> bool:
    """Draw the line from a displaced sign to its place; returns False where it cannot go."""
    center = outline.centroid
    if math.hypot(center.x - place[0], center.y - place[1]) < 11:
        return True
    over = canvas.claims.touching(Point(place))
    hidden = shapely.union_all([outline, *over]).buffer(0.3)
    tie = LineString([place, (center.x, center.y)]).difference(hidden)
    if tie.length < (5 if over else 4):
        return True
    if tie.is_empty or tie.geom_type != "LineString" or not canvas.frame.inside.covers(tie):
        return False
    band = tie.buffer(0.3, cap_style="flat")
    if canvas.claims.hits([band]).size:
        return False
    canvas.claims.take(f"line to {what}", band)
    dot = "" if over else svg.circle("m-door", place[0], place[1], 1)
    canvas.lines.append(svg.path("m-stem", tie) + dot)
    return True


def put_words(
    canvas: Canvas,
    words: str,
    places: Sequence[tuple[float, float, float]] | np.ndarray,
    size: float,
    css: str,
    *,
    what: str,
    weight: int = SEMIBOLD,
    inside: BaseGeometry | None = None,
    gap: float = 0.6,
) -> tuple[float, float] | None:
    """Write one line at the first free place of (x, y, angle); returns where, or None."""
    width = text_width(words, size, weight)
    low = DESCENT * size if any(letter in "gjpqy," for letter in words) else 0.0
    height = CAP_HEIGHT * size + low
    rows = np.empty((len(places), 5))
    rows[:, 2:4] = width, height
    rows[:, [0, 1, 4]] = np.reshape(places, (-1, 3))
    if inside is not None:
        shapely.prepare(inside)
        rows = rows[in_bounds(rows, inside)]
        rows = rows[shapely.intersects_xy(inside, rows[:, 0], rows[:, 1])]
    for free in canvas.claims.free_in_turn(rows, gap):
        fits = free if inside is None else free[shapely.covers(inside, boxes(rows[free]))]
        if fits.size:
            x, y, _, _, angle = rows[fits[0]].tolist()
            break
    else:
        return None
    canvas.claims.take(what, box(x, y, width, height, angle))
    baseline = y - height / 2 + CAP_HEIGHT * size
    turn = svg.turned(angle, x, y)
    canvas.words.append(svg.text(css, x, baseline, size, words, turn=turn))
    return x, y


def beside(
    place: tuple[float, float], width: float, height: float, away: float
) -> list[tuple[float, float, float]]:
    """Return places for words around a sign: right, left, below, above, then the corners."""
    x, y = place
    far_x, far_y = width / 2 + away, height / 2 + away
    sides = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)]
    return [
        (x + dx * (far_x + 0.5 * extra), y + dy * (far_y + extra), 0.0)
        for extra in (0, 3, 7, 12, 18)
        for dx, dy in sides
    ]


def plate_width(words: str, size: float) -> float:
    """Return the width of a plate whose words have a font size of 0.66 of its height."""
    return text_width(words, size * 0.66, BOLD) + size * 0.5
