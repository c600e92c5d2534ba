"""What differs between two plan documents, as data for pages, packets and sentences."""

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from plans.content.audiences import rank, select
from plans.content.document import (
    Audience,
    Block,
    CourseOfAction,
    PlanDocument,
    RoleAssignment,
    Section,
)
from plans.content.markdown import references_in, to_plain
from plans.content.pairing import ALIKE_ENOUGH, pairs_of
from plans.content.row_changes import (
    NO_TABLES,
    ChangeKind,
    ReferenceChange,
    RowChange,
    TableChanges,
    kind_of,
    reference_changes,
    row_changes,
    table_changes,
)
from plans.content.steps import steps
from plans.content.word_difference import Segment, alikeness, word_segments

RoleField = Literal["person", "first_alternate", "second_alternate", "phone"]
ROLE_FIELDS: tuple[RoleField, ...] = ("person", "first_alternate", "second_alternate", "phone")


@dataclass(frozen=True, slots=True)
class CourseChange:
    """One step that differs. Numbers are those of `steps.steps`, None where it is not present."""

    kind: ChangeKind
    before: CourseOfAction | None
    after: CourseOfAction | None
    number_before: int | None
    number_after: int | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class BlockChange:
    """One block that differs. `segments` compare the words of its text.

    `form_only` is true when the words are the same and only their form (strong, a list) differs;
    `references` when a reference with the same words leads elsewhere; `targets` names each that
    does, is new or is gone. `tables` are the rows of its tables that differ. `from_section` is the
    id of the section that it stood in before, where that is another.
    """

    kind: ChangeKind
    before: Block | None
    after: Block | None
    moved: bool
    segments: tuple[Segment, ...]
    courses: tuple[CourseChange, ...]
    rows: tuple[RowChange, ...]
    form_only: bool
    references: bool
    tables: TableChanges = NO_TABLES
    targets: tuple[ReferenceChange, ...] = ()
    from_section: str | None = None


@dataclass(frozen=True, slots=True)
class SectionChange:
    """One section that differs; its ids are those of the newer document where it is present."""

    kind: ChangeKind
    section_id: str
    template_id: str
    before: Section | None
    after: Section | None
    moved: bool
    blocks: tuple[BlockChange, ...]

    @property
    def renamed(self) -> bool:
        """True when both versions have the section under different titles."""
        return bool(self.before and self.after and self.before.title != self.after.title)


@dataclass(frozen=True, slots=True)
class RoleChange:
    """One field of one position; empty text where the former or the newer plan has none."""

    position: str
    field: RoleField
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact of the campus; None where a document does not give it."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """All that differs. `audience` is None for whole documents.

    `withheld` are ids of sections of which the audience saw a part that now stands above it; the
    words of that part are in neither document here.
    """

    before: PlanDocument
    after: PlanDocument
    audience: Audience | None
    sections: tuple[SectionChange, ...]
    roles: tuple[RoleChange, ...]
    facts: tuple[FactChange, ...]
    map_changed: bool
    withheld: tuple[str, ...]

    @property
    def any(self) -> bool:
        """True when at least one thing other than the version number differs."""
        found = self.sections or self.roles or self.facts or self.withheld
        return bool(found) or self.map_changed


def changes(before: PlanDocument, after: PlanDocument) -> PlanChanges:
    """Return the differences, sections in the order of the newer document.

    Sections and blocks are paired by id; where a draft gave new ids, by template id or by likeness.
    """
    return _changes(before, after, None)


def for_audience(
    before: PlanDocument,
    after: PlanDocument,
    audience: Audience,
    granted: Collection[str] = (),
) -> PlanChanges:
    """Return what changed for an audience, from nothing but the parts that it may see.

    A grant counts in each of the two documents that has its block. What has moved above the
    audience is told without its words. Raises UnknownAudience.
    """
    raised = {
        block.before.id: section.section_id
        for section in changes(before, after).sections
        for block in section.blocks
        if block.before and block.after and _newly_above(block.before, block.after, audience)
        if block.after.id not in granted
    }
    seen_before = select(before, audience, _present(before, granted))
    withheld = tuple(dict.fromkeys(raised.values()))
    return _changes(
        _without_blocks(seen_before, raised),
        select(after, audience, _present(after, granted)),
        audience,
        withheld,
    )


def _newly_above(before: Block, after: Block, audience: Audience) -> bool:
    return rank(before.audience) <= rank(audience) < rank(after.audience)


def _without_blocks(document: PlanDocument, block_ids: Collection[str]) -> PlanDocument:
    """Take out blocks that now stand above the audience: their old words are not repeated."""
    return dataclasses.replace(
        document,
        sections=tuple(
            dataclasses.replace(
                section, blocks=tuple(b for b in section.blocks if b.id not in block_ids)
            )
            for section in document.sections
            if not section.blocks or any(b.id not in block_ids for b in section.blocks)
        ),
    )


def _present(document: PlanDocument, granted: Collection[str]) -> tuple[str, ...]:
    return tuple(
        block.id for section in document.sections for block in section.blocks if block.id in granted
    )


def _changes(
    before: PlanDocument,
    after: PlanDocument,
    audience: Audience | None,
    withheld: tuple[str, ...] = (),
) -> PlanChanges:
    pairs = pairs_of(
        before.sections,
        after.sections,
        identity=lambda section: section.id,
        alike=sections_alike,
    )
    sections = _with_wandered_blocks(
        change
        for pair in pairs
        if (change := _section_change(pair.before, pair.after, moved=pair.moved)) is not None
    )
    pinned_before = (before.map_version, before.map_hash)
    return PlanChanges(
        before=before,
        after=after,
        audience=audience,
        sections=sections,
        roles=_role_changes(before.roles, after.roles),
        facts=_fact_changes(before.campus, after.campus),
        map_changed=pinned_before != (after.map_version, after.map_hash),
        withheld=withheld,
    )


def sections_alike(before: Section, after: Section) -> float:
    """Return how alike two sections without a common id are, 0 to 1.

    The template has one of each section, save of annexes that it does not know: those are told by
    title or text. A section that now counts as another is the same when its words are.
    """
    same_template = before.template_id == after.template_id
    if same_template and before.template_id not in {"", "FA-OTHER"}:
        return 1.0
    if before.title == after.title and before.title:
        return 0.9
    old, new = _section_text(before), _section_text(after)
    if old == new:
        return 0.8 if old.strip() else 0.0
    return alikeness(old, new) if same_template else 0.0


def _section_text(section: Section) -> str:
    return "\n".join(_whole_text(block) for block in section.blocks)


def _with_wandered_blocks(found: Iterable[SectionChange]) -> tuple[SectionChange, ...]:
    """Join a block that left one section and came to another: it has moved, with its words."""
    sections = list(found)
    gone = {
        change.before.id: (section, change.before)
        for section in sections
        for change in section.blocks
        if change.before is not None and change.after is None
    }
    come = {
        change.after.id
        for section in sections
        for change in section.blocks
        if change.before is None and change.after is not None
    }
    wandered = gone.keys() & come
    if not wandered:
        return tuple(sections)
    result: list[SectionChange] = []
    for section in sections:
        blocks: list[BlockChange] = []
        for change in section.blocks:
            block = change.after or change.before
            if block is None or block.id not in wandered:
                blocks.append(change)
            elif change.after is not None and change.before is None:
                source, former = gone[block.id]
                blocks.append(_wandered(source, former, section, change.after))
        left_over = bool(blocks) or section.moved or not _same_frame(section)
        if left_over or not section.blocks:
            result.append(dataclasses.replace(section, blocks=tuple(blocks)))
    return tuple(result)


def _same_frame(change: SectionChange) -> bool:
    before, after = change.before, change.after
    return before is not None and after is not None and _frame(before) == _frame(after)


def _wandered(
    source: SectionChange, before: Block, target: SectionChange, after: Block
) -> BlockChange:
    old = _numbers(source.before) if source.before else {}
    new = _numbers(target.after) if target.after else {}
    change = _block_change(before, after, (old, new), moved=True)
    if change is None:
        raise AssertionError("a block that moved differs in its place")
    return dataclasses.replace(change, from_section=source.section_id)


def course_text(course: CourseOfAction) -> str:
    """Return a step as one line of plain words: trigger, actor, action, time limit, fallback."""
    action = to_plain(course.action)
    parts = [f"{to_plain(course.trigger)}:"] if course.trigger else []
    parts.append(f"{to_plain(course.actor)} {action}".strip())
    if course.time_limit_seconds is not None:
        parts.append(f"Time limit: {course.time_limit_seconds} seconds.")
    if course.if_not:
        parts.append(f"If not: {to_plain(course.if_not)}")
    return " ".join(parts)


def _section_change(
    before: Section | None, after: Section | None, *, moved: bool
) -> SectionChange | None:
    kept = after or before
    if kept is None or (before == after and not moved):
        return None
    kind: ChangeKind = "moved" if before == after else "changed"
    kind = "added" if before is None else "removed" if after is None else kind
    blocks: tuple[BlockChange, ...] = ()
    if before is not None and after is not None and before != after:
        blocks = _block_changes(before, after)
        if not moved and not blocks and _frame(before) == _frame(after):
            return None  # only ids differ
    return SectionChange(kind, kept.id, kept.template_id, before, after, moved, blocks)


def _frame(section: Section) -> tuple[str, str, str, str]:
    return section.template_id, section.part, section.title, section.not_applicable


def _block_changes(before: Section, after: Section) -> tuple[BlockChange, ...]:
    pairs = pairs_of(
        before.blocks, after.blocks, identity=lambda block: block.id, alike=blocks_alike
    )
    numbers = (_numbers(before), _numbers(after))
    return tuple(
        change
        for pair in pairs
        if (change := _block_change(pair.before, pair.after, numbers, moved=pair.moved)) is not None
    )


def _numbers(section: Section) -> Mapping[tuple[str, int], int]:
    return {(step.block_id, step.index): step.number for step in steps(section)}


def blocks_alike(before: Block, after: Block) -> float:
    if (before.kind, before.goal) != (after.kind, after.goal):
        return 0.0
    if before.goal is not None:
        return 1.0
    return alikeness(_whole_text(before), _whole_text(after))


def _whole_text(block: Block) -> str:
    lines = [block.markdown, *(f"{course.actor} {course.action}" for course in block.courses)]
    return "\n".join([*lines, *(" ".join(row.values()) for row in block.rows)])


def _block_change(
    before: Block | None,
    after: Block | None,
    numbers: tuple[Mapping[tuple[str, int], int], Mapping[tuple[str, int], int]],
    *,
    moved: bool,
) -> BlockChange | None:
    if before == after and not moved:
        return None
    courses = _course_changes(before, after, numbers)
    if before is None or after is None:
        segments = word_segments(*(to_plain(b.markdown) if b else "" for b in (before, after)))
        kind: ChangeKind = "removed" if after is None else "added"
        return BlockChange(kind, before, after, moved, segments, courses, (), False, False)
    old = to_plain(before.markdown)
    new = old if before.markdown == after.markdown else to_plain(after.markdown)
    written_anew = before.markdown != after.markdown
    targets_differ = _targets(before.markdown) != _targets(after.markdown)
    change = BlockChange(
        kind="moved" if before == after else "changed",
        before=before,
        after=after,
        moved=moved,
        segments=word_segments(old, new),
        courses=courses,
        rows=row_changes(before.rows, after.rows),
        form_only=written_anew and old == new and not targets_differ,
        references=written_anew and old == new and targets_differ,
        tables=table_changes(before.markdown, after.markdown),
        targets=reference_changes(before.markdown, after.markdown) if targets_differ else (),
    )
    frames_same = (before.kind, before.audience, before.goal, before.markdown) == (
        after.kind, after.audience, after.goal, after.markdown,
    )  # fmt: skip
    if frames_same and not moved and not courses and not change.rows:
        return None  # only the id differs
    return change


def _targets(markdown: str) -> tuple[tuple[str, str], ...]:
    return tuple((reference.scheme, reference.id) for reference in references_in(markdown))


def _course_changes(
    before: Block | None,
    after: Block | None,
    numbers: tuple[Mapping[tuple[str, int], int], Mapping[tuple[str, int], int]],
) -> tuple[CourseChange, ...]:
    pairs = pairs_of(
        list(enumerate(before.courses)) if before else [],
        list(enumerate(after.courses)) if after else [],
        identity=lambda numbered: numbered[1],
        alike=_courses_alike,
    )
    result: list[CourseChange] = []
    for pair in pairs:
        old = pair.before[1] if pair.before else None
        new = pair.after[1] if pair.after else None
        if old == new and not pair.moved:
            continue
        result.append(
            CourseChange(
                kind=kind_of(old, new),
                before=old,
                after=new,
                number_before=numbers[0][before.id, pair.before[0]]
                if before and pair.before
                else None,
                number_after=numbers[1][after.id, pair.after[0]] if after and pair.after else None,
                segments=word_segments(
                    course_text(old) if old else "", course_text(new) if new else ""
                ),
            )
        )
    return tuple(result)


def _courses_alike(before: tuple[int, CourseOfAction], after: tuple[int, CourseOfAction]) -> float:
    """Return how alike two numbered steps are; in the same place of the same post they are one."""
    (place, old), (new_place, new) = before, after
    same = (place, old.phase, old.actor) == (new_place, new.phase, new.actor)
    return max(alikeness(course_text(old), course_text(new)), ALIKE_ENOUGH if same else 0.0)


def _role_changes(
    before: Sequence[RoleAssignment], after: Sequence[RoleAssignment]
) -> tuple[RoleChange, ...]:
    old, new = _by_position(before), _by_position(after)
    return tuple(
        RoleChange(key[0], field, was, now)
        for key in dict.fromkeys([*new, *old])
        for field in ROLE_FIELDS
        if (was := getattr(old.get(key), field, "")) != (now := getattr(new.get(key), field, ""))
    )


def _by_position(roles: Sequence[RoleAssignment]) -> dict[tuple[str, int], RoleAssignment]:
    """Key each assignment by its position and how often that came before: none is lost."""
    counts: Counter[str] = Counter()
    keyed: dict[tuple[str, int], RoleAssignment] = {}
    for role in roles:
        keyed[role.position, counts[role.position]] = role
        counts[role.position] += 1
    return keyed


def _fact_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FactChange, ...]:
    return tuple(
        FactChange(name, before.get(name), after.get(name))
        for name in dict.fromkeys([*after, *before])
        if before.get(name) != after.get(name)
    )
