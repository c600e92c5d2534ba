"""Web pages: their visible words, headings, lists, tables and pictures. Scripts, styles, handlers,
forms' values, frames and far pictures are never kept; nothing is fetched.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote_to_bytes

from lxml import etree, html

from plans.reading.inline import escaped, strong_where
from plans.reading.result import PlanRefused
from plans.reading.source import (
    CONTENTS,
    FURNITURE,
    Element,
    Look,
    Paragraph,
    Picture,
    Remark,
    SetAside,
    Source,
    Table,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption",
    "option", "select", "dir", "noscript",
}  # fmt: skip
_NEVER = {
    "script": "script", "style": "style", "template": "template", "iframe": "frame",
    "frame": "frame", "object": "embedded object", "embed": "embedded object", "applet": "script",
    "audio": "sound", "video": "film", "canvas": "drawing by script", "head": "", "title": "",
    "meta": "", "link": "", "base": "", "svg": "drawing",
}  # fmt: skip
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_SIZE = re.compile(r"font-size\s*:\s*([\d.]+)\s*(pt|px)", re.IGNORECASE)
_HEADING = re.compile(r"h([1-6])")
_DEEPEST = 120  # deeper text is read without its structure
_FEWEST_CONTENTS = 3  # so many links within the page make a list a table of contents
_PIXELS_PER_POINT = 4 / 3


@dataclass(slots=True)
class _Flow:
    """The inline words gathered since the last block began."""

    parts: list[tuple[str, bool]] = field(default_factory=list)
    size: float = 0.0
    after: list[Picture] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for everything inside an element."""

    bold: bool = False
    size: float = 0.0
    heading: int | None = None
    depth: int | None = None
    ordered: bool = False
    centered: bool = False
    pre: bool = False
    aside: str = ""
    level: int = 0


def read_html(name: str, text: str) -> Source:
    """Return the elements of a web page; raises PlanRefused where nothing of it can be parsed."""
    parser = html.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, recover=True, huge_tree=True
    )
    cleaned = re.sub(r"^\s*<\?xml[^>]*>", "", text)
    try:
        root = html.document_fromstring(cleaned, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise PlanRefused("file_broken", f"The web page cannot be read: {error}", name,
                          "Open it in a browser and save it again") from None  # fmt: skip
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise PlanRefused("too_deep", "The web page is nested too deeply", name,
                          "Open it in a browser and save it again")  # fmt: skip
    return _Reader().read(root)


class _Reader:
    """Walks one page."""

    def __init__(self) -> None:
        self.elements: list[Element] = []
        self.remarks: dict[str, Remark] = {}
        self.flow = _Flow()
        self.count = 0
        self.tables = 0

    def read(self, root: "_Element") -> Source:
        for node in root.iter(etree.Element):
            self._notice(node)
        self._inside(root, _Around())
        self._close(_Around())
        return Source("html", tuple(self.elements), tuple(self.remarks.values()))

    def _notice(self, node: "_Element") -> None:
        tag = str(node.tag)
        if tag == "script" or any(str(key).lower().startswith("on") for key in node.attrib):
            self._remark("script_dropped", "info", "Scripts of the page are not kept",
                         "Nothing needs doing: only its words are read")  # fmt: skip
        elif tag in {"iframe", "frame", "object", "embed"}:
            self._remark("embedded_object", "warning", "The page shows another page or object",
                         "Read that document by itself")  # fmt: skip

    def _remark(
        self, code: str, severity: Literal["warning", "info"], what: str, mend: str
    ) -> None:
        self.remarks.setdefault(code, Remark(code, severity, self._place(), what, mend))

    def _place(self) -> str:
        return f"paragraph {self.count + 1}"

    def _inside(self, node: "_Element", around: _Around) -> None:
        self._say(node.text, around)
        for child in node:
            if isinstance(child.tag, str):
                self._child(child, around)
            self._say(child.tail, around)

    def _child(self, node: "_Element", around: _Around) -> None:
        tag = str(node.tag)
        if tag in _NEVER:
            return
        if around.level > _DEEPEST:
            self._say(" ".join(str(part) for part in node.itertext()), around)
            return
        if tag == "br":
            self._say("\n", around, as_it_is=True)
        elif tag == "img":
            self._image(node)
        elif tag in {"input", "textarea", "button"}:
            self._remark("form_dropped", "info", "Values of a form's fields are not kept",
                         "Write them into the document as text")  # fmt: skip
        elif tag == "table" and _holds_data(node):
            self._close(around)
            self._table(node, around)
        elif tag in _BLOCKS or _heading_role(node):
            self._block(node, tag, around)
        else:
            self._inside(node, _with_style(node, tag, around))

    def _block(self, node: "_Element", tag: str, around: _Around) -> None:
        self._close(around)
        inner = _with_style(node, tag, around)
        style = node.get("style", "")
        level = _HEADING.fullmatch(tag)
        heading = int(level[1]) if level else _heading_role(node) or around.heading
        depth, ordered = around.depth, around.ordered
        if tag in {"ul", "ol", "menu", "dir"}:
            depth = 0 if depth is None else depth + 1
            ordered = tag == "ol"
        aside = around.aside or _why_aside(node, tag, style)
        inner = _Around(
            inner.bold, inner.size, heading, depth, ordered,
            around.centered or tag == "center" or "center" in (node.get("align", "") + style),
            around.pre or tag == "pre", aside, around.level + 1,
        )  # fmt: skip
        self._inside(node, inner)
        self._close(inner)

    def _say(self, text: str | None, around: _Around, *, as_it_is: bool = False) -> None:
        if not text:
            return
        words = text if as_it_is or around.pre else re.sub(r"\s+", " ", text)
        self.flow.parts.append((words, around.bold))
        if words.strip():
            self.flow.size = max(self.flow.size, around.size)

    def _close(self, around: _Around) -> None:
        """End the paragraph that was being gathered."""
        flow, self.flow = self.flow, _Flow()
        text = "".join(part for part, _ in flow.parts).strip()
        if text:
            place = self._place()
            self.count += 1
            if around.aside:
                self.elements.append(SetAside(text, place, around.aside))
            else:
                bold = all(strong for part, strong in flow.parts if part.strip())
                self.elements.append(
                    Paragraph(
                        text,
                        place,
                        strong_where(flow.parts),
                        around.heading,
                        around.depth,
                        around.ordered,
                        Look(flow.size, bold, around.centered),
                    )
                )
        self.elements.extend(flow.after)

    def _image(self, node: "_Element") -> None:
        source, alt = node.get("src", ""), " ".join(node.get("alt", "").split())
        if {node.get("width", ""), node.get("height", "")} & {"0", "1"}:
            self._remark("tracking_dropped", "info", "A tracking picture is not kept",
                         "Nothing needs doing")  # fmt: skip
            return
        content = _embedded(source)
        if not content:
            self._remark("picture_outside", "warning", "A picture is not in the file",
                         "Add the picture to the plan by hand")  # fmt: skip
        name = "picture" if content else source.rpartition("/")[2].partition("?")[0][:80]
        self.flow.after.append(Picture(name or "picture", alt, self._place(), content))

    def _table(self, node: "_Element", around: _Around) -> None:
        self.tables += 1
        place = f"table {self.tables}"
        caption = node.find("caption")
        if caption is not None and (text := _words(caption)):
            self.elements.append(Paragraph(text, place, escaped(text)))
        rows = tuple(
            tuple(_words(cell) for cell in row if cell.tag in {"td", "th"})
            for row in node.iter("tr")
            if _nearest_table(row) is node
        )
        for image in node.iter("img"):
            self._image(image)
        rows = tuple(row for row in rows if row)
        if rows:
            table = Table(rows, place)
            item: Element = SetAside(table.text, place, around.aside) if around.aside else table
            if not isinstance(item, SetAside) or item.text.strip():
                self.elements.append(item)
        self.elements.extend(self.flow.after)
        self.flow = _Flow()


def _with_style(node: "_Element", tag: str, around: _Around) -> _Around:
    style = node.get("style", "")
    bold = around.bold or tag in {"b", "strong", "th"} or bool(_BOLD.search(style))
    size = around.size
    if match := _SIZE.search(style):
        number = float(match[1]) if match[1].count(".") < 2 and match[1] != "." else 0.0
        size = number / (_PIXELS_PER_POINT if match[2].lower() == "px" else 1.0)
    hidden = _why_aside(node, tag, style) if tag not in _BLOCKS else ""
    return _Around(
        bold, size, around.heading, around.depth, around.ordered, around.centered, around.pre,
        around.aside or hidden, around.level + 1,
    )  # fmt: skip


def _why_aside(node: "_Element", tag: str, style: str) -> str:
    names = f"{node.get('id', '')} {node.get('class', '')}".split()
    if _HIDING.search(style) or node.get("hidden") is not None:
        return "hidden on the page"
    if tag == "noscript":
        return "shown only where scripts are off"
    if tag in {"nav", "ul", "ol", "div"} and ("toc" in names or _links_within(node, tag)):
        return CONTENTS
    furniture = tag == "nav" or (tag in {"header", "footer"} and _is_page_furniture(node))
    return FURNITURE if furniture else ""


def _links_within(node: "_Element", tag: str) -> bool:
    """Tell whether nearly all words of a list are links to places of the same page."""
    if tag == "div":
        return False
    links = [link for link in node.iter("a") if link.get("href", "").startswith("#")]
    linked = sum(len(_words(link)) for link in links)
    return len(links) >= _FEWEST_CONTENTS and linked >= 0.7 * len(_words(node))


def _is_page_furniture(node: "_Element") -> bool:
    within = {str(parent.tag) for parent in node.iterancestors()}
    if within & {"article", "main", "section"}:
        return False
    return not any(_HEADING.fullmatch(str(child.tag)) for child in node.iter(etree.Element))


def _heading_role(node: "_Element") -> int | None:
    if node.get("role") == "heading":
        level = node.get("aria-level", "2")
        return int(level) if level.isdigit() and 1 <= int(level) <= 9 else 2
    return None


def _holds_data(table: "_Element") -> bool:
    """Tell a table of data from one that only lays out a page around headings and tables."""
    if table.get("role") in {"presentation", "none"}:
        return False
    inner = {str(node.tag) for node in table.iter(etree.Element)} - {"table"}
    nested = sum(1 for _ in table.iter("table")) > 1
    return not nested and not any(_HEADING.fullmatch(tag) for tag in inner)


def _nearest_table(row: "_Element") -> "_Element | None":
    return next(row.iterancestors("table"), None)


def _words(node: "_Element") -> str:
    """Return the words of an element without those never kept; blocks part words."""
    parts: list[str] = [node.text or ""]
    for child in node:
        tag = str(child.tag)
        if isinstance(child.tag, str) and tag not in _NEVER:
            inside = _words(child)
            parts.append(f" {inside} " if tag in _BLOCKS or tag == "br" else inside)
            if tag in {"br", "li", "p", "div"}:
                parts.append("\n")
        parts.append(child.tail or "")
    lines = [" ".join(line.split()) for line in "".join(parts).split("\n")]
    joined = "\n".join(line for line in lines if line)
    if "".join(parts)[:1].isspace() and joined:
        joined = " " + joined
    if "".join(parts)[-1:].isspace() and joined:
        joined += " "
    return joined if node.tag not in _BLOCKS else joined.strip()


def _embedded(source: str) -> bytes:
    match = re.match(r"data:image/[\w.+-]+(;base64)?,", source[:100])
    if not match:
        return b""
    body = source[match.end() :]
    try:
        return base64.b64decode(body, validate=False) if match[1] else unquote_to_bytes(body)
    except (binascii.Error, ValueError):
        return b""
