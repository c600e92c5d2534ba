"""The facts of a packet's first page and its back, as data; part of what a plan version signs.

The form is fixed and is read by pages, packet and hash alike:
`cross_street`, `approach`, `main_door`, `way_in`, `panel`, `key_box`, `command_post`, `staging`,
`radio`, `people_who_need_help`, `reunification` are texts; `people_by_hour` is a list of
[hour 0 to 23, people]; `hazards` a list of {what, where, room}; `building` has construction, roof
and sprinklers; `may_be_inside` has day and night.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from backend.problems import BadInput

LONGEST_TEXT = 300
MOST_HAZARDS = 20
MOST_PEOPLE = 20_000
TEXTS: tuple[str, ...] = (
    "cross_street", "approach", "main_door", "way_in", "panel", "key_box", "command_post",
    "staging", "radio", "people_who_need_help", "reunification",
)  # fmt: skip
BUILDING: tuple[str, ...] = ("construction", "roof", "sprinklers")
INSIDE: tuple[str, ...] = ("day", "night")


@dataclass(frozen=True, slots=True)
class StandingHazard:
    """One standing hazard of the building: what, where in words, and the room's sign if any."""

    what: str
    where: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What a responder must read first. `people_by_hour` counts people at each full hour."""

    cross_street: str = ""
    approach: str = ""
    main_door: str = ""
    way_in: str = ""
    panel: str = ""
    key_box: str = ""
    command_post: str = ""
    staging: str = ""
    radio: str = ""
    people_who_need_help: str = ""
    reunification: str = ""
    people_by_hour: tuple[tuple[int, int], ...] = ()
    hazards: tuple[StandingHazard, ...] = ()
    building: Mapping[str, str] = dataclasses.field(default_factory=dict)
    may_be_inside: Mapping[str, str] = dataclasses.field(default_factory=dict)


def to_json(page: FirstPage) -> dict[str, Any]:
    """Return the JSON form: every key stands, also an empty one, so that the hash is stable."""
    return {
        **{name: getattr(page, name) for name in TEXTS},
        "people_by_hour": [[hour, people] for hour, people in page.people_by_hour],
        "hazards": [dataclasses.asdict(hazard) for hazard in page.hazards],
        "building": {name: page.building.get(name, "") for name in BUILDING},
        "may_be_inside": {name: page.may_be_inside.get(name, "") for name in INSIDE},
    }


def from_json(data: Any) -> FirstPage:
    """Return the facts of their JSON form; a missing key is empty.

    Raises BadInput, naming the place, for an unknown key, a value of another kind, a text of more
    than 300 characters, an hour outside 0 to 23 or given twice.
    """
    _expect_keys(data, (*TEXTS, "people_by_hour", "hazards", "building", "may_be_inside"), "facts")
    return FirstPage(
        **{name: _text(data.get(name, ""), name) for name in TEXTS},
        people_by_hour=_people(data.get("people_by_hour", [])),
        hazards=_hazards(data.get("hazards", [])),
        building=_texts(data.get("building", {}), BUILDING, "building"),
        may_be_inside=_texts(data.get("may_be_inside", {}), INSIDE, "may_be_inside"),
    )


def in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts of a document with lists and groups as lines of words, for comparing."""
    flat: dict[str, Any] = {}
    for name, value in facts.items():
        if name == "people_by_hour":
            flat["people by hour"] = ", ".join(f"{hour}:00 {people}" for hour, people in value)
        elif name == "hazards":
            flat["standing hazards"] = "; ".join(
                ", ".join(part for part in (item["what"], item["where"], item["room"]) if part)
                for item in value
            )
        elif isinstance(value, Mapping):
            words = {"building": "{}", "may_be_inside": "who may be inside by {}"}
            flat |= {words.get(name, "{}").format(key): text for key, text in value.items()}
        else:
            flat[name] = value
    return {name: value for name, value in flat.items() if value not in ("", None)}


def _people(data: Any) -> tuple[tuple[int, int], ...]:
    counts: dict[int, int] = {}
    for place, item in enumerate(_list(data, "people_by_hour")):
        where = f"people_by_hour[{place}]"
        if not isinstance(item, Sequence) or isinstance(item, str) or len(item) != 2:
            raise _bad(where, _("Each entry is an hour and a number of people."))
        hour, people = item
        if not _is_number(hour, 23) or hour in counts:
            raise _bad(where, _("The hour is a whole number from 0 to 23, each once."))
        if not _is_number(people, MOST_PEOPLE):
            raise _bad(where, _("The number of people is a whole number from 0 to 20,000."))
        counts[hour] = people
    return tuple(sorted(counts.items()))


def _hazards(data: Any) -> tuple[StandingHazard, ...]:
    items = _list(data, "hazards")
    if len(items) > MOST_HAZARDS:
        raise _bad("hazards", _("At most 20 standing hazards fit the page."))
    found = []
    for place, item in enumerate(items):
        texts = _texts(item, ("what", "where", "room"), f"hazards[{place}]")
        if not texts["what"]:
            raise _bad(f"hazards[{place}].what", _("Say what the hazard is."))
        found.append(StandingHazard(**texts))
    return tuple(found)


def _texts(data: Any, names: tuple[str, ...], where: str) -> dict[str, str]:
    _expect_keys(data, names, where)
    return {name: _text(data.get(name, ""), f"{where}.{name}") for name in names}


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise _bad(where, _("This is a text."))
    text = " ".join(value.split())
    if len(text) > LONGEST_TEXT:
        raise _bad(where, _("This is longer than 300 characters; the first page must be short."))
    return text


def _list(data: Any, where: str) -> list[Any]:
    if not isinstance(data, (list, tuple)):
        raise _bad(where, _("This is a list."))
    return list(data)


def _expect_keys(data: Any, names: tuple[str, ...], where: str) -> None:
    if not isinstance(data, Mapping):
        raise _bad(where, _("This is a group of named values."))
    if unknown := sorted(str(name) for name in set(data) - set(names)):
        raise _bad(where, _("Not known here: %(names)s.") % {"names": ", ".join(unknown)})


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _bad(where: str, message: str) -> BadInput:
    return BadInput(message, where=where, mend=_("Mend this and save again; nothing was changed."))
