"""What pages, API and commands read of the directory."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.directory.access import get_in_reach, in_reach_of, may
from backend.directory.actor import Actor
from backend.directory.models import (
    AcceptedAddress,
    Agency,
    AgencyMember,
    Campus,
    Coverage,
    Device,
    District,
    Grant,
    Membership,
    ResponderContact,
    Role,
    User,
)
from backend.directory.models.agency import AgencyKind
from backend.directory.models.coverage import Capacity
from backend.directory.permissions import rule_for
from backend.tenancy import reach

NOT_RESPONDING = {
    AgencyKind.DISPATCH,
    AgencyKind.ALARM_MONITORING,
    AgencyKind.EMERGENCY_MANAGEMENT,
}
"""Agencies that send nobody: they are neither first due nor mutual aid."""

FIRST_TRIED = (Role.SRO, Role.CAMPUS_ADMINISTRATOR, Role.OFFICE, Role.DISTRICT_ADMINISTRATOR)
"""Whom a trial shows before the responders; the other roles follow them."""


@dataclass(frozen=True, slots=True)
class DemonstrationPerson:
    """One button of the demonstration's sign-in page."""

    user_id: UUID
    name: str
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact as one district sees it: where it writes to, and whether that is still so."""

    contact: ResponderContact
    accepted: str

    @property
    def is_changed(self) -> bool:
        """Return whether the agency has given another address than the accepted one."""
        return bool(self.accepted) and self.accepted != self.contact.email


def current(today: date, *, prefix: str = "") -> Q:
    """Return the filter for rows that hold on a day, by their `starts_on` and `ends_on`."""
    starts, ends = f"{prefix}starts_on", f"{prefix}ends_on"
    return Q(**{f"{starts}__lte": today}) & (Q(**{ends: None}) | Q(**{f"{ends}__gte": today}))


def not_over(today: date) -> Q:
    """Return the filter for rows that hold on a day or will later."""
    return Q(ends_on=None) | Q(ends_on__gte=today)


def campus_by_slug(actor: Actor, slug: str, verb: str = "campus.read") -> Campus:
    """Return the campus of an address such as `lincoln-high-school-7kq2m9`, by its short id.

    The readable part may be an old name: pages then redirect. Raises NotFound, also for a campus
    with which the actor may not do this.
    """
    short_id = slug.rpartition("-")[2]
    found = [
        campus
        for campus in in_reach_of(actor, verb, Campus.objects.filter(short_id=short_id))
        if campus.slug == slug
    ]
    if found:
        return found[0]
    return get_in_reach(actor, verb, Campus.objects.all(), short_id=short_id)


def campuses(actor: Actor, *, words: str = "") -> QuerySet[Campus]:
    """Return the campuses that the actor may read, by name; `words` narrows them."""
    rows = in_reach_of(actor, "campus.read", Campus.objects.all())
    for word in words.split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(city__icontains=word) | Q(nces_id__startswith=word)
        )
    return rows.order_by("name", "id")


def people(actor: Actor, *, words: str = "", role: str = "", today: date) -> QuerySet[Membership]:
    """Return the memberships that the actor may read, without those that are over."""
    rows = in_reach_of(actor, "people.read", Membership.objects.filter(not_over(today)))
    for word in words.split():
        rows = rows.filter(
            Q(user__name__icontains=word)
            | Q(user__email__icontains=word)
            | Q(campus__name__icontains=word)
            | Q(post__icontains=word)
        )
    if role:
        rows = rows.filter(role=role)
    return rows.select_related("user", "campus", "district", "acting_for__user").order_by(
        "user__name", "id"
    )


def coverages(actor: Actor, *, today: date) -> QuerySet[Coverage]:
    """Return the coverages that the actor may read and that are not over."""
    rows = in_reach_of(actor, "coverage.read", Coverage.objects.filter(not_over(today)))
    return rows.select_related("agency", "campus").order_by("agency__name", "campus__name", "id")


def agencies(actor: Actor, *, today: date) -> QuerySet[Agency]:
    """Return the agencies that cover a campus of the actor's, or are the actor's own, by name.

    Where the actor may add coverage, also those of which the district has accepted a contact, and
    those without any contact yet.
    """
    covering = coverages(actor, today=today).values("agency")
    accepted = AcceptedAddress.objects.filter(
        district__in=districts_with(actor, "coverage.edit")
    ).values("contact__agency")
    found = Q(pk__in=covering) | Q(pk__in=accepted) | Q(pk__in=actor.agencies)
    if districts_with(actor, "coverage.edit"):
        found |= Q(contacts=None)
    return Agency.objects.filter(found).distinct().order_by("name", "id")


def contacts_of(agency: Agency, *, district_ids: Iterable[UUID]) -> list[ContactLine]:
    """Return an agency's live contacts in the order of calling, with the accepted address."""
    return contacts_by_agency([agency], district_ids=district_ids)[agency.pk]


def contacts_by_agency(
    agencies: Iterable[Agency], *, district_ids: Iterable[UUID]
) -> dict[UUID, list[ContactLine]]:
    """Return the live contacts of each agency in the order of calling, with accepted addresses."""
    found: dict[UUID, list[ContactLine]] = {agency.pk: [] for agency in agencies}
    accepted = accepted_addresses(found, district_ids=district_ids)
    live = ResponderContact.objects.filter(agency__in=found, ended_at=None)
    for row in live.order_by("order", "id"):
        found[row.agency_id].append(ContactLine(row, accepted.get(row.pk, "")))
    return found


def accepted_addresses(
    agency_ids: Iterable[UUID], *, district_ids: Iterable[UUID]
) -> dict[UUID, str]:
    """Return the address of each contact that one of the districts has accepted."""
    rows = AcceptedAddress.objects.filter(
        contact__agency__in=list(agency_ids), channel="email", district__in=list(district_ids)
    )
    return {row.contact_id: row.address for row in rows}


def agencies_like(name: str, kind: str) -> list[Agency]:
    """Return agencies of this kind whose name is the same but for case, blanks and signs."""
    wanted = plain_name(name)
    return [
        agency
        for agency in Agency.objects.filter(kind=kind).order_by("name", "id")
        if plain_name(agency.name) == wanted
    ]


def capacity_words(agency: Agency, capacity: str) -> str:
    """Return in which capacity an agency covers a campus: of one that sends nobody, what it is."""
    if agency.kind in NOT_RESPONDING:
        return str(agency.get_kind_display())
    return str(Capacity(capacity).label)


def capacity_choices(agency: Agency, present: str = "") -> list[tuple[str, str]]:
    """Return the capacities that can be chosen for an agency, with their words.

    One that sends nobody has one only: its `present`, else the usual one.
    """
    if agency.kind in NOT_RESPONDING:
        return [(present or str(Capacity.FIRST_DUE), capacity_words(agency, present))]
    return [(item.value, str(item.label)) for item in Capacity]


def plain_name(name: str) -> str:
    """Return a name for comparing: letters and digits only, “&” as “and”, in lower case."""
    return "".join(letter for letter in name.casefold().replace("&", "and") if letter.isalnum())


def members_of(agency: Agency, *, today: date) -> QuerySet[AgencyMember]:
    """Return the people of an agency who have an account and are not over."""
    rows = AgencyMember.objects.filter(not_over(today), agency=agency)
    return rows.select_related("user").order_by("user__name", "id")


def devices_of(agency: Agency) -> QuerySet[Device]:
    """Return an agency's devices that were not revoked."""
    return Device.objects.filter(agency=agency, revoked_at=None).order_by("name", "id")


def granted(district_ids: Iterable[UUID]) -> set[UUID]:
    """Return the ids of agency members and devices that these districts let in."""
    rows = Grant.objects.filter(district__in=list(district_ids), ended_at=None)
    pairs = rows.values_list("agency_member_id", "device_id")
    return {found for pair in pairs for found in pair if found is not None}


def districts_with(actor: Actor, verb: str) -> list[UUID]:
    """Return the districts in which the actor holds a role that may do this anywhere."""
    return sorted(
        {
            role.district_id
            for role in actor.roles
            if not role.acting_for and rule_for(verb, role.role) is not None
        }
    )


def district_for(actor: Actor, verb: str, district_id: str = "") -> District | None:
    """Return the district in which a page acts: the one asked for, else the actor's only one."""
    allowed = [
        district
        for district in District.objects.order_by("name", "id")
        if may(actor, verb, district)
    ]
    if district_id:
        return next((item for item in allowed if str(item.pk) == district_id), None)
    return allowed[0] if allowed else None


def covering_counts(actor: Actor, *, today: date) -> dict[UUID, int]:
    """Return how many agencies cover each campus whose coverage the actor may read."""
    rows = in_reach_of(actor, "coverage.read", Coverage.objects.filter(current(today)))
    counted = rows.values("campus").annotate(number=Count("pk"))
    return {row["campus"]: row["number"] for row in counted}


def is_demonstration_only(user: User) -> bool:
    """Return whether every district this person reaches is a demonstration, and there is one."""
    with reach.crossing("sign-in"):
        reached = set(
            Membership.across_districts.filter(user=user).values_list("district_id", flat=True)
        ) | set(
            Grant.across_districts.filter(agency_member__user=user).values_list(
                "district_id", flat=True
            )
        )
        marked = District.across_districts.filter(pk__in=reached, is_demonstration=True)
        return bool(reached) and marked.count() == len(reached)


def demonstration_people() -> list[DemonstrationPerson]:
    """Return the people of the demonstration; empty where no district is one.

    First who writes and signs, of the campus with most people before others; then responders, then
    the other roles. A person of several campuses stands there once.
    """
    today = timezone.now().date()
    with reach.crossing("sign-in"):
        districts = list(District.across_districts.filter(is_demonstration=True))
        if not districts:
            return []
        memberships = list(
            Membership.across_districts.filter(
                current(today), district__in=districts, acting_for=None, user__is_active=True
            ).select_related("user", "campus", "district")
        )
        grants = list(
            Grant.across_districts.filter(
                current(today, prefix="agency_member__"),
                district__in=districts,
                ended_at=None,
                agency_member__user__is_active=True,
            ).select_related("agency_member__user", "agency_member__agency")
        )
    members = _trial_members(memberships)
    first = [person for role, person in members if role in FIRST_TRIED]
    others = [person for role, person in members if role not in FIRST_TRIED]
    responders = {
        grant.agency_member.user_id: DemonstrationPerson(
            grant.agency_member.user_id,
            grant.agency_member.user.name,
            str(grant.agency_member.agency.get_kind_display()),
            grant.agency_member.agency.name,
        )
        for grant in grants
        if grant.agency_member is not None
    }
    known = {person.user_id for person in first + others}
    agencies_people = [person for pk, person in responders.items() if pk not in known]
    return [*first, *agencies_people, *others]


def _trial_members(memberships: Sequence[Membership]) -> list[tuple[str, DemonstrationPerson]]:
    """Return each member of a district once, with the role they are shown in."""
    order = [*FIRST_TRIED, *(role for role in Role if role not in FIRST_TRIED)]
    people_at = Counter(row.campus_id for row in memberships)
    rows = sorted(
        memberships,
        key=lambda row: (order.index(Role(row.role)), -people_at[row.campus_id], row.user.name),
    )
    campuses: dict[UUID, set[UUID]] = {}
    for row in rows:
        if row.campus_id:
            campuses.setdefault(row.user_id, set()).add(row.campus_id)
    found: dict[UUID, tuple[str, DemonstrationPerson]] = {}
    for row in rows:
        number = len(campuses.get(row.user_id, ()))
        place = row.campus.name if row.campus else row.district.name
        if number > 1:
            place = _("%(number)s campuses") % {"number": number}
        person = DemonstrationPerson(row.user_id, row.user.name, str(Role(row.role).label), place)
        found.setdefault(row.user_id, (row.role, person))
    return list(found.values())
