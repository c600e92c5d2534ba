"""Selection by audience, and the check that nothing above it is in a document."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.content.audiences import (
    AudienceViolation,
    UnknownAudience,
    UnknownBlock,
    blocks_above,
    rank,
    select,
)
from plans.content.document import AUDIENCES, Audience, PlanDocument
from plans.content.hashing import to_json
from tests.plans.content.documents import PLAN, plans


def block_ids(plan: PlanDocument) -> list[str]:
    return [block.id for section in plan.sections for block in section.blocks]


def test_responders_see_public_staff_and_their_own() -> None:
    assert block_ids(select(PLAN, "responder")) == [
        "b-org", "b-open", "b-goal", "b-during", "b-way", "b-after",
    ]  # fmt: skip


def test_the_public_sees_no_roles_and_no_empty_section() -> None:
    public = select(PLAN, "public")
    assert [section.title for section in public.sections] == ["Lockdown"]
    assert block_ids(public) == ["b-open"]
    assert public.roles == ()


def test_a_granted_block_is_added_alone() -> None:
    assert "b-keys" in block_ids(select(PLAN, "responder", {"b-keys"}))
    assert "b-way" not in block_ids(select(PLAN, "staff", {"b-keys"}))


def test_an_unknown_audience_is_refused() -> None:
    with pytest.raises(UnknownAudience, match="public, staff, responder, restricted"):
        select(PLAN, "police")  # type: ignore[arg-type]


def test_a_grant_without_its_block_is_refused() -> None:
    with pytest.raises(UnknownBlock, match="b-nowhere"):
        select(PLAN, "responder", {"b-nowhere"})


def test_a_reason_why_an_annex_does_not_apply_is_for_staff() -> None:
    section = dataclasses.replace(PLAN.sections[1], not_applicable="No second floor.")
    plan = dataclasses.replace(PLAN, sections=(section,))
    assert select(plan, "staff").sections
    assert not select(plan, "public").sections


def test_a_document_with_a_block_above_its_audience_is_not_built() -> None:
    with pytest.raises(AudienceViolation, match="b-keys of Lockdown is for restricted"):
        blocks_above(PLAN, "responder")


def test_a_public_document_with_roles_is_not_built() -> None:
    plan = dataclasses.replace(PLAN, sections=())
    with pytest.raises(AudienceViolation, match="IC"):
        blocks_above(plan, "public")


@given(plans, st.sampled_from(AUDIENCES), st.data())
@settings(max_examples=80)
def test_no_selection_holds_a_block_above_its_audience(
    plan: PlanDocument, audience: Audience, data: st.DataObject
) -> None:
    granted = data.draw(st.sets(st.sampled_from(block_ids(plan)))) if block_ids(plan) else set()
    seen = select(plan, audience, granted)
    blocks_above(seen, audience, granted)
    for section in seen.sections:
        for block in section.blocks:
            assert rank(block.audience) <= rank(audience) or block.id in granted


@given(plans)
@settings(max_examples=40)
def test_each_audience_sees_all_that_the_one_below_sees(plan: PlanDocument) -> None:
    seen = [set(block_ids(select(plan, audience))) for audience in AUDIENCES]
    assert seen[0] <= seen[1] <= seen[2] <= seen[3]
    assert to_json(select(plan, "restricted")) == to_json(plan)


@given(plans, st.sampled_from(AUDIENCES))
@settings(max_examples=40)
def test_selecting_twice_changes_nothing(plan: PlanDocument, audience: Audience) -> None:
    once = select(plan, audience)
    assert select(once, audience) == once
