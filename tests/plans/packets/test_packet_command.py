"""`muster plan packet`: the packet in force as a file, made out to a contact."""

from argparse import Namespace
from pathlib import Path

import pytest

from backend.problems import BadInput, NotFound
from plans.commands import write_packet
from plans.models import PacketAccess, Publication
from tests.cast import Cast
from tests.plans.app.writing import confirmed_sheet, in_district, person, published


@pytest.fixture
def publication(cast: Cast) -> Publication:
    with in_district(cast):
        confirmed_sheet(cast, person(cast, "sro"))
        return published(cast)


def asked(file: Path, **more: str) -> Namespace:
    given = {"campus": "Lincoln High School", "format": "pdf", "contact": "", "output": file}
    return Namespace(**(given | more))


def test_it_writes_the_pdf_for_a_contact_and_records_it(
    cast: Cast, publication: Publication, tmp_path: Path
) -> None:
    file = tmp_path / "packet.pdf"
    result = write_packet(asked(file, contact="sgt. alan pruitt"))
    assert file.read_bytes().startswith(b"%PDF")
    assert result["for"] == "Sgt. Alan Pruitt, Cedar Valley Police Department"
    with in_district(cast):
        row = PacketAccess.objects.get()
    assert (row.copy_code, row.agency_id, row.form) == (result["copy"], cast.police.pk, "pdf")


def test_it_writes_the_one_file_html(cast: Cast, publication: Publication, tmp_path: Path) -> None:
    file = tmp_path / "packet.html"
    result = write_packet(asked(file, format="html", campus=cast.lincoln.slug))
    assert result["bytes"] == file.stat().st_size
    assert "Lincoln High School" in file.read_text()


@pytest.mark.parametrize("more", [{"campus": "Nowhere"}, {"contact": "Nobody"}])
def test_a_name_that_nobody_has_is_refused_with_those_there_are(
    cast: Cast, publication: Publication, tmp_path: Path, more: dict[str, str]
) -> None:
    with pytest.raises(BadInput) as refused:
        write_packet(asked(tmp_path / "x.pdf", **more))
    assert refused.value.mend.startswith("Give")
    assert not (tmp_path / "x.pdf").exists()


def test_a_campus_without_a_plan_in_force_has_no_packet(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="in force"):
        write_packet(asked(tmp_path / "x.pdf"))


def test_a_folder_that_is_not_there_is_refused(
    cast: Cast, publication: Publication, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        write_packet(asked(tmp_path / "none" / "x.html", format="html"))
