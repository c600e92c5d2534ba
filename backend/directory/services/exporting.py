"""What a district holds, in the columns of the import, to be edited and brought back."""

from datetime import datetime

from backend.audit import record as audit
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.imports.kinds import kind_of
from backend.directory.models import Agency, Campus, Coverage, District, Membership
from backend.directory.queries import contacts_of, not_over

Rows = list[list[object]]


def exported(
    *, district: District, kind: str, actor: Actor, at: datetime
) -> tuple[list[str], Rows]:
    """Return headings and rows; raises NotAllowed, or BadInput for a kind that is none."""
    allow(actor, "directory.import", district)
    headings = [column.name for column in kind_of(kind).columns]
    rows = {
        "campuses": _campuses,
        "people": _people,
        "agencies": _agencies,
        "contacts": _contacts,
    }[kind](district, at)
    audit.record(
        "directory.exported",
        actor=actor,
        subject=district,
        at=at,
        details={"kind": kind, "rows": len(rows)},
    )
    return headings, rows


def _campuses(district: District, at: datetime) -> Rows:
    return [
        [row.name, row.nces_id, row.address, row.cross_street, row.city, row.state,
         row.postal_code, row.latitude, row.longitude, row.time_zone, row.grades, "", "",
         row.enrollment, row.staff_count]
        for row in Campus.objects.filter(district=district).order_by("name", "id")
    ]  # fmt: skip


def _people(district: District, at: datetime) -> Rows:
    rows = Membership.objects.filter(not_over(at.date()), district=district, acting_for=None)
    return [
        [row.user.name, row.user.email, row.role,
         (row.campus.nces_id or row.campus.name) if row.campus else "", row.post,
         row.starts_on.isoformat()]
        for row in rows.select_related("user", "campus").order_by("user__name", "id")
    ]  # fmt: skip


def _agencies(district: District, at: datetime) -> Rows:
    found: dict[tuple[Agency, str], list[str]] = {}
    rows = Coverage.objects.filter(not_over(at.date()), district=district)
    for row in rows.select_related("agency", "campus").order_by("agency__name", "campus__name"):
        place = row.campus.nces_id or row.campus.name
        found.setdefault((row.agency, row.capacity), []).append(place)
    return [
        [agency.name, agency.kind, agency.phone, agency.time_zone, "|".join(places), capacity]
        for (agency, capacity), places in found.items()
    ]


def _contacts(district: District, at: datetime) -> Rows:
    covering = Coverage.objects.filter(not_over(at.date()), district=district).values("agency")
    rows: Rows = []
    for agency in Agency.objects.filter(pk__in=covering).order_by("name", "id"):
        for line in contacts_of(agency, district_ids=[district.pk]):
            contact = line.contact
            rows.append(
                [agency.name, agency.kind, contact.name, contact.post, contact.order,
                 contact.email, contact.phone, contact.language]
            )  # fmt: skip
    return rows
