"""Floor plans: drawings of single levels, put on the ground by control points and joined to a map.

A drawing alone has no place: every shape of it is listed. A placement file gives each drawing its
level and its control points.
"""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from maps.document import Finding, Level
from maps.formats.classes import ROOM_IDS, TAGS, Classified, Extension
from maps.formats.identity import NAMESPACE, made_id
from maps.formats.items import Item, ItemReader
from maps.formats.json_text import parse_json
from maps.formats.levels import LevelBook
from maps.formats.placement import (
    Fit,
    PlacedLevel,
    fit,
    fit_findings,
    read_placement,
)
from maps.formats.placing import Degrees
from maps.formats.plan_pdf import read_pdf
from maps.formats.plan_shapes import Plan, PlanShape, label_by_text, rings_of
from maps.formats.plan_svg import read_svg
from maps.formats.result import Format, MapReading, MapRefused, Sorting
from maps.formats.room_names import RoomNames, read_names
from maps.formats.shapes import Tangled

NEEDS_CONTROL = "the drawing needs two control points of a placement file to lie on the ground"
Beside = Callable[[str], bytes]
_SEPARATORS = " -_.:#"
_REST = re.compile(r"[^a-z]|[a-z]{1,3}\d")
_MADE_BY_PROGRAMS = re.compile(
    r"(?:path|rect|polygon|polyline|line|circle|ellipse|g|svg|use|image|text|tspan|layer|shape)"
    r"[-_]?\d[\d\w-]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PlanReader:
    """Reads drawings and placements: `name` stands in messages."""

    name: str
    extension: Extension = field(default_factory=dict)
    namespace: uuid.UUID = NAMESPACE
    near: Degrees | None = None

    def read_alone(self, data: bytes) -> MapReading:
        """Return the reading of a drawing without a place; raises MapRefused when it is none."""
        plan = read_drawing(data, self.name)
        sorting = Sorting()
        for shape in plan.shapes:
            sorting.leave(shape.ref, NEEDS_CONTROL, "shape of a drawing")
        where = f"{self.name}: {len(plan.shapes)} shapes and {len(plan.texts)} texts"
        mend = (
            "Write a placement file with two or more control points of the drawing and where they "
            "lie (longitude, latitude), and give that file"
        )
        sorting.findings.append(Finding("drawing_unplaced", "warning", None, where, mend))
        form: Format = "pdf" if data.lstrip()[:5] == b"%PDF-" else "svg"
        return self._items().read([], form, sorting=sorting)

    def read_placement(self, parsed: Any, beside: Beside) -> MapReading:
        """Return the map of a placement file; `beside` gives the bytes of a file next to it.

        Raises MapRefused for a placement, drawing or file of names that cannot be used.
        """
        placement = read_placement(parsed, self.name)
        names = RoomNames()
        if placement.names is not None:
            where = f"{self.name}, {placement.names}"
            names = read_names(parse_json(beside(placement.names), where), where)
        pass_ = _Pass(self.name, self.extension, names, Sorting(), LevelBook(self.namespace))
        for level in placement.levels:
            pass_.take(level, beside(level.file))
        pass_.unused_names()
        return self._items().read(pass_.items, "placement", sorting=pass_.sorting, book=pass_.book)

    def _items(self) -> ItemReader:
        return ItemReader(self.name, self.extension, self.namespace, self.near)


def read_drawing(data: bytes, name: str, page: int = 1) -> Plan:
    """Return the shapes of an SVG or PDF; raises MapRefused for any other file."""
    if data.lstrip()[:5] == b"%PDF-":
        return read_pdf(data, name, page)
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise MapRefused(
            "drawing_unknown",
            "A drawing of the placement is neither SVG nor PDF",
            name,
            "Give the plan as SVG or vector PDF; a picture holds no shapes",
        )
    return read_svg(data, name)


@dataclass(slots=True)
class _Pass:
    """The pass over the drawings of one placement."""

    name: str
    extension: Extension
    names: RoomNames
    sorting: Sorting
    book: LevelBook
    items: list[Item] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def take(self, level: PlacedLevel, data: bytes) -> None:
        """Take in one drawing as a level."""
        where = f"{self.name}, {level.file}"
        plan = read_drawing(data, where, level.page)
        identity = made_id(f"level:{level.ordinal}", self.book.namespace)
        self.book.add(Level(identity, level.ordinal, level.name, level.short_name))
        if len(level.control) < 2:
            self._leave_all(level, plan, where)
            return
        found = fit(level.control, where)
        diagonal = float((plan.width**2 + plan.height**2) ** 0.5)
        self.sorting.findings.extend(fit_findings(level, found, diagonal, where))
        left = label_by_text(plan.shapes, plan.texts)
        for shape in plan.shapes:
            self._take_shape(shape, level, identity, found)
        if left:
            shown = ", ".join(f"“{text.text:.20}”" for text in left[:3])
            self.sorting.findings.append(
                Finding("texts_unused", "info", None, f"{where}: {len(left)} texts ({shown})",
                        "They stand in no closed shape that lacks an id")
            )  # fmt: skip

    def _leave_all(self, level: PlacedLevel, plan: Plan, where: str) -> None:
        for shape in plan.shapes:
            self.sorting.leave(f"{level.file} {shape.ref}", NEEDS_CONTROL, "shape of a drawing")
        points = len(level.control)
        self.sorting.findings.append(
            Finding("control_points_missing", "error", None, f"{where}: {points} control points",
                    "Give two or more points of the drawing and where they lie on the ground")
        )  # fmt: skip

    def _take_shape(self, shape: PlanShape, level: PlacedLevel, identity: str, found: Fit) -> None:
        ref = f"{level.file} {shape.ref}"
        label, classified = self._named(shape)
        if shape.why or classified.kind is None:
            self.sorting.leave(ref, shape.why or classified.why, classified.source)
            return
        try:
            polygons = rings_of(shape.outlines)
        except Tangled as tangled:
            self.sorting.leave(ref, str(tangled), classified.source)
            return
        if not polygons:
            why = f"“{label}” is drawn as a line, which has no area"
            self.sorting.leave(ref, why, classified.source)
            return
        key = label.casefold()
        self.used.add(key)
        properties: dict[str, Any] = {"level": level.ordinal, "label": label}
        if self.names.names.get(key):
            properties["names"] = list(self.names.names[key])
        if self.names.tags.get(key):
            properties["room_tags"] = list(self.names.tags[key])
        rings = [[found.to_degrees(ring) for ring in polygon] for polygon in polygons]
        geometry = (
            {"type": "Polygon", "coordinates": rings[0]}
            if len(rings) == 1
            else {"type": "MultiPolygon", "coordinates": rings}
        )
        source = f"plan:{level.ordinal}:{label}"
        self.items.append(Item(ref, source, "", properties, geometry, classified))

    def _named(self, shape: PlanShape) -> tuple[str, Classified]:
        """Return the label that a shape carries, and its class."""
        for word in shape.words:
            origin, _, text = word.partition(":")
            known = self.names.written.get(text.casefold())
            split = _prefix(text)
            if known is None and split is not None:
                known = self.names.written.get(split[1].casefold(), split[1])
            if known is None and origin in ("label", "text"):
                known = text
            if known is not None:
                prefix = split[0] if split is not None else ""
                return known, self._classified(known, prefix, origin)
        named = next((word.partition(":")[2] for word in shape.words), "")
        if named and not _MADE_BY_PROGRAMS.fullmatch(named):
            why = f"its id “{named:.40}” is no room: ids begin with one of {', '.join(ROOM_IDS)}"
            return "", Classified("shape with another id", None, why)
        return "", Classified("shape without id", None, "a wall, door or mark: it carries no id")

    def _classified(self, label: str, prefix: str, origin: str) -> Classified:
        key = label.casefold()
        if key in self.names.kinds:
            return Classified(f"kind={self.names.kinds[key]}", self.names.kinds[key])
        source = f"id={prefix}*" if prefix else f"{origin} of a shape"
        for tag in self.names.tags.get(key, ()):
            kind = self.extension.get(f"tag={tag}", TAGS.get(tag.casefold()))
            if kind is not None:
                return Classified(f"tag={tag}", kind)
        kind = self.extension.get(source, ROOM_IDS.get(prefix, "room"))
        why = "" if kind else f"the table of classes leaves {source} off the map"
        return Classified(source, kind, why)

    def unused_names(self) -> None:
        """Report the rooms of the file of names that no drawing shows."""
        unused = [w for key, w in self.names.written.items() if key not in self.used]
        if unused:
            shown = ", ".join(unused[:5])
            where = f"{self.name}: {len(unused)} rooms of the file of names ({shown})"
            self.sorting.findings.append(
                Finding("names_unused", "warning", None, where,
                        "No shape carries their id; check the ids of the drawing")
            )  # fmt: skip


def _prefix(text: str) -> tuple[str, str] | None:
    """Return the word that an id begins with and the rest, the label; None for another id.

    The rest begins with a separator, a digit, a capital or letters before a digit: `roommate` is
    no room.
    """
    lower = text.casefold()
    for word in sorted(ROOM_IDS, key=len, reverse=True):
        rest = text[len(word) :]
        if lower.startswith(word) and rest and _REST.match(rest):
            label = rest.strip(_SEPARATORS)
            return (word, label) if label else None
    return None
