"""Sections of plans of other origin land where a planner would put them, in every format."""

from collections.abc import Callable

import pytest

from plans.reading.reading import read_plan
from plans.reading.result import PlanReading
from tests.plans.reading.plans_of_others import PLANS, Line
from tests.plans.reading.word_files import item, paragraph, run, table, word_file
from tests.plans.reading.written_plans import FORMS

GOAL = 0.85


def landed(reading: PlanReading, lines: list[Line]) -> list[tuple[str, str | None, str | None]]:
    """Return each heading with its expected and its found section, in the order of the plan."""
    left = [(section.heading, section.template_section) for section in reading.sections]
    result = []
    for line in lines:
        place = next(
            (i for i, (h, _) in enumerate(left) if h.casefold() == line.heading.casefold()), None
        )
        found = left.pop(place)[1] if place is not None else None
        result.append((line.heading, line.expected, found))
    return result


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("plan", PLANS)
def test_at_least_85_percent_of_sections_land_where_a_planner_would_put_them(
    plan: str, form: str
) -> None:
    name, write = FORMS[form]
    found = landed(read_plan(name, write(PLANS[plan])), PLANS[plan])
    wrong = [row for row in found if row[1] != row[2]]
    assert len(wrong) <= (1 - GOAL) * len(found), wrong


def sections(*body: str) -> list[tuple[str, str]]:
    reading = read_plan("plan.docx", word_file(*body))
    return [(section.heading, section.template_section) for section in reading.sections]


def heading(level: int, text: str) -> str:
    return paragraph(text, f"Heading{level}")


BODY = paragraph("Staff know what to do and the office keeps the list.")


def test_rally_point_procedures_are_evacuation() -> None:
    assert sections(heading(1, "Purpose"), BODY, heading(1, "Rally Point Procedures"), BODY)[1] == (
        "Rally Point Procedures", "FA-EVAC",
    )  # fmt: skip


def test_parts_of_an_annex_stay_in_it_and_name_the_section_they_speak_of() -> None:
    data = word_file(
        heading(1, "Lockdown Annex"), heading(2, "Purpose"), BODY, heading(2, "Training"), BODY
    )
    reading = read_plan("plan.docx", data)
    assert [(s.template_section, s.refers_to) for s in reading.sections] == [
        ("FA-LOCK", ""), ("FA-LOCK", "BP-07"), ("FA-LOCK", "BP-15"),
    ]  # fmt: skip


def test_a_word_about_lockdown_in_the_basic_plan_stays_where_an_annex_of_its_own_stands() -> None:
    basic = (heading(1, "Concept of Operations"), BODY, heading(2, "Lockdown"), BODY)
    assert sections(*basic)[1][1] == "FA-LOCK"
    with_annex = sections(*basic, heading(1, "Lockdown"), BODY)
    assert [section for _, section in with_annex] == ["BP-11", "BP-11", "FA-LOCK"]


def test_hazards_of_the_situation_overview_are_its_register_and_no_annexes() -> None:
    reading = read_plan(
        "plan.docx",
        word_file(
            heading(1, "Situation Overview"), BODY, heading(2, "Flood"), BODY,
            heading(2, "Hazardous Materials"), BODY, heading(2, "Bullying"), BODY,
        ),
    )  # fmt: skip
    assert {section.template_section for section in reading.sections} == {"BP-09"}
    assert [hazard.slug for hazard in reading.hazards] == ["flood", "hazmat", "bullying"]


def test_a_combined_heading_gives_each_part_its_own_section() -> None:
    found = sections(
        heading(1, "Purpose, Scope, and Assumptions"), heading(2, "Purpose"), BODY,
        heading(2, "Scope"), BODY, heading(2, "Assumptions"), BODY,
    )  # fmt: skip
    assert [section for _, section in found[1:]] == ["BP-07", "BP-08", "BP-10"]


def test_several_documents_in_one_file_are_split() -> None:
    found = sections(
        heading(1, "Basic Plan"), heading(2, "Purpose"), BODY, heading(2, "Training"), BODY,
        heading(1, "Annex A: Evacuation"), heading(2, "Purpose"), BODY,
        heading(1, "Annex B: Reunification"), heading(2, "Purpose"), BODY,
        heading(1, "Bomb Threat Procedures"), heading(2, "Purpose"), BODY,
    )  # fmt: skip
    assert [section for _, section in found] == [
        "BP-07", "BP-15", "FA-EVAC", "FA-EVAC", "FA-REUN", "FA-REUN",
        "TH-bomb-threat", "TH-bomb-threat",
    ]  # fmt: skip


def test_a_heading_that_says_nothing_is_known_by_its_text() -> None:
    text = "If you smell gas, leave. A gas leak is called in from outside. Report an odor of gas."
    found = sections(heading(1, "Purpose"), BODY, heading(1, "Green Card"), paragraph(text))
    assert found[1] == ("Green Card", "TH-gas-leak")


def test_a_heading_without_meaning_is_listed_with_all_its_words() -> None:
    reading = read_plan(
        "plan.docx",
        word_file(heading(1, "Purpose"), BODY, heading(1, "Mascots and Colors"), BODY),
    )
    [left] = reading.unplaced
    assert (left.heading, left.words) == ("Mascots and Colors", 14)
    assert left.text.startswith("Mascots and Colors")
    assert left.why == "no section of the template has this meaning"


def test_a_document_without_headings_is_placed_by_its_words_or_listed() -> None:
    lock = "Lock the door. In a lockdown stay out of sight. After a lockdown wait."
    assert read_plan("a.txt", lock.encode()).sections[0].template_section == "FA-LOCK"
    [left] = read_plan("a.txt", b"Bring a cake on Friday and tell your friends.").unplaced
    assert left.why == "the document has no heading by which to place it"


def test_steps_are_no_headings_however_short() -> None:
    reading = read_plan(
        "plan.docx",
        word_file(heading(1, "Evacuation"), item("Take the roster"), item("Leave", ordered=True)),
    )
    [section] = reading.sections
    assert [course.action for course in section.courses] == ["Take the roster", "Leave"]


TEXT = "Staff know what to do. The office keeps the list and calls 911."
NAMES = ("Purpose", "Evacuation", "Lockdown Procedures", "Staff Training")
EXPECTED = ["BP-07", "FA-EVAC", "FA-LOCK", "BP-15"]
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'


def strong(text: str, more: str = "", **properties: str) -> str:
    return paragraph(text, look=f"<w:b/>{more}", **properties)


@pytest.mark.parametrize(
    "heading_of",
    [
        lambda name: strong(name, properties=NUMBERED) + paragraph(TEXT),
        lambda name: strong(f"{name}:", '<w:u w:val="single"/>') + paragraph(TEXT),
        lambda name: paragraph(name.upper()) + paragraph(TEXT),
        lambda name: f"<w:p>{run(f'{name}. ', '<w:b/>')}{run(TEXT)}</w:p>",
        lambda name: table([[name.upper()], [TEXT], ["The nurse has the kit."]]),
        lambda name: table([[name], ["Who", "What"], ["Teachers", "take the roster"]]),
    ],
    ids=["numbered", "underlined", "capitals", "run_in", "framed", "titled_table"],
)
def test_headings_are_found_by_the_look_that_offices_give_them(
    heading_of: Callable[[str], str],
) -> None:
    reading = read_plan("plan.docx", word_file(*(heading_of(name) for name in NAMES)))
    assert [section.template_section for section in reading.sections] == EXPECTED
    assert reading.words_unplaced == 0


def test_strong_steps_in_a_row_are_no_headings() -> None:
    steps = [strong(name, properties=NUMBERED) for name in ("Lock doors", "Call 911", "Evacuate")]
    reading = read_plan("plan.docx", word_file(paragraph("FIRE"), *steps, paragraph(TEXT)))
    assert [section.heading for section in reading.sections] == ["FIRE"]


def test_headings_of_plain_text_may_be_underlined() -> None:
    text = "\n\n".join(f"{name}\n{'=' * len(name)}\n{TEXT}" for name in NAMES)
    reading = read_plan("plan.txt", text.encode())
    assert [section.template_section for section in reading.sections] == EXPECTED
