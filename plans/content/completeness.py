"""What a plan does not say yet: all checks of CK-01 to CK-34, on the document and known facts.

Ids are stable; `completeness_rules` is their table. A gap stands beside the plan. None keeps a
packet from responders; `blocking` picks those that stop a new approval.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from plans.content.completeness_checks import check_structure
from plans.content.completeness_facts import Facts, Gap, Hazard
from plans.content.completeness_people import check_people
from plans.content.completeness_records import check_records
from plans.content.completeness_rules import BLOCKING_BY_DEFAULT, Mode
from plans.content.completeness_words import check_words
from plans.content.document import PlanDocument
from plans.content.wording import section_is_empty

State = Literal["complete", "gaps", "not_started", "not_applicable"]


@dataclass(frozen=True, slots=True)
class SectionState:
    """How far a section is; `gaps` counts errors and warnings that stand in it."""

    state: State
    gaps: int = 0

    @property
    def label(self) -> str:
        """The words beside the section's title: complete, 1 gap, 3 gaps, not started …"""
        if self.state == "gaps":
            return "1 gap" if self.gaps == 1 else f"{self.gaps} gaps"
        return self.state.replace("_", " ")


def gaps(
    document: PlanDocument,
    *,
    today: date,
    map_feature_ids: Collection[str] | None = None,
    feature_labels: Mapping[str, str] | None = None,
    utilities_on_map: Collection[str] = (),
    phones_confirmed: Mapping[str, date | None] | None = None,
    hazards: Sequence[Hazard] | None = None,
    hazards_scored_on: date | None = None,
    map_verified_on: date | None = None,
    reviewed_on: date | None = None,
    sro_names: Collection[str] = (),
    modes: Mapping[str, Mode] | None = None,
) -> tuple[Gap, ...]:
    """Return every gap of the checks that need no more than these facts; see `check` for all.

    Each argument is the field of `Facts` of the same name.
    """
    facts = Facts(
        today=today,
        map_feature_ids=None if map_feature_ids is None else frozenset(map_feature_ids),
        feature_labels=feature_labels or {},
        utilities_on_map=frozenset(utilities_on_map),
        phones_confirmed=phones_confirmed,
        hazards=hazards,
        hazards_scored_on=hazards_scored_on,
        map_verified_on=map_verified_on,
        reviewed_on=reviewed_on,
        sro_names=frozenset(sro_names),
    )
    return check(document, facts, modes)


def check(
    document: PlanDocument, facts: Facts, modes: Mapping[str, Mode] | None = None
) -> tuple[Gap, ...]:
    """Return every gap, errors first, then in the order of the plan.

    A check whose facts are unknown is silent; one whose mode is `off` is left out. With `warn` its
    gaps stand but stop no approval, see `blocking`.
    """
    found = [
        gap
        for part in (check_structure, check_people, check_words, check_records)
        for gap in part(document, facts)
        if (modes or {}).get(gap.code) != "off"
    ]
    order = {section.id: place for place, section in enumerate(document.sections)}
    severities = ("error", "warning", "info")
    return tuple(
        sorted(
            found,
            key=lambda gap: (
                severities.index(gap.severity),
                order.get(gap.section_id or "", len(order)),
                gap.code,
            ),
        )
    )


def blocking(found: Iterable[Gap], modes: Mapping[str, Mode] | None = None) -> tuple[Gap, ...]:
    """Return the gaps that stop a new approval: errors of codes that block.

    A district's `modes` go before the defaults; of a code set to `block` by the district every gap
    stops, whatever its severity. Nothing here ever stops a packet.
    """
    chosen = modes or {}
    return tuple(
        gap
        for gap in found
        if chosen.get(gap.code) == "block"
        or (gap.code not in chosen and gap.code in BLOCKING_BY_DEFAULT and gap.severity == "error")
    )


def section_states(document: PlanDocument, found: Iterable[Gap]) -> dict[str, SectionState]:
    """Return the state of every section by its id; the table of contents is always complete."""
    counts: dict[str, int] = {}
    for gap in found:
        if gap.section_id is not None and gap.severity != "info":
            counts[gap.section_id] = counts.get(gap.section_id, 0) + 1
    states: dict[str, SectionState] = {}
    for section in document.sections:
        count = counts.get(section.id, 0)
        if section.not_applicable.strip():
            states[section.id] = SectionState("not_applicable")
        elif section.template_id != "BP-06" and section_is_empty(section):
            states[section.id] = SectionState("not_started", count)
        elif count:
            states[section.id] = SectionState("gaps", count)
        else:
            states[section.id] = SectionState("complete")
    return states


__all__ = [
    "BLOCKING_BY_DEFAULT",
    "Facts",
    "Gap",
    "Hazard",
    "Mode",
    "SectionState",
    "State",
    "blocking",
    "check",
    "gaps",
    "section_states",
]
