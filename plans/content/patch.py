"""The difference of two plan documents as a patch: applied to the former it gives the newer.

A patch holds what is new and points to the rest by its place in the former document, so it is small
where little changed, and it is plain JSON by `to_json`.
"""

import dataclasses
import difflib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from plans.content.changes import blocks_alike, sections_alike
from plans.content.document import Block, CourseOfAction, PlanDocument, RoleAssignment, Section
from plans.content.hashing import plan_hash
from plans.content.pairing import pairs_of
from plans.content.word_difference import tokens

Item = TypeVar("Item")


class PatchDoesNotFit(ValueError):
    """The patch was made for another document; nothing is applied."""


@dataclass(frozen=True, slots=True)
class TextEdit:
    """Keep so many characters of the former text, drop so many, then write this."""

    keep: int
    drop: int
    write: str


@dataclass(frozen=True, slots=True)
class ListEdit(Generic[Item]):
    """An item of the newer list: the one at a place of the former, or a new one."""

    place: int | None
    new: Item | None


@dataclass(frozen=True, slots=True)
class BlockPatch:
    """A block: that at `place` of section `section` of the former, with what differs."""

    section: int
    place: int
    fields: Mapping[str, Any]  # id, kind, audience, goal where they differ
    text: tuple[TextEdit, ...]
    courses: tuple[ListEdit[CourseOfAction], ...] | None  # None: the same
    rows: tuple[ListEdit[Mapping[str, str]], ...] | None


@dataclass(frozen=True, slots=True)
class SectionPatch:
    """A section: that at `place` of the former, with what differs."""

    place: int
    fields: Mapping[str, str]  # id, template_id, part, title, not_applicable where they differ
    blocks: tuple[BlockPatch | Block, ...] | None  # None: the same


@dataclass(frozen=True, slots=True)
class PlanPatch:
    """The whole difference. `base` is the hash of the document that it fits."""

    base: str
    sections: tuple[SectionPatch | Section, ...] | None  # None: the same
    roles: tuple[ListEdit[RoleAssignment], ...] | None
    campus: Mapping[str, Any] | None
    pinned: tuple[int, int | None, str | None] | None  # version, map version, map hash


def patch_between(before: PlanDocument, after: PlanDocument) -> PlanPatch:
    """Return the patch that turns one document into the other; its facts must be JSON."""
    pinned = (after.version, after.map_version, after.map_hash)
    return PlanPatch(
        base=plan_hash(before),
        sections=None if before.sections == after.sections else _sections(before, after),
        roles=_list_edits(before.roles, after.roles),
        campus=None if before.campus == after.campus else dict(after.campus),
        pinned=None if pinned == (before.version, before.map_version, before.map_hash) else pinned,
    )


def applied(before: PlanDocument, patch: PlanPatch) -> PlanDocument:
    """Return the newer document; raises PatchDoesNotFit for any but the one it was made for."""
    if plan_hash(before) != patch.base:
        raise PatchDoesNotFit("the patch was made for another document; compare the two anew")
    version, map_version, map_hash = patch.pinned or (
        before.version,
        before.map_version,
        before.map_hash,
    )
    sections = before.sections
    if patch.sections is not None:
        sections = tuple(
            item if isinstance(item, Section) else _section(before, item) for item in patch.sections
        )
    return PlanDocument(
        campus=before.campus if patch.campus is None else dict(patch.campus),
        version=version,
        map_version=map_version,
        map_hash=map_hash,
        sections=sections,
        roles=_edited(before.roles, patch.roles),
    )


def to_json(patch: PlanPatch) -> dict[str, Any]:
    """Return the patch as JSON, without what is the same."""
    return {name: value for name, value in dataclasses.asdict(patch).items() if value is not None}


def _sections(before: PlanDocument, after: PlanDocument) -> tuple[SectionPatch | Section, ...]:
    elsewhere = {
        block.id: (s, b)
        for s, section in enumerate(before.sections)
        for b, block in enumerate(section.blocks)
    }
    pairs = pairs_of(before.sections, after.sections, identity=lambda s: s.id, alike=sections_alike)
    return tuple(
        pair.after
        if pair.before is None or pair.place_before is None
        else _section_patch(before, pair.before, pair.after, pair.place_before, elsewhere)
        for pair in pairs
        if pair.after is not None
    )


def _section_patch(
    document: PlanDocument,
    before: Section,
    after: Section,
    place: int,
    elsewhere: Mapping[str, tuple[int, int]],
) -> SectionPatch:
    names = ("id", "template_id", "part", "title", "not_applicable")
    fields = _fields(before, after, names)
    if before.blocks == after.blocks:
        return SectionPatch(place, fields, None)
    pairs = pairs_of(before.blocks, after.blocks, identity=lambda b: b.id, alike=blocks_alike)
    blocks: list[BlockPatch | Block] = []
    for pair in pairs:
        if pair.after is None:
            continue
        found = (place, pair.place_before) if pair.place_before is not None else None
        found = found or elsewhere.get(pair.after.id)
        if found is None:
            blocks.append(pair.after)
        else:
            former = document.sections[found[0]].blocks[found[1]]
            blocks.append(_block_patch(former, pair.after, *found))
    return SectionPatch(place, fields, tuple(blocks))


def _block_patch(before: Block, after: Block, section: int, place: int) -> BlockPatch:
    return BlockPatch(
        section,
        place,
        _fields(before, after, ("id", "kind", "audience", "goal")),
        _text_edits(before.markdown, after.markdown),
        _list_edits(before.courses, after.courses),
        _list_edits(before.rows, after.rows, key=lambda row: tuple(row.items())),
    )


def _fields(before: object, after: object, names: Sequence[str]) -> dict[str, Any]:
    return {
        name: getattr(after, name)
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


def _text_edits(before: str, after: str) -> tuple[TextEdit, ...]:
    if before == after:
        return ()
    old, new = tokens(before), tokens(after)
    edits: list[TextEdit] = []
    keep = 0
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for name, i1, i2, j1, j2 in matcher.get_opcodes():
        dropped = sum(map(len, old[i1:i2]))
        if name == "equal":
            keep += dropped
        else:
            edits.append(TextEdit(keep, dropped, "".join(new[j1:j2])))
            keep = 0
    return tuple(edits)


def _list_edits(
    before: Sequence[Item],
    after: Sequence[Item],
    *,
    key: Callable[[Item], Hashable] = lambda item: item,
) -> tuple[ListEdit[Item], ...] | None:
    """Return where each item of the newer list comes from, None where the lists are the same."""
    if len(before) == len(after) and all(
        key(one) == key(other) for one, other in zip(before, after, strict=True)
    ):
        return None
    places: dict[Hashable, int] = {}
    for place, item in enumerate(before):
        places.setdefault(key(item), place)
    return tuple(
        ListEdit(places[key(item)], None) if key(item) in places else ListEdit(None, item)
        for item in after
    )


def _edited(before: tuple[Item, ...], edits: tuple[ListEdit[Item], ...] | None) -> tuple[Item, ...]:
    if edits is None:
        return before
    result: list[Item] = []
    for edit in edits:
        if edit.place is not None:
            result.append(before[edit.place])
        elif edit.new is not None:
            result.append(edit.new)
    return tuple(result)


def _section(before: PlanDocument, patch: SectionPatch) -> Section:
    section = before.sections[patch.place]
    blocks = section.blocks
    if patch.blocks is not None:
        blocks = tuple(
            item if isinstance(item, Block) else _block(before, item) for item in patch.blocks
        )
    return dataclasses.replace(section, **patch.fields, blocks=blocks)  # type: ignore[arg-type]


def _block(before: PlanDocument, patch: BlockPatch) -> Block:
    block = before.sections[patch.section].blocks[patch.place]
    return dataclasses.replace(
        block,
        **patch.fields,
        markdown=_text(block.markdown, patch.text),
        courses=_edited(block.courses, patch.courses),
        rows=_edited(block.rows, patch.rows),
    )


def _text(before: str, edits: Sequence[TextEdit]) -> str:
    parts: list[str] = []
    place = 0
    for edit in edits:
        parts.append(before[place : place + edit.keep])
        parts.append(edit.write)
        place += edit.keep + edit.drop
    return "".join([*parts, before[place:]])
