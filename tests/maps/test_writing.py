"""Maps written for responders' software: read back as they were, and sound by others' rules."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from maps.document import KINDS, Feature, Grid, Level, MapDocument
from maps.drawing import draw_level
from maps.formats.reading import MapReading, read_map
from maps.formats.write_tak import KEPT
from maps.formats.writing import EXPORT_FORMATS, Export, ExportFormat, Site, write_map
from tests.maps.drawing_school import GROUND, UPPER, document, feature, on_earth, room, small_school
from tests.maps.imdf_rules import broken_rules
from tests.maps.sheets import PLANE

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SITE = Site("Lincoln High School", "1 Main Street", "Harrison", "US-MI", "US", "48625")
READ_BACK: tuple[ExportFormat, ...] = ("geojson", "imdf", "kml", "kmz", "tak")
FORMS: dict[str, str] = {"tak": "kmz"}


def written(school: MapDocument, form: ExportFormat) -> Export:
    return write_map(school, form, site=SITE, at=AT)


def read_back(school: MapDocument, form: ExportFormat) -> MapReading:
    export = written(school, form)
    reading = read_map("map", export.content)
    assert reading.format == FORMS.get(form, form)
    assert not reading.unplaced
    return reading


def assert_same(school: MapDocument, reading: MapReading, form: ExportFormat) -> None:
    assert reading.levels == tuple(sorted(school.levels, key=lambda v: (v.ordinal, v.id)))
    assert reading.grid == school.grid
    found = {f.id: f for f in reading.features}
    assert found.keys() == {f.id for f in school.features}
    for former in school.features:
        now, properties = found[former.id], dict(former.properties)
        if form == "tak":
            properties = {key: value for key, value in properties.items() if key in KEPT}
        assert replace(now, geometry=former.geometry) == replace(former, properties=properties)
        assert_near(former.geometry, now.geometry)


def assert_near(one: BaseGeometry, other: BaseGeometry) -> None:
    """Assert that geometries are the same to 1 cm, whatever the turn of their rings."""
    assert one.geom_type == other.geom_type
    # Shapes here have whole meters: on a grid of 1 cm they are the same to the bit.
    snapped = [shapely.set_precision(PLANE.to_meters(shape), 0.01) for shape in (one, other)]
    assert snapped[0].normalize() == snapped[1].normalize()


@pytest.mark.parametrize("form", READ_BACK)
def test_a_school_is_read_back_as_it_was(form: ExportFormat) -> None:
    school = small_school()
    assert_same(school, read_back(school, form), form)


def square(x: float, y: float, side: float) -> Polygon:
    return box(x, y, x + side, y + side)


def framed(x: float, y: float, side: float) -> Polygon:
    return Polygon(square(x, y, 4 * side).exterior, [square(x + side, y + side, side).exterior])


def shapes() -> st.SearchStrategy[BaseGeometry]:
    at = st.integers(-400, 400)
    side = st.integers(1, 60)
    line = st.builds(lambda x, y, w, h: LineString([(x, y), (x + w, y), (x + w, y + h)]),
                     at, at, side, side)  # fmt: skip
    parts = st.builds(
        lambda x, y, s: MultiPolygon([square(x, y, s), square(x + 2 * s, y, s)]), at, at, side
    )
    points = st.builds(lambda x, y: MultiPoint([(x, y), (x + 3, y)]), at, at)
    areas = (st.builds(square, at, at, side), st.builds(framed, at, at, side), parts)
    return st.one_of(*areas, st.builds(Point, at, at), line, points).map(PLANE.to_degrees)


words = st.text(max_size=12)
values = st.one_of(st.booleans(), st.integers(-9, 9), words, st.lists(words, max_size=2))
keys = st.sampled_from(["number", "main", "utility", "capacity", "access", "note", "where", "how"])


@st.composite
def maps(draw: st.DrawFn) -> MapDocument:
    """Return a map of up to three levels with features of any kind and shape anywhere on them."""
    ordinals = draw(st.lists(st.integers(-2, 5), max_size=3, unique=True))
    levels = tuple(
        Level(f"level {n}", n, draw(st.sampled_from(["Floor", "Étage", "2"])), str(n))
        for n in ordinals
    )
    on = (
        st.lists(st.sampled_from([v.id for v in levels]), max_size=2, unique=True)
        if levels
        else (st.just([]))
    )
    features = [
        Feature(
            f"feature {number}", draw(st.sampled_from(KINDS)), draw(words), draw(shapes()),
            tuple(draw(st.lists(words.filter(bool), max_size=2))), tuple(draw(on)),
            draw(st.dictionaries(keys, values, max_size=3)),
        )
        for number in range(draw(st.integers(1, 5)))
    ]  # fmt: skip
    grid = draw(st.sampled_from([None, Grid(-77.201, 39.041, 20.0, 12, 14)]))
    return MapDocument(levels, tuple(features), grid)


@pytest.mark.parametrize("form", READ_BACK)
@settings(deadline=None)
@given(school=maps())
def test_any_map_is_read_back_as_it_was(form: ExportFormat, school: MapDocument) -> None:
    assert_same(school, read_back(school, form), form)


@settings(deadline=None)
@given(school=maps())
def test_a_written_imdf_archive_breaks_no_rule(school: MapDocument) -> None:
    assert broken_rules(written(school, "imdf").content) == []


def test_a_school_as_imdf_breaks_no_rule() -> None:
    assert broken_rules(written(small_school(), "imdf").content) == []


def test_the_rules_find_what_breaks_them() -> None:
    """The checker is no use if it passes everything: each change must be found."""
    entries = unpacked(written(small_school(), "imdf"))
    for name, old, new, rule in (
        ("manifest.json", b'"1.0.0"', b'"7"', "manifest version"),
        ("unit.geojson", b'"category":"room"', b'"category":"den"', "category den"),
        ("unit.geojson", b'"level_id":"', b'"level_id":"f', "Resolvable"),
        ("level.geojson", b'"short_name":{"en"', b'"short_name":{"?"', "LABELS"),
        ("level.geojson", b'"ordinal":0', b'"ordinal":"0"', "ordinal"),
        ("building.geojson", b'"geometry":null', b'"geometry":{"type":"Point"}', "null"),
        ("opening.geojson", b'"LineString"', b'"Point"', "geometry"),
    ):
        changed = {**entries, name: entries[name].replace(old, new)}
        if name == "building.geojson" and old not in entries[name]:
            continue
        assert changed != entries, name
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for entry, content in changed.items():
                archive.writestr(entry, content)
        assert any(rule in broken for broken in broken_rules(buffer.getvalue())), rule


def unpacked(export: Export) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(export.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_door_of_imdf_lies_along_its_wall() -> None:
    school = document(room("1", 0, 0, 10, 10), feature("door", "d", Point(10, 5)))
    entries = unpacked(written(school, "imdf"))
    (opening,) = json.loads(entries["opening.geojson"])["features"]
    line = LineString(opening["geometry"]["coordinates"])
    wall = on_earth(LineString([(10, 4), (10, 6)]))
    assert wall.buffer(1e-8).covers(line)
    assert 0.8 < line.length / on_earth(LineString([(10, 0), (10, 1)])).length < 1


def test_an_export_says_what_the_standard_has_no_word_for() -> None:
    school = document(room("1", 0, 0, 9, 9), feature("hydrant", "H", Point(20, 20), levels=()))
    codes = {note.code for note in written(school, "imdf").notes}
    assert codes == {"venue_category", "kind_by_extension"}
    bare = write_map(school, "imdf", site=Site("Lincoln"), at=AT)
    assert "address_incomplete" in {note.code for note in bare.notes}


def test_the_same_map_gives_the_same_bytes_and_ids_stay() -> None:
    for form in EXPORT_FORMATS:
        assert written(small_school(), form).content == written(small_school(), form).content
    later = write_map(small_school(), "tak", site=SITE, at=AT.replace(year=2027))
    one, other = unpacked(later), unpacked(written(small_school(), "tak"))
    assert one.keys() == other.keys()


def test_kml_has_a_folder_for_each_level_and_a_style_for_each_kind() -> None:
    root = ET.fromstring(written(small_school(), "kml").content)
    space = {"k": "http://www.opengis.net/kml/2.2"}
    folders = [e.findtext("k:name", namespaces=space) for e in root.iterfind(".//k:Folder", space)]
    assert folders == ["Floor 2", "Floor 1", "Outdoors"]
    styles = {e.get("id") for e in root.iterfind(".//k:Style", space)}
    used = {e.text for e in root.iterfind(".//k:styleUrl", space)}
    assert used == {f"#{style}" for style in styles}


def test_a_tak_package_lists_exactly_what_it_holds() -> None:
    entries = unpacked(written(small_school(), "tak"))
    root = ET.fromstring(entries.pop("MANIFEST/manifest.xml"))
    assert (root.tag, root.get("version")) == ("MissionPackageManifest", "2")
    names = {p.get("name"): p.get("value") for p in root.iterfind("Configuration/Parameter")}
    assert names["name"] == SITE.name
    assert re.fullmatch(r"[0-9a-f-]{36}", names["uid"] or "")
    listed = [content.get("zipEntry") for content in root.iterfind("Contents/Content")]
    assert sorted(str(entry) for entry in listed) == sorted(entries)


def test_events_of_a_tak_package_have_what_a_client_needs() -> None:
    entries = unpacked(written(small_school(), "tak"))
    events = [ET.fromstring(c) for n, c in entries.items() if n.endswith(".cot")]
    assert events
    uids = [event.get("uid") for event in events]
    assert len(set(uids)) == len(uids)
    for event in events:
        assert event.get("version") == "2.0"
        start, stale = (datetime.fromisoformat(str(event.get(key))) for key in ("start", "stale"))
        assert (stale - start).days >= 365
        point, detail = event.find("point"), event.find("detail")
        assert point is not None
        assert detail is not None
        assert abs(float(point.get("lat") or 0) - 43.21) < 0.01
        assert (point.get("hae"), point.get("ce"), point.get("le")) == ("9999999.0",) * 3
        assert detail.find("archive") is not None
        assert detail.find("contact") is not None
        links = [link.get("point") for link in detail.iterfind("link")]
        assert (event.get("type"), event.get("how")) == (
            ("u-d-f", "h-e") if links else ("b-m-p-s-m", "h-g-i-g-o")
        )
        assert not links or links[0] == links[-1]


def test_no_note_or_code_leaves_in_a_tak_package() -> None:
    secret = {"access": "code 4711", "note": "Mr. Smith, 555-0100", "how": "turn", "where": "roof"}
    school = document(room("1", 0, 0, 9, 9), feature("key_box", "Box", Point(3, 3), **secret))
    export = written(school, "tak")
    for content in unpacked(export).values():
        for text in ("4711", "Smith", "turn", "roof"):
            assert text.encode() not in content
    assert [note.code for note in export.notes] == ["properties_left_out"]


def test_an_svg_of_each_level_names_every_room_once() -> None:
    school = small_school()
    entries = unpacked(written(school, "svg"))
    assert list(entries) == ["level-0-Floor-1.svg", "level-1-Floor-2.svg", "site.svg"]
    for level, name in ((GROUND, "level-0-Floor-1.svg"), (UPPER, "level-1-Floor-2.svg")):
        root = ET.fromstring(entries[name])
        texts = ["".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")]
        listed = [re.sub(r"^\w: |, [A-Z]+-?\d+$", "", text) for text in texts]
        for one in school.on_level(level):
            if one.kind == "room" and one.label:
                assert listed.count(one.label) == 1, one.label


def test_no_label_of_a_level_lies_over_another() -> None:
    drawing = draw_level(small_school(), GROUND, width=740, height=520)
    outlines = [claim.outline for claim in drawing.claims]
    one, other = shapely.STRtree(outlines).query(outlines, "overlaps")
    assert not [(a, b) for a, b in zip(one, other, strict=True) if a < b]


def test_a_level_without_rooms_is_left_out_of_the_svg_and_said() -> None:
    school = document(room("1", 0, 0, 9, 9))
    export = written(school, "svg")
    assert "level-1-Floor-2.svg" not in unpacked(export)
    assert any("Floor 2" in note.where for note in export.notes)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="imdf"):
        write_map(small_school(), "dwg", site=SITE, at=AT)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["kml", "geojson"])
def test_gdal_reads_what_is_written(form: ExportFormat, tmp_path: Any) -> None:
    geopandas = pytest.importorskip("geopandas", reason="geopandas is not installed")
    pyogrio = pytest.importorskip("pyogrio", reason="pyogrio is not installed")
    school = small_school()
    export = written(school, form)
    target = tmp_path / f"map{export.suffix}"
    target.write_bytes(export.content)
    frames = [geopandas.read_file(target, layer=name) for name, _ in pyogrio.list_layers(target)]
    shown = (
        sum(max(1, len(f.levels)) for f in school.features)
        if form == "kml"
        else len(school.features)
    )
    assert sum(len(frame) for frame in frames) == shown
    bounds = shapely.total_bounds([f.geometry for f in school.features])
    assert shapely.total_bounds([g for f in frames for g in f.geometry]) == pytest.approx(bounds)


def test_an_archive_of_ours_with_a_feature_of_another_program_is_read_as_any_other() -> None:
    entries = unpacked(written(small_school(), "imdf"))
    units = json.loads(entries["unit.geojson"])
    foreign = json.loads(json.dumps(units["features"][0]))
    foreign["id"] = "99999999-9999-4999-8999-999999999999"
    del foreign["properties"]["muster"]
    units["features"].append(foreign)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {**entries, "unit.geojson": json.dumps(units).encode()}.items():
            archive.writestr(name, content)
    reading = read_map("map", buffer.getvalue())
    assert foreign["id"] in {feature.id for feature in reading.features}
    count = sum(len(json.loads(c)["features"]) for n, c in entries.items() if "manifest" not in n)
    assert reading.total + len(reading.unplaced) == count + 1


def test_a_pdf_has_a_tagged_page_for_each_level_and_the_site_that_names_every_room() -> None:
    school = small_school()
    export = written(school, "pdf")
    with pikepdf.open(io.BytesIO(export.content)) as opened:
        assert len(opened.pages) == len(school.levels) + 1
        assert "/StructTreeRoot" in opened.Root
        assert opened.Root.MarkInfo.Marked
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(export.content)).pages)
    labels = [one.label for one in school.features if one.kind == "room" and one.label]
    assert [label for label in labels if label not in text] == []


def test_another_library_reads_the_events_and_overlays_of_a_tak_package(tmp_path: Any) -> None:
    takproto = pytest.importorskip("takproto", reason="takproto is not installed")
    geopandas = pytest.importorskip("geopandas", reason="geopandas is not installed")
    pyogrio = pytest.importorskip("pyogrio", reason="pyogrio is not installed")
    school = small_school()
    entries = unpacked(written(school, "tak"))
    labels = {one.label for one in school.features}
    events = [content for name, content in entries.items() if name.endswith(".cot")]
    assert events
    for content in events:
        event = takproto.parse_proto(takproto.xml2proto(content.decode())).cotEvent
        assert event.uid.startswith("muster.")
        assert any(label and label in event.detail.contact.callsign for label in labels)
        inside = shapely.box(*shapely.total_bounds([f.geometry for f in school.features]))
        assert inside.buffer(1e-6).covers(shapely.Point(event.lon, event.lat))
    shown = 0
    for name, content in entries.items():
        if name.endswith(".kml"):
            target = tmp_path / name.rpartition("/")[2]
            target.write_bytes(content)
            layers = [layer for layer, _ in pyogrio.list_layers(target)]
            shown += sum(len(geopandas.read_file(target, layer=layer)) for layer in layers)
    assert shown >= len(school.features)
