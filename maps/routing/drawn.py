"""A walking graph that somebody drew over the floor plans, as a network.

The JSON form: `vertices` by id, each with `floor`, `location` [x, y] and `tags`; `edges` as pairs
of ids, a third element true for one-way; `rooms` by label, each with `vertices` and `names`. Edges
between floors are stairs, or an elevator where an end has that tag. Exits are the vertices tagged
`exit` or `entrance`; without any, those whose id is an E and a number.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import orjson

from maps.document import Feature, Finding, MapDocument
from maps.routing.network import Network, Node, Passage, PassageKind
from maps.routing.shafts import LEAST_FLIGHT_METERS, SLOPE_PER_HEIGHT, STOREY_METERS

MOST_VERTICES = 100_000
_ENTRANCE = re.compile(r"E\d+")
_EXIT_TAGS = frozenset({"exit", "entrance"})


class WrongGraph(ValueError):
    """A walking graph that cannot be used; the message says where and how to mend it."""


@dataclass(frozen=True, slots=True)
class Vertex:
    """A place on a floor, in the units of the drawing."""

    id: str
    floor: str
    x: float
    y: float
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class WalkingGraph:
    """A drawn graph: places, edges (one, other, is one-way), and the places of each room."""

    vertices: tuple[Vertex, ...]
    edges: tuple[tuple[str, str, bool], ...]
    rooms: Mapping[str, tuple[str, ...]]


def read_walking_graph(data: bytes) -> WalkingGraph:
    """Return the graph of its JSON; raises WrongGraph."""
    try:
        read = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise WrongGraph(f"It is no JSON: {error}. Save it again as JSON in UTF-8.") from error
    if not isinstance(read, dict) or not isinstance(read.get("vertices"), dict):
        raise WrongGraph("It has no object `vertices`: give a walking graph.")
    if len(read["vertices"]) > MOST_VERTICES:
        raise WrongGraph(f"It has more than {MOST_VERTICES} vertices: draw one campus at a time.")
    vertices = tuple(_vertex(key, value) for key, value in read["vertices"].items())
    known = {vertex.id for vertex in vertices}
    rooms = {
        str(label): tuple(_listed(room, "vertices", f"rooms.{label}"))
        for label, room in _object(read, "rooms").items()
    }
    for label, own in rooms.items():
        for vertex in own:
            if vertex not in known:
                raise WrongGraph(f"rooms.{label}: there is no vertex {vertex}; draw or remove it.")
    return WalkingGraph(vertices, tuple(_edges(read.get("edges"), known)), rooms)


def _vertex(key: str, value: Any) -> Vertex:
    location = value.get("location") if isinstance(value, dict) else None
    if not (
        isinstance(location, list)
        and len(location) == 2
        and all(isinstance(n, int | float) and math.isfinite(n) for n in location)
    ):
        raise WrongGraph(f"vertices.{key}: `location` must be two numbers, [x, y].")
    tags = frozenset(str(tag) for tag in value.get("tags") or ())
    return Vertex(key, str(value.get("floor", "")), float(location[0]), float(location[1]), tags)


def _object(read: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = read.get(key, {})
    if not isinstance(value, dict):
        raise WrongGraph(f"{key}: must be an object.")
    return value


def _listed(value: Any, key: str, where: str) -> list[str]:
    found = value.get(key) if isinstance(value, dict) else None
    if not isinstance(found, list):
        raise WrongGraph(f"{where}: `{key}` must be a list of vertex ids.")
    return [str(item) for item in found]


def _edges(value: Any, known: set[str]) -> Iterator[tuple[str, str, bool]]:
    if not isinstance(value, list):
        raise WrongGraph("It has no list `edges`: give a walking graph.")
    for number, edge in enumerate(value):
        if not (isinstance(edge, list) and len(edge) in (2, 3)):
            raise WrongGraph(f"edges[{number}]: must be [from, to] or [from, to, one-way].")
        for end in edge[:2]:
            if end not in known:
                raise WrongGraph(f"edges[{number}]: there is no vertex {end}; draw or remove it.")
        yield edge[0], edge[1], len(edge) == 3 and edge[2] is True


def drawn_network(
    graph: WalkingGraph,
    document: MapDocument,
    *,
    meters_per_unit: float,
    exits: Sequence[str] = (),
) -> Network:
    """Return the network of a drawn graph, its rooms found in the document by label or name.

    Lengths are those of the drawing times `meters_per_unit`; a stair is one storey along its slope.
    `exits` are ids of vertices, else as drawn. Rooms of either that the other lacks are findings;
    what the graph calls a room and the map an AED or another place is a place to walk to.
    Vertices are closed by their ids. The network stands on no ground, so ways have no line on it.
    Raises WrongGraph for an unknown exit, and ValueError for a scale that is not positive.
    """
    if not 0 < meters_per_unit < math.inf:
        raise ValueError("the scale must be a positive number of meters for each unit")
    index = {vertex.id: number for number, vertex in enumerate(graph.vertices)}
    for vertex in exits:
        if vertex not in index:
            raise WrongGraph(f"exits: there is no vertex {vertex}.")
    places, unknown = _places(graph, document, index)
    rooms = [feature for feature in document.features if feature.kind == "room"]
    room_ids = {room.id for room in rooms}
    return Network(
        nodes=tuple(
            Node(
                "stair" if "stairs" in v.tags else "elevator" if "elevator" in v.tags else "bend",
                v.id,
                v.floor or None,
                v.x * meters_per_unit,
                -v.y * meters_per_unit,  # drawings grow downwards
                LEAST_FLIGHT_METERS if "stairs" in v.tags else None,
            )
            for v in graph.vertices
        ),
        passages=tuple(_passage(graph, index, edge, meters_per_unit) for edge in graph.edges),
        exits=tuple(sorted(index[vertex] for vertex in exits or _drawn_exits(graph))),
        starts={key: nodes for key, nodes in places.items() if key in room_ids},
        ends={key: nodes for key, nodes in places.items() if key not in room_ids},
        plane=None,
        findings=tuple(_findings(rooms, set(places), unknown)),
    )


def _drawn_exits(graph: WalkingGraph) -> list[str]:
    tagged = [vertex.id for vertex in graph.vertices if vertex.tags & _EXIT_TAGS]
    return tagged or [v.id for v in graph.vertices if _ENTRANCE.fullmatch(v.id)]


def _passage(
    graph: WalkingGraph, index: Mapping[str, int], edge: tuple[str, str, bool], scale: float
) -> Passage:
    one, other = graph.vertices[index[edge[0]]], graph.vertices[index[edge[1]]]
    kind: PassageKind = "walk"
    meters = math.dist((one.x, one.y), (other.x, other.y)) * scale
    if one.floor != other.floor:
        kind = "elevator" if "elevator" in one.tags | other.tags else "stair"
        meters = STOREY_METERS * (SLOPE_PER_HEIGHT if kind == "stair" else 1.0)
    return Passage(index[one.id], index[other.id], meters, None, kind, edge[2])


def _places(
    graph: WalkingGraph, document: MapDocument, index: Mapping[str, int]
) -> tuple[dict[str, tuple[int, ...]], list[str]]:
    """Return the nodes of each feature that the graph names a room, and the labels of no feature.

    A room goes before another feature of its label, a label before a further name.
    """
    by_name: dict[str, Feature] = {}
    ordered = sorted(document.features, key=lambda feature: feature.kind != "room")
    for feature in ordered:
        if feature.label:
            by_name.setdefault(feature.label.casefold(), feature)
    for feature in ordered:
        for name in feature.names:
            by_name.setdefault(name.casefold(), feature)
    places: dict[str, tuple[int, ...]] = {}
    unknown = []
    for label, vertices in graph.rooms.items():
        place = by_name.get(label.casefold())
        if place is None:
            unknown.append(label)
        else:
            places[place.id] = (
                *places.get(place.id, ()), *(index[vertex] for vertex in vertices)
            )  # fmt: skip
    return places, unknown


def _findings(rooms: Sequence[Feature], placed: Set[str], unknown: list[str]) -> Iterator[Finding]:
    if unknown:
        yield Finding(
            "graph_room_unknown",
            "warning",
            None,
            f"{len(unknown)} rooms of the walking graph are not on the map, first {unknown[0]}",
            "Draw them, or give them the label of the map",
        )
    missing = [room for room in rooms if room.id not in placed]
    if missing:
        yield Finding(
            "room_not_in_graph",
            "warning",
            missing[0].id,
            f"{len(missing)} rooms have no place in the walking graph, first {missing[0].label}",
            "Add a vertex for each of them",
        )
