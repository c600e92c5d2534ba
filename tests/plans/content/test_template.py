"""The federal structure, and a new document made of it."""

import re
from collections.abc import Iterator

import pytest

from plans.content.hashing import from_json, to_json
from plans.content.section_template import SectionTemplate
from plans.content.template import (
    SECTION_TEMPLATES,
    UnknownHazard,
    guidance_for,
    new_document,
)
from plans.content.wording import section_is_empty


def test_the_structure_has_eighteen_sections_and_ten_annexes() -> None:
    plan = new_document({"name": "Lincoln"}, ["fire", "tornado", "fire"])
    ids = [section.template_id for section in plan.sections]
    assert ids[:18] == [f"BP-{number:02}" for number in range(1, 19)]
    assert ids[18:28] == [
        "FA-EVAC", "FA-LOCK", "FA-SHEL", "FA-ACCT", "FA-COMM",
        "FA-REUN", "FA-COOP", "FA-RECV", "FA-PHMM", "FA-SECU",
    ]  # fmt: skip
    assert ids[28:] == ["TH-fire", "TH-tornado"]


def test_a_new_document_is_empty_but_for_prompts() -> None:
    plan = new_document({}, ["winter-storm"])
    assert all(section_is_empty(section) for section in plan.sections)
    assert all(s.blocks or s.template_id == "BP-06" for s in plan.sections)


def test_a_new_document_can_be_stored_and_has_ids_of_the_caller() -> None:
    plan = new_document({"name": "x"}, ["fire"], new_id=lambda key: f"id:{key}")
    assert from_json(to_json(plan)) == plan
    ids = [block.id for section in plan.sections for block in section.blocks]
    assert len(set(ids)) == len(ids)
    assert all(block_id.startswith("id:") for block_id in ids)


def test_every_annex_asks_for_three_goals() -> None:
    for template in SECTION_TEMPLATES.values():
        if template.part != "basic_plan":
            goals = [block.goal for block in template.blocks if block.goal]
            assert goals == ["before", "during", "after"]


def test_an_unknown_hazard_is_refused_with_near_ones() -> None:
    with pytest.raises(UnknownHazard, match="tornado"):
        new_document({}, ["tornados"])


def all_words(template: SectionTemplate) -> Iterator[str]:
    yield from (template.title, template.guidance)
    yield from (block.prompt for block in template.blocks)


def test_every_section_has_guidance_in_us_english() -> None:
    british = re.compile(r"\b(?:pupils?|organis|programme|counsell(?:or|ing)|neighbour|mould)\b")
    for template in SECTION_TEMPLATES.values():
        assert template.guidance
        assert guidance_for(template.template_id) == template.guidance
        assert not any(british.search(words) for words in all_words(template))


def test_prompts_hold_no_brackets() -> None:
    for template in SECTION_TEMPLATES.values():
        assert not any("[" in block.prompt or "]" in block.prompt for block in template.blocks)
