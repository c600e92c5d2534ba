"""Parts of the HTML packet: bar and foot, telephone numbers, photos, the picture for a phone."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PIL import Image

from maps.document import MapDocument
from plans.content.markdown_tree import Link, Words
from plans.packets.first_page import condition_title
from plans.packets.html import render, room_anchors
from plans.packets.html_bar import OnlineBar, foot, top
from plans.packets.html_maps import draw_screen
from plans.packets.html_numbers import spoken, tel
from plans.packets.html_text import Writer
from plans.packets.photos import LONGEST_SIDE, MOST_BYTES, small_photo, within
from plans.packets.tree import RoomRow
from tests.plans.packets.campus import CHECK, EDITION, composed, conditions, tree

NO_MAP = MapDocument((), ())
BAR = OnlineBar("packet.pdf", "", "packet.html", "acknowledge/", (("v7", "?version=7"),))


def photo(side: int = 1600) -> bytes:
    made = io.BytesIO()
    Image.effect_noise((side, side * 3 // 4), 90).convert("RGB").save(made, "JPEG", quality=95)
    return made.getvalue()


def test_the_bar_of_a_served_page_says_in_force_and_has_one_button() -> None:
    bar = top(tree(), BAR)
    assert "<b>Packet v8,</b> <span>in force</span>" in bar
    assert re.findall(r'href="([^"]*)"', bar) == ["acknowledge/"]
    assert "packet.pdf" not in bar


def test_the_bar_of_a_version_no_longer_in_force_says_so() -> None:
    said = "This is v8. v9 is in force since Tue."
    bar = top(
        replace(tree(), edition=replace(EDITION, coming=said)), replace(BAR, is_in_force=False)
    )
    assert "<span>not in force</span>" in bar
    assert said in bar


def test_the_foot_of_page_one_has_the_other_forms_and_the_moment() -> None:
    last = foot(tree(), BAR)
    for wanted in ("packet.pdf", "packet.html", "?version=7", "Right as of", "In force since"):
        assert wanted in last


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Call 555-0100 now", "tel:5550100"),
        ("Call 989-555-0100.", "tel:9895550100"),
        ("(989) 555-0100, ask for Jo", "tel:9895550100"),
        ("+49 30 1234567", "tel:+49301234567"),
        ("555-0100 ext. 12", "tel:5550100,12"),
        ("989.555.0100", "tel:9895550100"),
    ],
)
def test_a_number_in_a_text_can_be_dialed(text: str, address: str) -> None:
    assert f'href="{address}"' in spoken(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-08",
        "Rooms 200-215",
        "07:30-15:00",
        "43.21100, -84.74050",
        "120.5678",
        "m1:9f2c-5550100",
        "911",
    ],
)
def test_what_is_no_number_stays_text(text: str) -> None:
    assert spoken(text) == text


def test_an_extension_is_dialed_after_a_pause() -> None:
    assert tel("555-0100 x7") == "tel:5550100,7"


def test_no_link_stands_in_a_link() -> None:
    line = Writer({}).inlines([Link("https://a.example", (Words("555-0100"),)), Words(" 555-0101")])
    assert line.count("<a ") == 2
    assert "tel:5550100" not in line


def test_a_first_version_says_that_it_is_one() -> None:
    first = composed(
        map_document=NO_MAP, edition=replace(EDITION, replaces_number=None), changes=[]
    )
    assert "This is the first version." in render(first).page
    assert "No change was recorded." not in render(first).page


def test_a_number_never_breaks_across_lines() -> None:
    page = render(composed(map_document=NO_MAP)).page
    assert re.search(r"\.tel\{[^}]*white-space:nowrap", page)
    assert re.search(r"\.dial\{[^}]*white-space:nowrap", page)


def test_nobody_without_a_number_is_to_be_called() -> None:
    silent = replace(CHECK, answering_phone="")
    page = render(composed(map_document=NO_MAP, check=silent)).page
    assert "or call" not in page
    assert "or call District duty desk." in render(composed(map_document=NO_MAP)).page


def views_of(distance: float | None) -> Iterator[tuple[RoomRow, str, tuple[float, float]]]:
    """Yield rooms of floor 1, their views and doors, as if all were so many meters away."""
    level = next(level for level in tree().levels if level.name == "Floor 1")
    drawn = draw_screen(tree(), room_anchors(tree())).levels[level.id]
    for room in level.rooms:
        if room.door in drawn.doors:
            shown = room if distance is None else replace(room, meters=distance)
            yield shown, drawn.view(shown), drawn.doors[room.door]


def window_of(view: str) -> tuple[float, ...]:
    found = re.search(r'viewBox="([^"]+)"', view)
    assert found
    return tuple(float(value) for value in found[1].split())


def test_the_view_of_a_room_holds_its_nearest_exterior_door() -> None:
    for room, view, (x, y) in views_of(None):
        west, north, width, height = window_of(view)
        assert west < x < west + width, room.label
        assert north < y < north + height, room.label
        assert 'class="nearest"' in view


def test_a_door_too_far_to_show_is_pointed_at_from_the_edge_of_the_view() -> None:
    pointed = 0
    for room, view, (x, y) in views_of(99.0):
        west, north, width, height = window_of(view)
        if west <= x <= west + width and north <= y <= north + height:
            continue
        found = re.search(r'class="to-door" transform="translate\(([\d.-]+) ([\d.-]+)\)', view)
        assert found, room.label
        assert west < float(found[1]) < west + width
        assert north < float(found[2]) < north + height
        assert f">{room.door}</text>" in view
        pointed += 1
    assert pointed > 5


def test_a_condition_names_its_cell_once() -> None:
    gate = replace(conditions()[0], place="Gate 4, W7")
    (line,) = composed(conditions=[gate]).conditions
    assert (line.title, line.cell) == ("Gate 4, W7: way in closed or changed", "")
    assert condition_title("Elevator E-1", "Elevator out") == "Elevator E-1: out"


def test_a_photo_becomes_small_enough_to_travel_with_the_packet() -> None:
    small = small_photo(photo())
    with Image.open(io.BytesIO(small)) as picture:
        assert max(picture.size) <= LONGEST_SIDE
    assert 0 < len(small) <= MOST_BYTES


def test_what_is_no_picture_is_left_out() -> None:
    assert small_photo(b"no picture") == b""


def test_photos_beyond_the_size_of_a_saved_file_are_left_out() -> None:
    assert within((b"x" * 300, b"y" * 900, b"z" * 300), 1000) == (b"x" * 300, b"", b"z" * 300)


def test_the_photo_of_a_condition_stands_with_its_words() -> None:
    page = render(composed(map_document=NO_MAP), photos=(b"", b"picture")).page
    (shown,) = re.findall(r'<img class="photo" alt="([^"]*)"', page)
    assert shown == f"Photo of the condition: {composed(map_document=NO_MAP).conditions[1].title}"


def test_the_picture_for_a_phone_has_no_names_under_nine_pixels() -> None:
    narrow, wide = draw_screen(tree(), {}).site.split('<figure class="map wide">')
    named = re.findall(r'class="m-(?:\w+-)?name" [^>]*font-size="([\d.]+)"', narrow)
    doors = re.findall(r'font-size="([\d.]+)"[^>]*>1?\d</text>', narrow)
    assert min(float(size) for size in named) >= 9
    assert min(float(size) for size in doors) >= 8.7
    for words in ("Student lot", "SIDE A", "Gate 3"):
        assert words not in narrow
        assert words in wide
