"""What the present transaction may see: one object sets both walls.

A scope is a transaction. Inside it `objects` filters by the reach and PostgreSQL's row-level
security enforces the same; outside it `objects` raises NoReach and the database shows no row.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction


class NoReach(RuntimeError):
    """Code touched tenant rows without saying whose; a defect, never a person's mistake."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Districts of a member; campuses and agencies of a responder; or one named crossing."""

    districts: frozenset[UUID] = frozenset()
    campuses: frozenset[UUID] = frozenset()
    agencies: frozenset[UUID] = frozenset()
    crossing: str = ""

    def holds(self, other: "Reach") -> bool:
        """Return whether `other` is no wider than this."""
        return (
            self.crossing == other.crossing
            and other.districts <= self.districts
            and other.campuses <= self.campuses
            and other.agencies <= self.agencies
        )


NOTHING = Reach()
_present: ContextVar[Reach] = ContextVar("reach", default=NOTHING)


def present() -> Reach:
    """Return the open reach; raises NoReach where none is open."""
    reach = _present.get()
    if reach == NOTHING:
        raise NoReach("Open reach.of_districts(…), reach.of_responder(…) or reach.crossing(…).")
    return reach


def is_open() -> bool:
    """Return whether a scope is open."""
    return _present.get() != NOTHING


@contextmanager
def entered(reach: Reach) -> Iterator[Reach]:
    """Open a scope. Inside another it may only narrow, and never mix with a crossing."""
    outer, nested = _present.get(), connection.in_atomic_block
    if reach == NOTHING:
        raise NoReach("An empty reach would see nothing; name a district, campus or crossing.")
    if outer != NOTHING and not outer.holds(reach):
        raise NoReach(f"cannot go from {outer} to {reach}")
    with transaction.atomic():
        token = _present.set(reach)
        try:
            _tell_the_database(reach)
            yield reach
        finally:
            _present.reset(token)
        if nested and not connection.needs_rollback:
            # A released savepoint keeps the settings made inside it.
            _tell_the_database(outer)


def of_districts(*districts: UUID) -> AbstractContextManager[Reach]:
    """Open the scope of members of these districts."""
    if not districts:
        raise NoReach("of_districts() was called without a district")
    return entered(Reach(districts=frozenset(districts)))


def of_responder(
    *, campuses: Iterable[UUID], agencies: Iterable[UUID]
) -> AbstractContextManager[Reach]:
    """Open the scope of an agency, a link or a device."""
    return entered(Reach(campuses=frozenset(campuses), agencies=frozenset(agencies)))


def crossing(name: str) -> AbstractContextManager[Reach]:
    """Open a named crossing of districts; only models that list the name are seen."""
    return entered(Reach(crossing=name))


def _tell_the_database(reach: Reach) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('muster.districts', %s, true),"
            " set_config('muster.campuses', %s, true),"
            " set_config('muster.agencies', %s, true),"
            " set_config('muster.crossing', %s, true)",
            [
                _array(reach.districts),
                _array(reach.campuses),
                _array(reach.agencies),
                reach.crossing,
            ],
        )


def _array(ids: frozenset[UUID]) -> str:
    return "{" + ",".join(sorted(map(str, ids))) + "}"
