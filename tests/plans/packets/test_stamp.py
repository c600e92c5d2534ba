"""Stamps: each copy is whole, names its recipient on each page, and costs next to nothing."""

import io
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.packets.stamp import NoStampPlace, Stamper, prepare_base, stamp
from tests.plans.packets.campus import pdf

LINES = ("For Sgt. Alan Prüitt, Cedar Valley Police Department", "Copy 7KQ2M9XD, opened 09:52")


@cache
def base() -> bytes:
    return prepare_base(pdf())[0]


@cache
def stamper() -> Stamper:
    return Stamper(base())


def test_the_base_counts_its_pages_and_is_the_same_each_time() -> None:
    again, pages = prepare_base(pdf())
    assert again == base()
    with pikepdf.open(io.BytesIO(again)) as opened:
        assert len(opened.pages) == pages


def test_the_base_names_nobody() -> None:
    with pikepdf.open(io.BytesIO(base())) as opened:
        form = opened.pages[0].Resources.XObject["/MusterStamp"]
        assert form.read_bytes() == b""


def test_a_copy_is_the_base_and_a_small_update() -> None:
    made = stamp(base(), LINES)
    assert made.startswith(base())
    assert len(made) - len(base()) < 2_000


def test_a_copy_stays_tagged_and_the_stamp_is_an_artifact() -> None:
    with pikepdf.open(io.BytesIO(stamp(base(), LINES))) as opened:
        assert opened.Root.MarkInfo.Marked
        for page in opened.pages:
            last = page.Contents[-1].read_bytes()
            assert b"/Artifact" in last
            assert b"/MusterStamp Do" in last
            assert len(page.Resources.XObject["/MusterStamp"].read_bytes()) > 0


@pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")
def test_a_copy_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "copy.pdf"
    file.write_bytes(stamp(base(), LINES))
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")
def test_every_page_names_the_recipient_in_words_that_can_be_found(tmp_path: Path) -> None:
    file = tmp_path / "copy.pdf"
    file.write_bytes(stamp(base(), LINES))
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout
    pages = text.decode().split("\f")[:-1]
    assert all(LINES[0] in page and LINES[1] in page for page in pages)


def test_two_copies_differ_in_nothing_but_the_stamp() -> None:
    one, two = stamper().copy(["For A"]), stamper().copy(["For B"])
    assert one != two
    assert one[: len(base())] == two[: len(base())]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_any_name_gives_a_copy_that_opens(name: str) -> None:
    made = stamper().copy([f"For {name}", name])
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.pages[0].Resources.XObject["/MusterStamp"].read_bytes()


def test_a_pdf_that_was_not_prepared_is_refused() -> None:
    with pytest.raises(NoStampPlace):
        stamp(pdf(), LINES)
