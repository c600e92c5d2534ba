"""A plan as read becomes a draft that the editor holds, and no word of it is lost on the way."""

import re
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from plans.content.document import PlanDocument
from plans.content.template import BASIC_PLAN, FUNCTIONAL_ANNEXES
from plans.reading.draft import Limits, draft_of
from plans.reading.reading import read_plan

LIMITS = Limits(markdown=20_000, steps=60, rows=100, text=300)
SMALL = Limits(markdown=120, steps=2, rows=2, text=40)
PLAN = """# Purpose
This plan protects students and staff.

# Evacuation
## During
1. The principal gives the order to leave.
2. Teachers take their rosters.

# Fire
Pull the alarm.

# Rally Point Procedures
Meet at the north field.

# Chess club
Meets on Tuesdays.

# Communications
| Name | Role | Phone |
| --- | --- | --- |
| Ann Lee | Principal | 555-0100 |
| Bo Hart | Nurse | 555-0101 |

| Vendor | Contract | Expires |
| --- | --- | --- |
| Lakes Alarm | 77-A | 2027 |
"""


def draft(text: str, limits: Limits = LIMITS) -> PlanDocument:
    number = count(1)
    return draft_of(read_plan("plan.md", text.encode()), limits=limits,
                    new_id=lambda: f"id-{next(number)}")  # fmt: skip


def said(document: PlanDocument) -> str:
    """Return every word of a document."""
    parts: list[str] = []
    for section in document.sections:
        parts.append(section.title)
        for block in section.blocks:
            parts.append(block.markdown)
            parts += [f"{step.actor} {step.action}" for step in block.courses]
            parts += [value for row in block.rows for value in row.values()]
    return " ".join(parts)


def test_every_section_of_the_template_stands_and_what_was_read_is_in_its_place() -> None:
    found = draft(PLAN)
    template_ids = [section.template_id for section in found.sections]
    wanted = [template.template_id for template in (*BASIC_PLAN, *FUNCTIONAL_ANNEXES)]
    assert template_ids[: len(wanted)] == wanted
    assert "TH-fire" in template_ids
    by_id = {section.template_id: said(PlanDocument({}, 1, None, None, (section,)))
             for section in found.sections}  # fmt: skip
    assert "north field" in by_id["FA-EVAC"]
    assert "Pull the alarm" in by_id["TH-fire"]


def test_an_annex_of_the_schools_own_keeps_its_title() -> None:
    own = [s.title for s in draft(PLAN).sections if s.template_id == "FA-OTHER"]
    assert own in ([], ["Chess club"])  # in a section of its own, or listed without a place


def test_known_columns_become_contacts_and_others_stay_a_table() -> None:
    blocks = [block for section in draft(PLAN).sections for block in section.blocks]
    (contacts,) = [block for block in blocks if block.kind == "contacts"]
    assert contacts.rows[0] == {"name": "Ann Lee", "post": "Principal", "phone": "555-0100"}
    assert any("| Lakes Alarm | 77-A | 2027 |" in block.markdown for block in blocks)


def test_every_id_is_its_own_and_everything_is_restricted() -> None:
    found = draft(PLAN)
    ids = [s.id for s in found.sections] + [b.id for s in found.sections for b in s.blocks]
    assert len(set(ids)) == len(ids)
    read = [b for s in found.sections for b in s.blocks if b.markdown and not b.goal]
    assert {block.audience for block in read if "north field" in block.markdown} == {"restricted"}


def test_nothing_is_longer_than_the_editor_holds() -> None:
    for section in draft(PLAN, SMALL).sections:
        for block in section.blocks:
            assert len(block.markdown) <= SMALL.markdown
            assert len(block.courses) <= SMALL.steps
            assert len(block.rows) <= SMALL.rows


WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9)
PARAGRAPHS = st.lists(st.lists(WORD, min_size=1, max_size=30).map(" ".join), min_size=1, max_size=6)
TITLES = st.sampled_from(["Evacuation", "Lockdown", "Purpose", "Reunification", "Fire", "Tornado"])


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(TITLES, PARAGRAPHS, min_size=1, max_size=5))
def test_no_word_that_has_a_place_is_lost_on_the_way_into_the_draft(
    sections: dict[str, list[str]],
) -> None:
    text = "\n\n".join(f"# {title}\n\n" + "\n\n".join(rows) for title, rows in sections.items())
    reading = read_plan("plan.md", text.encode())
    number = count(1)
    found = draft_of(reading, limits=SMALL, new_id=lambda: f"id-{next(number)}")
    left = " ".join(item.text for item in reading.unplaced)
    held = set(re.findall(r"[a-z]+", f"{said(found)} {left}".lower()))
    assert {word for rows in sections.values() for row in rows for word in row.split()} <= held
