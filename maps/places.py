"""A map document as people ask for it: names, cells, groups of the list, search. No database."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely.geometry import Point

from maps.document import Feature, MapDocument
from maps.geometry.door_order import door_number
from maps.geometry.grid import cell_of
from maps.geometry.locate import Locator, Place
from maps.kinds import GROUPS, UTILITY_WORDS, kind_word

FEET_PER_METER = 3.28084
_WHOLE_FLOOR = frozenset({"level", "building"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list beside the map."""

    id: str
    kind: str
    label: str
    detail: str
    cell: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of related kinds; `is_open` where the list begins unfolded."""

    name: str
    features: tuple[Row, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """One level to switch to."""

    id: str
    name: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the card of one feature says. `door_feet` is a straight line, rounded to 10 ft."""

    id: str
    kind: str
    kind_word: str
    name: str
    names: tuple[str, ...]
    levels: tuple[str, ...]
    cell: str
    door: str
    door_feet: int | None
    words: tuple[tuple[str, str], ...]


def name_of(feature: Feature) -> str:
    """Return how people call a feature: `Door 7`, `Room 204`, else its sign or its kind."""
    if feature.kind == "exterior_door":
        number = door_number(feature) or feature.label
        return _("Door %(number)s") % {"number": number} if number else _("Exterior door")
    if feature.kind == "room" and feature.label[:1].isdigit():
        return _("Room %(number)s") % {"number": feature.label}
    return feature.label or kind_word(feature.kind)


def point_of(feature: Feature) -> Point:
    """Return a point on the feature, its middle where that lies on it (lon, lat)."""
    middle = feature.geometry.centroid
    on_it = feature.geometry.intersects(middle)
    return middle if on_it else feature.geometry.representative_point()


def cell_of_feature(document: MapDocument, feature: Feature) -> str:
    """Return the grid cell of a feature, empty on a map without grid."""
    if document.grid is None or feature.geometry.is_empty:
        return ""
    point = point_of(feature)
    return cell_of(document.grid, point.x, point.y)


def level_names(document: MapDocument, feature: Feature) -> tuple[str, ...]:
    """Return the names of a feature's levels, lowest first."""
    levels = sorted(document.levels, key=lambda level: level.ordinal)
    return tuple(level.name for level in levels if level.id in feature.levels)


def place_words(document: MapDocument, feature: Feature) -> str:
    """Return where a feature is in one line: `Gate 4, W7`; `Elevator E-1, Floor 1, G6`."""
    levels = level_names(document, feature)
    parts = (name_of(feature), *levels[:1], cell_of_feature(document, feature))
    return ", ".join(part for part in parts if part)


def groups_of(document: MapDocument, *, opened: str = "") -> list[Group]:
    """Return all features in the groups of the list; `opened` is a feature whose group is open."""
    by_kind: dict[str, list[Feature]] = {}
    for feature in document.features:
        by_kind.setdefault(feature.kind, []).append(feature)
    groups = []
    for name, kinds, is_open in GROUPS:
        features = [f for kind in kinds for f in by_kind.get(kind, ())]
        if features:
            features.sort(key=lambda f: (kinds.index(f.kind), _natural(name_of(f)), f.id))
            rows = tuple(row_of(document, feature) for feature in features)
            holds = any(row.id == opened for row in rows)
            groups.append(Group(str(name), rows, is_open or holds))
    return groups


def levels_of(document: MapDocument, *, shown: str = "") -> list[LevelChoice]:
    """Return the levels, lowest first; the shown one is that asked for, else the ground floor."""
    levels = sorted(document.levels, key=lambda level: level.ordinal)
    ground = min(levels, key=lambda level: abs(level.ordinal), default=None)
    known = any(level.id == shown for level in levels)
    current = shown if known else (ground.id if ground else "")
    return [LevelChoice(level.id, level.name, level.id == current) for level in levels]


def row_of(document: MapDocument, feature: Feature) -> Row:
    """Return the row of a feature: sign, further names, level and cell."""
    known = name_of(feature)
    names = [name for name in (feature.label, *feature.names) if name and name not in known]
    where = str(feature.properties.get("where") or "")
    levels = level_names(document, feature) if len(document.levels) > 1 else ()
    detail = ", ".join([*names, *([where] if where else []), *levels])
    return Row(feature.id, feature.kind, known, detail, cell_of_feature(document, feature))


def find(document: MapDocument, text: str) -> list[Row]:
    """Return what a text means: the sign or any name, or what lies in a grid cell; best first."""
    locator = Locator(document)
    places = locator.by_name(text)
    try:
        inside = locator.by_cell(text)
    except ValueError:
        return _rows(document, places)
    asked = text.strip().casefold()
    named = [p for p in places if p.feature and p.feature.label.casefold() == asked]
    within = [p for p in inside if p.feature and p.feature.kind not in _WHOLE_FLOOR]
    return _rows(document, (*named, *within))


def _rows(document: MapDocument, places: tuple[Place, ...]) -> list[Row]:
    found = {p.feature.id: p.feature for p in places if p.feature is not None}
    return [row_of(document, feature) for feature in found.values()]


def facts_of(document: MapDocument, feature: Feature) -> Facts:
    """Return what the card of a feature says."""
    point = point_of(feature)
    level = feature.levels[0] if feature.levels else None
    door = Locator(document).by_point(point.x, point.y, level)[0].nearest_door
    is_door = door is not None and door.feature.id == feature.id
    return Facts(
        id=feature.id,
        kind=feature.kind,
        kind_word=kind_word(feature.kind),
        name=name_of(feature),
        names=tuple(n for n in feature.names if n != feature.label),
        levels=level_names(document, feature),
        cell=cell_of_feature(document, feature),
        door=name_of(door.feature) if door and not is_door else "",
        door_feet=int(round(door.meters * FEET_PER_METER, -1)) if door else None,
        words=tuple(_words(feature.properties)),
    )


def _words(properties: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the facts that a person reads, each with its label."""
    capacity = properties.get("capacity")
    people = (
        ngettext("%(count)d person", "%(count)d people", capacity) % {"count": capacity}
        if isinstance(capacity, int)
        else ""
    )
    utility = str(properties.get("utility") or "")
    found = [
        (_("Utility"), str(UTILITY_WORDS.get(utility, utility))),
        (_("Where"), str(properties.get("where") or "")),
        (_("How"), str(properties.get("how") or "")),
        (_("Way in"), str(properties.get("access") or "")),
        (_("Holds"), people),
        (_("Note"), str(properties.get("note") or "")),
    ]
    return [(label, text) for label, text in found if text]


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key that sorts `Door 2` before `Door 10`."""
    parts: list[tuple[int, int, str]] = []
    digits = ""
    for letter in text.casefold() + "\0":
        if letter.isdecimal() and letter.isascii():
            digits += letter
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        parts.append((1, 0, letter))
    return tuple(parts)
