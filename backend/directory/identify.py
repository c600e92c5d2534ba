"""Build the Actor of a request: read once, under the crossing `sign-in` or `link`, then frozen."""

from collections.abc import Iterable
from datetime import date
from typing import cast
from uuid import UUID

from django.db.models import Q

from backend.directory.actor import Actor, Covered, RoleAt
from backend.directory.models import (
    AgencyMember,
    Coverage,
    Device,
    District,
    Grant,
    Link,
    Membership,
    User,
)
from backend.directory.models.link import hash_of
from backend.directory.permissions import Holder
from backend.problems import NotFound
from backend.tenancy import reach


class LinkEnded(NotFound):
    """A link that once worked: its page says so and gives a number that answers."""

    code = "link_ended"
    status = 410
    title = "This link has ended"

    def __init__(self, *, district: str, name: str, phone: str) -> None:
        super().__init__(
            f"This link has ended. {name or district} answers at {phone}.",
            mend="Ask there for a new link.",
        )
        self.district, self.name, self.phone = district, name, phone


def _current(today: date) -> Q:
    return Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))


def actor_of_user(user: User, *, today: date, address: str = "") -> Actor:
    """Return the actor of a signed-in person with all roles that hold today."""
    with reach.crossing("sign-in"):
        memberships = list(
            Membership.across_districts.filter(_current(today), user=user).select_related(
                "acting_for__user", "campus"
            )
        )
        members = AgencyMember.objects.filter(_current(today), user=user)
        agency_of = {member.pk: member.agency_id for member in members}
        grants = Grant.across_districts.filter(agency_member__in=agency_of, ended_at=None)
        reached = {
            (grant.district_id, agency_of[grant.agency_member_id])
            for grant in grants
            if grant.agency_member_id
        }
        covered = _covered(reached, today)
    roles = tuple(
        RoleAt(
            membership_id=item.pk,
            district_id=item.district_id,
            campus_id=item.campus_id,
            role=cast("Holder", item.role),
            acting_for=item.acting_for.user.name if item.acting_for else "",
        )
        for item in memberships
    )
    return Actor(
        kind="user",
        label=user.name,
        key=user.pk,
        address=address,
        roles=roles,
        covered=covered,
        agencies=frozenset(agency_of.values()),
        time_zone=user.time_zone,
        clock=user.clock,
        campuses_named={
            item.campus.get_absolute_url(): item.campus.name for item in memberships if item.campus
        },
    )


def actor_of_device(token: str, *, today: date, address: str = "") -> Actor | None:
    """Return the actor of an enrolled device, or None for a token that is none or was revoked."""
    device = (
        Device.objects.select_related("agency")
        .filter(token_hash=hash_of(token), revoked_at=None)
        .first()
    )
    if device is None:
        return None
    with reach.crossing("sign-in"):
        grants = Grant.across_districts.filter(device=device, ended_at=None)
        covered = _covered({(grant.district_id, device.agency_id) for grant in grants}, today)
    return Actor(
        kind="device",
        label=f"{device.name}, {device.agency.name}",
        key=device.pk,
        address=address,
        covered=covered,
        agencies=frozenset({device.agency_id}),
        clock="24",
    )


def actor_of_link(token: str, *, today: date, address: str = "") -> Actor:
    """Return the actor of a link.

    Raises NotFound for a token that never was, LinkEnded for one that was ended or whose coverage
    has ended; LinkEnded carries the district's number that answers.
    """
    with reach.crossing("link"):
        link = (
            Link.across_districts.select_related("contact__agency")
            .filter(token_hash=hash_of(token))
            .first()
        )
        if link is None:
            raise NotFound("There is nothing at this address.")
        district = District.across_districts.get(pk=link.district_id)
        agency = link.contact.agency
        covered = _covered({(link.district_id, agency.pk)}, today)
    if link.campus_id:
        covered = tuple(item for item in covered if item.campus_id == link.campus_id)
    if link.ended_at or link.contact.ended_at or not covered:
        raise LinkEnded(
            district=district.name, name=district.answering_name, phone=district.answering_phone
        )
    return Actor(
        kind="link",
        label=f"{link.contact.name}, {agency.name}",
        key=link.contact_id,
        address=address,
        covered=covered,
        agencies=frozenset({agency.pk}),
        contact_id=link.contact_id,
        link_id=link.pk,
        link_purpose=link.purpose,
        link_subject=link.subject_id,
        clock="24",
    )


def _covered(reached: Iterable[tuple[UUID, UUID]], today: date) -> tuple[Covered, ...]:
    """Return what agencies cover, in the districts that granted them to look."""
    wanted = Q(pk__in=[])
    for district_id, agency_id in reached:
        wanted |= Q(district_id=district_id, agency_id=agency_id)
    rows = Coverage.across_districts.filter(wanted, _current(today)).order_by("campus_id")
    return tuple(Covered(row.district_id, row.campus_id, row.agency_id) for row in rows)
