"""Shortest ways from everywhere to the nearest of some nodes, and their repair after a closure."""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from maps.routing.network import Closed, Network

NOWHERE = -1


@dataclass(frozen=True)
class WaysOut:
    """The shortest way from each node to the nearest goal, as a tree.

    `meters` is infinite where there is no way; `towards` and `by` are the next node and the passage
    to it, -1 at a goal and where there is no way.
    """

    network: Network
    closed: Closed
    meters: list[float]
    towards: list[int]
    by: list[int]

    def way(self, node: int) -> list[int]:
        """Return the nodes from a node to its goal, both included; empty where there is no way."""
        if math.isinf(self.meters[node]):
            return []
        way = [node]
        while self.towards[way[-1]] != NOWHERE:
            way.append(self.towards[way[-1]])
        return way

    @cached_property
    def order(self) -> list[int]:
        """All nodes with a way, each before those whose way leads through it, branch by branch."""
        behind: list[list[int]] = [[] for _ in self.meters]
        stack = []
        for node, ahead in enumerate(self.towards):
            if ahead != NOWHERE:
                behind[ahead].append(node)
            elif not math.isinf(self.meters[node]):
                stack.append(node)
        order = []
        while stack:
            node = stack.pop()
            order.append(node)
            stack.extend(behind[node])
        return order

    @cached_property
    def _branches(self) -> tuple[list[int], list[int]]:
        """For each node where its branch begins and ends in `order`; -1 without a way."""
        first, last = [NOWHERE] * len(self.meters), [NOWHERE] * len(self.meters)
        for place, node in enumerate(self.order):
            first[node], last[node] = place, place + 1
        for node in reversed(self.order):
            ahead = self.towards[node]
            if ahead != NOWHERE:
                last[ahead] = max(last[ahead], last[node])
        return first, last

    @cached_property
    def _tail_of(self) -> dict[int, int]:
        """By passage of the tree the node whose way begins with it."""
        return {passage: node for node, passage in enumerate(self.by) if passage != NOWHERE}

    def repaired(self, closed: Closed) -> dict[int, float]:
        """Return the new meters of each node whose way the closure breaks, infinite without one.

        What is not in it keeps its way and its meters, so a passage outside the tree costs nothing
        and a door only the branch behind it: the branch is entered again from its neighbors. Closed
        nodes are left out of the answer.
        """
        affected = self._behind(closed)
        if not affected:
            return {}
        cut = set(affected)
        meters, onward, backward = self.meters, self.network.onward, self.network.backward
        nodes, passages = closed.nodes | self.closed.nodes, closed.passages | self.closed.passages
        heap = []
        found: dict[int, float] = {}
        for node in affected:
            if node in nodes:
                continue
            best = math.inf
            for other, length, passage in onward[node]:
                if other in cut or other in nodes or passage in passages:
                    continue
                best = min(best, meters[other] + length)
            found[node] = best
            if best < math.inf:
                heap.append((best, node))
        heapq.heapify(heap)
        while heap:
            far, node = heapq.heappop(heap)
            if far > found[node]:
                continue
            for other, length, passage in backward[node]:
                if far + length < found.get(other, -1.0) and passage not in passages:
                    found[other] = far + length
                    heapq.heappush(heap, (far + length, other))
        return found

    def _behind(self, closed: Closed) -> list[int]:
        """Return every node whose way leads through what is closed, or lies in it."""
        first, last = self._branches
        spans = [(first[node], last[node]) for node in closed.nodes if first[node] != NOWHERE]
        for passage in closed.passages:
            node = self._tail_of.get(passage)
            if node is not None:
                spans.append((first[node], last[node]))
        if len(spans) == 1:
            return self.order[spans[0][0] : spans[0][1]]
        affected: list[int] = []
        reached = 0
        for begin, end in sorted(spans):
            if end > reached:  # branches lie within each other or apart
                affected += self.order[max(begin, reached) : end]
                reached = end
        return affected


def ways_to(
    network: Network,
    goals: Iterable[int],
    closed: Closed | None = None,
    lengths: Sequence[float] | None = None,
) -> WaysOut:
    """Return the shortest ways from every node to the nearest goal, past what is closed.

    With `lengths`, by passage, ways are shortest by these (such as seconds) instead of meters.
    """
    closed = closed or Closed()
    meters = [math.inf] * len(network.nodes)
    towards, by = [NOWHERE] * len(network.nodes), [NOWHERE] * len(network.nodes)
    backward, shut, barred = network.backward, closed.nodes, closed.passages
    heap = [(0.0, goal) for goal in sorted(set(goals)) if goal not in shut]
    for _, goal in heap:
        meters[goal] = 0.0
    while heap:
        far, node = heapq.heappop(heap)
        if far > meters[node]:
            continue
        for other, length, passage in backward[node]:
            if lengths is not None:
                length = lengths[passage]  # noqa: PLW2901
            if far + length < meters[other] and passage not in barred and other not in shut:
                meters[other] = far + length
                towards[other], by[other] = node, passage
                heapq.heappush(heap, (far + length, other))
    return WaysOut(network, closed, meters, towards, by)


def nearest(ways: WaysOut, nodes: Iterable[int]) -> int | None:
    """Return the node with the shortest way, None where none has a way."""
    best = min(nodes, key=lambda node: ways.meters[node], default=None)
    return None if best is None or math.isinf(ways.meters[best]) else best
