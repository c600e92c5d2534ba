"""Checks of posts and authority: incident command, succession, who activates the plan."""

import re
from collections.abc import Iterator

from plans.content.completeness_facts import Facts, Gap
from plans.content.document import PlanDocument, RoleAssignment, Section
from plans.content.mentions import Severity
from plans.content.positions import position_name
from plans.content.wording import section_words

DEPTH_OF_SUCCESSION = 3
_ACTIVATES = re.compile(
    r"\bactivat\w*[^.\n]*\b(?:principal|superintendent|incident commander|anyone|director)\b"
    r"|\b(?:principal|superintendent|incident commander|anyone|director)\b[^.\n]*\bactivat",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*\d+[.)]\s+\S", re.MULTILINE)


def check_people(document: PlanDocument, facts: Facts) -> Iterator[Gap]:
    """Yield gaps of CK-08 to CK-10."""
    sections = {section.template_id: section for section in document.sections}
    posts = sections.get("BP-13")
    yield from _commander(document, posts, facts)
    if facts.small_school:
        yield from _short_chart(document, posts, facts)
    else:
        yield from _posts(document, posts, facts)
    yield from _leavers(document, posts, facts)
    yield from _succession(document, sections.get("BP-18"))
    yield from _activation(sections)


def _gap(what: str, mend: str, posts: Section | None, severity: Severity = "error") -> Gap:
    where = posts.title if posts else "Incident command posts"
    return Gap("CK-08", severity, what, where, mend, posts.id if posts else None)


def _commander(document: PlanDocument, posts: Section | None, facts: Facts) -> Iterator[Gap]:
    """CK-08: an incident commander and two alternates; a small school's may be the district's."""
    commander = next((role for role in document.roles if role.position == "IC"), None)
    if commander is None or not commander.person.strip():
        yield _gap("No incident commander", "Choose the person who commands first.", posts)
        return
    lent = len(facts.district_alternates) if facts.small_school else 0
    empty = [
        alternate
        for alternate, name in (("first", "first_alternate"), ("second", "second_alternate"))
        if not getattr(commander, name).strip()
    ]
    for alternate in empty[: max(0, len(empty) - lent)]:
        what = f"Incident commander has no {alternate} alternate"
        yield _gap(what, "Choose a person: command must be three deep.", posts)


def _short_chart(document: PlanDocument, posts: Section | None, facts: Facts) -> Iterator[Gap]:
    """CK-08 for a small school: two people at least; the commander holds no other post.

    Posts may stay empty: their work stays with the commander.
    """
    commander = next(
        (r.person.strip().casefold() for r in document.roles if r.position == "IC"), ""
    )
    others = {
        role.person.strip().casefold() for role in document.roles if role.position != "IC"
    } - {""}
    if commander and commander in others:
        what = "The incident commander of the short chart holds a second post"
        yield _gap(what, "Give the other post to another person, or leave it empty.", posts)
    if not others - {commander} and not facts.district_alternates:
        what = "The short command chart names one person"
        mend = "Name a second person for the posts, or the district's alternates."
        yield _gap(what, mend, posts)
    sro = {name.casefold() for name in facts.sro_names}
    if commander in sro:
        mend = "An SRO is an officer first and goes to the threat. Choose another person."
        yield _gap("The SRO is planned as incident commander", mend, posts, "warning")


def _leavers(document: PlanDocument, posts: Section | None, facts: Facts) -> Iterator[Gap]:
    """CK-08: nobody on the chart has left."""
    left = {name.strip().casefold() for name in facts.people_left}
    for role in document.roles:
        for person in (role.person, role.first_alternate, role.second_alternate):
            if person.strip() and person.strip().casefold() in left:
                what = f"{person}, who has left, is on the chart as {position_name(role.position)}"
                yield _gap(what, "Choose who takes the place.", posts)


def _posts(document: PlanDocument, posts: Section | None, facts: Facts) -> Iterator[Gap]:
    """CK-08: each post filled, nobody in two, nobody their own alternate; the SRO not commander."""
    holders: dict[str, RoleAssignment] = {}
    sro = {name.casefold() for name in facts.sro_names}
    for role in document.roles:
        name = position_name(role.position)
        person = role.person.strip().casefold()
        if not person:
            if role.position != "IC":
                yield _gap(f"The post {name} is empty", "Fill it, or take the post out.", posts)
            continue
        if person in holders:
            other = position_name(holders[person].position)
            what = f"{role.person} holds two posts: {other} and {name}"
            yield _gap(what, "One person holds one post at a time. Choose another.", posts)
        holders.setdefault(person, role)
        alternates = [role.first_alternate.strip(), role.second_alternate.strip()]
        chain = [person, *(alternate.casefold() for alternate in alternates if alternate)]
        if len(set(chain)) < len(chain):
            what = f"{name[0].upper()}{name[1:]} has the same person twice"
            yield _gap(what, "Holder and alternates must be different people.", posts)
        alone = role.position == "LNO" and not any(alternates)
        if person in sro and (role.position == "IC" or alone):
            what = f"The SRO is planned as {'sole ' if alone else ''}{name}"
            mend = "An SRO is an officer first and goes to the threat. Choose another person."
            yield _gap(what, mend, posts, "warning")


def _succession(document: PlanDocument, section: Section | None) -> Iterator[Gap]:
    """CK-09: three people deep, by the commander's alternates or by a numbered list in BP-18."""
    commander = next((role for role in document.roles if role.position == "IC"), None)
    names: set[str] = set()
    if commander:
        chain = (commander.person, commander.first_alternate, commander.second_alternate)
        names = {name.strip().casefold() for name in chain if name.strip()}
    listed = len(_NUMBERED.findall(section_words(section))) if section else 0
    if max(len(names), listed) < DEPTH_OF_SUCCESSION:
        yield Gap(
            "CK-09",
            "error",
            "The order of succession for the principal is not three deep",
            section.title if section else "Authorities and references",
            "Number three posts in BP-18, or give the incident commander two alternates.",
            section.id if section else None,
        )


def _activation(sections: dict[str, Section]) -> Iterator[Gap]:
    """CK-10: who may activate the plan, in BP-03 or BP-11."""
    candidates = [sections[key] for key in ("BP-11", "BP-03") if key in sections]
    if any(_ACTIVATES.search(section_words(section)) for section in candidates):
        return
    yield Gap(
        "CK-10",
        "error",
        "The plan does not say who may activate it",
        candidates[0].title if candidates else "Concept of operations",
        "Write in Concept of operations which post activates the plan, and who steps in.",
        candidates[0].id if candidates else None,
    )
