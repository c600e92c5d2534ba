"""Rows of a sheet to their fates. Pure: the same sheet over the same records gives the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.directory.imports.fates import Fate, Known, KnownCampus, Refusal, find_campus, once
from backend.directory.imports.kinds import AGENCY_KINDS, ROLES, Sheet
from backend.problems import BadInput

OF_THE_DISTRICT = {"district_administrator", "auditor"}
NOT_REPORTED = {"", "†", "–", "‡", "-", "N/A"}  # signs of the Common Core of Data
Check = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Ground:
    """What every row is judged by; `seen` holds the line of each key met so far."""

    known: Known
    check: Check
    plain: Callable[[str], str]
    seen: dict[Any, int] = field(default_factory=dict)


Judged = Callable[[int, Mapping[str, str], Ground], Fate]


def judge(sheet: Sheet, known: Known, *, check: Check, plain: Callable[[str], str]) -> list[Fate]:
    """Return the fate of each row in the order of the file.

    `check` cleans the fields of a campus, person, agency or contact and raises BadInput; `plain`
    reduces a name to what is compared.
    """
    ground = Ground(known, check, plain)
    fate_of = {"campuses": _campus, "people": _person, "agencies": _agency, "contacts": _contact}
    return [_judged(fate_of[sheet.kind], line, row, ground) for line, row in sheet.rows]


def _judged(fate_of: Judged, line: int, row: Mapping[str, str], ground: Ground) -> Fate:
    what = row.get("name", "")
    try:
        return fate_of(line, row, ground)
    except Refusal as no:
        return Fate(line, what, "refused", column=no.column, why=no.why, mend=no.mend)
    except BadInput as no:
        column = COLUMN_OF.get(no.where, no.where)
        return Fate(line, what, "refused", column=column, why=no.message, mend=no.mend)


COLUMN_OF = {"enrollment": "students", "staff_count": "staff", "starts_on": "from"}


def _campus(line: int, row: Mapping[str, str], ground: Ground) -> Fate:
    texts = ("name", "nces_id", "address", "cross_street", "city", "state", "postal_code",
             "time_zone")  # fmt: skip
    given: dict[str, Any] = {name: row[name] for name in texts if row.get(name)}
    for name, column in (("enrollment", "students"), ("staff_count", "staff")):
        if (number := _count(row, column)) is not None:
            given[name] = number
    for name in ("longitude", "latitude"):
        if row.get(name):
            given[name] = _decimal(row, name)
    if grades := row.get("grades") or _grades(row):
        given["grades"] = grades
    given.setdefault("name", "")
    target = _same_campus(given, ground.known.campuses)
    if target is None:
        given.setdefault("address", "")
        given.setdefault("city", "")
    clean = ground.check(given)
    key = ("nces", clean["nces_id"]) if clean.get("nces_id") else ("name", clean["name"].casefold())
    once(ground.seen, key, line, "nces_id" if clean.get("nces_id") else "name")
    if target is None:
        return Fate(line, clean["name"], "new", values=clean)
    changes = {
        name: (_shown(target.fields[name]), _shown(value))
        for name, value in clean.items()
        if target.fields[name] != value
    }
    return Fate(
        line,
        clean["name"],
        "changed" if changes else "unchanged",
        values={name: clean[name] for name in changes},
        changes=changes,
        target=target.id,
    )


def _same_campus(given: Mapping[str, Any], campuses: tuple[KnownCampus, ...]) -> KnownCampus | None:
    """Return the campus with this NCES id, else the only one of this name that has none other."""
    code = given.get("nces_id", "")
    if code and (same := [c for c in campuses if c.fields["nces_id"] == code]):
        return same[0]
    name = " ".join(given["name"].split()).casefold()
    named = [
        campus
        for campus in campuses
        if str(campus.fields["name"]).casefold() == name
        and (not code or not campus.fields["nces_id"])
    ]
    if len(named) > 1:
        raise Refusal(
            "name", f"{len(named)} campuses are called “{given['name']}”.", "Give the NCES id."
        )
    return named[0] if named else None


def _person(line: int, row: Mapping[str, str], ground: Ground) -> Fate:
    role = row["role"].strip().lower().replace(" ", "_").replace("-", "_")
    if role not in ROLES:
        raise Refusal("role", f"There is no role “{row['role']}”.", f"Write {', '.join(ROLES)}.")
    clean = ground.check({"name": row["name"], "email": row["email"], "post": row.get("post", "")})
    campus = None
    if role in OF_THE_DISTRICT:
        if row.get("campus"):
            raise Refusal("campus", f"{role} is held in the whole district.", "Leave this empty.")
    elif not row.get("campus"):
        raise Refusal("campus", f"{role} is held at one campus.", "Write its name or NCES id.")
    else:
        campus = find_campus(ground.known.campuses, row["campus"])
    key = (clean["email"], role, campus.id if campus else "")
    once(ground.seen, key, line, "email")
    begins = _day(row.get("from", ""), "from")
    values = {**clean, "role": role, "campus": key[2]}
    if begins:
        values["starts_on"] = begins.isoformat()
    present = ground.known.memberships.get(key)
    if present is None:
        return Fate(line, clean["name"], "new", values=values)
    changes = {}
    if clean["post"] and clean["post"] != present["post"]:
        changes["post"] = (str(present["post"]), str(clean["post"]))
    return Fate(
        line,
        clean["name"],
        "changed" if changes else "unchanged",
        values={"post": clean["post"]} if changes else {},
        changes=changes,
        target=str(present["id"]),
    )


def _agency(line: int, row: Mapping[str, str], ground: Ground) -> Fate:
    kind = _agency_kind(row.get("kind", ""))
    clean = ground.check(
        {"name": row["name"], "phone": row.get("phone", ""), "time_zone": row.get("time_zone", "")}
    )
    key = (ground.plain(clean["name"]), kind)
    once(ground.seen, key, line, "name")
    capacity = row.get("capacity", "").strip().lower().replace(" ", "_") or "first_due"
    if capacity not in {"first_due", "mutual_aid"}:
        raise Refusal(
            "capacity",
            f"There is no capacity “{row['capacity']}”.",
            "Write first_due or mutual_aid.",
        )
    campuses = _campuses(row.get("campuses", ""), ground.known.campuses)
    values = {**clean, "kind": kind, "campuses": campuses, "capacity": capacity}
    present = ground.known.agencies.get(key)
    if present is None:
        return Fate(line, clean["name"], "new", values=values)
    agency_id = str(present["id"])
    missing = [one for one in campuses if ground.known.coverages.get((one, agency_id)) != capacity]
    if present["is_ours"] and not missing:
        return Fate(line, clean["name"], "unchanged", target=agency_id)
    return Fate(
        line,
        clean["name"],
        "match_proposed",
        values={**values, "campuses": missing},
        target=agency_id,
        why=f"{present['name']} exists already; it is used as it stands.",
    )


def _contact(line: int, row: Mapping[str, str], ground: Ground) -> Fate:
    agency = _agency_named(row, ground)
    given: dict[str, Any] = {
        name: row[name] for name in ("name", "post", "email", "phone", "language") if row.get(name)
    }
    if row.get("order"):
        given["order"] = _count(row, "order")
    given.setdefault("name", "")
    clean = ground.check(given)
    if not clean.get("email") and not clean.get("phone"):
        raise Refusal("email", "This contact cannot be reached.", "Give an e-mail or a phone.")
    agency_id = str(agency["id"])
    key = (agency_id, clean.get("email") or ground.plain(clean["name"]))
    once(ground.seen, key, line, "email" if clean.get("email") else "name")
    return _fate_of_contact(line, clean, key, ground)


def _fate_of_contact(
    line: int,
    clean: Mapping[str, Any],
    key: tuple[str, str],
    ground: Ground,
) -> Fate:
    values = {**clean, "agency": key[0]}
    present = ground.known.contacts.get(key)
    if present is None:
        named = ground.known.contacts.get((key[0], ground.plain(clean["name"])))
        if named is not None and clean.get("email"):
            raise Refusal(
                "email",
                f"{named['name']} has another e-mail in Muster.",
                "An import changes no contact: correct the address under Agencies.",
            )
        return Fate(line, clean["name"], "new", values=values)
    if present["is_accepted"] or not clean.get("email"):
        return Fate(line, clean["name"], "unchanged", target=str(present["id"]))
    return Fate(
        line,
        clean["name"],
        "match_proposed",
        values=values,
        target=str(present["id"]),
        why="The agency has this contact; your district would write to this address.",
    )


def _agency_named(row: Mapping[str, str], ground: Ground) -> Mapping[str, Any]:
    name, kind = ground.plain(row["agency"]), row.get("kind", "")
    wanted = _agency_kind(kind) if kind else ""
    found = [
        agency
        for (known_name, known_kind), agency in ground.known.agencies.items()
        if known_name == name and wanted in {"", known_kind} and agency["is_ours"]
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refusal("kind", f"Several agencies are called “{row['agency']}”.", "Give the kind.")
    raise Refusal(
        "agency",
        f"Your district has no agency “{row['agency']}”.",
        "Import agencies first, or mend the name.",
    )


def _agency_kind(text: str) -> str:
    kind = text.strip().lower().replace(" ", "_")
    if kind not in AGENCY_KINDS:
        raise Refusal("kind", f"There is no kind “{text}”.", f"Write {', '.join(AGENCY_KINDS)}.")
    return kind


def _campuses(text: str, campuses: tuple[KnownCampus, ...]) -> list[str]:
    if not text:
        return []
    if text.strip().casefold() == "all":
        return [campus.id for campus in campuses]
    try:
        found = [find_campus(campuses, part.strip()) for part in text.split("|") if part.strip()]
    except Refusal as no:
        mend = f"{no.mend} Several are separated by |."
        raise Refusal("campuses", no.why, mend) from no
    return [campus.id for campus in found]


def _count(row: Mapping[str, str], column: str) -> int | None:
    text = row.get(column, "").replace(",", "")
    if text in NOT_REPORTED:
        return None
    number = _number(text, column)
    if number != int(number) or number < 0:
        raise Refusal(column, f"“{text}” is no count.", "Write a whole number.")
    return int(number)


def _decimal(row: Mapping[str, str], column: str) -> float:
    return _number(row[column], column)


def _number(text: str, column: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e9:
        raise Refusal(column, f"“{text}” is no number.", "Write digits, with a point for decimals.")
    return number


def _grades(row: Mapping[str, str]) -> str:
    low, high = (
        "" if row.get(name, "") in NOT_REPORTED else row[name].lstrip("0")
        for name in ("lowest_grade", "highest_grade")
    )
    return low if low == high else f"{low}-{high}".strip("-")


def _day(text: str, column: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(column, f"“{text}” is no day.", "Write it as 2026-08-25.") from error


def _shown(value: object) -> str:
    return "" if value is None else str(value)
