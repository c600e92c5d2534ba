"""Plan documents for the tests of plan content: one small by hand, many by chance."""

import dataclasses
from collections.abc import Callable

from hypothesis import strategies as st

from plans.content.document import (
    AUDIENCES,
    Block,
    CourseOfAction,
    PlanDocument,
    RoleAssignment,
    Section,
)

LOCKDOWN = Section(
    id="s-lock",
    template_id="FA-LOCK",
    part="functional_annex",
    title="Lockdown",
    blocks=(
        Block("b-open", "text", "public", "A lockdown is called when danger is inside."),
        Block("b-goal", "text", "staff", "Everyone is behind a locked door.", goal="during"),
        Block(
            "b-during",
            "courses_of_action",
            "staff",
            "Courses of action, during",
            courses=(
                CourseOfAction("during", "Principal", "says “Lockdown” twice on the PA."),
                CourseOfAction("during", "Staff", "lock the door.", time_limit_seconds=60),
            ),
        ),
        Block(
            "b-way",
            "text",
            "responder",
            "### Way in\n\n[Door 1](feature:d1) is the main entrance. The key box is right of it.",
        ),
        Block("b-keys", "text", "restricted", "The second keys are in the safe."),
        Block(
            "b-after",
            "courses_of_action",
            "staff",
            "Courses of action, after",
            courses=(
                CourseOfAction("after", "Principal", "announces “All clear” over the PA."),
                CourseOfAction("after", "Staff", "account for their room.", where="a2"),
            ),
        ),
    ),
)
ORGANIZATION = Section(
    "s-org", "BP-13", "basic_plan", "Direction", (Block("b-org", "text", "staff", "ICS applies."),)
)
PLAN = PlanDocument(
    campus={"name": "Lincoln High School", "enrollment": 1180},
    version=8,
    map_version=5,
    map_hash="m1:00",
    sections=(ORGANIZATION, LOCKDOWN),
    roles=(
        RoleAssignment("IC", "Maria Ochoa", "Thomas Adler", "Helen Marsh", "555-0141"),
        RoleAssignment("LNO", "Dana Whitfield"),
    ),
)


def with_block(plan: PlanDocument, block_id: str, change: Callable[[Block], Block]) -> PlanDocument:
    """Return the plan with one block changed."""
    sections = tuple(
        dataclasses.replace(
            section, blocks=tuple(change(b) if b.id == block_id else b for b in section.blocks)
        )
        for section in plan.sections
    )
    return dataclasses.replace(plan, sections=sections)


def with_section(
    plan: PlanDocument, section_id: str, change: Callable[[Section], Section]
) -> PlanDocument:
    """Return the plan with one section changed."""
    sections = tuple(change(s) if s.id == section_id else s for s in plan.sections)
    return dataclasses.replace(plan, sections=sections)


words = st.text(alphabet="abc dé\n[]()*#|-“.1", max_size=20)
phases = st.sampled_from(["before", "during", "after"])
courses = st.builds(
    CourseOfAction,
    phase=phases,
    actor=words,
    action=words,
    trigger=words,
    where=st.none() | words,
    time_limit_seconds=st.none() | st.integers(0, 600),
    if_not=words,
)
blocks = st.builds(
    Block,
    id=st.uuids().map(str),
    kind=st.sampled_from(["text", "courses_of_action", "roles", "contacts", "picture"]),
    audience=st.sampled_from(AUDIENCES),
    markdown=words,
    courses=st.lists(courses, max_size=2).map(tuple),
    rows=st.lists(st.dictionaries(words, words, max_size=2), max_size=2).map(tuple),
    goal=st.none() | phases,
)
sections = st.builds(
    Section,
    id=st.uuids().map(str),
    template_id=st.sampled_from(["BP-01", "FA-LOCK", "TH-fire", ""]),
    part=st.sampled_from(["basic_plan", "functional_annex", "hazard_annex"]),
    title=words,
    blocks=st.lists(blocks, max_size=3).map(tuple),
    not_applicable=st.just("") | words,
)
roles = st.builds(
    RoleAssignment,
    position=st.sampled_from(["IC", "PIO", "LNO"]),
    person=words,
    first_alternate=words,
    second_alternate=words,
    phone=words,
)
plans = st.builds(
    PlanDocument,
    campus=st.dictionaries(words, words | st.integers() | st.none() | st.booleans(), max_size=2),
    version=st.integers(1, 99),
    map_version=st.none() | st.integers(1, 99),
    map_hash=st.none() | words,
    sections=st.lists(sections, max_size=3).map(tuple),
    roles=st.lists(roles, max_size=2).map(tuple),
)
