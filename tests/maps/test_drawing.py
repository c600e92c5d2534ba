"""Drawing one level: nothing dropped, nothing covered, nothing outside the frame."""

import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from shapely.geometry import box

from maps.document import MapDocument
from maps.drawing import (
    Drawing,
    DrawingIncomplete,
    Mark,
    draw_level,
    draw_site,
    paper_stylesheet,
    screen_stylesheet,
)
from tests.maps.drawing_school import (
    GROUND,
    UPPER,
    dense_level,
    document,
    feature,
    room,
    small_school,
)

SVG = "{http://www.w3.org/2000/svg}"
LETTER, TABLOID = (590.0, 500.0), (1050.0, 700.0)


def texts(drawing: Drawing) -> list[str]:
    return [element.text or "" for element in ET.fromstring(drawing.svg).iter(f"{SVG}text")]


def paths(drawing: Drawing, css: str) -> list[str]:
    found = ET.fromstring(drawing.svg).iter(f"{SVG}path")
    return [path.get("d", "") for path in found if path.get("class") == css]


def claim_of(drawing: Drawing, what: str) -> tuple[float, float, float, float]:
    bounds = [claim.outline.bounds for claim in drawing.claims if claim.what == what]
    assert len(bounds) == 1, f"{what}: {[claim.what for claim in drawing.claims]}"
    return bounds[0]


@pytest.fixture(scope="module")
def school() -> MapDocument:
    return small_school()


@pytest.fixture(scope="module")
def ground(school: MapDocument) -> Drawing:
    return draw_level(school, GROUND, width=1000, height=500)


def lincoln() -> MapDocument:
    from backend.demo.campus_map import lincoln_high_school
    from maps.formats.reading import read_map
    from maps.geometry.grid import make_grid

    read = read_map("lincoln.geojson", lincoln_high_school())
    grid = make_grid([found.geometry for found in read.features])
    return MapDocument(read.levels, read.features, grid)


@pytest.fixture(scope="module")
def campus() -> MapDocument:
    return lincoln()


def assert_proven(drawing: Drawing) -> None:
    frame = box(12, 12, drawing.width - 12, drawing.height - 12).buffer(0.01)
    for claim in drawing.claims:
        assert frame.covers(claim.outline), f"{claim.what} leaves the frame"
    for one, other in itertools.combinations(drawing.claims, 2):
        shared = one.outline.intersection(other.outline).area
        assert shared <= 0.05, f"{one.what} and {other.what} share {shared:.2f} square points"


def test_every_room_number_stands_on_the_sheet_or_in_the_list(
    school: MapDocument, ground: Drawing
) -> None:
    rooms = [f for f in school.on_level(GROUND) if f.kind == "room"]
    listed = {entry.feature: entry for entry in ground.listed}
    for found in rooms:
        if found.id in listed:
            mark = listed[found.id].mark
            assert texts(ground).count(mark) == 1 if mark else not found.label
        else:
            assert found.label in texts(ground)
    assert ground.accounted == len(rooms)
    assert ground.in_place + ground.led + len(ground.listed) == len(rooms)


def test_a_room_without_number_stands_in_the_list_with_its_cell(ground: Drawing) -> None:
    nameless = [entry for entry in ground.listed if not entry.label]
    assert [(entry.mark, entry.feature) for entry in nameless] == [("", "room ")]
    assert re.fullmatch(r"[A-Z]\d+", nameless[0].cell)


def test_letters_of_small_rooms_follow_the_order_of_their_numbers() -> None:
    closets = [room(f"129.{n}", 20, n * 3.0, 23, n * 3.0 + 2.9) for n in range(12, 0, -1)]
    around = [room("1", 0, 0, 20, 60), room("2", 23, 0, 60, 60), *closets]
    drawing = draw_level(document(*around), GROUND, width=240, height=240)
    marks = [entry.mark for entry in drawing.listed]
    numbers = [int(entry.label.removeprefix("129.")) for entry in drawing.listed]
    assert marks == list("abcdefghijkl")[: len(marks)]
    assert numbers == sorted(numbers)
    assert max(numbers) >= 10


@pytest.mark.parametrize("size", [LETTER, TABLOID])
def test_no_two_places_overlap_and_none_leaves_the_frame(
    campus: MapDocument, size: tuple[float, float]
) -> None:
    for level in campus.levels:
        drawing = draw_level(campus, level.id, width=size[0], height=size[1])
        rooms = [f for f in campus.on_level(level.id) if f.kind == "room"]
        assert drawing.accounted == len(rooms)
        assert_proven(drawing)


def test_signs_and_labels_of_a_small_school_do_not_overlap(ground: Drawing) -> None:
    assert_proven(ground)


def test_a_label_of_a_room_stays_clear_of_the_room_inside_it(ground: Drawing) -> None:
    parent, child = claim_of(ground, "label 104"), claim_of(ground, "label 104A")
    assert not box(*parent).intersects(box(*child))


def test_a_name_in_brackets_is_cut_and_one_that_repeats_the_number_is_left_out(
    ground: Drawing,
) -> None:
    assert "Gym" in texts(ground)
    assert texts(ground).count("103") == 1


def test_the_main_entrance_bears_its_word_and_its_larger_disc(ground: Drawing) -> None:
    assert "MAIN" in texts(ground)
    main, other = claim_of(ground, "exterior door 1"), claim_of(ground, "exterior door 2")
    assert main[2] - main[0] > other[2] - other[0]


def test_a_door_on_a_court_has_its_disc_in_the_court(ground: Drawing) -> None:
    west, north, east, south = claim_of(ground, "exterior door 3")
    (court,) = paths(ground, "m-court")
    numbers = [float(value) for value in re.findall(r"-?[\d.]+", court)]
    assert min(numbers[::2]) < west < east < max(numbers[::2])
    assert min(numbers[1::2]) < north < south < max(numbers[1::2])


def test_each_interior_door_opens_the_wall(ground: Drawing) -> None:
    (gaps,) = paths(ground, "m-gap")
    assert gaps.count("M") >= 2


def test_two_aeds_side_by_side_become_one_sign_with_their_count(ground: Drawing) -> None:
    assert "×2" in texts(ground)
    assert sum(claim.what.startswith("AED") for claim in ground.claims) == 1


def test_the_legend_names_only_what_is_on_the_sheet(school: MapDocument, ground: Drawing) -> None:
    upper = draw_level(school, UPPER, width=590, height=500)
    assert [item.symbol for item in upper.legend] == ["stair"]
    assert {"gas", "fire-panel", "assembly-area"} <= {i.symbol for i in ground.legend}


def test_the_legend_says_where_a_shut_off_is(ground: Drawing) -> None:
    (gas,) = [item for item in ground.legend if item.symbol == "gas"]
    assert re.fullmatch(r"[A-Z]\d+, in 108", gas.note)


def test_an_upper_hole_over_a_court_is_a_court(campus: MapDocument) -> None:
    upper = draw_level(campus, campus.levels[1].id, width=590, height=500)
    assert paths(upper, "m-court")
    assert "Courtyard" in texts(upper)


def test_an_upper_hole_over_the_roofs_of_the_floor_below_is_no_court(school: MapDocument) -> None:
    upper = draw_level(school, UPPER, width=590, height=500)
    assert not paths(upper, "m-court")
    assert paths(upper, "m-unnamed")
    assert "?" in texts(upper)


def test_a_face_that_nobody_named_is_never_drawn_as_corridor() -> None:
    around = [
        room("1", 0, 0, 40, 10),
        room("2", 0, 30, 40, 40),
        room("3", 0, 10, 10, 30),
        room("4", 30, 10, 40, 30),
        feature("building", "Hall", box(0, 0, 40, 40), levels=()),
    ]
    drawing = draw_level(document(*around), GROUND, width=400, height=400)
    assert paths(drawing, "m-unnamed")
    assert not paths(drawing, "m-court")


def test_outdoors_stands_on_the_ground_floor_alone(school: MapDocument, ground: Drawing) -> None:
    assert "900 people" in texts(ground)
    assert "900 people" not in texts(draw_level(school, UPPER, width=590, height=500))


def test_grid_names_leave_out_i_and_o(campus: MapDocument) -> None:
    drawing = draw_level(campus, campus.levels[0].id, width=1050, height=700)
    root = ET.fromstring(drawing.svg)
    edges = {t.text for t in root.iter(f"{SVG}text") if t.get("class") == "m-edge"}
    assert {"P", "Q"} <= edges
    assert not {"I", "O"} & edges


def test_a_condition_is_written_beside_its_feature_on_its_own_level_only(
    school: MapDocument,
) -> None:
    marks = [Mark("stair S-A", "Stair S-A closed"), Mark("room 201", "Leak")]
    drawing = draw_level(school, GROUND, width=590, height=500, marks=marks)
    assert "Stair S-A closed" in texts(drawing)
    assert "Leak" not in texts(drawing)
    assert "condition" in {item.symbol for item in drawing.legend}


def test_links_wrap_each_room_and_bear_a_title(school: MapDocument) -> None:
    drawing = draw_level(
        school, GROUND, width=590, height=500, style="screen", links=lambda i: f"?room={i}&x=1"
    )
    root = ET.fromstring(drawing.svg)
    links = list(root.iter(f"{SVG}a"))
    assert len(links) == drawing.accounted
    assert links[0].get("href", "").startswith("?room=room ")
    titles = [title.text for link in links for title in link.iter(f"{SVG}title")]
    assert "101 Library" in titles
    assert root.get("role") == "group"


def test_the_picture_has_a_role_a_title_and_a_description(ground: Drawing) -> None:
    root = ET.fromstring(ground.svg)
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Plan of Floor 1"
    assert root.findtext(f"{SVG}desc") == ground.alt
    assert ground.alt.startswith("Plan of Floor 1, true north up, scale 1 to ")
    assert "11 rooms, 3 exterior doors." in ground.alt


@pytest.mark.parametrize("style", ["paper", "screen"])
def test_no_shape_bears_a_style_attribute(school: MapDocument, style: str) -> None:
    drawing = draw_level(school, GROUND, width=590, height=500, style=style)  # type: ignore[arg-type]
    assert " style=" not in drawing.svg
    assert ("<style>" in drawing.svg) == (style == "paper")


@pytest.mark.parametrize("draw", [paper_stylesheet, screen_stylesheet])
def test_each_class_of_a_drawing_has_a_rule(
    draw: Callable[[], str], campus: MapDocument, ground: Drawing
) -> None:
    site = draw_site(campus, width=400, height=285, approach=[(-84.737, 43.21), (-84.739, 43.21)])
    used = set(re.findall(r'class="([^"]+)"', ground.svg + site.svg)) - {"m-map", "m-clip"}
    styled = set(re.findall(r"\.(m-[a-z-]+)\{", draw()))
    assert used <= styled


def test_paper_has_plain_colors_and_screens_have_day_and_night() -> None:
    assert "var(" not in paper_stylesheet()
    screen = screen_stylesheet()
    assert "--map-room:#ffffff" in screen
    assert ":root[data-theme=night]" in screen
    assert "--map-room:#0d1014" in screen


def test_the_same_map_gives_the_same_bytes(school: MapDocument, ground: Drawing) -> None:
    assert draw_level(school, GROUND, width=1000, height=500).svg == ground.svg


def test_a_small_screen_leaves_out_what_does_not_fit_and_says_so(campus: MapDocument) -> None:
    drawing = draw_level(campus, campus.levels[0].id, width=300, height=240, style="screen")
    rooms = [f for f in campus.on_level(campus.levels[0].id) if f.kind == "room"]
    assert drawing.accounted == len(rooms)
    assert all(entry.mark == "" for entry in drawing.listed)
    assert drawing.left_out
    assert_proven(drawing)


def test_a_sheet_too_small_for_its_doors_is_refused_with_a_remedy(school: MapDocument) -> None:
    with pytest.raises(DrawingIncomplete, match="larger sheet"):
        draw_level(school, GROUND, width=70, height=70)


def test_a_level_without_spaces_is_refused_with_a_remedy() -> None:
    with pytest.raises(DrawingIncomplete, match="Floor 2 has no room"):
        draw_level(document(room("1", 0, 0, 9, 9)), UPPER, width=590, height=500)


def test_a_level_that_the_map_has_not_is_a_key_error(school: MapDocument) -> None:
    with pytest.raises(KeyError):
        draw_level(school, "roof", width=590, height=500)


def test_a_room_whose_shape_has_no_area_is_listed() -> None:
    broken = feature("room", "9", box(0, 0, 5, 0.001))
    drawing = draw_level(document(room("1", 0, 0, 30, 30), broken), GROUND, width=590, height=500)
    assert [entry.label for entry in drawing.listed] == ["9"]
    assert drawing.accounted == 2


def test_words_with_markup_stay_words() -> None:
    shady = room("1", 0, 0, 30, 30, names=["R&D <b>"])
    drawing = draw_level(
        document(shady), GROUND, width=590, height=500, style="screen", links=lambda i: f'"{i}'
    )
    assert "R&D <b>" in texts(drawing)


def test_a_campus_without_grid_is_drawn_without_cells(school: MapDocument) -> None:
    bare = MapDocument(school.levels, school.features)
    drawing = draw_level(bare, GROUND, width=590, height=500)
    assert {entry.cell for entry in drawing.listed} == {""}
    assert not paths(drawing, "m-grid")


def test_a_hundred_dense_rooms_are_all_accounted_for() -> None:
    drawing = draw_level(dense_level(12, 9, 3.2), GROUND, width=300, height=240)
    assert drawing.accounted == 108
    assert_proven(drawing)
