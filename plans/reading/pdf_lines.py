"""Lines of a PDF page with their place, size and weight, as PDFium finds them."""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_WORD = re.compile(r"\S+")
_BOLD_NAME = re.compile(rb"bold|black|heavy|semibd|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
_LONGEST_FONT_NAME = 256
_BROKEN_HYPHEN = "\x02"  # PDFium's mark where a word was parted at the end of a line
_UNKNOWN_SIGNS = dict.fromkeys([*range(9), 11, *range(14, 32), 0xFFFE, 0xFFFF])
_CELL_GAP = 0.75  # of the line's height: a wider gap between words may part cells


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of words in one line. Lengths in points, the origin at the foot of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    bold: bool

    @property
    def size(self) -> float:
        """Return the height of the line, about 1.2 times the size of its type."""
        return self.top - self.bottom


def fragments_of(page: "pdfium.PdfTextPage") -> Iterator[Fragment]:
    """Yield the runs of words of a page in reading order, parted where a gap is wide."""
    text = page.get_text_range()
    start = 0
    for raw in re.split(r"(\r\n|\n|\r)", text):
        if raw.strip():
            yield from _of_line(page, raw, start)
        start += len(raw)


def _of_line(page: "pdfium.PdfTextPage", raw: str, start: int) -> Iterator[Fragment]:
    current: Fragment | None = None
    for match in _WORD.finditer(raw):
        word = match[0].replace(_BROKEN_HYPHEN, "").translate(_UNKNOWN_SIGNS)
        if not word:
            continue
        first = _index(page, start + match.start())
        last = _index(page, start + match.end() - 1)
        left, bottom, _, top = page.get_charbox(first, loose=True)
        _, _, right, _ = page.get_charbox(last, loose=True)
        if current is None:
            current = Fragment(word, left, right, bottom, top, _is_bold(page, first))
        elif left - current.right > _CELL_GAP * max(current.size, 1.0) or left < current.left:
            yield current
            current = Fragment(word, left, right, bottom, top, _is_bold(page, first))
        else:
            strong = current.bold and (match.end() < len(raw) or _is_bold(page, first))
            current = replace(current, text=f"{current.text} {word}", right=right, bold=strong)
    if current is not None:
        yield current


def _index(page: "pdfium.PdfTextPage", place: int) -> int:
    """Return the index of a character by its place in the text; signs without text part them."""
    found = pdfium_c.FPDFText_GetCharIndexFromTextIndex(page.raw, place)
    return found if found >= 0 else place


def _is_bold(page: "pdfium.PdfTextPage", index: int) -> bool:
    if pdfium_c.FPDFText_GetFontWeight(page.raw, index) >= _BOLD_WEIGHT:
        return True
    name = ctypes.create_string_buffer(_LONGEST_FONT_NAME)
    flags = ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(page.raw, index, name, _LONGEST_FONT_NAME, flags)
    return bool(_BOLD_NAME.search(name.value))
