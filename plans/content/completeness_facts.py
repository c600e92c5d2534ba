"""What the checks need to know beside the document, and the gap that a check yields.

Each fact may be unknown (None): its check is then silent, so that a command without a database and
a page of the product run the same checks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from plans.content.mentions import Severity

AgreementKind = Literal["site", "transport", "supplies", "sro", "mutual_aid"]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing the plan does not say, or should not say.

    `what` is the sentence that heads it, `where` the place in words, `mend` what to do about it.
    `section_id` and `block_id` are None where no section holds it yet. A gap never keeps a packet
    from responders.
    """

    code: str
    severity: Severity
    what: str
    where: str
    mend: str
    section_id: str | None = None
    block_id: str | None = None


@dataclass(frozen=True, slots=True)
class Hazard:
    """One row of the hazard register: slug as in the template, and its priority."""

    slug: str
    priority: Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class AssemblyArea:
    """Where evacuees gather; `meters` from the nearest building wall, None where unmeasured."""

    name: str
    meters: float | None


@dataclass(frozen=True, slots=True)
class ReunificationSite:
    """An off-site place for reunification with what makes it usable."""

    name: str
    primary: bool
    agreement_ends_on: date | None  # None: no agreement
    holder: str = ""
    phone: str = ""
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Shelter:
    """Rooms that shelter from one hazard, with the people they hold together."""

    hazard: str  # slug as in the template
    rooms: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """A written agreement the plan leans on; `ends_on` None: without end."""

    name: str
    kind: AgreementKind
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class AccessNeed:
    """An access-needs plan by its neutral code: never a name, never a diagnosis."""

    code: str
    helper: str = ""  # the post that helps
    alternate: str = ""
    refuge_or_device: str = ""


@dataclass(frozen=True, slots=True)
class OpenAction:
    """A corrective action of a drill or finding that touches a section and is not taken in yet."""

    title: str
    template_id: str
    found_on: date
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks need to know beside the document.

    `map_feature_ids` are those of the pinned map; `feature_labels` give the words for a feature
    that is gone. `utilities_on_map` are gas, water, electric, hvac with a shut-off on the map.
    `phones_confirmed` gives, for police, fire, ems, dispatch and emergency_management, when its
    number was last confirmed, None for never or no agency. `contact_ids` and `agency_ids` are those
    that live references may name. `routes_by_room_group` counts evacuation routes.
    `stand_off_meters` is the district's distance for bomb threats. `not_applicable_approved` names
    the approver of each section set aside, by section id. `first_due` are agencies that must hold
    the plan, `packet_holders` those that a delivery reached. `small_school` asks for the short
    command chart, which `district_alternates` complete. Unknown facts are None: their check is
    silent.
    """

    today: date
    map_feature_ids: frozenset[str] | None = None
    feature_labels: Mapping[str, str] = field(default_factory=dict)
    utilities_on_map: frozenset[str] = frozenset()
    phones_confirmed: Mapping[str, date | None] | None = None
    hazards: Sequence[Hazard] | None = None
    hazards_scored_on: date | None = None
    map_verified_on: date | None = None
    map_superseded: bool = False
    reviewed_on: date | None = None
    sro_names: frozenset[str] = frozenset()
    contact_ids: frozenset[str] | None = None
    agency_ids: frozenset[str] | None = None
    people_left: frozenset[str] = frozenset()
    small_school: bool = False
    district_alternates: tuple[str, ...] = ()
    not_applicable_approved: Mapping[str, str] | None = None
    places_expected: bool = False  # a step that moves people must name a place on the map
    routes_by_room_group: Mapping[str, int] | None = None
    assembly_areas: Sequence[AssemblyArea] | None = None
    stand_off_meters: float = 90.0  # 300 feet, a common first distance; a district sets its own
    reunification_sites: Sequence[ReunificationSite] | None = None
    shelters: Sequence[Shelter] | None = None
    people_present: int | None = None
    access_needs: Sequence[AccessNeed] | None = None
    languages: Sequence[str] | None = None
    agreements: Sequence[Agreement] | None = None
    drill_rules_unmet: Sequence[str] | None = None
    open_actions: Sequence[OpenAction] = ()
    signatures_missing: Sequence[str] | None = None
    first_due: Sequence[str] | None = None
    packet_holders: frozenset[str] = frozenset()
    neighbors: Sequence[str] | None = None
