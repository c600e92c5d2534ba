"""PDF files: lines become paragraphs and tables; page furniture and scanned pages are named."""

import io

import pikepdf
import pytest
import typst
from PIL import Image

from plans.reading.reading import read_plan, source_of
from plans.reading.source import Paragraph, Table

PAGE = (
    '#set page(width: 6in, height: 4in, margin: 0.8in, numbering: "1", header: [Oak Hill plan])\n'
)


def typeset(body: str) -> bytes:
    return bytes(typst.compile((PAGE + body).encode()))


@pytest.fixture(scope="module")
def scanned() -> bytes:
    """Return a file of one page of words and one page that is a picture of a page."""
    buffer = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(buffer, "PDF")
    joined = io.BytesIO()
    words = io.BytesIO(typeset("= Purpose\nWe plan for all."))
    with pikepdf.open(words) as first, pikepdf.open(buffer) as second:
        first.pages.extend(second.pages)
        first.save(joined)
    return joined.getvalue()


def test_headings_lists_and_paragraphs_are_found_by_their_look() -> None:
    data = typeset("= Rally Point Procedures\n#lorem(60)\n- Take the roster.\n- Leave the room.\n")
    section = read_plan("plan.pdf", data).sections[-1]
    assert section.template_section == "FA-EVAC"
    items = [e.text for e in section.elements if isinstance(e, Paragraph) and e.depth is not None]
    assert items == ["Take the roster.", "Leave the room."]
    assert len(section.elements) == 4  # the lines of a paragraph are one


def test_running_heads_and_page_numbers_are_set_aside() -> None:
    data = typeset("= Purpose\n#lorem(250)\n= Scope\n#lorem(250)")
    reading = read_plan("plan.pdf", data)
    assert reading.pages > 2
    texts = [left.text for left in reading.unplaced]
    assert texts.count("Oak Hill plan") == reading.pages
    assert set(texts) == {"Oak Hill plan", *map(str, range(1, reading.pages + 1))}


def test_a_table_of_contents_with_leaders_is_set_aside() -> None:
    reading = read_plan("plan.pdf", typeset("#outline()\n= Purpose\nWhy.\n= Scope\nWho."))
    assert [section.heading for section in reading.sections[-2:]] == ["Purpose", "Scope"]
    assert sum(left.why == "table of contents" for left in reading.unplaced) == 3


def test_rows_of_aligned_cells_are_a_table() -> None:
    rows = "[Name],[Role],[Phone],[Ana Ruiz],[Principal],[555-0101],[Bo Li],[Nurse],[555-0102]"
    reading = read_plan("plan.pdf", typeset(f"= Contacts\n#table(columns: 3, {rows})"))
    [found] = [e for s in reading.sections for e in s.elements if isinstance(e, Table)]
    assert found.rows[1] == ("Ana Ruiz", "Principal", "555-0101")
    assert [(c.name, c.role, c.phone) for c in reading.contacts] == [
        ("Ana Ruiz", "Principal", "555-0101"), ("Bo Li", "Nurse", "555-0102"),
    ]  # fmt: skip


def test_scanned_pages_are_named(scanned: bytes) -> None:
    reading = read_plan("plan.pdf", scanned)
    [finding] = [f for f in reading.findings if f.code == "page_scanned"]
    assert (finding.where, finding.severity) == ("page 2", "error")
    assert reading.sections[-1].heading == "Purpose"
    assert len(reading.pictures) == 1


def test_what_is_typed_into_a_form_is_read() -> None:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(typeset("= Purpose\nSchool:"))) as document:
        field = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx,
            T=pikepdf.String("school"), V=pikepdf.String("Oak Hill"), Rect=[80, 80, 200, 100],
        )  # fmt: skip
        made = document.make_indirect(field)
        document.pages[0].Annots = pikepdf.Array([made])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([made]))
        document.save(buffer)
    texts = [e.text for e in source_of("a.pdf", buffer.getvalue()).elements]
    assert "Oak Hill" in texts
