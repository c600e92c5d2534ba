"""Checks against records beside the document: routes, sites, agreements, drills, signatures."""

import re
from collections.abc import Iterator
from datetime import date

from plans.content.completeness_facts import Facts, Gap, ReunificationSite
from plans.content.document import PlanDocument, Section
from plans.content.mentions import Severity
from plans.content.references import references_of
from plans.content.template import SECTION_TEMPLATES
from plans.content.wording import section_words

ROUTES_NEEDED = 2
AREAS_NEEDED = 2
_EXPIRES_SOON_DAYS = 60


def check_records(document: PlanDocument, facts: Facts) -> Iterator[Gap]:
    """Yield gaps of CK-13 to CK-17, CK-19, CK-22, CK-23, CK-25, CK-26 and CK-32."""
    by_id = {section.template_id: section for section in document.sections}
    yield from _routes(by_id, facts)
    yield from _sites(by_id, facts)
    yield from _shelters(by_id, facts)
    yield from _access_needs(by_id, facts)
    yield from _languages(by_id, facts)
    yield from _agreements(by_id, facts)
    yield from _drills(by_id, facts)
    yield from _open_actions(by_id, facts)
    yield from _signatures(by_id, facts)
    yield from _holders(by_id, facts)
    yield from _neighbors(document, by_id, facts)
    yield from _gone_references(document, facts)


def _at(  # noqa: PLR0917 — the order of a Gap
    by_id: dict[str, Section], template_id: str, code: str, severity: Severity, what: str, mend: str
) -> Gap:
    section = by_id.get(template_id)
    template = SECTION_TEMPLATES.get(template_id)
    where = section.title if section else template.title if template else template_id
    return Gap(code, severity, what, where, mend, section.id if section else None)


def _routes(by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-13: two routes for each group of rooms, two assembly areas, one beyond the stand-off."""
    for group, count in (facts.routes_by_room_group or {}).items():
        if count < ROUTES_NEEDED:
            ways = "no way out" if not count else "one way out"
            what = f"{group} has {ways}"
            mend = "Draw a second evacuation route, or say why there is none."
            yield _at(by_id, "FA-EVAC", "CK-13", "warning", what, mend)
    areas = facts.assembly_areas
    if areas is None:
        return
    if len(areas) < AREAS_NEEDED:
        what = f"{len(areas)} assembly areas; two are needed"
        mend = "Choose a second area, on another side of the building."
        yield _at(by_id, "FA-EVAC", "CK-13", "warning", what, mend)
    if areas and not any((area.meters or 0.0) >= facts.stand_off_meters for area in areas):
        what = f"No assembly area is {facts.stand_off_meters:.0f} meters from the building"
        mend = "Choose one at the district's distance for bomb threats."
        yield _at(by_id, "FA-EVAC", "CK-13", "warning", what, mend)


def _sites(by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-14: a primary and an alternate reunification site, each ready to be used."""
    sites = facts.reunification_sites
    if sites is None:
        return
    for primary, name in ((True, "primary"), (False, "alternate")):
        if not any(site.primary is primary for site in sites):
            mend = "Agree on a site off the grounds and record it."
            what = f"No {name} reunification site"
            yield _at(by_id, "FA-REUN", "CK-14", "error", what, mend)
    for site in sites:
        if lacking := _lacking(site, facts.today):
            what = f"{site.name} has {' and '.join(lacking)}"
            mend = "Complete the record of the site."
            yield _at(by_id, "FA-REUN", "CK-14", "error", what, mend)


def _lacking(site: ReunificationSite, today: date) -> list[str]:
    lacking = []
    if site.agreement_ends_on is None or site.agreement_ends_on < today:
        lacking.append("no agreement in force")
    if not site.holder.strip():
        lacking.append("no holder")
    if not site.phone.strip():
        lacking.append("no telephone number")
    if not site.capacity:
        lacking.append("no capacity")
    return lacking


def _shelters(by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-15: rooms named for each hazard, and room enough for the people present."""
    for shelter in facts.shelters or ():
        if not shelter.rooms:
            what = f"No shelter room is named for {shelter.hazard.replace('-', ' ')}"
        elif facts.people_present is not None and shelter.capacity < facts.people_present:
            what = (
                f"Shelter for {shelter.hazard.replace('-', ' ')} holds {shelter.capacity} of "
                f"{facts.people_present} people"
            )
        else:
            continue
        mend = "Name rooms that hold everyone, or a second place."
        yield _at(by_id, "FA-SHEL", "CK-15", "warning", what, mend)


def _access_needs(by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-16: each access-needs plan has helper, alternate, and a refuge or device."""
    for need in facts.access_needs or ():
        lacking = [
            name
            for name, value in (
                ("helper", need.helper),
                ("second helper", need.alternate),
                ("refuge or device", need.refuge_or_device),
            )
            if not value.strip()
        ]
        if lacking:
            what = f"Access plan {need.code} has no {' and no '.join(lacking)}"
            mend = "Assign a post, never a person's need by name."
            yield _at(by_id, "FA-EVAC", "CK-16", "warning", what, mend)


def _languages(by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-17: each language of families is named where notices to them are planned."""
    names = ("BP-09", "FA-COMM", "FA-REUN")
    text = "\n".join(section_words(by_id[name]) for name in names if name in by_id).casefold()
    for language in facts.languages or ():
        if language.casefold() not in text:
            what = f"Nothing says how families who speak {language} are reached"
            mend = "Name the means of notice for this language."
            yield _at(by_id, "FA-COMM", "CK-17", "warning", what, mend)


def _agreements(by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-19: agreements are listed in the plan and not expired."""
    if not facts.agreements:
        return
    text = "\n".join(section_words(section) for section in by_id.values()).casefold()
    for agreement in facts.agreements:
        if agreement.ends_on is not None and agreement.ends_on < facts.today:
            ended = agreement.ends_on
            what = f"{agreement.name} ended on {ended:%b} {ended.day}, {ended.year}"
            yield _at(by_id, "BP-12", "CK-19", "warning", what, "Renew it, or take it out.")
        elif agreement.ends_on and (agreement.ends_on - facts.today).days <= _EXPIRES_SOON_DAYS:
            what = f"{agreement.name} ends within {_EXPIRES_SOON_DAYS} days"
            yield _at(by_id, "BP-12", "CK-19", "info", what, "Renew it in time.")
        if agreement.name.casefold() not in text:
            what = f"The plan does not list {agreement.name}"
            mend = "Name the agreement where its service is planned, or in Authorities."
            yield _at(by_id, "BP-12", "CK-19", "warning", what, mend)


def _drills(by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-22: the drill and exercise program satisfies the rule pack."""
    for requirement in facts.drill_rules_unmet or ():
        what = f"The drill program does not satisfy: {requirement}"
        yield _at(by_id, "BP-15", "CK-22", "warning", what, "Plan the missing drills.")


def _open_actions(by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-23: lessons of drills that touch a section and are not taken in."""
    for action in facts.open_actions:
        found = action.found_on
        late = action.due_on is not None and action.due_on < facts.today
        state = "is overdue" if late else "is not taken in yet"
        what = f"{action.title}, found on {found:%b} {found.day}, {found.year}, {state}"
        mend = "Change the section, or close the action with its reason."
        yield _at(by_id, action.template_id, "CK-23", "warning", what, mend)


def _signatures(by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-25: everyone on the signature list has signed this very content."""
    for post in facts.signatures_missing or ():
        what = f"Not signed yet: {post}"
        yield _at(by_id, "BP-02", "CK-25", "error", what, "Send the version for signature.")


def _holders(by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-26: each first-due agency is in the record of distribution or holds the packet."""
    section = by_id.get("BP-05")
    text = section_words(section).casefold() if section else ""
    for agency in facts.first_due or ():
        if agency not in facts.packet_holders and agency.casefold() not in text:
            what = f"{agency} is first due and not in the record of distribution"
            yield _at(by_id, "BP-05", "CK-26", "warning", what, "Deliver the packet to it.")


def _neighbors(document: PlanDocument, by_id: dict[str, Section], facts: Facts) -> Iterator[Gap]:
    """CK-32: schools on the same grounds or next door are named."""
    if not facts.neighbors:
        return
    text = "\n".join(section_words(section) for section in document.sections).casefold()
    for neighbor in facts.neighbors:
        if neighbor.casefold() not in text:
            what = f"The plan does not name its neighbor {neighbor}"
            yield _at(by_id, "BP-09", "CK-32", "info", what, "Name it and its plan.")


def _gone_references(document: PlanDocument, facts: Facts) -> Iterator[Gap]:
    """CK-08, CK-18: live references to people and agencies that are gone; people who left."""
    titles = {section.id: section.title for section in document.sections}
    asked = facts.contact_ids is not None or facts.agency_ids is not None
    for placed in references_of(document) if asked else ():
        reference = placed.reference
        known = {"contact": facts.contact_ids, "agency": facts.agency_ids}.get(reference.scheme)
        if known is not None and reference.id not in known:
            title = titles[placed.section_id]
            label = reference.text or reference.id
            code = "CK-18" if reference.scheme == "agency" else "CK-08"
            what = f"{title} names {label}, who is no longer in the directory"
            mend = "Choose another, or write the post instead."
            yield Gap(code, "error", what, title, mend, placed.section_id, placed.block_id)
    if facts.people_left:
        left = re.compile("|".join(rf"\b{re.escape(n)}\b" for n in sorted(facts.people_left)))
        for section in document.sections:
            for block in section.blocks:
                told = " ".join(value for row in block.rows for value in row.values())
                for name in dict.fromkeys(left.findall(f"{block.markdown} {told}")):
                    what = f"{section.title} names {name}, who has left"
                    mend = "Name who holds the post now."
                    yield Gap("CK-08", "error", what, section.title, mend, section.id, block.id)
