"""Word documents (.docx): every word of text, tables, text boxes, notes, charts of boxes, and of
page heads and feet, read from the parts themselves.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from plans.reading.inline import escaped, strong_where
from plans.reading.source import (
    CONTENTS,
    PAGE_FOOT,
    PAGE_HEAD,
    Element,
    Look,
    Paragraph,
    Picture,
    Remark,
    SetAside,
    Source,
    Table,
)
from plans.reading.word_package import Relation, WordPackage, open_package
from plans.reading.word_styles import PLAIN, Style, W, numbered_lists, styles_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_V = "{urn:schemas-microsoft-com:vml}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_TEXTS = {W + "t", _M + "t"}
_SIGNS = {
    W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "ptab": "\t", W + "noBreakHyphen": "-",
    W + "softHyphen": "",
}  # fmt: skip
_SKIPPED = {
    W + "pPr", W + "rPr", W + "instrText", W + "delInstrText", W + "fldData", W + "sdtPr",
    W + "sdtEndPr", W + "tblPr", W + "tblGrid", W + "trPr", W + "tcPr", W + "sectPr",
    _MC + "Fallback", W + "proofErr", W + "bookmarkStart", W + "bookmarkEnd",
}  # fmt: skip
_GONE = {W + "del", W + "moveFrom"}
_DEEPEST = 60  # nested tables and boxes beyond this are read as one text
_SYMBOL_FONT_OFFSET = 0xF000  # Word keeps signs of symbol fonts in the private area
_CONTENTS_FIELD = re.compile(r"\s*TOC\b")


@dataclass(slots=True)
class _Run:
    """The words of a paragraph so far, and what hangs on it."""

    parts: list[tuple[str, bool]] = field(default_factory=list)  # text, strong
    removed: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    after: list[Element] = field(default_factory=list)
    size: float = 0.0
    underlined: bool = True
    centered: bool = False
    prompt: bool = False


def read_word(name: str, data: bytes) -> Source:
    """Return the elements of a Word document; raises PlanRefused for what is none or is damaged."""
    package = open_package(name, data)
    main = package.main_part()
    return _Reader(package, main).read()


class _Reader:
    """Reads one document; keeps what its parts say of styles, lists, notes and pictures."""

    def __init__(self, package: WordPackage, main: str) -> None:
        self.package = package
        self.main = main
        self.relations = package.relations(main)
        self.styles, self.default = styles_of(package, self._part("styles"))
        self.lists = numbered_lists(package, self._part("numbering"))
        self.notes: dict[tuple[str, str], _Element] = {}
        for kind in ("footnote", "endnote"):
            if (part := self._part(f"{kind}s")) is not None:
                for note in package.xml(part).iter(W + kind):
                    if note.get(W + "type", "normal") == "normal":
                        self.notes[kind, note.get(W + "id", "")] = note
        self.remarks: list[Remark] = []
        self.count = 0
        self.tables = 0

    def read(self) -> Source:
        """Return all of it: the body, notes nobody refers to, comments, page heads and feet."""
        root = self.package.xml(self.main)
        body = root.find(W + "body")
        elements = list(self._blocks(body, 0)) if body is not None else []
        for note in list(self.notes.values()):
            elements.extend(self._blocks(note, 0))
        elements.extend(self._side_parts())
        if any(relation.kind == "aFChunk" for relation in self.relations.values()):
            self._remark("embedded_part", "warning", "Another document is embedded and is not read",
                         "Open the file in Word, save it anew, and read it again")  # fmt: skip
        return Source("docx", tuple(elements), tuple(dict.fromkeys(self.remarks)))

    def _part(self, kind: str) -> str | None:
        return next(
            (r.target for r in self.relations.values() if r.kind == kind and not r.outside), None
        )

    def _remark(
        self, code: str, severity: Literal["warning", "info"], what: str, mend: str
    ) -> None:
        self.remarks.append(Remark(code, severity, self._place(), what, mend))

    def _place(self) -> str:
        return f"paragraph {self.count}"

    def _blocks(self, parent: "_Element", depth: int) -> Iterator[Element]:
        """Yield paragraphs and tables below an element, through content controls and the like."""
        for child in parent:
            tag = child.tag
            if tag == W + "p":
                yield from self._paragraph(child, depth)
            elif tag == W + "tbl":
                yield from self._table(child, depth)
            elif tag == W + "sdt":
                gallery = child.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
                content = child.find(W + "sdtContent")
                if content is None:
                    continue
                inner = self._blocks(content, depth)
                if gallery is not None and gallery.get(W + "val") == "Table of Contents":
                    yield from (_aside(item, CONTENTS) for item in inner)
                elif child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
                    yield from (_as_prompt(item) for item in inner)
                else:
                    yield from inner
            elif tag in _GONE:
                yield from (_aside(item, "deleted in tracked changes")
                            for item in self._blocks(child, depth))  # fmt: skip
            elif tag not in _SKIPPED and isinstance(tag, str):
                yield from self._blocks(child, depth)

    def _paragraph(self, node: "_Element", depth: int) -> Iterator[Element]:
        self.count += 1
        place = self._place()
        properties = node.find(W + "pPr")
        style = self._style(properties)
        run = _Run()
        self._collect(node, run, style, depth)
        text = "".join(part for part, _ in run.parts)
        if text.strip():
            paragraph = self._made(text, place, properties, style, run)
            instructions = "".join(i.text or "" for i in node.iter(W + "instrText"))
            listed = style.contents or bool(_CONTENTS_FIELD.match(instructions))
            yield _aside(paragraph, CONTENTS) if listed else paragraph
        for words, why in (
            (run.removed, "deleted in tracked changes"),
            (run.hidden, "hidden text"),
        ):
            if (joined := "".join(words)).strip():
                yield SetAside(joined, place, why)
        yield from run.after

    def _style(self, properties: "_Element | None") -> Style:
        named = properties.find(W + "pStyle") if properties is not None else None
        if named is None:
            return self.default
        return self.styles.get(named.get(W + "val", ""), PLAIN)

    def _made(
        self, text: str, place: str, properties: "_Element | None", style: Style, run: _Run
    ) -> Paragraph:
        heading, list_id, level = style.heading, style.list_id, style.list_level
        centered = style.centered
        if properties is not None:
            outline = properties.find(W + "outlineLvl")
            if outline is not None and outline.get(W + "val", "9") in "012345678":
                heading = int(outline.get(W + "val", "0")) + 1
            numbering = properties.find(W + "numPr")
            if numbering is not None:
                found = {child.tag: child.get(W + "val", "") for child in numbering}
                list_id = found.get(W + "numId", list_id)
                given = found.get(W + "ilvl", "")
                level = int(given) if given.isdigit() else level
            justified = properties.find(W + "jc")
            if justified is not None:
                centered = justified.get(W + "val") == "center"
        kind = self.lists.get((list_id, level), "")
        listed = bool(list_id) and list_id != "0" and kind != "none" and heading is None
        bold = all(strong for part, strong in run.parts if part.strip())
        return Paragraph(
            text=text,
            place=place,
            markdown=strong_where(run.parts),
            heading=heading,
            depth=level if listed else None,
            ordered=listed and kind != "bullet",
            look=Look(run.size or style.size, bold, centered, run.underlined),
            prompt=run.prompt,
        )

    def _collect(self, node: "_Element", run: _Run, style: Style, depth: int) -> None:
        for child in node:
            tag = child.tag
            if tag == W + "r":
                self._of_run(child, run, style, depth)
            elif tag in _GONE:
                run.removed.extend(t.text or "" for t in child.iter(W + "t", W + "delText"))
            elif tag == W + "sdt" and child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
                run.prompt = True
                self._collect(child, run, style, depth)
            elif tag in _TEXTS:
                run.parts.append((child.text or "", False))
            elif tag not in _SKIPPED and isinstance(tag, str):
                self._collect(child, run, style, depth)

    def _of_run(self, node: "_Element", run: _Run, style: Style, depth: int) -> None:
        strong, underlined, hidden = style.bold, False, False
        size = 0.0
        properties = node.find(W + "rPr")
        if properties is not None:
            for item in properties:
                value = item.get(W + "val", "on")
                on = value not in {"0", "false", "none", "off"}
                if item.tag == W + "b":
                    strong = on
                elif item.tag == W + "u":
                    underlined = on
                elif item.tag == W + "vanish":
                    hidden = on
                elif item.tag == W + "sz" and value.isdigit():
                    size = int(value) / 2
        words: list[str] = []
        self._run_content(node, words, run, depth)
        text = "".join(words)
        if not text:
            return
        if hidden:
            run.hidden.append(text)
            return
        if text.strip():
            run.size = max(run.size, size)
            run.underlined = run.underlined and underlined
        run.parts.append((text, strong))

    def _run_content(self, node: "_Element", words: list[str], run: _Run, depth: int) -> None:
        for child in node:
            tag = child.tag
            if tag in _TEXTS:
                words.append(child.text or "")
            elif tag == W + "delText":
                run.removed.append(child.text or "")
            elif tag in _SIGNS:
                words.append(_SIGNS[tag])
            elif tag == W + "sym":
                words.append(_symbol(child.get(W + "char", "")))
            elif tag in {W + "footnoteReference", W + "endnoteReference"}:
                key = (tag.removeprefix(W).removesuffix("Reference"), child.get(W + "id", ""))
                if (note := self.notes.pop(key, None)) is not None:
                    run.after.extend(self._blocks(note, depth + 1))
            elif tag == W + "txbxContent":
                if depth < _DEEPEST:
                    run.after.extend(self._blocks(child, depth + 1))
            elif tag in {W + "drawing", W + "pict", W + "object"}:
                self._drawing(child, run, depth)
            elif tag not in _SKIPPED and isinstance(tag, str):
                self._run_content(child, words, run, depth)

    def _drawing(self, node: "_Element", run: _Run, depth: int) -> None:
        described = next(node.iter(_WP + "docPr"), None)
        alt = (
            (described.get("descr") or described.get("title") or "")
            if described is not None
            else ""
        )
        for blip in node.iter(_A + "blip", _V + "imagedata"):
            target = blip.get(_R + "embed") or blip.get(_R + "id") or blip.get(_R + "link") or ""
            self._picture(self.relations.get(target), alt, run)
        for chart in node.iter(_DGM + "relIds"):
            relation = self.relations.get(chart.get(_R + "dm", ""))
            if relation and not relation.outside and self.package.has(relation.target):
                run.after.extend(self._chart(relation.target))
        if node.tag == W + "object":
            self._remark("embedded_object", "info", "An object of another program is not read",
                         "Put its content into the document as text or table")  # fmt: skip
        self._boxes(node, run, depth)

    def _boxes(self, node: "_Element", run: _Run, depth: int) -> None:
        for child in node:
            if child.tag == W + "txbxContent":
                if depth < _DEEPEST:
                    run.after.extend(self._blocks(child, depth + 1))
            elif child.tag not in _SKIPPED and isinstance(child.tag, str):
                self._boxes(child, run, depth)

    def _picture(self, relation: Relation | None, alt: str, run: _Run) -> None:
        if relation is None:
            return
        if relation.outside:
            self._remark("picture_outside", "warning", "A picture is not in the file",
                         "Open the file in Word and insert the picture into it")  # fmt: skip
        elif self.package.has(relation.target):
            content = self.package.part(relation.target)
            name = relation.target.rpartition("/")[2]
            run.after.append(Picture(name, alt, self._place(), content))

    def _chart(self, part: str) -> Iterator[Element]:
        """Yield the words in the boxes of a chart (SmartArt), a paragraph a box."""
        for point in self.package.xml(part).iter(_DGM + "pt"):
            lines = ["".join(t.text or "" for t in p.iter(_A + "t")) for p in point.iter(_A + "p")]
            if text := "\n".join(line for line in lines if line.strip()):
                yield Paragraph(text, self._place(), escaped(text), depth=0)

    def _table(self, node: "_Element", depth: int) -> Iterator[Element]:
        """Yield one table; a table of one cell, and one too deep, is a frame around its text."""
        self.tables += 1
        place = f"table {self.tables}"
        rows: list[tuple[str, ...]] = []
        beside: list[Element] = []
        for row in _rows(node):
            cells: list[str] = []
            for cell in _cells(row):
                inside = list(self._blocks(cell, depth + 1)) if depth < _DEEPEST else []
                texts = [item.text for item in inside if isinstance(item, (Paragraph, Table))]
                cells.append("\n".join(texts).strip())
                beside.extend(i for i in inside if isinstance(i, (Picture, SetAside)))
                if len(_cells(row)) == 1 and _only_row(node):
                    yield from inside
                    return
            if cells:
                rows.append(tuple(cells))
        if any(cell for row in rows for cell in row) or rows:
            yield Table(tuple(rows), place)
        yield from beside

    def _side_parts(self) -> Iterator[Element]:
        seen: set[str] = set()
        kinds: Mapping[str, str] = {
            "header": PAGE_HEAD, "footer": PAGE_FOOT, "comments": "comment of a reviewer",
        }  # fmt: skip
        for relation in self.relations.values():
            why = kinds.get(relation.kind)
            if not why or relation.outside or relation.target in seen:
                continue
            seen.add(relation.target)
            if not self.package.has(relation.target):
                continue
            main, self.relations = self.relations, self.package.relations(relation.target)
            for item in list(self._blocks(self.package.xml(relation.target), 0)):
                if not isinstance(item, Picture):
                    yield _aside(item, why, why)
            self.relations = main


def _rows(table: "_Element") -> Iterator["_Element"]:
    for child in table:
        if child.tag == W + "tr":
            yield child
        elif child.tag not in _SKIPPED and child.tag != W + "tbl" and isinstance(child.tag, str):
            yield from _rows(child)


def _cells(row: "_Element") -> list["_Element"]:
    found: list[_Element] = []
    for child in row:
        if child.tag == W + "tc":
            found.append(child)
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            found.extend(_cells(child))
    return found


def _only_row(table: "_Element") -> bool:
    return len(list(_rows(table))) == 1


def _aside(item: Element, why: str, place: str | None = None) -> Element:
    if isinstance(item, (Picture, SetAside)):
        return item
    return SetAside(item.text, place or item.place, why)


def _as_prompt(item: Element) -> Element:
    if not isinstance(item, Paragraph):
        return item
    return Paragraph(item.text, item.place, item.markdown, item.heading, item.depth, item.ordered,
                     item.look, prompt=True)  # fmt: skip


def _symbol(code: str) -> str:
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    if value >= _SYMBOL_FONT_OFFSET:
        return "•" if value != 0xF0A8 else "☐"
    return chr(value)
