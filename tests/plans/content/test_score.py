"""The score is earned by what a plan says of its school: filler and copies earn none."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.content.completeness import gaps
from plans.content.completeness_score import score
from plans.content.document import Block, CourseOfAction, PlanDocument
from plans.content.substance import is_copied_guidance, telling
from plans.content.template import SECTION_TEMPLATES, new_document
from tests.plans.content.documents import with_section
from tests.plans.content.test_completeness import PLAN, TODAY

EMPTY = new_document({"name": "Cedar Ridge"}, ["fire"])
FEW = settings(max_examples=20, deadline=None)
SECTIONS = st.sampled_from([s.id for s in PLAN.sections if s.template_id != "BP-06"])
GUIDANCE = [
    text
    for template in SECTION_TEMPLATES.values()
    for text in (template.guidance, *(block.prompt for block in template.blocks))
    if text
]
SAID = [
    sentence
    for section_id, sentences in telling(PLAN).items()
    for sentence in sentences
    if len(sentence.split()) > 3
]
KEYS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)
FILLER = st.one_of(
    st.lists(KEYS, min_size=1, max_size=40).map(" ".join),
    st.builds(
        lambda word, times: " ".join([word] * times),
        st.sampled_from(["plan", "staff", "teachers", "media", "911"]),
        st.integers(4, 300),
    ),
    st.just("Lorem ipsum dolor sit amet, the school and the police activate in 5 minutes."),
)  # fmt: skip


def typed(plan: PlanDocument, section_id: str, markdown: str) -> PlanDocument:
    extra = Block("typed", "text", "staff", markdown)
    return with_section(
        plan, section_id, lambda s: dataclasses.replace(s, blocks=(*s.blocks, extra))
    )


def test_a_new_document_scores_nothing_and_the_demonstration_well() -> None:
    assert score(EMPTY).total == 0
    assert score(PLAN).total >= 80


@FEW
@given(SECTIONS, FILLER)
def test_typing_filler_raises_no_score(section_id: str, filler: str) -> None:
    assert score(typed(PLAN, section_id, filler)).total <= score(PLAN).total
    assert score(typed(EMPTY, "BP-07", filler)).total == 0


@FEW
@given(SECTIONS, st.lists(st.sampled_from(GUIDANCE), min_size=1, max_size=8).map("\n\n".join))
def test_copying_the_guidance_raises_no_score(section_id: str, copied: str) -> None:
    assert score(typed(PLAN, section_id, copied)).total <= score(PLAN).total


def test_a_plan_filled_with_all_guidance_scores_nothing_and_is_a_gap() -> None:
    plan = EMPTY
    for section in EMPTY.sections:
        plan = typed(plan, section.id, SECTION_TEMPLATES[section.template_id].guidance)
    assert score(plan).total == 0
    said = [gap.what for gap in gaps(plan, today=TODAY) if gap.code == "CK-01"]
    assert "Purpose only repeats the template" in said


@FEW
@given(SECTIONS, st.lists(st.sampled_from(SAID), min_size=1, max_size=6).map("\n\n".join))
def test_repeating_what_stands_elsewhere_raises_no_score(section_id: str, repeated: str) -> None:
    assert score(typed(PLAN, section_id, repeated)).total <= score(PLAN).total


@FEW
@given(SECTIONS, st.integers(2, 20))
def test_pasting_one_sentence_many_times_raises_no_score(section_id: str, times: int) -> None:
    pasted = "The principal activates the plan from the office when police call.\n\n" * times
    assert score(typed(PLAN, section_id, pasted)).total <= score(PLAN).total


def test_one_sentence_with_all_the_right_words_shows_two_points_at_most() -> None:
    stuffed = (
        "The teachers and the nurse and custodians and office and SRO and families of parents."
    )
    found = score(typed(EMPTY, "BP-12", stuffed)).sections["BP-12"]
    assert found.earned == 2


def test_a_step_copied_into_another_annex_earns_nothing_there() -> None:
    step = CourseOfAction("during", "Principal", "announces the lockdown twice over the speakers.")
    once = steps_in(EMPTY, "FA-LOCK", step)
    both = steps_in(once, "FA-SECU", step)
    assert score(once).sections["FA-LOCK"].earned > 0
    assert score(both).sections["FA-SECU"].earned == 0
    assert score(both).total <= score(once).total


def steps_in(plan: PlanDocument, section_id: str, step: CourseOfAction) -> PlanDocument:
    block = Block("steps", "courses_of_action", "staff", courses=(step,))
    return with_section(
        plan, section_id, lambda s: dataclasses.replace(s, blocks=(*s.blocks, block))
    )


def test_what_a_school_says_of_itself_raises_the_score() -> None:
    said = "Cedar Ridge has 412 students and 38 staff on one level.\n\nThe county lends buses."
    assert score(typed(EMPTY, "BP-09", said)).sections["BP-09"].earned >= 3


def test_a_section_that_does_not_apply_is_left_out_of_the_score() -> None:
    aside = with_section(
        EMPTY, "FA-COOP", lambda s: dataclasses.replace(s, not_applicable="The district does it.")
    )
    assert "FA-COOP" not in score(aside).sections


def test_a_missing_section_counts_as_empty() -> None:
    cut = dataclasses.replace(
        PLAN, sections=tuple(s for s in PLAN.sections if s.template_id != "FA-SHEL")
    )
    assert score(cut).total < score(PLAN).total
    assert score(cut).sections["FA-SHEL"].earned == 0


@pytest.mark.parametrize("text", GUIDANCE[:20])
def test_guidance_is_known_whatever_its_case(text: str) -> None:
    sentence = text.split(". ", maxsplit=1)[0].upper()
    assert is_copied_guidance(sentence)
