"""Who acts: one frozen type for a person, a link, a device and the system."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from backend.directory.permissions import Holder, rule_for
from backend.tenancy.reach import Reach


@dataclass(frozen=True, slots=True)
class RoleAt:
    """A role of the actor in a district, at one campus or (None) at all."""

    membership_id: UUID
    district_id: UUID
    campus_id: UUID | None
    role: Holder
    acting_for: str = ""  # the name of the absent person, printed as acting


@dataclass(frozen=True, slots=True)
class Covered:
    """A campus that the actor reaches because its agency covers it."""

    district_id: UUID
    campus_id: UUID
    agency_id: UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. Services, policies and audit know this one type."""

    kind: Literal["user", "link", "device", "system", "nobody"]
    label: str
    key: UUID | None = None
    address: str = ""
    roles: tuple[RoleAt, ...] = ()
    covered: tuple[Covered, ...] = ()
    agencies: frozenset[UUID] = frozenset()
    contact_id: UUID | None = None  # of a link
    link_id: UUID | None = None
    link_purpose: str = ""
    link_subject: UUID | None = None
    time_zone: str = ""
    clock: str = "12"
    campuses_named: dict[str, str] = field(default_factory=dict, compare=False)
    """The name of each campus at which the actor holds a role, by the address of its page."""

    @property
    def reach(self) -> Reach:
        """Return what the actor's transactions may see."""
        return Reach(
            districts=frozenset(role.district_id for role in self.roles),
            campuses=frozenset(item.campus_id for item in self.covered),
            agencies=self.agencies if self.covered or self.kind != "user" else frozenset(),
        )

    def holds(self, *roles: Holder) -> bool:
        """Return whether the actor has one of these roles anywhere, not merely acting."""
        return any(role.role in roles and not role.acting_for for role in self.roles)

    def may_somewhere(self, verb: str) -> bool:
        """Return whether a role of the actor, not merely acting, permits this at some place."""
        return any(
            rule_for(verb, role.role) is not None and not role.acting_for for role in self.roles
        )


NOBODY = Actor(kind="nobody", label="Nobody signed in")
SYSTEM = Actor(kind="system", label="Muster")
