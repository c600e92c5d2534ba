"""Findings on an IMDF archive as a whole: manifest, ids, types, categories."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from maps.document import Finding
from maps.formats.archive import Archive
from maps.formats.classes import IMDF_TYPES
from maps.formats.identity import as_uuid

KNOWN_VERSIONS = ("1.0.0", "1.0.0.rc.1", "1.0.0.beta")
_LEVEL_CATEGORIES_OF_AIRPORTS = ("arrivals", "departures")


class _Source(Protocol):
    """What a check needs to know of a feature of the archive."""

    type: str
    id: str | None
    collection: str
    properties: dict[str, Any]
    geometry: Any


def manifest_findings(manifest: Any, name: str) -> Iterator[Finding]:
    """Yield what is wrong with the manifest; None means that it is missing."""
    where = f"{name}, manifest.json"
    if not isinstance(manifest, Mapping):
        yield Finding(
            "manifest_missing",
            "error",
            None,
            f"{where} is missing" if manifest is None else f"{where} is no object",
            "An IMDF archive needs manifest.json with version, created and language",
        )
    elif manifest.get("version") not in KNOWN_VERSIONS:
        yield Finding(
            "manifest_version",
            "warning",
            None,
            f"{where}: version {manifest.get('version')!r:.20}",
            f"The archive was read as {KNOWN_VERSIONS[0]}; write the version",
        )


def archive_findings(archive: Archive, sources: Sequence[_Source], name: str) -> Iterator[Finding]:
    """Yield what breaks the standard in many features at once, each kind once with its count."""
    if archive.left_unread:
        shown = ", ".join(archive.left_unread[:3])
        yield Finding(
            "entries_left_unread",
            "info",
            None,
            f"{name}: {len(archive.left_unread)} entries that are no map data ({shown} …)",
            "Nothing to do",
        )
    yield from _counted(sources, name)
    venues = sum(source.type == "venue" for source in sources)
    if venues != 1:
        yield Finding(
            "venue_count",
            "warning",
            None,
            f"{name}: {venues} venues",
            "IMDF wants exactly one venue",
        )


def _counted(sources: Sequence[_Source], name: str) -> Iterator[Finding]:
    no_uuid = sum(source.id is None or as_uuid(source.id) is None for source in sources)
    foreign = Counter(s.collection for s in sources if s.type not in IMDF_TYPES)
    drawn = sum(s.type == "building" and s.geometry is not None for s in sources)
    airport = sum(
        s.type == "level"
        and str(s.properties.get("category")).startswith(_LEVEL_CATEGORIES_OF_AIRPORTS)
        for s in sources
    )
    for code, count, where, mend in (
        ("id_not_uuid", no_uuid, "features have an id that is no UUID",
         "Each got one made from its id; IMDF wants UUIDs"),
        ("building_with_geometry", drawn, "buildings have a geometry of their own",
         "It was used; IMDF wants null here and a footprint instead"),
        ("level_category", airport, "levels have a category of airports",
         "A school's levels are of category unspecified"),
    ):  # fmt: skip
        if count:
            yield Finding(code, "info", None, f"{name}: {count} {where}", mend)
    for collection, count in sorted(foreign.items()):
        yield Finding(
            "collection_foreign",
            "info",
            None,
            f"{name}, {collection}.geojson: {count} features of a type that IMDF does not have",
            "What could be mapped is on the map, the rest is listed as unplaced",
        )


def class_findings(unknown: Mapping[tuple[str, str], int], name: str) -> Iterator[Finding]:
    """Yield each class that is in no table and was read by its type alone."""
    for (source, kind), count in sorted(unknown.items()):
        yield Finding(
            "category_unknown",
            "warning",
            None,
            f"{name}: {count} of class {source}",
            f"It was read as {kind}; extend the table of classes if that is wrong",
        )
