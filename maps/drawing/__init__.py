"""Drawing maps as SVG: levels, the site, and the signs they share."""

from maps.drawing.embedding import in_page
from maps.drawing.index import draw_parts_index
from maps.drawing.model import (
    Claim,
    Drawing,
    DrawingIncomplete,
    LegendItem,
    ListedRoom,
    Mark,
    Part,
)
from maps.drawing.parts import split_level
from maps.drawing.sheet import draw_level
from maps.drawing.site import draw_site
from maps.drawing.styles import paper_stylesheet, screen_stylesheet
from maps.drawing.symbols import SIGNS, scale_bar_svg, symbol_svg

__all__ = [
    "SIGNS",
    "Claim",
    "Drawing",
    "DrawingIncomplete",
    "LegendItem",
    "ListedRoom",
    "Mark",
    "Part",
    "draw_level",
    "draw_parts_index",
    "draw_site",
    "in_page",
    "paper_stylesheet",
    "scale_bar_svg",
    "screen_stylesheet",
    "split_level",
    "symbol_svg",
]
