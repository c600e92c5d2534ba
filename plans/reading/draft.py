"""A plan that was read as the draft people go on with: every section of the template, and no more
in a block than the editor holds. Pure.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from plans.content.document import Block, CourseOfAction, PlanDocument, Section
from plans.content.template import SECTION_TEMPLATES, new_document
from plans.reading.assembling import document_of
from plans.reading.inline import escaped
from plans.reading.result import PlanReading

HAZARD = "TH-"
OWN = "FA-OTHER"
_FIELDS = (
    ("name", ("name", "contact", "person", "holder")),
    ("post", ("post", "role", "position", "title", "agency", "organization", "department")),
    ("phone", ("phone", "cell", "mobile", "telephone", "number")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that the editor holds: letters of a text, steps and rows of a block, a cell."""

    markdown: int
    steps: int
    rows: int
    text: int


def draft_of(reading: PlanReading, *, limits: Limits, new_id: Callable[[], str]) -> PlanDocument:
    """Return the draft: the template's sections with what was read in place of their prompts.

    Annexes that the template does not know follow the others, each under its own title. Tables of
    contacts whose columns are not ours stay tables; a picture leaves its description in the text.
    """
    read = document_of(reading)
    slugs = [s.template_id.removeprefix(HAZARD) for s in read.sections if _is_hazard(s)]
    base = new_document({}, slugs, new_id=lambda _key: new_id())
    found = {s.template_id: s for s in read.sections if s.template_id in SECTION_TEMPLATES}
    sections = [_filled(section, found.get(section.template_id)) for section in base.sections]
    sections += [replace(s, template_id=OWN) for s in read.sections if s.template_id not in found]
    return replace(
        base,
        sections=tuple(
            replace(section, id=new_id(), blocks=tuple(_fitting(section, limits, new_id)))
            for section in sections
        ),
        roles=read.roles,
    )


def _is_hazard(section: Section) -> bool:
    return section.template_id.startswith(HAZARD) and section.template_id in SECTION_TEMPLATES


def _filled(empty: Section, read: Section | None) -> Section:
    return empty if read is None or not read.blocks else replace(empty, blocks=read.blocks)


def _fitting(section: Section, limits: Limits, new_id: Callable[[], str]) -> Iterator[Block]:
    """Yield the blocks of a section, each within the limits; texts side by side become one."""
    texts: list[str] = []
    for block in (part for whole in section.blocks for part in _plain(whole, limits)):
        if block.kind == "text" and block.goal is None and block.markdown:
            texts.append(block.markdown)
            continue
        yield from _text_blocks(texts, limits, new_id)
        texts = []
        yield replace(block, id=new_id())
    yield from _text_blocks(texts, limits, new_id)


def _text_blocks(
    texts: Sequence[str], limits: Limits, new_id: Callable[[], str]
) -> Iterator[Block]:
    for joined in _cut("\n\n".join(texts), limits.markdown):
        yield Block(new_id(), "text", "restricted", joined)


def _cut(text: str, longest: int) -> Iterator[str]:
    """Yield a text in pieces of at most so many letters, cut between paragraphs, else lines."""
    while len(text) > longest:
        at = max(text.rfind(mark, 0, longest) for mark in ("\n\n", "\n", " "))
        at = at if at > 0 else longest
        yield text[:at]
        text = text[at:].lstrip("\n")
    if text.strip():
        yield text


def _plain(block: Block, limits: Limits) -> Iterator[Block]:
    """Yield a block as the editor knows it: known columns, and not too many steps or rows."""
    if block.kind == "picture":
        said = [row.get("alt") or row.get("file", "") for row in block.rows]
        words = "\n\n".join(f"*Picture: {escaped(words)}*" for words in said)
        yield replace(block, kind="text", rows=(), markdown=words)
    elif block.kind == "contacts":
        yield from _contacts(block, limits)
    elif block.kind == "courses_of_action":
        steps = [_short(step, limits) for step in block.courses]
        for start in range(0, len(steps) or 1, limits.steps):
            yield replace(block, courses=tuple(steps[start : start + limits.steps]))
    else:
        yield block


def _short(step: CourseOfAction, limits: Limits) -> CourseOfAction:
    """Return a step whose actor is no longer than its field; the rest goes before the deed."""
    if len(step.actor) <= limits.text:
        return step
    return replace(step, actor="", action=f"{step.actor}: {step.action}")


def _contacts(block: Block, limits: Limits) -> Iterator[Block]:
    heads = list(dict.fromkeys(name for row in block.rows for name in row))
    columns = _columns(heads)
    is_long = any(len(value) > limits.text for row in block.rows for value in row.values())
    if columns is None or is_long:
        lines = [_row(heads), f"|{' --- |' * len(heads)}"]
        lines += [_row([escaped(row.get(head, "")) for head in heads]) for row in block.rows]
        yield replace(block, kind="text", rows=(), markdown="\n".join(lines))
        return
    rows = [{ours: row.get(head, "") for head, ours in columns.items()} for row in block.rows]
    for start in range(0, len(rows) or 1, limits.rows):
        yield replace(block, rows=tuple(rows[start : start + limits.rows]))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()) for cell in cells)} |"


def _columns(heads: Sequence[str]) -> Mapping[str, str] | None:
    """Return our column of each of the file's, or None where one is not ours or two are one."""
    found: dict[str, str] = {}
    for head in heads:
        words = head.casefold()
        ours = next((name for name, signs in _FIELDS if any(s in words for s in signs)), None)
        if ours is None or ours in found.values():
            return None
        found[head] = ours
    return found
