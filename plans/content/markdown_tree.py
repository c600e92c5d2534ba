"""The neutral tree of a Markdown text, from which pages of paper are typeset."""

from dataclasses import dataclass
from typing import Literal

ReferenceState = Literal["present", "renamed", "gone"]
Alignment = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class LiveReference:
    """A link to a thing of the campus: `[Door 5](feature:ID)`. `text` is what the author reads."""

    scheme: str  # feature, contact, role or agency
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Plain characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Characters set as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A forced new line inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Strong:
    """Text of strong weight."""

    children: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Stressed text."""

    children: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class Link:
    """A link out: https, mailto or tel."""

    href: str
    children: "tuple[Inline, ...]"


@dataclass(frozen=True, slots=True)
class ReferenceChip:
    """A live reference with the label to show; `gone` ones are struck through."""

    reference: LiveReference
    label: str
    state: ReferenceState


Inline = Words | Code | LineBreak | Strong | Emphasis | Link | ReferenceChip


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `tight` inside a list whose items have no space between them."""

    children: tuple[Inline, ...]
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as written, levels 1 to 6."""

    level: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list; `start` is the first number of an ordered one."""

    ordered: bool
    start: int
    items: "tuple[tuple[BlockNode, ...], ...]"


@dataclass(frozen=True, slots=True)
class Quote:
    """Quoted blocks."""

    children: "tuple[BlockNode, ...]"


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines set as typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: header cells, rows of cells, and one alignment (or None) for each column."""

    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    alignments: tuple[Alignment | None, ...]


BlockNode = Paragraph | Heading | ItemList | Quote | CodeBlock | Rule | Table


def inline_text(nodes: tuple[Inline, ...]) -> str:
    """Return the words of inline nodes without their form."""
    parts: list[str] = []
    for node in nodes:
        match node:
            case Words(text) | Code(text):
                parts.append(text)
            case LineBreak():
                parts.append("\n")
            case ReferenceChip(label=label):
                parts.append(label)
            case Strong(children) | Emphasis(children) | Link(children=children):
                parts.append(inline_text(children))
    return "".join(parts)


def block_text(nodes: tuple[BlockNode, ...]) -> str:
    """Return the words of block nodes: a line each, lists with their marks, table cells by tabs."""
    return "\n".join(line for node in nodes for line in _lines(node))


def _lines(node: BlockNode) -> list[str]:
    match node:
        case Paragraph(children=children) | Heading(children=children):
            return inline_text(children).split("\n")
        case CodeBlock(text):
            return text.rstrip("\n").split("\n")
        case Quote(children):
            return [line for child in children for line in _lines(child)]
        case Table(header, rows):
            return ["\t".join(inline_text(cell) for cell in row) for row in (header, *rows)]
        case ItemList():
            return _item_lines(node)
        case Rule():
            return []


def _item_lines(node: ItemList) -> list[str]:
    lines: list[str] = []
    for number, item in enumerate(node.items, start=node.start):
        mark = f"{number}. " if node.ordered else "- "
        inner = [line for child in item for line in _lines(child)] or [""]
        lines.append(mark + inner[0])
        lines.extend("  " + line for line in inner[1:])
    return lines
