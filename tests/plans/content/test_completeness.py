"""Completeness: each check speaks when it should and is silent otherwise."""

import dataclasses
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.demo import plan_text
from plans.content.completeness import Gap, Hazard, blocking, gaps, section_states
from plans.content.document import Block, CourseOfAction, PlanDocument, Section
from plans.content.mentions import MENTIONS
from plans.content.template import SECTION_TEMPLATES, new_document
from plans.content.wording import CODE_WORDS, block_is_empty, first_match, folded, needles
from tests.plans.content.documents import with_block, with_section

TODAY = date(2026, 9, 8)


def demonstration() -> PlanDocument:
    sections, _ = plan_text.with_feature_ids(
        plan_text.sections(), lambda kind, label: f"{kind}-{label}"
    )
    return PlanDocument(
        campus={"name": "Lincoln High School"},
        version=8,
        map_version=5,
        map_hash="m1:00",
        sections=tuple(
            Section(
                text.template_id,
                text.template_id,
                SECTION_TEMPLATES[text.template_id].part,
                SECTION_TEMPLATES[text.template_id].title,
                text.blocks,
            )
            for text in sections
        ),
        roles=plan_text.roles(),
    )


PLAN = demonstration()


def codes(plan: PlanDocument, **facts: Any) -> list[str]:
    return [gap.code for gap in gaps(plan, today=TODAY, **facts)]


def without(plan: PlanDocument, template_id: str) -> PlanDocument:
    return dataclasses.replace(
        plan, sections=tuple(s for s in plan.sections if s.template_id != template_id)
    )


def with_text(template_id: str, markdown: str) -> PlanDocument:
    extra = Block("extra", "text", "staff", markdown)
    return with_section(
        PLAN, template_id, lambda s: dataclasses.replace(s, blocks=(*s.blocks, extra))
    )


def test_the_demonstration_plan_has_no_gap() -> None:
    assert gaps(PLAN, today=TODAY, sro_names=["Officer Dana Whitfield"]) == ()
    assert {state.state for state in section_states(PLAN, ()).values()} == {"complete"}


def test_a_new_document_says_nothing_yet() -> None:
    plan = new_document({"name": "Cedar Ridge"}, ["fire"])
    found = gaps(plan, today=TODAY)
    assert {"CK-01", "CK-02", "CK-08", "CK-09", "CK-10"} <= {gap.code for gap in found}
    states = section_states(plan, found)
    assert states["FA-LOCK"].label == "not started"
    assert states["TH-fire"].label == "not started"
    assert states["BP-06"].label == "complete"


@pytest.mark.parametrize(
    "text", ["", "  ", "[Goal before: …]", "____", "[ ] ____", "‹date›", "- [ ]\n- [who]", "***"]
)
def test_prompts_brackets_and_lines_are_empty(text: str) -> None:
    assert block_is_empty(Block("b", "text", "staff", text))


@pytest.mark.parametrize("text", ["Door 5.", "[Door 5](feature:d5)", "a [note] in it", "7"])
def test_words_and_references_are_not_empty(text: str) -> None:
    assert not block_is_empty(Block("b", "text", "staff", text))


def test_a_missing_basic_section_is_an_error_save_two_that_warn() -> None:
    [gap] = gaps(without(PLAN, "BP-07"), today=TODAY)
    assert (gap.code, gap.severity) == ("CK-01", "error")
    [gap] = gaps(without(PLAN, "BP-14"), today=TODAY)
    assert (gap.code, gap.severity) == ("CK-01", "warning")


def test_a_missing_annex_is_an_error_and_one_set_aside_with_reason_is_none() -> None:
    assert codes(without(PLAN, "FA-COOP")) == ["CK-02"]
    aside = with_section(
        PLAN, "FA-COOP", lambda s: dataclasses.replace(s, not_applicable="The district does it.")
    )
    assert codes(aside) == []
    assert section_states(aside, ())["FA-COOP"].label == "not applicable"
    bare = with_section(PLAN, "FA-COOP", lambda s: dataclasses.replace(s, not_applicable="[why]"))
    assert codes(bare) == ["CK-02"]


def test_a_missing_goal_is_named_by_its_phase() -> None:
    plan = with_block(
        PLAN, "FA-LOCK/6", lambda b: dataclasses.replace(b, markdown="[Goal after: …]")
    )
    [gap] = gaps(plan, today=TODAY)
    assert (gap.code, gap.what, gap.section_id) == (
        "CK-03", "No goal for after in Lockdown", "FA-LOCK",
    )  # fmt: skip
    assert section_states(plan, [gap])["FA-LOCK"].label == "1 gap"


def test_a_goal_without_step_is_a_gap() -> None:
    plan = with_block(PLAN, "FA-LOCK/7", lambda b: dataclasses.replace(b, courses=()))
    assert codes(plan) == ["CK-04"]


@pytest.mark.parametrize(
    ("actor", "action"), [("", "locks."), ("[who]", "locks."), ("Jo Brandt", "calls."), ("SRO", "")]
)
def test_a_step_needs_a_post_and_an_action(actor: str, action: str) -> None:
    step = CourseOfAction("after", actor, action)
    plan = with_block(
        PLAN, "FA-LOCK/7", lambda b: dataclasses.replace(b, courses=(*b.courses, step))
    )
    assert codes(plan) == ["CK-05"]


def test_hazards_and_annexes_must_agree() -> None:
    register = [Hazard(slug, "high") for slug in plan_text.hazards()]
    assert codes(PLAN, hazards=register) == []
    assert codes(PLAN, hazards=[*register, Hazard("flood", "high")]) == ["CK-06"]
    assert codes(PLAN, hazards=[*register, Hazard("flood", "low")]) == []
    assert codes(PLAN, hazards=register[1:]) == ["CK-06"]


def test_old_dates_are_gaps() -> None:
    old = date(2024, 8, 1)
    assert codes(PLAN, hazards_scored_on=old) == ["CK-07"]
    assert codes(PLAN, map_verified_on=old) == ["CK-12"]
    assert [g.severity for g in gaps(PLAN, today=TODAY, reviewed_on=old)] == ["error"]
    assert [g.severity for g in gaps(PLAN, today=TODAY, reviewed_on=date(2025, 8, 1))] == [
        "warning"
    ]


def changed_role(position: str, **fields: str) -> PlanDocument:
    roles = tuple(
        dataclasses.replace(role, **fields) if role.position == position else role
        for role in PLAN.roles
    )
    return dataclasses.replace(PLAN, roles=roles)


@pytest.mark.parametrize(
    ("position", "fields", "what"),
    [
        ("IC", {"person": ""}, "No incident commander"),
        ("IC", {"second_alternate": ""}, "Incident commander has no second alternate"),
        ("SCR", {"person": ""}, "The post scribe is empty"),
        ("SCR", {"person": "Jo Brandt"}, "Jo Brandt holds two posts"),
        ("LNO", {"first_alternate": "Samuel Reyes"}, "Liaison officer has the same person twice"),
    ],
)
def test_posts_are_checked(position: str, fields: dict[str, str], what: str) -> None:
    [gap] = gaps(changed_role(position, **fields), today=TODAY)
    assert gap.code == "CK-08"
    assert what in gap.what


def test_the_sro_is_not_commander() -> None:
    plan = changed_role("LNO", person="Alma Reid")
    plan = dataclasses.replace(
        plan,
        roles=tuple(
            dataclasses.replace(r, person="Officer Dana Whitfield") if r.position == "IC" else r
            for r in plan.roles
        ),
    )
    [gap] = gaps(plan, today=TODAY, sro_names=["Officer Dana Whitfield"])
    assert (gap.code, gap.severity) == ("CK-08", "warning")


def test_succession_and_activation_must_be_named() -> None:
    plan = without(changed_role("IC", second_alternate=""), "BP-18")
    assert "CK-09" in codes(plan)
    silent = without(without(PLAN, "BP-11"), "BP-03")
    assert "CK-10" in codes(silent)


def test_references_to_nothing_on_the_map_are_named() -> None:
    ids = {"exterior_door-1"}
    found = [g for g in gaps(PLAN, today=TODAY, map_feature_ids=ids) if g.code == "CK-11"]
    assert any("Door 8" in gap.what for gap in found)
    assert not any("Door 1," in gap.what for gap in found)
    by_place = gaps(
        PLAN, today=TODAY, map_feature_ids=set(), feature_labels={"room-Main Office": "The office"}
    )
    assert any("The office" in gap.what for gap in by_place)


@pytest.mark.parametrize(
    "text",
    [
        "One student has epilepsy.",
        "The student Ana Smith leaves by door 3.",
        "Follow his IEP.",
    ],
)
def test_names_and_diagnoses_of_students_are_errors_that_block(text: str) -> None:
    found = gaps(with_text("FA-EVAC", text), today=TODAY)
    assert [gap.code for gap in found] == ["CK-16"]
    assert blocking(found) == found


@pytest.mark.parametrize(
    "text",
    [
        "The Student Assembly Area is the field.",
        "Students who are alone join a class. Student Services Office opens.",
        "Help with a seizure: make room.",
    ],
)
def test_ordinary_words_are_no_names(text: str) -> None:
    assert codes(with_text("FA-EVAC", text)) == []


def test_numbers_of_agencies_must_be_confirmed_each_year() -> None:
    seen = date(2026, 3, 1)
    phones: dict[str, date | None] = dict.fromkeys(
        ("police", "fire", "ems", "dispatch", "emergency_management"), seen
    )
    assert codes(PLAN, phones_confirmed=phones) == []
    phones |= {"ems": None, "fire": date(2025, 3, 1)}
    assert codes(PLAN, phones_confirmed=phones) == ["CK-18", "CK-18"]


def test_shut_offs_must_be_told_in_text_or_on_the_map() -> None:
    plan = with_section(PLAN, "BP-13", lambda s: dataclasses.replace(s, blocks=s.blocks[:-1]))
    [gap] = [g for g in gaps(plan, today=TODAY) if g.code == "CK-20"]
    assert "electricity" in gap.what
    [gap] = [g for g in gaps(plan, today=TODAY, utilities_on_map=["electric"]) if g.code == "CK-20"]
    assert "electricity" not in gap.what


def test_channels_must_be_told() -> None:
    plan = with_section(
        PLAN,
        "FA-COMM",
        lambda s: dataclasses.replace(
            s,
            blocks=tuple(
                dataclasses.replace(
                    b,
                    courses=tuple(c for c in b.courses if "media" not in c.action),
                )
                for b in s.blocks
            ),
        ),
    )
    [gap] = gaps(plan, today=TODAY)
    assert (gap.code, gap.what) == ("CK-21", "Not yet said: who speaks to the media")


@pytest.mark.parametrize("words", ["code red", "a soft lockdown", "lockout", "stand down"])
def test_code_words_are_gaps(words: str) -> None:
    assert codes(with_text("FA-SECU", f"Announce {words} twice.")) == ["CK-30"]


def test_long_sentences_are_gaps() -> None:
    assert "CK-30" in codes(with_text("BP-07", "word " * 400))


@pytest.mark.parametrize(
    "text", ["Call his mother, cell 555-0199.", "SSN 123-45-6789", "Home address: 12 Elm Street"]
)
def test_private_data_is_an_error(text: str) -> None:
    assert "CK-31" in codes(with_text("FA-COMM", text))


def test_a_picture_needs_a_description() -> None:
    picture = Block("p", "picture", "staff", rows=({"file": "f1", "alt": ""},))
    plan = with_section(
        PLAN, "BP-09", lambda s: dataclasses.replace(s, blocks=(*s.blocks, picture))
    )
    assert codes(plan) == ["CK-34"]


def test_a_district_sets_what_blocks() -> None:
    error = Gap("CK-03", "error", "", "", "")
    warning = Gap("CK-30", "warning", "", "", "")
    assert blocking([error, warning]) == (error,)
    assert blocking([error, warning], {"CK-03": "warn", "CK-30": "block"}) == (warning,)
    assert codes(without(PLAN, "FA-COOP"), modes={"CK-02": "off"}) == []


PATTERNS = [pattern for mention in MENTIONS for _, pattern in mention.points]


@pytest.mark.parametrize("pattern", PATTERNS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_what_a_pattern_matches_has_a_word_that_begins_with_one_of_its_needles(
    pattern: str, data: st.DataObject
) -> None:
    told = data.draw(st.from_regex(re.compile(folded(pattern).pattern, re.ASCII)))
    words = re.findall(r"\w+", told, re.ASCII)
    assert any(word.startswith(needle) for word in words for needle in needles(pattern))


@pytest.mark.parametrize(
    ("text", "found"),
    [("Call code RED now.", "code RED"), ("İ code red", "code red"), ("Decode redder.", None)],
)
def test_words_are_found_in_any_case_and_told_as_written(text: str, found: str | None) -> None:
    assert first_match(CODE_WORDS, text) == found
