"""The facts of a packet's first page and its back, as data; part of what a plan version signs.

The form is fixed and is read by pages, packet and hash alike (`plans.packets.facts.first_page_of`):
`cross_street`, `approach`, `main_door`, `way_in`, `panel`, `key_box`, `command_post`, `staging`,
`radio`, `people_who_need_help`, `construction`, `roof`, `sprinklers`, `reunification` are texts;
`people_by_hour` is a list of [hour 0 to 23, people]; `hazards` a list of {what, where, room_label};
`approach_line` a list of [longitude, latitude] along the way in.
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
MOST_POINTS = 100
TEXTS: tuple[str, ...] = (
    "cross_street", "approach", "main_door", "way_in", "panel", "key_box", "command_post",
    "staging", "radio", "people_who_need_help", "construction", "roof", "sprinklers",
    "reunification",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StandingHazard:
    """One standing hazard of the building: what, where in words, and the room's sign if any."""

    what: str
    where: str = ""
    room_label: str = ""


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
    construction: str = ""
    roof: str = ""
    sprinklers: str = ""
    reunification: str = ""
    people_by_hour: tuple[tuple[int, int], ...] = ()
    hazards: tuple[StandingHazard, ...] = ()
    approach_line: tuple[tuple[float, float], ...] = ()


def to_json(page: FirstPage) -> dict[str, Any]:
    """Return the JSON form: every key stands, also an empty one, so that the hash is stable."""
    return {
        **{name: getattr(page, name) for name in TEXTS},
        "people_by_hour": [[hour, people] for hour, people in page.people_by_hour],
        "hazards": [dataclasses.asdict(hazard) for hazard in page.hazards],
        "approach_line": [[longitude, latitude] for longitude, latitude in page.approach_line],
    }


def from_json(data: Any) -> FirstPage:
    """Return the facts of their JSON form; a missing key is empty.

    Raises BadInput, naming the place, for an unknown key, a value of another kind, a text of more
    than 300 characters, an hour outside 0 to 23 or given twice, a point that is none.
    """
    _expect_keys(data, (*TEXTS, "people_by_hour", "hazards", "approach_line"), "facts")
    return FirstPage(
        **{name: _text(data.get(name, ""), name) for name in TEXTS},
        people_by_hour=_people(data.get("people_by_hour", [])),
        hazards=_hazards(data.get("hazards", [])),
        approach_line=_line(data.get("approach_line", [])),
    )


def in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts of a document with lists as lines of words, for comparing."""
    flat: dict[str, Any] = {}
    for name, value in facts.items():
        if name == "people_by_hour":
            flat["people by hour"] = ", ".join(f"{hour}:00 {people}" for hour, people in value)
        elif name == "hazards":
            flat["standing hazards"] = "; ".join(
                ", ".join(part for part in item.values() if part) for item in value
            )
        elif name == "approach_line":
            points = (f"{latitude:.5f}, {longitude:.5f}" for longitude, latitude in value)
            flat["line of the way in"] = "; ".join(points)
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
        texts = _texts(item, ("what", "where", "room_label"), f"hazards[{place}]")
        if not texts["what"]:
            raise _bad(f"hazards[{place}].what", _("Say what the hazard is."))
        found.append(StandingHazard(**texts))
    return tuple(found)


def _line(data: Any) -> tuple[tuple[float, float], ...]:
    points = []
    for place, item in enumerate(_list(data, "approach_line")):
        where = f"approach_line[{place}]"
        if not isinstance(item, Sequence) or isinstance(item, str) or len(item) != 2:
            raise _bad(where, _("Each point is a longitude and a latitude."))
        longitude, latitude = item
        if not (_is_degrees(longitude, 180) and _is_degrees(latitude, 90)):
            raise _bad(where, _("A longitude lies within 180 degrees, a latitude within 90."))
        points.append((float(longitude), float(latitude)))
    if len(points) > MOST_POINTS:
        raise _bad("approach_line", _("At most 100 points make the line."))
    return tuple(points)


def _is_degrees(value: Any, most: int) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= most


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
