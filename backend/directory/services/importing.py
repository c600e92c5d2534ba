"""Spreadsheets into the directory: a dry run that saves nothing, then exactly what it showed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.canonical import content_hash
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.imports.fates import Fate, Known, KnownCampus, counts
from backend.directory.imports.judge import judge
from backend.directory.imports.kinds import Kind, kind_of, sheet_of
from backend.directory.imports.reading import Table, read_table
from backend.directory.models import (
    AcceptedAddress,
    Agency,
    Campus,
    Coverage,
    District,
    Membership,
    ResponderContact,
)
from backend.directory.queries import not_over, plain_name
from backend.directory.services import agencies, campuses, checks, coverage, people
from backend.files import store
from backend.files.models import StoredFile
from backend.problems import BadInput, NotFound, Problem, WrongState


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a file would do, row by row. `digest` names exactly this outcome, to be confirmed."""

    file: StoredFile
    kind: str
    encoding: str
    separator: str
    set_aside: tuple[str, ...]
    fates: list[Fate]
    digest: str

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows have each fate."""
        return counts(self.fates)


@transaction.atomic
def dry_run(
    *, district_id: UUID, kind: str, content: bytes, name: str, actor: Actor, at: datetime
) -> DryRun:
    """Return the fate of every row; nothing is saved but the file itself.

    Raises NotFound, NotAllowed, or BadInput for a file that cannot be read at all.
    """
    district = _district(actor, district_id)
    known_kind = kind_of(kind)
    table = read_table(content)
    sheet_of(known_kind, table)
    file = store.put(
        district_id=district.pk, content=content, content_type="text/csv", name=name or "import.csv"
    )
    return _judged(district, known_kind, table, file, at=at)


def look_again(
    *, district_id: UUID, kind: str, file_id: UUID, actor: Actor, at: datetime
) -> DryRun:
    """Return the dry run of a file kept before, over what the district holds now."""
    district = _district(actor, district_id)
    file = StoredFile.objects.filter(pk=file_id, district=district, content_type="text/csv").first()
    if file is None:
        raise NotFound(_("There is no such file, or not for you."))
    return _judged(district, kind_of(kind), read_table(store.read(file)), file, at=at)


@transaction.atomic
def confirm(
    *,
    district_id: UUID,
    kind: str,
    file_id: UUID,
    digest: str,
    actor: Actor,
    at: datetime,
    others: Collection[int] = (),
) -> dict[str, int]:
    """Do what the dry run showed, all of it or nothing, and return how many rows had each fate.

    Refused rows are left out, as shown. `others` are lines whose proposed match is another agency
    of the same name, so that a new one is made. Nobody is written to. Raises WrongState when the
    district has changed since, so that the outcome would not be what was shown.
    """
    run = look_again(district_id=district_id, kind=kind, file_id=file_id, actor=actor, at=at)
    if run.digest != digest:
        raise WrongState(
            _("The district has changed since the dry run."),
            mend=_("Look at the rows again, then confirm."),
        )
    for fate in run.fates:
        try:
            _do(run.kind, fate, district_id, actor, at, is_another=fate.line in others)
        except Problem as error:
            raise BadInput(error.message, where=f"line {fate.line}", mend=error.mend) from error
    done = run.counts
    audit.record(
        "import.confirmed",
        actor=actor,
        subject=run.file,
        at=at,
        details={"kind": kind, "digest": digest, "rows": done},
    )
    return done


def _district(actor: Actor, district_id: UUID) -> District:
    district = District.objects.filter(pk=district_id).first()
    if district is None:
        raise NotFound(_("There is no such district, or not for you."))
    allow(actor, "directory.import", district)
    return district


def _judged(
    district: District, kind: Kind, table: Table, file: StoredFile, *, at: datetime
) -> DryRun:
    sheet = sheet_of(kind, table)
    known = _known(district, kind.name, today=at.date())
    checks_of: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
        "campuses": campuses.checked,
        "people": _check_person,
        "agencies": partial(_check_agency, zone=district.time_zone),
        "contacts": agencies.checked_contact,
    }
    fates = judge(sheet, known, check=checks_of[kind.name], plain=plain_name)
    digest = content_hash([kind.name, str(file.pk), [fate.as_json() for fate in fates]])
    return DryRun(file, kind.name, table.encoding, table.separator, sheet.set_aside, fates, digest)


def _check_person(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": checks.require_text(values["name"], "name", most=120),
        "email": checks.require_email(values["email"], "email"),
        "post": checks.at_most(values["post"], "post", most=120),
    }


def _check_agency(values: Mapping[str, Any], *, zone: str) -> dict[str, Any]:
    return {
        "name": checks.require_text(values["name"], "name", most=160),
        "phone": checks.at_most(values["phone"], "phone", most=40),
        "time_zone": checks.require_zone(values["time_zone"] or zone, "time_zone"),
    }


def _known(district: District, kind: str, *, today: date) -> Known:
    held = tuple(
        KnownCampus(str(row.pk), {name: getattr(row, name) for name in campuses.FIELDS})
        for row in Campus.objects.filter(district=district).order_by("name", "id")
    )
    if kind == "campuses":
        return Known(campuses=held)
    if kind == "people":
        return Known(campuses=held, memberships=_memberships(district, today))
    return Known(
        campuses=held,
        agencies=_agencies(district),
        contacts=_contacts(district),
        coverages={
            (str(row.campus_id), str(row.agency_id)): row.capacity
            for row in Coverage.objects.filter(not_over(today), district=district)
        },
    )


def _memberships(district: District, today: date) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    rows = Membership.objects.filter(not_over(today), district=district, acting_for=None)
    return {
        (row.user.email, row.role, str(row.campus_id or "")): {"id": row.pk, "post": row.post}
        for row in rows.select_related("user")
    }


def _agencies(district: District) -> dict[tuple[str, str], Mapping[str, Any]]:
    ours = set(Coverage.objects.filter(district=district).values_list("agency_id", flat=True))
    ours |= set(
        AcceptedAddress.objects.filter(district=district).values_list(
            "contact__agency_id", flat=True
        )
    )
    without = set(Agency.objects.filter(contacts=None).values_list("pk", flat=True))
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    rows = sorted(Agency.objects.order_by("id"), key=lambda row: row.pk not in ours)
    for row in rows:
        found.setdefault(
            (plain_name(row.name), row.kind),
            {"id": row.pk, "name": row.name, "is_ours": row.pk in ours | without},
        )
    return found


def _contacts(district: District) -> dict[tuple[str, str], Mapping[str, Any]]:
    accepted = dict(
        AcceptedAddress.objects.filter(district=district, channel="email").values_list(
            "contact_id", "address"
        )
    )
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in ResponderContact.objects.filter(ended_at=None).order_by("id"):
        line = {
            "id": row.pk,
            "name": row.name,
            "is_accepted": bool(row.email) and accepted.get(row.pk) == row.email,
        }
        for word in {row.email, plain_name(row.name)} - {""}:
            found.setdefault((str(row.agency_id), word), line)
    return found


def _do(
    kind: str, fate: Fate, district_id: UUID, actor: Actor, at: datetime, *, is_another: bool
) -> None:
    if fate.fate in {"unchanged", "refused"}:
        return
    values = dict(fate.values)
    if kind == "campuses" and fate.fate == "new":
        campuses.create_campus(district_id=district_id, values=values, actor=actor, at=at)
    elif kind == "campuses":
        campuses.edit_campus(campus_id=UUID(fate.target), values=values, actor=actor, at=at)
    elif kind == "people":
        _do_person(fate, values, district_id, actor, at)
    elif kind == "agencies":
        _do_agency(fate, values, district_id, actor, at, is_another=is_another)
    elif fate.fate == "new":
        agency_id = UUID(values.pop("agency"))
        agencies.add_contact(
            agency_id=agency_id, values=values, district_id=district_id, actor=actor, at=at
        )
    else:
        agencies.accept_address(
            contact_id=UUID(fate.target), district_id=district_id, actor=actor, at=at
        )


def _do_person(
    fate: Fate, values: dict[str, Any], district_id: UUID, actor: Actor, at: datetime
) -> None:
    if fate.fate == "changed":
        row = Membership.objects.get(pk=fate.target)
        people.change_membership(
            membership_id=row.pk, post=values["post"], ends_on=row.ends_on, actor=actor, at=at
        )
        return
    begins = values.pop("starts_on", "")
    campus = values.pop("campus")
    people.invite_member(
        district_id=district_id,
        campus_id=UUID(campus) if campus else None,
        starts_on=date.fromisoformat(begins) if begins else None,
        tell=False,
        actor=actor,
        at=at,
        **values,
    )


def _do_agency(
    fate: Fate,
    values: dict[str, Any],
    district_id: UUID,
    actor: Actor,
    at: datetime,
    *,
    is_another: bool,
) -> None:
    covered, capacity = values.pop("campuses"), values.pop("capacity")
    if fate.fate == "new" or is_another:
        agency = agencies.create_agency(
            district_id=district_id, is_another=is_another, actor=actor, at=at, **values
        )
    else:
        agency = Agency.objects.get(pk=fate.target)
    for campus_id in covered:
        coverage.add_coverage(
            campus_id=UUID(campus_id),
            agency_id=agency.pk,
            capacity=capacity,
            actor=actor,
            at=at,
            is_matched=True,
        )
