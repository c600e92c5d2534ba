"""The canonical JSON form of a plan document, and its hash under scheme m1.

Every field is written, also an empty one, so that a field changed to or from empty changes the
hash. Lists keep their order: the order of sections, blocks and steps is part of what is signed.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast, get_args

from backend.canonical import content_hash
from plans.content.document import (
    AUDIENCES,
    Audience,
    Block,
    BlockKind,
    CourseOfAction,
    Part,
    Phase,
    PlanDocument,
    RoleAssignment,
    Section,
)

FORM = "plan-document-1"
_TEXTS: tuple[type, ...] = (str,)
_NUMBERS_OR_NONE: tuple[type, ...] = (int, type(None))
_TEXTS_OR_NONE: tuple[type, ...] = (str, type(None))


class NotAPlanDocument(ValueError):
    """The JSON is not a plan document; the message says where and what is expected there."""


def plan_hash(document: PlanDocument) -> str:
    """Return `m1:` and 64 hexadecimal digits over the whole document.

    Raises ValueError or TypeError when a fact of the campus is not JSON.
    """
    return content_hash(to_json(document))


def to_json(document: PlanDocument) -> dict[str, Any]:
    """Return the JSON form that is hashed, stored and sent. Facts of the campus must be JSON."""
    return {
        "form": FORM,
        "campus": dict(document.campus),
        "version": document.version,
        "map_version": document.map_version,
        "map_hash": document.map_hash,
        "sections": [_section_json(section) for section in document.sections],
        "roles": [
            {
                "position": role.position,
                "person": role.person,
                "first_alternate": role.first_alternate,
                "second_alternate": role.second_alternate,
                "phone": role.phone,
            }
            for role in document.roles
        ],
    }


def from_json(data: Any) -> PlanDocument:
    """Return the document of its JSON form.

    Raises NotAPlanDocument on a missing, unknown or wrongly typed field: nothing is left out in
    silence.
    """
    names = ("form", "campus", "version", "map_version", "map_hash", "sections", "roles")
    _expect_keys(data, names, "the document")
    if data["form"] != FORM:
        raise NotAPlanDocument(f"form: {data['form']!r} is not read here; expected {FORM!r}")
    if not isinstance(data["campus"], Mapping):
        raise NotAPlanDocument("campus: expected an object of facts")
    version = _value(data, "version", (int,), "version")
    return PlanDocument(
        campus=dict(data["campus"]),
        version=cast("int", version),
        map_version=_value(data, "map_version", _NUMBERS_OR_NONE, "map_version"),
        map_hash=_value(data, "map_hash", _TEXTS_OR_NONE, "map_hash"),
        sections=tuple(_section_of(item, at) for item, at in _items(data, "sections", "")),
        roles=tuple(_role_of(item, at) for item, at in _items(data, "roles", "")),
    )


def _section_json(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "template_id": section.template_id,
        "part": section.part,
        "title": section.title,
        "not_applicable": section.not_applicable,
        "blocks": [_block_json(block) for block in section.blocks],
    }


def _block_json(block: Block) -> dict[str, Any]:
    return {
        "id": block.id,
        "kind": block.kind,
        "audience": block.audience,
        "markdown": block.markdown,
        "goal": block.goal,
        "rows": [dict(row) for row in block.rows],
        "courses": [
            {
                "phase": course.phase,
                "actor": course.actor,
                "action": course.action,
                "trigger": course.trigger,
                "where": course.where,
                "time_limit_seconds": course.time_limit_seconds,
                "if_not": course.if_not,
            }
            for course in block.courses
        ],
    }


def _section_of(data: Any, at: str) -> Section:
    names = ("id", "template_id", "part", "title", "not_applicable", "blocks")
    _expect_keys(data, names, at)
    return Section(
        id=_text(data, "id", at),
        template_id=_text(data, "template_id", at),
        part=cast("Part", _word(data, "part", get_args(Part), at)),
        title=_text(data, "title", at),
        not_applicable=_text(data, "not_applicable", at),
        blocks=tuple(_block_of(item, place) for item, place in _items(data, "blocks", at)),
    )


def _block_of(data: Any, at: str) -> Block:
    _expect_keys(data, ("id", "kind", "audience", "markdown", "goal", "rows", "courses"), at)
    goal = data["goal"]
    return Block(
        id=_text(data, "id", at),
        kind=cast("BlockKind", _word(data, "kind", get_args(BlockKind), at)),
        audience=cast("Audience", _word(data, "audience", AUDIENCES, at)),
        markdown=_text(data, "markdown", at),
        goal=None if goal is None else cast("Phase", _word(data, "goal", get_args(Phase), at)),
        rows=tuple(_row_of(item, place) for item, place in _items(data, "rows", at)),
        courses=tuple(_course_of(item, place) for item, place in _items(data, "courses", at)),
    )


def _course_of(data: Any, at: str) -> CourseOfAction:
    names = ("phase", "actor", "action", "trigger", "where", "time_limit_seconds", "if_not")
    _expect_keys(data, names, at)
    limit = f"{at}.time_limit_seconds"
    return CourseOfAction(
        phase=cast("Phase", _word(data, "phase", get_args(Phase), at)),
        actor=_text(data, "actor", at),
        action=_text(data, "action", at),
        trigger=_text(data, "trigger", at),
        where=_value(data, "where", _TEXTS_OR_NONE, f"{at}.where"),
        time_limit_seconds=_value(data, "time_limit_seconds", _NUMBERS_OR_NONE, limit),
        if_not=_text(data, "if_not", at),
    )


def _role_of(data: Any, at: str) -> RoleAssignment:
    names = ("position", "person", "first_alternate", "second_alternate", "phone")
    _expect_keys(data, names, at)
    return RoleAssignment(**{name: _text(data, name, at) for name in names})


def _row_of(data: Any, at: str) -> dict[str, str]:
    if not isinstance(data, Mapping):
        raise NotAPlanDocument(f"{at}: expected an object")
    return {str(name): _text(data, name, at) for name in data}


def _expect_keys(data: Any, names: Iterable[str], at: str) -> None:
    if not isinstance(data, Mapping):
        raise NotAPlanDocument(f"{at}: expected an object")
    expected = set(names)
    if missing := sorted(expected - set(data)):
        raise NotAPlanDocument(f"{at}: {', '.join(missing)} missing; add them")
    if unknown := sorted(str(name) for name in set(data) - expected):
        raise NotAPlanDocument(f"{at}: {', '.join(unknown)} not known; take them out")


def _items(data: Mapping[str, Any], name: str, at: str) -> list[tuple[Any, str]]:
    place = f"{at}.{name}" if at else name
    items = data[name]
    if not isinstance(items, (list, tuple)):
        raise NotAPlanDocument(f"{place}: expected a list")
    return [(item, f"{place}[{number}]") for number, item in enumerate(items)]


def _text(data: Mapping[str, Any], name: str, at: str) -> str:
    return cast("str", _value(data, name, _TEXTS, f"{at}.{name}"))


def _word(data: Mapping[str, Any], name: str, words: tuple[str, ...], at: str) -> str:
    word = _text(data, name, at)
    if word not in words:
        raise NotAPlanDocument(f"{at}.{name}: {word!r} is none of {', '.join(words)}")
    return word


def _value(data: Mapping[str, Any], name: str, types: tuple[type, ...], at: str) -> Any:
    value = data[name]
    if not isinstance(value, types) or isinstance(value, bool):
        expected = " or ".join(
            {"str": "text", "int": "a whole number"}.get(kind.__name__, "null") for kind in types
        )
        raise NotAPlanDocument(f"{at}: {value!r} is not {expected}")
    return value
