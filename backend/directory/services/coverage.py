"""Which agency serves which campus, and which of its people and devices a district lets in."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach
from backend.directory.account_mail import in_language_of, is_released, write_to
from backend.directory.actor import Actor
from backend.directory.models import (
    Agency,
    AgencyMember,
    Campus,
    Coverage,
    Device,
    Grant,
)
from backend.directory.models.coverage import Capacity
from backend.directory.models.link import hash_of, new_token
from backend.directory.queries import not_over
from backend.directory.services import checks
from backend.directory.services.agencies import require_agency, require_district, works_for
from backend.directory.services.people import person_of
from backend.directory.services.set_up import DAYS_VALID, set_up_link
from backend.problems import BadInput, NotAllowed, NotFound


@transaction.atomic
def add_coverage(
    *,
    campus_id: UUID,
    agency_id: UUID,
    actor: Actor,
    at: datetime,
    capacity: str = Capacity.FIRST_DUE,
    starts_on: date | None = None,
    is_matched: bool = False,
) -> Coverage:
    """Let an agency serve a campus; a coverage that has ended is taken up again.

    Any agency that stands above districts may be taken when a person has confirmed the match
    (`is_matched`); without it, one that the district deals with already.
    """
    campus = Campus.objects.filter(pk=campus_id).first()
    if campus is None:
        raise NotFound(_("There is no such campus, or not for you."), where="campus")
    allow(actor, "coverage.edit", campus)
    agency = _any_agency(agency_id) if is_matched else require_agency(actor, agency_id)
    if capacity not in Capacity.values:
        raise BadInput(
            _("There is no capacity “%(value)s”.") % {"value": capacity[:20]},
            where="capacity",
            mend=_("Write first_due or mutual_aid."),
        )
    coverage, is_new = Coverage.objects.get_or_create(
        campus=campus,
        agency=agency,
        defaults={
            "district_id": campus.district_id,
            "capacity": capacity,
            "starts_on": starts_on or at.date(),
        },
    )
    if not is_new:
        coverage.capacity, coverage.ends_on = capacity, None
        coverage.save(update_fields=["capacity", "ends_on"])
    audit.record(
        "coverage.added",
        actor=actor,
        subject=coverage,
        at=at,
        details={"agency": agency.name, "campus": campus.name, "capacity": capacity},
    )
    return coverage


@transaction.atomic
def end_coverage(*, coverage_id: UUID, actor: Actor, at: datetime) -> None:
    """End a coverage at once: links, people and devices of the agency reach the campus no more."""
    rows = Coverage.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "agency", "campus"
    )
    coverage = get_in_reach(actor, "coverage.edit", rows, pk=coverage_id)
    coverage.ends_on = at.date() - timedelta(days=1)
    coverage.save(update_fields=["ends_on"])
    audit.record(
        "coverage.ended",
        actor=actor,
        subject=coverage,
        at=at,
        details={"agency": coverage.agency.name, "campus": coverage.campus.name},
    )


@transaction.atomic
def add_agency_member(
    *,
    agency_id: UUID,
    email: str,
    name: str,
    actor: Actor,
    at: datetime,
    district_id: UUID | None = None,
) -> tuple[AgencyMember, str]:
    """Return a person who has an account for an agency, and the link to show once ("" if mailed).

    A district that adds the person grants its own campuses at once; an agency's own people need a
    grant of each district afterwards.
    """
    agency = require_agency(actor, agency_id)
    if district_id is None and not works_for(actor, agency_id):
        raise NotAllowed(_("Only the agency's own people add others without a district."))
    email = checks.require_email(email, "email")
    named = str(district_id) if district_id else str(agency_id)
    user, _is_new = person_of(email, name, district_id=UUID(named), actor=actor, at=at)
    member, is_added = AgencyMember.objects.get_or_create(
        agency=agency, user=user, defaults={"starts_on": at.date()}
    )
    if not is_added and member.ends_on is not None:
        member.ends_on = None
        member.save(update_fields=["ends_on"])
    audit.record_account(
        "agency_member.added", actor=actor, subject=agency, at=at, details={"person": user.name}
    )
    if district_id is not None:
        grant(district_id=district_id, actor=actor, at=at, agency_member_id=member.pk)
    link = "" if user.has_usable_password() else set_up_link(user)
    with in_language_of(user):
        paragraphs = [_("You were given access for %(agency)s.") % {"agency": agency.name}]
        if link:
            paragraphs += [
                _("Set up your account here, within %(days)s days:") % {"days": DAYS_VALID},
                link,
            ]
        write_to(
            user,
            subject=_("Your access for %(agency)s") % {"agency": agency.name},
            paragraphs=paragraphs,
        )
    return member, "" if is_released() else link


@transaction.atomic
def end_agency_member(*, member_id: UUID, actor: Actor, at: datetime) -> None:
    """End a person's access for an agency in all districts; the agency's own people do this."""
    member = AgencyMember.objects.select_related("agency", "user").filter(pk=member_id).first()
    if member is None or not works_for(actor, member.agency_id):
        raise NotFound(_("There is no such person, or not for you."))
    member.ends_on = at.date() - timedelta(days=1)
    member.save(update_fields=["ends_on"])
    audit.record_account(
        "agency_member.ended",
        actor=actor,
        subject=member.agency,
        at=at,
        details={"person": member.user.name},
    )


@transaction.atomic
def grant(
    *,
    district_id: UUID,
    actor: Actor,
    at: datetime,
    agency_member_id: UUID | None = None,
    device_id: UUID | None = None,
) -> Grant:
    """Let one person or one device of an agency reach the campuses of a district that it covers."""
    district = require_district(actor, district_id)
    agency_id = _agency_of(agency_member_id, device_id)
    require_agency(actor, agency_id)
    key = Q(agency_member=agency_member_id, device=device_id)
    row = Grant.objects.filter(key, district=district, ended_at=None).first()
    if row is None:
        row = Grant.objects.create(
            district=district, agency_member_id=agency_member_id, device_id=device_id
        )
        audit.record(
            "grant.given", actor=actor, subject=row, at=at, details={"agency": str(agency_id)}
        )
    return row


@transaction.atomic
def end_grant(*, grant_id: UUID, actor: Actor, at: datetime) -> None:
    """End a grant at once."""
    row = Grant.objects.select_for_update(no_key=True).filter(pk=grant_id, ended_at=None).first()
    if row is None:
        raise NotFound(_("There is no such grant, or not for you."))
    require_district(actor, row.district_id)
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record("grant.ended", actor=actor, subject=row, at=at)


@transaction.atomic
def enroll_device(
    *,
    agency_id: UUID,
    name: str,
    actor: Actor,
    at: datetime,
    district_id: UUID | None = None,
) -> tuple[Device, str]:
    """Return a new device and its token, shown once and kept only as a hash."""
    agency = require_agency(actor, agency_id)
    token = new_token()
    device = Device.objects.create(
        agency=agency, name=checks.require_text(name, "name", most=80), token_hash=hash_of(token)
    )
    audit.record_account(
        "device.enrolled", actor=actor, subject=device, at=at, details={"agency": agency.name}
    )
    if district_id is not None:
        grant(district_id=district_id, actor=actor, at=at, device_id=device.pk)
    return device, token


@transaction.atomic
def revoke_device(*, device_id: UUID, actor: Actor, at: datetime) -> None:
    """End a device's token in all districts: a lost tablet opens nothing from now on."""
    device = (
        Device.objects.select_for_update(no_key=True).filter(pk=device_id, revoked_at=None).first()
    )
    if device is None:
        raise NotFound(_("There is no such device, or it was revoked."))
    if not works_for(actor, device.agency_id):
        require_agency(actor, device.agency_id)
        raise NotAllowed(
            _("A device serves every district that lets it in: only its agency revokes it."),
            mend=_("End your district's grant instead; it opens nothing of yours from then on."),
        )
    device.revoked_at = at
    device.save(update_fields=["revoked_at"])
    audit.record_account("device.revoked", actor=actor, subject=device, at=at)


def live_grants(agency_id: UUID, *, at: datetime) -> dict[UUID, UUID]:
    """Return the grants of the open reach by the id of the member or device they let in."""
    members = AgencyMember.objects.filter(not_over(at.date()), agency=agency_id)
    rows = Grant.objects.filter(ended_at=None, agency_member__in=members) | Grant.objects.filter(
        ended_at=None, device__agency=agency_id
    )
    return {row.agency_member_id or row.device_id: row.pk for row in rows}  # type: ignore[misc]


def _any_agency(agency_id: UUID) -> Agency:
    agency = Agency.objects.filter(pk=agency_id).first()
    if agency is None:
        raise NotFound(_("There is no such agency, or not for you."), where="agency")
    return agency


def _agency_of(agency_member_id: UUID | None, device_id: UUID | None) -> UUID:
    member = AgencyMember.objects.filter(Q(pk=agency_member_id)).first()
    device = Device.objects.filter(Q(pk=device_id), revoked_at=None).first()
    if (member is None) == (device is None):
        raise BadInput(
            _("A grant is for one person or one device."),
            where="agency_member",
            mend=_("Name one of them."),
        )
    return member.agency_id if member else device.agency_id  # type: ignore[union-attr]
