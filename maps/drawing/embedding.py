"""A paper drawing inside a page, whose policy bars a stylesheet in the drawing."""

import re

from maps.drawing.model import Drawing
from maps.drawing.styles import FONT_FAMILY, with_day_colors

_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


def in_page(drawing: Drawing) -> str:
    """Return the svg of a paper drawing with its day colors as attributes, by day and by night."""
    bare = _STYLE.sub("", drawing.svg, count=1)
    head, bracket, body = bare.partition(">")
    return (
        f'{head} font-family="{FONT_FAMILY}" text-anchor="middle"{bracket}{with_day_colors(body)}'
    )
