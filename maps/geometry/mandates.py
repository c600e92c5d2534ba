"""What laws ask of a critical-incident map: a checklist by state of what is met and missing.

The requirements and their citations are data (`mandates.toml`). What a map can show is looked for
on it; what only a record shows (who walked through, who holds a copy) is named as that record.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal

from maps.document import UTILITIES, Feature, MapDocument
from maps.geometry.door_order import door_number
from maps.geometry.site import is_polygonal

Verdict = Literal["met", "missing", "record"]
MODEL = "us"
MOST_NAMED = 5
_UTILITY_WORDS: Final[dict[str, str]] = {
    "hvac": "heating and ventilation",
    "electric": "electricity",
}


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A state whose law asks for maps; `duty` is mandatory, choice, funded, grant or model."""

    code: str
    name: str
    citation: str
    duty: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement as a jurisdiction has it; `is_law_read` is false for a summary of the law."""

    id: str
    title: str
    citation: str
    note: str
    is_law_read: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist: the verdict, and what is missing or which record shows it."""

    requirement: Requirement
    verdict: Verdict
    missing: tuple[str, ...]


def jurisdictions() -> tuple[Jurisdiction, ...]:
    """Return all jurisdictions with a checklist, the common model first."""
    return tuple(
        Jurisdiction(row["code"], row["name"], row["citation"], row["duty"], row["verified"])
        for row in _data()["jurisdictions"]
    )


def requirements(code: str) -> tuple[Requirement, ...]:
    """Return the requirements of a jurisdiction such as `us-mi`; raises KeyError for another."""
    known = {jurisdiction.code: jurisdiction for jurisdiction in jurisdictions()}
    citation = known[code].citation
    return tuple(
        Requirement(row["id"], row["title"], citation, asked.get("note", ""),
                    asked["basis"] == "law")
        for row in _data()["requirements"]
        for asked in row["asked"]
        if asked["in"] == code
    )  # fmt: skip


def checklist(
    document: MapDocument,
    code: str = MODEL,
    *,
    none_of: frozenset[str] = frozenset(),
    shown: frozenset[str] = frozenset(),
) -> tuple[Item, ...]:
    """Return what a map shows of each requirement of a jurisdiction; raises KeyError for another.

    `none_of` are kinds, and utilities, of which somebody has signed that there are none. `shown`
    are ids of requirements that a record outside the map shows.
    """
    site = _Site(document, none_of)
    items = []
    for requirement in requirements(code):
        look = _LOOKS.get(requirement.id)
        if look is None and requirement.id in shown:
            items.append(Item(requirement, "met", ()))
        elif look is None:
            items.append(Item(requirement, "record", (_RECORDS[requirement.id],)))
        else:
            missing = tuple(look(site))
            items.append(Item(requirement, "missing" if missing else "met", missing))
    return tuple(items)


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Any]:
    return tomllib.loads(files("maps.geometry").joinpath("mandates.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class _Site:
    document: MapDocument
    none_of: frozenset[str]

    def of(self, *kinds: str) -> list[Feature]:
        return [feature for feature in self.document.features if feature.kind in kinds]

    def lacks(self, kind: str, words: str) -> list[str]:
        return [] if kind in self.none_of or self.of(kind) else [f"{words}, or a signed “none”"]


def _floors(site: _Site) -> list[str]:
    if not site.of("building"):
        return ["The outline of every building"]
    if not site.document.levels:
        return ["The levels of every building"]
    drawn = {level for f in site.of("room", "corridor") if is_polygonal(f) for level in f.levels}
    empty = [level.name for level in site.document.levels if level.id not in drawn]
    return [f"Rooms on level {name}" for name in empty]


def _north(site: _Site) -> list[str]:
    return [] if site.document.features else ["Features in their places on the ground"]


def _grid(site: _Site) -> list[str]:
    return [] if site.document.grid else ["A grid: it is made when the map is imported"]


def _room_labels(site: _Site) -> list[str]:
    rooms = site.of("room")
    if not rooms:
        return ["The rooms"]
    unnamed = [room for room in rooms if not room.label]
    return [f"The labels of {len(unnamed)} of {len(rooms)} rooms"] if unnamed else []


def _hallways(site: _Site) -> list[str]:
    halls = site.of("corridor")
    if not halls:
        return ["The corridors"]
    unnamed = [hall for hall in halls if not hall.label]
    return [f"The names of {len(unnamed)} of {len(halls)} corridors"] if unnamed else []


def _numbers(site: _Site) -> list[str]:
    doors, stairs = site.of("exterior_door"), site.of("stair")
    missing = [] if doors else ["The exterior doors"]
    bare = [door for door in doors if not door_number(door)]
    if bare:
        missing.append(f"The numbers of {len(bare)} of {len(doors)} exterior doors")
    unnamed = [stair for stair in stairs if not stair.label]
    if unnamed:
        missing.append(f"The numbers of {len(unnamed)} of {len(stairs)} stairs")
    return missing


def _hazards(site: _Site) -> list[str]:
    return site.lacks("hazard_zone", "Where hazardous materials are kept")


def _utilities(site: _Site) -> list[str]:
    drawn = {f.properties.get("utility") for f in site.of("utility_shut_off")}
    missing = [
        f"The shut-off of {_UTILITY_WORDS.get(utility, utility)}, or a signed “none”"
        for utility in UTILITIES
        if utility not in drawn and utility not in site.none_of
    ]
    return missing + site.lacks("fire_panel", "The fire alarm panel")


def _aeds(site: _Site) -> list[str]:
    undated = [aed for aed in site.of("aed") if not aed.properties.get("checked_on")]
    lacking = site.lacks("aed", "Every AED")
    if undated:
        names = ", ".join(aed.label or "an AED" for aed in undated[:MOST_NAMED])
        lacking.append(f"The date of the last check of {len(undated)} AEDs: {names}")
    return lacking


def _grounds(site: _Site) -> list[str]:
    missing = site.lacks("parking", "The parking lots")
    missing += site.lacks("athletic_field", "The athletic fields")
    unnamed = [f for f in site.of("parking", "athletic_field") if not f.label]
    return missing + ([f"The names of {len(unnamed)} lots and fields"] if unnamed else [])


def _printable(site: _Site) -> list[str]:
    return [] if site.document.levels else ["A level to print"]


def _exportable(site: _Site) -> list[str]:
    return [] if site.document.features else ["Features to hand over"]


def _names(site: _Site) -> list[str]:
    named = any(feature.names for feature in site.of("room", "corridor"))
    return [] if named else ["The names beside the numbers on the signs, such as “Main gym”"]


_LOOKS: Final[dict[str, Callable[[_Site], list[str]]]] = {
    "CIM.01": _floors,
    "CIM.03": _north,
    "CIM.04": _grid,
    "CIM.05": _room_labels,
    "CIM.06": _hallways,
    "CIM.07": _numbers,
    "CIM.08": _hazards,
    "CIM.09": _utilities,
    "CIM.10": lambda site: site.lacks("key_box", "The key boxes"),
    "CIM.11": _aeds,
    "CIM.12": lambda site: site.lacks("trauma_kit", "The trauma kits"),
    "CIM.13": _grounds,
    "CIM.14": lambda site: site.lacks("road", "The roads around the campus"),
    "CIM.17": _printable,
    "CIM.18": _exportable,
    "CIM.19": _exportable,
    "CIM.21": _names,
}
_RECORDS: Final[dict[str, str]] = {
    "CIM.02": "The date of the aerial image: at most 24 months old, after the last building work",
    "CIM.15": "Who walked through, of which agency, on which day, each floor ticked",
    "CIM.16": "The day of the last walk-through or check, less than a year ago",
    "CIM.20": "A receipt of every recipient for the version in force",
    "CIM.22": "The handling mark on every copy, and no public link",
    "CIM.23": "The version and its hash on every copy",
    "CIM.24": "A drill in whose record the map was used",
}  # fmt: skip
