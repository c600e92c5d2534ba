"""GeoJSON: RFC 7946, the loose kinds found in the field, and this project's own form."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from maps.document import Feature, Finding, Level
from maps.formats.classes import Classified, Extension, classify
from maps.formats.identity import NAMESPACE, Identities, as_uuid
from maps.formats.json_text import (
    MOST_FEATURES,
    MOST_VERTICES,
    too_many_features,
    too_many_vertices,
)
from maps.formats.labels import clean, is_name_key, label_and_names
from maps.formats.levels import LevelBook
from maps.formats.own_form import is_own_form, read_own_form
from maps.formats.placing import Degrees, check_places, reference_system, repair
from maps.formats.relating import join_named_points, settle_doors
from maps.formats.result import MapReading, MapRefused, Sorting
from maps.formats.shapes import DEPTHS, build_shapes

LEVEL_KEYS = ("level", "levels", "level_id", "floor", "storey", "story", "floor_id", "ordinal")
EDITOR_KEYS = frozenset(("timestamp", "version", "changeset", "user", "uid"))
_LEFT_OUT = re.compile(
    r"fill|fill-opacity|stroke|stroke-(width|opacity)|marker-\w+|style\w*|@relations|relations|meta"
)
_CONSUMED = frozenset(("kind", "id", "@id", "display_point", "properties", "tags", *LEVEL_KEYS))
_DOOR_NUMBER = re.compile(
    r"(?:(?:door|exit|entrance)\s*)?#?\s*([a-z]?-?\d+\s?[a-z]?)", re.IGNORECASE
)


@dataclass(slots=True)
class Item:
    """One feature of the file on its way to the map."""

    ref: str
    source: str | None
    scope: str
    properties: dict[str, Any]
    geometry: Any
    classified: Classified = field(default_factory=lambda: Classified("", None))
    identity: str = ""


@dataclass(frozen=True, slots=True)
class GeoJsonReader:
    """Reads one file: `name` stands in messages, `near` is the campus (lon, lat) where known."""

    name: str
    extension: Extension = field(default_factory=dict)
    namespace: uuid.UUID = NAMESPACE
    near: Degrees | None = None

    def read(self, parsed: Any) -> MapReading:
        """Return the map of parsed JSON; raises MapRefused when it is no GeoJSON map."""
        collections = list(_collections(parsed, self.name))
        count = sum(len(features) for _, features, _ in collections)
        if count > MOST_FEATURES:
            raise too_many_features(self.name, count)
        crs = [reference_system(member, self.name) for _, _, member in collections].pop()
        if is_own_form(parsed):
            return read_own_form(parsed, self.name, crs)
        sorting = Sorting()
        items = [
            _item(feature, prefix, index)
            for prefix, features, _ in collections
            for index, feature in enumerate(features, 1)
        ]
        if not items:
            sorting.findings.append(
                Finding("no_features", "warning", None, self.name, "The file holds no feature")
            )
        book = LevelBook(self.namespace)
        stated = parsed.get("levels") if isinstance(parsed, dict) else None
        for number, entry in enumerate(stated if isinstance(stated, list) else (), 1):
            if not book.add_stated(entry):
                where = f"{self.name}, level {number} of the member levels"
                mend = "A level needs an ordinal that is a whole number, and a name"
                sorting.findings.append(Finding("level_unreadable", "error", None, where, mend))
        levels = self._sort(items, sorting, book)
        return MapReading(
            format="geojson",
            crs=crs,
            levels=levels,
            features=tuple(sorting.features),
            described=sorting.described,
            unplaced=tuple(sorting.unplaced),
            findings=sorting.findings_by_id(),
            classes=tuple(sorting.class_counts()),
        )

    def _sort(self, items: list[Item], sorting: Sorting, book: LevelBook) -> tuple[Level, ...]:
        refs = [item.ref for item in items]
        built = build_shapes([item.geometry for item in items])
        if built.vertices > MOST_VERTICES:
            raise too_many_vertices(self.name)
        sorting.findings.extend(check_places(built, refs, self.name, self.near))
        sorting.findings.extend(repair(built, refs, self.name))
        identities = Identities(self.namespace)
        shaped: list[tuple[Item, BaseGeometry]] = []
        for index, item in enumerate(items):
            kind = item.geometry.get("type", "") if isinstance(item.geometry, dict) else ""
            item.classified = classify(item.properties, str(kind), self.extension)
            if index in built.problems:
                sorting.leave(item.ref, built.problems[index], item.classified.source)
                sorting.findings.append(_no_shape(item.ref, self.name, built.problems[index]))
            elif item.classified.kind is None:
                sorting.leave(item.ref, item.classified.why, item.classified.source)
            else:
                self._identify(item, built.shapes[index], identities, sorting)
                shaped.append((item, built.shapes[index]))
        for item, _ in shaped:
            if item.classified.kind == "level":
                _add_level(item, book)
        for item, shape in shaped:
            feature = _feature(item, shape, book, sorting, self.name)
            sorting.place(feature, item.ref, item.classified.source)
        join_named_points(sorting, self.name)
        stated = {i.identity for i, _ in shaped if i.classified.source.startswith("kind=")}
        settle_doors(sorting, self.name, frozenset(stated))
        sorting.findings.extend(_reading_findings(items, book, self.name))
        return book.levels()

    def _identify(
        self, item: Item, shape: BaseGeometry, identities: Identities, sorting: Sorting
    ) -> None:
        if item.source is None:
            levels = [item.properties.get(key) for key in LEVEL_KEYS]
            item.identity = identities.of_geometry(shape, f"{item.scope}:{levels}")
            return
        item.identity, repeated = identities.of_source(item.source)
        if repeated:
            sorting.findings.append(
                Finding(
                    "duplicate_id",
                    "error",
                    item.identity,
                    f"{self.name}, {item.ref}",
                    "This id stands on more than one feature; give each its own",
                )
            )


def _collections(parsed: Any, name: str) -> Iterator[tuple[str, list[Any], Any]]:
    """Yield (prefix of refs, features, crs member) of each collection in the file."""
    if isinstance(parsed, list):
        if parsed and all(_is_type(part, "FeatureCollection") for part in parsed):
            for number, part in enumerate(parsed, 1):
                yield f"{number}/", _features(part, name), part.get("crs")
            return
        if parsed and not any(_is_type(part, "Feature") for part in parsed):
            raise _no_map(parsed, name)
        yield "", parsed, None
        return
    if not isinstance(parsed, dict):
        raise _no_map(parsed, name)
    kind = parsed.get("type")
    if kind == "FeatureCollection":
        yield "", _features(parsed, name), parsed.get("crs")
    elif kind == "Feature":
        yield "", [parsed], parsed.get("crs")
    elif isinstance(kind, str) and kind in (*DEPTHS, "GeometryCollection"):
        yield "", [{"type": "Feature", "geometry": parsed, "properties": {}}], parsed.get("crs")
    else:
        inner = [(k, v) for k, v in parsed.items() if _is_type(v, "FeatureCollection")]
        if not inner:
            raise _no_map(parsed, name)
        for key, part in inner:
            yield f"{key}/", _features(part, name), part.get("crs", parsed.get("crs"))


def _is_type(value: Any, kind: str) -> bool:
    return isinstance(value, dict) and value.get("type") == kind


def _features(collection: dict[str, Any], name: str) -> list[Any]:
    features = collection.get("features")
    if not isinstance(features, list):
        raise MapRefused(
            "geojson_features",
            "A FeatureCollection has no list of features",
            f"{name}, member features",
            "Save the file again as GeoJSON from the program it comes from",
        )
    return features


def _no_map(parsed: Any, name: str) -> MapRefused:
    found = "a list" if isinstance(parsed, list) else f"{parsed!r:.40}"
    if isinstance(parsed, dict):
        found = "an object with " + (", ".join(map(str, list(parsed)[:6])) or "nothing in it")
    return MapRefused(
        "not_a_map",
        f"The file is JSON but no map: {found}",
        name,
        "Give a GeoJSON FeatureCollection or an IMDF archive",
    )


def _item(feature: Any, prefix: str, index: int) -> Item:
    if not _is_type(feature, "Feature"):
        properties: dict[str, Any] = {"class": "not a Feature object"}
        return Item(f"{prefix}feature {index}", None, prefix, properties, None)
    stated = feature.get("properties")
    properties = dict(stated) if isinstance(stated, dict) else {}
    for nested in ("tags", "properties"):
        if isinstance(properties.get(nested), dict):
            properties = {**properties, **properties[nested]}
    if "level" not in properties:
        properties.update(_level_of_relations(properties.get("relations")))
    if isinstance(feature.get("feature_type"), str):
        properties.setdefault("feature_type", feature["feature_type"])
    properties = {key: clean(value) for key, value in properties.items()}
    source = feature.get("id")
    for other in (properties.get("@id"), properties.get("id")):
        source = other if source is None else source
    if isinstance(source, bool) or not isinstance(source, str | int) or source == "":
        return Item(f"{prefix}feature {index}", None, prefix, properties, feature.get("geometry"))
    ref = str(clean(f"{prefix}{source}"))
    known = as_uuid(str(source)) or ref
    return Item(ref, known, prefix, properties, feature.get("geometry"))


def _level_of_relations(relations: Any) -> dict[str, Any]:
    for relation in relations if isinstance(relations, list) else ():
        tags = relation.get("reltags") if isinstance(relation, dict) else None
        if isinstance(tags, dict) and "level" in tags:
            return {"level": tags["level"]}
    return {}


def _add_level(item: Item, book: LevelBook) -> None:
    label, names = label_and_names(item.properties, "level")
    numbers = [item.properties.get(key) for key in ("ordinal", "level", "floor")]
    value = next((number for number in numbers if number is not None), label)
    try:
        ordinal = book.of_value(value)[0].ordinal
    except ValueError:
        ordinal = book.named(str(value)).ordinal
    short = str(item.properties.get("short_name") or label or ordinal)
    book.by_ordinal.pop(ordinal, None)
    level = Level(item.identity, ordinal, label or str(ordinal), short)
    book.add(level, item.source or "", *names)


def _feature(
    item: Item, shape: BaseGeometry, book: LevelBook, sorting: Sorting, name: str
) -> Feature:
    kind = str(item.classified.kind)
    label, names = label_and_names(item.properties, kind)
    properties = _kept(item.properties)
    properties.update(item.classified.added)
    if kind == "exterior_door":
        number = item.properties.get("number") or item.properties.get("door_number") or label
        found = _DOOR_NUMBER.fullmatch(str(number).strip())
        if found:
            properties["number"] = found[1].replace(" ", "").upper()
    levels: tuple[str, ...] = ()
    if kind == "level":
        levels = (item.identity,)
    elif kind != "building":
        levels = _levels(item, book, sorting, name)
    return Feature(item.identity, kind, label, shape, names, levels, properties)


def _levels(item: Item, book: LevelBook, sorting: Sorting, name: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    stated = [item.properties.get(key) for key in LEVEL_KEYS]
    for value in (
        next((value for value in stated if value is not None and value != []), None),
        item.properties.get("repeat_on"),
    ):
        if value is None:
            continue
        try:
            found.update(dict.fromkeys(level.id for level in book.of_value(value)))
        except ValueError as error:
            sorting.findings.append(
                Finding(
                    "level_unreadable",
                    "error",
                    item.identity,
                    f"{name}, {item.ref}: {error}",
                    "Write a number, a range such as 0-2, or the name of a level",
                )
            )
    return tuple(found)


def _kept(properties: dict[str, Any]) -> dict[str, Any]:
    edited = "changeset" in properties or "uid" in properties
    return {
        key: value
        for key, value in properties.items()
        if value is not None
        and key not in _CONSUMED
        and not is_name_key(key)
        and not (edited and key in EDITOR_KEYS)
        and not _LEFT_OUT.fullmatch(key)
    }


def _no_shape(ref: str, name: str, why: str) -> Finding:
    return Finding(
        "geometry_unusable", "error", ref, f"{name}, {ref}: {why}", "Draw this feature again"
    )


def _reading_findings(items: list[Item], book: LevelBook, name: str) -> Iterator[Finding]:
    left: set[str] = set()
    keys: set[str] = set()
    for item in items:
        edited = "changeset" in item.properties or "uid" in item.properties
        keys.update(item.properties)
        if edited:
            left |= EDITOR_KEYS & item.properties.keys()
    left.update(key for key in keys if _LEFT_OUT.fullmatch(key))
    if left:
        yield Finding(
            "properties_left_out",
            "info",
            None,
            f"{name}: {', '.join(sorted(left))}",
            "Names of editors and drawing styles are not kept",
        )
    for level in book.without_ordinal:
        yield Finding(
            "level_without_ordinal",
            "error",
            None,
            f"{name}: level “{level}” states no number",
            "It was put above the others; give its ordinal, 0 being the ground floor",
        )
    numbers = sorted(book.by_ordinal)
    if numbers and 0 not in numbers and numbers[0] > 0:
        yield Finding(
            "no_ground_level",
            "info",
            None,
            f"{name}: the lowest level is {numbers[0]}",
            "Ordinal 0 is the ground floor; check whether this file counts from 1",
        )
