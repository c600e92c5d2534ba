"""The drawing of a level as a file of its own: title, map, legend, and the list of its rooms."""

from collections.abc import Iterator
from html import escape

from maps.document import MapDocument
from maps.drawing.fonts import REGULAR, text_width
from maps.drawing.model import Drawing, DrawingIncomplete, ListedRoom
from maps.drawing.parts import split_level
from maps.drawing.sheet import draw_level
from maps.drawing.styles import FONT_FAMILY
from maps.drawing.symbols import SIGNS, symbol_svg

# Points of the map itself: Letter, tabloid, and the plotter sheets ARCH C and D, all lying.
SIZES: tuple[tuple[float, float], ...] = (
    (740.0, 520.0), (1140.0, 720.0), (1640.0, 1180.0), (2480.0, 1610.0),
)  # fmt: skip
_MARGIN, _TITLE, _ROW, _TEXT, _SIGN = 12.0, 26.0, 14.0, 8.0, 11.0
_COLUMN = 180.0
_WIDER = 1.2  # a font that stands in for ours is up to a fifth wider
_FALLBACK = f'"{FONT_FAMILY}",Arial,Helvetica,sans-serif'


def draw_level_file(document: MapDocument, level_id: str, *, title: str) -> str:
    """Return a level as a complete SVG file, on the smallest sheet that names its rooms in place.

    Every room stands once: named on the map, or in the list below it. Raises KeyError for a level
    the map has not, and DrawingIncomplete when no sheet holds it.
    """
    fault: DrawingIncomplete | None = None
    for width, height in SIZES:
        largest = (width, height) == SIZES[-1]
        if not largest and split_level(document, level_id, width=width, height=height):
            continue
        try:
            drawing = draw_level(document, level_id, width=width, height=height)
        except DrawingIncomplete as found:
            fault = found
            continue
        return picture(drawing, title=title, document=document)
    raise fault or DrawingIncomplete("no sheet holds this level")


def picture(drawing: Drawing, *, title: str, document: MapDocument) -> str:
    """Return a drawing as a complete SVG file with its title, legend and list of rooms."""
    columns = max(1, int((drawing.width - 2 * _MARGIN) // _COLUMN))
    written = [*_legend(drawing), *_listed(drawing.listed, document)]
    rows = [row for symbol, words in written for row in _rows(symbol, words)]
    depth = -(-len(rows) // columns)
    width = drawing.width + 2 * _MARGIN
    height = _TITLE + drawing.height + depth * _ROW + 2 * _MARGIN
    parts = [
        _head(title, drawing.scale, width, height),
        f'<g transform="translate({_MARGIN:g} {_TITLE:g})">',
        drawing.svg.replace(f'font-family:"{FONT_FAMILY}"', f"font-family:{_FALLBACK}"),
        "</g>",
    ]
    top = _TITLE + drawing.height + _MARGIN
    for number, (symbol, words, start) in enumerate(rows):
        x = _MARGIN + (number // depth) * _COLUMN
        y = top + (number % depth) * _ROW
        parts.append(_row(symbol, words, start, x, y))
    return "".join([*parts, "</svg>\n"])


def _head(title: str, scale: int, width: float, height: float) -> str:
    line = _MARGIN + 8
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}pt" height="{height:g}pt" font-family=\'{_FALLBACK}\'>'
        f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>'
        f'<text x="{_MARGIN:g}" y="{line:g}" font-size="12" font-weight="700">'
        f'{escape(title)}</text><text x="{width - _MARGIN:g}" y="{line:g}" '
        f'font-size="{_TEXT:g}" text-anchor="end">'
        f"1:{scale} when printed at 100 %, true north up</text>"
    )


def _legend(drawing: Drawing) -> Iterator[tuple[str, str]]:
    for item in drawing.legend:
        note = f" ({item.note})" if item.note else ""
        yield item.symbol, f"{item.words}{note}"


def _listed(rooms: tuple[ListedRoom, ...], document: MapDocument) -> Iterator[tuple[str, str]]:
    """Yield "" and words for each of the rooms that the map does not name in place."""
    for room in rooms:
        feature = document.feature(room.feature)
        shown = room.label or next(iter(feature.names), "") or "without number"
        cell = f", {room.cell}" if room.cell else ""
        yield "", f"{f'{room.mark}: ' if room.mark else ''}{shown}{cell}"


def _rows(symbol: str, words: str) -> Iterator[tuple[str, str, float]]:
    """Yield symbol, words and where they begin, of each line that a row needs in its column."""
    known = SIGNS.get(symbol)
    start = known.ratio * _SIGN + 5 if known is not None else 0.0
    line = ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if line and text_width(longer, _TEXT, REGULAR) * _WIDER > _COLUMN - start - 6:
            yield symbol, line, start
            symbol, line = "", word
        else:
            line = longer
    yield symbol, line, start


def _row(symbol: str, words: str, start: float, x: float, y: float) -> str:
    sign = symbol_svg(symbol, _SIGN) if symbol in SIGNS else ""
    drawn = f'<g transform="translate({x:g} {y:g})">{sign}</g>' if sign else ""
    place = f'x="{x + start:g}" y="{y + 9:g}"'
    return f'{drawn}<text {place} font-size="{_TEXT:g}">{escape(words)}</text>'
