"""Stored bytes and photos."""

import io

import pytest
from PIL import Image

from backend.files import pictures, store
from backend.files.models import FilePart, StoredFile
from backend.problems import BadInput
from backend.tenancy import reach
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_file_of_several_parts_comes_back_whole(cast: Cast) -> None:
    content = bytes(range(256)) * 9000
    with reach.of_districts(cast.district.pk):
        file = store.put(
            district_id=cast.district.pk, content=content, content_type="x/y", name="plan.bin"
        )
        assert FilePart.objects.filter(file=file).count() == 3
        assert store.read(file) == content


def test_the_same_bytes_are_stored_once_per_district(cast: Cast) -> None:
    for district in (cast.district, cast.other_district, cast.district):
        with reach.of_districts(district.pk):
            store.put(district_id=district.pk, content=b"map", content_type="x/y", name="a")
            assert StoredFile.objects.count() == 1


def test_a_damaged_file_is_not_handed_out(cast: Cast) -> None:
    with reach.of_districts(cast.district.pk):
        file = store.put(district_id=cast.district.pk, content=b"map", content_type="x/y", name="a")
        FilePart.objects.update(content=b"mop")
        with pytest.raises(ValueError, match="does not match"):
            store.read(file)


def test_a_photo_is_made_small_and_loses_its_metadata() -> None:
    raw = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at 43.2 N"
    Image.new("RGB", (3000, 1000), "#336699").save(raw, "JPEG", exif=exif)
    cleaned = pictures.clean_photo(raw.getvalue())
    with Image.open(io.BytesIO(cleaned)) as picture:
        assert picture.size == (1600, 533)
        assert not picture.getexif()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"<svg xmlns='x'/>", b"\xff\xd8\xff" * 9])
def test_what_is_no_picture_is_refused_with_its_mend(content: bytes) -> None:
    with pytest.raises(BadInput) as refused:
        pictures.clean_photo(content)
    assert "JPEG" in refused.value.mend
