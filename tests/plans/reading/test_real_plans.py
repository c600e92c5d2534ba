"""The reference documents read as their description says a good import does."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plans.reading.report import read_report

pytestmark = pytest.mark.shared_data
TODAY = date(2026, 11, 24)
STONEYBROOK = {
    "1.1": "BP-02", "1.2": "BP-03", "1.3": "BP-04", "1.4": "BP-05", "2.1": "BP-07",
    "2.2": "BP-08", "2.3": "BP-09", "2.4": "BP-10", "3.": "BP-11", "4.": "BP-12", "5.": "BP-13",
    "6.": "BP-14", "7.": "BP-15", "8.": "BP-16", "9.": "BP-17", "10.": "BP-18",
}  # fmt: skip


def report(shared_data: Path, name: str) -> dict[str, Any]:
    made = read_report(name, (shared_data / "plans" / name).read_bytes(), TODAY)
    assert made["words_in"] == made["words_placed"] + made["words_unplaced"]
    assert made["words_placed"] == sum(section["words"] for section in made["sections"])
    assert made["words_unplaced"] == sum(left["words"] for left in made["unplaced"])
    return made


def codes(made: dict[str, Any]) -> Counter[str]:
    return Counter(finding["code"] for finding in made["findings"])


def test_stoneybrook_lands_whole(shared_data: Path) -> None:
    made = report(shared_data, "stoneybrook-sample-eop.docx")
    by_number = {s["heading"].split()[0]: s["template_section"] for s in made["sections"]}
    assert {number: by_number[number] for number in STONEYBROOK} == STONEYBROOK
    within = ""
    for section in made["sections"]:
        within = STONEYBROOK.get(section["heading"].split()[0], within)
        if section["heading"][:2] != "2.":  # a heading of four sections
            assert section["template_section"] == within, section["heading"]
    assert made["words_in"] == 7299 + 7  # of the text, of the page's head and foot
    assert made["tables"] == 2
    assert len(made["pictures"]) == 1
    assert len(made["approvals"]) == 12
    assert [hazard["slug"] for hazard in made["hazards"]] == [
        "flood", "severe-storm", "fire", "hazmat", "active-assailant", "pandemic", "terrorism",
        "bullying",
    ]  # fmt: skip


def test_stoneybrook_is_told_what_it_lacks(shared_data: Path) -> None:
    made = report(shared_data, "stoneybrook-sample-eop.docx")
    found = codes(made)
    assert found["CK-02"] == 10
    assert found["CK-24"] == 1
    assert found["CK-16"] == 2  # mentions only: nobody is named
    assert found["heading_repeated"] >= 1
    assert found["appendix_absent"] == 1
    missing = {f["what"] for f in made["findings"] if f["code"] == "CK-01"}
    assert {"Cover page is missing", "The file has no table of contents"} <= missing
    assert {left["why"] for left in made["unplaced"]} == {
        "page header", "page footer", "a heading that only holds other sections",
    }  # fmt: skip


def test_every_section_of_the_federal_form_is_recognized_and_empty(shared_data: Path) -> None:
    made = report(shared_data, "federal-basic-plan-template.html")
    assert all(section["empty"] for section in made["sections"])
    sections = {section["template_section"] for section in made["sections"]}
    assert sections == {f"BP-{n:02}" for n in range(1, 19)} - {"BP-06"}
    empty = {
        f["where"] for f in made["findings"] if f["code"] == "CK-01" and f["severity"] != "info"
    }
    assert len(empty) == 17


def test_the_annexes_hold_one_worked_example_and_four_lists_of_questions(shared_data: Path) -> None:
    made = report(shared_data, "functional-annexes-sample.md")
    annexes = {section["template_section"]: section for section in made["sections"]}
    assert set(annexes) == {"FA-EVAC", "FA-LOCK", "FA-SHEL", "FA-ACCT", "FA-REUN"}
    shelter = annexes.pop("FA-SHEL")
    kinds = Counter((goal["kind"], goal["phase"]) for goal in shelter["goals"])
    assert kinds == {("goal", "during"): 1, ("objective", "during"): 3}
    assert len(shelter["courses_of_action"]) == 7
    assert not any("courses_of_action" in section for section in annexes.values())
    found = codes(made)
    assert found["CK-05"] == 7
    assert found["CK-04"] == 1
    assert {"No goal for before in Shelter-in-place", "No goal for after in Shelter-in-place"} <= {
        finding["what"] for finding in made["findings"]
    }


def test_the_state_annex_is_reunification_with_its_form_unfilled(shared_data: Path) -> None:
    made = report(shared_data, "state-reunification-annex-part.txt")
    assert {section["template_section"] for section in made["sections"]} == {"FA-REUN"}
    speaks_of = {s["heading"]: s.get("refers_to") for s in made["sections"]}
    assert speaks_of["I. AUTHORITY"] == "BP-18"
    assert speaks_of["III. EXPLANATION OF TERMS"] == "glossary"
    assert (speaks_of["A. Situation"], speaks_of["B. Assumptions"]) == ("BP-09", "BP-10")
    assert not any("courses_of_action" in section for section in made["sections"])
    told = " ".join(f["what"] for f in made["findings"] if f["code"] == "unfilled")
    assert "[district/school]" in told
    furniture = [
        " ".join(left["text"].split()) for left in made["unplaced"] if "page" in left["why"]
    ]
    assert furniture == ["Annex D D-I", "Ver 1.0 7/05", "Annex D D-II", "Ver 1.0 7/05"]
