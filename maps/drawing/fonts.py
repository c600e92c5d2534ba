"""Widths of Public Sans text, from the advance widths of its files."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

REGULAR, SEMIBOLD, BOLD = 400, 600, 700
CAP_HEIGHT = 0.723  # of the font size, as in the OS/2 table of Public Sans 1.008
DESCENT = 0.21  # of the font size, depth of g, p and y
LINE_PITCH = 1.12  # of the font size, between lines of one label


@cache
def _advances() -> dict[str, dict[str, int]]:
    data: dict[str, Any] = json.loads(
        files("maps.drawing").joinpath("metrics.json").read_text(encoding="utf-8")
    )
    advances: dict[str, dict[str, int]] = data["advances"]
    return advances


@cache
def text_width(text: str, size: float, weight: int) -> float:
    """Return the width of a line in the unit of `size`; kerning is left out, so never too narrow.

    A sign that the metrics do not hold counts as wide as the widest.
    """
    advances = _advances()[str(weight)]
    widest = max(advances.values())
    return sum(advances.get(sign, widest) for sign in text) * size / 1000
