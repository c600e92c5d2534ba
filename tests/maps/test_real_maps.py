"""The real maps laid beside the project: counts and defects as measured when they were gathered."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from maps.formats.plan_shapes import PlanShape
from maps.formats.plans import read_drawing
from maps.formats.reading import MapReading, read_map
from maps.formats.report import all_findings, check_report
from maps.geometry.site import AREA_KINDS, is_polygonal
from tests.maps.sheets import PLANE, archive

pytestmark = pytest.mark.shared_data

TOTALS = {
    "dresden-apb.geojson": 2282,
    "paris-gare-de-l-est.geojson": 244,
    "openindoormaps-demo-map.geojson": 411,
    "openindoormaps-caserne.geojson": 60,
    "openindoormaps-building.json": 142,
    "spbpu-campus-imdf.zip": 6421,
    "tiny-imdf.zip": 5,
    # Elements without the nodes that have no tags: 1,756 + 527 + 6, 28 + 95, 32 + 31, 2 + 22 + 3.
    "dresden-apb.osm": 2289,
    "dresden-apb.overpass.json": 2289,
    "grenoble-caserne.osm": 123,
    "heidelberg-1floor.osm": 63,
    "overpass-map.osm": 27,
    "overpass-map.json": 27,
    # Placemarks, overlays and links.
    "kml/google-campus-samples.kml": 28,
    "kml/balloon-image-rel.kmz": 1,
    "kml/addresses.kml": 15,
    "kml/bad.kml": 3,
    "kml/cdata.kml": 1,
    "kml/extended_data.kml": 1,
    "kml/ground_overlay.kml": 1,
    "kml/ground_overlay_quad.kml": 1,
    "kml/gxtrack.kml": 1,
    "kml/linear_ring.kml": 1,
    "kml/multigeometry.kml": 1,
    "kml/multigeometry_discrete.kml": 1,
    "kml/networklink.kml": 1,
    "kml/nogeomplacemark.kml": 1,
    "kml/noname.kml": 1,
    "kml/null_geometry.kml": 1,
    "kml/point_extra_coordinates.kml": 1,
    "kml/polygon.kml": 1,
    "kml/schema.kml": 1,
    "kml/selfclosing.kml": 1,
    "kml/simpledata.kml": 2,
    # Drawn shapes: 502 rectangles and 195 paths, 307 and 121.
    "high-school-svg/floor-1.svg": 697,
    "high-school-svg/floor-2.svg": 428,
    "high-school-svg/floor-1-inkscape.svg": 697,
    "high-school-svg/floor-2-inkscape.svg": 428,
    "high-school-svg/floor-1.pdf": 697,
    "high-school-svg/floor-2.pdf": 428,
    "floorplan-overlay.pdf": 113,
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


def test_dresden_is_the_same_map_as_xml_overpass_json_and_geojson(shared_data: Path) -> None:
    xml = read(shared_data, "dresden-apb.osm")
    overpass = read(shared_data, "dresden-apb.overpass.json")
    geojson = read(shared_data, "dresden-apb.geojson")
    assert {f.id: f for f in xml.features} == {f.id: f for f in overpass.features}
    shown = {f.id: (f.kind, f.label, f.levels, f.geometry.geom_type) for f in xml.features}
    assert shown == {f.id: (f.kind, f.label, f.levels, f.geometry.geom_type)
                     for f in geojson.features}  # fmt: skip
    assert codes(xml)["room_without_door"] == codes(xml)["door_off_outline"] == 1
    missing = next(f for f in xml.findings if f.code == "members_missing")
    assert "471 members" in missing.where


def test_grenoble_has_its_areas_levels_and_known_defects(shared_data: Path) -> None:
    reading = read(shared_data, "grenoble-caserne.osm")
    found = kinds(reading)
    assert areas_by_ordinal(reading) == {-1: 10, 0: 55, 1: 7, 2: 1}
    areas = [f for f in reading.features if f.kind in AREA_KINDS and is_polygonal(f)]
    # Two lifts are drawn as rooms; one stair more is no room in the source.
    indoor = [f for f in areas if f.properties.get("indoor") in ("room", "corridor")]
    assert len(indoor) == 67
    assert sum(not f.label for f in indoor if f.properties["indoor"] == "room") == 20
    assert found["door"] + found["exterior_door"] == 10
    assert sum("indoor=room (LineString)" in left.why for left in reading.unplaced) == 1
    assert codes(reading)["level_missing"] == 1
    assert codes(reading)["rooms_overlap"] == 0


def test_heidelberg_is_read_by_the_older_scheme(shared_data: Path) -> None:
    reading = read(shared_data, "heidelberg-1floor.osm")
    found = kinds(reading)
    assert (found["room"], found["corridor"], found["stair"], found["door"]) == (26, 2, 2, 31)
    assert codes(reading)["levels_missing"] == 1


@pytest.mark.parametrize("name", ["overpass-map.osm", "overpass-map.json"])
def test_an_outdoor_extract_says_so(shared_data: Path, name: str) -> None:
    reading = read(shared_data, name)
    assert codes(reading)["no_indoor_features"] == 1
    assert reading.levels == ()


def test_the_campus_samples_have_their_four_buildings(shared_data: Path) -> None:
    reading = read(shared_data, "kml/google-campus-samples.kml")
    assert sorted(f.label for f in reading.features) == [
        f"Building {number}" for number in range(40, 44)
    ]
    counts = {entry.source: entry.count for entry in reading.classes}
    assert (counts["ScreenOverlay"], counts["GroundOverlay"]) == (7, 1)


def test_no_link_of_the_real_files_is_followed(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def connect(*_: Any) -> None:
        raise AssertionError("a map file made a connection")

    monkeypatch.setattr(socket.socket, "connect", connect)
    for path in sorted((shared_data / "maps" / "kml").iterdir()):
        assert read_map(path.name, path.read_bytes()).unplaced


def placement(folder: Path, suffix: str) -> bytes:
    """Return an archive of the high school with control points 100 m wide, as if measured."""
    files = {f"floor-{n}.{suffix}": folder / f"floor-{n}.{suffix}" for n in (1, 2)}
    corners = [((0, 0), (0, 0)), ((609.69, 0), (243.876, 0)), ((0, 465.47), (0, -186.188))]
    scale = 0.75 if suffix == "pdf" else 1.0  # points for user units of 1/96 inch
    control = [
        {"at": [u * scale, v * scale], "lonlat": list(PLANE.point_to_degrees(*on))}
        for (u, v), on in corners
    ]
    levels = [
        {"file": name, "ordinal": n, "name": f"Floor {n + 1}", "control": control}
        for n, name in enumerate(files)
    ]
    entries = {name: path.read_bytes() for name, path in files.items()}
    entries["map.json"] = (folder / "map.json").read_bytes()
    entries["placement.json"] = json.dumps({"levels": levels, "names": "map.json"}).encode()
    return archive(entries)


def test_the_high_school_becomes_383_labelled_places(shared_data: Path) -> None:
    reading = read_map("school", placement(shared_data / "maps" / "high-school-svg", "svg"))
    assert (reading.format, reading.total, len(reading.unplaced)) == ("placement", 383, 742)
    assert all(feature.label for feature in reading.features)
    assert Counter(f.levels for f in reading.features) == {
        (reading.levels[0].id,): 235, (reading.levels[1].id,): 148,
    }  # fmt: skip
    assert sum(bool(f.names) for f in reading.features) == 155
    assert max(len(f.names) for f in reading.features) == 9
    assert (kinds(reading)["aed"], kinds(reading)["trauma_kit"]) == (2, 12)
    assert codes(reading)["names_unused"] == 0
    residual = next(f for f in reading.findings if f.code == "placement_residual")
    assert "residual 0.00 m" in residual.where


def test_the_high_school_is_searched_by_any_of_its_names(shared_data: Path) -> None:
    from maps.geometry.locate import Locator

    data = placement(shared_data / "maps" / "high-school-svg", "svg")
    locator = Locator(read_map("school", data).document())
    for text in ("Health Room", "Nurse's Office"):
        assert {p.feature.label for p in locator.by_name(text) if p.feature} == {"100"}


@pytest.mark.parametrize("floor", [1, 2])
def test_rooms_lie_where_the_authors_drew_them_in_every_file_of_the_plan(
    shared_data: Path, floor: int
) -> None:
    """The working file nests its layers otherwise, and the PDF has other units: same places."""
    folder = shared_data / "maps" / "high-school-svg"
    published, working, printed = (
        read_drawing((folder / name).read_bytes(), name)
        for name in (f"floor-{floor}.svg", f"floor-{floor}-inkscape.svg", f"floor-{floor}.pdf")
    )
    places = [boxes(plan.shapes) for plan in (published, working, printed)]
    by_id = [
        {shape.words[-1]: place for shape, place in zip(plan.shapes, found, strict=True)
         if shape.words and shape.words[-1].startswith("id:room")}
        for plan, found in zip((published, working), places, strict=False)
    ]  # fmt: skip
    assert by_id[0].keys() == by_id[1].keys()
    for key, place in by_id[0].items():
        assert place == pytest.approx(by_id[1][key], abs=0.05), key
    scaled = [tuple(value / 0.75 for value in place) for place in places[2]]
    for drawn, found in zip(places[0], scaled, strict=True):
        assert drawn == pytest.approx(found, abs=0.05)


def boxes(shapes: list[PlanShape]) -> list[tuple[float, ...]]:
    found = []
    for shape in shapes:
        points = [point for outline in shape.outlines for point in outline.points]
        across, down = zip(*points, strict=True)
        found.append((min(across), min(down), max(across), max(down)))
    return found


def test_the_high_school_as_pdf_has_the_same_shapes_but_no_ids(shared_data: Path) -> None:
    reading = read_map("school", placement(shared_data / "maps" / "high-school-svg", "pdf"))
    assert (reading.total, len(reading.unplaced)) == (0, 697 + 428)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("high-school-svg/map.json", "room_names"),
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
