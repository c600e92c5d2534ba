"""Agencies and their contacts. They stand above districts: nothing here changes another district.

A district administrator may add an agency, its coverage and its contacts, and correct an address;
each district goes on writing to the address that it accepted. Only an agency's own people rename
it, change its hours or end a contact for everybody.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.models import (
    AcceptedAddress,
    Agency,
    Coverage,
    District,
    Link,
    ResponderContact,
)
from backend.directory.models.agency import AgencyKind
from backend.directory.permissions import rule_for
from backend.directory.queries import agencies_like, districts_with
from backend.directory.services import checks
from backend.problems import BadInput, NotAllowed, NotFound, Problem


class MatchProposed(Problem):
    """An agency of this name and kind exists; use it, or say that it is another."""

    code = "match_proposed"
    status = 409
    title = "This agency may exist already"

    def __init__(self, found: Agency) -> None:
        super().__init__(
            _("“%(name)s” exists already.") % {"name": found.name},
            where="name",
            mend=_("Use that one, or confirm that yours is another agency of the same name."),
        )
        self.found = found


def works_for(actor: Actor, agency_id: UUID) -> bool:
    """Return whether the actor is one of the agency's own people and may edit it."""
    return (
        actor.kind == "user"
        and agency_id in actor.agencies
        and rule_for("agency.edit_own", "responder") == "own"
    )


def require_agency(actor: Actor, agency_id: UUID) -> Agency:
    """Return an agency that the actor's own district deals with, or its own; raises NotFound.

    A district deals with an agency that covers one of its campuses, of which it has accepted a
    contact, or that nobody deals with yet.
    """
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is not None and (works_for(actor, agency_id) or _deals_with(actor, agency)):
        return agency
    raise NotFound(_("There is no such agency, or not for you."))


def _deals_with(actor: Actor, agency: Agency) -> bool:
    mine = districts_with(actor, "coverage.edit")
    if not mine:
        return False
    return (
        Coverage.objects.filter(district__in=mine, agency=agency).exists()
        or AcceptedAddress.objects.filter(district__in=mine, contact__agency=agency).exists()
        or not agency.contacts.exists()
    )


@transaction.atomic
def create_agency(
    *,
    district_id: UUID,
    name: str,
    kind: str,
    actor: Actor,
    at: datetime,
    phone: str = "",
    time_zone: str = "",
    is_another: bool = False,
) -> Agency:
    """Return a new agency.

    Raises MatchProposed where one of this name and kind exists, unless `is_another` says that this
    is a different one; BadInput at the field.
    """
    district = require_district(actor, district_id)
    name = checks.require_text(name, "name", most=160)
    if kind not in AgencyKind.values:
        raise BadInput(
            _("There is no kind of agency “%(kind)s”.") % {"kind": kind[:40]},
            where="kind",
            mend=_("Choose one of: %(kinds)s.") % {"kinds": ", ".join(AgencyKind.values)},
        )
    if not is_another and (found := agencies_like(name, kind)):
        raise MatchProposed(found[0])
    agency = Agency.objects.create(
        name=name,
        kind=kind,
        phone=checks.at_most(phone, "phone", most=40),
        time_zone=checks.require_zone(time_zone or district.time_zone, "time_zone"),
    )
    audit.record_account(
        "agency.created", actor=actor, subject=agency, at=at, details={"kind": kind}
    )
    return agency


@transaction.atomic
def edit_agency(
    *, agency_id: UUID, values: Mapping[str, Any], actor: Actor, at: datetime
) -> Agency:
    """Change name, ten-digit line, zone or hours of one's own agency."""
    agency = Agency.objects.select_for_update(no_key=True).filter(pk=agency_id).first()
    if agency is None:
        raise NotFound(_("There is no such agency, or not for you."))
    if not works_for(actor, agency.pk):
        require_agency(actor, agency.pk)
        raise NotAllowed(
            _("An agency serves several districts: only its own people change it."),
            mend=_("Ask one of them, or correct a contact's address instead."),
        )
    if "name" in values:
        agency.name = checks.require_text(values["name"], "name", most=160)
    if "phone" in values:
        agency.phone = checks.at_most(values["phone"], "phone", most=40)
    if "time_zone" in values:
        agency.time_zone = checks.require_zone(values["time_zone"], "time_zone")
    if "hours" in values:
        agency.hours = values["hours"]
    agency.save(update_fields=["name", "phone", "time_zone", "hours"])
    audit.record_account(
        "agency.changed", actor=actor, subject=agency, at=at, details={"fields": sorted(values)}
    )
    return agency


@transaction.atomic
def add_contact(
    *, agency_id: UUID, values: Mapping[str, Any], actor: Actor, at: datetime,
    district_id: UUID | None = None,
) -> ResponderContact:  # fmt: skip
    """Return a new contact; with a district, the district accepts its address at once."""
    agency = require_agency(actor, agency_id)
    contact = ResponderContact(agency=agency, **checked_contact(values))
    _save(contact, force_insert=True)
    audit.record_account(
        "contact.added", actor=actor, subject=contact, at=at, details={"agency": agency.name}
    )
    if district_id is not None and contact.email:
        accept_address(contact_id=contact.pk, district_id=district_id, actor=actor, at=at)
    return contact


@transaction.atomic
def correct_contact(
    *, contact_id: UUID, values: Mapping[str, Any], actor: Actor, at: datetime
) -> ResponderContact:
    """Change a contact. Each district goes on writing to the address it accepted before."""
    contact = _contact(contact_id)
    require_agency(actor, contact.agency_id)
    clean = checked_contact({"name": contact.name, **values})
    changed = [name for name, value in clean.items() if getattr(contact, name) != value]
    for name in changed:
        setattr(contact, name, clean[name])
    if changed:
        _save(contact, update_fields=changed)
        audit.record_account(
            "contact.corrected", actor=actor, subject=contact, at=at, details={"fields": changed}
        )
    return contact


@transaction.atomic
def accept_address(
    *, contact_id: UUID, district_id: UUID, actor: Actor, at: datetime
) -> AcceptedAddress:
    """Let a district write to the address that the contact has now."""
    district = require_district(actor, district_id)
    contact = _contact(contact_id)
    require_agency(actor, contact.agency_id)
    if not contact.email:
        raise BadInput(
            _("This contact has no e-mail."), where="email", mend=_("Add an address first.")
        )
    accepted, _new = AcceptedAddress.objects.update_or_create(
        district=district,
        contact=contact,
        channel="email",
        defaults={"address": contact.email},
    )
    audit.record(
        "contact.address_accepted",
        actor=actor,
        subject=accepted,
        at=at,
        details={"contact": contact.name, "agency": contact.agency.name},
    )
    return accepted


@transaction.atomic
def stop_writing(*, contact_id: UUID, district_id: UUID, actor: Actor, at: datetime) -> None:
    """Let a district write to a contact no longer; its links into this district end."""
    district = require_district(actor, district_id)
    row = AcceptedAddress.objects.filter(district=district, contact_id=contact_id).first()
    if row is None:
        raise NotFound(_("This district does not write to that contact."))
    contact = row.contact
    Link.objects.filter(district=district, contact=contact, ended_at=None).update(
        ended_at=at, ended_reason="the district stopped writing to this contact"
    )
    audit.record(
        "contact.stopped",
        actor=actor,
        subject=row,
        at=at,
        details={"contact": contact.name, "agency": contact.agency.name},
    )
    row.delete()


@transaction.atomic
def end_contact(*, contact_id: UUID, actor: Actor, at: datetime) -> None:
    """End a contact for every district: its links answer with the district's number from now on."""
    contact = _contact(contact_id)
    if not works_for(actor, contact.agency_id):
        require_agency(actor, contact.agency_id)
        raise NotAllowed(
            _("Other districts may write to this contact: only its agency ends it."),
            mend=_("Stop writing to it from your district instead."),
        )
    contact.ended_at = at
    contact.save(update_fields=["ended_at"])
    audit.record_account(
        "contact.ended",
        actor=actor,
        subject=contact,
        at=at,
        details={"agency": contact.agency.name},
    )


def require_district(actor: Actor, district_id: UUID) -> District:
    """Return the district in which the actor may edit coverage; raises NotFound or NotAllowed."""
    district = District.objects.filter(pk=district_id).first()
    if district is None:
        raise NotFound(_("There is no such district, or not for you."))
    allow(actor, "coverage.edit", district)
    return district


def _contact(contact_id: UUID) -> ResponderContact:
    rows = ResponderContact.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "agency"
    )
    contact = rows.filter(pk=contact_id, ended_at=None).first()
    if contact is None:
        raise NotFound(_("There is no such contact, or it has ended."))
    return contact


def checked_contact(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a contact, cleaned; raises BadInput naming the field."""
    clean = dict(values)
    clean["name"] = checks.require_text(clean.get("name", ""), "name", most=120)
    for name, most in (("post", 120), ("phone", 40)):
        if name in clean:
            clean[name] = checks.at_most(clean[name], name, most=most)
    if clean.get("email"):
        clean["email"] = checks.require_email(clean["email"], "email")
    if "order" in clean:
        checks.require_between(clean["order"], "order", least=1, most=99)
    if clean.get("language", "en") not in {"en", "es"}:
        raise BadInput(
            _("“%(value)s” is no language of Muster.") % {"value": str(clean["language"])[:20]},
            where="language",
            mend=_("Write en or es."),
        )
    return clean


def _save(contact: ResponderContact, **how: Any) -> None:
    try:
        with transaction.atomic():
            contact.save(**how)
    except IntegrityError as error:
        raise BadInput(
            _("Another contact of this agency has this e-mail."),
            where="email",
            mend=_("Use that contact, or write another address."),
        ) from error
