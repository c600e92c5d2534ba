"""The picture of the site: where to go."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from maps.document import MapDocument
from maps.drawing import Drawing, DrawingIncomplete, Mark, draw_level, draw_site
from tests.maps.drawing_school import EAST, LATITUDE, LONGITUDE, NORTH, document, small_school
from tests.maps.test_drawing import assert_proven, texts

SVG = "{http://www.w3.org/2000/svg}"
WAY_IN = [
    (LONGITUDE + 88 * EAST, LATITUDE - 10 * NORTH),
    (LONGITUDE + 88 * EAST, LATITUDE + 33 * NORTH),
    (LONGITUDE + 64 * EAST, LATITUDE + 33 * NORTH),
]


@pytest.fixture(scope="module")
def site() -> Drawing:
    marks = [Mark("gate Gate 4", "Gate 4 chained")]
    return draw_site(small_school(), width=400, height=285, marks=marks, approach=WAY_IN)


def test_the_site_shows_doors_areas_signs_and_great_rooms(site: Drawing) -> None:
    words = texts(site)
    for expected in ("1", "MAIN", "A1", "CP", "H", "FACP", "Gym", "Cafeteria", "Alder Street"):
        assert expected in words
    assert "101" not in words


def test_side_a_is_where_the_main_entrance_faces_and_b_follows_clockwise(site: Drawing) -> None:
    places = {
        element.text: (float(element.get("x", 0)), float(element.get("y", 0)))
        for element in ET.fromstring(site.svg).iter(f"{SVG}text")
        if (element.text or "").startswith("SIDE")
    }
    assert places["SIDE A"][0] > places["SIDE C"][0]
    assert places["SIDE B"][1] > places["SIDE D"][1]
    assert "Side A, the front, is the east side." in site.alt


def test_a_condition_at_a_gate_is_written_once(site: Drawing) -> None:
    assert [word for word in texts(site) if "Gate 4" in word] == ["Gate 4 chained"]


def test_the_way_in_ends_in_an_arrow_head(site: Drawing) -> None:
    assert site.svg.count('class="m-approach"') == 1
    assert site.svg.count('class="m-approach-head"') == 1
    assert {"approach", "gate", "fence"} <= {item.symbol for item in site.legend}


def test_nothing_of_the_site_overlaps_or_leaves_the_frame(site: Drawing) -> None:
    assert_proven(site)


@pytest.mark.parametrize("size", [(400, 285), (390, 300), (560, 400)])
def test_the_demonstration_campus_fits_at_each_size(size: tuple[int, int]) -> None:
    from tests.maps.test_drawing import lincoln

    drawing = draw_site(lincoln(), width=size[0], height=size[1])
    assert_proven(drawing)
    assert not {"MAIN beside the main entrance"} & set(drawing.left_out)


def test_a_map_without_levels_is_refused_with_a_remedy() -> None:
    with pytest.raises(DrawingIncomplete, match="draw the ground floor first"):
        draw_site(MapDocument((), ()), width=400, height=285)


def test_a_map_without_rooms_is_refused_with_a_remedy() -> None:
    with pytest.raises(DrawingIncomplete, match="Floor 1 has no room"):
        draw_site(document(), width=400, height=285)


@pytest.mark.shared_data
def test_a_real_university_building_is_drawn_without_loss(shared_data: Path) -> None:
    from maps.formats.reading import read_map

    source = shared_data / "maps" / "dresden-apb.geojson"
    if not source.is_file():
        pytest.skip("dresden-apb.geojson is not in the reference data")
    campus = read_map(source.name, source.read_bytes()).document()
    third = next(level for level in campus.levels if level.ordinal == 3)
    drawing = draw_level(campus, third.id, width=590, height=500)
    rooms = [f for f in campus.on_level(third.id) if f.kind == "room"]
    assert drawing.accounted == len(rooms)
    assert drawing.in_place / drawing.accounted > 0.85
    assert_proven(drawing)
