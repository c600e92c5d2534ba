"""Files that are no map, or not one we may read: each says what, where and how to mend it."""

import json
import time
import zipfile
from typing import Any

import pytest

from maps.formats.reading import MapRefused, read_map
from tests.maps.sheets import archive, collection, geojson_feature, point, rectangle


def points(*positions: Any) -> bytes:
    return collection(
        *(
            geojson_feature({"type": "Point", "coordinates": list(p)}, f"p{i}", kind="aed")
            for i, p in enumerate(positions)
        )
    )


def refused(data: bytes, **more: Any) -> MapRefused:
    began = time.process_time()
    with pytest.raises(MapRefused) as caught:
        read_map("map", data, **more)
    assert time.process_time() - began < 2
    refusal = caught.value
    assert refusal.message
    assert refusal.where.startswith("map")
    assert refusal.mend
    return refusal


EMPTY = '{"type":"FeatureCollection","features":[]}'
FILES: dict[str, tuple[str, bytes]] = {
    "empty": ("file_empty", b""),
    "blank": ("file_empty", b" \n\t "),
    "png": ("file_picture", b"\x89PNG\r\n\x1a\n" + bytes(40)),
    "jpeg": ("file_picture", b"\xff\xd8\xff\xe0" + bytes(40)),
    "pdf": ("pdf_cut_off", b"%PDF-1.7\n"),
    "gzip": ("format_gzip", b"\x1f\x8b\x08" + bytes(20)),
    "variable": ("javascript", b'var rooms = {"type": "FeatureCollection"};'),
    "callback": ("javascript", b'show({"type": "FeatureCollection"})'),
    "module": ("javascript", b"// rooms\nexport default {}"),
    "licence": ("file_licence", b"MIT License\n\nCopyright (c) 2020"),
    "text": ("file_text", b"Room list for the fall"),
    "notes": ("file_text", b"# Maps of our school\n" + b"who drew what " * 30 + b"licence: MIT"),
    "binary": ("file_unknown", bytes(range(256)) * 8),
    "schema": ("json_schema", b'{"$schema": "http://json-schema.org/schema#", "properties": {}}'),
    "names": ("room_names", b'{"$schema": "./a.json", "rooms": {"100": ["Health Room"]}}'),
    "topojson": ("topojson", b'{"type": "Topology", "objects": {}}'),
    "esri": ("format_esri_json", b'{"geometryType": "x", "spatialReference": {}, "features": []}'),
    "other JSON": ("not_a_map", b'{"name": "muster", "version": "1.0"}'),
    "list": ("not_a_map", b"[1, 2]"),
    "no list": ("geojson_features", b'{"type": "FeatureCollection", "features": {}}'),
    "web page": (
        "format_html",
        b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>",
    ),
    "huge picture": ("file_picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x7f\xff" * 20),
    "gpx": ("format_gpx", b'<?xml version="1.0"?><gpx version="1.1"></gpx>'),
    "gml": ("format_gml", b"<!-- plan -->\n<gml:gml xmlns:gml='g'/>"),
    "xml": ("format_xml", b"<note>Room list</note>"),
    "utf-16": ("encoding_utf16", EMPTY.encode("utf-16")),
    "latin": ("encoding_wrong", '{"name": "Turnhalle Süd"}'.encode("latin-1")),
    "cut off": ("json_cut_off", EMPTY[:-3].encode()),
    "comma": ("json_broken", b'{"type": "FeatureCollection",}'),
    "deep": ("json_too_deep", b"[" * 13 + b"]" * 13),
    "hostile depth": ("json_too_deep", b'{"a":' * 500_000),
    "zip cut off": ("archive_broken", archive({"unit.geojson": EMPTY})[:-20]),
    "zip damaged": (
        "archive_broken",
        archive({"unit.geojson": EMPTY}, zipfile.ZIP_STORED).replace(b":[]", b":{}"),
    ),
    "zip empty": ("archive_without_map", archive({})),
    "zip of text": ("archive_without_map", archive({"readme.txt": "x"})),
    "zip of GeoJSON": ("archive_not_imdf", archive({"a.geojson": points([10, 50])})),
    "kmz": ("not_a_map", archive({"doc.kml": "<html/>"})),
    "shapefile": ("format_shapefile", archive({"rooms.shp": "x"})),
    "zip in zip": ("archive_nested", archive({"unit.geojson": EMPTY, "more.zip": b"PK"})),
    "zip as JSON": ("archive_nested", archive({"unit.geojson": archive({"a": b"b"})}, 0)),
    "path": ("archive_names", archive({"../unit.geojson": EMPTY})),
    "drive": ("archive_names", archive({"C:/unit.geojson": EMPTY})),
    "twice": ("archive_names", archive({"a/unit.geojson": EMPTY, "b/unit.geojson": EMPTY})),
    "entries": ("archive_entries", archive({f"{n}.geojson": "{}" for n in range(2001)})),
    "collection": ("imdf_collection", archive({"unit.geojson": "[]"})),
}


@pytest.mark.parametrize("name", FILES)
def test_each_wrong_file_has_a_refusal_of_its_own(name: str) -> None:
    code, data = FILES[name]
    assert refused(data).code == code


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_a_number_that_is_none_is_refused_with_line_and_column(number: str) -> None:
    text = EMPTY.replace("[]", f'[\n  {{"a": {number}}}]').encode()
    refusal = refused(text)
    assert refusal.code == "json_number"
    assert "line 2, column" in refusal.where


def test_a_wrong_byte_is_named_with_its_place() -> None:
    refusal = refused('{\n "name": "Süd"}'.encode("latin-1"))
    assert "0xfc" in refusal.message
    assert refusal.where == "map, line 2, column 12"


def test_brackets_within_text_are_no_depth() -> None:
    text = EMPTY.replace("[]", '[], "note": "\\\\\\"[[[[[[[[[[[[[[[[[[[["')
    assert read_map("map", text.encode()).total == 0


@pytest.mark.parametrize(
    ("positions", "code"),
    [
        ([[-8575000.5, 4720000.5]], "coordinates_projected"),
        ([[323000.5, 4307000.5]], "coordinates_projected"),
        ([[5148, 2253], [10, 20]], "coordinates_pixel"),
        ([[39.04, -77.2]], "axes_swapped"),
        ([[47.6, -122.3]], "axes_swapped"),
        ([[-77.2, 39.04], [-77.5, 39.04]], "extent_too_large"),
        ([[1e11, 1e11]], "coordinates_unknown"),
    ],
)
def test_positions_that_are_not_degrees_on_a_campus_are_refused(positions: Any, code: str) -> None:
    assert refused(points(*positions)).code == code


def test_the_feature_that_makes_the_map_too_large_is_named() -> None:
    refusal = refused(points([-77.2, 39.04], [-77.2, 39.041], [-77.2, 39.042], [0.0, 0.0]))
    assert "p3" in refusal.where


def test_swapped_axes_are_found_everywhere_when_the_campus_is_known() -> None:
    assert refused(points([51.03, 13.72]), near=(13.72, 51.03)).code == "axes_swapped"
    assert refused(points([10.0, 50.0]), near=(13.72, 51.03)).code == "map_elsewhere"
    assert read_map("map", points([13.72, 51.03]), near=(13.72, 51.03)).total == 1


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:EPSG::3857", "EPSG:26918"])
def test_another_reference_system_is_refused_by_name(crs: str) -> None:
    stated = {"type": "name", "properties": {"name": crs}}
    refusal = refused(collection(crs=stated))
    assert refusal.code == "crs_other"
    assert crs in refusal.message


def test_the_old_way_of_stating_degrees_is_accepted() -> None:
    stated = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read_map("map", collection(crs=stated)).crs == "EPSG:4326"


def test_null_island_is_an_error_but_no_refusal() -> None:
    reading = read_map("map", points([0.0001, 0.0002]))
    assert [finding.code for finding in reading.findings] == ["null_island"]


def test_a_file_above_25_mb_is_refused() -> None:
    assert refused(b"{" + b" " * (25 * 1024**2)).code == "file_too_large"


def test_more_than_a_million_vertices_are_refused() -> None:
    line = b'{"type":"LineString","coordinates":[' + b",".join([b"[1,2]"] * 1_000_001) + b"]}"
    data = b'{"type":"Feature","properties":{},"geometry":' + line + b"}"
    assert refused(data).code == "too_many_vertices"


def test_more_than_100_000_features_are_refused() -> None:
    data = b'{"type":"FeatureCollection","features":[' + b",".join([b"{}"] * 100_001) + b"]}"
    assert refused(data).code == "too_many_features"


def test_an_entry_that_unpacks_to_200_times_its_size_is_refused() -> None:
    assert refused(archive({"unit.geojson": b"{" + b" " * 2_000_000})).code == "archive_ratio"


def test_an_archive_that_unpacks_to_more_than_32_mb_is_refused() -> None:
    block = bytes((number * 7919) % 251 for number in range(1000)) * 12_000
    data = archive({f"{number}.geojson": block for number in range(3)})
    assert refused(data).code == "archive_unpacked"


def test_more_than_a_million_vertices_of_an_extract_are_refused() -> None:
    nodes = b"".join(b"<nd ref='1'/>" for _ in range(1_000_001))
    assert refused(b"<osm><way id='1'>" + nodes + b"</way></osm>").code == "too_many_vertices"


def test_more_than_100_000_shapes_of_a_drawing_are_refused() -> None:
    data = b"<svg>" + b"<line x1='1' x2='2'/>" * 100_001 + b"</svg>"
    assert refused(data).code == "too_many_features"


def test_more_than_100_000_placemarks_are_refused() -> None:
    data = b"<kml>" + b"<Placemark/>" * 100_001 + b"</kml>"
    assert refused(data).code == "too_many_features"


def test_an_xml_file_of_entities_is_refused_before_one_is_expanded() -> None:
    lines = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)]
    bomb = f'<!DOCTYPE kml [<!ENTITY a0 "x">{"".join(lines)}]><kml>&a9;</kml>'
    assert refused(bomb.encode()).code == "xml_entities"


@pytest.mark.parametrize("system", ["file:///etc/passwd", "http://127.0.0.1:9/x.dtd"])
def test_an_external_entity_is_refused_and_not_read(system: str) -> None:
    text = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{system}">]><svg><text>&x;</text></svg>'
    assert refused(text.encode()).code == "xml_entities"


def test_a_large_extract_that_is_cut_off_is_refused_at_once() -> None:
    began = time.process_time()
    refusal = refused(b"<osm>\n" + b"<node id='1' lat='39' lon='-77'/>\n" * 400_000)
    assert (refusal.code, time.process_time() - began < 0.5) == ("xml_cut_off", True)
    assert "line 400002" in refusal.where


@pytest.mark.parametrize("root", ["osm", "kml", "svg"])
def test_xml_in_utf_16_is_refused_by_its_name(root: str) -> None:
    assert refused(f"<{root}></{root}>".encode("utf-16")).code == "encoding_utf16"


@pytest.mark.parametrize("comments", [b"<!---->" * 100_000, b"<!--" * 100_000, b"<?a?> " * 100_000])
def test_a_hostile_prolog_is_walked_once(comments: bytes) -> None:
    assert refused(comments + b"<a").where == "map"


def test_shapes_that_all_lie_on_one_another_are_refused() -> None:
    shapes = [geojson_feature(rectangle(0, 0, 9, 9), n, kind="room") for n in range(2_100)]
    assert refused(collection(*shapes)).code == "shapes_stacked"


def test_more_levels_than_any_building_has_are_refused() -> None:
    shapes = [
        geojson_feature(point(n % 90 * 9, n // 90 * 9), n, kind="aed", level=f"wing {n} x")
        for n in range(2_100)
    ]
    assert refused(collection(*shapes)).code == "too_many_levels"


def test_a_tangle_is_listed_and_not_mended_for_minutes() -> None:
    places = [(n * 7919 % 9973, n * 104729 % 9967) for n in range(5_000)]
    ring = [[-77.2 + x * 1e-6, 39.04 + y * 1e-6] for x, y in places]
    tangle = {"type": "Polygon", "coordinates": [ring]}
    began = time.process_time()
    reading = read_map("map", collection(geojson_feature(tangle, "a", kind="room")))
    assert time.process_time() - began < 2
    assert "crosses itself all over" in reading.unplaced[0].why


def test_a_page_of_text_as_a_class_is_read_in_no_time() -> None:
    began = time.process_time()
    data = collection(geojson_feature(point(0, 0), "a", category="gas " * 500_000))
    assert read_map("map", data).unplaced
    assert time.process_time() - began < 2


def test_escapes_within_text_hide_no_bracket() -> None:
    deep = b'{"a": "\\\\", "b": ' + b"[" * 13 + b"]" * 13 + b"}"
    assert refused(deep).code == "json_too_deep"
    assert read_map("map", EMPTY.replace("[]", '[], "a": "[[\\"[[[[[[[[[[[["').encode()).total == 0


def test_very_many_lines_of_features_are_refused_before_they_are_parsed() -> None:
    assert refused(b'{"a":1}\n' * 200_002).code == "too_many_features"


def test_a_multipolygon_of_very_many_parts_is_joined_in_no_time() -> None:
    count = 20_000
    nodes = [
        {"type": "node", "id": n, "lon": -77.2 + n * 1e-7, "lat": 39.04 + n * n % 97 * 1e-6}
        for n in range(count)
    ]
    ways = [{"type": "way", "id": n, "nodes": [n, (n + 1) % count]} for n in range(count)]
    members = [{"type": "way", "ref": n * 7919 % count, "role": "outer"} for n in range(count)]
    tags = {"type": "multipolygon", "indoor": "room"}
    relation = {"type": "relation", "id": 1, "members": members, "tags": tags}
    began = time.process_time()
    reading = read_map("map", json.dumps({"elements": [*nodes, *ways, relation]}).encode())
    assert time.process_time() - began < 2
    assert reading.total + len(reading.unplaced) == count + 1


def test_a_size_that_lies_is_found_while_inflating() -> None:
    data = archive({"unit.geojson": EMPTY + " " * 5000})
    lie = (10).to_bytes(4, "little")
    size = (len(EMPTY) + 5000).to_bytes(4, "little")
    assert refused(data.replace(size, lie)).code == "archive_broken"


def test_our_own_form_that_was_changed_by_hand_is_refused_with_its_place() -> None:
    document = {
        "type": "FeatureCollection",
        "levels": [],
        "grid": None,
        "features": [
            {
                "type": "Feature",
                "id": "f1",
                "geometry": {"type": "Point", "coordinates": [10, 50]},
                "properties": {
                    "kind": "room", "label": "1", "names": [], "levels": ["gone"], "properties": {},
                },
            }
        ],
    }  # fmt: skip
    refusal = refused(json.dumps(document).encode())
    assert refusal.code == "document_broken"
    assert "f1" in refusal.where
