"""Two editions of a map: what differs, and who stays who when a program draws with new ids."""

import uuid
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import Polygon

from maps.changes import changes_between
from maps.document import Feature, Level, MapDocument
from maps.identities import keep_ids
from tests.maps.sheets import PLANE, point, rectangle

LEVELS = (Level("one", 0, "Floor 1", "1"), Level("two", 1, "Floor 2", "2"))


def new_id(seed: object) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, str(seed)))


def room(number: int, label: str, level: str = "one") -> Feature:
    west = 10.0 * number
    shape = rectangle(west, 0, west + 10, 8)
    return Feature(new_id((number, level)), "room", label, shape, levels=(level,))


def document(*features: Feature) -> MapDocument:
    return MapDocument(LEVELS, features)


@st.composite
def maps(draw: st.DrawFn) -> MapDocument:
    """Draw a map of rooms and points, some without a sign and some with the same."""
    labels = st.sampled_from(["", "101", "102", "Storage", "Gym"])
    rooms = [
        room(number, draw(labels), level)
        for level in ("one", "two")
        for number in range(draw(st.integers(0, 5)))
    ]
    points = [
        Feature(new_id(("aed", n)), "aed", draw(labels), point(7.0 * n, 20), levels=("one",))
        for n in range(draw(st.integers(0, 4)))
    ]
    return document(*rooms, *points)


def redrawn(source: MapDocument, moves: list[float]) -> MapDocument:
    """Return a map with new ids everywhere, each shape moved by a little."""
    features = []
    for index, feature in enumerate(source.features):
        meters = PLANE.to_meters(feature.geometry)
        shifted = affinity.translate(meters, moves[index % len(moves)], 0.0)
        features.append(
            replace(feature, id=new_id(("new", feature.id)), geometry=PLANE.to_degrees(shifted))
        )
    return replace(source, features=tuple(features))


MOVES = st.lists(st.floats(-0.3, 0.3), min_size=1, max_size=8)


@settings(max_examples=100)
@given(maps(), MOVES)
def test_a_map_drawn_again_with_new_ids_is_the_same_map(
    source: MapDocument, moves: list[float]
) -> None:
    kept, ids = keep_ids(source, redrawn(source, moves))
    assert [f.id for f in kept.features] == [f.id for f in source.features]
    assert len(ids) == len(source.features)
    assert not changes_between(source, kept)


@settings(max_examples=100)
@given(maps(), maps())
def test_what_differs_accounts_for_every_feature(old: MapDocument, new: MapDocument) -> None:
    found = changes_between(old, new)
    before, after = {f.id for f in old.features}, {f.id for f in new.features}
    assert {c.id for c in found.added} == after - before
    assert {c.id for c in found.removed} == before - after
    back = changes_between(new, old)
    assert {c.id for c in back.added} == {c.id for c in found.removed}
    assert found.touched == back.touched
    assert not changes_between(new, new)


@settings(max_examples=100)
@given(maps(), maps(), MOVES)
def test_no_id_is_given_twice_and_none_is_made_up(
    old: MapDocument, new: MapDocument, moves: list[float]
) -> None:
    read = redrawn(new, moves)
    kept, _ = keep_ids(old, read)
    ids = [f.id for f in kept.features]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {f.id for f in old.features} | {f.id for f in read.features}
    again, changed = keep_ids(old, kept)
    assert (again, changed) == (kept, {})


def test_a_room_with_a_new_sign_and_a_new_id_is_renamed() -> None:
    old = document(room(0, "101"), room(1, "102"))
    new = redrawn(document(room(0, "101"), replace(room(1, "102"), label="Nurse")), [0.0])
    (change,) = changes_between(old, keep_ids(old, new)[0]).renamed
    assert (change.id, change.was, change.label) == (old.features[1].id, "102", "Nurse")


def test_rooms_that_share_a_sign_are_told_apart_by_their_place() -> None:
    old = document(*(room(n, "Storage") for n in range(4)))
    kept, _ = keep_ids(old, redrawn(old, [0.2]))
    assert [f.id for f in kept.features] == [f.id for f in old.features]


def test_a_new_room_where_nothing_was_keeps_its_own_id() -> None:
    old, new = document(room(0, "101")), document(replace(room(5, "106"), id=new_id("x")))
    assert keep_ids(old, new)[0] == new


def test_a_room_that_takes_less_than_half_of_the_old_place_is_another_room() -> None:
    old = document(room(0, ""))
    part = replace(room(0, ""), id=new_id("x"), geometry=rectangle(0, 0, 4, 8))
    assert keep_ids(old, document(part))[0].features[0].id == new_id("x")


def test_a_room_of_the_same_form_elsewhere_has_moved() -> None:
    old = document(room(0, "101"))
    new = document(replace(room(3, "101"), id=old.features[0].id))
    found = changes_between(old, new)
    assert [(c.id, round(c.meters)) for c in found.moved] == [(old.features[0].id, 30)]
    assert found.reshaped == ()


def test_a_room_with_a_wall_moved_is_reshaped_and_has_not_moved() -> None:
    old = document(room(0, "101"))
    new = document(replace(old.features[0], geometry=rectangle(0, 0, 14, 8)))
    found = changes_between(old, new)
    assert [(c.id, c.meters) for c in found.reshaped] == [(old.features[0].id, 4.0)]
    assert found.moved == ()


def test_a_wall_bent_in_its_middle_is_a_new_form() -> None:
    old = document(room(0, "101"))
    bay = Polygon([(0, 0), (10, 0), (10, 8), (6, 8), (5, 9), (4, 8), (0, 8)])
    found = changes_between(old, document(replace(old.features[0], geometry=PLANE.to_degrees(bay))))
    assert [c.meters for c in found.reshaped] == [1.0]


def test_a_redrawn_outline_with_further_corners_on_its_lines_is_no_change() -> None:
    old = document(room(0, "101"))
    more = Polygon([(0, 0), (3, 0), (10, 0), (10, 4), (10, 8), (0, 8), (0, 2)])
    new = document(replace(old.features[0], geometry=PLANE.to_degrees(more)))
    assert not changes_between(old, new)


def test_a_room_on_another_level_has_moved() -> None:
    old = document(room(0, "101"))
    new = document(replace(old.features[0], levels=("two",)))
    assert [c.id for c in changes_between(old, new).moved] == [old.features[0].id]
