"""Word files: each trap of the format set by hand."""

from plans.reading.reading import read_plan, source_of
from plans.reading.result import PlanReading
from plans.reading.source import Paragraph, Picture, SetAside, Table
from tests.plans.reading.word_files import item, paragraph, part, run, table, word_file

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
PURPOSE = paragraph("Purpose", "Heading1")


def read(*body: str, **more: dict) -> PlanReading:
    return read_plan("plan.docx", word_file(*body, **more))


def unplaced(reading: PlanReading) -> list[tuple[str, str]]:
    return [(left.text, left.why) for left in reading.unplaced]


def test_headings_are_matched_by_style_by_inherited_style_and_by_outline_level() -> None:
    outline = paragraph("Scope", properties='<w:outlineLvl w:val="1"/>')
    reading = read(PURPOSE, paragraph("Lockdown", "District"), outline)
    found = [(section.heading, section.level) for section in reading.sections]
    assert found == [("Purpose", 1), ("Lockdown", 1), ("Scope", 2)]


def test_page_heads_and_feet_and_comments_are_set_aside_once() -> None:
    parts = {
        "header1.xml": ("header", part("hdr", paragraph("Oak Hill plan"))),
        "footer1.xml": ("footer", part("ftr", paragraph("Page 1"))),
        "comments.xml": (
            "comments",
            part("comments", f"<w:comment>{paragraph('Why?')}</w:comment>"),
        ),
    }
    reading = read(PURPOSE, paragraph("We plan."), parts=parts)
    assert unplaced(reading) == [
        ("Oak Hill plan", "page header"),
        ("Page 1", "page footer"),
        ("Why?", "comment of a reviewer"),
    ]


def test_a_table_of_contents_is_set_aside_by_style_by_control_and_by_its_leaders() -> None:
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{paragraph('Scope 2')}</w:sdtContent></w:sdt>"
    )
    reading = read(
        control, paragraph("Purpose 1", "TOC1"), paragraph("Drills ........ 7"), PURPOSE,
        paragraph("We plan."),
    )  # fmt: skip
    assert {why for _, why in unplaced(reading)} == {"table of contents"}
    assert len(reading.unplaced) == 3


def test_text_boxes_notes_and_content_controls_are_read_once() -> None:
    words = f"<w:txbxContent>{paragraph('Boxed words')}</w:txbxContent>"
    box = (
        '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>'
        f"{words}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{words}"
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    note = f'<w:p>{run("See")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = part("footnotes", f'<w:footnote w:id="2">{paragraph("the law.")}</w:footnote>')
    inline = f"<w:p><w:sdt><w:sdtContent>{run('Controlled')}</w:sdtContent></w:sdt></w:p>"
    reading = read(PURPOSE, box, note, inline, parts={"footnotes.xml": ("footnotes", notes)})
    [section] = reading.sections
    texts = [element.text for element in section.elements if isinstance(element, Paragraph)]
    assert texts == ["Purpose", "Boxed words", "See", "the law.", "Controlled"]


def test_deleted_and_hidden_words_are_listed_and_inserted_ones_are_kept() -> None:
    changed = (
        f"<w:p>{run('Call ')}<w:del><w:r><w:delText>the office</w:delText></w:r></w:del>"
        f"<w:ins>{run('911')}</w:ins>{run(' secret', '<w:vanish/>')}</w:p>"
    )
    reading = read(PURPOSE, changed)
    assert reading.sections[0].elements[1].text == "Call 911"
    assert unplaced(reading) == [
        ("the office", "deleted in tracked changes"),
        (" secret", "hidden text"),
    ]


def test_words_parted_into_runs_stay_one_word_and_breaks_part_words() -> None:
    parted = f"<w:p>{run('evacu')}{run('ation', '<w:i/>')}<w:r><w:tab/></w:r>{run('now')}</w:p>"
    assert read(PURPOSE, parted).words_in == 3


def test_tables_lists_and_pictures_are_kept() -> None:
    drawing = (
        '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="Site map"/>'
        '<a:blip r:embed="rId10"/></wp:inline></w:drawing></w:r></w:p>'
    )
    body = (PURPOSE, table([["Hour", "People"], ["8", "900"]]), item("First", level=1), drawing)
    reading = read(*body, parts={"media/map.png": ("image", PNG)})
    kinds = [type(element) for element in reading.sections[0].elements]
    assert kinds == [Paragraph, Table, Paragraph, Picture]
    assert reading.tables == 1
    [picture] = reading.pictures
    assert (picture.name, picture.alt, picture.content) == ("map.png", "Site map", PNG)


def test_a_picture_outside_the_file_is_named_and_never_fetched() -> None:
    drawing = '<w:p><w:r><w:drawing><a:blip r:link="rId10"/></w:drawing></w:r></w:p>'
    parts = {"http://track.example/x.png": ("image", b"")}
    reading = read(PURPOSE, drawing, parts=parts)
    assert [finding.code for finding in reading.findings] == ["picture_outside"]
    assert reading.pictures == ()


def test_a_table_that_only_frames_text_is_text() -> None:
    source = source_of("a.docx", word_file(table([["Call 911 first"]])))
    assert [type(element) for element in source.elements] == [Paragraph]


def test_prompts_of_a_form_count_as_empty() -> None:
    prompt = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
        f"<w:sdtContent>{paragraph('Describe the school')}</w:sdtContent></w:sdt>"
    )
    [section] = read(PURPOSE, prompt).sections
    assert section.empty


def test_nested_tables_keep_their_words_in_the_outer_cell() -> None:
    inner = table([["Nurse", "AED"], ["Jo", "Gym"]])
    cells = "".join(f"<w:tc>{cell}</w:tc>" for cell in (inner + paragraph("end"), paragraph("b")))
    outer = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    source = source_of("a.docx", word_file(outer))
    [found] = [element for element in source.elements if isinstance(element, Table)]
    assert found.text.split() == ["Nurse", "AED", "Jo", "Gym", "end", "b"]
    assert not any(isinstance(element, SetAside) for element in source.elements)
