"""Checks of structure: sections, annexes, goals, courses of action, hazards, map, dates."""

import re
from collections.abc import Iterator

from plans.content.completeness_facts import Facts, Gap
from plans.content.document import Phase, PlanDocument, Section
from plans.content.mentions import Severity
from plans.content.references import references_of
from plans.content.steps import steps
from plans.content.substance import only_guidance
from plans.content.template import SECTION_TEMPLATES
from plans.content.template_basic_plan import BASIC_PLAN
from plans.content.template_functional import FUNCTIONAL_ANNEXES
from plans.content.wording import block_is_empty, has_words, section_is_empty

PHASES: tuple[Phase, ...] = ("before", "during", "after")
YEAR_DAYS = 365
TWO_YEARS_DAYS = 730
_ONLY_WARN = frozenset({"BP-14", "BP-16"})  # CK-01 warns for these two
_MOVES = re.compile(
    r"\b(?:evacuat|walk|go(?:es)? to|move[sd]? to|gather|assembl|meets?\b|reports? to"
    r"|takes? \w+ to)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\]\(feature:")
_AGENCIES = {
    "police": "police",
    "fire": "fire",
    "ems": "EMS",
    "dispatch": "dispatch",
    "emergency_management": "emergency management",
}


def check_structure(document: PlanDocument, facts: Facts) -> Iterator[Gap]:
    """Yield gaps of CK-01 to CK-07, CK-11, CK-12, CK-18 and CK-24."""
    yield from _basic_sections(document)
    yield from _functional_annexes(document, facts)
    for section in document.sections:
        if is_annex(section) and not _set_aside(section):
            yield from _goals(section)
        yield from _courses(section, document)
        if facts.places_expected:
            yield from _places(section)
    yield from _hazards(document, facts)
    yield from _map_references(document, facts)
    yield from _dates(facts)
    yield from _phones(facts)


def is_annex(section: Section) -> bool:
    """Tell whether a section is a functional or a hazard annex."""
    return section.part != "basic_plan"


def _set_aside(section: Section) -> bool:
    return bool(section.not_applicable.strip()) or section_is_empty(section)


def _basic_sections(document: PlanDocument) -> Iterator[Gap]:
    """CK-01: BP-01 to BP-18 stand and say something; the table of contents is generated."""
    present = {section.template_id: section for section in document.sections}
    for template in BASIC_PLAN:
        if template.generated:
            continue
        severity: Severity = "warning" if template.template_id in _ONLY_WARN else "error"
        where = f"Basic plan, {template.template_id}"
        section = present.get(template.template_id)
        if section is None:
            mend = f"Add the section {template.title} from the template."
            yield Gap("CK-01", severity, f"{template.title} is missing", where, mend)
        elif section_is_empty(section):
            what = f"{section.title} says nothing yet"
            yield Gap("CK-01", severity, what, where, template.guidance, section.id)
        elif only_guidance(section):
            what = f"{section.title} only repeats the template"
            mend = "Write what holds for this school; the guidance is not the plan."
            yield Gap("CK-01", severity, what, where, mend, section.id)


def _functional_annexes(document: PlanDocument, facts: Facts) -> Iterator[Gap]:
    """CK-02: the ten functional annexes stand, or do not apply for a reason and by an approver."""
    approved = facts.not_applicable_approved
    present = {section.template_id: section for section in document.sections}
    for template in FUNCTIONAL_ANNEXES:
        where = f"Functional annexes, {template.template_id}"
        section = present.get(template.template_id)
        if section is None:
            mend = (
                "Add the annex from the template, or add it with the reason why it does not apply."
            )
            yield Gap("CK-02", "error", f"The annex {template.title} is missing", where, mend)
        elif section.not_applicable.strip():
            if not has_words(section.not_applicable):
                what = f"No reason why {section.title} does not apply"
                yield Gap("CK-02", "error", what, where, "Write the reason.", section.id)
            elif approved is not None and not approved.get(section.id, "").strip():
                what = f"Nobody has approved that {section.title} does not apply"
                mend = "Have the reason approved by whom the district names."
                yield Gap("CK-02", "error", what, where, mend, section.id)
        elif section_is_empty(section):
            mend = "Write its goals and steps, or give the reason why it does not apply."
            yield Gap(
                "CK-02", "error", f"{section.title} says nothing yet", where, mend, section.id
            )


def _goals(section: Section) -> Iterator[Gap]:
    """CK-03: a goal before, during and after. CK-04: each goal has a course of action."""
    with_steps = {step.course.phase for step in steps(section) if has_words(step.course.action)}
    for phase in PHASES:
        goal = next((b for b in section.blocks if b.goal == phase and not block_is_empty(b)), None)
        where = f"{section.title}, goal for {phase}"
        if goal is None:
            what = f"No goal for {phase} in {section.title}"
            mend = "Each annex needs a goal before, during and after. Add the goal."
            yield Gap("CK-03", "error", what, where, mend, section.id)
        elif phase not in with_steps:
            what = f"The goal for {phase} in {section.title} has no step"
            mend = f"Add a course of action of the phase {phase}: who does what."
            yield Gap("CK-04", "error", what, where, mend, section.id, goal.id)


def _courses(section: Section, document: PlanDocument) -> Iterator[Gap]:
    """CK-05: each step says who, by post and never by a person's name, and what."""
    people = {
        name.casefold()
        for role in document.roles
        for name in (role.person, role.first_alternate, role.second_alternate)
        if name
    }
    for step in steps(section):
        where = f"{section.title}, step {step.number} of {step.course.phase}"
        actor = step.course.actor
        if not has_words(actor):
            what, mend = f"Step {step.number} does not say who", "Name the post that acts."
        elif actor.strip().casefold() in people:
            what = f"Step {step.number} names a person"
            mend = "Write the post instead: people change, the step stays."
        elif not has_words(step.course.action):
            what, mend = f"Step {step.number} does not say what", "Write the action, verb first."
        else:
            continue
        yield Gap("CK-05", "error", what, where, mend, section.id, step.block_id)


def _places(section: Section) -> Iterator[Gap]:
    """CK-05: a step that moves people names a place on the map."""
    for step in steps(section):
        course = step.course
        if course.where or _REFERENCE.search(course.action) or not _MOVES.search(course.action):
            continue
        where = f"{section.title}, step {step.number} of {course.phase}"
        what = f"Step {step.number} does not say where"
        mend = "Choose the place on the map."
        yield Gap("CK-05", "info", what, where, mend, section.id, step.block_id)


def _hazards(document: PlanDocument, facts: Facts) -> Iterator[Gap]:
    """CK-06: high hazards have an annex, annexes a register row. CK-07: scored in 24 months."""
    if facts.hazards is not None:
        annexes = {s.template_id: s for s in document.sections if s.part == "hazard_annex"}
        registered = {f"TH-{hazard.slug}" for hazard in facts.hazards}
        for hazard in facts.hazards:
            template_id = f"TH-{hazard.slug}"
            annex = annexes.get(template_id)
            if hazard.priority == "high" and (annex is None or section_is_empty(annex)):
                template = SECTION_TEMPLATES.get(template_id)
                title = annex.title if annex else template.title if template else hazard.slug
                what = f"{title} is ranked high and has no annex"
                mend = "Add the annex and write it, or rank the hazard anew."
                where = f"Hazard annexes, {template_id}"
                yield Gap("CK-06", "error", what, where, mend, annex.id if annex else None)
        for template_id, annex in annexes.items():
            if template_id not in registered:
                what = f"{annex.title} is not in the hazard register"
                mend = "Score the hazard, or take the annex out."
                yield Gap("CK-06", "error", what, annex.title, mend, annex.id)
    scored = facts.hazards_scored_on
    if scored is not None and (facts.today - scored).days > TWO_YEARS_DAYS:
        what = f"Hazards were last scored on {scored:%b} {scored.day}, {scored.year}"
        mend = "Score them anew: not older than 24 months."
        yield Gap("CK-07", "warning", what, "Hazard register", mend)


def _map_references(document: PlanDocument, facts: Facts) -> Iterator[Gap]:
    """CK-11: each reference to a map feature stands in the pinned map version."""
    if facts.map_feature_ids is None:
        return
    titles = {section.id: section.title for section in document.sections}
    reported: set[tuple[str, str]] = set()
    for placed in references_of(document):
        reference = placed.reference
        if reference.scheme != "feature" or reference.id in facts.map_feature_ids:
            continue
        if (placed.block_id, reference.id) in reported:
            continue
        reported.add((placed.block_id, reference.id))
        label = reference.text or facts.feature_labels.get(reference.id, reference.id)
        title = titles[placed.section_id]
        what = f"{title} speaks of {label}, which is not on the map"
        mend = "Choose another place, or put it on the map and pin the new map version."
        yield Gap("CK-11", "error", what, title, mend, placed.section_id, placed.block_id)


def _dates(facts: Facts) -> Iterator[Gap]:
    """CK-12: map seen on site in 12 months. CK-24: plan reviewed in 12 months, 24 at most."""
    if (seen := facts.map_verified_on) is not None and (facts.today - seen).days > YEAR_DAYS:
        what = f"The map was last verified on site on {seen:%b} {seen.day}, {seen.year}"
        yield Gap("CK-12", "warning", what, "Map", "Walk the campus and confirm the map.")
    if facts.map_superseded:
        what = "A newer map is published than the plan stands on"
        mend = "Look at what changed, and pin the newer map."
        yield Gap("CK-12", "warning", what, "Map", mend)
    if facts.reviewed_on is None:
        return
    age = (facts.today - facts.reviewed_on).days
    if age > YEAR_DAYS:
        severity: Severity = "error" if age > TWO_YEARS_DAYS else "warning"
        reviewed = facts.reviewed_on
        what = f"The plan was last reviewed on {reviewed:%b} {reviewed.day}, {reviewed.year}"
        mend = "Review it every 12 months; 24 months is the limit."
        yield Gap("CK-24", severity, what, "Whole plan", mend)


def _phones(facts: Facts) -> Iterator[Gap]:
    """CK-18: police, fire, EMS, dispatch, emergency management: number confirmed in 12 months."""
    if facts.phones_confirmed is None:
        return
    for key, name in _AGENCIES.items():
        confirmed = facts.phones_confirmed.get(key)
        if confirmed is None:
            what = f"No confirmed number for {name}"
        elif (facts.today - confirmed).days > YEAR_DAYS:
            what = (
                f"The number for {name} was last confirmed on "
                f"{confirmed:%b} {confirmed.day}, {confirmed.year}"
            )
        else:
            continue
        yield Gap("CK-18", "error", what, "Agencies", "Call the number and confirm it.")
