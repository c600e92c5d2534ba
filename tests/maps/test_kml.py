"""KML and KMZ: attributes, folders and shapes as real files write them; nothing is fetched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maps.formats.reading import MapReading, MapRefused, read_map
from tests.maps.sheets import archive

SQUARE = "-77.2,39.04,0 -77.1999,39.04,0 -77.1999,39.0401,0 -77.2,39.0401,0 -77.2,39.04,0"
POLYGON = (
    "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
    f"{SQUARE}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
)
POINT = "<Point><coordinates>-77.2,39.04</coordinates></Point>"
SPACE = 'xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"'


def kml(*parts: str) -> bytes:
    return f"<kml {SPACE}><Document>{''.join(parts)}</Document></kml>".encode()


def placemark(shape: str = POLYGON, name: str = "", **data: str) -> str:
    fields = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in data.items())
    return f"<Placemark><name>{name}</name><ExtendedData>{fields}</ExtendedData>{shape}</Placemark>"


def read(*parts: str) -> MapReading:
    return read_map("map", kml(*parts))


def test_attributes_say_kind_sign_and_level() -> None:
    (feature,) = read(placemark(kind="room", name="Art", ref="204", level="2")).features
    assert (feature.kind, feature.label) == ("room", "204")
    assert len(feature.levels) == 1


@pytest.mark.parametrize(
    "fields",
    [
        '<SchemaData schemaUrl="#s"><SimpleData name="kind">room</SimpleData></SchemaData>',
        '<Data name="kind"><displayName>Kind</displayName><value>room</value></Data>',
        '<gis:kind xmlns:gis="https://gis.example">room</gis:kind>',
    ],
)
def test_all_three_ways_of_carrying_attributes_are_read(fields: str) -> None:
    reading = read(f"<Placemark><ExtendedData>{fields}</ExtendedData>{POLYGON}</Placemark>")
    assert [f.kind for f in reading.features] == ["room"]


def test_folders_say_level_and_kind_and_the_report_says_so() -> None:
    inner = f"<Folder><name>Exterior doors</name>{placemark(POINT, 'Door 3')}</Folder>"
    reading = read(f"<Folder><name>Floor 2</name>{inner}</Folder>")
    (door,) = reading.features
    assert (door.kind, door.properties["number"]) == ("exterior_door", "3")
    assert [v.ordinal for v in reading.levels] == [2]
    assert [c.source for c in reading.classes] == ["folder=Exterior doors"]
    assert any(f.code == "kind_from_words" for f in reading.findings)


def test_a_name_of_a_device_is_its_kind() -> None:
    reading = read(f"<Folder><name>Rooms</name>{placemark(POINT, 'AED by the gym')}</Folder>")
    assert [f.kind for f in reading.features] == ["aed"]


def test_a_placemark_that_says_nothing_is_listed() -> None:
    reading = read(placemark(name="204"))
    assert not reading.features
    assert "neither its attributes" in reading.unplaced[0].why


def test_a_polygon_keeps_its_hole_and_loses_its_height() -> None:
    ring = "-77.19998,39.04002 -77.19992,39.04002 -77.19992,39.04008 -77.19998,39.04002"
    hole = (
        "<innerBoundaryIs><LinearRing><coordinates>"
        f"{ring}</coordinates></LinearRing></innerBoundaryIs>"
    )
    shape = POLYGON.replace("</Polygon>", f"{hole}</Polygon>")
    (feature,) = read(placemark(shape, kind="building")).features
    assert len(feature.geometry.interiors) == 1
    assert not feature.geometry.has_z


def test_a_collection_of_one_kind_is_one_feature_and_a_mixed_one_is_listed() -> None:
    both = f"<MultiGeometry>{POLYGON}{POLYGON.replace('-77.', '-77.0')}</MultiGeometry>"
    (feature,) = read(placemark(both, kind="parking")).features
    assert feature.geometry.geom_type == "MultiPolygon"
    mixed = read(placemark(f"<MultiGeometry>{POLYGON}{POINT}</MultiGeometry>", kind="room"))
    assert "mixes shapes" in mixed.unplaced[0].why


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        ("", "no geometry"),
        ("<Point><coordinates/></Point>", "empty"),
        ("<LineString/>", "empty"),
        ("<Point><coordinates>no,no</coordinates></Point>", "'no,no' is no position"),
        ("<Point><coordinates>NaN,1</coordinates></Point>", "a number is none"),
        ("<Point><coordinates>-77.2</coordinates></Point>", "is no position"),
        ("<LineString><coordinates>1,2</coordinates></LineString>", "needs 2 positions"),
        ("<Polygon/>", "no outer ring"),
        ("<MultiGeometry/>", "collection is empty"),
        ("<gx:Track><gx:coord>1 2 3</gx:coord></gx:Track>", "track"),
        ("<Model/>", "three-dimensional"),
    ],
)
def test_a_placemark_without_a_usable_shape_is_listed(shape: str, why: str) -> None:
    reading = read(placemark(shape, kind="aed"))
    assert why in reading.unplaced[0].why
    assert reading.total == 0


def test_numbers_beyond_the_height_are_reported() -> None:
    reading = read(
        placemark("<Point><coordinates>-77.2,39.04,0,20</coordinates></Point>", kind="aed")
    )
    assert len(reading.features) == 1
    assert any(f.code == "coordinates_extra" for f in reading.findings)


def test_blanks_around_commas_are_forgiven() -> None:
    reading = read(
        placemark("<Point><coordinates>-77.2, 39.04 , 0</coordinates></Point>", kind="aed")
    )
    assert reading.features[0].geometry.coords[0] == (-77.2, 39.04)


def test_overlays_and_links_are_listed_and_nothing_is_fetched() -> None:
    icon = "<Icon><href>http://127.0.0.1:9/a.png</href></Icon>"
    reading = read(
        f"<GroundOverlay>{icon}</GroundOverlay>",
        "<NetworkLink><Link><href>http://127.0.0.1:9/b.kml</href></Link></NetworkLink>",
    )
    assert [left.ref for left in reading.unplaced] == ["GroundOverlay 1", "NetworkLink 2"]
    assert {"network_link", "ground_overlay"} <= {f.code for f in reading.findings}


def test_what_has_no_class_may_lie_anywhere_but_the_map_may_not() -> None:
    far = POINT.replace("-77.2", "12.5")
    assert len(read(placemark(kind="building"), placemark(far, "a far place")).features) == 1
    with pytest.raises(MapRefused, match="across"):
        read(placemark(kind="building"), placemark(far, kind="aed"))


def test_html_of_a_description_becomes_text() -> None:
    note = "<description><![CDATA[<b>Behind</b> the <i>stage</i>]]></description>"
    (feature,) = read(f"<Placemark>{note}<name>AED</name>{POINT}</Placemark>").features
    assert feature.properties["note"] == "Behind the stage"


def test_older_namespaces_and_none_at_all_are_read() -> None:
    for space in ('xmlns="http://earth.google.com/kml/2.1"', ""):
        data = f"<kml {space}>{placemark(kind='room')}</kml>".encode()
        assert len(read_map("map", data).features) == 1


def test_a_kmz_is_read_by_its_document_and_says_what_it_left() -> None:
    data = archive({"doc.kml": kml(placemark(kind="room")), "files/a.gif": b"GIF8"})
    reading = read_map("map", data)
    assert (reading.format, len(reading.features)) == ("kmz", 1)
    assert any("files/a.gif" in f.where for f in reading.findings)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (kml(placemark())[:-20], "xml_cut_off"),
        (kml("<Placemark>").replace(b"</Document>", b""), "xml_broken"),
        (b'<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml>&x;</kml>', "xml_entities"),
        (kml(placemark(kind="room", name="S\xfcd")).decode().encode("latin-1"), "encoding_wrong"),
        (archive({"doc.kml": "<html/>"}), "not_a_map"),
        (archive({"doc.kml": "<kml>"}), "xml_cut_off"),
    ],
)
def test_broken_kml_has_refusals_of_its_own(data: bytes, code: str) -> None:
    with pytest.raises(MapRefused) as caught:
        read_map("map", data)
    assert caught.value.code == code
    assert caught.value.where.startswith("map")


parts = st.sampled_from(
    [
        placemark(kind="room", name="204"), placemark(POINT, "AED"), placemark("", "nothing"),
        placemark("<Point><coordinates>x</coordinates></Point>"), "<NetworkLink/>",
        "<GroundOverlay/>", "<Style/>", placemark("<LineString/>", kind="fence"),
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(parts, st.sampled_from(["", "Floor 2", "Doors"])), max_size=8))
def test_every_feature_is_placed_or_listed(found: list[tuple[str, str]]) -> None:
    wrapped = [
        f"<Folder><name>{folder}</name>{part}</Folder>" if folder else part
        for part, folder in found
    ]
    reading = read(*wrapped)
    expected = sum(part != "<Style/>" for part, _ in found)
    assert reading.total + len(reading.unplaced) == expected
    assert sum(entry.count for entry in reading.classes) == expected
