"""IMDF archives: what the standard says, and what real ones do instead."""

from typing import Any

import pytest

from maps.formats.reading import MapReading, read_map
from tests.maps.sheets import archive, collection, imdf, imdf_feature, point, rectangle

FLOOR = rectangle(0, 0, 30, 20)
ROOM = rectangle(0, 0, 10, 10)
LEVEL = imdf_feature(
    "level", "l1", FLOOR, ordinal=0, name={"en": "Ground floor"}, short_name={"en": "G"},
    building_ids=["b1"],
)  # fmt: skip
BUILDING = imdf_feature("building", "b1", name={"en": "Main"}, address_id="a1")
FOOTPRINT = imdf_feature("footprint", "f1", FLOOR, category="ground", building_ids=["b1"])
ADDRESS = imdf_feature("address", "a1", address="1 School Lane")


def unit(identity: str = "u1", category: str = "classroom", **more: Any) -> dict[str, Any]:
    return imdf_feature("unit", identity, ROOM, category=category, **{"level_id": "l1", **more})


def read(*features: dict[str, Any], **more: Any) -> MapReading:
    return read_map("campus.zip", imdf(LEVEL, BUILDING, FOOTPRINT, ADDRESS, *features, **more))


def codes(reading: MapReading) -> list[str]:
    return [finding.code for finding in reading.findings]


def of_kind(reading: MapReading, kind: str) -> Any:
    (feature,) = [f for f in reading.features if f.kind == kind]
    return feature


def test_a_level_gives_a_level_and_its_outline() -> None:
    reading = read()
    (level,) = reading.levels
    assert (level.ordinal, level.name, level.short_name) == (0, "Ground floor", "G")
    assert of_kind(reading, "level").levels == (level.id,)


def test_a_building_without_geometry_takes_its_ground_footprint_and_address() -> None:
    building = of_kind(read(), "building")
    assert building.geometry.equals_exact(FLOOR, 1e-9) or building.geometry.equals(FLOOR)
    assert building.properties["address"] == "1 School Lane"


def test_a_building_without_any_outline_is_unplaced() -> None:
    reading = read(imdf_feature("building", "b2", name=None))
    assert "footprint" in reading.unplaced[0].why


def test_features_that_only_describe_are_in_the_total_and_on_no_map() -> None:
    reading = read(unit())
    assert (len(reading.features), reading.described, reading.total) == (3, 2, 5)


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("classroom", "room"), ("restroom.female.wheelchair", "room"), ("stairs", "stair"),
        ("escalator", "stair"), ("elevator", "elevator"), ("walkway", "corridor"),
        ("fieldofplay", "athletic_field"), ("parking", "parking"),
    ],
)  # fmt: skip
def test_unit_categories_give_kinds(category: str, kind: str) -> None:
    reading = read(unit(category=category))
    assert of_kind(reading, kind)
    assert "category_unknown" not in codes(reading)


def test_a_category_outside_the_list_is_read_as_room_with_a_finding() -> None:
    reading = read(unit(category="retail"))
    assert of_kind(reading, "room")
    assert "category_unknown" in codes(reading)


def test_names_in_every_language_and_of_occupants_are_kept() -> None:
    reading = read(
        unit(name={"ru": "Кабинет 104", "en": "Classroom 104"}, alt_name={"en": "104"}),
        imdf_feature("anchor", "n1", point(5, 5), unit_id="u1", address_id=None),
        imdf_feature("occupant", "o1", name={"en": "Nurse", "es": "Enfermería"}, anchor_id="n1"),
    )
    room = of_kind(reading, "room")
    assert room.label == "Classroom 104"
    assert set(room.names) == {"Кабинет 104", "104", "Nurse", "Enfermería"}


def test_the_label_is_in_the_language_of_the_manifest() -> None:
    reading = read(
        unit(name={"ru": "Зал", "en": "Hall"}), manifest={"version": "1.0.0", "language": "ru"}
    )
    assert of_kind(reading, "room").label == "Зал"


def test_an_occupant_names_a_room_that_has_no_name() -> None:
    reading = read(
        unit(name=None),
        imdf_feature("anchor", "n1", point(5, 5), unit_id="u1"),
        imdf_feature("occupant", "o1", name={"en": "Library"}, anchor_id="n1"),
    )
    assert of_kind(reading, "room").label == "Library"


def test_an_occupant_of_an_anchor_that_is_missing_is_unplaced_with_a_finding() -> None:
    reading = read(imdf_feature("occupant", "o1", name={"en": "X"}, anchor_id="n9"))
    assert reading.unplaced[0].ref == "occupant/o1"
    assert "reference_unresolved" in codes(reading)


def test_a_unit_of_a_level_that_is_missing_is_placed_with_a_finding() -> None:
    reading = read(unit(level_id="l9"))
    assert of_kind(reading, "room").levels == ()
    assert "reference_unresolved" in codes(reading)


def test_an_opening_between_rooms_is_a_door_and_one_on_the_outline_an_exterior_door() -> None:
    def line(x: float, y: float) -> Any:
        return {"type": "LineString", "coordinates": [
            list(point(x, y).coords[0]), list(point(x, y + 1).coords[0])]}  # fmt: skip

    reading = read(
        unit(),
        imdf_feature("unit", "u2", rectangle(10, 0, 20, 10), category="walkway", level_id="l1"),
        imdf_feature("opening", "d1", line(10, 4), category="pedestrian", level_id="l1"),
        imdf_feature("opening", "d2", line(0, 4), category="pedestrian", level_id="l1"),
    )
    assert [f.kind for f in reading.features[-2:]] == ["door", "exterior_door"]


def test_the_principal_opening_is_the_main_entrance() -> None:
    line = {"type": "LineString", "coordinates": [[-77.2, 39.04], [-77.2, 39.04001]]}
    reading = read(imdf_feature("opening", "d", line, category="pedestrian.principal"))
    assert of_kind(reading, "exterior_door").properties["main"] is True


def test_an_amenity_that_marks_a_stair_unit_only_describes_it() -> None:
    reading = read(
        unit(category="stairs"),
        imdf_feature("amenity", "m1", point(1, 1), category="stairs", unit_ids=["u1"],
                     name={"en": "North stairs"}),
    )  # fmt: skip
    assert "North stairs" in (of_kind(reading, "stair").label, *of_kind(reading, "stair").names)
    assert not reading.unplaced


def test_amenities_take_the_level_of_their_unit_and_their_kind_from_name_or_category() -> None:
    reading = read(
        unit(),
        imdf_feature("amenity", "m1", point(1, 1), category="defibrillator", unit_ids=["u1"]),
        imdf_feature("amenity", "m2", point(2, 1), category="security", name={"en": "Knox box"}),
        imdf_feature("amenity", "m3", point(3, 1), category="phone", name={"en": "Office phone"}),
    )
    assert of_kind(reading, "aed").levels == of_kind(reading, "room").levels
    assert of_kind(reading, "key_box").label == "Knox box"
    assert [u.ref for u in reading.unplaced] == ["amenity/m3"]


def test_an_archive_without_manifest_is_read_with_an_error() -> None:
    data = archive({"unit.geojson": collection(unit(level_id=None))})
    reading = read_map("x.zip", data)
    assert reading.total == 1
    assert "manifest_missing" in codes(reading)


def test_a_level_without_ordinal_is_an_error() -> None:
    reading = read_map("x.zip", imdf(imdf_feature("level", "l", FLOOR, name={"en": "Floor 2"})))
    assert reading.levels[0].ordinal == 2
    assert "level_without_ordinal" in codes(reading)


def test_a_folder_resource_forks_and_other_files_do_not_disturb() -> None:
    data = archive({
        "Map/unit.geojson": collection(unit(level_id=None)),
        "__MACOSX/Map/._unit.geojson": b"\x00\x05",
        "Map/.DS_Store": b"\x00",
        "Map/readme.txt": "hello",
    })  # fmt: skip
    reading = read_map("x.zip", data)
    assert reading.total == 1
    assert "entries_left_unread" in codes(reading)


def test_a_collection_of_a_vendor_is_unplaced_unless_a_person_maps_it() -> None:
    node = imdf_feature("navNode", "n", point(1, 1))
    assert "not part of IMDF" in read(node).unplaced[0].why
    mapped = read_map("x", imdf(LEVEL, node), classes={"navNode": "camera"})
    assert of_kind(mapped, "camera")


def test_an_id_used_twice_in_the_archive_is_an_error() -> None:
    reading = read(unit("u1"), imdf_feature("amenity", "u1", point(1, 1), category="entry"))
    assert "duplicate_id" in codes(reading)
    assert len({f.id for f in reading.features}) == len(reading.features)
