"""Zip archives, opened in memory under limits: no declared size is trusted, nothing is written."""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from maps.formats.json_text import MOST_BYTES
from maps.formats.result import MapRefused

MOST_ENTRIES = 2_000
MOST_UNPACKED_BYTES = 32 * 1024 * 1024
MOST_RATIO = 200
RATIO_FROM_BYTES = 1024 * 1024
# What the standard library raises for damaged headers, besides its own error.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    RuntimeError, LookupError,
)  # fmt: skip
MAP_ENDINGS = (".geojson", ".kml", ".svg", ".pdf")
_READ_ENDINGS = (".json", *MAP_ENDINGS)
_CHUNK = 1024 * 1024
_ENCRYPTED = 0x1
_DEFECTIVE = re.compile(r"^/|^[A-Za-z]:|(^|/)\.\.(/|$)|[\x00-\x1f]|\\")
_SYSTEM = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_NESTED = re.compile(r"\.(zip|kmz|imdf|7z|rar|gz|tgz|tar|bz2|xz|docx|xlsx|jar)$", re.IGNORECASE)
_OTHER_KINDS = (
    (r"\.(shp|dbf)$", "format_shapefile", "a zipped Shapefile"),
    (r"^\[Content_Types\]\.xml$", "format_office", "an office document"),
    (r"\.gdb/", "format_geodatabase", "a file geodatabase"),
)


@dataclass(frozen=True, slots=True)
class Archive:
    """The entries of an archive that may hold map data, and the names of those left unread.

    JSON is known by its name in lower case, whatever folder it lies in; KML and drawings by their
    path in lower case.
    """

    entries: Mapping[str, bytes]
    left_unread: tuple[str, ...]

    @property
    def left_unread_lower(self) -> frozenset[str]:
        """Return the names left unread, in lower case."""
        return frozenset(name.casefold() for name in self.left_unread)

    def has(self, ending: str) -> bool:
        """Return whether an entry of this ending was read."""
        return any(name.endswith(ending) for name in self.entries)


def open_archive(name: str, data: bytes) -> Archive:
    """Return the map files of a zip; raises MapRefused for a broken, hostile or other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return _entries(opened, name, len(data))
    except _DAMAGED as error:
        raise MapRefused(
            "archive_broken",
            f"The archive cannot be unpacked: {error}",
            name,
            "It was damaged while saving or sending, or packed by an unusual method: pack it again",
        ) from None


def _entries(opened: zipfile.ZipFile, name: str, size: int) -> Archive:
    infos = [info for info in opened.infolist() if not info.is_dir()]
    _refuse_names(infos, name)
    entries: dict[str, bytes] = {}
    left: list[str] = []
    unpacked = 0
    for info in infos:
        path = info.filename.casefold()
        stem = path.rpartition("/")[2] if path.endswith((".geojson", ".json")) else path
        if _SYSTEM.search(info.filename) or not stem.endswith(_READ_ENDINGS):
            left.append(info.filename)
            continue
        if stem in entries:
            raise _defect("archive_names", f"two entries are called {stem}", info, name)
        entries[stem] = _inflate(opened, info, name, size, MOST_UNPACKED_BYTES - unpacked)
        unpacked += len(entries[stem])
    if not any(stem.endswith(MAP_ENDINGS) for stem in entries):
        raise _without_map(infos, name)
    return Archive(entries, tuple(left))


def _refuse_names(infos: list[zipfile.ZipInfo], name: str) -> None:
    if len(infos) > MOST_ENTRIES:
        raise MapRefused(
            "archive_entries",
            f"The archive has {len(infos):,} entries; at most {MOST_ENTRIES:,} are read",
            name,
            "Pack only the files of the map",
        )
    for info in infos:
        if _DEFECTIVE.search(info.orig_filename):
            raise _defect("archive_names", "an entry's name leads out of the archive", info, name)
        if info.flag_bits & _ENCRYPTED:
            raise _defect("archive_encrypted", "an entry is locked by a password", info, name)
        if _NESTED.search(info.filename) and not _SYSTEM.search(info.filename):
            raise _defect("archive_nested", "an archive lies within the archive", info, name)


def _inflate(
    opened: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, size: int, room: int
) -> bytes:
    parts: list[bytes] = []
    count = 0
    packed = max(1, min(info.compress_size, size))
    with opened.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            count += len(chunk)
            if not parts and chunk.startswith(b"PK\x03\x04"):
                raise _defect("archive_nested", "an archive lies within the archive", info, name)
            if count > RATIO_FROM_BYTES and count > packed * MOST_RATIO:
                why = f"an entry unpacks to more than {MOST_RATIO} times its size"
                raise _defect("archive_ratio", why, info, name)
            if count > room:
                why = f"it unpacks to more than {MOST_UNPACKED_BYTES // 1024**2} MB"
                raise _defect("archive_unpacked", why, info, name)
            if count > MOST_BYTES:
                why = f"an entry unpacks to more than {MOST_BYTES // 1024**2} MB"
                raise _defect("file_too_large", why, info, name)
            parts.append(chunk)
    return b"".join(parts)


def _defect(code: str, why: str, info: zipfile.ZipInfo, name: str) -> MapRefused:
    return MapRefused(
        code,
        f"The archive is not read: {why}",
        f"{name}, entry {info.filename!r:.80}",
        "Pack the files of the map, and nothing else, into one plain zip",
    )


def _without_map(infos: list[zipfile.ZipInfo], name: str) -> MapRefused:
    for pattern, code, what in _OTHER_KINDS:
        if any(re.search(pattern, info.filename, re.IGNORECASE) for info in infos):
            return MapRefused(
                code, f"The file is {what}, which is not read here", name,
                "Give a GeoJSON file or an IMDF archive",
            )  # fmt: skip
    return MapRefused(
        "archive_without_map",
        "The archive holds no map file" if infos else "The archive is empty",
        name,
        "An IMDF archive holds manifest.json and one .geojson for each feature type",
    )
