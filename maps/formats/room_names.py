"""The further names of rooms, from a file beside the drawings, by the room's id."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from maps.document import KINDS
from maps.formats.labels import texts, unique
from maps.formats.result import MapRefused

MOST_ROOMS = 50_000


@dataclass(frozen=True, slots=True)
class RoomNames:
    """Names, tags and stated kinds of rooms by their id in lower case."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)  # the id as the file has it


def read_names(parsed: Any, where: str) -> RoomNames:
    """Return the names of a JSON file: `{"100": ["Health Room"]}`.

    In place of the list an object with `names`, `tags` and `kind` may stand, and all of it may
    stand under `rooms`. Raises MapRefused with the room at fault.
    """
    rooms = parsed.get("rooms", parsed) if isinstance(parsed, Mapping) else None
    if not isinstance(rooms, Mapping) or len(rooms) > MOST_ROOMS:
        raise _fault("it holds no object of rooms", where)
    names: dict[str, tuple[str, ...]] = {}
    tags: dict[str, tuple[str, ...]] = {}
    kinds: dict[str, str] = {}
    for room, entry in rooms.items():
        place = f"{where}, room {room:.40}"
        if isinstance(entry, str | list):
            entry = {"names": entry}  # noqa: PLW2901 — the short form of the same
        if not isinstance(entry, Mapping):
            raise _fault("a room is neither a list of names nor an object", place)
        key = room.casefold()
        names[key] = unique(texts(entry.get("names")), room)
        tags[key] = tuple(texts(entry.get("tags")))
        kind = entry.get("kind")
        if kind is not None:
            if kind not in KINDS:
                raise _fault(f"{kind!r:.40} is no kind of feature", place)
            kinds[key] = kind
    return RoomNames(names, tags, kinds, {room.casefold(): room for room in rooms})


def _fault(why: str, where: str) -> MapRefused:
    return MapRefused(
        "names_broken",
        f"The file of names cannot be used: {why}",
        where,
        'Write {"100": ["Health Room", "Nurse\'s Office"], …}',
    )
