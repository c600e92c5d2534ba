"""The fate of each row, from the sheet and from what the district holds already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FateName = Literal["new", "changed", "unchanged", "match_proposed", "refused"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What would become of one row.

    `values` is what would be written, `changes` the old and new value by field, `target` the id of
    what exists already. A refused row names the column, says why, and how to mend it.
    """

    line: int
    what: str
    fate: FateName
    values: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    target: str = ""
    column: str = ""
    why: str = ""
    mend: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the row for a page, the API, and for comparing two runs."""
        return {
            "line": self.line,
            "what": self.what,
            "fate": self.fate,
            "values": dict(self.values),
            "changes": {name: list(pair) for name, pair in self.changes.items()},
            "target": self.target,
            "column": self.column,
            "why": self.why,
            "mend": self.mend,
        }


class Refusal(Exception):
    """One row cannot be taken."""

    def __init__(self, column: str, why: str, mend: str) -> None:
        super().__init__(why)
        self.column, self.why, self.mend = column, why, mend


@dataclass(frozen=True, slots=True)
class KnownCampus:
    """A campus that the district holds: its id and its editable fields."""

    id: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What the district holds already, as far as this kind of sheet needs it.

    Keys: memberships by (e-mail, role, campus id or ""), agencies by (plain name, kind), contacts
    by (agency id, e-mail or plain name).
    """

    campuses: tuple[KnownCampus, ...] = ()
    memberships: Mapping[tuple[str, str, str], Mapping[str, Any]] = field(default_factory=dict)
    agencies: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    contacts: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    coverages: Mapping[tuple[str, str], str] = field(default_factory=dict)


def once(seen: dict[Any, int], key: Any, line: int, column: str) -> None:
    """Note a row's key; raises Refusal when an earlier row of the sheet has the same."""
    first = seen.setdefault(key, line)
    if first != line:
        raise Refusal(
            column, f"This row repeats line {first}.", "Delete one of the two, or tell them apart."
        )


def find_campus(campuses: Iterable[KnownCampus], words: str) -> KnownCampus:
    """Return the campus of an NCES id or a name; raises Refusal for none or several."""
    wanted = words.casefold()
    found = [
        campus
        for campus in campuses
        if campus.fields["nces_id"] == words or str(campus.fields["name"]).casefold() == wanted
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refusal(
            "campus", f"{len(found)} campuses are called “{words}”.", "Write its NCES id instead."
        )
    raise Refusal(
        "campus", f"There is no campus “{words}”.", "Import campuses first, or mend the name."
    )


def counts(fates: Iterable[Fate]) -> dict[str, int]:
    """Return how many rows have each fate; all five are named."""
    found = dict.fromkeys(("new", "changed", "unchanged", "match_proposed", "refused"), 0)
    for fate in fates:
        found[fate.fate] += 1
    return found
