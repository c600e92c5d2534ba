"""The text of a packet as HTML: what authors wrote, escaped, with references that lead to rooms."""

from collections.abc import Iterable, Mapping
from html import escape

from plans.content.markdown_tree import (
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
from plans.packets.html_numbers import spoken
from plans.packets.tree import Grid, Piece, Prose, RolesHere, SectionPages, StepLine, Steps

PHASES = {"before": "Before", "during": "During", "after": "After"}


class Writer:
    """Writes nodes as HTML. `anchors` gives the address in the page of a map feature."""

    def __init__(self, anchors: Mapping[str, str]) -> None:
        """Remember where features are found in the page."""
        self._anchors = anchors

    def section(self, section: SectionPages) -> str:
        """Return one section of the plan."""
        body = "".join(self._piece(piece) for piece in section.pieces)
        return f'<section id="{section.anchor}"><h3>{escape(section.title)}</h3>{body}</section>'

    def inlines(self, nodes: Iterable[Inline], *, linked: bool = False) -> str:
        """Return a line of text; in a link no number is a link of its own."""
        return "".join(self._inline(node, linked=linked) for node in nodes)

    def blocks(self, nodes: Iterable[BlockNode]) -> str:
        """Return paragraphs, lists and tables."""
        return "".join(self._block(node) for node in nodes)

    def _inline(self, node: Inline, *, linked: bool) -> str:  # noqa: PLR0911 — a way for each kind
        match node:
            case Words(text):
                return escape(text) if linked else spoken(text)
            case Code(text):
                return f"<code>{escape(text)}</code>"
            case LineBreak():
                return "<br>"
            case Strong(children):
                return f"<strong>{self.inlines(children, linked=linked)}</strong>"
            case Emphasis(children):
                return f"<em>{self.inlines(children, linked=linked)}</em>"
            case Link(href, children):
                words = self.inlines(children, linked=True)
                return f'<a href="{escape(href)}" rel="noreferrer">{words}</a>'
            case ReferenceChip(reference, label, state):
                words = escape(label)
                if state == "gone":
                    return f"<s>{words}</s>"
                anchor = self._anchors.get(reference.id)
                return f'<a href="#{anchor}">{words}</a>' if anchor else f"<b>{words}</b>"

    def _block(self, node: BlockNode) -> str:  # noqa: PLR0911 — one way for each kind of node
        match node:
            case Paragraph(children=children):
                return f"<p>{self.inlines(children)}</p>"
            case Heading(children=children):
                return f"<h4>{self.inlines(children)}</h4>"
            case ItemList(ordered, start, items):
                body = "".join(f"<li>{self.blocks(item)}</li>" for item in items)
                return f'<ol start="{start}">{body}</ol>' if ordered else f"<ul>{body}</ul>"
            case Quote(children):
                return f"<blockquote>{self.blocks(children)}</blockquote>"
            case CodeBlock(text):
                return f"<pre>{escape(text)}</pre>"
            case Rule():
                return "<hr>"
            case Table(header, rows):
                return table(
                    [self.inlines(cell) for cell in header],
                    [[self.inlines(cell) for cell in row] for row in rows],
                )

    def _piece(self, piece: Piece) -> str:
        match piece:
            case Prose(nodes, goal):
                return self._goal(f"Goal {goal}", nodes) if goal else self.blocks(nodes)
            case Steps(phase, steps, goal):
                aim = self._goal("Goal", goal) if goal else ""
                lines = "".join(f"<li>{self._step(step)}</li>" for step in steps)
                start = steps[0].number if steps else 1
                return (
                    f'<h4>{PHASES[phase]}</h4>{aim}<ol start="{start}" class="steps">{lines}</ol>'
                )
            case RolesHere(heading):
                words = escape(heading or "Posts")
                return f'<p>{words}: see <a href="#roles">Roles and alternates</a>.</p>'
            case Grid(heading, columns, rows):
                title = f"<h4>{escape(heading)}</h4>" if heading else ""
                return title + table(
                    [escape(column) for column in columns],
                    [[spoken(cell) for cell in row] for row in rows],
                )

    def _goal(self, label: str, nodes: Iterable[BlockNode]) -> str:
        return f'<div class="goal"><p class="soft">{label}</p>{self.blocks(nodes)}</div>'

    def _step(self, step: StepLine) -> str:
        parts = []
        if step.trigger:
            parts.append(f'<span class="soft">When: {self.inlines(step.trigger)}.</span>')
        parts.append(f"<strong>{escape(step.actor)}</strong> {self.inlines(step.action)}")
        if step.limit:
            parts.append(f"<strong>({escape(step.limit)})</strong>")
        if step.where:
            parts.append(f'<span class="soft">At {escape(step.where)}.</span>')
        if step.if_not:
            parts.append(f"<em>If not:</em> {self.inlines(step.if_not)}")
        return " ".join(parts)


def table(header: list[str], rows: list[list[str]]) -> str:
    """Return a table of HTML cells that scrolls in itself on a narrow screen."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="Table"><table><thead><tr>{head}'
        f"</tr></thead><tbody>{body}</tbody></table></div>"
    )
