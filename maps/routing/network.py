"""The walking network: places where one passes from one area to the next, and walks between them.

Positions are meters on the plane of the campus, x to the east and y to the north. A passage is
walked both ways unless it is one of `one_way`. Stairs and elevators are passages between levels.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from maps.document import Finding
from maps.geometry.projection import Projection

NodeKind = Literal[
    "room", "door", "opening", "exterior_door", "stair", "elevator", "bend", "point", "ground"
]
PassageKind = Literal["walk", "stair", "elevator", "ground"]
Links = list[list[tuple[int, float, int]]]


@dataclass(frozen=True, slots=True)
class Node:
    """One place of the network. `feature` is the id of what stands there, None at a bend.

    `width_meters` is the clear width where people pass: of a door, an opening or a flight of
    stairs; None where nothing narrows the way.
    """

    kind: NodeKind
    feature: str | None
    level: str | None
    x: float
    y: float
    width_meters: float | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """The walk between two nodes, `meters` long; on stairs along the slope.

    `through` is the id of the area or stair that one walks through, None on open ground.
    """

    one: int
    other: int
    meters: float
    through: str | None
    kind: PassageKind = "walk"
    is_one_way: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """What one may not use: nodes and passages of a network by index."""

    nodes: frozenset[int] = frozenset()
    passages: frozenset[int] = frozenset()

    def __or__(self, other: "Closed") -> "Closed":
        """Return both closures together."""
        return Closed(self.nodes | other.nodes, self.passages | other.passages)


@dataclass(frozen=True)
class Network:
    """Nodes and passages of one campus. `exits` are the nodes where one is out of the building.

    `starts` are the nodes of each room, by its id: one on each level where it has a door. `ends`
    are the nodes of each place that one may walk to (an assembly area, a refuge area, an AED).
    `plane` is None for a network that was drawn on paper and stands on no ground.
    """

    nodes: tuple[Node, ...]
    passages: tuple[Passage, ...]
    exits: tuple[int, ...]
    starts: Mapping[str, tuple[int, ...]]
    ends: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    plane: Projection | None = None
    findings: tuple[Finding, ...] = ()

    @cached_property
    def onward(self) -> Links:
        """For each node the nodes one can walk to: (node, meters, passage)."""
        links: Links = [[] for _ in self.nodes]
        for index, passage in enumerate(self.passages):
            links[passage.one].append((passage.other, passage.meters, index))
            if not passage.is_one_way:
                links[passage.other].append((passage.one, passage.meters, index))
        return links

    @cached_property
    def backward(self) -> Links:
        """For each node the nodes one can come from: (node, meters, passage)."""
        links: Links = [[] for _ in self.nodes]
        for index, passage in enumerate(self.passages):
            links[passage.other].append((passage.one, passage.meters, index))
            if not passage.is_one_way:
                links[passage.one].append((passage.other, passage.meters, index))
        return links

    @cached_property
    def closable(self) -> Mapping[str, Closed]:
        """What falls away when one feature is closed, by feature id: its nodes and its passages.

        Rooms and places to walk to are not among the nodes: a closed room keeps its people, who
        must still get out, but nobody walks through it.
        """
        nodes: dict[str, set[int]] = defaultdict(set)
        passages: dict[str, set[int]] = defaultdict(set)
        for index, node in enumerate(self.nodes):
            if node.feature is not None and node.kind not in ("room", "point"):
                nodes[node.feature].add(index)
        starts = {node for found in self.starts.values() for node in found}
        for index, passage in enumerate(self.passages):
            own = passage.one in starts or passage.other in starts
            if passage.through is not None and not own:
                passages[passage.through].add(index)
        return {
            key: Closed(frozenset(nodes.get(key, ())), frozenset(passages.get(key, ())))
            for key in sorted({*nodes, *passages})
        }

    def closing(self, features: Iterable[str]) -> Closed:
        """Return what falls away with features; raises KeyError for one that is on no way."""
        closed = Closed()
        for feature in features:
            closed |= self.closable[feature]
        return closed

    def of_kinds(self, *kinds: PassageKind) -> Closed:
        """Return the closure of all passages of some kinds, such as every stair."""
        return Closed(passages=frozenset(i for i, p in enumerate(self.passages) if p.kind in kinds))
