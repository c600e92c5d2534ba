"""Markdown and plain text: every line of the file ends in exactly one element."""

import re
from collections.abc import Iterator, Sequence

from lxml import html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from plans.reading.inline import escaped
from plans.reading.source import Element, Look, Paragraph, Picture, Remark, SetAside, Source, Table

_LINE_ENDS = re.compile(r"\r\n?|\x0c|\x0b")
_FRONT_MATTER = re.compile(r"\A---\n(?:[\w-]+:.*\n|[ \t]*-(?!--).*\n|[ \t]*\n)+---\n")
_SCRIPT = re.compile(r"<\s*(?:script|style|iframe|object|embed)\b", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
_PICTURE = re.compile(r"!\[(?P<alt>[^\[\]]*)\]\((?P<to>[^()\s]*)[^()]*\)")
_OUTWARD = re.compile(r"\]\((?!https?:|mailto:|tel:)[^()\s]*(?:\s[^()]*)?\)", re.IGNORECASE)
_BOLD_LINE = re.compile(r"\s*(?:\*\*|__)(?P<text>[^*_\n]+)(?:\*\*|__):?\s*")


def read_markdown(text: str) -> Source:
    """Return the elements of a Markdown text: headings, lists, tables by their marks."""
    lines = _LINE_ENDS.sub("\n", text)
    return _Marked(lines).read()


class _Marked:
    """Reads one text; each line is taken by one element, those that none takes are listed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.taken = [False] * len(self.lines)
        self.scripts = False

    def read(self) -> Source:
        elements: list[Element] = []
        if match := _FRONT_MATTER.match(self.text):
            end = match[0].count("\n")
            elements.append(SetAside(match[0], "line 1", "front matter of the file"))
            self.taken[:end] = [True] * end
            self.text = "\n" * end + self.text[match.end() :]
        parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable("table")
        elements.extend(self._of(parser.parse(self.text)))
        left = [number for number, taken in enumerate(self.taken) if not taken]
        for number in left:
            if self.lines[number].strip():
                where = f"line {number + 1}"
                elements.append(SetAside(self.lines[number], where, "a mark that shows no words"))
        script = Remark("script_dropped", "info", "", "Scripts in the text are not kept",
                        "Nothing needs doing: only its words are read")  # fmt: skip
        return Source("markdown", tuple(elements), (script,) if self.scripts else ())

    def _of(self, tokens: Sequence[Token]) -> Iterator[Element]:
        lists: list[bool] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type in {"bullet_list_open", "ordered_list_open"}:
                lists.append(token.type == "ordered_list_open")
            elif token.type in {"bullet_list_close", "ordered_list_close"}:
                lists.pop()
            elif token.type == "heading_open":
                yield from self._lines(token, heading=int(token.tag[1]), inline=tokens[index + 1])
            elif token.type == "paragraph_open":
                yield from self._lines(token, lists=lists, inline=tokens[index + 1])
            elif token.type == "table_open":
                end = next(i for i in range(index, len(tokens)) if tokens[i].type == "table_close")
                yield from self._table(token, tokens[index:end])
                index = end
            elif token.type in {"fence", "code_block"}:
                yield from self._lines(token, lists=lists)
            elif token.type == "html_block":
                yield from self._html(token)
            index += 1

    def _raw(self, token: Token) -> tuple[str, str]:
        """Take the lines of a token that are still free; return them and their place."""
        first, last = token.map or (0, 0)
        free = [number for number in range(first, last) if not self.taken[number]]
        for number in free:
            self.taken[number] = True
        return "\n".join(self.lines[n] for n in free), f"line {first + 1}"

    def _lines(
        self,
        token: Token,
        *,
        heading: int | None = None,
        lists: Sequence[bool] = (),
        inline: Token | None = None,
    ) -> Iterator[Element]:
        raw, place = self._raw(token)
        if not raw.strip():
            return
        content = inline.content if inline else token.content
        for match in _PICTURE.finditer(content):
            yield Picture(match["to"].rpartition("/")[2] or "picture", match["alt"], place)
        shown = _PICTURE.sub(lambda m: m["alt"], content)
        if inline and _TAG.search(shown):
            shown = _TAG.sub("", shown)
        plain = _plain(inline) if inline else content
        bold = bool(_BOLD_LINE.fullmatch(shown))
        yield Paragraph(
            text=plain if plain.strip() else raw,
            place=place,
            markdown=_OUTWARD.sub("]", shown) if inline else escaped(content),
            heading=heading,
            depth=len(lists) - 1 if lists else None,
            ordered=bool(lists) and lists[-1],
            look=Look(bold=bold),
            source=raw,
        )

    def _table(self, opening: Token, tokens: Sequence[Token]) -> Iterator[Element]:
        raw, place = self._raw(opening)
        rows: list[list[str]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline" and rows:
                rows[-1].append(_plain(token))
        yield Table(tuple(tuple(row) for row in rows), place, source=raw)

    def _html(self, token: Token) -> Iterator[Element]:
        raw, place = self._raw(token)
        if not raw.strip():
            return
        if _SCRIPT.search(raw):
            self.scripts = True
            yield SetAside(raw, place, "script or frame in the text")
            return
        words = _TAG.sub(" ", raw).strip()
        if words and not raw.lstrip().startswith("<!--"):
            text = html.fromstring(f"<div>{words}</div>").text_content()
            yield Paragraph(text, place, escaped(text), source=raw)
        else:
            yield SetAside(raw, place, "HTML without words")


def _plain(inline: Token) -> str:
    parts: list[str] = []
    for child in inline.children or ():
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)


_INDENT = re.compile(r"[ \t]*")
_BULLET = re.compile(r"\s*(?:[-*•▪●○◦➢➤✓\uf0b7\uf0a7o])\s+(?=\S)")
_NUMBERED = re.compile(
    r"\s*(?:\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,6})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+"
)
_TELEPHONE = re.compile(r"\d{3}[-.\s]\d{4}")
_WIDE_GAP = re.compile(r"\S(?: {3,}|\t+ ?)\S")
_SETEXT = re.compile(r"\s*(={3,}|-{3,}|\*{3,}|_{5,}|~{3,})\s*")
_LONGEST_HEADING = 90  # characters; a longer line in capitals is a shouted sentence


def read_text(text: str) -> Source:
    """Return the elements of a plain text: paragraphs between blank lines, list items, tables of
    aligned columns. Headings are left to their look.
    """
    elements: list[Element] = []
    pages = re.split(r"\x0c", text.replace("\r\n", "\n").replace("\r", "\n"))
    number = 1
    for page, body in enumerate(pages, start=1):
        lines = [line.replace("\x0b", " ") for line in body.split("\n")]
        elements.extend(paragraphs_of(lines, number, page if len(pages) > 1 else 0))
        number += len(lines) - 1
    return Source("text", tuple(elements), pages=len(pages) if len(pages) > 1 else 0)


def paragraphs_of(lines: Sequence[str], first: int = 1, page: int = 0) -> Iterator[Element]:
    """Yield paragraphs and tables of lines of text; `first` is the number of the first line."""
    groups: list[list[int]] = [[]]
    for index, line in enumerate(lines):
        if not line.strip():
            groups.append([])
        elif groups[-1] and _starts_anew(line, [lines[i] for i in groups[-1]]):
            groups.append([index])
        else:
            groups[-1].append(index)
    previous = -2
    for group in (found for found in groups if found):
        raw = "\n".join(lines[i] for i in group)
        place = f"line {first + group[0]}" if not page else f"page {page}, line {group[0] + 1}"
        space = group[0] != previous + 1
        previous = group[-1]
        rows = [re.split(r" {3,}|\t+ ?", lines[i].strip()) for i in group]
        if len(group) > 1 and sum(len(row) > 1 for row in rows) >= 0.8 * len(rows):
            yield Table(
                tuple(tuple(cell.strip() for cell in row) for row in rows), place, raw, page
            )
            continue
        underlined = len(group) > 1 and bool(_SETEXT.fullmatch(lines[group[-1]]))
        shown = raw.rsplit("\n", 1)[0] if underlined else raw
        bullet = _BULLET.match(shown)
        shown = shown[bullet.end() if bullet else 0 :]
        lines_told = len(_TELEPHONE.findall(shown)) > 1  # a list of people, a line each
        words = "\n".join(
            " ".join(line.split()) for line in (shown.split("\n") if lines_told else [shown])
        ).strip()
        if not words:
            words = raw.strip()
        yield Paragraph(
            text=words, place=place, markdown=escaped(words),
            depth=_depth(raw) if bullet else None,
            look=Look(underlined=underlined, space_before=space or first + group[0] == 1),
            source=raw, page=page,
        )  # fmt: skip


def is_bullet(text: str) -> bool:
    """Tell whether a line opens with the sign of a list item."""
    return bool(_BULLET.match(text))


def without_bullet(text: str) -> str:
    """Return a list item without its sign."""
    return _BULLET.sub("", text, count=1)


def starts_numbered(text: str) -> bool:
    """Tell whether a line opens with a number or letter of an outline: `1.`, `(a)`, `2.3`, `IV.`"""
    return bool(_NUMBERED.match(text))


def _depth(line: str) -> int:
    indent = _INDENT.match(line.expandtabs(4))
    return min(len(indent[0]) // 2, 5) if indent else 0


def _starts_anew(line: str, before: list[str]) -> bool:
    """Tell whether a line begins a paragraph although no blank line stands before it."""
    if _BULLET.match(line) or _NUMBERED.match(line):
        return True
    columns, former = bool(_WIDE_GAP.search(line)), bool(_WIDE_GAP.search(before[-1]))
    if columns != former:
        return not _SETEXT.fullmatch(line)
    if _SETEXT.fullmatch(line):
        return len(before) > 1
    if _SETEXT.fullmatch(before[-1]) or columns:
        return not columns
    head = before[-1].strip()
    capitals = head.upper() == head and any(sign.isalpha() for sign in head)
    return len(before) == 1 and capitals and len(head) < _LONGEST_HEADING and line.upper() != line
