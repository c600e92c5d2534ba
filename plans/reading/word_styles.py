"""Styles and numbering of a Word file: which paragraphs are headings, which lists are numbered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plans.reading.word_package import WordPackage

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(r"(?:heading|überschrift|titre|título)\s*(\d)", re.IGNORECASE)
_CONTENTS_NAME = re.compile(r"toc\s*\d|toc heading|table of (?:figures|contents)", re.IGNORECASE)
_BODY_LEVEL = 9  # Word's outline level of plain text
_LONGEST_CHAIN = 20  # styles that inherit in a circle end here


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says, with what it inherits."""

    heading: int | None = None
    contents: bool = False
    bold: bool = False
    size: float = 0.0
    centered: bool = False
    list_id: str = ""
    list_level: int = 0


PLAIN = Style()


def styles_of(package: WordPackage, part: str | None) -> tuple[Mapping[str, Style], Style]:
    """Return the paragraph styles by id, and what holds where a paragraph names none."""
    if part is None or not package.has(part):
        return {}, PLAIN
    root = package.xml(part)
    raw = {item.get(W + "styleId", ""): item for item in root.iter(W + "style")}
    styles = {
        style_id: _style(style_id, raw)
        for style_id, item in raw.items()
        if item.get(W + "type", "paragraph") == "paragraph"
    }
    default = next(
        (i for i, e in raw.items()
         if e.get(W + "default") in {"1", "true"} and e.get(W + "type") == "paragraph"),
        "",
    )  # fmt: skip
    return styles, styles.get(default, PLAIN)


def _style(style_id: str, raw: "Mapping[str, _Element]") -> Style:
    """Return a style with all it inherits: what a nearer style says goes before."""
    heading: int | None = None
    contents = False
    told: dict[str, str] = {}
    for _step in range(_LONGEST_CHAIN):
        item = raw.get(style_id)
        if item is None:
            break
        name = _value(item, "name")
        if heading is None:
            if match := _HEADING_NAME.fullmatch(name.strip()):
                heading = int(match[1])
            elif name.casefold() == "title":
                heading = 0
            elif (level := _value(item, "pPr/outlineLvl")).isdigit() and int(level) < _BODY_LEVEL:
                heading = int(level) + 1
        contents = contents or bool(_CONTENTS_NAME.match(name))
        for key, path in (
            ("bold", "rPr/b"), ("size", "rPr/sz"), ("jc", "pPr/jc"),
            ("list", "pPr/numPr/numId"), ("level", "pPr/numPr/ilvl"),
        ):  # fmt: skip
            node = item.find("/".join(W + step for step in path.split("/")))
            if node is not None and key not in told:
                told[key] = node.get(W + "val", "on")
        style_id = _value(item, "basedOn")
    return Style(
        heading=heading,
        contents=contents,
        bold=told.get("bold", "0") not in {"0", "false"},
        size=_points(told.get("size", "")),
        centered=told.get("jc") == "center",
        list_id=told.get("list", ""),
        list_level=int(told["level"]) if told.get("level", "").isdigit() else 0,
    )


def _value(item: "_Element", path: str) -> str:
    node = item.find("/".join(W + step for step in path.split("/")))
    return node.get(W + "val", "") if node is not None else ""


def _points(half_points: str) -> float:
    """Return a size in points of Word's half points; 0 where none is given."""
    try:
        return float(half_points) / 2
    except ValueError:
        return 0.0


def numbered_lists(package: WordPackage, part: str | None) -> Mapping[tuple[str, int], str]:
    """Return the number format (bullet, decimal, none …) of each list id and level."""
    if part is None or not package.has(part):
        return {}
    root = package.xml(part)
    formats: dict[str, dict[int, str]] = {}
    for abstract in root.iter(W + "abstractNum"):
        levels: dict[int, str] = {}
        for level in abstract.iter(W + "lvl"):
            number = level.get(W + "ilvl", "0")
            if number.isdigit():
                levels[int(number)] = _value(level, "numFmt") or "decimal"
        formats[abstract.get(W + "abstractNumId", "")] = levels
    return {
        (num.get(W + "numId", ""), level): kind
        for num in root.iter(W + "num")
        for level, kind in formats.get(_value(num, "abstractNumId"), {}).items()
    }
