"""Colors and strokes of maps: one table of classes, for paper and for screens by day and night."""

import re
from collections.abc import Callable
from functools import cache

FONT_FAMILY = "Public Sans"

# name: (day, night). Shades as in the table of tokens that pages and papers share.
TOKENS: dict[str, tuple[str, str]] = {
    "ink": ("#14181c", "#e6e6e2"),
    "soft": ("#4a5058", "#a9aeb1"),
    "site": ("#f7f6f2", "#000000"),
    "floor": ("#ece7de", "#1f242b"),
    "room": ("#ffffff", "#0d1014"),
    "unnamed": ("#f7f5f1", "#14181d"),
    "court": ("#eef3ea", "#07090b"),
    "stair": ("#c6d2de", "#33404d"),
    "tread": ("#3a4148", "#7d858d"),
    "street": ("#e2ded6", "#191d22"),
    "outer-wall": ("#14181c", "#e6e6e2"),
    "inner-wall": ("#3a4148", "#7d858d"),
    "grid": ("#4f7393", "#5d7f9e"),
    "door": ("#14181c", "#e6e6e2"),
    "door-number": ("#ffffff", "#000000"),
    "assembly": ("#dcefdf", "#0d1f12"),
    "assembly-edge": ("#19602c", "#70e17b"),
    "assembly-ink": ("#124a21", "#70e17b"),
    "aid": ("#00703c", "#70e17b"),
    "gas": ("#ffbe2e", "#face00"),
    "gas-ink": ("#14181c", "#000000"),
    "water": ("#005ea2", "#73b3e7"),
    "fire": ("#b50909", "#fb8b7c"),
    "hvac": ("#71767a", "#a9aeb1"),
    "sign-ink": ("#ffffff", "#000000"),
    "plate": ("#ffffff", "#0d1014"),
    "route": ("#005ea2", "#face00"),
    "found": ("#ffe396", "#4a3b00"),
    "letter": ("#005ea2", "#73b3e7"),
    "condition": ("#fff4d6", "#000000"),
    "condition-ink": ("#5f3a00", "#face00"),
    "condition-edge": ("#c98a00", "#face00"),
    "focus": ("#2491ff", "#73b3e7"),
}

_SANS = f'"{FONT_FAMILY}"'
_TEXT = {"stroke": "none"}


def _ink(token: str, weight: int) -> dict[str, str]:
    return {"fill": f"@{token}", "font-weight": str(weight), **_TEXT}


def _line(token: str, width: str, **more: str) -> dict[str, str]:
    return {"fill": "none", "stroke": f"@{token}", "stroke-width": width, **more}


def _area(token: str, edge: str = "", width: str = "0") -> dict[str, str]:
    stroke = {"stroke": f"@{edge}", "stroke-width": width} if edge else {"stroke": "none"}
    return {"fill": f"@{token}", **stroke}


CLASSES: dict[str, dict[str, str]] = {
    "m-site": _area("site"),
    "m-frame": _line("ink", "0.8"),
    "m-tick": _line("ink", "0.8"),
    "m-grid": _line("grid", "0.3", **{"stroke-opacity": "0.85"}),
    "m-edge": _ink("soft", 700),
    "m-floor": _area("floor"),
    "m-room": _area("room"),
    "m-unnamed": _area("unnamed", "inner-wall", "0.5"),
    "m-court": _area("court", "inner-wall", "0.5"),
    "m-stair": _area("stair", "inner-wall", "0.75"),
    "m-tread": _line("tread", "0.7"),
    "m-elevator": _area("stair", "inner-wall", "0.75"),
    "m-wall": _line("inner-wall", "0.75", **{"stroke-linejoin": "miter"}),
    "m-outer": _line("outer-wall", "1.6", **{"stroke-linejoin": "miter"}),
    "m-inner-court": _line("outer-wall", "1"),
    "m-gap": _line("room", "1.6"),
    "m-exit-gap": _line("plate", "2.6"),
    "m-jamb": _line("outer-wall", "1"),
    "m-street": _area("street"),
    "m-field": _area("court", "inner-wall", "0.4"),
    "m-neighbor": _line("outer-wall", "1.2"),
    "m-fence": _line("soft", "0.8", **{"stroke-dasharray": "5 1.6 1 1.6"}),
    "m-fire-lane": _line("fire", "0.8", **{"stroke-dasharray": "6 3"}),
    "m-hazard": _line("fire", "1"),
    "m-hatch": _line("fire", "0.7"),
    "m-assembly": {**_area("assembly", "assembly-edge", "1.2"), "stroke-dasharray": "4.5 2.6"},
    "m-assembly-mark": _ink("assembly-ink", 700),
    "m-assembly-name": _ink("assembly-ink", 600),
    "m-number": _ink("ink", 700),
    "m-name": _ink("ink", 600),
    "m-hall": _ink("soft", 600),
    "m-street-name": _ink("soft", 600),
    "m-side": _ink("soft", 600),
    "m-letter": _ink("letter", 700),
    "m-leader": _line("inner-wall", "0.6"),
    "m-leader-dot": _area("inner-wall"),
    "m-letter-leader": _line("letter", "0.6"),
    "m-letter-dot": _area("letter"),
    "m-halo-floor": _line("floor", "1.2", **{"stroke-linejoin": "round", "font-weight": "700"}),
    "m-halo-site": _line("site", "1.2", **{"stroke-linejoin": "round", "font-weight": "700"}),
    "m-door": _area("door"),
    "m-door-number": _ink("door-number", 700),
    "m-stem": _line("door", "0.8"),
    "m-plate": _area("plate", "ink", "0.7"),
    "m-plate-text": _ink("ink", 700),
    "m-dark": _area("door"),
    "m-dark-line": _line("door", "1.1"),
    "m-dark-text": _ink("door-number", 700),
    "m-aid": _area("aid"),
    "m-sign": _area("sign-ink"),
    "m-sign-line": _line("sign-ink", "0.9"),
    "m-sign-text": _ink("sign-ink", 700),
    "m-aid-line": _line("aid", "0.9", **{"stroke-linejoin": "round"}),
    "m-gas": _area("gas", "ink", "0.8"),
    "m-gas-text": _ink("gas-ink", 700),
    "m-water": _area("water", "ink", "0.8"),
    "m-fire": _area("fire", "ink", "0.8"),
    "m-fire-flat": _area("fire"),
    "m-fire-open": _area("plate", "fire", "1.1"),
    "m-fire-line": _line("fire", "1"),
    "m-fire-text": _ink("fire", 700),
    "m-hvac": _area("hvac", "ink", "0.8"),
    "m-refuge": _area("water"),
    "m-gray": _area("hvac"),
    "m-condition-line": _line("condition-edge", "0.8"),
    "m-condition": _area("condition", "condition-edge", "0.8"),
    "m-condition-text": _ink("condition-ink", 700),
    "m-condition-sign": _area("condition-ink"),
    "m-condition-on": _area("condition"),
    "m-approach": _line("route", "2.6", **{"stroke-linejoin": "round"}),
    "m-approach-head": _area("route"),
    "m-part": _line("ink", "1.6", **{"stroke-dasharray": "7 4"}),
    "m-part-number": _ink("ink", 700),
}

PAPER_BASE = {".m-map text": f"font-family:{_SANS};text-anchor:middle"}
SCREEN_BASE = {
    ".m-map text": f"font-family:{_SANS},sans-serif;text-anchor:middle;pointer-events:none",
    ".m-link:hover .m-room,.m-link:focus-visible .m-room,.m-found .m-room": "fill:var(--map-found)",
    ".m-link:focus-visible .m-room": "stroke:var(--map-focus);stroke-width:2",
    ".m-link:focus": "outline:none",
}


@cache
def paper_stylesheet() -> str:
    """Return the rules for print: day colors as plain values, fit to stand in the svg itself."""
    rules = [f"{selector}{{{body}}}" for selector, body in PAPER_BASE.items()]
    rules += [f".{name}{{{_body(values, _day)}}}" for name, values in CLASSES.items()]
    return "\n".join(rules)


def screen_stylesheet() -> str:
    """Return the rules for screens: custom properties by day, by night, and by chosen theme."""
    day = "".join(f"--map-{name}:{shades[0]};" for name, shades in TOKENS.items())
    night = "".join(f"--map-{name}:{shades[1]};" for name, shades in TOKENS.items())
    rules = [
        f":root{{{day}}}",
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=day]){{{night}}}}}",
        f":root[data-theme=night]{{{night}}}",
        "@media print{:root,:root[data-theme=night],:root:not([data-theme=day]){" + day + "}}",
    ]
    rules += [f"{selector}{{{body}}}" for selector, body in SCREEN_BASE.items()]
    rules += [f".{name}{{{_body(values, _variable)}}}" for name, values in CLASSES.items()]
    return "\n".join(rules)


def with_day_colors(markup: str) -> str:
    """Return markup whose classes also bear day colors as attributes.

    A rule of a stylesheet is stronger than an attribute, so the same text serves print without
    any stylesheet and a page with one.
    """
    return re.sub(r'class="(m-[a-z-]+)"', _attributes, markup)


def _attributes(match: re.Match[str]) -> str:
    values = CLASSES.get(match[1], {})
    return " ".join(
        [match[0], *(f'{name}="{_day(value)}"' for name, value in sorted(values.items()))]
    )


def _body(values: dict[str, str], shade: Callable[[str], str]) -> str:
    return ";".join(f"{name}:{shade(value)}" for name, value in values.items())


def _day(value: str) -> str:
    return TOKENS[value[1:]][0] if value.startswith("@") else value


def _variable(value: str) -> str:
    return f"var(--map-{value[1:]})" if value.startswith("@") else value
