"""What drawings are made of: widths, claims, parts, signs, scale bars, and print in Typst."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from maps.drawing import (
    SIGNS,
    DrawingIncomplete,
    draw_level,
    draw_parts_index,
    scale_bar_svg,
    split_level,
    symbol_svg,
)
from maps.drawing.claims import Claims, readable
from maps.drawing.claims import box as turned_box
from maps.drawing.fonts import BOLD, text_width
from maps.drawing.leaders import letters, natural
from maps.drawing.plan import outward
from maps.drawing.sheet import treads
from tests.maps.drawing_school import GROUND, dense_level, small_school

FONTS = Path(__file__).resolve().parents[2] / "backend" / "web" / "fonts"


def test_widths_are_those_of_the_font_files() -> None:
    font = FONTS / "PublicSans-Bold.ttf"
    if not font.is_file():
        pytest.skip("the fonts of the pages are not laid in")
    from fontTools.ttLib import TTFont

    file = TTFont(font)
    advances, names = file["hmtx"], file.getBestCmap()
    words = "Tech AV 174 Ñandú"
    exact = sum(advances[names[ord(sign)]][0] for sign in words) / file["head"].unitsPerEm
    assert text_width(words, 10, BOLD) == pytest.approx(exact * 10, abs=0.05)


def test_a_sign_that_the_metrics_do_not_hold_counts_as_the_widest() -> None:
    assert text_width("漢", 10, BOLD) >= text_width("W", 10, BOLD)


def test_two_claims_that_overlap_are_refused_by_name() -> None:
    claims = Claims(box(0, 0, 100, 100))
    claims.take("label 101", box(10, 10, 20, 20))
    claims.take("AED 1", box(19, 19, 30, 30))
    with pytest.raises(DrawingIncomplete, match=r"label 101 and AED 1 overlap by 1\.00"):
        claims.prove()


def test_a_claim_outside_the_frame_is_refused_by_name() -> None:
    claims = Claims(box(0, 0, 100, 100))
    claims.take("MAIN", box(95, 10, 105, 20))
    with pytest.raises(DrawingIncomplete, match="MAIN leaves the frame"):
        claims.prove()


def test_a_taken_place_is_not_free_before_and_after_the_tree_is_built() -> None:
    claims = Claims(box(0, 0, 1000, 1000))
    for step in range(60):
        claims.take(f"label {step}", box(step * 10, 0, step * 10 + 8, 8))
        assert not claims.free(box(step * 10 + 4, 4, step * 10 + 6, 6))
    assert claims.free(box(700, 0, 708, 8))


def test_a_turned_box_keeps_its_area_and_center() -> None:
    turned = turned_box(50, 40, 20, 6, -30)
    assert turned.area == pytest.approx(120)
    assert (turned.centroid.x, turned.centroid.y) == pytest.approx((50, 40))


@given(st.floats(-720, 720))
def test_text_never_reads_downwards(angle: float) -> None:
    turned = readable(angle)
    assert -100 <= turned < 80
    assert (turned - angle) % 180 == pytest.approx(0, abs=1e-6) or (
        turned - angle
    ) % 180 == pytest.approx(180, abs=1e-6)


@given(st.lists(st.integers(0, 5000), unique=True, min_size=2, max_size=20))
def test_no_two_places_of_the_list_share_a_letter(places: list[int]) -> None:
    assert len({letters(place) for place in places}) == len(places)


def test_letters_go_on_after_z() -> None:
    assert [letters(place) for place in (0, 25, 26, 51, 52)] == ["a", "z", "aa", "az", "ba"]


def test_numbers_sort_as_people_read_them() -> None:
    assert sorted(["128A.10", "9", "128A.2", "EC1"], key=natural) == [
        "9", "128A.2", "128A.10", "EC1",
    ]  # fmt: skip


def test_a_door_points_out_of_the_building_and_into_its_court() -> None:
    house = Polygon(box(0, 0, 30, 30).exterior, [box(10, 10, 20, 20).exterior])
    assert outward(house, Point(30.2, 15))[1] == pytest.approx((1, 0))
    assert outward(house, Point(10.1, 15))[1] == pytest.approx((1, 0))


def test_treads_lie_across_the_stair_3_points_apart() -> None:
    steps = treads(box(0, 0, 32, 10))
    lines = shapely.get_parts(steps)
    assert len(lines) == 10
    assert {round(line.length, 6) for line in lines} == {10.0}


def test_a_level_that_fits_is_not_split() -> None:
    assert split_level(small_school(), GROUND, width=590, height=500) == ()


def test_parts_share_scale_and_grid_and_leave_no_room_out() -> None:
    dense = dense_level()
    parts = split_level(dense, GROUND, width=300, height=240)
    assert len(parts) > 1
    assert {part.scale for part in parts} <= {720, 600, 480}
    seen: set[str] = set()
    for part in parts:
        drawing = draw_level(dense, GROUND, width=300, height=240, part=part)
        assert drawing.scale == part.scale
        assert f"part {part.number} of {len(parts)}" in drawing.alt
        words = re.findall(r">([^<]+)</text>", drawing.svg)
        seen |= set(words) | {entry.label for entry in drawing.listed}
        for number in part.neighbors().values():
            assert f"continues on part {number}" in [*words, *drawing.left_out]
    assert {found.label for found in dense.features} <= seen


def test_the_index_frames_and_numbers_each_part() -> None:
    dense = dense_level()
    parts = split_level(dense, GROUND, width=300, height=240)
    index = draw_parts_index(dense, GROUND, parts, width=400, height=300)
    assert index.svg.count('class="m-part"') == len(parts)
    numbers = re.findall(r'class="m-part-number"[^>]*>(\d+)<', index.svg)
    assert sorted(map(int, numbers)) == [part.number for part in parts]


def test_an_index_without_parts_is_refused_with_a_remedy() -> None:
    with pytest.raises(DrawingIncomplete, match="draw the level whole"):
        draw_parts_index(small_school(), GROUND, (), width=400, height=300)


@pytest.mark.parametrize("symbol", sorted(SIGNS))
def test_each_sign_is_a_complete_svg_that_needs_no_stylesheet(symbol: str) -> None:
    root = ET.fromstring(symbol_svg(symbol, 11))
    shapes = [element for element in root.iter() if element is not root]
    assert shapes
    for shape in shapes:
        assert shape.get("fill"), f"{shape.tag} of {symbol} has no color of its own"
        assert shape.get("style") is None
    assert float(root.get("height", 0)) >= 11


def test_a_sign_that_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        symbol_svg("dragon", 11)


@pytest.mark.parametrize("scale", [240, 480, 600, 1010, 3045])
def test_a_scale_bar_is_as_long_as_it_says(scale: int) -> None:
    root = ET.fromstring(scale_bar_svg(scale, 180))
    words = [element.text or "" for element in root.iter() if element.tag.endswith("text")]
    bars = [element for element in root.iter() if element.tag.endswith("rect")]
    for position, unit in ((0, 0.3048), (1, 1.0)):
        half = float(words[3 * position + 1])
        length = half * unit * 72 / 0.0254 / scale
        assert float(bars[2 * position].get("width", 0)) == pytest.approx(length, abs=0.01)
        assert 2 * length <= 180


def test_typst_prints_a_level_with_public_sans_alone(tmp_path: Path) -> None:
    typst = pytest.importorskip("typst")
    pikepdf = pytest.importorskip("pikepdf")
    if not (FONTS / "PublicSans-Bold.ttf").is_file():
        pytest.skip("the fonts of the pages are not laid in")
    drawing = draw_level(small_school(), GROUND, width=590, height=500)
    (tmp_path / "level.svg").write_text(drawing.svg, encoding="utf-8")
    source = tmp_path / "sheet.typ"
    source.write_text('#image("level.svg", alt: "Plan")', encoding="utf-8")
    typst.compile(
        str(source),
        output=str(tmp_path / "sheet.pdf"),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
    )
    with pikepdf.open(tmp_path / "sheet.pdf") as pdf:
        names = {
            str(thing["/BaseFont"])
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and "/BaseFont" in thing
        }
    assert names
    assert all("PublicSans" in name for name in names)
