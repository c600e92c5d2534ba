"""Markdown of plan texts: to safe HTML, to a neutral tree, to plain words; its live references.

CommonMark with tables; HTML in the text stays text. Links lead to https, mailto and tel; a link
with the scheme feature, contact, role or agency is a live reference. A link of any other kind, and
a picture, is not drawn but stays readable as it was typed.
"""

import html
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.autolink import autolink
from markdown_it.rules_inline.link import link
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from plans.content.markdown_tree import (
    BlockNode,
    Inline,
    LiveReference,
    ReferenceState,
    block_text,
)
from plans.content.markdown_tree_build import build_blocks, build_inlines

SCHEMES: tuple[str, ...] = ("feature", "contact", "role", "agency")
OUTWARD_SCHEMES: tuple[str, ...] = ("https", "mailto", "tel")
_LINK = re.compile(rf"(?:{'|'.join((*SCHEMES, *OUTWARD_SCHEMES))}):.", re.IGNORECASE)
_REFERENCE = re.compile(rf"({'|'.join(SCHEMES)}):(.+)", re.IGNORECASE | re.DOTALL)
_MAY_HOLD_REFERENCE = re.compile(rf"\b(?:{'|'.join(SCHEMES)}):", re.IGNORECASE)
# One line without any sign of Markdown, as most courses of action are.
_PLAIN_LINE = re.compile(r"(?!\d{1,9}[.)](?:\s|$))[^\W_][^\n\r\t\x0b\x0c\0*_`\[\]<>&\\|~]*")
_OPENINGS = tuple(f"{scheme}:" for scheme in SCHEMES)
# Texts without code, escapes, entities, autolinks and definitions need no parser to find links.
_NOT_SIMPLE = re.compile(r"[`\\<&\t~]|\]:| {4}")
_SCHEME = rf"({'|'.join(SCHEMES)})"
_SIMPLE_REFERENCE = re.compile(
    rf"\[([^\[\]\n*_|]*)\]\({_SCHEME}:([\w.:/@+,;=-]+)\)", re.IGNORECASE | re.ASCII
)
_TARGET_OPENS = re.compile(rf"\](?=\s*\(\s*{_SCHEME}:)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")  # as CommonMark counts lines
_MARKS = re.compile(r"([\\`*_\[\]<>&|!~])")
_ALLOWED_TAGS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre",
    "blockquote", "hr", "br", "table", "thead", "tbody", "tr", "th", "td", "a", "span", "s",
}  # fmt: skip
_ALLOWED_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href"},
    "span": {"class", "data-reference"},
    "th": {"data-align", "scope"},
    "td": {"data-align"},
    "ol": {"start"},
}


@dataclass(frozen=True, slots=True)
class Reference:
    """What a live reference stands for now: the label to show and whether it is still there.

    `renamed` means present under another label than the text's.
    """

    label: str
    state: ReferenceState


Resolve = Callable[[str, str, str], Reference]


def as_written(scheme: str, reference_id: str, text: str) -> Reference:
    """Resolve a reference to the words in the text: for frozen versions, and where no map is."""
    return Reference(text or reference_id, "present")


def to_html(markdown: str, resolve: Resolve = as_written, *, first_heading: int = 3) -> str:
    """Return HTML that is safe to place in a page; `#` becomes a heading of level `first_heading`.

    A live reference is `<span class="reference reference-feature" data-reference="feature:ID">`
    with its present label; one that is gone has the class `reference-gone` and is struck through.
    Links out bear `rel="noopener noreferrer nofollow"`. Column alignment is `data-align`.
    """
    tokens = _tokens(markdown, resolve)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            level = min(6, int(token.tag[1]) + first_heading - 1)
            token.tag = f"h{level}"
        elif token.type in {"th_open", "td_open"}:
            _align_by_data(token)
    drawn: str = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return nh3.clean(
        drawn,
        tags=_ALLOWED_TAGS,
        attributes=_ALLOWED_ATTRIBUTES,
        url_schemes=set(OUTWARD_SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )


def block_tree(markdown: str, resolve: Resolve = as_written) -> tuple[BlockNode, ...]:
    """Return the text as a tree of paragraphs, headings, lists, tables, quotes and code."""
    return build_blocks(_tokens(markdown, resolve))


def inline_tree(markdown: str, resolve: Resolve = as_written) -> tuple[Inline, ...]:
    """Return one line of Markdown, such as a course of action, as inline nodes."""
    parsed = _PARSER.parseInline(markdown.strip())
    children = parsed[0].children or []
    return build_inlines(_with_references(children, resolve))


def to_plain(markdown: str, resolve: Resolve = as_written) -> str:
    """Return the words of a text: a line for each paragraph, list item and table row."""
    if _PLAIN_LINE.fullmatch(markdown):
        return markdown.rstrip(" ")
    return block_text(block_tree(markdown, resolve))


def references_in(markdown: str) -> tuple[LiveReference, ...]:
    """Return every live reference in reading order; those in code or after a backslash are none."""
    lower = markdown.lower()
    if not any(opening in lower for opening in _OPENINGS):
        return ()
    if not _NOT_SIMPLE.search(markdown):
        simple = _SIMPLE_REFERENCE.findall(markdown)
        if len(simple) == len(_TARGET_OPENS.findall(markdown)):
            return tuple(LiveReference(scheme.lower(), to, text) for text, scheme, to in simple)
    found: list[LiveReference] = []
    for token in _PARSER.parse(markdown):
        found.extend(reference for _, _, reference in _placed_references(token))
    return tuple(found)


def reference_markdown(scheme: str, reference_id: str, label: str) -> str:
    """Return the Markdown of one live reference, whatever characters its label and id hold."""
    text = _MARKS.sub(r"\\\1", " ".join(label.split()))
    return f"[{text}]({scheme}:{_encoded(reference_id)})"


def freeze(markdown: str, resolve: Resolve) -> str:
    """Return the text with each live reference's words replaced by its present label.

    Done at submission: from then on `as_written` shows what was submitted. A reference that is gone
    keeps its words. Everything outside references stays byte for byte.
    """
    if not _MAY_HOLD_REFERENCE.search(markdown):
        return markdown
    offsets = [0, *(ending.end() for ending in _LINE_END.finditer(markdown))]
    lines = _LINE_END.split(markdown)
    edits: list[tuple[int, int, str]] = []
    taken = [0] * len(lines)
    for token in _PARSER.parse(markdown):
        if token.type != "inline" or token.map is None:
            continue
        places = _source_places(token, token.map[0], lines, offsets, taken)
        for start, end, reference in _placed_references(token):
            now = resolve(reference.scheme, reference.id, reference.text)
            kept = now.state == "gone" or not now.label.strip()
            label = reference.text if kept else now.label
            if label != reference.text and start in places and end - 1 in places:
                written = reference_markdown(reference.scheme, reference.id, label)
                edits.append((places[start], places[end - 1] + 1, written))
    for start, end, written in sorted(edits, reverse=True):
        markdown = markdown[:start] + written + markdown[end:]
    return markdown


def _source_places(
    token: Token, first_line: int, lines: list[str], offsets: list[int], taken: list[int]
) -> dict[int, int]:
    """Map each character of an inline token to its place in the source.

    A content line ends its source line, save in a table, whose cells follow one another: `taken`
    remembers how far each line has been read. A pipe of a cell is written `\\|` in the source.
    """
    places: dict[int, int] = {}
    position = 0
    for number, text in enumerate(token.content.split("\n"), start=first_line):
        source, in_cell = lines[number], bool(token.meta.get("cell"))
        written = text
        if in_cell:
            column = source.find(text, taken[number])
            if column < 0:
                written = text.replace("|", "\\|")
                column = source.find(written, taken[number])
        else:
            column = source.rfind(text)
        if column >= 0:
            taken[number] = column + len(written)
            whole = r"\\\||." if written != text else "."
            for index, character in enumerate(re.finditer(whole, written)):
                places[position + index] = offsets[number] + column + character.end() - 1
        position += len(text) + 1
    return places


def _placed_references(token: Token) -> Iterator[tuple[int, int, LiveReference]]:
    """Yield start and end in the token's content, and the reference, for each live reference."""
    children = token.children or []
    for index, child in enumerate(children):
        found = _reference_target(child)
        if found is not None:
            words = _words_until_close(children, index)
            yield child.meta["start"], child.meta["end"], LiveReference(*found, words)


def _tokens(markdown: str, resolve: Resolve) -> list[Token]:
    tokens = _PARSER.parse(markdown)
    for token in tokens:
        if token.children:
            token.children = _with_references(token.children, resolve)
    return tokens


def _with_references(children: Sequence[Token], resolve: Resolve) -> list[Token]:
    """Replace link_open … link_close of each live reference by one token of type `reference`."""
    result: list[Token] = []
    inside = False
    for index, child in enumerate(children):
        found = _reference_target(child)
        if found is not None:
            reference = LiveReference(*found, _words_until_close(children, index))
            now = resolve(*found, reference.text)
            result.append(
                Token(
                    "reference",
                    "span",
                    0,
                    content=now.label or reference.text or reference.id,
                    meta={"reference": reference, "state": now.state},
                )
            )
            inside = True
        elif inside:
            inside = child.type != "link_close"
        else:
            result.append(child)
    return result


def _reference_target(token: Token) -> tuple[str, str] | None:
    if token.type != "link_open":
        return None
    match = _REFERENCE.fullmatch(str(token.attrs.get("href", "")))
    return (match[1].lower(), unquote(match[2])) if match else None


def _words_until_close(children: Sequence[Token], opening: int) -> str:
    words: list[str] = []
    for child in children[opening + 1 :]:
        if child.type == "link_close":
            break
        words.append(" " if child.type in {"softbreak", "hardbreak"} else child.content)
    return "".join(words)


def _align_by_data(token: Token) -> None:
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrs["data-align"] = style.removeprefix("text-align:")
    if token.type == "th_open":
        token.attrs["scope"] = "col"


def _draw_reference(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[index]
    reference: LiveReference = token.meta["reference"]
    target = html.escape(f"{reference.scheme}:{reference.id}")
    label = html.escape(token.content)
    gone = token.meta["state"] == "gone"
    classes = f"reference reference-{reference.scheme}" + (" reference-gone" if gone else "")
    shown = f"<s>{label}</s>" if gone else label
    return f'<span class="{classes}" data-reference="{target}">{shown}</span>'


def _normal_target(url: str) -> str:
    """Encode a link's target; an id is not taken apart as if it were host and port."""
    match = _REFERENCE.fullmatch(url)
    if match is None:
        return normalizeLink(url)
    return f"{match[1].lower()}:{_encoded(unquote(match[2]))}"


def _encoded(reference_id: str) -> str:
    return quote(reference_id, safe=":/-._~@+,;=")


def _with_place(
    rule: Callable[[StateInline, bool], bool],
) -> Callable[[StateInline, bool], bool]:
    """Wrap a link rule so that its opening token remembers where the link stands in the text."""

    def placed(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            opening = next(t for t in state.tokens[before:] if t.type == "link_open")
            opening.meta = {"start": start, "end": state.pos}
        return True

    return placed


def _mark_cells(tokens: Sequence[Token]) -> None:
    for former, token in itertools.pairwise(tokens):
        if token.type == "inline" and former.type in {"th_open", "td_open"}:
            token.meta = {"cell": True}


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.normalizeLink = _normal_target  # type: ignore[method-assign]
    parser.validateLink = lambda url: bool(_LINK.match(url.strip()))  # type: ignore[method-assign]
    parser.inline.ruler.at("link", _with_place(link))
    parser.inline.ruler.at("autolink", _with_place(autolink))
    parser.core.ruler.push("cells", lambda state: _mark_cells(state.tokens))
    parser.add_render_rule("reference", _draw_reference)
    return parser


_PARSER = _make_parser()
