"""Words in are words placed and words listed as unplaced, whatever stands in the file."""

import html
import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from plans.content.hashing import plan_hash
from plans.content.markdown import to_plain
from plans.reading.assembling import document_of
from plans.reading.reading import read_plan
from plans.reading.result import PlanReading, PlanRefused, ReadSection, Unplaced, WordsLost
from plans.reading.source import Paragraph, Picture
from tests.plans.reading.word_files import item, paragraph, table, word_file

PLAIN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = "fire drill Evacuation lockdown ____ [name] 555-0101 ANNEX A: I. 1. Page 3 of Purpose staff"
word = st.sampled_from(WORDS.split()) | st.text("abcXYZé.-_*#|[]()&<>\"'1", min_size=1, max_size=8)
line = st.lists(word, min_size=1, max_size=12).map(" ".join)
pieces = st.lists(
    st.tuples(st.sampled_from(["h1", "h2", "h3", "p", "li", "ol", "strong"]), line)
    | st.tuples(
        st.just("table"), st.lists(st.lists(line, min_size=1, max_size=3), min_size=1, max_size=3)
    ),
    min_size=1,
    max_size=14,
)


def counted(reading: PlanReading) -> Counter[str]:
    """Return every word of the sections and of what is unplaced."""
    texts = [
        element.text
        for section in reading.sections
        for element in section.elements
        if not isinstance(element, Picture)
    ]
    texts += [left.text for left in reading.unplaced]
    return Counter(" ".join(texts).split())


def words_of(tree: list) -> Counter[str]:
    texts = []
    for kind, content in tree:
        texts += [cell for row in content for cell in row] if kind == "table" else [content]
    return Counter(" ".join(texts).split())


def as_word(tree: list) -> bytes:
    made = {
        "h1": lambda t: paragraph(t, "Heading1"),
        "h2": lambda t: paragraph(t, "Heading2"),
        "h3": lambda t: paragraph(t, "Heading3"),
        "p": paragraph,
        "li": item,
        "ol": lambda t: item(t, ordered=True),
        "strong": lambda t: paragraph(t, look='<w:b/><w:sz w:val="28"/>'),
        "table": table,
    }
    return word_file(*(made[kind](content) for kind, content in tree))


def as_html(tree: list) -> bytes:
    body = []
    for kind, content in tree:
        if kind == "table":
            rows = "".join(
                f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>"
                for row in content
            )
            body.append(f"<table>{rows}</table>")
        else:
            tag = {"li": "ul><li", "ol": "ol><li", "strong": "p><b"}.get(kind, kind)
            body.append(f"<{tag}>{html.escape(content)}</{'></'.join(reversed(tag.split('><')))}>")
    return f"<!doctype html><body>{''.join(body)}</body>".encode()


@PLAIN
@given(pieces)
def test_no_word_of_a_word_file_is_lost(tree: list) -> None:
    reading = read_plan("plan.docx", as_word(tree))
    assert counted(reading) == words_of(tree)
    assert reading.words_in == words_of(tree).total()


@PLAIN
@given(pieces)
def test_no_word_of_a_web_page_is_lost(tree: list) -> None:
    reading = read_plan("plan.html", as_html(tree))
    assert counted(reading) == words_of(tree)
    assert reading.words_in == words_of(tree).total()


@PLAIN
@given(st.lists(line | st.just(""), min_size=1, max_size=30).map("\n".join), st.booleans())
def test_the_words_of_text_and_markdown_are_those_between_blanks(text: str, marked: bool) -> None:
    assume(text.strip())
    try:
        reading = read_plan("plan.md" if marked else "plan.txt", text.encode())
    except PlanRefused as refused:
        assume(refused.code != "format_json")  # a lone number in brackets
        raise
    assert reading.words_in == len(text.split())
    assert reading.words_placed + reading.words_unplaced == reading.words_in


@PLAIN
@given(pieces)
def test_what_was_read_becomes_a_document_with_every_placed_word(tree: list) -> None:
    reading = read_plan("plan.docx", as_word(tree))
    document = document_of(reading)
    held = " ".join(
        [s.title for s in document.sections]
        + [to_plain(b.markdown) for s in document.sections for b in s.blocks]
        + [
            v
            for s in document.sections
            for b in s.blocks
            for row in b.rows
            for v in (*row, *row.values())
        ]
    )
    for section in reading.sections:
        if section.empty:
            continue
        for element in section.elements[1 if section.heading else 0 :]:
            for told in re.findall(
                r"[A-Za-zé]{2,}", element.text if not isinstance(element, Picture) else ""
            ):
                assert told in held
    assert {block.audience for s in document.sections for block in s.blocks} <= {"restricted"}
    assert plan_hash(document).startswith("m1:")


def test_a_reading_that_loses_a_word_cannot_be_made() -> None:
    words = (Paragraph("Leave by door two.", "paragraph 1"),)
    section = ReadSection("FA-EVAC", "", 0, "paragraph 1", words, 1.0, empty=False)
    empty: dict = dict.fromkeys(
        ("pictures", "contacts", "roles", "hazards", "approvals", "findings"), ()
    )
    made = {"format": "text", "pages": 0, "sections": (section,), "tables": 0, **empty}
    left = Unplaced("line 9", "", "Keep calm", "why", 2)
    assert PlanReading(words_in=6, unplaced=(left,), **made).words_unplaced == 2
    with pytest.raises(WordsLost):
        PlanReading(words_in=7, unplaced=(left,), **made)
