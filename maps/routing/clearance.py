"""How long it takes until everyone is out: the streams of all rooms, followed through the building.

Second-order hydraulic model: the people of a room share its doors by what each lets pass, stand at
the door when the first could be there, pass it at the door's rate, walk on at the speed of their
stream, and join others at every door, opening and flight of stairs on their way; where more come
than can pass, they wait. First-order: for each such place the longest free walk to it, the time
that everyone needs to pass it, and the free walk from it; the place where that is longest governs.

A corridor is narrow only where it opens into another; along it people walk at the speed that the
density of their own stream allows. Movement alone: detection, alarm and the start of movement
(20 to 60 s in published school drills) are not in it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from maps.routing import crowd
from maps.routing.hydraulic import (
    CORRIDOR_BOUNDARY_METERS,
    LEVEL_FACTOR,
    SIX_AND_UP,
    STAIR_BOUNDARY_METERS,
    STAIR_FACTOR,
    Pace,
    door_rate,
    effective,
    speed_at,
    stair_rate,
)
from maps.routing.network import Network, Passage
from maps.routing.shortest import NOWHERE, WaysOut

DOORS = frozenset({"door", "exterior_door", "opening"})
# By which doors a room is left: those within the travel distance that the code allows a school
# without sprinklers (200 ft, International Building Code 1017.2), or twice the shortest way.
TRAVEL_METERS = 60.96
LONGEST_DETOUR = 2.0


@dataclass(frozen=True, slots=True)
class Narrow:
    """One door, opening or flight (by its node) on the ways out, and what happens there.

    `cleared` is the moment in seconds at which the last has passed; `first_order` is the clearance
    time of the building if this place governed it.
    """

    node: int
    kind: str
    people: float
    persons_per_second: float
    cleared: float
    longest_wait: float
    longest_queue: float
    first_order: float


@dataclass(frozen=True, slots=True)
class Clearance:
    """Seconds until the last person of each room is out of the room and of the building."""

    room_seconds: Mapping[str, float]
    out_seconds: Mapping[str, float]
    narrows: tuple[Narrow, ...]
    people: float
    stranded: float

    @property
    def second_order(self) -> float:
        """Return when the last person is out, in seconds from the start of movement."""
        return max(self.out_seconds.values(), default=0.0)

    @property
    def governing(self) -> Narrow | None:
        """Return the place that governs by the first-order model."""
        return max(self.narrows, key=lambda place: place.first_order, default=None)

    @property
    def first_order(self) -> float:
        """Return the clearance time by the first-order model, in seconds."""
        return self.governing.first_order if self.governing else 0.0

    @property
    def bottlenecks(self) -> tuple[Narrow, ...]:
        """Return the places where people wait, the longest wait first."""
        waiting = [place for place in self.narrows if place.longest_wait >= 1.0]
        return tuple(sorted(waiting, key=lambda p: (-p.longest_wait, p.node)))


@dataclass(frozen=True, slots=True)
class _Group:
    """People of one room on one way: the moment the last of them arrives; whether out of it."""

    room: str
    last: float
    has_left: bool = False


class _March:
    """One evacuation: streams by node, from the farthest nodes of the tree to the exits."""

    def __init__(self, ways: WaysOut, widths: Mapping[str, float], pace: Pace) -> None:
        self.ways, self.network, self.pace = ways, ways.network, pace
        self.widths = widths
        self.arriving: dict[int, list[crowd.Stream]] = defaultdict(list)
        self.groups: dict[int, list[_Group]] = defaultdict(list)
        self.free: dict[int, float] = defaultdict(float)
        self.onward = _free_seconds(ways, pace)
        self.room_seconds: dict[str, float] = {}
        self.out_seconds: dict[str, float] = {}
        self.narrows: list[Narrow] = []

    def start(self, room: str, node: int, people: float, meters: float) -> None:
        """Let people of a room come to a node, all at once after a free walk of so many meters."""
        seconds = meters / self.pace.level
        self.arriving[node].append(crowd.at_once(seconds, people))
        self.groups[node].append(_Group(room, seconds))
        self.free[node] = max(self.free[node], seconds)

    def run(self) -> None:
        """Follow all streams to the exits."""
        for node in reversed(self.ways.order):
            if node not in self.arriving:
                continue
            stream, groups = self._at_node(node)
            ahead, passage = self.ways.towards[node], self.ways.by[node]
            if ahead == NOWHERE:
                for group in groups:
                    self.out_seconds[group.room] = max(
                        group.last, self.out_seconds.get(group.room, 0.0)
                    )
                continue
            walk = self.network.passages[passage]
            if walk.kind == "stair":
                stream, groups = self._flight(node, walk, stream, groups)
            seconds = walk.meters / self._speed(walk, stream)
            self.arriving[ahead].append(crowd.later(stream, seconds))
            self.groups[ahead] += [replace(g, last=g.last + seconds) for g in groups]
            self.free[ahead] = max(self.free[ahead], self.free[node] + self._free(walk))

    def _at_node(self, node: int) -> tuple[crowd.Stream, list[_Group]]:
        stream, groups = crowd.together(self.arriving[node]), self.groups[node]
        place = self.network.nodes[node]
        if place.kind not in DOORS or place.width_meters is None:
            return stream, groups
        rate = door_rate(place.width_meters)
        after = self._after_narrow(node, place.kind, rate, stream)
        moved = _moved(groups, stream, after)
        for group in moved:
            if not group.has_left:
                self.room_seconds[group.room] = max(
                    group.last, self.room_seconds.get(group.room, 0.0)
                )
        return after, [replace(group, has_left=True) for group in moved]

    def _flight(
        self, node: int, walk: Passage, stream: crowd.Stream, groups: list[_Group]
    ) -> tuple[crowd.Stream, list[_Group]]:
        width = self.network.nodes[node].width_meters or 0.0
        after = self._after_narrow(node, walk.kind, stair_rate(width), stream)
        return after, _moved(groups, stream, after)

    def _after_narrow(
        self, node: int, kind: str, rate: float, stream: crowd.Stream
    ) -> crowd.Stream:
        after = crowd.through(stream, rate)
        people = stream[-1][1]
        self.narrows.append(
            Narrow(
                node=node,
                kind=kind,
                people=people,
                persons_per_second=rate,
                cleared=after[-1][0],
                longest_wait=crowd.longest_wait(stream, after),
                longest_queue=crowd.longest_queue(stream, after),
                first_order=self.free[node] + people / rate + self.onward[node],
            )
        )
        return after

    def _free(self, walk: Passage) -> float:
        return walk.meters / (self.pace.stair if walk.kind == "stair" else self.pace.level)

    def _speed(self, walk: Passage, stream: crowd.Stream) -> float:
        flow = crowd.greatest_rate(stream)
        if walk.kind == "stair":
            width = self.network.nodes[walk.one].width_meters or 0.0
            per_meter = flow / effective(width, STAIR_BOUNDARY_METERS)
            return speed_at(STAIR_FACTOR, per_meter, self.pace.stair)
        width = self.widths.get(walk.through or "", 0.0)
        if not width:
            return self.pace.level
        per_meter = flow / effective(width, CORRIDOR_BOUNDARY_METERS)
        return speed_at(LEVEL_FACTOR, per_meter, self.pace.level)


def clearance(
    ways: WaysOut,
    people: Mapping[str, int],
    *,
    corridor_widths: Mapping[str, float] | None = None,
    pace: Pace = SIX_AND_UP,
) -> Clearance:
    """Return when everyone is out over the shortest ways.

    `people` are by room id; `corridor_widths` are clear meters by feature id. People of a room
    without a way out are counted as stranded and in no time.
    """
    march = _March(ways, corridor_widths or {}, pace)
    stranded = 0.0
    moving = 0.0
    for room, count in sorted(people.items()):
        node = _start(ways, ways.network.starts.get(room, ()))
        if node is None:
            stranded += count
        elif count:
            moving += count
            for door, share, meters in _doors_used(ways, node):
                march.start(room, door, count * share, meters)
    march.run()
    return Clearance(march.room_seconds, march.out_seconds, tuple(march.narrows), moving, stranded)


def _start(ways: WaysOut, nodes: Sequence[int]) -> int | None:
    reached = [node for node in nodes if ways.way(node)]
    return min(reached, key=lambda node: ways.meters[node], default=None)


def _doors_used(ways: WaysOut, start: int) -> list[tuple[int, float, float]]:
    """Return (node, share of the people, meters to it) of the doors by which a room is left.

    A room with several doors is left by all of them, each by as many as it lets pass, where the way
    out by it does not lead back through the room and is no detour.
    """
    network = ways.network
    farthest = max(TRAVEL_METERS, LONGEST_DETOUR * ways.meters[start])
    used: list[tuple[int, float, float]] = []
    for node, meters, passage in network.onward[start]:
        place = network.nodes[node]
        if (
            place.kind not in DOORS
            or place.width_meters is None
            or node in ways.closed.nodes
            or passage in ways.closed.passages
            or meters + ways.meters[node] > farthest
        ):
            continue
        ahead = ways.by[node]
        room = network.passages[passage].through
        if ahead != NOWHERE and network.passages[ahead].through == room:
            continue
        used.append((node, door_rate(place.width_meters), meters))
    if not used:
        return [(start, 1.0, 0.0)]
    total = sum(rate for _, rate, _ in used)
    return [(node, rate / total, meters) for node, rate, meters in used]


def _moved(groups: Sequence[_Group], arriving: crowd.Stream, leaving: crowd.Stream) -> list[_Group]:
    """Return the groups behind a narrow place: who comes first passes first."""
    return [
        replace(g, last=max(g.last, crowd.moment_of(leaving, crowd.passed_by(arriving, g.last))))
        for g in groups
    ]


def _free_seconds(ways: WaysOut, pace: Pace) -> list[float]:
    """Return the seconds of the free walk from each node to its exit."""
    network: Network = ways.network
    seconds = [0.0] * len(network.nodes)
    for node in ways.order:
        if ways.towards[node] != NOWHERE:
            walk = network.passages[ways.by[node]]
            speed = pace.stair if walk.kind == "stair" else pace.level
            seconds[node] = seconds[ways.towards[node]] + walk.meters / speed
    return seconds
