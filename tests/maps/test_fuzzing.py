"""Files damaged at random: each is read or refused in words, whatever byte changed."""

import io
import json
import time
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maps.formats.reading import MapReading, MapRefused, read_map
from maps.formats.report import report_of
from tests.maps.sheets import archive, collection, geojson_feature, imdf, imdf_feature, rectangle

SQUARE = rectangle(0, 0, 10, 10)
ROOM = {"kind": "room", "label": "204", "level": "1", "ref": "204"}
LEVEL = "11111111-1111-4111-8111-111111111111"


def svg() -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><g transform="scale(2)">'
        b'<rect id="room204" x="1" y="1" width="9" height="5"/><path d="M0 0L5 5c1 1 2 2 3 3z"/>'
        b'<circle r="3"/><text x="1" y="2">Gym</text></g></svg>'
    )


def pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page(page_size=(100, 50))
    content = b"q 1 0 0 1 5 5 cm 0 0 9 5 re S Q BT /F1 9 Tf 6 6 Td (204) Tj ET 0 0 m 5 5 l S"
    document.pages[0].Contents = document.make_stream(content)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def placement() -> bytes:
    control = [
        {"at": [0, 0], "lonlat": [-77.2, 39.04]},
        {"at": [100, 0], "lonlat": [-77.199, 39.04]},
        {"at": [0, 50], "lonlat": [-77.2, 39.0395]},
    ]
    levels = [{"file": "a.svg", "ordinal": 0, "name": "Floor 1", "control": control}]
    return json.dumps({"levels": levels, "names": "n.json"}).encode()


def osm() -> bytes:
    corners = [(1, -77.2, 39.04), (2, -77.19, 39.04), (3, -77.19, 39.05)]
    nodes = "".join(f"<node id='{n}' lon='{x}' lat='{y}'/>" for n, x, y in corners)
    refs = "".join(f"<nd ref='{n}'/>" for n in (1, 2, 3, 1))
    tags = "<tag k='indoor' v='room'/><tag k='level' v='0-1'/><tag k='ref' v='204'/>"
    member = "<member type='way' ref='9' role='outer'/><tag k='type' v='multipolygon'/>"
    relation = f"<relation id='5'>{member}</relation>"
    return f"<osm version='0.6'>{nodes}<way id='9'>{refs}{tags}</way>{relation}</osm>".encode()


def overpass() -> bytes:
    nodes = [{"type": "node", "id": n, "lon": -77.2 + n / 1000, "lat": 39 + n * n / 1000}
             for n in range(3)]  # fmt: skip
    tags = {"indoor": "room", "level": "1;2", "name": "Art"}
    way = {"type": "way", "id": 9, "nodes": [0, 1, 2, 0], "tags": tags}
    return json.dumps({"version": 0.6, "elements": [*nodes, way]}).encode()


def kml() -> bytes:
    data = "<ExtendedData><Data name='kind'><value>room</value></Data></ExtendedData>"
    ring = "-77.2,39.04,0 -77.19,39.04,0 -77.19,39.05,0 -77.2,39.04,0"
    return (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>Floor 2</name>'
        f"<Placemark id='a'><name>204</name>{data}<Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
        "</Folder></Document></kml>"
    ).encode()


def geojson() -> bytes:
    return collection(geojson_feature(SQUARE, "a", **ROOM), geojson_feature(None, 7, door="yes"))


def imdf_archive() -> bytes:
    level = imdf_feature("level", LEVEL, SQUARE, ordinal=0, name={"en": "Ground"})
    unit = imdf_feature("unit", LEVEL.replace("1", "2"), SQUARE, category="room", level_id=LEVEL)
    manifest = {"version": "1.0.0", "language": "en", "created": "2026-01-01T00:00:00Z"}
    return imdf(level, unit, manifest=manifest)


FILES: dict[str, Callable[[], bytes]] = {
    "geojson": geojson,
    "imdf": imdf_archive,
    "osm": osm,
    "overpass": overpass,
    "kml": kml,
    "kmz": lambda: archive({"doc.kml": kml()}),
    "svg": svg,
    "pdf": pdf,
    "placement": lambda: archive(
        {"p.json": placement(), "a.svg": svg(), "n.json": '{"204": ["Art"]}'}
    ),
}


def read_or_refuse(data: bytes) -> MapReading | MapRefused:
    began = time.process_time()
    found = attempt(data)
    assert time.process_time() - began < 2
    if isinstance(found, MapRefused):
        assert found.message
        assert found.where.startswith("map")
        assert found.mend
    return found


def attempt(data: bytes) -> MapReading | MapRefused:
    try:
        found = read_map("map", data)
        json.dumps(report_of(found))
    except MapRefused as refused:
        return refused
    return found


@pytest.mark.parametrize("name", FILES)
def test_the_whole_file_is_read(name: str) -> None:
    found = read_or_refuse(FILES[name]())
    assert isinstance(found, MapReading)
    assert found.total + len(found.unplaced) >= 1


@pytest.mark.parametrize("name", FILES)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=3), st.integers(0, 4)),
                      min_size=1, max_size=4))  # fmt: skip
def test_a_file_with_changed_bytes_is_read_or_refused(
    name: str, edits: list[tuple[int, bytes, int]]
) -> None:
    data = bytearray(FILES[name]())
    for place, new, length in edits:
        at = place % (len(data) + 1)
        data[at : at + length] = new
    read_or_refuse(bytes(data))


@pytest.mark.parametrize("name", FILES)
@settings(deadline=None)
@given(share=st.floats(0, 1))
def test_a_file_that_is_cut_off_is_read_or_refused(name: str, share: float) -> None:
    data = FILES[name]()
    read_or_refuse(data[: int(len(data) * share)])


@pytest.mark.parametrize("name", ["osm", "kml", "svg", "geojson", "overpass"])
@settings(deadline=None)
@given(old=st.sampled_from(["204", "39.04", "-77.2", "room", "1", "0", "9"]),
       new=st.sampled_from(["NaN", "1e400", "-1e308", "", "\x00", "\ud800", "9" * 400, "null",
                            "&amp;", "[]", "Infinity", "0.1.2", "٣", "&lt;"]))  # fmt: skip
def test_a_file_with_a_hostile_value_is_read_or_refused(name: str, old: str, new: str) -> None:
    text = FILES[name]().decode().replace(old, new)
    read_or_refuse(text.encode(errors="surrogatepass"))


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_or_refuse(data)


@pytest.mark.parametrize(
    "start", [b"%PDF-1.7\n", b"PK\x03\x04", b"<svg>", b"<osm>", b"<kml>", b"{", b"[", b"\xff\xfe"]
)
@settings(deadline=None)
@given(rest=st.binary(max_size=100))
def test_any_bytes_behind_a_known_start_are_read_or_refused(start: bytes, rest: bytes) -> None:
    read_or_refuse(start + rest)
