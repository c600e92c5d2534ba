"""How many people a room holds: stated, else by its floor area and what it is called.

Square feet per person: International Building Code 2018 and 2021, table 1004.5. Net figures count
the floor that is used, and are taken of the room's whole area, so they err to the high side. They
say how many a room may hold, not how many are there: a school at work is mostly fuller in its
classrooms and emptier in its gym than all of them at once.
"""

import re
from collections.abc import Mapping
from typing import Final

from maps.document import Feature

SQUARE_METERS_PER_SQUARE_FOOT = 0.092_903_04
CLASSROOM_SQUARE_FEET = 20.0
# The first that fits a name decides, so a gym storage is a storage.
SQUARE_FEET: Final[tuple[tuple[str, float | None], ...]] = (
    (r"restroom|toilet|shower|wc", None),
    (r"closet|custodia\w*|janitor\w*|boiler|electric\w*|mechanical|server|riser", None),
    (r"storage|store|stock|dock|receiving|archive", 300.0),
    (r"locker\w*|changing|dressing|weight\w*|fitness|gym\w*", 50.0),
    (r"kitchen|servery", 200.0),
    (r"auditorium|theater|theatre", 7.0),
    (r"cafeteria|commons|dining|conference|meeting|lounge", 15.0),
    (r"shop|lab\w*|vocational|art|pottery|woods?|metals?|stage", 50.0),
    (r"library|media", 50.0),
    (r"office\w*|administration|reception|principal|counsel\w*|nurse\w*|health|copy|mail", 150.0),
)  # fmt: skip
_WORDS = tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), per) for words, per in SQUARE_FEET)


def shared_out(reckoned: Mapping[str, int], total: int) -> dict[str, int]:
    """Return so many people in rooms, in proportion to what was reckoned for each, by room id.

    Whole people: the rest goes to the largest fractions, of equal ones to the first id. Nobody is
    placed where no room holds anybody.
    """
    held = sum(reckoned.values())
    if held <= 0 or total <= 0:
        return dict.fromkeys(reckoned, 0)
    exact = {room: count * total / held for room, count in reckoned.items()}
    people = {room: int(share) for room, share in exact.items()}
    rest = total - sum(people.values())
    for room in sorted(exact, key=lambda key: (people[key] - exact[key], key))[:rest]:
        people[room] += 1
    return people


def people_in(
    room: Feature, square_meters: float, stated: Mapping[str, int] | None = None
) -> tuple[int, bool]:
    """Return the people in a room, and whether that number was stated rather than reckoned.

    Stated is what `stated` has for its id, else its property `occupants`. Rooms where nobody stays
    (a toilet, a closet) are reckoned at none.
    """
    given = (stated or {}).get(room.id, room.properties.get("occupants"))
    if isinstance(given, int) and not isinstance(given, bool) and given >= 0:
        return given, True
    names = " / ".join((room.label, *room.names))
    per = next((per for words, per in _WORDS if words.search(names)), CLASSROOM_SQUARE_FEET)
    if per is None:
        return 0, False
    return int(square_meters / (per * SQUARE_METERS_PER_SQUARE_FOOT)), False
