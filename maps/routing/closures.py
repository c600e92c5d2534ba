"""What each single closure does: whom it cuts off, and whom it sends on a longer way."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from maps.routing.network import Closed, Network
from maps.routing.shortest import WaysOut


@dataclass(frozen=True, slots=True)
class Closure:
    """One feature closed: rooms that lose every way out, and meters more for others that had one.

    Both are by room id. The feature's own room is not among them when a room is closed.
    """

    feature: str
    cut_off: tuple[str, ...]
    longer: Mapping[str, float]

    @property
    def longest_detour(self) -> float:
        """Return the greatest number of meters that anybody walks more."""
        return max(self.longer.values(), default=0.0)


def single_closures(ways: WaysOut) -> Iterator[Closure]:
    """Yield what closing each feature of the network alone does, in the order of their ids.

    The tree of shortest ways is repaired for each: only the rooms behind the closed feature are
    looked at, so a thousand closures cost about as much as a few searches.
    """
    network = ways.network
    rooms = _rooms_by_node(network)
    for feature, closed in network.closable.items():
        yield closure_of(ways, feature, closed, rooms)


def closure_of(
    ways: WaysOut, feature: str, closed: Closed, rooms: Mapping[int, str] | None = None
) -> Closure:
    """Return what one closure does to the rooms."""
    network = ways.network
    rooms = _rooms_by_node(network) if rooms is None else rooms
    changed = ways.repaired(closed)
    touched = dict.fromkeys(rooms[node] for node in changed if node in rooms)
    cut_off: list[str] = []
    longer: dict[str, float] = {}
    for room in touched:
        nodes = network.starts[room]
        before = min(ways.meters[node] for node in nodes)
        after = min(changed.get(node, ways.meters[node]) for node in nodes)
        if math.isinf(before):
            continue
        if math.isinf(after):
            cut_off.append(room)
        elif after > before:
            longer[room] = after - before
    return Closure(feature, tuple(sorted(cut_off)), longer)


def _rooms_by_node(network: Network) -> Mapping[int, str]:
    return {node: room for room, nodes in network.starts.items() for node in nodes}


def one_way_out(closures: Iterable[Closure]) -> tuple[str, ...]:
    """Return the rooms that some single closure cuts off, in the order of their ids."""
    return tuple(sorted({room for closure in closures for room in closure.cut_off}))
