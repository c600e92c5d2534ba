"""The difference of two plan documents, as data and in plain words."""

import dataclasses
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from plans.content.change_sentences import sentences
from plans.content.changes import changes, for_audience
from plans.content.document import (
    AUDIENCES,
    Audience,
    Block,
    CourseOfAction,
    PlanDocument,
    Section,
)
from plans.content.word_difference import left, right, word_segments
from tests.plans.content.documents import LOCKDOWN, PLAN, plans, with_block, with_section


def said(before: PlanDocument, after: PlanDocument) -> list[str]:
    return [sentence.text for sentence in sentences(changes(before, after))]


def with_step(plan: PlanDocument, block_id: str, index: int, **fields: object) -> PlanDocument:
    def change(block: Block) -> Block:
        courses = list(block.courses)
        courses[index] = dataclasses.replace(courses[index], **fields)  # type: ignore[arg-type]
        return dataclasses.replace(block, courses=tuple(courses))

    return with_block(plan, block_id, change)


def with_markdown(plan: PlanDocument, block_id: str, old: str, new: str) -> PlanDocument:
    return with_block(
        plan, block_id, lambda b: dataclasses.replace(b, markdown=b.markdown.replace(old, new))
    )


def test_equal_documents_have_no_changes() -> None:
    found = changes(PLAN, PLAN)
    assert not found.any
    assert sentences(found) == []


def test_a_changed_step_reads_as_a_sentence_with_its_number() -> None:
    after = with_step(PLAN, "b-after", 0, action="releases each room with a key.")
    found = sentences(changes(PLAN, after))
    assert [s.text for s in found] == [
        "In Lockdown, step 3 of after now reads: “Principal releases each room with a key.”"
    ]
    assert (found[0].section_id, found[0].template_id) == ("s-lock", "FA-LOCK")


def test_a_new_and_a_removed_step_are_told() -> None:
    call = CourseOfAction("during", "Office", "calls 911.")
    more = with_block(
        PLAN, "b-during", lambda b: dataclasses.replace(b, courses=(*b.courses, call))
    )
    assert said(PLAN, more) == ["In Lockdown, step 3 of during is new: “Office calls 911.”"]
    assert said(more, PLAN) == ["In Lockdown, step 3 of during is taken out: “Office calls 911.”"]


def test_turned_steps_are_told_as_moved() -> None:
    turned = with_block(PLAN, "b-during", lambda b: dataclasses.replace(b, courses=b.courses[::-1]))
    [sentence] = said(PLAN, turned)
    assert "it was step" in sentence


def test_another_place_of_a_step_is_named_by_its_label() -> None:
    after = with_step(PLAN, "b-after", 1, where="a1")
    labels = {"a1": "Assembly area A1", "a2": "Assembly area A2"}
    [sentence] = sentences(changes(PLAN, after), place_label=labels.get)
    assert "now belongs to Assembly area A1; before, to Assembly area A2." in sentence.text


def test_only_the_changed_sentence_of_a_text_is_told() -> None:
    after = with_markdown(PLAN, "b-way", "right of it", "left of it")
    assert said(PLAN, after) == ["In Lockdown, “Way in” now says: “The key box is left of it.”"]


def test_a_sentence_taken_out_is_told() -> None:
    after = with_markdown(PLAN, "b-way", " The key box is right of it.", "")
    assert said(PLAN, after) == [
        "In Lockdown, “Way in” no longer says “The key box is right of it.”"
    ]


def test_a_goal_is_told_whole() -> None:
    after = with_markdown(PLAN, "b-goal", "door.", "door in 60 seconds.")
    assert said(PLAN, after) == [
        (
            "In Lockdown, the goal for during now reads: "
            "“Everyone is behind a locked door in 60 seconds.”"
        )
    ]


def test_a_reference_with_the_same_words_to_another_place_is_told() -> None:
    after = with_markdown(PLAN, "b-way", "feature:d1", "feature:d2")
    assert said(PLAN, after) == [
        "In Lockdown, “Way in” has the same words, but a reference leads to another place."
    ]


def test_another_form_of_the_same_words_is_told() -> None:
    after = with_markdown(PLAN, "b-open", "danger", "**danger**")
    assert said(PLAN, after) == ["In Lockdown, the text has the same words in another form."]


def test_another_audience_is_told() -> None:
    after = with_block(PLAN, "b-way", lambda b: dataclasses.replace(b, audience="staff"))
    assert said(PLAN, after) == ["In Lockdown, “Way in” is now for staff; it was for responders."]


def test_sections_added_removed_renamed_moved_and_set_aside_are_told() -> None:
    fire = Section("s-fire", "TH-fire", "hazard_annex", "Fire")
    more = dataclasses.replace(PLAN, sections=(*PLAN.sections, fire))
    assert said(PLAN, more) == ["The plan has a new hazard annex: Fire."]
    assert said(more, PLAN) == ["The hazard annex Fire is no longer in the plan."]
    renamed = with_section(PLAN, "s-lock", lambda s: dataclasses.replace(s, title="Lock"))
    assert said(PLAN, renamed) == ["“Lockdown” is now called “Lock”."]
    turned = dataclasses.replace(PLAN, sections=PLAN.sections[::-1])
    assert len(said(PLAN, turned)) == 1
    aside = with_section(PLAN, "s-lock", lambda s: dataclasses.replace(s, not_applicable="Empty."))
    assert said(PLAN, aside) == ["Lockdown does not apply to this campus: Empty."]


def test_people_are_told_by_post() -> None:
    commander, liaison = PLAN.roles
    after = dataclasses.replace(
        PLAN,
        roles=(
            dataclasses.replace(commander, person="Thomas Adler", second_alternate=""),
            dataclasses.replace(liaison, first_alternate="Jo Brandt"),
        ),
    )
    assert said(PLAN, after) == [
        "Thomas Adler is incident commander, in place of Maria Ochoa.",
        "The incident commander has no second alternate any more; it was Helen Marsh.",
        "Jo Brandt is first alternate for the liaison officer.",
    ]


def test_facts_and_the_map_are_told() -> None:
    after = dataclasses.replace(
        PLAN, campus={**PLAN.campus, "enrollment": 1200}, map_version=6, map_hash="m1:11"
    )
    assert said(PLAN, after) == [
        "The number of students is now 1,200; it was 1,180.",
        "The plan now stands on map version 6; it stood on map version 5.",
    ]


def test_new_ids_alone_are_no_change() -> None:
    renumbered = dataclasses.replace(
        PLAN,
        sections=tuple(
            dataclasses.replace(
                section,
                id=f"new-{section.id}",
                blocks=tuple(dataclasses.replace(b, id=f"new-{b.id}") for b in section.blocks),
            )
            for section in PLAN.sections
        ),
    )
    assert not changes(PLAN, renumbered).any


def test_responders_are_not_told_what_is_restricted() -> None:
    after = with_markdown(PLAN, "b-keys", "safe", "desk")
    assert not for_audience(PLAN, after, "responder").any
    assert for_audience(PLAN, after, "restricted").any


def test_words_that_were_moved_above_the_audience_are_not_repeated() -> None:
    after = with_block(PLAN, "b-way", lambda b: dataclasses.replace(b, audience="restricted"))
    found = for_audience(PLAN, after, "responder")
    assert [s.text for s in sentences(found)] == ["In Lockdown, a part is no longer shown to you."]
    assert "key box" not in repr(found)


def test_words_differ_by_whole_words() -> None:
    segments = word_segments("leave by door 7 to the field.", "leave by door 8 to the field.")
    assert [(s.kind, s.text) for s in segments] == [
        ("equal", "leave by door "),
        ("removed", "7"),
        ("added", "8"),
        ("equal", " to the field."),
    ]


texts = st.text(alphabet="ab .\n“", max_size=40)


@given(texts, texts)
def test_a_difference_applied_gives_either_text(before: str, after: str) -> None:
    segments = word_segments(before, after)
    assert "".join(s.text for s in left(segments)) == before
    assert "".join(s.text for s in right(segments)) == after


@given(plans, plans)
@settings(max_examples=50, deadline=None)
def test_any_two_documents_can_be_compared(before: PlanDocument, after: PlanDocument) -> None:
    found = changes(before, after)
    assert bool(sentences(found)) == found.any


@given(plans, plans, st.sampled_from(AUDIENCES))
@settings(max_examples=40, deadline=None)
def test_what_an_audience_is_told_rests_on_what_it_sees(
    before: PlanDocument, after: PlanDocument, audience: Audience
) -> None:
    found = for_audience(before, after, audience)
    for plan in (found.before, found.after):
        for section in plan.sections:
            for block in section.blocks:
                assert AUDIENCES.index(block.audience) <= AUDIENCES.index(audience)


def test_two_hundred_sections_are_compared_in_a_fifth_of_a_second() -> None:
    def many(word: str) -> PlanDocument:
        sections = tuple(
            dataclasses.replace(
                LOCKDOWN,
                id=f"s{number}",
                template_id=f"X-{number}",
                blocks=tuple(
                    dataclasses.replace(
                        block,
                        id=f"{block.id}-{number}",
                        markdown=f"{block.markdown} {'The door stays locked. ' * 20}{word}.",
                    )
                    if block.id == "b-way"
                    else dataclasses.replace(block, id=f"{block.id}-{number}")
                    for block in LOCKDOWN.blocks
                ),
            )
            for number in range(200)
        )
        return dataclasses.replace(PLAN, sections=sections)

    before, after = many("left"), many("right")
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        changed = changes(before, after)
        seconds.append(time.perf_counter() - start)
    assert len(changed.sections) == 200
    assert min(seconds) < 0.2
