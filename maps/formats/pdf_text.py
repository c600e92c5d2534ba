"""The words that bytes of a PDF font mean."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_PAIR = re.compile(rb"<([0-9A-Fa-f\s]+)>\s*<([0-9A-Fa-f\s]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f\s]+)>")
_PART = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
MOST_CODES = 70_000


@dataclass(frozen=True, slots=True)
class Decoder:
    """Turns the bytes of a font into text; without a table of its own, as Windows-1252."""

    width: int = 1
    table: dict[int, str] = field(default_factory=dict)

    def text(self, shown: bytes) -> str:
        """Return the text of bytes; what has no meaning is left out."""
        if not self.table:
            return shown.decode("cp1252", "ignore") if self.width == 1 else ""
        codes = (
            int.from_bytes(shown[at : at + self.width], "big")
            for at in range(0, len(shown), self.width)
        )
        return "".join(self.table.get(code, "") for code in codes)


def decoder_of(
    resources: Any, font: Any, unpacked: Callable[[pikepdf.Stream], bytes]
) -> Decoder | None:
    """Return the decoder of a font of the page, or None when the page does not have it."""
    fonts = resources.get("/Font") if resources is not None else None
    found = fonts.get(str(font)) if fonts is not None else None
    if not isinstance(found, pikepdf.Dictionary):
        return None
    width = 2 if found.get("/Subtype") == "/Type0" else 1
    to_unicode = found.get("/ToUnicode")
    if not isinstance(to_unicode, pikepdf.Stream):
        return Decoder(width)
    return Decoder(width, _table(unpacked(to_unicode)))


def _table(cmap: bytes) -> dict[int, str]:
    table: dict[int, str] = {}
    for part in _PART.finditer(cmap):
        if part[1] == b"bfchar":
            for code, text in _PAIR.findall(part[2]):
                table[int(code.translate(None, b" \r\n\t"), 16)] = _text(text)
            continue
        for first, last, text in _RANGE.findall(part[2]):
            start, end = int(first, 16), int(last, 16)
            base = _text(text)
            if not base or end - start > MOST_CODES:
                continue
            for step in range(end - start + 1):
                point = ord(base[-1]) + step
                if point <= 0x10FFFF:
                    table[start + step] = base[:-1] + chr(point)
        if len(table) > MOST_CODES:
            break
    return table


def _text(digits: bytes) -> str:
    plain = digits.translate(None, b" \r\n\t").decode("ascii")
    return bytes.fromhex(plain if len(plain) % 2 == 0 else f"{plain}0").decode(
        "utf-16-be", "ignore"
    )
