"""The drawn signs: the same on maps, in legends, tables, on pages and phones.

Own drawings in the meaning of ISO 7010 and NFPA 170. Each sign is drawn about a center with a
given height; plates with words are wider than high.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from maps.drawing import svg
from maps.drawing.fonts import BOLD, text_width
from maps.drawing.styles import FONT_FAMILY, with_day_colors

Art = Callable[[float, float, float], str]


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: words for the legend, width for a height of 1, and its drawing."""

    words: str
    ratio: float
    art: Art


def _plate_ratio(words: str, share: float = 0.66) -> float:
    return text_width(words, share, BOLD) + 0.55


def _square(css: str, inner: Callable[[float, float, float], str]) -> Art:
    def art(x: float, y: float, size: float) -> str:
        body = svg.rectangle(css, x - size / 2, y - size / 2, size, size, radius=size * 0.1)
        return body + inner(x, y, size)

    return art


def _scaled(points: str, x: float, y: float, size: float) -> str:
    """Return path data of points in a 10 x 10 box about its center, moved and scaled."""
    words = []
    for word in points.split():
        if word[0].isalpha():
            words.append(word)
            continue
        px, py = (float(value) for value in word.split(","))
        words.append(
            f"{svg.number(x + (px - 5) * size / 10)} {svg.number(y + (py - 5) * size / 10)}"
        )
    return " ".join(words)


_CROSS = "M 4,2 L 6,2 L 6,4 L 8,4 L 8,6 L 6,6 L 6,8 L 4,8 L 4,6 L 2,6 L 2,4 L 4,4 Z"
_HEART = "M 5,8.3 C 2.2,6.2 1.5,4.8 1.5,3.7 C 1.5,2.2 3.9,1.2 5,3 C 6.1,1.2 8.5,2.2 8.5,3.7 C 8.5,4.8 7.8,6.2 5,8.3 Z"  # noqa: E501
_BOLT = "M 5.7,2.9 L 4.1,5.2 L 5.9,5.2 L 4.6,7.2"
_PERSON = "M 3.4,8.6 L 3.4,5.2 C 3.4,4 6.6,4 6.6,5.2 L 6.6,8.6 Z"
_TRIANGLE = "M 5,0.9 L 9.7,9.1 L 0.3,9.1 Z"
_ARROW = "M 5,0.4 L 7.6,5.2 L 5.6,4.5 L 5.6,9.6 L 4.4,9.6 L 4.4,4.5 L 2.4,5.2 Z"


def _aed(x: float, y: float, size: float) -> str:
    return svg.path("m-sign", _scaled(_HEART, x, y, size)) + svg.path(
        "m-aid-line", _scaled(_BOLT, x, y, size)
    )


def _trauma_kit(x: float, y: float, size: float) -> str:
    return svg.path("m-sign", _scaled(_CROSS, x, y, size))


def _person(x: float, y: float, size: float) -> str:
    return svg.circle("m-sign", x, y - size * 0.27, size * 0.13) + svg.path(
        "m-sign", _scaled(_PERSON, x, y, size)
    )


def _key(x: float, y: float, size: float) -> str:
    shaft = _scaled("M 4.6,5 L 8.1,5 L 8.1,6.4 M 6.6,5 L 6.6,6.2", x, y, size)
    return svg.circle("m-fire-line", x - size * 0.17, y, size * 0.14) + svg.path(
        "m-fire-line", shaft
    )


def _camera(x: float, y: float, size: float) -> str:
    body = _scaled(
        "M 1.8,3.4 L 6.4,3.4 L 6.4,6.6 L 1.8,6.6 Z M 6.8,4.7 L 8.4,3.4 L 8.4,6.6 Z", x, y, size
    )
    return svg.path("m-sign", body)


def _letter_square(css: str, letter: str) -> Art:
    return _square(
        css, lambda x, y, size: svg.middle_text("m-dark-text", x, y, size * 0.74, letter)
    )


def _diamond(css: str, letter: str, ink: str = "m-sign-text") -> Art:
    def art(x: float, y: float, size: float) -> str:
        half = size / 2
        corners = [(x, y - half), (x + half, y), (x, y + half), (x - half, y)]
        return svg.path(css, svg.points_path(corners, close=True)) + svg.middle_text(
            ink, x, y, size * 0.47, letter
        )

    return art


def plate(css: str, ink: str, words: str, share: float = 0.66) -> Art:
    """Return the drawing of a plate with words in capitals of `share` of its height."""
    ratio = _plate_ratio(words, share)

    def art(x: float, y: float, size: float) -> str:
        body = svg.rectangle(
            css, x - ratio * size / 2, y - size / 2, ratio * size, size, radius=size * 0.14
        )
        return body + svg.middle_text(ink, x, y, size * share, words)

    return art


def _plate_sign(words: str, css: str, ink: str, legend: str) -> Sign:
    return Sign(legend, _plate_ratio(words), plate(css, ink, words))


def _ring(letter: str) -> Art:
    def art(x: float, y: float, size: float) -> str:
        return svg.circle("m-fire-open", x, y, size / 2 - 0.55) + svg.middle_text(
            "m-fire-text", x, y, size * 0.58, letter
        )

    return art


def disc(words: str, share: float = 0.73) -> Art:
    """Return the drawing of an exterior door's disc."""

    def art(x: float, y: float, size: float) -> str:
        return svg.circle("m-door", x, y, size / 2) + svg.middle_text(
            "m-door-number", x, y, size * share * (1 if len(words) < 3 else 0.74), words
        )

    return art


def _command_post(x: float, y: float, size: float) -> str:
    left, top = x - size * 0.75, y - size / 2
    flag = [
        (left, top),
        (left + size * 1.5, top),
        (left + size * 1.24, top + size * 0.31),
        (left + size * 1.5, top + size * 0.62),
        (left, top + size * 0.62),
    ]
    return (
        svg.line("m-dark-line", left + 0.4, top, left + 0.4, y + size / 2)
        + svg.path("m-dark", svg.points_path(flag, close=True))
        + svg.middle_text("m-dark-text", left + size * 0.62, top + size * 0.31, size * 0.42, "CP")
    )


def _condition(x: float, y: float, size: float) -> str:
    return (
        svg.path("m-condition-sign", _scaled(_TRIANGLE, x, y, size))
        + svg.path(
            "m-condition-on",
            _scaled("M 4.45,3.6 L 5.55,3.6 L 5.3,6.5 L 4.7,6.5 Z", x, y, size),
        )
        + svg.circle("m-condition-on", x, y + size * 0.25, size * 0.065)
    )


def _hazard(x: float, y: float, size: float) -> str:
    return (
        svg.path("m-fire-open", _scaled(_TRIANGLE, x, y, size))
        + svg.path("m-fire-flat", _scaled("M 4.4,3.6 L 5.6,3.6 L 5.3,6.4 L 4.7,6.4 Z", x, y, size))
        + svg.circle("m-fire-flat", x, y + size * 0.25, size * 0.07)
    )


def _assembly(x: float, y: float, size: float) -> str:
    return svg.rectangle(
        "m-assembly", x - size * 0.8, y - size / 2, size * 1.6, size, radius=size * 0.15
    ) + svg.middle_text("m-assembly-mark", x, y, size * 0.55, "A1")


def _stair(x: float, y: float, size: float) -> str:
    treads = "".join(
        svg.line("m-tread", x + step * size, y - size / 2, x + step * size, y + size / 2)
        for step in (-0.4, -0.13, 0.13, 0.4)
    )
    return svg.rectangle("m-stair", x - size * 0.7, y - size / 2, size * 1.4, size) + treads


def _elevator(x: float, y: float, size: float) -> str:
    half = size / 2
    return (
        svg.rectangle("m-elevator", x - half, y - half, size, size)
        + svg.line("m-tread", x - half, y - half, x + half, y + half)
        + svg.line("m-tread", x - half, y + half, x + half, y - half)
    )


def _gate(x: float, y: float, size: float) -> str:
    half = size * 0.36
    return (
        svg.line("m-jamb", x - half, y - half, x - half, y + half)
        + svg.line("m-jamb", x + half, y - half, x + half, y + half)
        + svg.line("m-dark-line", x - half, y, x + half, y - half * 0.9)
    )


def _fence(x: float, y: float, size: float) -> str:
    return svg.line("m-fence", x - size, y, x + size, y)


def _fire_lane(x: float, y: float, size: float) -> str:
    return svg.line("m-fire-lane", x - size, y, x + size, y)


def _approach(x: float, y: float, size: float) -> str:
    shaft = svg.line("m-approach", x - size, y, x + size * 0.3, y)
    return shaft + arrow_head(x + size, y, 1.0, 0.0, size * 0.75)


def arrow_head(x: float, y: float, dx: float, dy: float, size: float) -> str:
    """Return the head of the approach arrow; (dx, dy) is its direction of length 1."""
    corners = [
        (x, y),
        (x - dx * size - dy * size * 0.5, y - dy * size + dx * size * 0.5),
        (x - dx * size + dy * size * 0.5, y - dy * size - dx * size * 0.5),
    ]
    return svg.path("m-approach-head", svg.points_path(corners, close=True))


def _north(x: float, y: float, size: float) -> str:
    return svg.path("m-dark", _scaled(_ARROW, x, y - size * 0.18, size * 0.8)) + svg.middle_text(
        "m-number", x, y + size * 0.38, size * 0.32, "N"
    )


def _number_disc(words: str, share: float) -> Art:
    return disc(words, share)


SIGNS: dict[str, Sign] = {
    "door-main": Sign("Main entrance", 1, _number_disc("1", 0.64)),
    "door": Sign("Exterior door", 1, _number_disc("5", 0.73)),
    "stair": Sign("Stair", 1.4, _stair),
    "elevator": Sign("Elevator", 1, _elevator),
    "aed": Sign("AED", 1, _square("m-aid", _aed)),
    "trauma-kit": Sign("Trauma kit", 1, _square("m-aid", _trauma_kit)),
    "fire-panel": _plate_sign("FACP", "m-fire-flat", "m-sign-text", "Fire alarm panel"),
    "annunciator": _plate_sign("ANN", "m-fire-flat", "m-sign-text", "Annunciator"),
    "key-box": Sign("Key box", 1, _square("m-fire-open", _key)),
    "fire-department-connection": _plate_sign(
        "FDC", "m-fire-open", "m-fire-text", "Fire department connection"
    ),
    "standpipe": _plate_sign("SP", "m-fire-open", "m-fire-text", "Standpipe"),
    "hydrant": Sign("Hydrant", 1, _ring("H")),
    "gas": Sign("Gas shut-off", 1, _diamond("m-gas", "G", "m-gas-text")),
    "water": Sign("Water shut-off", 1, _diamond("m-water", "W")),
    "electric": Sign("Electric shut-off", 1, _diamond("m-fire", "E")),
    "sprinkler": Sign("Sprinkler shut-off", 1, _diamond("m-fire", "F")),
    "sprinkler-riser": Sign("Sprinkler riser", 1, _diamond("m-fire", "F")),
    "hvac": Sign("HVAC shut-down", 1, _diamond("m-hvac", "H")),
    "generator": _plate_sign("GEN", "m-gray", "m-sign-text", "Generator"),
    "camera": Sign("Camera", 1, _square("m-gray", _camera)),
    "refuge-area": Sign("Refuge area", 1, _square("m-refuge", _person)),
    "hazard-zone": Sign("Hazard", 1, _hazard),
    "assembly-area": Sign("Assembly area", 1.6, _assembly),
    "command-post": Sign("Command post", 1.5, _command_post),
    "staging-area": Sign("Staging", 1, _letter_square("m-dark", "S")),
    "reunification-site": Sign("Reunification", 1, _letter_square("m-dark", "R")),
    "helicopter-landing-zone": _plate_sign("LZ", "m-dark", "m-dark-text", "Helicopter landing"),
    "gate": Sign("Gate", 1, _gate),
    "fence": Sign("Fence", 2, _fence),
    "fire-lane": Sign("Fire lane", 2, _fire_lane),
    "condition": Sign("Condition in force", 1, _condition),
    "approach": Sign("Way in", 2, _approach),
    "north": Sign("True north", 1, _north),
}


@cache
def symbol_svg(symbol_id: str, size: float) -> str:
    """Return one sign as a complete svg element of height `size` in points.

    It bears day colors as attributes and the classes of the map, so it needs no stylesheet in
    print and follows the page's stylesheet on a screen. It is hidden from screen readers: the
    words stand beside it. Raises KeyError for a symbol that does not exist.
    """
    sign = SIGNS[symbol_id]
    margin = 0.6
    width, height = sign.ratio * size + 2 * margin, size + 2 * margin
    art = with_day_colors(sign.art(width / 2, height / 2, size))
    return (
        f'<svg xmlns="{svg.XMLNS}" class="m-map m-symbol" width="{svg.number(width)}" '
        f'height="{svg.number(height)}" viewBox="0 0 {svg.number(width)} {svg.number(height)}" '
        f'font-family="{FONT_FAMILY}" text-anchor="middle" aria-hidden="true" focusable="false">'
        f"{art}</svg>"
    )


def scale_bar_svg(scale: int, width: float) -> str:
    """Return a scale bar in feet and meters for 1:`scale`, at most `width` points wide."""
    per_meter = POINTS_PER_METER / scale
    rows = []
    for row, (unit, per_unit) in enumerate((("ft", per_meter * 0.3048), ("m", per_meter))):
        half = _round_length((width - 26) / per_unit / 2)
        rows.append(_bar(4, 12 + row * 17, half, half * per_unit, unit))
    body = with_day_colors("".join(rows))
    return (
        f'<svg xmlns="{svg.XMLNS}" class="m-map" width="{svg.number(width)}" height="44" '
        f'viewBox="0 0 {svg.number(width)} 44" font-family="{FONT_FAMILY}" text-anchor="middle" '
        f'role="img" aria-label="Scale 1 to {scale:,}">{body}</svg>'
    )


POINTS_PER_METER = 72 / 0.0254


def _round_length(longest: float) -> int:
    """Return the greatest of 1, 2, 2.5 and 5 times a power of ten (whole) that is not longer."""
    power = 10.0 ** math.floor(math.log10(max(longest, 1)))
    choices = [step for step in (1.0, 2.0, 2.5, 5.0) if step * power <= longest]
    return max(1, round(max(choices, default=1.0) * power))


def _bar(x: float, y: float, half: int, length: float, unit: str) -> str:
    marks = "".join(
        svg.text("m-number", x + step * length, y - 2.4, 7, label)
        for step, label in enumerate(("0", str(half), f"{2 * half} {unit}"))
    )
    return (
        marks
        + svg.rectangle("m-dark", x, y, length, 2.6)
        + svg.rectangle("m-plate", x + length, y + 0.35, length - 0.35, 1.9)
    )
