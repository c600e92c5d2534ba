"""From markdown-it tokens to the neutral tree."""

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

from markdown_it.token import Token

from plans.content.markdown_tree import (
    Alignment,
    BlockNode,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Inline,
    ItemList,
    LineBreak,
    Link,
    Paragraph,
    Quote,
    ReferenceChip,
    Rule,
    Strong,
    Table,
    Words,
)

_ALIGNMENT = re.compile(r"(left|center|right)$")


def build_inlines(tokens: Sequence[Token]) -> tuple[Inline, ...]:
    """Return inline nodes; live references must already be tokens of type `reference`."""
    stack: list[tuple[list[Inline], Token | None]] = [([], None)]
    for token in tokens:
        nodes = stack[-1][0]
        match token.type:
            case "strong_open" | "em_open" | "link_open":
                stack.append(([], token))
            case "strong_close" | "em_close" | "link_close":
                children, opening = stack.pop()
                stack[-1][0].append(_wrapped(opening, tuple(children)))
            case "softbreak":
                nodes.append(Words(" "))
            case "hardbreak":
                nodes.append(LineBreak())
            case "code_inline":
                nodes.append(Code(token.content))
            case "reference":
                meta = token.meta
                nodes.append(ReferenceChip(meta["reference"], token.content, meta["state"]))
            case _ if token.content:
                nodes.append(Words(token.content))
    return _joined(stack[0][0])


def build_blocks(tokens: Sequence[Token]) -> tuple[BlockNode, ...]:
    """Return the block nodes of a whole text."""
    nodes: list[BlockNode] = []
    index = 0
    while index < len(tokens):
        end = _closing(tokens, index)
        node = _BUILDERS[tokens[index].type](tokens[index : end + 1])
        nodes.append(node)
        index = end + 1
    return tuple(nodes)


def _wrapped(opening: Token | None, children: tuple[Inline, ...]) -> Inline:
    children = _joined(children)
    if opening is None or opening.type == "strong_open":
        return Strong(children)
    if opening.type == "em_open":
        return Emphasis(children)
    return Link(str(opening.attrs["href"]), children)


def _joined(nodes: Sequence[Inline]) -> tuple[Inline, ...]:
    """Join neighboring runs of words into one."""
    result: list[Inline] = []
    for node in nodes:
        former = result[-1] if result else None
        if isinstance(node, Words) and isinstance(former, Words):
            result[-1] = Words(former.text + node.text)
        else:
            result.append(node)
    return tuple(result)


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the token that closes the one at `index`, or itself."""
    depth = 0
    for place in range(index, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place
    return len(tokens) - 1


def _paragraph(tokens: Sequence[Token]) -> BlockNode:
    return Paragraph(build_inlines(tokens[1].children or []), tight=tokens[0].hidden)


def _heading(tokens: Sequence[Token]) -> BlockNode:
    return Heading(int(tokens[0].tag[1]), build_inlines(tokens[1].children or []))


def _item_list(tokens: Sequence[Token]) -> BlockNode:
    items: list[tuple[BlockNode, ...]] = []
    index = 1
    while index < len(tokens) - 1:
        end = _closing(tokens, index)
        items.append(build_blocks(tokens[index + 1 : end]))
        index = end + 1
    start = cast("int", tokens[0].attrs.get("start", 1))
    return ItemList(tokens[0].type == "ordered_list_open", start, tuple(items))


def _table(tokens: Sequence[Token]) -> BlockNode:
    rows: list[tuple[tuple[Inline, ...], ...]] = []
    cells: list[tuple[Inline, ...]] = []
    alignments: list[Alignment | None] = []
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            rows.append(tuple(cells))
        elif token.type in {"th_open", "td_open"}:
            cells.append(build_inlines(tokens[place + 1].children or []))
            if token.type == "th_open":
                match = _ALIGNMENT.search(str(token.attrs.get("style", "")))
                alignments.append(cast("Alignment", match[1]) if match else None)
    return Table(rows[0], tuple(rows[1:]), tuple(alignments))


def _quote(tokens: Sequence[Token]) -> BlockNode:
    return Quote(build_blocks(tokens[1:-1]))


def _code(tokens: Sequence[Token]) -> BlockNode:
    return CodeBlock(tokens[0].content)


def _rule(_tokens: Sequence[Any]) -> BlockNode:
    return Rule()


_BUILDERS: dict[str, Callable[[Sequence[Token]], BlockNode]] = {
    "paragraph_open": _paragraph,
    "heading_open": _heading,
    "bullet_list_open": _item_list,
    "ordered_list_open": _item_list,
    "blockquote_open": _quote,
    "table_open": _table,
    "fence": _code,
    "code_block": _code,
    "hr": _rule,
}
