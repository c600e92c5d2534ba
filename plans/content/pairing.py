"""Pair the things of a former and a newer list, and tell which of them changed place."""

import bisect
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

ALIKE_ENOUGH = 0.4  # below this share of common words two texts are taken as different things
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Pair(Generic[Item]):
    """A thing before and after; one of them is None when it was added or removed."""

    before: Item | None
    after: Item | None
    place_before: int | None
    moved: bool = False


def pairs_of(
    before: Sequence[Item],
    after: Sequence[Item],
    *,
    identity: Callable[[Item], Hashable],
    alike: Callable[[Item, Item], float],
) -> list[Pair[Item]]:
    """Pair things by identity, the rest by likeness (0 to 1).

    The result has the order of `after`; removed things stand where they stood. `moved` are the
    fewest pairs that explain a changed order.
    """
    partner = _partners(before, after, identity, alike)
    stayed = _longest_rising([partner[place] for place in sorted(partner)])
    removed = [place for place in range(len(before)) if place not in set(partner.values())]
    result: list[Pair[Item]] = []
    for place, item in enumerate(after):
        old = partner.get(place)
        while removed and old is not None and old in stayed and removed[0] < old:
            gone = removed.pop(0)
            result.append(Pair(before[gone], None, gone))
        if old is None:
            result.append(Pair(None, item, None))
        else:
            result.append(Pair(before[old], item, old, moved=old not in stayed))
    return [*result, *(Pair(before[place], None, place) for place in removed)]


def _partners(
    before: Sequence[Item],
    after: Sequence[Item],
    identity: Callable[[Item], Hashable],
    alike: Callable[[Item, Item], float],
) -> dict[int, int]:
    """Return the place before of each place after that has a partner."""
    partner: dict[int, int] = {}
    waiting: dict[Hashable, list[int]] = {}
    for place, item in enumerate(before):
        waiting.setdefault(identity(item), []).append(place)
    for place, item in enumerate(after):
        if places := waiting.get(identity(item)):
            partner[place] = places.pop(0)
    loose = {place for places in waiting.values() for place in places}
    scores = [
        (-score, abs(new - old), new, old)
        for new in range(len(after))
        if new not in partner
        for old in loose
        if (score := alike(before[old], after[new])) >= ALIKE_ENOUGH
    ]
    for _, _, new, old in sorted(scores):
        if old in loose and new not in partner:
            partner[new] = old
            loose.remove(old)
    return partner


def _longest_rising(places: Sequence[int]) -> set[int]:
    """Return the members of a longest rising run, which need not be neighbors."""
    ends: list[int] = []  # the least end of a rising run of each length
    former: dict[int, int | None] = {}
    for place in places:
        length = bisect.bisect_left(ends, place)
        former[place] = ends[length - 1] if length else None
        ends[length : length + 1] = [place]
    run: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        run.add(last)
        last = former[last]
    return run
