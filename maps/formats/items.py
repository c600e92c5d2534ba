"""The features of a file on their way to the map: what every reader hands over, sorted one way.

A reader makes an `Item` of each feature; here each item gets its class, shape, identity and level,
and ends placed, or listed as unplaced with the reason.
"""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from shapely.geometry.base import BaseGeometry

from maps.document import Feature, Finding, Level
from maps.formats.classes import Classified, Classifier, Extension
from maps.formats.identity import NAMESPACE, Identities
from maps.formats.json_text import (
    MOST_FEATURES,
    MOST_VERTICES,
    too_many_features,
    too_many_vertices,
)
from maps.formats.labels import clean, clean_key, is_name_key, label_and_names, label_of
from maps.formats.levels import MOST_LEVELS, LevelBook, TooManyLevels
from maps.formats.placing import WGS84, Degrees, check_places, refuse_stacked, repair
from maps.formats.relating import join_named_points, settle_doors
from maps.formats.result import Format, MapReading, MapRefused, Sorting
from maps.formats.shapes import Shapes, build_shapes

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
    """One feature of the file on its way to the map.

    `ref` names it in messages, `source` is its id in the file (None: an id is made from its shape),
    `scope` the collection it stands in, `geometry` a GeoJSON geometry object or None. A reader that
    knows the class already sets `classified`.
    """

    ref: str
    source: str | None
    scope: str
    properties: dict[str, Any]
    geometry: Any
    classified: Classified | None = None
    identity: str = ""


@dataclass(frozen=True, slots=True)
class ItemReader:
    """Sorts the items of one file; `spread` may lie apart: what has no class does not count.

    `name` stands in messages, `near` is the campus (lon, lat) where known.
    """

    name: str
    extension: Extension = field(default_factory=dict)
    namespace: uuid.UUID = NAMESPACE
    near: Degrees | None = None
    spread: bool = False

    def read(
        self,
        items: Sequence[Item],
        form: Format,
        *,
        crs: str = WGS84,
        sorting: Sorting | None = None,
        book: LevelBook | None = None,
    ) -> MapReading:
        """Return the map of items; `sorting` holds what the reader has sorted already.

        Raises MapRefused for positions that are no degrees on one campus, and for too much.
        """
        sorting = Sorting() if sorting is None else sorting
        book = LevelBook(self.namespace) if book is None else book
        if len(items) > MOST_FEATURES:
            raise too_many_features(self.name, len(items))
        if not items and not sorting.sorted_so_far:
            sorting.findings.append(
                Finding("no_features", "warning", None, self.name, "The file holds no feature")
            )
        try:
            self._sort(items, sorting, book)
        except TooManyLevels:
            raise MapRefused(
                "too_many_levels",
                f"The file names more than {10 * MOST_LEVELS:,} levels",
                self.name,
                "Check what it gives as level: it should be a floor",
            ) from None
        return MapReading(
            format=form,
            crs=crs,
            levels=book.levels(),
            features=tuple(sorting.features),
            described=sorting.described,
            unplaced=tuple(sorting.unplaced),
            findings=sorting.findings_by_id(),
            classes=tuple(sorting.class_counts()),
        )

    def _sort(self, items: Sequence[Item], sorting: Sorting, book: LevelBook) -> None:
        built = build_shapes([item.geometry for item in items])
        if built.vertices > MOST_VERTICES:
            raise too_many_vertices(self.name)
        classifier = Classifier(self.extension)
        kinds = [_geometry_type(item.geometry) for item in items]
        classes = [
            item.classified or classifier.classify(item.properties, kind)
            for item, kind in zip(items, kinds, strict=True)
        ]
        refs = [item.ref for item in items]
        self._check(built, refs, [found.kind is not None for found in classes], sorting)
        shaped = self._identify(items, classes, built, sorting)
        refuse_stacked([shape for _, _, shape in shaped], self.name)
        for item, found, _ in shaped:
            if found.kind == "level":
                _add_level(item, book)
        maker = FeatureMaker(self.name, book, sorting)
        for item, found, shape in shaped:
            sorting.place(maker.feature(item, found, shape), item.ref, found.source)
        join_named_points(sorting, self.name)
        stated = {i.identity for i, f, _ in shaped if f.source.startswith("kind=")}
        settle_doors(sorting, self.name, frozenset(stated))
        sorting.findings.extend(_reading_findings(items, book, self.name))

    def _check(
        self, built: Shapes, refs: Sequence[str], placed: Sequence[bool], sorting: Sorting
    ) -> None:
        counted = placed if self.spread else None
        sorting.findings.extend(check_places(built, refs, self.name, self.near, counted))
        sorting.findings.extend(repair(built, refs, self.name))

    def _identify(
        self, items: Sequence[Item], classes: Sequence[Classified], built: Shapes, sorting: Sorting
    ) -> list[tuple[Item, Classified, BaseGeometry]]:
        """Return the items with a kind and a shape, each with its id; the others are left."""
        identities = Identities(self.namespace)
        shaped: list[tuple[Item, Classified, BaseGeometry]] = []
        problems = built.problems
        for index, (item, found) in enumerate(zip(items, classes, strict=True)):
            if index in problems:
                sorting.leave(item.ref, problems[index], found.source)
                sorting.findings.append(_no_shape(item.ref, self.name, problems[index]))
            elif found.kind is None:
                sorting.leave(item.ref, found.why, found.source)
            else:
                shape = built.shapes[index]
                self._give_identity(item, shape, identities, sorting)
                shaped.append((item, found, shape))
        return shaped

    def _give_identity(
        self, item: Item, shape: BaseGeometry, identities: Identities, sorting: Sorting
    ) -> None:
        if item.source is None:
            levels = [clean(item.properties.get(key)) for key in LEVEL_KEYS]
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


def _geometry_type(geometry: Any) -> str:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    return kind if isinstance(kind, str) else ""


@dataclass(slots=True)
class FeatureMaker:
    """Makes features of items: label and names, levels, the properties that are kept."""

    name: str
    book: LevelBook
    sorting: Sorting
    known_levels: dict[Any, tuple[str, ...]] = field(default_factory=dict)

    def feature(self, item: Item, found: Classified, shape: BaseGeometry) -> Feature:
        """Return the feature of one item."""
        kind = str(found.kind)
        named, properties = parted(item.properties)
        label, names = label_of(named, kind)
        if found.added:
            properties.update(found.added)
        if kind == "exterior_door":
            number = item.properties.get("number") or item.properties.get("door_number") or label
            matched = _DOOR_NUMBER.fullmatch(str(number).strip())
            if matched:
                properties["number"] = matched[1].replace(" ", "").upper()
        levels: tuple[str, ...] = ()
        if kind == "level":
            levels = (item.identity,)
        elif kind != "building":
            levels = self._levels(item)
        return Feature(item.identity, kind, label, shape, names, levels, properties)

    def _levels(self, item: Item) -> tuple[str, ...]:
        properties = item.properties
        stated = properties.get("level")
        if stated is None or _is_nothing(stated):
            found = (properties[key] for key in LEVEL_KEYS if key in properties)
            stated = next((value for value in found if not _is_nothing(value)), None)
        repeated = properties.get("repeat_on")
        levels = self._levels_of(stated, item)
        if repeated is None:
            return levels
        return tuple(dict.fromkeys((*levels, *self._levels_of(repeated, item))))

    def _levels_of(self, value: Any, item: Item) -> tuple[str, ...]:
        if value is None:
            return ()
        # True, 1 and 1.0 are one key of a dict: each is kept under its own type.
        key = (type(value), value) if isinstance(value, str | int | float) else None
        if key is not None and key in self.known_levels:
            return self.known_levels[key]
        try:
            found = tuple(dict.fromkeys(level.id for level in self.book.of_value(clean(value))))
        except ValueError as error:
            self.sorting.findings.append(
                Finding(
                    "level_unreadable",
                    "error",
                    item.identity,
                    f"{self.name}, {item.ref}: {error}",
                    "Write a number, a range such as 0-2, or the name of a level",
                )
            )
            return ()
        if key is not None:
            self.known_levels[key] = found
        return found


def _is_nothing(value: Any) -> bool:
    return value == [] or clean(value) is None


@lru_cache(maxsize=4096)
def _part_of(key: str) -> str:
    """Return what a property is for: a name, nothing that stays, or to be kept."""
    if is_name_key(key):
        return "name"
    return "" if key in _CONSUMED or _LEFT_OUT.fullmatch(key) else "kept"


def parted(properties: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the names among properties, and those that stay with the feature as they are.

    Editors' names and drawing styles are neither.
    """
    edited = "changeset" in properties or "uid" in properties
    names: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for key, value in properties.items():
        if value is None or (edited and key in EDITOR_KEYS):
            continue
        part = _part_of(key)
        if part == "name":
            names[key.casefold()] = value
        elif part:
            cleaned = clean(value)
            if cleaned is not None:
                kept[clean_key(key)] = cleaned
    return names, kept


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


def _no_shape(ref: str, name: str, why: str) -> Finding:
    return Finding(
        "geometry_unusable", "error", ref, f"{name}, {ref}: {why}", "Draw this feature again"
    )


def _reading_findings(items: Sequence[Item], book: LevelBook, name: str) -> Iterator[Finding]:
    left: set[str] = set()
    keys: set[str] = set()
    for item in items:
        keys.update(item.properties)
        if len(left) < len(EDITOR_KEYS) and {"changeset", "uid"} & item.properties.keys():
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
