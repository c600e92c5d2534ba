"""The network while it is drawn up: the areas of each level and the nodes in them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.document import Feature, Finding, Level
from maps.geometry.projection import Projection
from maps.geometry.site import AREA_KINDS, in_meters
from maps.routing.inside import walks_inside
from maps.routing.network import Node, NodeKind, Passage, PassageKind
from maps.routing.pockets import Space, leading_on

NO_LEVEL = ""


@dataclass
class Draft:
    """Nodes and passages drawn up so far; `inside` are the nodes in or on the edge of each area."""

    levels: Sequence[Level]
    features: Sequence[Feature]
    nodes: list[Node] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    inside: dict[Space, list[int]] = field(default_factory=lambda: defaultdict(list))
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def plane(self) -> Projection:
        """The plane of the campus."""
        return Projection.over(feature.geometry for feature in self.features)

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """The geometries of the features in meters."""
        return in_meters(self.features, self.plane)

    @cached_property
    def middles(self) -> NDArray[np.float64]:
        """A point of each feature, in meters: its middle, in an area where that lies in it."""
        middles = shapely.centroid(self.shapes)
        covers = shapely.get_dimensions(self.shapes) == 2
        beside = covers & ~shapely.intersects(self.shapes, middles)
        middles[beside] = shapely.point_on_surface(self.shapes[beside])
        return np.column_stack((shapely.get_x(middles), shapely.get_y(middles)))

    @cached_property
    def ordinals(self) -> dict[str, int]:
        """The ordinal of each level, by id."""
        return {level.id: level.ordinal for level in self.levels}

    @cached_property
    def areas(self) -> list[int]:
        """The features that one walks in: valid areas of rooms, corridors, stairs, elevators."""
        sound = (shapely.get_dimensions(self.shapes) == 2) & shapely.is_valid(self.shapes)
        return [i for i, f in enumerate(self.features) if f.kind in AREA_KINDS and sound[i]]

    @cached_property
    def area_tree(self) -> shapely.STRtree:
        """The areas by place."""
        return shapely.STRtree(self.shapes[self.areas])

    def levels_of(self, index: int) -> tuple[str, ...]:
        """Return the levels of a feature that the map has, lowest first; `NO_LEVEL` without any."""
        return self._levels_of[index]

    @cached_property
    def _levels_of(self) -> list[tuple[str, ...]]:
        ordinals = self.ordinals
        return [
            tuple(sorted((v for v in f.levels if v in ordinals), key=ordinals.__getitem__))
            or (NO_LEVEL,)
            for f in self.features
        ]

    def height(self, level: str) -> int:
        """Return the ordinal of a level, 0 without one."""
        return self.ordinals.get(level, 0)

    def of_kinds(self, kinds: Iterable[str]) -> list[int]:
        """Return the indices of the features of some kinds."""
        wanted = frozenset(kinds)
        return [i for i, f in enumerate(self.features) if f.kind in wanted]

    def add_node(
        self, kind: NodeKind, feature: int | None, level: str, at: Sequence[float],
        width: float | None = None,
    ) -> int:  # fmt: skip
        """Add a node and return its index."""
        identity = None if feature is None else self.features[feature].id
        self.nodes.append(Node(kind, identity, level or None, float(at[0]), float(at[1]), width))
        return len(self.nodes) - 1

    def add_passage(
        self, one: int, other: int, meters: float, through: int | None, kind: PassageKind
    ) -> None:
        """Add a passage that is walked both ways."""
        identity = None if through is None else self.features[through].id
        self.passages.append(Passage(one, other, float(meters), identity, kind))

    def at(self, nodes: Sequence[int]) -> NDArray[np.float64]:
        """Return the positions of nodes, (n, 2)."""
        found = [(self.nodes[node].x, self.nodes[node].y) for node in nodes]
        return np.array(found, dtype=np.float64).reshape(-1, 2)

    def walk_inside(self, *, measured: bool) -> None:
        """Add the walks in every area between the nodes in it, and the bends they need."""
        spaces = [space for space, nodes in self.inside.items() if len(nodes) > 1]
        if not spaces:
            return
        areas = self.shapes[[area for area, _ in spaces]]
        onward = leading_on(self.inside, [node.kind for node in self.nodes])
        walks = walks_inside(
            areas,
            [self.at(self.inside[space]) for space in spaces],
            [
                np.array([node in onward[space] for node in self.inside[space]], dtype=bool)
                for space in spaces
            ],
            measured=measured,
        )
        for (area, level), found in zip(spaces, walks, strict=True):
            bends = [self.add_node("bend", None, level, at) for at in found.bends]
            nodes = [*self.inside[area, level], *bends]
            identity = self.features[area].id
            for (one, other), meters in zip(
                found.pairs.tolist(), found.meters.tolist(), strict=True
            ):
                self.passages.append(self._walk(nodes[one], nodes[other], meters, identity))

    def _walk(self, one: int, other: int, meters: float, through: str) -> Passage:
        """Return a walk; from the middle of a room one only sets out, nobody passes through it."""
        if self.nodes[one].kind == "room":
            return Passage(one, other, meters, through, is_one_way=True)
        if self.nodes[other].kind == "room":
            return Passage(other, one, meters, through, is_one_way=True)
        return Passage(one, other, meters, through)
