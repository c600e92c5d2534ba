"""Reading a map file of any known format: which one it is, is decided by its content."""

import re
import uuid
from typing import Any

from maps.formats.archive import open_archive
from maps.formats.classes import Extension, check_extension
from maps.formats.geojson import GeoJsonReader
from maps.formats.identity import NAMESPACE
from maps.formats.imdf import ImdfReader
from maps.formats.json_text import (
    BYTE_ORDER_MARK,
    MOST_BYTES,
    RECORD_SEPARATOR,
    collector_off,
    is_utf16,
    parse_json,
)
from maps.formats.placing import Degrees
from maps.formats.result import ClassCount, MapReading, MapRefused, Unplaced

__all__ = ["ClassCount", "MapReading", "MapRefused", "Unplaced", "read_map"]

MOST_CONTROLS = 10  # in the first bytes of a file: with more it is no text
_GIVE_MAP = "Give a GeoJSON file or an IMDF archive"
_PICTURES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"BM", "a BMP picture"),
)
_BINARIES = (
    (b"%PDF", "pdf", "a PDF drawing"),
    (b"\x1f\x8b", "gzip", "a gzip archive: unpack it first"),
    (b"7z\xbc\xaf", "7z", "a 7z archive: unpack it first"),
    (b"Rar!", "rar", "a RAR archive: unpack it first"),
    (b"SQLite format 3", "geopackage", "a GeoPackage or other SQLite database"),
    (b"\x00\x00\x27\x0a", "shapefile", "a Shapefile"),
    (b"AC10", "dwg", "a DWG drawing"),
)
_MARKUP = {
    "osm": "OpenStreetMap XML",
    "kml": "KML",
    "svg": "an SVG drawing",
    "html": "a web page",
    "gml": "GML",
    "gpx": "a GPX track",
}
_SCRIPT = re.compile(
    r"\s*(?:/[/*].*?\n\s*)*(?:(?:var|let|const)\s+\w|(?:window|module|exports?)\b|import\s|function\b"
    r"|[A-Za-z_$][\w$.]*\s*=\s*[\[{]|[A-Za-z_$][\w$.]*\s*\(\s*[\[{])",
    re.DOTALL,
)
_LICENCE = re.compile(r"licen[cs]e|copyright|permission is hereby granted", re.IGNORECASE)


def read_map(
    name: str,
    data: bytes,
    *,
    classes: Extension | None = None,
    namespace: uuid.UUID = NAMESPACE,
    near: Degrees | None = None,
) -> MapReading:
    """Return the levels, features and findings of a map file.

    `name` stands in messages only. `classes` extends the table of source classes (see
    `maps.formats.classes`), `namespace` is that of ids made here, `near` is the campus as
    (lon, lat): with it swapped axes and a map of another place are refused everywhere on earth.
    Raises MapRefused for what is no map that can be read, and ValueError for a `classes` that names
    a kind which does not exist.
    """
    extension = classes or {}
    check_extension(extension)
    if len(data) > MOST_BYTES:
        raise MapRefused(
            "file_too_large",
            f"The file has {len(data) / 1024**2:.1f} MB, more than {MOST_BYTES // 1024**2} MB",
            name,
            "Cut it down to the campus",
        )
    if not data.removeprefix(BYTE_ORDER_MARK).strip():
        raise MapRefused("file_empty", "The file is empty", name, "Save or send it again")
    _refuse_binary(name, data)
    with collector_off():
        if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            archive = open_archive(name, data)
            return ImdfReader(name, extension, namespace, near).read(archive)
        _refuse_other_text(name, data)
        parsed = parse_json(data, name)
        _refuse_other_json(name, parsed)
        return GeoJsonReader(name, extension, namespace, near).read(parsed)


def _refuse_binary(name: str, data: bytes) -> None:
    for magic, what in _PICTURES:
        if data.startswith(magic):
            raise MapRefused(
                "file_picture",
                f"The file is {what}: it holds no shapes",
                name,
                f"{_GIVE_MAP}; a picture can only lie under a map that is traced over it",
            )
    for magic, code, what in _BINARIES:
        if data.startswith(magic):
            raise MapRefused(f"format_{code}", f"The file is {what}", name, _GIVE_MAP)


def _refuse_other_text(name: str, data: bytes) -> None:
    start = data.removeprefix(BYTE_ORDER_MARK).lstrip()
    controls = sum(byte < 32 and byte not in b"\x00\t\n\f\r\x1e" for byte in data[:4000])
    if controls > MOST_CONTROLS:
        raise MapRefused("file_unknown", "The file is of an unknown kind", name, _GIVE_MAP)
    if start.startswith((b"{", b"[", RECORD_SEPARATOR)) or is_utf16(data):
        return
    head = start[:4000].decode("utf-8", "replace")
    if head.startswith("<"):
        raise _markup(name, head)
    if _SCRIPT.match(head):
        raise MapRefused(
            "javascript",
            "The file is a JavaScript program, not JSON",
            f"{name}, line 1: {head.split(chr(10), 1)[0]:.40}",
            "Take out what stands before the first brace and after the last one, such as "
            "“var name =” and “;”, and save it as .geojson",
        )
    if _LICENCE.search(head):
        raise MapRefused("file_licence", "The file is a licence text, not a map", name, _GIVE_MAP)
    raise MapRefused(
        "file_text",
        "The file is plain text, not a map",
        f"{name}, line 1: {head.split(chr(10), 1)[0]:.40}",
        _GIVE_MAP,
    )


def _markup(name: str, head: str) -> MapRefused:
    root = re.search(r"<(?:\w+:)?([A-Za-z]\w*)", head)
    found = _MARKUP.get(root[1].casefold(), "XML") if root else "XML"
    code = (
        f"format_{root[1].casefold()}" if root and root[1].casefold() in _MARKUP else "format_xml"
    )
    return MapRefused(code, f"The file is {found}, which is not read here", name, _GIVE_MAP)


def _refuse_other_json(name: str, parsed: Any) -> None:
    if not isinstance(parsed, dict):
        return
    for code, found, what, mend in (
        ("topojson", parsed.get("type") == "Topology", "TopoJSON",
         "Convert it to GeoJSON, with mapshaper for one"),
        ("json_schema", "$schema" in parsed, "a JSON schema", _GIVE_MAP),
        ("format_overpass", isinstance(parsed.get("elements"), list), "Overpass JSON",
         "Export it as GeoJSON"),
        ("format_esri_json", "spatialReference" in parsed or "geometryType" in parsed, "Esri JSON",
         "Export it as GeoJSON"),
    ):  # fmt: skip
        if found and parsed.get("type") != "FeatureCollection":
            raise MapRefused(code, f"The file is {what}, which is not read here", name, mend)
