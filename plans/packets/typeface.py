"""Which characters Public Sans has, and what stands for those that it has not."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

REGULAR = "PublicSans-Regular.ttf"
STAND_INS: Mapping[str, str] = {
    "→": "->", "←": "<-", "↑": "up", "↓": "down", "↔": "<->", "✓": "yes", "✔": "yes", "✗": "no",
    "✘": "no", "☐": "[ ]", "☑": "[x]", "☒": "[x]", "▪": "•", "■": "•", "●": "•", "‣": "•",
    "−": "-", "‑": "-", "‒": "–", "―": "—", "⁄": "/", "≈": "about", "≤": "at most",
    "≥": "at least", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ", "\u200b": "",
    "\u00ad": "", "\ufeff": "", "\t": " ",
}  # fmt: skip
MISSING = "?"


def font_path(name: str = REGULAR) -> Path:
    """Return the path of a font file that the product carries."""
    return Path(str(files("backend").joinpath("web", "fonts", name)))


@cache
def characters() -> frozenset[int]:
    """Return the code points that the regular weight has."""
    return frozenset(TTFont(font_path(), lazy=True).getBestCmap())


class Fitting:
    """Makes texts fit the typeface and counts the signs that nothing could stand for."""

    def __init__(self) -> None:
        """Start counting at none."""
        self.missing = 0

    def text(self, words: str) -> str:
        """Return the text in signs that the typeface has; “?” for what it cannot show."""
        if words.isascii():
            return words if "\t" not in words else words.replace("\t", " ")
        return "".join(self._sign(sign) for sign in unicodedata.normalize("NFC", words))

    def all(self, value: Any) -> Any:
        """Return JSON with every text in it made to fit."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list | tuple):
            return [self.all(part) for part in value]
        if isinstance(value, dict):
            return {name: self.all(part) for name, part in value.items()}
        return value

    def _sign(self, sign: str) -> str:
        known = characters()
        if ord(sign) in known or sign == "\n":
            return sign
        if sign in STAND_INS:
            return STAND_INS[sign]
        plain = "".join(s for s in unicodedata.normalize("NFKD", sign) if ord(s) in known)
        if plain:
            return plain
        if unicodedata.category(sign) in {"Mn", "Cf", "Cc"}:
            return ""
        self.missing += 1
        return MISSING
