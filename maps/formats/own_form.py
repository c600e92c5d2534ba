"""The JSON form of a map document as this project writes it: read back exactly."""

from collections.abc import Iterator
from typing import Any

import shapely

from maps.document import KINDS, Feature, Finding, MapDocument, from_json
from maps.formats.placing import check_places, refuse_stacked, repair
from maps.formats.result import ClassCount, MapReading, MapRefused, Sorting
from maps.formats.shapes import Shapes, build_shapes

OWN_PROPERTY = "muster"  # of features in other formats: the feature as the document has it
MOST_CELL_METERS = 1_000.0
MOST_CELLS = 2_000  # on a side: 20 km of the smallest cell
_FEATURE_KEYS = {"kind", "label", "names", "levels", "properties"}
_LEVEL_KEYS = {"id", "ordinal", "name", "short_name"}


def is_own_form(parsed: Any) -> bool:
    """Return whether parsed JSON is `maps.document.to_json` of some document."""
    if not isinstance(parsed, dict) or not isinstance(parsed.get("levels"), list):
        return False
    features = parsed["features"] if isinstance(parsed.get("features"), list) else []
    return all(isinstance(v, dict) and v.keys() == _LEVEL_KEYS for v in parsed["levels"]) and all(
        isinstance(f, dict)
        and isinstance(f.get("properties"), dict)
        and f["properties"].keys() == _FEATURE_KEYS
        for f in features
    )


def read_own_form(parsed: dict[str, Any], name: str, crs: str) -> MapReading:
    """Return the reading of a document's own form; raises MapRefused with the member at fault."""
    for where, why in _faults(parsed):
        raise MapRefused(
            "document_broken",
            f"This map was written by Muster and changed since: {why}",
            f"{name}, {where}",
            "Export the map again",
        )
    built = build_shapes([feature.get("geometry") for feature in parsed["features"]])
    refs = [feature["id"] for feature in parsed["features"]]
    for index, why in built.problems.items():
        raise MapRefused(
            "document_broken", f"A feature is not usable: {why}", f"{name}, {refs[index]}",
            "Export the map again",
        )  # fmt: skip
    findings = check_places(built, refs, name, None)
    refuse_stacked(built.shapes.tolist(), name)
    try:
        document = from_json(parsed)
    except (KeyError, TypeError, ValueError) as error:
        raise MapRefused(
            "document_broken", f"A geometry is not usable: {error}", name, "Export the map again"
        ) from None
    features, mended = _mended(document, built, refs, name)
    sorting = Sorting()
    for feature in features:
        sorting.place(feature, feature.id, f"kind={feature.kind}")
    return MapReading(
        "geojson", crs, document.levels, tuple(sorting.features), 0, (), (*findings, *mended),
        tuple(ClassCount(f"kind={k}", k, n) for k, n in _kind_counts(features)), document.grid,
    )  # fmt: skip


def _mended(
    document: MapDocument, built: Shapes, refs: list[str], name: str
) -> tuple[list[Feature], tuple[Finding, ...]]:
    """Return features as they stand: one invalid polygon is mended, the others stay to the bit."""
    invalid = [i for i, f in enumerate(document.features) if not shapely.is_valid(f.geometry)]
    if not invalid:
        return list(document.features), ()
    part = Shapes(built.shapes[invalid])
    findings = repair(part, [refs[i] for i in invalid], name)
    features = list(document.features)
    for place, index in enumerate(invalid):
        old = features[index]
        features[index] = Feature(
            old.id, old.kind, old.label, part.shapes[place] or old.geometry, old.names, old.levels,
            old.properties,
        )  # fmt: skip
    return features, findings


def _kind_counts(features: list[Feature]) -> list[tuple[str, int]]:
    counts: dict[str, int] = {}
    for feature in features:
        counts[feature.kind] = counts.get(feature.kind, 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _faults(parsed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    known = {level["id"] for level in parsed["levels"] if isinstance(level["id"], str)}
    for number, level in enumerate(parsed["levels"], 1):
        texts = (level["id"], level["name"], level["short_name"])
        if not all(isinstance(v, str) for v in texts) or not isinstance(level["ordinal"], int):
            yield f"level {number}", "a level needs id, name, short_name as text, ordinal as number"
    for number, feature in enumerate(parsed["features"], 1):
        properties, identity = feature["properties"], feature.get("id")
        where = f"feature {number} ({identity})"
        if not isinstance(identity, str) or not identity:
            yield where, "a feature has no id"
        if properties["kind"] not in KINDS:
            yield where, f"{properties['kind']!r} is no kind of feature"
        if not isinstance(properties["label"], str):
            yield where, "a label must be text"
        for key in ("names", "levels"):
            if not _is_texts(properties[key]):
                yield where, f"{key} must be a list of texts"
            elif key == "levels" and not known.issuperset(properties[key]):
                yield where, "it names a level that is not in the file"
        if not isinstance(properties["properties"], dict):
            yield where, "properties must be an object"
    yield from _grid_faults(parsed.get("grid"))


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _grid_faults(grid: Any) -> Iterator[tuple[str, str]]:
    if grid is None:
        return
    try:
        longitude, latitude = grid["origin"]
        numbers = (longitude, latitude, grid["cell_meters"], grid["columns"], grid["rows"])
        sound = all(isinstance(n, int | float) for n in numbers)
        sound = sound and abs(longitude) <= 180 and abs(latitude) <= 90
        sound = sound and 1 <= grid["cell_meters"] <= MOST_CELL_METERS
        sound = sound and all(isinstance(n, int) and 0 < n <= MOST_CELLS for n in numbers[3:])
    except (TypeError, KeyError, ValueError):
        sound = False
    if not sound:
        yield "member grid", "a grid needs origin, cell_meters, columns and rows"
