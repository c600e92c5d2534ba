"""Bring a map file into the campus's one draft, or discard that draft."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.canonical import canonical_bytes
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.directory.models import Campus
from backend.files import store
from backend.problems import BadInput, WrongState
from maps import queries
from maps.document import Feature, Finding, Grid, Level, MapDocument, to_json
from maps.formats.reading import read_map
from maps.formats.report import all_findings
from maps.formats.result import Format, MapReading, MapRefused
from maps.geometry.grid import grow, make_grid
from maps.identities import keep_ids, with_uuids
from maps.models import MapFeature, MapLevel, MapVersion

CONTENT_TYPES: dict[Format, str] = {
    "geojson": "application/geo+json",
    "imdf": "application/zip",
    "osm_xml": "application/xml",
    "overpass_json": "application/json",
    "kml": "application/vnd.google-earth.kml+xml",
    "kmz": "application/vnd.google-earth.kmz",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "placement": "application/zip",  # alone it names drawings that are not there
}
LONGEST_LABEL = 200
LONGEST_LEVEL_NAME = 80
LONGEST_SHORT_NAME = 20
BATCH = 1000
_NULL_CHARACTER = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@transaction.atomic
def import_map(
    *, campus_id: UUID, name: str, content: bytes, actor: Actor, at: datetime
) -> MapVersion:
    """Return the campus's draft, made from a file or replaced by it; ids stay the same.

    A feature keeps its id from edition to edition, also where the file gives it another one but
    the same sign, kind and level. The grid is that of the former published map, grown where needed,
    or a new one. Raises NotFound, NotAllowed, and BadInput with the reader's code, place and mend;
    then nothing has changed.
    """
    campus = _campus(campus_id, actor)
    reading = _read(campus, name, content)
    former = queries.published_map(campus)
    draft = queries.draft_map(campus)
    document, ids = with_uuids(reading.document())
    basis = former or draft
    if basis is not None:
        document, kept = keep_ids(queries.document_of(basis), document)
        ids = {old: kept.get(key, key) for old, key in ids.items()}
    document, clipped = _fitting(replace(document, grid=_grid(former, document)))
    body = _storable(document, name)
    source = store.put(
        district_id=campus.district_id,
        content=content,
        content_type=CONTENT_TYPES[reading.format],
        name=name or "map",
    )
    version = draft or MapVersion(
        district_id=campus.district_id, campus=campus, number=_next_number(campus)
    )
    version.source, version.source_format = source, reading.format
    version.source_sha256 = hashlib.sha256(content).hexdigest()
    version.grid, version.imported_by = body["grid"], actor.label
    version.findings = [
        {**asdict(item), "feature": ids.get(item.feature or "", item.feature)}
        for item in (*all_findings(reading), *clipped)
    ]
    version.unplaced = [asdict(item) for item in reading.unplaced]
    version.save()
    _write_parts(version, body)
    audit.record("map.imported", actor=actor, subject=version, at=at, details={
        "file": name, "sha256": version.source_sha256, "features": len(document.features),
        "unplaced": len(reading.unplaced), "findings": len(version.findings),
    })  # fmt: skip
    return version


@transaction.atomic
def discard_draft(*, campus_id: UUID, actor: Actor, at: datetime) -> None:
    """Delete the campus's draft; raises NotFound, NotAllowed, and WrongState without a draft."""
    campus = _campus(campus_id, actor)
    draft = queries.draft_map(campus)
    if draft is None:
        raise WrongState("There is no draft to discard.", mend="Nothing needs to be done.")
    MapVersion.objects.filter(pk=draft.pk).delete()
    audit.record("map.draft_discarded", actor=actor, subject=draft, at=at, details={
        "number": draft.number, "sha256": draft.source_sha256,
    })  # fmt: skip


def _campus(campus_id: UUID, actor: Actor) -> Campus:
    """Return the campus, locked: two imports of one campus come one after the other."""
    found = get_in_reach(actor, "campus.read", Campus.objects.all(), pk=campus_id)
    allow(actor, "map.edit", found)
    return Campus.objects.select_for_update(no_key=True).get(pk=found.pk)


def _read(campus: Campus, name: str, content: bytes) -> MapReading:
    near = None
    if campus.longitude is not None and campus.latitude is not None:
        near = (campus.longitude, campus.latitude)
    try:
        reading = read_map(name, content, near=near)
    except MapRefused as refused:
        raise refused.as_problem() from refused
    if not reading.features:
        raise _empty(reading, name)
    return reading


def _empty(reading: MapReading, name: str) -> BadInput:
    """Return the refusal of a file of which nothing stands on a map."""
    first = next((f"{item.ref}: {item.why}" for item in reading.unplaced), "")
    problem = BadInput(
        _("Nothing in this file can be placed on a map, so the draft stays as it was."),
        where=f"{name}, {first}" if first else name,
        mend=_("Give a file with at least one building, room or outdoor feature that has a shape."),
    )
    problem.code = "map_empty"
    return problem


def _grid(former: MapVersion | None, document: MapDocument) -> Grid | None:
    shapes = [feature.geometry for feature in document.features]
    known = queries.document_of(former).grid if former else document.grid
    return grow(known, shapes) if known else make_grid(shapes)


def _fitting(document: MapDocument) -> tuple[MapDocument, list[Finding]]:
    """Return the document with labels that fit their columns; a cut one stays among the names."""
    findings = []
    features: list[Feature] = []
    for feature in document.features:
        if len(feature.label) > LONGEST_LABEL:
            short = f"{feature.label[: LONGEST_LABEL - 1]}…"
            findings.append(Finding("label_cut", "warning", feature.id, short,
                                    "Give it the short text on its sign"))  # fmt: skip
            features.append(replace(feature, label=short, names=(feature.label, *feature.names)))
        else:
            features.append(feature)
    levels: list[Level] = []
    for level in document.levels:
        name, short_name = level.name, level.short_name
        if len(name) > LONGEST_LEVEL_NAME or len(short_name) > LONGEST_SHORT_NAME:
            name, short_name = _cut(name, LONGEST_LEVEL_NAME), _cut(short_name, LONGEST_SHORT_NAME)
            findings.append(Finding("level_name_cut", "info", None, level.name,
                                    "Give the level the name on its sign"))  # fmt: skip
        levels.append(replace(level, name=name, short_name=short_name))
    return MapDocument(tuple(levels), tuple(features), document.grid), findings


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _storable(document: MapDocument, name: str) -> Mapping[str, Any]:
    """Return the document's JSON; raises BadInput for text that no database takes."""
    body = to_json(document)
    for feature in body["features"]:
        try:
            sound = not _NULL_CHARACTER.search(canonical_bytes(feature))
        except ValueError:  # half a surrogate pair, or a number that is none
            sound = False
        if not sound:
            problem = BadInput(
                "A property holds a character or number that cannot be kept.",
                where=f"{name}, feature {feature['id']}",
                mend="Take the null character, half character or NaN out of its text.",
            )
            problem.code = "text_broken"
            raise problem
    return body


def _next_number(campus: Campus) -> int:
    last = queries.newest(campus)
    return last.number + 1 if last else 1


def _write_parts(version: MapVersion, body: Mapping[str, Any]) -> None:
    MapLevel.objects.filter(version=version).delete()
    MapFeature.objects.filter(version=version).delete()
    district_id = version.district_id
    MapLevel.objects.bulk_create(
        MapLevel(
            district_id=district_id,
            version=version,
            key=level["id"],
            ordinal=level["ordinal"],
            name=level["name"],
            short_name=level["short_name"],
        )
        for level in body["levels"]
    )
    MapFeature.objects.bulk_create(
        (
            MapFeature(
                district_id=district_id,
                version=version,
                key=feature["id"],
                geometry=feature["geometry"],
                **feature["properties"],
            )
            for feature in body["features"]
        ),
        batch_size=BATCH,
    )
