"""Which doors of an area lead on, and which only to a pocket: rooms with no other way out."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from maps.routing.network import NodeKind

Space = tuple[int, str]  # an area by index of its feature, and one of its levels


def leading_on(
    inside: Mapping[Space, Sequence[int]], kinds: Sequence[NodeKind]
) -> dict[Space, set[int]]:
    """Return for each area and level its nodes that lead on to somewhere else.

    A pocket is an area with one door, and no stair, way out or place to walk to in it; so is one
    whose other doors all lead to pockets. From one pocket's door to another's nobody ever walks on
    a way out, whatever is closed. In an area that has nothing but pockets the first door leads on,
    so that what belongs together stays joined.
    """
    spaces: dict[int, list[Space]] = defaultdict(list)
    for space, nodes in inside.items():
        for node in nodes:
            spaces[node].append(space)
    onward = {
        space: {node for node in nodes if kinds[node] != "room"} for space, nodes in inside.items()
    }
    waiting = [space for space, nodes in onward.items() if len(nodes) == 1]
    while waiting:
        space = waiting.pop()
        if len(onward[space]) != 1:
            continue
        (door,) = onward[space]
        if len(spaces[door]) < 2:
            continue  # a stair's landing, a place, or a door to the outside
        for beyond in spaces[door]:
            if beyond != space:
                onward[beyond].discard(door)
                if len(onward[beyond]) == 1:
                    waiting.append(beyond)
    for space, nodes in inside.items():
        if not onward[space]:
            onward[space] = set(nodes[:1])
    return onward
