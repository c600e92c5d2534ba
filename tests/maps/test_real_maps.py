"""The real maps laid beside the project: counts and defects as measured when they were gathered."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from maps.formats.reading import MapReading, read_map
from maps.formats.report import all_findings, check_report
from maps.geometry.site import AREA_KINDS, is_polygonal

pytestmark = pytest.mark.shared_data

TOTALS = {
    "dresden-apb.geojson": 2282,
    "paris-gare-de-l-est.geojson": 244,
    "openindoormaps-demo-map.geojson": 411,
    "openindoormaps-caserne.geojson": 60,
    "openindoormaps-building.json": 142,
    "spbpu-campus-imdf.zip": 6421,
    "tiny-imdf.zip": 5,
}
_READ: dict[Path, MapReading] = {}


def read(folder: Path, name: str) -> MapReading:
    path = folder / "maps" / name
    if path not in _READ:
        _READ[path] = read_map(name, path.read_bytes())
    return _READ[path]


def kinds(reading: MapReading) -> Counter[str]:
    return Counter(feature.kind for feature in reading.features)


def codes(reading: MapReading) -> Counter[str]:
    return Counter(finding.code for finding in all_findings(reading))


def areas_by_ordinal(reading: MapReading) -> dict[int, int]:
    ordinals = {level.id: level.ordinal for level in reading.levels}
    return dict(
        Counter(
            ordinals[level]
            for feature in reading.features
            if feature.kind in AREA_KINDS and is_polygonal(feature)
            for level in feature.levels
        )
    )


@pytest.mark.parametrize("name", TOTALS)
def test_every_feature_of_a_file_is_placed_describes_or_is_listed(
    shared_data: Path, name: str
) -> None:
    reading = read(shared_data, name)
    assert reading.total + len(reading.unplaced) == TOTALS[name]
    assert sum(entry.count for entry in reading.classes) == TOTALS[name]
    assert len({feature.id for feature in reading.features}) == len(reading.features)


@pytest.mark.parametrize("name", TOTALS)
def test_the_report_is_json_of_the_promised_form(shared_data: Path, name: str) -> None:
    report: dict[str, Any] = json.loads(
        json.dumps(check_report(name, (shared_data / "maps" / name).read_bytes()))
    )
    assert set(report) == {"format", "crs", "levels", "features", "unplaced", "findings"}
    assert report["features"]["total"] + len(report["unplaced"]) == TOTALS[name]
    assert set(report["features"]["by_level"]) == {level["id"] for level in report["levels"]}
    for finding in report["findings"]:
        assert set(finding) == {"code", "severity", "feature", "where", "mend"}


def test_dresden_has_its_doors_rooms_and_stairs(shared_data: Path) -> None:
    found = kinds(read(shared_data, "dresden-apb.geojson"))
    assert found["door"] + found["exterior_door"] == 502
    assert found["elevator"] == 2
    assert found["exterior_door"] == 21
    # 400 rooms, of which 6 are stairs and 2 lifts; 2 stairs are areas, 2 are steps outdoors.
    assert found["room"] == 392
    assert found["stair"] == 10


def test_dresden_level_ranges_are_expanded(shared_data: Path) -> None:
    # 475 areas of 445 ways, and the foyer, a relation on level 0.
    assert areas_by_ordinal(read(shared_data, "dresden-apb.geojson")) == {
        -1: 3, 0: 89 + 1, 1: 124, 2: 128, 3: 131,
    }  # fmt: skip


def test_dresden_has_its_known_defects_and_no_overlap(shared_data: Path) -> None:
    reading = read(shared_data, "dresden-apb.geojson")
    found = codes(reading)
    assert found["rooms_overlap"] + found["corridor_overlap"] == 0
    assert found["room_without_door"] == 1
    doubled = {f.where for f in all_findings(reading) if f.code == "duplicate_label"}
    assert any("3089" in where for where in doubled)
    assert any("TR02" in where for where in doubled)


def test_paris_has_its_rooms_and_its_known_defects(shared_data: Path) -> None:
    reading = read(shared_data, "paris-gare-de-l-est.geojson")
    found = codes(reading)
    assert kinds(reading)["room"] == 81
    assert kinds(reading)["corridor"] == 24 + 11
    assert found["polygon_repaired"] == 1
    assert found["rooms_overlap"] == 3
    assert found["duplicate_label"] == 4


def test_the_demonstration_map_has_its_known_defects(shared_data: Path) -> None:
    reading = read(shared_data, "openindoormaps-demo-map.geojson")
    found = codes(reading)
    assert found["polygon_repaired"] == 3
    assert found["rooms_overlap"] == 3
    assert "61 rings" in next(f.where for f in reading.findings if f.code == "vertex_repeated")
    assert sum("drawn as lines" in left.why for left in reading.unplaced) == 183
    assert [level.ordinal for level in reading.levels] == [0, 1, 2]


def test_caserne_has_no_level_and_its_overlaps(shared_data: Path) -> None:
    reading = read(shared_data, "openindoormaps-caserne.geojson")
    assert reading.levels == ()
    assert codes(reading)["levels_missing"] == 1
    assert codes(reading)["rooms_overlap"] == 21


def test_the_wrapped_building_takes_room_names_from_its_points(shared_data: Path) -> None:
    reading = read(shared_data, "openindoormaps-building.json")
    rooms = {f.label: f for f in reading.features if f.kind == "room" and is_polygonal(f)}
    assert {"Gymnasium", "Cafeteria", "Nurse's Office", "Classroom 10"} <= set(rooms)
    assert len(rooms["Gymnasium"].levels) == 1


def test_the_university_archive_has_its_counts(shared_data: Path) -> None:
    reading = read(shared_data, "spbpu-campus-imdf.zip")
    found = kinds(reading)
    units = ("room", "corridor", "stair", "elevator")
    assert sum(found[kind] for kind in units) == 443
    assert (found["stair"], found["elevator"], found["corridor"]) == (59, 5, 29)
    assert (found["door"], found["building"], found["level"]) == (472, 80, 8)
    assert sorted(level.ordinal for level in reading.levels) == [0, 1, 1, 2, 2, 3, 4, 5]


def test_the_university_archive_lists_its_route_graph_as_unplaced(shared_data: Path) -> None:
    reading = read(shared_data, "spbpu-campus-imdf.zip")
    graph = [left for left in reading.unplaced if left.ref.startswith("navpath")]
    assert len(graph) == 2726 + 327


def test_the_university_archive_has_its_known_defects(shared_data: Path) -> None:
    reading = read(shared_data, "spbpu-campus-imdf.zip")
    found = codes(reading)
    turned = {f.where.partition(": ")[2] for f in reading.findings if f.code == "ring_orientation"}
    assert found["polygon_repaired"] == 2 + 5
    assert {"439 of 443 polygons", "671 of 680 polygons"} <= turned
    assert found["duplicate_label"] == 11
    assert found["rooms_overlap"] + found["corridor_overlap"] == 4
    assert found["room_without_door"] == 1
    assert found["duplicate_id"] == found["reference_unresolved"] == 0


def test_the_university_archive_is_searched_in_every_language(shared_data: Path) -> None:
    from maps.geometry.locate import Locator

    locator = Locator(read(shared_data, "spbpu-campus-imdf.zip").document())
    for text in ("Classroom 104", "Кабинет 104", "кабинет 104"):
        assert {p.feature.label for p in locator.by_name(text) if p.feature} == {"Classroom 104"}
    assert locator.by_name("Leto")[0].feature is not None


def test_the_tiny_archive_breaks_the_standard_and_is_read(shared_data: Path) -> None:
    reading = read(shared_data, "tiny-imdf.zip")
    found = codes(reading)
    for code in (
        "manifest_missing", "id_not_uuid", "building_with_geometry", "level_without_ordinal",
        "category_unknown", "null_island",
    ):  # fmt: skip
        assert found[code] == 1, code
    assert (reading.total, reading.unplaced) == (5, ())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("dresden-apb.osm", "format_osm"),
        ("dresden-apb.overpass.json", "format_overpass"),
        ("floorplan-overlay.pdf", "format_pdf"),
        ("kml/balloon-image-rel.kmz", "format_kmz"),
        ("high-school-svg/floor-1.png", "file_picture"),
        ("high-school-svg/LICENSE.txt", "file_licence"),
        ("high-school-svg/map-schema.json", "json_schema"),
    ],
)
def test_other_files_are_refused_by_what_they_are(shared_data: Path, name: str, code: str) -> None:
    from maps.formats.reading import MapRefused

    with pytest.raises(MapRefused) as caught:
        read_map(name, (shared_data / "maps" / name).read_bytes())
    assert caught.value.code == code
