"""Locate: by what is on the sign, by cell, by position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.document import Feature, Grid, Level, MapDocument
from maps.geometry.locate import Locator
from tests.maps.sheets import GROUND, LATITUDE, LONGITUDE, PLANE, exterior_door, rectangle, room

UPPER = Level("upper", 1, "Upper floor", "1")
GRID = Grid(LONGITUDE, round(LATITUDE + 0.0005, 9), 20.0, 10, 10)
FEATURES = (
    Feature("b", "building", "Main building", rectangle(0, 0, 30, 20)),
    room("r204", "204", 0, 0),
    Feature("gym", "room", "Gymnasium", rectangle(10, 0, 30, 10), ("Main gym", "Turnhalle Süd"),
            ("ground",)),
    Feature("nurse", "room", "Nurse's Office", rectangle(0, 10, 10, 20), ("Enfermería",),
            ("ground",)),
    Feature("lab", "room", "Room 12-B", rectangle(10, 10, 20, 20), (), ("upper",)),
    Feature("up", "room", "304", rectangle(0, 0, 10, 10), (), ("upper",)),
    exterior_door("x1", 5, 0, "1", main=True),
    exterior_door("x2", 30, 5, "204"),
    Feature("aed", "aed", "AED gym", rectangle(15, 5, 15.2, 5.2), (), ("ground",)),
)  # fmt: skip
LOCATOR = Locator(MapDocument((GROUND, UPPER), FEATURES, GRID))


def ids(text: str) -> list[str]:
    return [place.feature.id for place in LOCATOR.by_name(text) if place.feature]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("204", "r204"), ("Room 204", "r204"), ("room204", "r204"), (" ROOM  204 ", "r204"),
        ("rm 204", "r204"), ("door 204", "x2"), ("exit 1", "x1"), ("gymnasium", "gym"),
        ("GYM", "gym"), ("Main gym", "gym"), ("turnhalle sud", "gym"), ("Gymnasum", "gym"),
        ("gymnaisum", "gym"), ("nurses office", "nurse"), ("enfermeria", "nurse"), ("12b", "lab"),
        ("enfremria", "nurse"), ("12-B", "lab"), ("room 12 b", "lab"), ("aed", "aed"),
        ("main building", "b"),
    ],
)  # fmt: skip
def test_a_place_is_found_as_people_write_it(text: str, first: str) -> None:
    assert ids(text)[0] == first


@pytest.mark.parametrize("text", ["205", "room 999", "", "  ", "gymxxsium", "!!"])
def test_what_is_not_there_is_not_found(text: str) -> None:
    assert ids(text) == []


def test_a_kind_word_with_number_means_only_that_kind() -> None:
    assert ids("door 204") == ["x2"]
    assert ids("room 204") == ["r204"]


def test_a_place_tells_building_level_cell_and_nearest_exterior_door() -> None:
    (place,) = LOCATOR.by_name("room 204")
    assert place.building is not None
    assert place.building.id == "b"
    assert place.level == GROUND
    assert place.cell == "A3"
    assert place.ninth is not None
    assert place.ninth.startswith("A3-")
    assert place.nearest_door is not None
    assert place.nearest_door.label == "1"
    assert place.nearest_door.meters == pytest.approx(5.0, abs=0.01)


def test_a_position_gives_the_room_of_the_level_asked_for() -> None:
    position = PLANE.point_to_degrees(3, 3)
    assert [p.feature.id for p in LOCATOR.by_point(*position, "upper") if p.feature] == ["up"]
    assert [p.feature.id for p in LOCATOR.by_point(*position) if p.feature] == ["r204", "up"]


def test_a_position_outdoors_gives_cell_and_nearest_door() -> None:
    (place,) = LOCATOR.by_point(*PLANE.point_to_degrees(5, -7))
    assert (place.feature, place.building, place.level) == (None, None, None)
    assert place.cell == "A4"
    assert place.nearest_door is not None
    assert place.nearest_door.meters == pytest.approx(7.0, abs=0.01)


@pytest.mark.parametrize("position", [(39.04, -77.2), (10.0, 50.0), (float("nan"), 0.0)])
def test_a_position_on_another_campus_is_an_error(position: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="nowhere near this map"):
        LOCATOR.by_point(*position)


def test_a_level_that_the_map_does_not_have_is_an_error() -> None:
    with pytest.raises(ValueError, match="no level"):
        LOCATOR.by_point(LONGITUDE, LATITUDE, "roof")


def test_a_cell_gives_what_lies_in_it_rooms_first() -> None:
    kinds = [place.feature.kind for place in LOCATOR.by_cell("b3") if place.feature]
    assert kinds[0] == "room"
    assert "building" in kinds


def test_a_word_that_is_no_cell_is_an_error() -> None:
    with pytest.raises(ValueError, match="no grid cell"):
        LOCATOR.by_cell("gym")


def test_a_map_without_grid_has_no_cells() -> None:
    locator = Locator(MapDocument((GROUND,), FEATURES))
    assert locator.by_name("204")[0].cell is None
    with pytest.raises(ValueError, match="no grid"):
        locator.by_cell("A1")


def test_an_empty_map_finds_nothing() -> None:
    locator = Locator(MapDocument((), ()))
    assert locator.by_name("204") == ()
    assert locator.by_name("room") == ()


def test_a_cell_may_be_asked_for_on_one_level_and_by_its_ninth() -> None:
    everywhere = {p.feature.id for p in LOCATOR.by_cell("A3") if p.feature}
    above = {p.feature.id for p in LOCATOR.by_cell("A3", "upper") if p.feature}
    assert above < everywhere
    assert above == {"up", "lab"}
    corner = {p.feature.id for p in LOCATOR.by_cell("A3-1", "upper") if p.feature}
    assert corner < everywhere
    with pytest.raises(ValueError, match="no level"):
        LOCATOR.by_cell("A3", "roof")


def test_an_empty_cell_gives_its_middle_and_the_nearest_exterior_door() -> None:
    (place,) = LOCATOR.by_cell("H8")
    assert (place.feature, place.cell) == (None, "H8")
    assert place.nearest_door is not None
    assert place.nearest_door.meters > 100
    assert LOCATOR.by_cell("Z99") == ()


def test_what_is_named_exactly_is_found_without_forgiving_errors() -> None:
    assert [f.id for f in LOCATOR.exactly("Room 204")] == ["r204"]
    assert [f.id for f in LOCATOR.exactly("main gym")] == ["gym"]
    assert [f.id for f in LOCATOR.exactly("x1")] == ["x1"]
    assert LOCATOR.exactly("gymnasum") == ()
    assert LOCATOR.exactly("") == ()


def test_every_name_leads_to_its_place_and_the_place_to_its_cell_and_back() -> None:
    for feature in FEATURES:
        names = [name for name in (feature.label, *feature.names) if name]
        for name in names:
            place = next(p for p in LOCATOR.by_name(name) if p.feature == feature)
            assert place.cell is not None
            assert feature.id in {p.feature.id for p in LOCATOR.by_cell(place.cell) if p.feature}
            level = feature.levels[0] if feature.levels else None
            around = LOCATOR.by_point(place.longitude, place.latitude, level)
            assert around[0].cell == place.cell
            assert around[0].nearest_door is not None


@given(st.data())
def test_any_one_typing_error_in_a_name_is_forgiven(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["gymnasium", "main gym", "enfermeria", "nurses office"]))
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    how = data.draw(st.sampled_from(["wrong", "missing", "added", "swapped"]))
    typed = {
        "wrong": name[:place] + letter + name[place + 1 :],
        "missing": name[:place] + name[place + 1 :],
        "added": name[:place] + letter + name[place:],
        "swapped": name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
    }[how]
    assert ids(name)[0] in ids(typed)
