"""GeoJSON: RFC 7946, the loose kinds of the field, and our own form."""

import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maps.document import KINDS, Feature, Grid, Level, MapDocument, from_json, to_json
from maps.formats.reading import MapReading, read_map
from tests.maps.sheets import collection, geojson_feature, point, rectangle

ROOM = rectangle(0, 0, 10, 10)
NEXT_ROOM = rectangle(10, 0, 20, 10)


def read(*features: Any, **more: Any) -> MapReading:
    return read_map("campus.geojson", collection(*features, **more))


def codes(reading: MapReading) -> list[str]:
    return [finding.code for finding in reading.findings]


def only(reading: MapReading) -> Feature:
    assert not reading.unplaced
    (feature,) = reading.features
    return feature


def test_plain_properties_give_kind_label_names_level_and_the_rest() -> None:
    reading = read(
        geojson_feature(ROOM, kind="room", label="204", names=["Art"], level=2, capacity=30)
    )
    feature = only(reading)
    assert (feature.kind, feature.label, feature.names) == ("room", "204", ("Art",))
    assert [level.ordinal for level in reading.levels] == [2]
    assert feature.levels == (reading.levels[0].id,)
    assert feature.properties["capacity"] == 30


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_given_in_words(kind: str) -> None:
    assert only(read(geojson_feature(ROOM, kind=kind.replace("_", " ").upper()))).kind == kind


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, [1]), ("1", [1]), ("0;2", [0, 2]), ("0-3", [0, 1, 2, 3]), ("-1-3", [-1, 0, 1, 2, 3]),
        ("-3--1", [-3, -2, -1]), ("3-1", [1, 2, 3]), ("0,5", [0, 1]), ("1.0", [1]),
        (["0", "1"], [0, 1]), ({"en": "Level 2"}, [2]), ("Floor 2", [2]), ("Ground", [0]),
        ("B1", [-1]), ("2nd floor", [2]), (" 0 ; 1 ", [0, 1]),
    ],
)  # fmt: skip
def test_levels_are_read_as_files_write_them(value: Any, expected: list[int]) -> None:
    reading = read(geojson_feature(ROOM, kind="room", level=value))
    assert [level.ordinal for level in reading.levels] == expected
    assert len(only(reading).levels) == len(expected)


@pytest.mark.parametrize("value", ["0-999999", "12;x5", "4f1c2f7e;2"])
def test_a_level_that_cannot_be_read_is_a_finding(value: str) -> None:
    reading = read(geojson_feature(ROOM, 7, kind="room", level=value))
    assert {"level_unreadable", "level_without_ordinal"} & set(codes(reading))


def test_a_level_by_name_without_number_is_a_finding() -> None:
    reading = read(geojson_feature(ROOM, kind="room", level="Mezzanine"))
    assert reading.levels[0].name == "Mezzanine"
    assert "level_without_ordinal" in codes(reading)


def test_repeat_on_lists_one_feature_on_each_of_its_levels() -> None:
    reading = read(geojson_feature(ROOM, kind="room", level="0", repeat_on="1;2"))
    assert len(only(reading).levels) == 3


def test_level_features_name_the_levels_of_others() -> None:
    reading = read(
        geojson_feature(ROOM, "L1", kind="level", ordinal=1, name="Upper floor"),
        geojson_feature(ROOM, "r", kind="room", level="Upper floor"),
        geojson_feature(NEXT_ROOM, "s", kind="room", level="L1"),
        geojson_feature(NEXT_ROOM, "t", kind="room", level=1),
    )
    (level,) = reading.levels
    assert (level.ordinal, level.name) == (1, "Upper floor")
    assert all(feature.levels == (level.id,) for feature in reading.features)


def test_a_list_of_levels_beside_the_features_names_them() -> None:
    stated = [{"id": "f1", "ordinal": 1, "name": "Floor 2", "short_name": "2"}, {"name": "Attic"}]
    reading = read(
        geojson_feature(ROOM, "r", kind="room", level=1),
        geojson_feature(NEXT_ROOM, "s", kind="room", level="Floor 2"),
        levels=stated,
    )
    assert [(level.ordinal, level.name) for level in reading.levels] == [(1, "Floor 2")]
    assert len({feature.levels for feature in reading.features}) == 1
    assert "level_unreadable" in codes(reading)


def test_indoor_tags_give_kinds_and_the_main_entrance() -> None:
    reading = read(
        geojson_feature(ROOM, "a", indoor="room", ref="12", name="Lab", level="0"),
        geojson_feature(ROOM, "b", indoor="room", stairs="yes", level="0-1"),
        geojson_feature(point(5, 0), "c", door="hinged", entrance="main", ref="1", level="0"),
        geojson_feature(ROOM, "d", indoor="wall"),
    )
    kinds = [feature.kind for feature in reading.features]
    assert kinds == ["room", "stair", "exterior_door"]
    assert (reading.features[0].label, reading.features[0].names) == ("12", ("Lab",))
    assert reading.features[2].properties["main"] is True
    assert reading.features[2].properties["number"] == "1"
    assert reading.unplaced[0].why == "a wall or pillar, which is no place"


def test_words_of_a_class_give_a_kind_and_a_utility() -> None:
    reading = read(
        geojson_feature(point(1, 1), type="Gas shut-off valve"),
        geojson_feature(point(2, 1), category="Stop the Bleed kit"),
        geojson_feature(point(3, 1), layer="Knox Box"),
    )
    assert [f.kind for f in reading.features] == ["utility_shut_off", "trauma_kit", "key_box"]
    assert reading.features[0].properties["utility"] == "gas"


def test_tags_nested_under_tags_and_levels_of_relations_are_read() -> None:
    reading = read(
        geojson_feature(
            ROOM, tags={"indoor": "room", "name": "A"}, relations=[{"reltags": {"level": "3"}}]
        )
    )
    assert only(reading).label == "A"
    assert reading.levels[0].ordinal == 3


def test_the_word_null_is_no_label() -> None:
    assert only(read(geojson_feature(ROOM, kind="room", name="null"))).label == ""


def test_a_class_that_a_person_adds_to_the_table_counts() -> None:
    data = collection(
        geojson_feature(point(1, 1), feature_type="unit"),
        geojson_feature(point(2, 1), indoor="pathway"),
        geojson_feature(ROOM, indoor="room"),
    )
    table = {"unit (Point)": "door", "indoor=pathway": "fire_lane", "indoor=room": None}
    reading = read_map("x", data, classes=table)
    assert [feature.kind for feature in reading.features] == ["door", "fire_lane"]
    assert [u.why for u in reading.unplaced] == [
        "the table of classes leaves indoor=room off the map"
    ]


def test_a_table_with_a_kind_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="no kind of feature"):
        read_map("x", collection(), classes={"indoor=room": "chamber"})


def test_everything_without_meaning_is_listed_with_its_source_id_and_why() -> None:
    reading = read(
        geojson_feature(ROOM, "x9"),
        geojson_feature(None, "x10", kind="room"),
        geojson_feature(ROOM, feature_type="swimming"),
        {"type": "Other"},
    )
    assert reading.total == 0
    assert [u.ref for u in reading.unplaced] == ["x9", "x10", "feature 3", "feature 4"]
    assert all(u.why for u in reading.unplaced)


def test_a_room_drawn_as_a_line_is_unplaced() -> None:
    line = {"type": "LineString", "coordinates": [[-77.2, 39.04], [-77.2, 39.0401]]}
    assert "has no area" in read(geojson_feature(line, kind="room")).unplaced[0].why


def test_a_point_of_a_room_names_the_room_it_lies_in() -> None:
    reading = read(
        geojson_feature(ROOM, feature_type="unit", level_id=None),
        geojson_feature(point(5, 5), name="Nurse", type="health", floor=1),
    )
    (feature,) = reading.features
    assert (feature.label, len(feature.levels)) == ("Nurse", 1)
    assert (reading.described, reading.total) == (1, 2)
    assert "point_names_room" in codes(reading)


def test_a_door_on_the_building_outline_and_one_room_becomes_an_exterior_door() -> None:
    reading = read(
        geojson_feature(rectangle(0, 0, 20, 10), building="yes"),
        geojson_feature(ROOM, indoor="room", level="0"),
        geojson_feature(NEXT_ROOM, indoor="room", level="0"),
        geojson_feature(point(5, 0), door="yes", level="0"),
        geojson_feature(point(10, 5), door="yes", level="0"),
    )
    assert [f.kind for f in reading.features[-2:]] == ["exterior_door", "door"]
    assert "door_on_outline" in codes(reading)


def test_a_door_without_level_takes_that_of_its_room() -> None:
    reading = read(
        geojson_feature(ROOM, indoor="room", level="2"), geojson_feature(point(5, 0), door="yes")
    )
    assert reading.features[1].levels == reading.features[0].levels
    assert "level_inherited" in codes(reading)


def test_ids_stay_the_same_from_reading_to_reading() -> None:
    data = collection(
        geojson_feature(ROOM, "way/7", kind="room"), geojson_feature(NEXT_ROOM, kind="room")
    )
    first, second = read_map("a", data), read_map("b", data)
    assert [f.id for f in first.features] == [f.id for f in second.features]
    assert all(uuid.UUID(feature.id).version == 5 for feature in first.features)


def test_a_source_id_that_is_a_uuid_is_kept() -> None:
    identity = "0a1b2c3d-0000-4000-8000-00000000000A"
    assert only(read(geojson_feature(ROOM, identity, kind="room"))).id == identity.lower()


def test_an_id_used_twice_is_an_error_and_both_features_stay() -> None:
    reading = read(
        geojson_feature(ROOM, 5, kind="room"), geojson_feature(NEXT_ROOM, 5, kind="room")
    )
    assert len({feature.id for feature in reading.features}) == 2
    assert "duplicate_id" in codes(reading)


def test_an_invalid_polygon_is_mended_and_the_finding_says_how() -> None:
    bowtie = {
        "type": "Polygon",
        "coordinates": [[[10, 50], [10.001, 50.001], [10.001, 50], [10, 50.001], [10, 50]]],
    }
    reading = read(geojson_feature(bowtie, "b", kind="room"))
    (finding,) = [f for f in reading.findings if f.code == "polygon_repaired"]
    assert only(reading).geometry.is_valid
    assert finding.feature == only(reading).id
    assert "m² before" in finding.mend


def test_a_polygon_without_area_is_unplaced() -> None:
    flat = {"type": "Polygon", "coordinates": [[[10, 50], [10.001, 50], [10, 50], [10, 50]]]}
    reading = read(geojson_feature(flat, "b", kind="room"))
    assert "no area" in reading.unplaced[0].why


def test_an_open_ring_is_closed_and_a_turned_ring_is_turned() -> None:
    ring = [[10, 50], [10, 50.001], [10.001, 50.001], [10.001, 50]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    reading = read(geojson_feature(shape, kind="room"))
    assert only(reading).geometry.exterior.is_ccw  # type: ignore[attr-defined]
    assert {"ring_not_closed", "ring_orientation"} <= set(codes(reading))


@pytest.mark.parametrize(
    ("geometry", "why"),
    [
        ({"type": "Polygon", "coordinates": [[[10, 50], [10, 51]]]}, "needs 4 positions"),
        ({"type": "Polygon", "coordinates": []}, "empty"),
        ({"type": "Point", "coordinates": ["10", "50"]}, "no position"),
        ({"type": "Point", "coordinates": [10]}, "no position"),
        ({"type": "Point"}, "this has None"),
        ({"type": "Circle", "coordinates": [10, 50]}, "no geometry type 'Circle'"),
        ({"type": "GeometryCollection", "geometries": []}, "collection"),
        ({"coordinates": [10, 50]}, "no type"),
        ({"type": "Point", "coordinates": [10, 500]}, "outside the range"),
    ],
)
def test_a_geometry_that_is_none_is_unplaced_and_the_rest_is_read(geometry: Any, why: str) -> None:
    good = [geojson_feature({"type": "Point", "coordinates": [10, 50]}, kind="aed")] * 2
    reading = read(geojson_feature(geometry, "bad", kind="room"), *good)
    assert len(reading.features) == 2
    assert reading.unplaced[0].ref == "bad"
    assert why in reading.unplaced[0].why
    assert "geometry_unusable" in codes(reading)


def test_heights_are_dropped() -> None:
    mixed = {"type": "LineString", "coordinates": [[10, 50, 7], [10.001, 50]]}
    assert not only(read(geojson_feature(mixed, kind="fence"))).geometry.has_z


def test_editors_and_styles_are_not_kept_and_a_finding_says_so() -> None:
    reading = read(geojson_feature(ROOM, kind="room", user="eve", uid=1, fill="#fff", note="keep"))
    assert only(reading).properties == {"note": "keep"}
    assert "properties_left_out" in codes(reading)


@pytest.mark.parametrize("form", ["array", "lines", "records", "wrapped", "one", "bom"])
def test_loose_containers_are_read(form: str) -> None:
    features = [geojson_feature(ROOM, kind="room"), geojson_feature(NEXT_ROOM, kind="room")]
    text = [json.dumps(feature) for feature in features]
    data = {
        "array": json.dumps(features),
        "lines": "\n".join(text),
        "records": "".join(f"\x1e{line}\n" for line in text),
        "wrapped": json.dumps({"a": {"type": "FeatureCollection", "features": features}, "b": 1}),
        "one": text[0],
        "bom": "\ufeff" + json.dumps(features),
    }[form]
    assert read_map("x", data.encode()).total == (1 if form == "one" else 2)


def test_a_file_without_features_is_read_with_a_finding() -> None:
    assert codes(read()) == ["no_features"]


def test_lowest_level_one_is_mentioned() -> None:
    assert "no_ground_level" in codes(read(geojson_feature(ROOM, kind="room", level=1)))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def documents(draw: st.DrawFn) -> MapDocument:
    levels = tuple(
        Level(f"L{n}", n, draw(texts), draw(texts)) for n in range(draw(st.integers(0, 3)))
    )
    features = []
    for number in range(draw(st.integers(0, 4))):
        x, y = draw(st.floats(0, 500)), draw(st.floats(0, 500))
        shape = draw(st.sampled_from([rectangle(x, y, x + 9, y + 5), point(x, y)]))
        on = draw(st.sets(st.sampled_from([v.id for v in levels]))) if levels else ()
        features.append(
            Feature(
                f"f{number}", draw(st.sampled_from(KINDS)), draw(texts), shape,
                tuple(draw(st.lists(texts, max_size=2))), tuple(sorted(on)),
                draw(st.dictionaries(texts, values, max_size=2)),
            )
        )  # fmt: skip
    grid = draw(st.none() | st.just(Grid(-77.2, 39.04, 20.0, 12, 9)))
    return from_json(to_json(MapDocument(levels, tuple(features), grid)))


@given(documents())
def test_our_own_form_comes_back_exactly(document: MapDocument) -> None:
    text = json.dumps(to_json(document)).encode()
    reading = read_map("export.geojson", text)
    assert to_json(reading.document()) == to_json(document)
    assert reading.total == len(document.features)


@given(st.lists(st.dictionaries(st.sampled_from(
    ["kind", "level", "indoor", "door", "name", "id", "type", "feature_type", "tags", "names"]
), values, max_size=4), max_size=5))  # fmt: skip
def test_nothing_is_lost_whatever_the_properties(properties: list[dict[str, Any]]) -> None:
    features = [geojson_feature(ROOM, **entry) for entry in properties]
    reading = read(*features)
    assert reading.total + len(reading.unplaced) == len(features)
    assert reading.total == len(reading.features) + reading.described
    assert sum(entry.count for entry in reading.classes) == len(features)


def test_a_level_number_is_an_ordinal_even_where_a_sign_bears_that_number() -> None:
    sheet = {
        "type": "FeatureCollection",
        "levels": [
            {"id": "ground", "ordinal": 0, "name": "Floor 1", "short_name": "1"},
            {"id": "upper", "ordinal": 1, "name": "Floor 2", "short_name": "2"},
        ],
        "features": [
            {
                "type": "Feature",
                "id": f"room {ordinal}",
                "geometry": {"type": "Point", "coordinates": [-84.74, 43.21]},
                "properties": {"kind": "aed", "label": f"AED {ordinal}", "level": ordinal},
            }
            for ordinal in (0, 1)
        ],
    }
    reading = read_map("floors.geojson", json.dumps(sheet).encode())
    names = {level.id: level.name for level in reading.levels}
    assert {f.label: names[f.levels[0]] for f in reading.features} == {
        "AED 0": "Floor 1",
        "AED 1": "Floor 2",
    }
