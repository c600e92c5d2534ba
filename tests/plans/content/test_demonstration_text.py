"""The text of the demonstration plan: whole, plain, kind, and tied to its map."""

import re

from backend.demo import plan_text
from plans.content.document import AUDIENCES
from plans.content.markdown import references_in
from plans.content.template import SECTION_TEMPLATES
from plans.content.wording import block_words

KINDS = {
    "exterior_door", "assembly_area", "fire_panel", "command_post", "staging_area", "room",
}  # fmt: skip


def test_the_sections_follow_the_template_in_order() -> None:
    ids = [section.template_id for section in plan_text.sections()]
    assert ids[:28] == list(SECTION_TEMPLATES)[:28]
    assert ids[28:] == [f"TH-{slug}" for slug in plan_text.hazards()]
    assert set(ids) <= set(SECTION_TEMPLATES)
    assert len(ids) == len(set(ids)) == 33


def test_block_ids_are_unique_and_every_audience_occurs() -> None:
    blocks = [block for section in plan_text.sections() for block in section.blocks]
    assert len({block.id for block in blocks}) == len(blocks)
    assert {block.audience for block in blocks} == set(AUDIENCES)


def test_references_name_kind_and_label() -> None:
    for section in plan_text.sections():
        for block in section.blocks:
            texts = [block.markdown, *(course.action for course in block.courses)]
            for reference in (r for text in texts for r in references_in(text)):
                if reference.scheme == "feature":
                    label, kind, _ = reference.id.split(":", 2)
                    assert (label, kind in KINDS) == ("label", True)


def test_labels_become_ids_and_missing_ones_become_words() -> None:
    def find(kind: str, label: str) -> str | None:
        return None if label == "8" else f"id-{kind}-{label}"

    sections, missing = plan_text.with_feature_ids(plan_text.sections(), find)
    text = repr(sections)
    assert missing == ("exterior_door:8",)
    assert "feature:label" not in text
    assert "'label:" not in text
    assert "[Door 8]" not in text
    assert "[Door 1](feature:id-exterior_door-1)" in text
    assert "id-room-Main Office" in text


def test_each_post_is_three_deep_with_different_people() -> None:
    for role in plan_text.roles():
        assert len({role.person, role.first_alternate, role.second_alternate} - {""}) == 3


def test_numbers_reach_nobody() -> None:
    sheet, page = plan_text.contact_sheet(), plan_text.first_page()
    text = f"{sheet!r} {page!r} {plan_text.roles()!r}"
    assert all(re.match(r"555-01\d\d", found) for found in re.findall(r"\d{3}-\d{4}", text))


def test_people_are_counted_for_each_hour() -> None:
    hours = [hour for hour, _ in plan_text.first_page().people_by_hour]
    assert hours == list(range(6, 24))


def test_no_drill_is_hidden_or_used_against_students() -> None:
    text = " ".join(block_words(b) for s in plan_text.sections() for b in s.blocks).lower()
    for word in ("unannounced", "punish", "offense", "violator", "gunfire", "pupil", "surprise"):
        assert word not in text
    assert "announced as a drill" in text
