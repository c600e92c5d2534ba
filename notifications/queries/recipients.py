"""Whom to tell: the agencies that cover a campus, their contacts in order, and their hours."""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q

from backend.directory.models import (
    AcceptedAddress,
    Agency,
    Campus,
    Coverage,
    ResponderContact,
)
from notifications.policy.escalation import Contact
from notifications.policy.hours import (
    ALWAYS,
    DAYS_OF_WEEK,
    Hours,
    WrongHours,
    office_hours,
    read_hours,
)

log = logging.getLogger(__name__)
EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Recipient:
    """An agency and whom of it to tell first; no contact where this district can write to none."""

    agency: Agency
    contact: ResponderContact | None

    @property
    def address(self) -> str:
        """Return the e-mail address, empty without a contact."""
        return self.contact.email if self.contact else ""


def covering(campus: Campus, at: datetime) -> list[Coverage]:
    """Return the coverages of a campus that hold on that day there, first due before mutual aid."""
    today = campus.local_date(at)
    return list(
        Coverage.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=today), campus=campus, starts_on__lte=today
        )
        .select_related("agency")
        .order_by("capacity", "agency__name")
    )


def covering_of_each(campuses: Sequence[Campus], at: datetime) -> dict[UUID, list[Coverage]]:
    """Return the same for many campuses by their id, in one query."""
    days = {campus.pk: campus.local_date(at) for campus in campuses}
    first, last = min(days.values(), default=at.date()), max(days.values(), default=at.date())
    rows = (
        Coverage.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=first), campus__in=days, starts_on__lte=last
        )
        .select_related("agency")
        .order_by("capacity", "agency__name")
    )
    found: dict[UUID, list[Coverage]] = {}
    for row in rows:
        day = days[row.campus_id]
        if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day):
            found.setdefault(row.campus_id, []).append(row)
    return found


def first_contacts(campus: Campus, at: datetime) -> list[Recipient]:
    """Return each covering agency with the first contact that this district can write to."""
    agencies = [item.agency for item in covering(campus, at)]
    contacts = reachable(campus.district_id, [agency.pk for agency in agencies])
    return [Recipient(agency, next(iter(contacts.get(agency.pk, ())), None)) for agency in agencies]


def reachable(
    district_id: UUID, agency_ids: Collection[UUID]
) -> dict[UUID, list[ResponderContact]]:
    """Return by agency, in order of calling, whom this district may write to.

    A contact counts while it has not ended and its address is still the one the district accepted.
    """
    found: dict[UUID, list[ResponderContact]] = {}
    for contact, accepted in _with_accepted(district_id, agency_ids):
        if not contact.ended_at and is_same_address(accepted, contact.email):
            found.setdefault(contact.agency_id, []).append(contact)
    return found


def calling_order(district_id: UUID, agency_ids: Collection[UUID]) -> dict[UUID, list[Contact]]:
    """Return by agency the contacts as the policy knows them; who cannot be told is revoked."""
    found: dict[UUID, list[Contact]] = {}
    for contact, accepted in _with_accepted(district_id, agency_ids):
        gone = contact.ended_at is not None or not is_same_address(accepted, contact.email)
        one = Contact(str(contact.pk), contact.name, hours_of(contact.agency, contact), gone)
        found.setdefault(contact.agency_id, []).append(one)
    return found


def is_same_address(accepted: str, present: str) -> bool:
    """Return whether an accepted address is the present one."""
    return bool(present) and accepted.casefold() == present.casefold()


def _with_accepted(
    district_id: UUID, agency_ids: Collection[UUID]
) -> Iterable[tuple[ResponderContact, str]]:
    contacts = list(
        ResponderContact.objects.filter(agency_id__in=agency_ids)
        .select_related("agency")
        .order_by("agency_id", "order", "id")
    )
    accepted = dict(
        AcceptedAddress.objects.filter(
            district_id=district_id, channel=EMAIL, contact_id__in=[one.pk for one in contacts]
        ).values_list("contact_id", "address")
    )
    return [(contact, accepted.get(contact.pk, "")) for contact in contacts]


def hours_of(agency: Agency, contact: ResponderContact | None = None) -> Hours:
    """Return when this contact answers: its own hours, else its agency's, else those of the kind.

    A table that cannot be read counts as office hours and is logged: chasing must not stop for it.
    """
    document = contact.hours if contact is not None and contact.hours else agency.hours
    if document.get("always") or (not document and agency.is_always_open):
        return ALWAYS
    try:
        if not document.get("weekly"):
            return _usual(agency.time_zone)
        return read_hours(_named_days(document, agency.time_zone))
    except (WrongHours, AttributeError, TypeError, ValueError, IndexError) as fault:
        log.warning("the hours of %s cannot be read (%s); Mon–Fri 8–17 counts", agency.pk, fault)
        return _usual(agency.time_zone)


@lru_cache(maxsize=64)
def _usual(zone: str) -> Hours:
    try:
        return office_hours(zone)
    except WrongHours:
        return office_hours("UTC")


def _named_days(document: dict[str, Any], zone: str) -> dict[str, Any]:
    """Return the directory's table (days as numbers, 0 is Monday) in the policy's form."""
    return {
        "zone": zone,
        "weekly": {
            DAYS_OF_WEEK[int(day)] if day.isdigit() else day: windows
            for day, windows in document["weekly"].items()
        },
        "holidays": document.get("holidays", []),
    }
