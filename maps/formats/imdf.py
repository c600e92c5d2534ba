"""IMDF 1.0.0 archives, with the extensions and faults that real ones have."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, Finding, Level
from maps.formats.archive import Archive
from maps.formats.classes import (
    IMDF_TYPES,
    WIDE_KINDS,
    Classified,
    Extension,
    classify_imdf,
    fitting,
    kind_of_words,
)
from maps.formats.identity import NAMESPACE, Identities, as_uuid
from maps.formats.imdf_checks import archive_findings, class_findings, manifest_findings
from maps.formats.json_text import (
    MOST_FEATURES,
    MOST_VERTICES,
    parse_json,
    too_many_features,
    too_many_vertices,
)
from maps.formats.labels import clean, text_in, texts, unique
from maps.formats.levels import ordinal_of_name
from maps.formats.own_form import OWN_PROPERTY, is_own_form, read_own_form
from maps.formats.placing import WGS84, Degrees, check_places, reference_system, repair
from maps.formats.relating import settle_doors
from maps.formats.result import MapReading, MapRefused, Sorting
from maps.formats.shapes import Shapes, build_shapes

# Types that describe another feature, and the property that says which.
DESCRIBING: dict[str, str | None] = {
    "address": None,
    "venue": None,
    "relationship": None,
    "anchor": "unit_id",
    "occupant": "anchor_id",
    "footprint": "building_ids",
    "attraction": "building_id",
}
NAMED_TYPES = frozenset({"amenity", "fixture", "geofence", "section", "kiosk"})
_NAME_KEYS = ("name", "alt_name", "short_name", "shortName")
_NOT_KEPT = frozenset((*_NAME_KEYS, "level_id", "level_ids", "address_id", "display_point"))


@dataclass(slots=True)
class Source:
    """One feature of the archive."""

    type: str
    id: str | None
    ref: str
    collection: str
    properties: dict[str, Any]
    geometry: Any
    identity: str = ""
    names: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)  # names that amenities give: never the label


@dataclass(frozen=True, slots=True)
class ImdfReader:
    """Reads one archive: `name` stands in messages, `near` is the campus (lon, lat) where known."""

    name: str
    extension: Extension = field(default_factory=dict)
    namespace: uuid.UUID = NAMESPACE
    near: Degrees | None = None

    def read(self, archive: Archive) -> MapReading:
        """Return the map of an archive; raises MapRefused when it is none."""
        sorting = Sorting()
        language = self._manifest(archive, sorting)
        sources = self._sources(archive)
        own = _own_form(sources)
        if own is not None:
            reading = read_own_form(own, self.name, WGS84)
            described = len(sources) - len(reading.features)
            return replace(reading, format="imdf", described=described)
        sorting.findings.extend(archive_findings(archive, sources, self.name))
        refs = [source.ref for source in sources]
        built = build_shapes([source.geometry for source in sources])
        if built.vertices > MOST_VERTICES:
            raise too_many_vertices(self.name)
        sorting.findings.extend(check_places(built, refs, self.name, self.near))
        sorting.findings.extend(self._repair(built, sources))
        self._identify(sources, sorting)
        pass_ = _Pass(self, sources, built, sorting, (language, "en"))
        levels = pass_.run()
        settle_doors(sorting, self.name, frozenset(pass_.stated))
        sorting.findings.extend(class_findings(pass_.unknown, self.name))
        return MapReading(
            format="imdf",
            crs=WGS84,
            levels=levels,
            features=tuple(sorting.features),
            described=sorting.described,
            unplaced=tuple(sorting.unplaced),
            findings=sorting.findings_by_id(),
            classes=tuple(sorting.class_counts()),
        )

    def _manifest(self, archive: Archive, sorting: Sorting) -> str:
        if "manifest.json" not in archive.entries:
            sorting.findings.extend(manifest_findings(None, self.name))
            return "en"
        manifest = parse_json(archive.entries["manifest.json"], f"{self.name}, manifest.json")
        sorting.findings.extend(manifest_findings(manifest, self.name))
        language = manifest.get("language") if isinstance(manifest, dict) else None
        return language if isinstance(language, str) else "en"

    def _sources(self, archive: Archive) -> list[Source]:
        sources: list[Source] = []
        for entry, data in archive.entries.items():
            stem, _, ending = entry.rpartition(".")
            if ending != "geojson":
                continue
            where = f"{self.name}, {entry}"
            parsed = parse_json(data, where)
            if not isinstance(parsed, dict) or not isinstance(parsed.get("features"), list):
                raise MapRefused(
                    "imdf_collection",
                    "A file of the archive is no FeatureCollection",
                    where,
                    "Each .geojson of an IMDF archive holds one FeatureCollection",
                )
            reference_system(parsed.get("crs"), where)
            sources.extend(
                _source(feature, stem, index) for index, feature in enumerate(parsed["features"], 1)
            )
        if len(sources) > MOST_FEATURES:
            raise too_many_features(self.name, len(sources))
        if not any(source.type in IMDF_TYPES for source in sources) and sources:
            raise MapRefused(
                "archive_not_imdf",
                "The archive holds GeoJSON, but no feature type of IMDF",
                self.name,
                "Unpack it and give the GeoJSON file itself",
            )
        return sources

    def _repair(self, built: Shapes, sources: list[Source]) -> Iterable[Finding]:
        collections: dict[str, list[int]] = defaultdict(list)
        for index, source in enumerate(sources):
            if index not in built.problems:
                collections[source.collection].append(index)
        closed = set(built.closed)
        for collection, indices in collections.items():
            part = Shapes(built.shapes[indices])
            part.closed = [place for place, index in enumerate(indices) if index in closed]
            yield from repair(
                part, [sources[i].ref for i in indices], f"{self.name}, {collection}.geojson"
            )
            built.shapes[indices] = part.shapes
            for place, why in part.problems.items():
                built.problems[indices[place]] = why

    def _identify(self, sources: list[Source], sorting: Sorting) -> None:
        identities = Identities(self.namespace)
        for source in sources:
            key = source.id or source.ref
            source.identity, repeated = identities.of_source(as_uuid(key) or f"imdf:{key}")
            if repeated:
                sorting.findings.append(
                    Finding(
                        "duplicate_id",
                        "error",
                        source.identity,
                        f"{self.name}, {source.ref}",
                        "An id must be unique over the whole archive; give each feature its own",
                    )
                )


def _source(feature: Any, stem: str, index: int) -> Source:
    if not isinstance(feature, dict):
        return Source("not a Feature object", None, f"{stem}/feature {index}", stem, {}, None)
    stated = feature.get("properties")
    properties = {
        key: value if key == OWN_PROPERTY else clean(value)
        for key, value in (stated if isinstance(stated, dict) else {}).items()
    }
    kind = feature.get("feature_type") or properties.get("feature_type") or stem
    identity = feature.get("id")
    identity = str(clean(str(identity)) or "") if isinstance(identity, str | int) else ""
    ref = f"{stem}/{identity or f'feature {index}'}"
    return Source(str(kind), identity or None, ref, stem, properties, feature.get("geometry"))


def _own_form(sources: list[Source]) -> dict[str, Any] | None:
    """Return the form of a map document when our own writer wrote every part of the archive."""
    heads = [s.properties.get(OWN_PROPERTY) for s in sources if s.type == "venue"]
    if len(heads) != 1 or not isinstance(heads[0], dict):
        return None
    features: dict[str, Any] = {}
    for source in sources:
        own = source.properties.get(OWN_PROPERTY)
        if isinstance(own, dict) and source.type != "venue":
            geometry = own.get("geometry") or source.geometry
            features.setdefault(
                str(own.get("id")), {**own, "type": "Feature", "geometry": geometry}
            )
        elif source.type not in ("venue", "address", "footprint", "level"):
            return None
    form = {**heads[0], "features": list(features.values())}
    return form if is_own_form(form) else None


@dataclass(slots=True)
class _Pass:
    """The pass over the features of one archive."""

    reader: ImdfReader
    sources: list[Source]
    built: Shapes
    sorting: Sorting
    languages: tuple[str, ...]
    by_id: dict[str, Source] = field(default_factory=dict)
    levels: dict[str, Level] = field(default_factory=dict)
    footprints: dict[str, list[BaseGeometry]] = field(default_factory=lambda: defaultdict(list))
    stated: set[str] = field(default_factory=set)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)

    def run(self) -> tuple[Level, ...]:
        """Sort every feature; return the levels, lowest first."""
        for source in self.sources:
            if source.id is not None:
                self.by_id.setdefault(source.id, source)
        for index, source in enumerate(self.sources):
            if source.type == "level":
                self._add_level(source)
            elif source.type == "footprint" and index not in self.built.problems:
                self._add_footprint(source, self.built.shapes[index])
            source.names.extend(t for k in _NAME_KEYS for t in texts(source.properties.get(k)))
        left: list[tuple[int, Source]] = []
        for index, source in enumerate(self.sources):
            if source.type in DESCRIBING:
                self._describe(source, index)
            elif source.type == "amenity" and self._describes_unit(source):
                self.sorting.describe(f"amenity/{source.properties.get('category')} of a unit")
            else:
                left.append((index, source))
        for index, source in left:
            self._sort(source, index)
        return tuple(sorted(self.levels.values(), key=lambda v: (v.ordinal, v.id)))

    def _add_level(self, source: Source) -> None:
        name = text_in(source.properties.get("name"), self.languages)
        short = text_in(source.properties.get("short_name"), self.languages)
        ordinal = source.properties.get("ordinal")
        if isinstance(ordinal, bool) or not isinstance(ordinal, int | float) or ordinal % 1:
            guess = ordinal_of_name(name)
            taken = 0 if guess is None else guess
            mend = f"Ordinal {taken} was taken; write the right one, 0 being the ground floor"
            where = f"ordinal is {ordinal!r:.20}, no number"
            self._find("level_without_ordinal", source, where, mend)
            ordinal = taken
        number = int(ordinal)
        self.levels[source.id or source.ref] = Level(
            source.identity, number, name or short or str(number), short or name or str(number)
        )

    def _add_footprint(self, source: Source, shape: BaseGeometry) -> None:
        if source.properties.get("category") in ("ground", None):
            for building in _ids(source.properties.get("building_ids")):
                self.footprints[building].append(shape)

    def _describe(self, source: Source, index: int) -> None:
        """Take in a feature that describes another, or leave it when the other is missing."""
        key = DESCRIBING[source.type]
        if source.type in self.reader.extension:
            self._sort(source, index)
            return
        if key is not None:
            targets = _ids(source.properties.get(key))
            if source.type == "anchor":
                targets = targets or _ids(source.properties.get("address_id"))
            found = [self.by_id[target] for target in targets if target in self.by_id]
            if not found:
                why = f"it describes another feature by {key}, which is not in the file"
                self.sorting.leave(source.ref, why, source.type)
                self._find("reference_unresolved", source, f"{key} leads nowhere",
                           "Name a feature of the archive, or take this one out")  # fmt: skip
                return
            for target in found:
                self._pass_names(source, target)
        self.sorting.describe(source.type)

    def _pass_names(self, source: Source, target: Source) -> None:
        if source.type == "occupant":
            for unit in _ids(target.properties.get("unit_id")):
                if unit in self.by_id:
                    self.by_id[unit].names.extend(source.names)
        elif source.type == "attraction":
            target.names.extend(source.names)

    def _sort(self, source: Source, index: int) -> None:
        shape = self.built.shapes[index]
        found = classify_imdf(source.type, source.properties.get("category"), self.reader.extension)
        if found.kind is None and source.type in NAMED_TYPES:
            found = self._by_name(source, found)
        if source.type == "building" and shape is None:
            parts = self.footprints.get(source.id or "", [])
            shape = shapely.union_all(parts) if parts else None
        if found.kind is not None and shape is not None:
            form = shape.geom_type
            found = fitting(found, form, self.reader.extension)
        if found.kind is None:
            self.sorting.leave(source.ref, self._why_left(source, found), found.source)
        elif shape is None:
            self._leave_shapeless(source, index, found)
        else:
            self._place(source, shape, found)

    def _why_left(self, source: Source, found: Classified) -> str:
        if found.why.endswith("has no kind") and source.type not in IMDF_TYPES:
            return f"{source.type} is not part of IMDF, and its class {found.source} has no kind"
        return found.why

    def _leave_shapeless(self, source: Source, index: int, found: Classified) -> None:
        why = self.built.problems.get(index, "it has no geometry")
        if source.type == "building" and source.geometry is None:
            why = "no footprint of category ground gives this building an outline"
        self.sorting.leave(source.ref, why, found.source)
        self._find("geometry_unusable", source, why, "Draw this feature again")

    def _describes_unit(self, source: Source) -> bool:
        """Return whether an amenity only marks a stair or lift that is drawn as a unit."""
        category = source.properties.get("category")
        units = [self.by_id.get(unit) for unit in _ids(source.properties.get("unit_ids"))]
        same = [u for u in units if u is not None and u.properties.get("category") == category]
        if (
            category not in ("stairs", "elevator", "escalator")
            or not same
            or len(same) < len(units)
        ):
            return False
        for unit in same:
            unit.marks.extend(source.names)
        return True

    def _by_name(self, source: Source, found: Classified) -> Classified:
        for text in source.names:
            kind = kind_of_words(text)
            if kind is not None and kind not in WIDE_KINDS:
                return Classified(f"{found.source} by name", kind)
        return found

    def _place(self, source: Source, shape: BaseGeometry, found: Classified) -> None:
        kind = str(found.kind)
        if not found.known:
            self.unknown[found.source, kind] += 1
        if found.source in self.reader.extension:
            self.stated.add(source.identity)
        label = text_in(source.properties.get("name"), self.languages)
        label = label or next(iter(source.names), "")
        properties = {
            key: value
            for key, value in source.properties.items()
            if value is not None and value != "" and key not in _NOT_KEPT
        }
        properties.update(found.added)
        address = self.by_id.get(str(source.properties.get("address_id")))
        if address is not None and kind == "building":
            properties["address"] = address.properties.get("address")
        feature = Feature(
            id=source.identity,
            kind=kind,
            label=label,
            geometry=shape,
            names=unique((*source.names, *source.marks), label),
            levels=(source.identity,) if kind == "level" else self._levels_of(source),
            properties=properties,
        )
        self.sorting.place(feature, source.ref, found.source)

    def _levels_of(self, source: Source) -> tuple[str, ...]:
        properties = source.properties
        ids = _ids(properties.get("level_id")) + _ids(properties.get("level_ids"))
        if not ids:
            for unit in _ids(properties.get("unit_ids")) + _ids(properties.get("anchor_id")):
                ids += self._level_ids_behind(unit)
        found = dict.fromkeys(self.levels[v].id for v in ids if v in self.levels)
        if any(v not in self.levels for v in ids):
            self._find("reference_unresolved", source, "it names a level that is not in the file",
                       "Name a level of the archive")  # fmt: skip
        return tuple(found)

    def _level_ids_behind(self, identity: str) -> list[str]:
        target = self.by_id.get(identity)
        if target is not None and target.type == "anchor":
            units = _ids(target.properties.get("unit_id"))
            target = self.by_id.get(units[0]) if units else None
        return [] if target is None else _ids(target.properties.get("level_id"))

    def _find(self, code: str, source: Source, where: str, mend: str) -> None:
        place = f"{self.reader.name}, {source.ref}: {where}"
        self.sorting.findings.append(Finding(code, "error", source.identity, place, mend))


def _ids(value: Any) -> list[str]:
    """Return the ids a reference names: none, one or a list."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list):
        return [part for part in value if isinstance(part, str)]
    if isinstance(value, Mapping):
        return _ids(value.get("id"))
    return []
