"""The four kinds of sheet: their columns, under our names and under those of public files."""

from dataclasses import dataclass, field
from typing import Final

from backend.directory.imports.reading import Table
from backend.problems import BadInput

ROLES: Final[tuple[str, ...]] = (
    "sro", "campus_administrator", "office", "access_coordinator", "district_administrator",
    "evaluator", "auditor", "staff",
)  # fmt: skip
AGENCY_KINDS: Final[tuple[str, ...]] = (
    "police", "sheriff", "fire", "ems", "dispatch", "emergency_management", "alarm_monitoring",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the heading of the template, other headings it goes by, and an example."""

    name: str
    example: str
    is_required: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet. `set_aside` are headings of public files that Muster has no use for."""

    name: str
    columns: tuple[Column, ...]
    set_aside: frozenset[str] = field(default_factory=frozenset)


# Headings after the “also” marks are those of the NCES Common Core of Data school search (2025).
CAMPUSES: Final = Kind(
    "campuses",
    (
        Column("name", "Lincoln High School", True, ("School Name", "school", "campus")),
        Column("nces_id", "260000100001", False, ("NCES School ID", "NCES id")),
        Column("address", "2100 Alder Street", True, ("Street Address",)),
        Column("cross_street", "Fifth Avenue"),
        Column("city", "Cedar Valley", True, ("City",)),
        Column("state", "MI", False, ("State",)),
        Column("postal_code", "48888", False, ("ZIP", "ZIP code")),
        Column("latitude", "43.211", False, ("lat",)),
        Column("longitude", "-84.7405", False, ("lon", "lng")),
        Column("time_zone", "America/Detroit", False, ("time zone",)),
        Column("grades", "9-12"),
        Column("lowest_grade", "09", False, ("Low Grade*",)),
        Column("highest_grade", "12", False, ("High Grade*",)),
        Column("students", "1180", False, ("Students*", "enrollment")),
        Column("staff", "88", False, ("staff_count",)),
    ),
    frozenset(
        heading.casefold()
        for heading in (
            "State School ID", "NCES District ID", "State District ID", "District", "County Name*",
            "ZIP 4-digit", "Phone", "Locale Code*", "Locale*", "Charter", "Teachers*",
            "Student Teacher Ratio*", "Free Lunch*", "Reduced Lunch*", "Directly Certified*",
            "Type", "Status", "Title I School*", "Title 1 School Wide*", "Magnet*",
        )
    ),
)  # fmt: skip
PEOPLE: Final = Kind(
    "people",
    (
        Column("name", "Maria Ochoa", True),
        Column("email", "maria.ochoa@example.org", True, ("e-mail", "mail")),
        Column("role", "campus_administrator", True),
        Column("campus", "Lincoln High School", False, ("school", "nces_id", "NCES School ID")),
        Column("post", "Principal", False, ("title",)),
        Column("from", "2026-08-01", False, ("starts_on",)),
    ),
)
AGENCIES: Final = Kind(
    "agencies",
    (
        Column("name", "Cedar Valley Police Department", True, ("agency",)),
        Column("kind", "police", True),
        Column("phone", "517-555-0191"),
        Column("time_zone", "America/Detroit", False, ("time zone",)),
        Column("campuses", "all", False, ("covers",)),
        Column("capacity", "first_due"),
    ),
)
CONTACTS: Final = Kind(
    "contacts",
    (
        Column("agency", "Cedar Valley Police Department", True),
        Column("kind", "police", False, ("agency_kind",)),
        Column("name", "Night shift desk", True),
        Column("post", "Shift supervisor", False, ("title",)),
        Column("order", "2"),
        Column("email", "desk@police.example.org", False, ("e-mail", "mail")),
        Column("phone", "517-555-0192"),
        Column("language", "en"),
    ),
)
KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in (CAMPUSES, PEOPLE, AGENCIES, CONTACTS)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table under our own column names. `set_aside` lists headings that are not used."""

    kind: str
    rows: tuple[tuple[int, dict[str, str]], ...]
    set_aside: tuple[str, ...]


def kind_of(name: str) -> Kind:
    """Return the kind of sheet; raises BadInput for none."""
    if name not in KINDS:
        raise BadInput(
            f"There is no kind of import “{name[:40]}”.",
            where="kind",
            mend=f"Choose one of: {', '.join(KINDS)}.",
        )
    return KINDS[name]


def sheet_of(kind: Kind, table: Table) -> Sheet:
    """Return the table under our names; raises BadInput for unknown or missing columns, by name."""
    known = {
        heading.casefold(): column.name
        for column in kind.columns
        for heading in (column.name, *column.also)
    }
    used: dict[str, str] = {}
    unknown, set_aside = [], []
    for heading in table.headings:
        name = known.get(heading.casefold())
        if name is not None and name not in used.values():
            used[heading] = name
        elif heading.casefold() in kind.set_aside or not heading:
            set_aside.append(heading)
        else:
            unknown.append(heading)
    if unknown:
        raise BadInput(
            f"Unknown columns: {', '.join(unknown)}.",
            where="line 1",
            mend=f"Delete or rename them. Known are: {', '.join(c.name for c in kind.columns)}.",
        )
    missing = [c.name for c in kind.columns if c.is_required and c.name not in used.values()]
    if missing:
        raise BadInput(
            f"Missing columns: {', '.join(missing)}.",
            where="line 1",
            mend="Download the template; it has all columns.",
        )
    rows = tuple(
        (line, {name: cells[heading] for heading, name in used.items()})
        for line, cells in table.rows
    )
    return Sheet(kind.name, rows, tuple(heading for heading in set_aside if heading))
