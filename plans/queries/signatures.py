"""Which signatures a version needs, who may give them, and which are there."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from backend.directory.models import Agency, Campus, Membership, Role
from backend.directory.queries import current
from plans.models import Approval, PlanVersion, SignatureRequirement, SignerRole

MEMBER_ROLES: dict[str, str] = {
    SignerRole.PRINCIPAL: Role.CAMPUS_ADMINISTRATOR,
    SignerRole.SRO: Role.SRO,
    SignerRole.DISTRICT: Role.DISTRICT_ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True)
class Needed:
    """One signature of the campus's list."""

    role: str
    agency: Agency | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One place to sign. `holders` may sign there; `is_added` because one person wrote it all."""

    role: str
    agency: Agency | None
    holders: tuple[tuple[UUID, str], ...]
    approval: Approval | None
    is_added: bool = False

    @property
    def label(self) -> str:
        """Return the words of the place."""
        return self.agency.name if self.agency else str(SignerRole(self.role).label)


def signature_list(campus: Campus, today: date) -> tuple[list[Needed], bool]:
    """Return the signatures a plan of this campus needs, and whether that is the default.

    Default: principal and SRO; the district instead of the SRO where the campus has none.
    """
    rows = SignatureRequirement.objects.filter(campus=campus).select_related("agency")
    if listed := [Needed(row.role, row.agency) for row in rows.order_by("order", "pk")]:
        return listed, False
    has_sro = members(campus, SignerRole.SRO, today).exists()
    second = SignerRole.SRO if has_sro else SignerRole.DISTRICT
    return [Needed(SignerRole.PRINCIPAL), Needed(second)], True


def members(campus: Campus, role: str, today: date) -> QuerySet[Membership]:
    """Return who may sign in a role at a campus, those who act for somebody too."""
    rows = Membership.objects.filter(
        current(today), district=campus.district_id, role=MEMBER_ROLES[role]
    )
    rows = rows.filter(campus=None if role == SignerRole.DISTRICT else campus)
    return rows.select_related("user").order_by("user__name", "pk")


def places(version: PlanVersion, today: date) -> list[Place]:
    """Return the places to sign with what is signed.

    Where one person alone wrote the version and nobody else would sign inside the district, a
    district signer (or, where that is the author, the principal) takes one more place.
    """
    listed, _is_default = signature_list(version.campus, today)
    given = {
        (row.role, row.agency_id): row
        for row in Approval.objects.filter(version=version, lapsed_at=None).order_by("pk")
    }
    found = [_place(version, item, given, today) for item in listed]
    if extra := _second_signer(version, found):
        found.append(_place(version, Needed(extra), given, today, is_added=True))
    return found


def _place(
    version: PlanVersion,
    needed: Needed,
    given: dict[tuple[str, UUID | None], Approval],
    today: date,
    *,
    is_added: bool = False,
) -> Place:
    holders: tuple[tuple[UUID, str], ...] = ()
    if needed.agency is None:
        rows = members(version.campus, needed.role, today)
        holders = tuple({row.user_id: row.user.name for row in rows}.items())
    agency_id = needed.agency.pk if needed.agency else None
    approval = given.get((needed.role, agency_id))
    return Place(needed.role, needed.agency, holders, approval, is_added)


def _second_signer(version: PlanVersion, found: list[Place]) -> str:
    authors = {author["key"] for author in version.authors}
    if len(authors) != 1:
        return ""
    inside = [place for place in found if place.agency is None]
    signers: set[str] = set()
    for place in inside:
        signer = place.approval.signed_by_key if place.approval else None
        signers |= {str(signer)} if signer else {str(key) for key, _name in place.holders}
    if signers - authors:
        return ""
    taken = {place.role for place in inside}
    return SignerRole.PRINCIPAL if SignerRole.DISTRICT in taken else SignerRole.DISTRICT


def are_complete(found: list[Place]) -> bool:
    """Return whether every place is signed."""
    return bool(found) and all(place.approval for place in found)
