"""The form of a section: blocks, steps and rows as fields whose names stay with what they hold.

A field's name is made of the block's id and the step's token, never of its place, so that moving a
block does not move the words typed in another tab's kept draft. Without scripts each press of a
small button sends the whole form and gives it back with the block added, moved or taken out;
nothing is stored until Save.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import QueryDict

from backend.canonical import content_hash
from plans.content.document import Block, CourseOfAction
from plans.pages.reading import ShownBlock
from plans.services.blocks import blocks_from_json

TOKEN = re.compile(r"[A-Za-z0-9-]{1,40}")
ROW_FIELDS: Mapping[str, tuple[str, ...]] = {
    "roles": ("post", "person"),
    "contacts": ("name", "post", "phone"),
    "picture": ("file", "alt"),
}
NEW = "new"


@dataclass
class StepFields:
    """One step as typed."""

    token: str
    phase: str = "during"
    actor: str = ""
    action: str = ""
    where: str = ""
    trigger: str = ""
    seconds: str = ""
    if_not: str = ""
    number: int = 0
    has_more: bool = False


@dataclass
class RowFields:
    """One row of contacts, roles or pictures as typed."""

    token: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass
class BlockFields:
    """One block as typed. `key` makes the names of its fields; a new one begins with `new`."""

    key: str
    kind: str
    audience: str
    goal: str = ""
    markdown: str = ""
    phase: str = ""
    steps: list[StepFields] = field(default_factory=list)
    rows: list[RowFields] = field(default_factory=list)
    was: str = ""
    error: str = ""
    theirs: Block | None = None
    theirs_shown: ShownBlock | None = None

    @property
    def row_names(self) -> tuple[str, ...]:
        """Return the names of the values of a row."""
        first = self.rows[0].values if self.rows else {}
        return tuple(dict.fromkeys([*ROW_FIELDS.get(self.kind, ()), *first]))


Tokened = TypeVar("Tokened", StepFields, RowFields)
Places = Mapping[str, str]  # how a place is called, to its id on the map


def mark_of(block: Block) -> str:
    """Return what changes whenever the block does; says later whether somebody touched it here."""
    return content_hash(dataclasses.asdict(block))[3:15]


def fields_of(blocks: Iterable[Block], places: Places) -> list[BlockFields]:
    """Return the fields of blocks as they stand."""
    names = {key: name for name, key in places.items()}
    return [_fields(block, names) for block in blocks]


def _fields(block: Block, names: Mapping[str, str]) -> BlockFields:
    phases = {course.phase for course in block.courses}
    return BlockFields(
        key=block.id,
        kind=block.kind,
        audience=block.audience,
        goal=block.goal or "",
        markdown=block.markdown,
        phase=next(iter(phases)) if len(phases) == 1 else "",
        steps=[_step(course, str(n), names) for n, course in enumerate(block.courses, start=1)],
        rows=[RowFields(str(n), dict(row)) for n, row in enumerate(block.rows, start=1)],
        was=mark_of(block),
    )


def _step(course: CourseOfAction, token: str, names: Mapping[str, str]) -> StepFields:
    seconds = course.time_limit_seconds
    return StepFields(
        token=token,
        phase=course.phase,
        actor=course.actor,
        action=course.action,
        where=names.get(course.where, course.where) if course.where else "",
        trigger=course.trigger,
        seconds="" if seconds is None else str(seconds),
        if_not=course.if_not,
        has_more=bool(course.trigger or course.if_not or seconds is not None),
    )


def typed(post: QueryDict) -> list[BlockFields]:
    """Return the blocks of a sent form, in its order; what has no sound name is left out."""
    found = []
    for key in dict.fromkeys(post.getlist("block")):
        if not TOKEN.fullmatch(key):
            continue
        name = f"b-{key}"
        block = BlockFields(
            key=key,
            kind=_one(post, f"{name}-kind"),
            audience=_one(post, f"{name}-audience"),
            goal=_one(post, f"{name}-goal"),
            markdown=_one(post, f"{name}-markdown"),
            phase=_one(post, f"{name}-phase"),
            was=_one(post, f"{name}-was"),
        )
        for token in dict.fromkeys(post.getlist(f"{name}-step")):
            if TOKEN.fullmatch(token):
                block.steps.append(_typed_step(post, f"{name}-s{token}", token, block.phase))
        for token in dict.fromkeys(post.getlist(f"{name}-row")):
            if TOKEN.fullmatch(token):
                start = f"{name}-r{token}-"
                values = {
                    item.removeprefix(start): _one(post, item)
                    for item in post
                    if item.startswith(start)
                }
                block.rows.append(RowFields(token, values))
        found.append(block)
    return found


def _typed_step(post: QueryDict, name: str, token: str, phase: str) -> StepFields:
    step = StepFields(
        token=token,
        phase=phase or _one(post, f"{name}-phase") or "during",
        actor=_one(post, f"{name}-actor"),
        action=_one(post, f"{name}-action"),
        where=_one(post, f"{name}-where").strip(),
        trigger=_one(post, f"{name}-trigger"),
        seconds=_one(post, f"{name}-seconds").strip(),
        if_not=_one(post, f"{name}-if_not"),
    )
    step.has_more = bool(step.trigger or step.if_not or step.seconds)
    return step


def _one(post: QueryDict, name: str) -> str:
    return str(post.get(name, "")).replace("\r\n", "\n").replace("\r", "\n")


def numbered(blocks: list[BlockFields]) -> list[BlockFields]:
    """Number the steps through all blocks, as the section shows them."""
    number = 0
    for block in blocks:
        for step in block.steps:
            number += 1
            step.number = number
    return blocks


def act(blocks: list[BlockFields], deed: str) -> list[BlockFields]:
    """Do what a small button says: `add:text`, `up:KEY`, `step-remove:KEY:TOKEN`."""
    verb, _, rest = deed.partition(":")
    key, _, token = rest.partition(":")
    if verb == "add":
        return [*blocks, _new_block(blocks, rest)]
    if verb == "goal":
        block = _new_block(blocks, "text")
        block.goal = rest
        return [*blocks, block]
    block_at = next((place for place, block in enumerate(blocks) if block.key == key), None)
    if block_at is None:
        return blocks
    if verb == "remove":
        return [block for block in blocks if block.key != key]
    if verb in {"up", "down"}:
        _move(blocks, block_at, verb)
        return blocks
    block = blocks[block_at]
    if verb == "step":
        tokens = [step.token for step in block.steps]
        phase = block.phase or (block.steps[-1].phase if block.steps else "during")
        block.steps.append(StepFields(_next(tokens), phase=phase))
    elif verb == "row":
        tokens = [row.token for row in block.rows]
        block.rows.append(RowFields(_next(tokens), dict.fromkeys(block.row_names, "")))
    elif verb.startswith("step-"):
        _act_on(block.steps, token, verb.removeprefix("step-"))
    elif verb.startswith("row-"):
        _act_on(block.rows, token, verb.removeprefix("row-"))
    return blocks


def _act_on(items: list[Tokened], token: str, verb: str) -> None:
    at = next((place for place, item in enumerate(items) if item.token == token), None)
    if at is None:
        return
    if verb == "remove":
        del items[at]
    else:
        _move(items, at, verb)


def _move(items: list[Any], at: int, verb: str) -> None:
    to = at - 1 if verb == "up" else at + 1
    if 0 <= to < len(items):
        items[at], items[to] = items[to], items[at]


def _new_block(blocks: list[BlockFields], kind: str) -> BlockFields:
    numbers = [block.key.removeprefix(NEW) for block in blocks if block.key.startswith(NEW)]
    key = f"{NEW}{_next(numbers)}"
    audience = blocks[-1].audience if blocks and blocks[-1].audience == "staff" else "staff"
    if kind == "courses_of_action":
        return BlockFields(key, kind, audience, phase="during", steps=[StepFields("1")])
    if kind in ROW_FIELDS:
        values = dict.fromkeys(ROW_FIELDS[kind], "")
        return BlockFields(key, kind, audience, rows=[RowFields("1", values)])
    return BlockFields(key, "text", audience)


def _next(tokens: Iterable[str]) -> str:
    return str(max((int(token) for token in tokens if token.isdecimal()), default=0) + 1)


def content_of(
    blocks: list[BlockFields], known: Iterable[str], places: Places
) -> tuple[Block, ...]:
    """Return the content of what was typed; a block that the section does not have is a new one.

    The name of a place becomes its id; a step or row without any word is left out. What cannot be
    is refused later, by the service, with its place.
    """
    ids = set(known)
    folded = {name.casefold(): key for name, key in places.items()}
    return blocks_from_json(
        [
            {
                "id": block.key if block.key in ids else "",
                "kind": block.kind,
                "audience": block.audience,
                "markdown": block.markdown,
                "goal": block.goal or None,
                "courses": [
                    {
                        "phase": step.phase,
                        "actor": step.actor,
                        "action": step.action,
                        "trigger": step.trigger,
                        "where": folded.get(step.where.casefold(), step.where) or None,
                        "time_limit_seconds": _seconds(step.seconds),
                        "if_not": step.if_not,
                    }
                    for step in block.steps
                    if any((step.actor, step.action, step.trigger, step.if_not, step.where))
                ],
                "rows": [row.values for row in block.rows if any(row.values.values())],
            }
            for block in blocks
        ]
    )


def _seconds(text: str) -> int | None:
    if not text:
        return None
    return int(text) if text.isdecimal() else -1


def merge(
    mine: list[BlockFields], theirs: Iterable[Block], read: Iterable[str], places: Places
) -> list[BlockFields]:
    """Join what was typed with what another person saved meanwhile.

    A block that nobody touched here takes the other's words; one that both changed keeps the words
    typed here and carries the other's beside it; one that the other added comes at the end.
    """
    names = {key: name for name, key in places.items()}
    saved = {block.id: block for block in theirs}
    known = set(read)
    typed_keys = {block.key for block in mine}
    joined = []
    for block in mine:
        other = saved.get(block.key)
        if other is None:
            if block.key in known and not _is_touched(block, places):
                continue  # the other took it out, and nobody changed it here
            joined.append(block)
        elif mark_of(other) == block.was:
            joined.append(block)
        elif _is_touched(block, places):
            block.theirs, block.was = other, mark_of(other)
            joined.append(block)
        else:
            joined.append(_fields(other, names))
    added = [
        _fields(block, names)
        for block in saved.values()
        if block.id not in typed_keys and block.id not in known
    ]
    return [*joined, *added]


def _is_touched(block: BlockFields, places: Places) -> bool:
    (content,) = content_of([block], [block.key], places)
    return mark_of(content) != block.was
