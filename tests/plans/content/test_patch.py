"""The difference applied to the former plan gives the newer; moves, tables, references."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.content import patch as patches
from plans.content.change_sentences import sentences
from plans.content.changes import changes, for_audience
from plans.content.comparison import as_json, compared
from plans.content.document import AUDIENCES, Block, PlanDocument, Section
from plans.content.patch import PatchDoesNotFit, applied, patch_between
from tests.plans.content.documents import (
    LOCKDOWN,
    ORGANIZATION,
    PLAN,
    plans,
    with_block,
    with_section,
)

FEW = settings(max_examples=30, deadline=None)
TABLE = (
    "Who carries what:\n\n| Post | Carries |\n| --- | --- |\n| Nurse | kit |\n| Office | list |\n"
)


@st.composite
def edited(draw: st.DrawFn) -> tuple[PlanDocument, PlanDocument]:
    """Return a plan and the same after sections and blocks were moved, changed, taken and added."""
    before, other = draw(plans), draw(plans)
    sections = list(draw(st.permutations(before.sections)))[: draw(st.integers(0, 9))]
    made = []
    for section in (*sections, *other.sections[: draw(st.integers(0, 1))]):
        blocks = list(draw(st.permutations(section.blocks)))
        if blocks and draw(st.booleans()):
            text = draw(st.text("ab c\n|[](feature:d)", max_size=30))
            blocks[0] = dataclasses.replace(blocks[0], markdown=blocks[0].markdown + text)
        if draw(st.booleans()):
            blocks += [b for s in other.sections for b in s.blocks][:1]
        made.append(dataclasses.replace(section, blocks=tuple(blocks)))
    return before, dataclasses.replace(
        draw(st.sampled_from([before, other])), sections=tuple(made), version=before.version + 1
    )


@FEW
@given(edited())
def test_the_difference_applied_to_the_former_gives_the_newer(
    pair: tuple[PlanDocument, PlanDocument],
) -> None:
    before, after = pair
    patch = patch_between(before, after)
    assert applied(before, patch) == after
    json.dumps(patches.to_json(patch))


@FEW
@given(plans, plans)
def test_any_two_plans_have_a_patch_between_them(before: PlanDocument, after: PlanDocument) -> None:
    assert applied(before, patch_between(before, after)) == after


def test_a_patch_between_equal_plans_holds_nothing() -> None:
    assert set(patches.to_json(patch_between(PLAN, PLAN))) == {"base"}


def test_a_patch_repeats_nothing_of_what_stayed() -> None:
    after = with_block(
        PLAN, "b-open", lambda b: dataclasses.replace(b, markdown=f"{b.markdown} Stay quiet.")
    )
    told = json.dumps(patches.to_json(patch_between(PLAN, after)))
    assert "Stay quiet" in told
    assert "danger is inside" not in told
    assert "key box" not in told


def test_a_patch_fits_only_the_plan_it_was_made_for() -> None:
    other = dataclasses.replace(PLAN, version=3)
    with pytest.raises(PatchDoesNotFit):
        applied(other, patch_between(PLAN, other))


def test_moved_sections_are_told_as_moved_with_new_ids_too() -> None:
    more = dataclasses.replace(PLAN, sections=(*PLAN.sections, annex("hold", "Hold")))
    turned = dataclasses.replace(
        more,
        sections=tuple(
            dataclasses.replace(s, id=f"new-{s.id}") for s in (more.sections[2], *more.sections[:2])
        ),
    )
    found = changes(more, turned)
    assert [(s.kind, s.section_id) for s in found.sections if s.moved] == [("changed", "new-hold")]
    assert not any(s.kind in {"added", "removed"} for s in found.sections)


def annex(section_id: str, title: str) -> Section:
    text = Block(f"{section_id}-1", "text", "staff", f"{title} is announced twice by the office.")
    return Section(section_id, "FA-OTHER", "functional_annex", title, (text,))


def test_annexes_outside_the_template_are_told_apart_by_their_titles() -> None:
    first, second = annex("a", "Hold"), annex("b", "Field trips")
    before = dataclasses.replace(PLAN, sections=(first, second))
    after = dataclasses.replace(
        PLAN, sections=(dataclasses.replace(second, id="x"), dataclasses.replace(first, id="y"))
    )
    titles = [(s.before and s.before.title, s.after and s.after.title)
              for s in changes(before, after).sections]  # fmt: skip
    assert all(old == new for old, new in titles)


def test_a_block_that_went_to_another_section_has_moved_and_is_not_new() -> None:
    wandering = LOCKDOWN.blocks[3]
    before = PLAN
    after = dataclasses.replace(
        PLAN,
        sections=(
            dataclasses.replace(ORGANIZATION, blocks=(*ORGANIZATION.blocks, wandering)),
            dataclasses.replace(
                LOCKDOWN, blocks=tuple(b for b in LOCKDOWN.blocks if b is not wandering)
            ),
        ),
    )
    blocks = [block for section in changes(before, after).sections for block in section.blocks]
    [moved] = [block for block in blocks if block.after == wandering]
    assert (moved.kind, moved.from_section) == ("moved", "s-lock")
    assert not any(block.before == wandering and block.after is None for block in blocks)
    told = [sentence.text for sentence in sentences(changes(before, after))]
    assert told == ["In Direction, “Way in” is new here: it stood in another section."]


def test_rows_of_a_table_in_a_text_are_told_one_by_one() -> None:
    def replaced(old: str, new: str) -> PlanDocument:
        return with_block(
            tabled,
            "b-open",
            lambda b: dataclasses.replace(b, markdown=b.markdown.replace(old, new)),
        )

    tabled = with_block(PLAN, "b-open", lambda b: dataclasses.replace(b, markdown=TABLE))
    more = replaced("| Office | list |\n", "| Office | list |\n| Coach | radio |\n")
    [section] = changes(tabled, more).sections
    [row] = section.blocks[0].tables.rows
    assert (row.kind, row.after) == ("added", {"Post": "Coach", "Carries": "radio"})
    assert [s.text for s in sentences(changes(tabled, more))] == [
        "In Lockdown, a table has a new row: “Coach, radio”."
    ]
    [changed] = changes(tabled, replaced("kit", "two kits")).sections[0].blocks[0].tables.rows
    assert changed.kind == "changed"


def test_references_that_lead_elsewhere_are_named() -> None:
    after = with_block(
        PLAN, "b-way", lambda b: dataclasses.replace(b, markdown=b.markdown.replace(":d1", ":d2"))
    )
    [change] = changes(PLAN, after).sections[0].blocks
    [target] = change.targets
    assert target.before is not None
    assert target.after is not None
    assert (target.before.id, target.after.id) == ("d1", "d2")


@FEW
@given(edited(), st.sampled_from(AUDIENCES))
def test_columns_and_inline_give_the_former_and_the_newer_words(
    pair: tuple[PlanDocument, PlanDocument], audience: str
) -> None:
    found = for_audience(*pair, audience)  # type: ignore[arg-type]
    for line in compared(found):
        assert not any(segment.kind == "added" for segment in line.former)
        assert not any(segment.kind == "removed" for segment in line.newer)
        assert line.former or line.newer
    json.dumps(as_json(found))


def test_what_changed_for_responders_holds_no_restricted_word() -> None:
    after = with_section(
        PLAN,
        "s-lock",
        lambda s: dataclasses.replace(
            s,
            blocks=tuple(
                dataclasses.replace(b, markdown=f"{b.markdown} Look twice.") for b in s.blocks
            ),
        ),
    )
    told = json.dumps(as_json(for_audience(PLAN, after, "responder")))
    assert "Look twice" in told
    assert "safe" not in told
