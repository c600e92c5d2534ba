"""Finding a place: by what is on its sign, by grid cell, or by a position."""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Point

from maps.document import Feature, Level, MapDocument
from maps.geometry.door_order import door_number
from maps.geometry.grid import cell_of, cell_polygon, is_inside, ninth_of
from maps.geometry.projection import Projection
from maps.geometry.site import in_meters, is_polygonal

MOST_PLACES = 50
FAR_METERS = 100_000.0
_LEAST_LETTERS = 4  # a shorter word with one letter wrong is another word
_TWO_ERRORS_LETTERS = 10
_BACKGROUND = frozenset({"level", "building"})
_PRECEDENCE = {"room": 0, "stair": 1, "elevator": 1, "corridor": 2, "level": 8, "building": 9}
# Words that people put before a label; each allows only the kinds behind it.
KIND_WORDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("room", "rm", "classroom", "class", "office", "lab"), frozenset({"room", "corridor"})
    ),
    **dict.fromkeys(("corridor", "hall", "hallway"), frozenset({"corridor"})),
    **dict.fromkeys(("stair", "stairs", "stairwell", "staircase"), frozenset({"stair"})),
    **dict.fromkeys(("elevator", "lift"), frozenset({"elevator"})),
    **dict.fromkeys(("door", "doors"), frozenset({"door", "exterior_door"})),
    **dict.fromkeys(("exterior door", "exit", "entrance", "entry"), frozenset({"exterior_door"})),
    **dict.fromkeys(("building", "bldg"), frozenset({"building"})),
    **dict.fromkeys(("level", "floor"), frozenset({"level"})),
    "gate": frozenset({"gate"}),
    "hydrant": frozenset({"hydrant"}),
    "camera": frozenset({"camera"}),
    "parking": frozenset({"parking"}),
}
_KIND_PREFIX = re.compile(
    r"(" + "|".join(sorted(KIND_WORDS, key=len, reverse=True)) + r")\s*#?\s*(?=\S)(.+)"
)


@dataclass(frozen=True, slots=True)
class NearestDoor:
    """The exterior door nearest in plan, and the straight line to it in meters."""

    feature: Feature
    label: str
    meters: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is. `feature` is None where the map has nothing at a position.

    `longitude` and `latitude` are a point of the feature, or the position asked for; `ninth` is the
    ninth of the cell that holds it, such as `C7-4`.
    """

    feature: Feature | None
    building: Feature | None
    level: Level | None
    cell: str | None
    longitude: float
    latitude: float
    nearest_door: NearestDoor | None
    ninth: str | None = None


class Locator:
    """Answers where things are on one map; built once, asked many times."""

    def __init__(self, document: MapDocument) -> None:
        """Index the features of a document by name and by place."""
        self._document = document
        self._features = document.features
        self._plane = Projection.over(f.geometry for f in self._features)
        self._shapes = in_meters(self._features, self._plane)
        self._tree = shapely.STRtree(self._shapes)
        self._levels = {level.id: level for level in document.levels}
        self._doors = [i for i, f in enumerate(self._features) if f.kind == "exterior_door"]
        self._door_points = shapely.centroid(self._shapes[self._doors])
        self._buildings = [
            i for i, f in enumerate(self._features) if f.kind == "building" and is_polygonal(f)
        ]
        self._names: dict[str, list[int]] = defaultdict(list)
        for index, feature in enumerate(self._features):
            for key in _keys_of(feature):
                self._names[key].append(index)
        self._typed = [key for key in self._names if _letters(key) >= _LEAST_LETTERS]

    def by_name(self, text: str) -> tuple[Place, ...]:
        """Return the places a text means, best first; none when nothing is like it.

        Labels, all names, door numbers and kind words are searched; case, accents, spaces and
        punctuation do not matter, “room 204” is “204”; one wrong letter is forgiven, in a long name
        two.
        """
        asked = _normal(text)
        if not asked:
            return ()
        found = self._exact(asked) or self._containing(asked) or self._similar(asked)
        return tuple(self._place(index) for index in found[:MOST_PLACES])

    def exactly(self, text: str) -> tuple[Feature, ...]:
        """Return the features that a text names without any error: id, sign, name, door number."""
        asked = _normal(text)
        known = [f for f in self._features if f.id == text.strip()]
        if known or not asked:
            return tuple(known)
        prefix = _KIND_PREFIX.fullmatch(asked)
        found = self._named(asked)
        if not found and prefix is not None:
            kinds = KIND_WORDS[prefix[1]]
            behind = self._named(_normal(prefix[2]))
            found = [i for i in behind if self._features[i].kind in kinds]
        return tuple(self._features[i] for i in self._sorted(dict.fromkeys(found)))

    def by_cell(self, name: str, level_id: str | None = None) -> tuple[Place, ...]:
        """Return what lies in a grid cell, or in a ninth of one, rooms first; on one level or all.

        An empty cell of the grid gives one place without feature: its middle, with the nearest
        exterior door.
        Raises ValueError when the name is no cell or the map has no grid or no such level.
        """
        if level_id is not None and level_id not in self._levels:
            raise ValueError(f"this map has no level {level_id}")
        if self._document.grid is None:
            raise ValueError("this map has no grid")
        cell = self._plane.to_meters(cell_polygon(self._document.grid, name))
        found = [
            int(i)
            for i in self._tree.query(cell, "intersects")
            if level_id is None or level_id in self._features[i].levels
        ]
        if not found and is_inside(self._document.grid, name):
            middle = self._plane.point_to_degrees(cell.centroid.x, cell.centroid.y)
            level = self._levels.get(level_id or "")
            return (self._describe(None, cell.centroid, level, middle),)
        return tuple(self._place(i) for i in self._sorted(found))

    def by_point(
        self, longitude: float, latitude: float, level_id: str | None = None
    ) -> tuple[Place, ...]:
        """Return what holds a position, smallest first, on one level or on all.

        Where the map has nothing, one place without feature still tells cell and nearest exterior
        door. Raises ValueError when the map has no such level or lies more than 100 km away.
        """
        if level_id is not None and level_id not in self._levels:
            raise ValueError(f"this map has no level {level_id}")
        point = Point(self._plane.point_to_meters(longitude, latitude))
        if not math.hypot(point.x, point.y) <= FAR_METERS:  # also when it is not a number
            raise ValueError(
                f"{longitude}, {latitude} is nowhere near this map (lon, lat expected)"
            )
        found = [
            int(i)
            for i in self._tree.query(point, "intersects")
            if is_polygonal(self._features[i])
            and (level_id is None or level_id in self._features[i].levels)
        ]
        spots = [i for i in found if self._features[i].kind not in _BACKGROUND]
        level = self._levels.get(level_id or "")
        if not spots:
            return (self._describe(None, point, level, (longitude, latitude)),)
        return tuple(
            self._describe(i, point, level, (longitude, latitude)) for i in self._sorted(spots)
        )

    def _exact(self, asked: str) -> list[int]:
        prefix = _KIND_PREFIX.fullmatch(asked)
        found = self._named(asked)
        if prefix is not None:
            kinds = KIND_WORDS[prefix[1]]
            behind = self._named(_normal(prefix[2]))
            found += [i for i in behind if self._features[i].kind in kinds]
        if not found:
            kinds = KIND_WORDS.get(asked, frozenset({asked.replace(" ", "_")}))
            found = [i for i, f in enumerate(self._features) if f.kind in kinds]
        return self._sorted(dict.fromkeys(found))

    def _named(self, key: str) -> list[int]:
        return list(self._names.get(key) or self._names.get(_compact(key)) or ())

    def _containing(self, asked: str) -> list[int]:
        """Return features with a name that has all the words asked for."""
        words = asked.split()
        found: dict[int, None] = {}
        for key, indices in self._names.items():
            own = key.split()
            if all(any(part.startswith(word) for part in own) for word in words):
                found.update(dict.fromkeys(indices))
        return self._sorted(found)

    def _similar(self, asked: str) -> list[int]:
        """Return features whose name a text is but for typing errors; the fewest errors first."""
        prefix = _KIND_PREFIX.fullmatch(asked)
        texts = [text for text in (asked, _normal(prefix[2]) if prefix else "") if text]
        found: dict[int, int] = {}
        for key in self._typed:
            errors = min(_typing_errors(text, key) for text in texts)
            if errors <= _forgiven(key):
                for index in self._names[key]:
                    found[index] = min(errors, found.get(index, errors))
        return sorted(self._sorted(found), key=lambda index: found[index])

    def _sorted(self, indices: Iterable[int]) -> list[int]:
        return sorted(
            indices,
            key=lambda i: (
                _PRECEDENCE.get(self._features[i].kind, 3),
                shapely.area(self._shapes[i]),
                self._features[i].label,
                self._features[i].id,
            ),
        )

    def _place(self, index: int) -> Place:
        shape = self._shapes[index]
        point = shape.centroid
        if not shape.is_empty and not shape.intersects(point):
            point = shape.representative_point()
        return self._describe(index, point, None, self._plane.point_to_degrees(point.x, point.y))

    def _describe(
        self, index: int | None, point: Point, level: Level | None, place: tuple[float, float]
    ) -> Place:
        feature = None if index is None else self._features[index]
        if level is None and feature is not None and feature.levels:
            level = self._levels.get(feature.levels[0])
        grid = self._document.grid
        building = self._building(point)
        return Place(
            feature=feature,
            building=None if building is None else self._features[building],
            level=level,
            cell=None if grid is None else cell_of(grid, *place),
            longitude=place[0],
            latitude=place[1],
            nearest_door=self._nearest_door(point),
            ninth=None if grid is None else ninth_of(grid, *place),
        )

    def _building(self, point: Point) -> int | None:
        around = [i for i in self._buildings if shapely.intersects(self._shapes[i], point)]
        return min(around, key=lambda i: float(shapely.area(self._shapes[i])), default=None)

    def _nearest_door(self, point: Point) -> NearestDoor | None:
        if not self._doors:
            return None
        distances = shapely.distance(self._door_points, point)
        nearest = int(np.argmin(distances))
        door = self._features[self._doors[nearest]]
        label = door_number(door) or door.label
        return NearestDoor(door, label, round(float(distances[nearest]), 2))


def _normal(text: str) -> str:
    """Return a text in lower case without accents and punctuation, words by single spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w.#-]+|_", " ", plain).split()).strip(".#-")


def _compact(key: str) -> str:
    return key.replace(" ", "").replace("-", "")


def _keys_of(feature: Feature) -> set[str]:
    keys: set[str] = set()
    names: Sequence[str] = (feature.label, *feature.names)
    if feature.kind == "exterior_door":
        names = (*names, door_number(feature))
    for name in names:
        key = _normal(name)
        prefix = _KIND_PREFIX.fullmatch(key)
        for form in (key, _normal(prefix[2]) if prefix else ""):
            keys.update((form, _compact(form)))
    keys.discard("")
    return keys


def _letters(text: str) -> int:
    return sum(c.isalpha() for c in text)


def _forgiven(key: str) -> int:
    """Return how many typing errors a name of so many letters still makes out."""
    return 2 if len(key) >= _TWO_ERRORS_LETTERS else 1


def _typing_errors(asked: str, key: str) -> int:
    """Return how many letters are wrong, missing, added or swapped; many when it is another name.

    The distance of Damerau and Levenshtein, adjacent swaps counted once. Numbers must be the same:
    room 204 is not a misspelt room 205.
    """
    most = _forgiven(key)
    another = most + 1
    if abs(len(asked) - len(key)) > most or len(set(asked) ^ set(key)) > 2 * most:
        return another
    if re.findall(r"\d+", asked) != re.findall(r"\d+", key):
        return another
    before: list[int] = []
    row = list(range(len(key) + 1))
    for i, letter in enumerate(asked, start=1):
        former, before, row = before, row, [i]
        for j, other in enumerate(key, start=1):
            errors = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == key[j - 2] and asked[i - 2] == other:
                errors = min(errors, former[j - 2] + 1)
            row.append(errors)
        if min(row) > most:
            return another
    return row[-1]
