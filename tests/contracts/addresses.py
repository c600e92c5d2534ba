"""What one row of the access table says, and the whole table.

Each address stands by a path filled from the world; who may do what with it follows section 3 of
the design, not what the code answers. The table lies beside this file, a module per app.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

People = frozenset[str]


def people(*words: str) -> People:
    """Return a group of the walk's people."""
    return frozenset(words)


NO_ONE = people()
# Roles at our campus, by the columns of the design's table.
AUTHORS = people("sro", "principal", "district")
ADMINISTRATORS = people("principal", "district")
WITH_OFFICE = AUTHORS | {"office"}
PLAN_READERS = AUTHORS | {"auditor"}
OFFICE_AND_AUDITOR = WITH_OFFICE | {"auditor"}
PEOPLE_READERS = OFFICE_AND_AUDITOR | {"access"}
REPORTERS = people("office", "access", "staff")
MEMBERS = WITH_OFFICE | {"auditor", "access", "staff", "evaluator"}
# Whoever has a role anywhere in the district knows that the district exists.
IN_THE_DISTRICT = MEMBERS | {"principal_elsewhere"}
# The patrol's police and the captain's fire cover it; the device is a police car.
AGENCY_PEOPLE = people("patrol", "captain")
RESPONDERS = AGENCY_PEOPLE | {"device"}
# A role in the district, but at another campus; a role in another district.
ELSEWHERE = people("principal_elsewhere", "stranger")
# Accounts without any reach at present.
REACHLESS = people("ended", "nobody_yet", "uncovering")
WITH_A_REACH = MEMBERS | AGENCY_PEOPLE | ELSEWHERE
ACCOUNTS = WITH_A_REACH | REACHLESS
# Whoever holds a link stands here as well: no session, and in the API the link's token.
UNKNOWN = people("link", "nobody")
EVERYBODY = ACCOUNTS | {"device"} | UNKNOWN
# Administrators of their own district, on pages that are no object of ours.
ANY_DISTRICT = people("district", "stranger")

ACTS_AS = {"program": "sro"}  # an API token of the SRO
WALKERS = (*sorted(EVERYBODY), *ACTS_AS)


@dataclass(frozen=True, slots=True)
class Send:
    """An unsafe method: who may use it, and a body that would do something if it were taken.

    Those who may use it send only `least`, which names the place where it says nothing more.
    """

    by: People
    body: Mapping[str, Any] = field(default_factory=dict)
    least: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Address:
    """One sample of an address.

    `get` may read it (None: the method is not taken). A list has `holds`, a text that stands in
    the answer of those and of nobody else: others are refused or get a list without it. `sees`
    are those who may know that the object exists, so 403 is a fair answer to them; to all others
    it is 404. `state` is that of the plan version in work. An `is_open` address names its campus
    to whoever holds it.
    """

    path: str
    get: People | None = None
    sends: Mapping[str, Send] = field(default_factory=dict)
    sees: People = NO_ONE
    holds: str = ""
    state: str = "draft"
    is_open: bool = False

    @property
    def is_api(self) -> bool:
        """Return whether a program calls it."""
        return self.path.startswith("/api/")

    @property
    def methods(self) -> frozenset[str]:
        """Return the methods that the table knows for it."""
        read = {"GET"} if self.get is not None else set()
        return frozenset(read | set(self.sends))


def page(
    path: str,
    get: People | None = None,
    post: People | None = None,
    body: Mapping[str, Any] | None = None,
    **more: Any,
) -> Address:
    """Return the row of a page."""
    sends = {} if post is None else {"POST": Send(post, body or {}, more.pop("least", {}))}
    sees = (get or NO_ONE) if more.get("holds", "") == "" else NO_ONE
    return Address(path, get, sends, more.pop("sees", sees), **more)


def call(
    path: str,
    get: People | None = None,
    sees: People | None = None,
    holds: str = "",
    state: str = "draft",
    **methods: tuple[People, Mapping[str, Any]] | People,
) -> Address:
    """Return the row of an API resource; `post=(people, body)` or `post=people`, so all methods."""
    sends = {
        method.upper(): Send(given) if isinstance(given, frozenset) else Send(*given)
        for method, given in methods.items()
    }
    known = sees if sees is not None else (NO_ONE if holds else get or NO_ONE)
    return Address(f"/api/v1/{path}", get, sends, known, holds, state)


def table() -> tuple[Address, ...]:
    """Return every row."""
    from tests.contracts import (
        addresses_of_directory,
        addresses_of_drills,
        addresses_of_maps,
        addresses_of_notices,
        addresses_of_plans,
    )

    return (
        *addresses_of_directory.ROWS,
        *addresses_of_drills.ROWS,
        *addresses_of_maps.ROWS,
        *addresses_of_notices.ROWS,
        *addresses_of_plans.ROWS,
    )
