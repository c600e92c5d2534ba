"""Checks against records: each speaks when its record lacks something, and is silent otherwise."""

import dataclasses
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from plans.content.completeness import check
from plans.content.completeness_facts import (
    AccessNeed,
    Agreement,
    AssemblyArea,
    Facts,
    Gap,
    OpenAction,
    ReunificationSite,
    Shelter,
)
from plans.content.completeness_rules import (
    BLOCKING_BY_DEFAULT,
    CHECKS,
    RULE_BY_CODE,
    reference_rows,
)
from plans.content.document import Block, CourseOfAction, PlanDocument, RoleAssignment
from plans.content.template import new_document
from tests.plans.content.documents import with_section
from tests.plans.content.test_completeness import PLAN, TODAY, with_text

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "completeness-checks.md"
NEXT_YEAR = TODAY + timedelta(days=365)
SITE = ReunificationSite("Grace Church", True, NEXT_YEAR, "Ana Ruiz", "555-0101", 600)
OTHER = dataclasses.replace(SITE, name="Town Hall", primary=False)
SRO = frozenset({"Officer Dana Whitfield"})


def found(plan: PlanDocument = PLAN, **facts: Any) -> list[Gap]:
    return list(check(plan, Facts(today=TODAY, sro_names=SRO, **facts)))


def codes(plan: PlanDocument = PLAN, **facts: Any) -> list[str]:
    return [gap.code for gap in found(plan, **facts)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"routes_by_room_group": {"North wing": 2, "Gym": 3}}, []),
        ({"routes_by_room_group": {"North wing": 1, "Gym": 0}}, ["CK-13", "CK-13"]),
        ({"assembly_areas": [AssemblyArea("A1", 120.0), AssemblyArea("A2", 30.0)]}, []),
        ({"assembly_areas": [AssemblyArea("A1", 120.0)]}, ["CK-13"]),
        ({"assembly_areas": [AssemblyArea("A1", 50.0), AssemblyArea("A2", None)]}, ["CK-13"]),
        ({"reunification_sites": [SITE, OTHER]}, []),
        ({"reunification_sites": [SITE]}, ["CK-14"]),
        ({"reunification_sites": []}, ["CK-14", "CK-14"]),
        ({"reunification_sites": [SITE, dataclasses.replace(OTHER, phone="")]}, ["CK-14"]),
        ({"reunification_sites": [SITE, dataclasses.replace(OTHER, agreement_ends_on=TODAY
          - timedelta(days=1))]}, ["CK-14"]),
        ({"shelters": [Shelter("tornado", 6, 1300)], "people_present": 1260}, []),
        ({"shelters": [Shelter("tornado", 6, 900)], "people_present": 1260}, ["CK-15"]),
        ({"shelters": [Shelter("tornado", 0, 0)]}, ["CK-15"]),
        ({"access_needs": [AccessNeed("M-4", "Aide", "Coach", "Refuge 2")]}, []),
        ({"access_needs": [AccessNeed("M-4", "Aide")]}, ["CK-16"]),
        ({"languages": ["Hmong"]}, ["CK-17"]),
        ({"agreements": [Agreement("Zeta Bus agreement", "transport", NEXT_YEAR)]}, ["CK-19"]),
        ({"drill_rules_unmet": ["MI fire drills: 5 a year"]}, ["CK-22"]),
        ({"open_actions": [OpenAction("Door 4 sticks", "FA-LOCK", date(2026, 5, 1))]}, ["CK-23"]),
        ({"signatures_missing": ["fire chief"]}, ["CK-25"]),
        ({"signatures_missing": []}, []),
        ({"first_due": ["Zeta Fire"]}, ["CK-26"]),
        ({"first_due": ["Zeta Fire"], "packet_holders": frozenset({"Zeta Fire"})}, []),
        ({"neighbors": ["Zeta Montessori"]}, ["CK-32"]),
        ({"map_superseded": True}, ["CK-12"]),
    ],
)  # fmt: skip
def test_a_record_that_lacks_something_is_a_gap(facts: dict[str, Any], expected: list[str]) -> None:
    assert codes(**facts) == expected


def test_agreements_that_ended_are_gaps_and_those_that_end_soon_are_told() -> None:
    plan = with_text("BP-12", "Zeta Bus agreement: the company sends ten buses.")
    for days, severity in ((-1, "warning"), (30, "info")):
        ends = TODAY + timedelta(days=days)
        facts = {"agreements": [Agreement("Zeta Bus agreement", "transport", ends)]}
        assert [gap.severity for gap in found(plan, **facts)] == [severity]


def test_an_annex_set_aside_needs_an_approver_where_approvals_are_known() -> None:
    aside = with_section(
        PLAN, "FA-COOP", lambda s: dataclasses.replace(s, not_applicable="The district does it.")
    )
    assert codes(aside) == []
    assert codes(aside, not_applicable_approved={}) == ["CK-02"]
    assert codes(aside, not_applicable_approved={"FA-COOP": "Helen Marsh"}) == []


def test_people_who_left_are_gaps_on_the_chart_and_in_contact_lists() -> None:
    commander = next(role.person for role in PLAN.roles if role.position == "IC")
    assert "CK-08" in codes(people_left=frozenset({commander}))
    listed = Block("c", "contacts", "restricted", rows=({"name": "Zoe Gone", "phone": "555-0100"},))
    plan = with_section(
        PLAN, "FA-COMM", lambda s: dataclasses.replace(s, blocks=(*s.blocks, listed))
    )
    [gap] = found(plan, people_left=frozenset({"Zoe Gone"}))
    assert (gap.code, gap.block_id) == ("CK-08", "c")


def test_references_to_people_and_agencies_that_are_gone_are_gaps() -> None:
    plan = with_text("FA-COMM", "Call [Zoe](contact:c9) and [Lakeshore EMS](agency:a9).")
    assert codes(plan, contact_ids=frozenset({"c9"}), agency_ids=frozenset({"a9"})) == []
    assert codes(plan, contact_ids=frozenset(), agency_ids=frozenset()) == ["CK-08", "CK-18"]


def small(*roles: RoleAssignment) -> PlanDocument:
    return dataclasses.replace(PLAN, roles=roles)


IC = RoleAssignment("IC", "Ana Ruiz", "Bo Li")
NURSE = RoleAssignment("OPS-MED", "Cy Dee")


def test_a_small_school_has_its_short_chart_with_district_alternates() -> None:
    short = small(IC, NURSE, RoleAssignment("OPS-REU", "Cy Dee"), RoleAssignment("SCR", ""))
    assert "CK-08" in codes(short)
    assert codes(short, small_school=True, district_alternates=("Di Em",)) == []
    assert codes(short, small_school=True) == ["CK-08"]  # no second alternate


def test_the_commander_of_a_short_chart_holds_one_post_and_is_not_alone() -> None:
    lent = {"small_school": True, "district_alternates": ("Di Em", "Ed Fo")}
    alone = small(dataclasses.replace(IC, first_alternate=""))
    assert codes(alone, **lent) == []
    whats = [gap.what for gap in found(alone, small_school=True)]
    assert "The short command chart names one person" in whats
    doubled = small(IC, NURSE, RoleAssignment("SCR", "Ana Ruiz"))
    assert codes(doubled, **lent) == ["CK-08"]


@pytest.mark.parametrize(
    ("action", "where", "expected"),
    [
        ("walks the class to the field.", None, 1),
        ("walks the class to the field.", "f-a1", 0),
        ("walks the class to [A1](feature:f-a1).", None, 0),
        ("takes the roster.", None, 0),
    ],
)
def test_a_step_that_moves_people_names_a_place_where_places_are_expected(
    action: str, where: str | None, expected: int
) -> None:
    step = CourseOfAction("after", "Teacher", action, where=where)
    block = Block("moves", "courses_of_action", "staff", courses=(step,))
    plan = with_section(
        PLAN, "FA-LOCK", lambda s: dataclasses.replace(s, blocks=(*s.blocks, block))
    )
    told = [gap for gap in found(plan, places_expected=True) if gap.block_id == "moves"]
    assert [(gap.code, gap.severity) for gap in told] == [("CK-05", "info")] * expected


@pytest.mark.parametrize(
    "markdown",
    [
        "### Way in\n\nBy door 1 of the hall.\n\n##### Keys\n\nIn the box.",
        "| Post | |\n| --- | --- |\n| Nurse | gym |",
    ],
)
def test_what_a_screen_reader_cannot_follow_is_a_gap(markdown: str) -> None:
    assert codes(with_text("FA-SECU", markdown)) == ["CK-34"]


def test_every_check_of_the_table_is_run_by_some_rule_and_no_other_code_is_used() -> None:
    assert [rule.code for rule in CHECKS] == [f"CK-{number:02}" for number in range(1, 35)]
    source = Path(__file__).parents[3] / "plans" / "content"
    used = {
        code
        for file in source.glob("*.py")
        if file.name != "completeness_rules.py"
        for code in re.findall(r"[\"'](CK-\d\d)[\"']", file.read_text())
    }
    assert used == set(RULE_BY_CODE)


def test_by_default_only_the_named_checks_block() -> None:
    assert {
        "CK-01", "CK-02", "CK-03", "CK-10", "CK-11", "CK-16", "CK-25", "CK-31",
    } == BLOCKING_BY_DEFAULT  # fmt: skip


def test_facts_named_by_the_table_exist() -> None:
    known = {field.name for field in dataclasses.fields(Facts)}
    assert {name for rule in CHECKS for name in rule.needs} <= known


def test_the_reference_page_is_equal_to_the_code() -> None:
    table = [line for line in REFERENCE.read_text().splitlines() if line.startswith("| CK-")]
    assert tuple(table) == reference_rows()


def test_a_gap_never_has_a_severity_that_the_table_does_not_name() -> None:
    empty = new_document({"name": "x"}, ["fire"])
    for plan in (PLAN, empty):
        for gap in found(plan, languages=["Hmong"], neighbors=["Zeta"], reunification_sites=[]):
            assert gap.severity in RULE_BY_CODE[gap.code].severities
