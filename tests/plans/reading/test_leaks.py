"""No produced document holds a block above its audience, whatever made it."""

import dataclasses
import html
import io
from collections.abc import Callable
from random import Random

import pikepdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.content.audiences import rank, select
from plans.content.document import AUDIENCES, Audience, Block, PlanDocument, Section
from plans.content.leaks import Part, leaks
from plans.content.markdown import to_html
from plans.reading.produced import parts_of
from tests.plans.content.documents import PLAN

Maker = Callable[[PlanDocument], bytes]
KEYS = "The second keys are in the safe."


def as_text(plan: PlanDocument) -> bytes:
    lines = [line for section in plan.sections for line in (section.title, *_lines(section))]
    return "\n".join(lines).encode()


def as_html(plan: PlanDocument) -> bytes:
    body = "".join(
        f"<h2>{html.escape(section.title)}</h2>"
        + "".join(to_html(line) for line in _lines(section))
        for section in plan.sections
    )
    return f"<!doctype html><body>{body}</body>".encode()


def as_pdf(plan: PlanDocument) -> bytes:
    lines = as_text(plan).decode().replace("#", r"\#")
    quoted = lines.replace("\\", "\\\\").replace('"', '\\"')
    return bytes(typst.compile(f'#set page(width: 3in, height: 2in)\n#"{quoted}"'.encode()))


def _lines(section: Section) -> list[str]:
    return [
        text
        for block in section.blocks
        for text in (block.markdown, *(course.action for course in block.courses))
    ]


MAKERS = pytest.mark.parametrize("made", [as_text, as_html, as_pdf])


@MAKERS
@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_the_selection_gives_holds_nothing_above(made: Maker, audience: Audience) -> None:
    assert leaks(PLAN, audience, parts_of(made(select(PLAN, audience)))) == ()


@MAKERS
def test_a_block_above_the_audience_is_named_with_its_place(made: Maker) -> None:
    found = leaks(PLAN, "responder", parts_of(made(PLAN)))
    assert [leak.block_id for leak in found] == ["b-keys"]
    assert found[0].section == "Lockdown"
    assert "second keys" in found[0].excerpt
    public = {leak.block_id for leak in leaks(PLAN, "public", parts_of(made(PLAN)))}
    assert {"b-goal", "b-during", "b-way", "b-keys", "b-org"} <= public


def test_a_granted_block_may_stand() -> None:
    assert leaks(PLAN, "responder", parts_of(as_text(PLAN)), granted=["b-keys"]) == ()


@pytest.mark.parametrize(
    "page",
    [
        f"<p><!-- {KEYS} --></p>",
        f'<img alt="{KEYS}">',
        f"<p hidden>{KEYS.replace(' ', '</b> <b>')}</p>",
        f"<script>const plan = {{'a': '{KEYS}'}}</script>",
        "<script>t = 'The second\\u0020keys\\u0020are in the s\\u0061fe.'</script>",
        f"<p title='{KEYS}'>x</p>",
        "<p>The second keys &#97;re in the safe.</p>",
        "<p>The <a>second</a>\nkeys&nbsp;are in\tTHE safe</p>",
    ],
)
def test_hidden_words_of_a_page_are_found(page: str) -> None:
    whole = f"<!doctype html><html><body>{page}</body></html>".encode()
    assert [leak.block_id for leak in leaks(PLAN, "responder", parts_of(whole))] == ["b-keys"]


def pdf_with(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        change(document)
        document.save(buffer)
    return buffer.getvalue()


def _subject(document: pikepdf.Pdf) -> None:
    document.docinfo["/Subject"] = KEYS


def _attachment(document: pikepdf.Pdf) -> None:
    document.attachments["plan.txt"] = KEYS.encode()


def _note(document: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[0, 0, 9, 9], Contents=KEYS
    )
    document.pages[0].Annots = pikepdf.Array([document.make_indirect(note)])


@pytest.mark.parametrize("hide", [_subject, _attachment, _note])
def test_words_beside_the_pages_of_a_pdf_are_found(hide: Callable[[pikepdf.Pdf], None]) -> None:
    found = leaks(PLAN, "responder", parts_of(pdf_with(hide)))
    assert [leak.block_id for leak in found] == ["b-keys"]


def test_words_that_the_audience_may_see_elsewhere_are_no_leak() -> None:
    shared = Block("b-twin", "text", "restricted", "Everyone is behind a locked door.")
    lock = PLAN.sections[1]
    plan = dataclasses.replace(
        PLAN, sections=(dataclasses.replace(lock, blocks=(*lock.blocks, shared)),)
    )
    assert leaks(plan, "staff", parts_of(as_text(select(plan, "staff")))) == ()


def test_names_of_the_chart_are_not_for_the_public() -> None:
    found = leaks(PLAN, "public", [Part("text", "Call Maria Ochoa at the office.")])
    assert [leak.block_id for leak in found] == ["role IC"]


WORDS = [f"{a}{b}" for a in "bcdfghjklm" for b in ("aro", "elu", "imo", "ona", "uri", "ast")]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(AUDIENCES), min_size=1, max_size=12),
    st.sampled_from(AUDIENCES),
    st.sampled_from([as_text, as_html]),
    st.randoms(use_true_random=False),
)
def test_for_any_assignment_of_audiences_a_selection_leaks_nothing_and_the_whole_leaks_all_above(
    audiences: list[Audience], reader: Audience, made: Maker, random: Random
) -> None:
    blocks = tuple(
        Block(f"b{n}", "text", audience, f"{' '.join(random.sample(WORDS, 8))} number {n}.")
        for n, audience in enumerate(audiences)
    )
    plan = PlanDocument({}, 1, None, None, (Section("s", "BP-07", "basic_plan", "One", blocks),))
    assert leaks(plan, reader, parts_of(made(select(plan, reader)))) == ()
    above = [block.id for block in blocks if rank(block.audience) > rank(reader)]
    assert [leak.block_id for leak in leaks(plan, reader, parts_of(made(plan)))] == above
