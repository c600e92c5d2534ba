"""Blocks as they may be: the check of what somebody sends, and the rows they become."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args
from uuid import UUID

from django.utils.translation import gettext as _

from backend.problems import BadInput
from backend.tenancy.models import new_id
from plans.content.document import AUDIENCES, Block, BlockKind, CourseOfAction, Phase
from plans.models import Block as BlockRow
from plans.models import Section

KINDS: tuple[str, ...] = get_args(BlockKind)
PHASES: tuple[str, ...] = get_args(Phase)
LONGEST_MARKDOWN = 20_000
LONGEST_ACTION = 600
LONGEST_TEXT = 300
LONGEST_SECONDS = 86_400
MOST_BLOCKS = 60
MOST_STEPS = 60
MOST_ROWS = 100
COURSE_FIELDS = tuple(field.name for field in dataclasses.fields(CourseOfAction))


def blocks_from_json(data: Any) -> tuple[Block, ...]:
    """Return blocks of the API's form; raises BadInput naming the place of what is wrong.

    A block is {id, kind, audience, markdown, goal, courses, rows}; only kind and audience must
    stand. `id` is empty for a new block.
    """
    if not isinstance(data, (list, tuple)):
        raise _bad("blocks", _("This is a list of blocks."))
    return tuple(_block(item, f"blocks[{place}]") for place, item in enumerate(data))


def _block(data: Any, where: str) -> Block:
    names = ("id", "kind", "audience", "markdown", "goal", "courses", "rows")
    _expect_keys(data, names, where)
    courses, rows = data.get("courses", []), data.get("rows", [])
    for name, value in (("courses", courses), ("rows", rows)):
        if not isinstance(value, (list, tuple)):
            raise _bad(f"{where}.{name}", _("This is a list."))
    for place, item in enumerate(courses):
        _expect_keys(item, COURSE_FIELDS, f"{where}.courses[{place}]")
        for name in ("phase", "actor", "action"):
            if name not in item:
                raise _bad(f"{where}.courses[{place}].{name}", _("This must stand."))
    return Block(
        id=str(data.get("id") or ""),
        kind=data.get("kind", ""),
        audience=data.get("audience", ""),
        markdown=data.get("markdown", ""),
        courses=tuple(CourseOfAction(**item) for item in courses),
        rows=tuple(rows),
        goal=data.get("goal") or None,
    )


def check_blocks(blocks: Sequence[Block], known: Iterable[UUID]) -> None:
    """Raise BadInput for the first thing that cannot be; `known` are the section's block ids."""
    ids = {str(key) for key in known}
    if len(blocks) > MOST_BLOCKS:
        raise _bad("blocks", _("A section has at most 60 blocks."))
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        where = f"blocks[{place}]"
        if block.id and (block.id not in ids or block.id in seen):
            raise _bad(f"{where}.id", _("The section has no such block, or it stands here twice."))
        seen.add(block.id)
        _check_block(block, where)


def _check_block(block: Block, where: str) -> None:
    if block.kind not in KINDS:
        raise _bad(f"{where}.kind", _one_of(KINDS))
    if block.audience not in AUDIENCES:
        raise _bad(f"{where}.audience", _one_of(AUDIENCES))
    if block.goal is not None and block.goal not in PHASES:
        raise _bad(f"{where}.goal", _one_of(PHASES))
    if block.goal is not None and block.kind != "text":
        raise _bad(f"{where}.goal", _("Only a text states a goal."))
    _check_text(block.markdown, f"{where}.markdown", LONGEST_MARKDOWN)
    if block.courses and block.kind != "courses_of_action":
        raise _bad(f"{where}.courses", _("Only a block of courses of action has steps."))
    if block.rows and block.kind not in {"roles", "contacts", "picture"}:
        raise _bad(f"{where}.rows", _("A block of this kind has no rows."))
    if len(block.courses) > MOST_STEPS or len(block.rows) > MOST_ROWS:
        raise _bad(where, _("A block has at most 60 steps or 100 rows."))
    for place, course in enumerate(block.courses):
        _check_course(course, f"{where}.courses[{place}]")
    for place, row in enumerate(block.rows):
        if not isinstance(row, Mapping):
            raise _bad(f"{where}.rows[{place}]", _("This is a group of named values."))
        for name, value in row.items():
            _check_text(value, f"{where}.rows[{place}].{name}", LONGEST_TEXT)


def _check_course(course: CourseOfAction, where: str) -> None:
    if course.phase not in PHASES:
        raise _bad(f"{where}.phase", _one_of(PHASES))
    _check_text(course.actor, f"{where}.actor", LONGEST_TEXT)
    _check_text(course.action, f"{where}.action", LONGEST_ACTION)
    _check_text(course.trigger, f"{where}.trigger", LONGEST_TEXT)
    _check_text(course.if_not, f"{where}.if_not", LONGEST_TEXT)
    if course.where is not None:
        _check_text(course.where, f"{where}.where", LONGEST_TEXT)
    seconds = course.time_limit_seconds
    if seconds is not None and (
        not isinstance(seconds, int)
        or isinstance(seconds, bool)
        or not 1 <= seconds <= LONGEST_SECONDS
    ):
        raise _bad(f"{where}.time_limit_seconds", _("The time limit is 1 to 86,400 whole seconds."))


def _check_text(value: Any, where: str, longest: int) -> None:
    if not isinstance(value, str):
        raise _bad(where, _("This is a text."))
    if "\0" in value:
        raise _bad(where, _("This text holds a character that cannot be kept."))
    if len(value) > longest:
        raise _bad(
            where,
            _("This is %(length)s characters long; %(longest)s are the most.")
            % {"length": f"{len(value):,}", "longest": f"{longest:,}"},
        )


def new_rows(section: Section, blocks: Sequence[Block]) -> list[BlockRow]:
    """Return the rows of a section that has none yet, not saved."""
    return [
        _filled(BlockRow(district_id=section.district_id, section=section, key=_key(block)),
                block, order)
        for order, block in enumerate(blocks, start=1)
    ]  # fmt: skip


def block_rows(section: Section, blocks: Sequence[Block]) -> None:
    """Write the blocks of a section: rows are kept by key, changed, made and taken out."""
    present = {row.key: row for row in section.blocks.all()}
    kept, made = [], []
    for order, block in enumerate(blocks, start=1):
        key = _key(block)
        if row := present.pop(key, None):
            kept.append(_filled(row, block, order))
        else:
            row = BlockRow(district_id=section.district_id, section=section, key=key)
            made.append(_filled(row, block, order))
    BlockRow.objects.filter(pk__in=[row.pk for row in present.values()]).delete()
    BlockRow.objects.bulk_update(kept, ["order", "kind", "audience", "goal", "markdown", "content"])
    BlockRow.objects.bulk_create(made)


def _key(block: Block) -> UUID:
    return UUID(block.id) if block.id else new_id()


def _filled(row: BlockRow, block: Block, order: int) -> BlockRow:
    row.order, row.kind, row.audience = order, block.kind, block.audience
    row.goal, row.markdown = block.goal or "", block.markdown
    if block.kind == "courses_of_action":
        row.content = [dataclasses.asdict(course) for course in block.courses]
    else:
        row.content = [dict(item) for item in block.rows]
    return row


def _expect_keys(data: Any, names: tuple[str, ...], where: str) -> None:
    if not isinstance(data, Mapping):
        raise _bad(where, _("This is a group of named values."))
    if unknown := sorted(str(name) for name in set(data) - set(names)):
        raise _bad(where, _("Not known here: %(names)s.") % {"names": ", ".join(unknown)})


def _one_of(words: Sequence[str]) -> str:
    return _("Use one of: %(words)s.") % {"words": ", ".join(words)}


def _bad(where: str, message: str) -> BadInput:
    return BadInput(message, where=where, mend=_("Mend this and save again; nothing was changed."))
