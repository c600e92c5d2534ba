"""GeoJSON: RFC 7946, the loose kinds found in the field, and this project's own form."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from maps.document import Finding
from maps.formats.classes import Extension
from maps.formats.identity import NAMESPACE, as_uuid
from maps.formats.items import Item, ItemReader
from maps.formats.json_text import MOST_FEATURES, too_many_features
from maps.formats.labels import clean
from maps.formats.levels import LevelBook
from maps.formats.own_form import is_own_form, read_own_form
from maps.formats.placing import Degrees, reference_system
from maps.formats.result import MapReading, MapRefused, Sorting
from maps.formats.shapes import DEPTHS


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
        book = LevelBook(self.namespace)
        stated = parsed.get("levels") if isinstance(parsed, dict) else None
        for number, entry in enumerate(stated if isinstance(stated, list) else (), 1):
            if not book.add_stated(entry):
                where = f"{self.name}, level {number} of the member levels"
                mend = "A level needs an ordinal that is a whole number, and a name"
                sorting.findings.append(Finding("level_unreadable", "error", None, where, mend))
        reader = ItemReader(self.name, self.extension, self.namespace, self.near)
        return reader.read(items, "geojson", crs=crs, sorting=sorting, book=book)


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
    properties = stated if isinstance(stated, dict) else {}
    for nested in ("tags", "properties"):
        if nested in properties and isinstance(properties[nested], dict):
            properties = {**properties, **properties[nested]}
    if "relations" in properties and "level" not in properties:
        properties = {**properties, **_level_of_relations(properties["relations"])}
    if isinstance(feature.get("feature_type"), str):
        properties.setdefault("feature_type", feature["feature_type"])
    source = feature.get("id")
    if source is None:
        source = properties.get("@id")
    if source is None:
        source = properties.get("id")
    if isinstance(source, bool) or not isinstance(source, str | int) or source == "":
        return Item(f"{prefix}feature {index}", None, prefix, properties, feature.get("geometry"))
    ref = f"{prefix}{source}"
    if not ref.isprintable() or ref.strip() != ref:
        ref = str(clean(ref))
    known = (as_uuid(source) if isinstance(source, str) else None) or ref
    return Item(ref, known, prefix, properties, feature.get("geometry"))


def _level_of_relations(relations: Any) -> dict[str, Any]:
    for relation in relations if isinstance(relations, list) else ():
        tags = relation.get("reltags") if isinstance(relation, dict) else None
        if isinstance(tags, dict) and "level" in tags:
            return {"level": tags["level"]}
    return {}
