"""Who is told of a publication: first contacts of covering agencies, and whoever opened one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.directory.models import Agency, Campus, ResponderContact
from notifications.queries.recipients import first_contacts, reachable
from plans.models import PacketAccess


@dataclass(frozen=True, slots=True)
class Told:
    """The contacts that get a message, their agencies, and agencies that nobody can write to."""

    contacts: tuple[ResponderContact, ...]
    agencies: tuple[Agency, ...]
    unreachable: tuple[Agency, ...]


def who_ever_opened(campus: Campus) -> set[UUID]:
    """Return the contacts that opened a packet of the campus by their link."""
    rows = PacketAccess.objects.filter(campus=campus, link__isnull=False)
    return set(rows.values_list("link__contact_id", flat=True))


def who_is_told(campus: Campus, at: datetime) -> Told:
    """Return whom publishing at that moment would tell."""
    firsts = first_contacts(campus, at)
    told = {item.contact.pk: item.contact for item in firsts if item.contact}
    opened = who_ever_opened(campus)
    agency_ids = ResponderContact.objects.filter(pk__in=opened).values_list("agency_id", flat=True)
    for contacts in reachable(campus.district_id, set(agency_ids)).values():
        told |= {contact.pk: contact for contact in contacts if contact.pk in opened}
    agencies = {contact.agency_id: contact.agency for contact in told.values()}
    return Told(
        contacts=tuple(told.values()),
        agencies=tuple(sorted(agencies.values(), key=lambda agency: agency.name)),
        unreachable=tuple(item.agency for item in firsts if item.contact is None),
    )
