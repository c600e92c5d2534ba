"""The printed packet: tagged, our typeface alone, complete, the same bytes again."""

import dataclasses
import os
import re
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest

from maps.document import MapDocument
from plans.content.document import Block, PlanDocument, Section
from plans.packets.drawings import draw_paper
from plans.packets.typeface import Fitting
from plans.packets.typeset import TypesettingFailed, typeset, typeset_drawn
from tests.plans.packets.campus import CHECK, EDITION, composed, conditions, tree
from tests.plans.packets.campus import pdf as packet

NO_MAP = MapDocument((), ())
poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the text of each page."""
    file = tmp_path_factory.mktemp("packet") / "packet.pdf"
    file.write_bytes(packet())
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return text.stdout.decode().split("\f")[:-1]


@pytest.fixture(scope="module")
def pdf() -> pikepdf.Pdf:
    import io

    return pikepdf.open(io.BytesIO(packet()))


def test_the_same_tree_gives_the_same_bytes() -> None:
    assert typeset(composed()) == packet()


def test_words_set_ahead_of_the_maps_change_nothing() -> None:
    assert typeset_drawn(tree(), draw_paper(tree())) == packet()


def test_a_drawing_that_fails_leaves_no_process_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object, **_more: object) -> None:
        raise RuntimeError("no paper")

    monkeypatch.setattr("plans.packets.typeset.draw_paper", broken)
    with pytest.raises(RuntimeError, match="no paper"):
        typeset(composed(map_document=NO_MAP))
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    running = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    assert not any(b"compile_folder" in command for command in running)


@poppler
def test_a_paper_without_a_number_to_call_names_nobody(tmp_path: Path) -> None:
    file = tmp_path / "packet.pdf"
    silent = dataclasses.replace(CHECK, answering_phone="")
    first = dataclasses.replace(EDITION, replaces_number=None)
    made = composed(map_document=NO_MAP, check=silent, edition=first, changes=[])
    file.write_bytes(typeset(made))
    said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    text = said.stdout.decode()
    assert "No network: call" not in text
    assert "Destroy or return this paper" in text
    assert "This is the first version." in text


def test_it_is_tagged_has_title_and_language(pdf: pikepdf.Pdf) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert str(pdf.Root.Lang).startswith("en")
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    with pdf.open_metadata() as meta:
        assert meta["dc:title"] == "Lincoln High School: response packet v8"
        assert meta["pdfuaid:part"] == "1"


def test_it_has_bookmarks_for_its_parts(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles[0] == "Lincoln High School"
    assert {"Site map", "Floor 1", "Floor 2", "Roles and alternates"} <= set(titles)


def test_every_figure_has_words_for_those_who_cannot_see_it(pdf: pikepdf.Pdf) -> None:
    figures = [obj for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary)
               and obj.get("/S") == "/Figure"]  # fmt: skip
    assert len(figures) >= 5
    assert all(str(figure.get("/Alt", "")) for figure in figures)


def test_only_public_sans_is_in_it(pdf: pikepdf.Pdf) -> None:
    names = {str(obj.BaseFont) for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary)
             and obj.get("/Type") == "/Font"}  # fmt: skip
    assert names
    assert all("PublicSans" in name for name in names)


def test_pages_are_letter_and_maps_lie(pdf: pikepdf.Pdf) -> None:
    sizes = [tuple(float(v) for v in page.mediabox[2:]) for page in pdf.pages]
    assert sizes[:3] == [(612.0, 792.0), (612.0, 792.0), (792.0, 612.0)]
    assert set(sizes) == {(612.0, 792.0), (792.0, 612.0)}


@poppler
def test_page_one_is_one_page_and_holds_what_is_needed_first(words: list[str]) -> None:
    for wanted in ("2100 Alder Street", "Where to go", "School day", "After hours", "555-0100",
                   "Conditions in force", "Is this paper current?", "C/7KQ2M9XD"):  # fmt: skip
        assert wanted in words[0]
    assert "Hazards, utilities, people" in words[1]


@poppler
def test_each_page_says_what_it_belongs_to(words: list[str]) -> None:
    for number, page in enumerate(words, start=1):
        assert f"Page {number} of {len(words)}" in page
        for wanted in ("Plan v8", "m1:9f2c41d07ab3", "Contact sheet Mon, Aug 31, 2026",
                       "FOR OFFICIAL USE ONLY – FIRST RESPONDERS"):  # fmt: skip
            assert wanted in page.replace("\u00a0", " ")


@poppler
def test_every_room_number_can_be_found_in_an_index(words: list[str]) -> None:
    found = set(re.findall(r"\S+", " ".join(words)))
    rooms = {room.label for level in tree().levels for room in level.rooms}
    assert rooms <= found


def test_a_level_that_is_too_dense_says_on_which_part_a_room_is() -> None:
    drawings = draw_paper(tree())
    for level in tree().levels:
        assert all(sheet.drawing is not None for sheet in drawings.levels[level.id])


def test_a_packet_without_a_map_is_still_typeset() -> None:
    empty = PlanDocument(campus={"name": "X"}, version=1, map_version=None, map_hash=None)
    bare = composed(
        document=empty, map_document=MapDocument((), ()), sheet=None, first_page=None,
        conditions=[], changes=[], marking="",
    )  # fmt: skip
    assert typeset(bare).startswith(b"%PDF")


def test_text_of_any_kind_is_typeset() -> None:
    text = (
        "# Big\n\n> Quoted → “done” ✓\n\n- one\n  1. two\n\n| a | b |\n|---|---|\n| 漢字 | `x` |\n"
        "\n"
        "```\nas typed #let x = 1\n```\n\n---\n\n[out](https://example.org) **#strong[x]** $a$"
    )
    block = Block("BP-01/1", "text", "staff", text)
    roles = Block("BP-01/2", "contacts", "staff", rows=({"name": "A", "phone": "1"},))
    picture = Block("BP-01/3", "picture", "staff", rows=({"file": "x", "alt": "A gate"},))
    section = Section("BP-01", "BP-01", "basic_plan", "Odd text", (block, roles, picture))
    plan = PlanDocument(campus={}, version=1, map_version=None, map_hash=None, sections=(section,))
    made = typeset(composed(document=plan, map_document=NO_MAP))
    assert made.startswith(b"%PDF")


def test_signs_that_the_typeface_lacks_are_counted() -> None:
    fit = Fitting()
    assert fit.text("A → B ✓ café Ł 漢") == "A -> B yes café Ł ?"
    assert fit.missing == 1


def test_typesetting_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(TypesettingFailed, match="longer than"):
        typeset(composed(map_document=NO_MAP), longest_seconds=0.01)


@poppler
@pytest.mark.parametrize("count", [7, 14])
def test_page_one_stays_one_page_and_drops_nothing(count: int, tmp_path: Path) -> None:
    row = {"post": "Assistant principal for student services", "person": "Bartholomew Featherston",
           "note": "answers when the principal does not, in the building from 06:30"}  # fmt: skip
    numbers = [{**row, "phone": f"+1 (989) 555-01{n:02} x4471"} for n in range(count)]
    text = "Chained until the contractor has finished; use the front drive from Alder Street."
    many = [dataclasses.replace(conditions()[0], place=f"Gate {n}", text=text)
            for n in range(count)]  # fmt: skip
    made = composed(sheet={"school_day": numbers, "after_hours": numbers}, conditions=many)
    file = tmp_path / "packet.pdf"
    file.write_bytes(typeset(made))
    said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    pages = said.stdout.decode().split("\f")
    assert "Is this paper current?" in pages[0]
    assert "more, on the other side" in pages[0]
    for n in range(count):
        assert f"555-01{n:02}" in pages[0] + pages[1] + pages[2]
        assert f"Gate {n}:" in pages[0] + pages[1]
