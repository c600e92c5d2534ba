"""A difference as lines to look at: in two columns, or inline; and as JSON."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from plans.content.change_sentences import block_name, sentences
from plans.content.changes import BlockChange, PlanChanges, SectionChange, course_text
from plans.content.document import Block
from plans.content.positions import position_name
from plans.content.row_changes import ChangeKind, RowChange
from plans.content.word_difference import Segment, left, right, word_segments


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that differs. Inline it is `segments`; in two columns `former` and `newer`.

    `section` is the title, `name` what is compared in it: a text, a step, a row, a post, a fact.
    """

    section_id: str | None
    section: str
    name: str
    kind: ChangeKind
    segments: tuple[Segment, ...]

    @property
    def former(self) -> tuple[Segment, ...]:
        """Return the left column: what stayed and what was taken out."""
        return left(self.segments)

    @property
    def newer(self) -> tuple[Segment, ...]:
        """Return the right column: what stayed and what is new."""
        return right(self.segments)


def compared(changes: PlanChanges) -> tuple[Compared, ...]:
    """Return all that differs, sections in the order of the newer plan, then posts and facts.

    Joined, equal and removed segments are the former words, equal and added ones the newer.
    """
    lines = [line for section in changes.sections for line in _of_section(section)]
    lines.extend(
        Compared(None, "Posts", f"{position_name(role.position)}, {role.field.replace('_', ' ')}",
                 _kind(role.before, role.after), word_segments(role.before, role.after))
        for role in changes.roles
    )  # fmt: skip
    for fact in changes.facts:
        before, after = ("" if v is None else str(v) for v in (fact.before, fact.after))
        name = fact.name.replace("_", " ")
        segments = word_segments(before, after)
        lines.append(Compared(None, "Campus", name, _kind(before, after), segments))
    return tuple(line for line in lines if line.segments)  # a fact may change from none to “”


def as_json(changes: PlanChanges) -> dict[str, Any]:
    """Return the difference as JSON: its lines, and the sentences that tell it."""
    return {
        "audience": changes.audience,
        "before": changes.before.version,
        "after": changes.after.version,
        "map_changed": changes.map_changed,
        "moved": [s.section_id for s in changes.sections if s.moved],
        "lines": [dataclasses.asdict(line) for line in compared(changes)],
        "sentences": [sentence.text for sentence in sentences(changes)],
    }


def _of_section(change: SectionChange) -> Iterator[Compared]:
    before, after = change.before, change.after
    kept = after or before
    if kept is None:
        return
    if before is None or after is None:
        for block in kept.blocks:
            yield from _whole(change, block)
        return
    if change.renamed or change.moved:
        segments = word_segments(before.title, after.title)
        kind: ChangeKind = "changed" if change.renamed else "moved"
        yield Compared(change.section_id, after.title, "title", kind, segments)
    for block_change in change.blocks:
        yield from _of_block(change, block_change)


def _whole(change: SectionChange, block: Block) -> Iterator[Compared]:
    """Yield all lines of a block whose section is new or gone."""
    is_new = change.after is not None
    section = change.after or change.before
    title = section.title if section else ""
    texts = [block.markdown, *(course_text(course) for course in block.courses)]
    texts.extend("; ".join(row.values()) for row in block.rows)
    for text in texts:
        if text.strip():
            segments = word_segments(*(("", text) if is_new else (text, "")))
            kind: ChangeKind = "added" if is_new else "removed"
            yield Compared(change.section_id, title, block_name(block), kind, segments)


def _of_block(section: SectionChange, change: BlockChange) -> Iterator[Compared]:
    block = change.after or change.before
    kept = section.after or section.before
    if block is None or kept is None:
        return
    where = (section.section_id, kept.title)
    if change.segments and (change.kind != "changed" or len(change.segments) > 1 or change.moved):
        yield Compared(*where, block_name(block), change.kind, change.segments)
    for course in change.courses:
        number = course.number_after or course.number_before
        yield Compared(*where, f"step {number}", course.kind, course.segments)
    for row in (*change.rows, *change.tables.rows):
        yield Compared(*where, f"a row of {block_name(block)}", row.kind, _row_segments(row))


def _row_segments(row: RowChange) -> tuple[Segment, ...]:
    before, after = (
        "; ".join(found.values()) if found else "" for found in (row.before, row.after)
    )
    return word_segments(before, after)


def _kind(before: str, after: str) -> ChangeKind:
    if not before:
        return "added"
    return "changed" if after else "removed"
