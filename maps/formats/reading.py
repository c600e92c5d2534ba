"""Reading a map file of any known format: which one it is, is decided by its content."""

import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maps.collector import collector_off
from maps.formats.archive import Archive, open_archive
from maps.formats.classes import Extension, check_extension
from maps.formats.geojson import GeoJsonReader
from maps.formats.identity import NAMESPACE
from maps.formats.imdf import ImdfReader
from maps.formats.json_text import (
    BYTE_ORDER_MARK,
    MOST_BYTES,
    RECORD_SEPARATOR,
    is_utf16,
    parse_json,
)
from maps.formats.kml import KmlReader
from maps.formats.osm import OsmReader
from maps.formats.placement import is_placement
from maps.formats.placing import Degrees
from maps.formats.plans import Beside, PlanReader
from maps.formats.result import ClassCount, MapReading, MapRefused, Unplaced
from maps.formats.xml_text import ROOT

__all__ = [
    "ClassCount", "MapReading", "MapRefused", "Unplaced", "files_beside", "read_map",
    "read_map_file", "refuse_size",
]  # fmt: skip

MOST_CONTROLS = 10  # in the first bytes of a file: with more it is no text
_GIVE_MAP = (
    "Give GeoJSON, an IMDF archive, OpenStreetMap XML, KML, or a floor plan as SVG or vector PDF"
)
_PICTURES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"BM", "a BMP picture"),
)
_BINARIES = (
    (b"\x1f\x8b", "gzip", "a gzip archive: unpack it first"),
    (b"7z\xbc\xaf", "7z", "a 7z archive: unpack it first"),
    (b"Rar!", "rar", "a RAR archive: unpack it first"),
    (b"SQLite format 3", "geopackage", "a GeoPackage or other SQLite database"),
    (b"\x00\x00\x27\x0a", "shapefile", "a Shapefile"),
    (b"AC10", "dwg", "a DWG drawing"),
)
_READ_MARKUP = frozenset({"osm", "osmchange", "kml", "svg"})
_MARKUP = {
    "html": "a web page",
    "gml": "GML",
    "gpx": "a GPX track",
}
_HEAD = 20_000  # bytes: licences and editors' notes stand before the first element
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
    beside: Beside | None = None,
) -> MapReading:
    """Return the levels, features and findings of a map file.

    `name` stands in messages only. `classes` extends the table of source classes (see
    `maps.formats.classes`), `namespace` is that of ids made here, `near` is the campus as
    (lon, lat): with it swapped axes and a map of another place are refused everywhere on earth.
    `beside` gives the bytes of a file that a placement file names (see `files_beside`).
    Raises MapRefused for what is no map that can be read, and ValueError for a `classes` that names
    a kind which does not exist.
    """
    extension = classes or {}
    check_extension(extension)
    refuse_size(name, len(data))
    if not data.removeprefix(BYTE_ORDER_MARK).strip():
        raise MapRefused("file_empty", "The file is empty", name, "Save or send it again")
    _refuse_binary(name, data)
    reader = _Reader(name, extension, namespace, near)
    with collector_off():
        if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return reader.read_archive(open_archive(name, data))
        if data.startswith(b"%PDF-"):
            return reader.plans().read_alone(data)
        root = _root_of_xml(data)
        if root in _READ_MARKUP:
            return reader.read_markup(root, data)
        _refuse_other_text(name, data)
        return reader.read_json(parse_json(data, name), beside)


def read_map_file(path: Path, **more: Any) -> MapReading:
    """Return the map of a file on disk and of the drawings that it names beside it.

    Takes the further arguments of `read_map`; raises MapRefused, and OSError for a file that is not
    there.
    """
    refuse_size(str(path), path.stat().st_size)
    return read_map(str(path), path.read_bytes(), beside=files_beside(path), **more)


def files_beside(path: Path) -> Beside:
    """Return what reads the files that stand in a file's own folder, or in folders within it.

    It raises MapRefused for a name that leads out of the folder, also by a link, and for a file
    that is not there or too large.
    """
    folder = path.resolve().parent

    def read(name: str) -> bytes:
        target = (folder / name).resolve()
        where = f"{path}, {name:.80}"
        if not target.is_relative_to(folder):
            raise MapRefused(
                "placement_outside", "The placement names a file outside its own folder", where,
                "Lay the drawings beside the placement file and give their names",
            )  # fmt: skip
        if not target.is_file():
            raise _not_beside(where)
        refuse_size(where, target.stat().st_size)
        return target.read_bytes()

    return read


def refuse_size(name: str, size: int) -> None:
    """Raise MapRefused for a file larger than is read."""
    if size > MOST_BYTES:
        raise MapRefused(
            "file_too_large",
            f"The file has {size / 1024**2:.1f} MB, more than {MOST_BYTES // 1024**2} MB",
            name,
            "Cut it down to the campus",
        )


def _not_beside(where: str) -> MapRefused:
    return MapRefused(
        "placement_missing",
        "The placement names a file that is not there",
        where,
        "Give the drawings with it: in the same folder, or all in one zip archive",
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Hands a file whose kind is known to the reader of that kind."""

    name: str
    extension: Extension
    namespace: uuid.UUID
    near: Degrees | None

    def plans(self) -> PlanReader:
        return PlanReader(self.name, self.extension, self.namespace, self.near)

    def kml(self) -> KmlReader:
        return KmlReader(self.name, self.extension, self.namespace, self.near)

    def osm(self) -> OsmReader:
        return OsmReader(self.name, self.extension, self.namespace, self.near)

    def read_archive(self, archive: Archive) -> MapReading:
        if archive.has(".geojson"):
            return ImdfReader(self.name, self.extension, self.namespace, self.near).read(archive)
        if archive.has(".kml"):
            return self.kml().read_archive(archive)
        for entry, content in archive.entries.items():
            parsed = parse_json(content, f"{self.name}, {entry}") if _is_json(entry) else None
            if is_placement(parsed):
                return self.plans().read_placement(parsed, self._in_archive(archive))
        raise MapRefused(
            "archive_without_map",
            "The archive holds drawings, but no placement file",
            self.name,
            "Add a placement file (.json) that names the drawings and their control points",
        )

    def _in_archive(self, archive: Archive) -> Beside:
        def read(name: str) -> bytes:
            wanted = name.casefold()
            for entry, content in archive.entries.items():
                if entry == wanted or entry.endswith(f"/{wanted}"):
                    return content
            raise _not_beside(f"{self.name}, {name:.80}")

        return read

    def read_markup(self, root: str, data: bytes) -> MapReading:
        if root.startswith("osm"):
            return self.osm().read_xml(data)
        return self.kml().read(data) if root == "kml" else self.plans().read_alone(data)

    def read_json(self, parsed: Any, beside: Beside | None) -> MapReading:
        if isinstance(parsed, dict) and isinstance(parsed.get("elements"), list):
            return self.osm().read_overpass(parsed)
        if is_placement(parsed):
            if beside is None:
                raise _not_beside(self.name)
            return self.plans().read_placement(parsed, beside)
        _refuse_other_json(self.name, parsed)
        reader = GeoJsonReader(self.name, self.extension, self.namespace, self.near)
        return reader.read(parsed)


def _is_json(entry: str) -> bool:
    return entry.endswith(".json")


def _root_of_xml(data: bytes) -> str:
    """Return the outermost element of markup, in lower case; empty for other text."""
    found = ROOT.match(data.removeprefix(BYTE_ORDER_MARK).lstrip()[:_HEAD])
    return found[1].decode("ascii").casefold() if found else ""


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
        raise _markup(name, data)
    if _SCRIPT.match(head):
        raise MapRefused(
            "javascript",
            "The file is a JavaScript program, not JSON",
            f"{name}, line 1: {head.split(chr(10), 1)[0]:.40}",
            "Take out what stands before the first brace and after the last one, such as "
            "“var name =” and “;”, and save it as .geojson",
        )
    if _LICENCE.search(head[:300]):
        raise MapRefused("file_licence", "The file is a licence text, not a map", name, _GIVE_MAP)
    raise MapRefused(
        "file_text",
        "The file is plain text, not a map",
        f"{name}, line 1: {head.split(chr(10), 1)[0]:.40}",
        _GIVE_MAP,
    )


def _markup(name: str, data: bytes) -> MapRefused:
    root = _root_of_xml(data)
    found = _MARKUP.get(root, "XML")
    code = f"format_{root}" if root in _MARKUP else "format_xml"
    return MapRefused(code, f"The file is {found}, which is not read here", name, _GIVE_MAP)


def _refuse_other_json(name: str, parsed: Any) -> None:
    if not isinstance(parsed, dict):
        return
    for code, found, what, mend in (
        ("topojson", parsed.get("type") == "Topology", "TopoJSON",
         "Convert it to GeoJSON, with mapshaper for one"),
        ("json_schema", "$schema" in parsed and "properties" in parsed, "a JSON schema", _GIVE_MAP),
        ("room_names", isinstance(parsed.get("rooms"), dict), "a list of rooms without shapes",
         "Name it as “names” in a placement file beside the drawings of the levels"),
        ("format_esri_json", "spatialReference" in parsed or "geometryType" in parsed, "Esri JSON",
         "Export it as GeoJSON"),
    ):  # fmt: skip
        if found and parsed.get("type") != "FeatureCollection":
            raise MapRefused(code, f"The file is {what}, which is not read here", name, mend)
