"""What is no plan document is refused with its reason and how to mend it."""

import io
import struct
import time
import zipfile

import pikepdf
import pytest

from plans.reading import pdf, refusals, word_package
from plans.reading.reading import read_plan
from plans.reading.result import PlanRefused
from tests.plans.reading.word_files import paragraph, word_file

LOCK = pikepdf.Encryption(user="u", owner="o")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def code(name: str, data: bytes) -> str:
    with pytest.raises(PlanRefused) as refused:
        read_plan(name, data)
    assert refused.value.message
    assert refused.value.mend
    assert refused.value.where.startswith(name)
    return refused.value.code


def stream(name: str) -> bytes:
    return OLE + name.encode("utf-16-le")


def zipped(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def pdf_file(**save: object) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(buffer, **save)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("old.doc", stream("WordDocument"), "format_doc"),
        ("locked.docx", stream("EncryptedPackage"), "file_encrypted"),
        ("book.xls", stream("Workbook"), "format_xls"),
        ("slides.ppt", stream("PowerPoint Document"), "format_ppt"),
        ("plan.rtf", b"{\\rtf1 hello}", "format_rtf"),
        ("scan.png", b"\x89PNG\r\n\x1a\n", "file_picture"),
        ("plan.zip", zipped(readme=b"hello"), "format_archive"),
        ("plan.odt", zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "format_odt"),
        ("plan.docx", word_file(paragraph("Hi"))[:300], "file_broken"),
        ("plan.pdf", b"%PDF-1.7\nnothing here", "file_broken"),
        ("plan.pdf", pdf_file(encryption=LOCK), "file_encrypted"),
        ("data.json", b'{"a": 1}', "format_json"),
        ("map.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format_xml"),
        ("a.xml", b"<?xml version='1.0'?><plan/>", "format_xml"),
        ("empty.txt", b" \n ", "file_empty"),
        ("noise.bin", bytes(range(1, 32)) * 40, "file_unknown"),
        ("tool.exe", b"MZ\x90\x00", "file_unknown"),
    ],
)  # fmt: skip
def test_other_files_are_refused_by_their_content(name: str, data: bytes, expected: str) -> None:
    assert code(name, data) == expected


def test_a_word_file_that_declares_entities_is_refused_and_none_is_resolved() -> None:
    prolog = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    assert code("plan.docx", word_file(paragraph("x"), prolog=prolog)) == "entities"


def test_a_word_file_that_unpacks_without_end_is_refused() -> None:
    bomb = word_file(paragraph("Purpose", "Heading1"), paragraph(" " * 40_000_000))
    assert len(bomb) < 200_000
    assert code("plan.docx", bomb) == "file_expands"


def test_a_word_file_with_damaged_xml_names_the_part() -> None:
    buffer = io.BytesIO(word_file(paragraph("Purpose")))
    with zipfile.ZipFile(buffer) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"][:-20]
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(PlanRefused, match=r"word/document\.xml") as refused:
        read_plan("plan.docx", broken.getvalue())
    assert refused.value.code == "file_broken"


def test_a_flipped_byte_in_the_archive_is_found() -> None:
    data = bytearray(word_file(paragraph("Purpose", "Heading1")))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        info = archive.getinfo("word/document.xml")
    start = info.header_offset + 30 + len(info.filename)
    data[start + 20 : start + 24] = struct.pack("<I", 0xDEADBEEF)
    assert code("plan.docx", bytes(data)) == "file_broken"


def test_limits_of_size_and_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST_BYTES", 1000)
    assert code("plan.txt", b"word " * 400) == "file_too_large"
    monkeypatch.undo()
    monkeypatch.setattr(pdf, "MOST_PAGES", 0)
    assert code("plan.pdf", pdf_file()) == "too_many_pages"
    monkeypatch.undo()
    monkeypatch.setattr(word_package, "MOST_ENTRIES", 2)
    assert code("plan.docx", word_file(paragraph("x"))) == "file_expands"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_of_offices(encoding: str) -> None:
    text = "Purpose\n\nSeñora Peña’s plan – for all."
    reading = read_plan("plan.txt", text.encode(encoding))
    assert reading.words_in == 7
    assert "Peña’s" in repr(reading.sections)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("a.txt", "_"), ("a.txt", "a"), ("a.txt", ". "), ("a.md", "["), ("a.md", "<a"),
        ("a.md", "!["), ("a.txt", "1. Call the office\n"), ("a.html", "<p>x"), ("a.md", "|a|b|\n"),
    ],
)  # fmt: skip
def test_text_made_to_take_time_by_the_square_takes_it_by_its_length(name: str, unit: str) -> None:
    start = time.process_time()
    read_plan(name, b"# Purpose\n\n" + unit.encode() * 20_000)
    assert time.process_time() - start < 5
