"""Every room's way out of a building and to its assembly area, and how long it all takes."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import shapely

from maps.document import Feature, MapDocument
from maps.geometry.projection import Projection
from maps.geometry.site import in_meters, is_polygonal
from maps.routing.build import build_network
from maps.routing.clearance import Clearance, clearance
from maps.routing.closures import Closure, single_closures
from maps.routing.doorways import stated_meters
from maps.routing.hydraulic import SIX_AND_UP, Pace
from maps.routing.network import Closed, Network
from maps.routing.occupants import people_in, shared_out
from maps.routing.shortest import WaysOut, nearest, ways_to


@dataclass(frozen=True, slots=True)
class RoomWay:
    """The way of one room. Ids of features; lengths in meters from the middle of the room.

    `exit` is None where there is no way out; `refuge` is then the refuge area that can be reached.
    `route` are the doors, stairs and elevators in the order in which one passes them, `path` the
    line walked as lon, lat; to the assembly area when there is one. `free_seconds` is the walk out
    without any crowd; `room_seconds` and `out_seconds` are when the last person has left the room
    and the building, None where nobody is.
    """

    room: str
    exit: str | None
    meters: float | None
    free_seconds: float | None
    route: tuple[str, ...]
    path: tuple[tuple[float, float], ...]
    assembly_area: str | None
    assembly_meters: float | None
    refuge: str | None
    refuge_meters: float | None
    people: int
    people_stated: bool
    room_seconds: float | None
    out_seconds: float | None


@dataclass(frozen=True)
class Evacuation:
    """What an evacuation of one map gives; see `evacuate`."""

    network: Network
    closed: tuple[str, ...]
    ways: WaysOut
    rooms: tuple[RoomWay, ...]
    clearance: Clearance

    @cached_property
    def closures(self) -> tuple[Closure, ...]:
        """Every single closure besides those given that cuts somebody off or makes a detour."""
        return tuple(
            closure
            for closure in single_closures(self.ways)
            if closure.feature not in self.closed and (closure.cut_off or closure.longer)
        )

    @property
    def cut_off(self) -> tuple[str, ...]:
        """The rooms without any way out, by id."""
        return tuple(row.room for row in self.rooms if row.exit is None)


def evacuate(
    document: MapDocument,
    *,
    network: Network | None = None,
    close: Iterable[str] = (),
    without_stairs: bool = False,
    with_elevators: bool = False,
    people: Mapping[str, int] | None = None,
    total: int | None = None,
    pace: Pace = SIX_AND_UP,
) -> Evacuation:
    """Return every room's shortest way out and the clearance time.

    `network` is a drawn one, else that of the map. `close` are ids of features that cannot be
    passed (with a gate the network is that of the map); raises KeyError for one on no way.
    Elevators are out of use, as in a fire, unless `with_elevators`. `people` are by room id and go
    before what the map states; with a `total` the rooms without a statement share what is left of
    it, in proportion to what they may hold.
    """
    closed_ids = tuple(dict.fromkeys(close))
    shut = {f.id for f in document.features if f.kind == "gate" and f.id in closed_ids}
    is_of_map = network is None or network.plane is not None
    if shut and is_of_map:  # the fence has no gap there
        document = replace(
            document, features=tuple(f for f in document.features if f.id not in shut)
        )
        network = build_network(document)
    network = network or build_network(document)
    closed = network.closing(key for key in closed_ids if not (is_of_map and key in shut))
    if without_stairs:
        closed |= network.of_kinds("stair")
    if not with_elevators:
        closed |= network.of_kinds("elevator")
    ways = ways_to(network, network.exits, closed)
    counted = _people(document, network, people, total)
    cleared = clearance(
        ways,
        {room: count for room, (count, _) in counted.items()},
        corridor_widths=_corridor_widths(document, network),
        pace=pace,
    )
    walk = _Walks(document, network, ways, closed, pace)
    rooms = tuple(
        walk.row(room, *counted[room.id], cleared)
        for room in document.features
        if room.id in network.starts
    )
    return Evacuation(network, closed_ids, ways, rooms, cleared)


class _Walks:
    """Reads the ways of rooms off the trees to the exits, assembly areas and refuge areas."""

    def __init__(
        self, document: MapDocument, network: Network, ways: WaysOut, closed: Closed, pace: Pace
    ) -> None:
        self.network, self.ways, self.closed, self.pace = network, ways, closed, pace
        self.by_id = {feature.id: feature for feature in document.features}
        self.areas = self._ends("assembly_area")
        refuges = [node for nodes in self._ends("refuge_area").values() for node in nodes]
        self.refuges = ways_to(network, refuges, closed) if refuges else None
        # Once outside nobody goes through a building again: on open ground alone.
        outdoors = Closed(
            closed.nodes,
            closed.passages
            | {i for i, passage in enumerate(network.passages) if passage.kind != "ground"},
        )
        self.outdoors = outdoors
        every = [node for nodes in self.areas.values() for node in nodes]
        self.to_assembly = ways_to(network, every, outdoors)
        self.to_one: dict[str, WaysOut] = {}

    def row(self, room: Feature, people: int, stated: bool, cleared: Clearance) -> RoomWay:
        """Return the way of one room."""
        starts = self.network.starts[room.id]
        node = nearest(self.ways, starts)
        way = [] if node is None else self.ways.way(node)
        area, onward = self._assembly(room, way[-1]) if way else (None, [])
        refuge = nearest(self.refuges, starts) if self.refuges is not None and not way else None
        refuge_way = self.refuges.way(refuge) if refuge is not None and self.refuges else []
        meters = self.ways.meters[node] if node is not None else None
        beyond = self._tree(area).meters[way[-1]] if area is not None else None
        return RoomWay(
            room=room.id,
            exit=self.network.nodes[way[-1]].feature if way else None,
            meters=meters,
            free_seconds=self._free_seconds(self.ways, way) if way else None,
            route=self._passed(way or refuge_way),
            path=self._line([*way, *onward[1:]] or refuge_way),
            assembly_area=area,
            assembly_meters=None if meters is None or beyond is None else meters + beyond,
            refuge=self.network.nodes[refuge_way[-1]].feature if refuge_way else None,
            refuge_meters=self.refuges.meters[refuge_way[0]]
            if refuge_way and self.refuges
            else None,
            people=people,
            people_stated=stated,
            room_seconds=cleared.room_seconds.get(room.id),
            out_seconds=cleared.out_seconds.get(room.id),
        )

    def _ends(self, kind: str) -> dict[str, tuple[int, ...]]:
        return {
            key: nodes
            for key, nodes in self.network.ends.items()
            if key in self.by_id and self.by_id[key].kind == kind
        }

    def _assembly(self, room: Feature, exit_node: int) -> tuple[str | None, list[int]]:
        """Return the assembly area of a room, stated or nearest, and the way there."""
        own = assigned_area(room, [self.by_id[key] for key in self.areas])
        tree = self._tree(own)
        onward = tree.way(exit_node)
        return (self.network.nodes[onward[-1]].feature, onward) if onward else (None, [])

    def _tree(self, area: str | None) -> WaysOut:
        if area is None:
            return self.to_assembly
        if area not in self.to_one:
            self.to_one[area] = ways_to(self.network, self.areas[area], self.outdoors)
        return self.to_one[area]

    def _passed(self, way: Sequence[int]) -> tuple[str, ...]:
        """Return the features that one passes, each once."""
        nodes = [self.network.nodes[node] for node in way]
        kinds = ("door", "exterior_door", "stair", "elevator")
        return tuple(
            dict.fromkeys(n.feature for n in nodes if n.feature is not None and n.kind in kinds)
        )

    def _line(self, way: Sequence[int]) -> tuple[tuple[float, float], ...]:
        nodes = [self.network.nodes[node] for node in way]
        if len(nodes) < 2 or self.network.plane is None:
            return ()
        line = shapely.LineString([(node.x, node.y) for node in nodes])
        placed = shapely.get_coordinates(self.network.plane.to_degrees(line))
        return tuple((float(x), float(y)) for x, y in placed)

    def _free_seconds(self, ways: WaysOut, way: Sequence[int]) -> float:
        seconds = 0.0
        for node in way[:-1]:
            passage = self.network.passages[ways.by[node]]
            seconds += passage.meters / (
                self.pace.stair if passage.kind == "stair" else self.pace.level
            )
        return seconds


def assigned_area(room: Feature, areas: Sequence[Feature]) -> str | None:
    """Return the id of the assembly area that a room states (by id or label), None for none."""
    stated = str(room.properties.get("assembly_area") or "").strip().casefold()
    if not stated:
        return None
    for area in areas:
        if stated in (area.id.casefold(), area.label.casefold()):
            return area.id
    return None


def _people(
    document: MapDocument, network: Network, given: Mapping[str, int] | None, total: int | None
) -> dict[str, tuple[int, bool]]:
    rooms = [f for f in document.features if f.id in network.starts]
    plane = network.plane or Projection.over(f.geometry for f in rooms)
    meters = shapely.area(in_meters(rooms, plane)).tolist()
    counted = {
        room.id: people_in(room, float(square), given)
        for room, square in zip(rooms, meters, strict=True)
    }
    if total is None:
        return counted
    stated = sum(count for count, is_stated in counted.values() if is_stated)
    reckoned = {room: count for room, (count, is_stated) in counted.items() if not is_stated}
    shares = shared_out(reckoned, total - stated)
    return counted | {room: (count, False) for room, count in shares.items()}


def _corridor_widths(document: MapDocument, network: Network) -> dict[str, float]:
    """Return the clear width of each corridor in meters: stated, else that of a strip like it."""
    corridors = [f for f in document.features if f.kind == "corridor" and is_polygonal(f)]
    widths: dict[str, float] = {}
    plane = network.plane or Projection.over(f.geometry for f in corridors)
    for feature, shape in zip(corridors, in_meters(corridors, plane), strict=True):
        half, area = shape.length / 2, shape.area
        # A strip of length l and width w has l + w = half and l w = area.
        strip = (half - math.sqrt(max(0.0, half * half - 4 * area))) / 2
        widths[feature.id] = stated_meters(feature.properties.get("width")) or strip
    return widths


def people_by_area(rooms: Iterable[RoomWay]) -> dict[str, int]:
    """Return how many people go to each assembly area, by its id."""
    people: dict[str, int] = defaultdict(int)
    for row in rooms:
        if row.assembly_area is not None:
            people[row.assembly_area] += row.people
    return dict(people)
