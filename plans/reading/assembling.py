"""What was read as a plan document: sections of the template with text, tables and steps.

Everything brought in is restricted until a person has marked it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plans.content.document import Block, Part, PlanDocument, RoleAssignment, Section
from plans.content.template import SECTION_TEMPLATES
from plans.reading.inline import escaped
from plans.reading.result import Goal, PlanReading, ReadSection
from plans.reading.source import Element, Paragraph, Picture, Table
from plans.reading.tables import is_contact_table

_NUMBER = re.compile(r"^\s*\(?(?:\d{1,3}|[A-Za-z]|[ivx]{2,5})\\?[.)]\s+")
_ORDER = {template.template_id: place for place, template in enumerate(SECTION_TEMPLATES.values())}
_DEEPEST_HEADING = 6


def document_of(reading: PlanReading, campus: Mapping[str, Any] | None = None) -> PlanDocument:
    """Return a draft document of what was read, sections in the order of the template.

    Headings of one section are joined in the order of the file; annexes outside the template stay
    apart, each under its own title. Empty sections of a form stay empty.
    """
    groups: dict[tuple[str, str], list[ReadSection]] = {}
    opened = ""
    for read in reading.sections:
        key = read.template_section
        if key == "FA-OTHER":
            if not groups or read.level <= 1 or not opened or _opens(read):
                opened = read.heading
            groups.setdefault((key, opened), []).append(read)
        else:
            opened = ""
            groups.setdefault((key, ""), []).append(read)
    ordered = sorted(groups.items(), key=lambda item: _ORDER.get(item[0][0], len(_ORDER)))
    sections = tuple(_section(key, title, reads) for (key, title), reads in ordered)
    return PlanDocument(
        campus=dict(campus or {}),
        version=1,
        map_version=None,
        map_hash=None,
        sections=sections,
        roles=tuple(_roles(reading)),
    )


def _opens(read: ReadSection) -> bool:
    return not read.refers_to and read.score >= 1.0 and read.level <= 2


def _section(template_id: str, title: str, reads: Sequence[ReadSection]) -> Section:
    template = SECTION_TEMPLATES.get(template_id)
    section_id = template_id if not title else f"{template_id}/{title}"
    blocks = [
        block
        for number, read in enumerate(reads)
        for block in _blocks(read, f"{section_id}/{number}", top=min(r.level for r in reads))
    ]
    part: Part = "functional_annex"
    if template is not None:
        part = template.part
    name = template.title if template is not None else title or reads[0].heading
    return Section(section_id, template_id, part, name, tuple(blocks))


def _blocks(read: ReadSection, at: str, *, top: int) -> Iterator[Block]:
    """Yield the blocks of one heading: text and tables, people, pictures, steps by phase."""
    if read.empty:
        return
    lines: list[str] = []
    count = 0

    def text_block() -> Iterator[Block]:
        nonlocal count
        joined = _joined(lines)
        lines.clear()
        if joined.strip():
            count += 1
            yield Block(f"{at}/{count}", "text", "restricted", joined)

    if read.heading and read.level > top:
        depth = min(max(read.level - top + 2, 3), _DEEPEST_HEADING)
        lines.append(f"{'#' * depth} {escaped(read.heading)}")
    body = read.elements[1:] if read.heading else read.elements
    for item in body:
        if isinstance(item, Table) and is_contact_table(item):
            yield from text_block()
            count += 1
            yield Block(f"{at}/{count}", "contacts", "restricted", rows=tuple(_rows(item)))
        elif isinstance(item, Picture):
            yield from text_block()
            count += 1
            row = {"file": item.name, "alt": item.alt}
            yield Block(f"{at}/{count}", "picture", "restricted", rows=(row,))
        else:
            lines.append(markdown_of(item))
    yield from text_block()
    yield from _goals_and_steps(read, at)


def _goals_and_steps(read: ReadSection, at: str) -> Iterator[Block]:
    for number, goal in enumerate(read.goals):
        if goal.kind == "goal":
            told = _objectives(read.goals[number:])
            phase = goal.phase
            yield Block(f"{at}/goal-{number}", "text", "restricted", escaped(told), goal=phase)
    for phase in ("before", "during", "after"):
        steps = tuple(course for course in read.courses if course.phase == phase)
        if steps:
            yield Block(
                f"{at}/steps-{phase}", "courses_of_action", "restricted",
                f"Courses of action, {phase}", courses=steps,
            )  # fmt: skip


def _objectives(goals: Sequence[Goal]) -> str:
    """Return a goal with the objectives that follow it, a line each."""
    lines = [goals[0].text]
    for goal in goals[1:]:
        if goal.kind == "goal":
            break
        lines.append(goal.text)
    return "\n".join(lines)


def markdown_of(item: Element) -> str:
    """Return an element as Markdown: a paragraph, a list item, a table."""
    if isinstance(item, Table):
        return _table_markdown(item)
    if not isinstance(item, Paragraph):
        return ""
    text = item.markdown or escaped(item.text)
    if item.depth is None:
        return text
    indent = "    " * item.depth
    mark = "1." if item.ordered else "-"
    body = _NUMBER.sub("", text) if item.ordered else text
    joined = body.replace("\n", f"\n{indent}  ")
    return f"{indent}{mark} {joined}"


def _joined(lines: Sequence[str]) -> str:
    """Return Markdown of elements one after another; items of one list stand close."""
    parts: list[str] = []
    former_item = False
    for line in lines:
        item = bool(re.match(r"\s*(?:-|1\.) ", line))
        if parts:
            parts.append("\n" if item and former_item else "\n\n")
        parts.append(line)
        former_item = item
    return "".join(parts)


def _table_markdown(table: Table) -> str:
    width = max(len(row) for row in table.rows)
    rows = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in table.rows]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, f"|{' --- |' * width}")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return escaped(" ".join(text.split())).replace("  \n", " ")


def _rows(table: Table) -> Iterator[dict[str, str]]:
    head = [
        " ".join(cell.split()) or f"column {n}" for n, cell in enumerate(table.rows[0], start=1)
    ]
    for row in table.rows[1:]:
        cells = [" ".join(cell.split()) for cell in row]
        named = {
            (head[index] if index < len(head) else f"column {index + 1}"): cell
            for index, cell in enumerate(cells)
        }
        if any(named.values()):
            yield named


def _roles(reading: PlanReading) -> Iterator[RoleAssignment]:
    seen: set[str] = set()
    for role in reading.roles:
        if role.position and role.position not in seen and role.person:
            seen.add(role.position)
            yield RoleAssignment(
                role.position, role.person, role.first_alternate, role.second_alternate
            )
