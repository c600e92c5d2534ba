"""The evidence page on paper: one page for an ordinary drill, more where it would be too small."""

import io

import pytest
from pypdf import PdfReader

from drills.evidence_pdf import typeset

WORDS = ("kind", "page", "rooms", "worked", "did_not", "seal", "seal_words", "record", "chain")


def pages(*, rooms: int, lines: int) -> list[str]:
    """Return the text of each page of the evidence of a drill with so many rooms and entries."""
    row = {"when": "09:02:41", "what": "Observation", "detail": "The stairs at door 7 back up"}
    paper = typeset({
        "heading": "Fire drill", "campus": "Lincoln High School", "address": "2100 Alder Street",
        "moment": "Tue, Nov 24, 2026, 8:59 AM", "provenance": "Recorded live.", "lang": "en",
        "places": "Every place reported.", "closing": "Closed.",
        "facts": [["Started", "08:59:51"], ["Ended", "09:06:51"]] * 6,
        "parts": [
            {"title": "Who was told", "rows": [row] * 7, "empty": "", "rooms": []},
            {"title": "Timeline", "rows": [row] * lines, "empty": "",
             "rooms": [f"Room {number} 09:01:23" for number in range(rooms)]},
        ],
        "worked": "All classes were out.", "did_not": "The stairs back up.", "seal": "m1:ab",
        "chain": "m1:cd", "seal-line": "record 5",
        "labels": {"columns": ["When", "What", "Detail"], **{word: word for word in WORDS}},
    })  # fmt: skip
    return [page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages]


@pytest.mark.parametrize(("rooms", "lines"), [(0, 4), (60, 8), (120, 12), (110, 15)])
def test_an_ordinary_drill_stands_on_one_page(rooms: int, lines: int) -> None:
    assert len(pages(rooms=rooms, lines=lines)) == 1


def test_what_would_be_too_small_goes_on_to_a_second_page_and_nothing_is_lost() -> None:
    found = pages(rooms=400, lines=40)
    assert len(found) > 1
    whole = "".join(found)
    assert all(f"Room {number} " in whole for number in range(400))
    assert whole.count("The stairs at door 7 back up") == 47
