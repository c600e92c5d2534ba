"""How many people have passed a place, over time: sums of streams, and queues at a narrow place.

A stream is how many have passed by each moment: a line of points (seconds, people) that never
falls; between points it is straight, and a step is two points at one moment.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter

Stream = Sequence[tuple[float, float]]
_SAME = 1e-9


def at_once(seconds: float, people: float) -> Stream:
    """Return the stream of people who all come at one moment."""
    return [(seconds, 0.0), (seconds, people)]


def later(stream: Stream, seconds: float) -> Stream:
    """Return a stream that passes a place further on, so many seconds later."""
    return [(moment + seconds, people) for moment, people in stream]


def together(streams: Sequence[Stream]) -> Stream:
    """Return the sum of streams that flow into one."""
    if len(streams) == 1:
        return streams[0]
    changes: list[tuple[float, float, float]] = []  # moment, change of rate, people at once
    for stream in streams:
        for (begin, before), (end, after) in pairwise(stream):
            if end - begin <= _SAME:
                changes.append((begin, 0.0, after - before))
            elif after > before:
                rate = (after - before) / (end - begin)
                changes += [(begin, rate, 0.0), (end, -rate, 0.0)]
    changes.sort()
    total: list[tuple[float, float]] = []
    people = rate = 0.0
    now = changes[0][0] if changes else 0.0
    for moment, change, step in changes:
        if moment > now or not total:
            people += rate * (moment - now)
            total.append((moment, people))
            now = moment
        rate += change
        if step:
            people += step
            total.append((moment, people))
    return total


def through(stream: Stream, rate: float) -> Stream:
    """Return the stream behind a place that lets at most `rate` people a second pass."""
    if not stream:
        return []
    passed = 0.0
    out = [(stream[0][0], 0.0)]
    for (begin, before), (end, after) in pairwise(stream):
        span = end - begin
        if span <= _SAME:
            continue
        waiting = before - passed
        inflow = (after - before) / span
        if waiting > _SAME and inflow < rate:
            drained = waiting / (rate - inflow)
            if drained < span:
                passed += rate * drained
                out.append((begin + drained, passed))
                passed = after
                out.append((end, passed))
                continue
        passed = min(after, passed + rate * span) if waiting > _SAME or inflow > rate else after
        out.append((end, passed))
    last, everyone = stream[-1]
    if everyone - passed > _SAME:
        out.append((last + (everyone - passed) / rate, everyone))
    return out


def passed_by(stream: Stream, moment: float) -> float:
    """Return how many have passed by a moment, a step at that very moment included."""
    place = bisect_left(stream, (moment, math.inf))
    if place == 0:
        return 0.0
    begin, before = stream[place - 1]
    if place == len(stream):
        return before
    end, after = stream[place]
    return before + (after - before) * (moment - begin) / (end - begin)


def moment_of(stream: Stream, people: float) -> float:
    """Return when that many have passed; the last moment for more than ever do."""
    place = bisect_left(stream, people - _SAME, key=itemgetter(1))
    if place == 0:
        return stream[0][0]
    if place == len(stream):
        return stream[-1][0]
    begin, before = stream[place - 1]
    end, after = stream[place]
    return begin + (end - begin) * min(1.0, (people - before) / (after - before))


def greatest_rate(stream: Stream) -> float:
    """Return the greatest flow of a stream in people a second; infinite at a step."""
    return max((_rate(begin, end) for begin, end in pairwise(stream)), default=0.0)


def longest_queue(arriving: Stream, leaving: Stream) -> float:
    """Return the greatest number of people who wait between two places."""
    return max((passed_by(arriving, moment) - passed_by(leaving, moment) for moment in
                sorted({moment for moment, _ in (*arriving, *leaving)})), default=0.0)  # fmt: skip


def longest_wait(arriving: Stream, leaving: Stream) -> float:
    """Return the longest time anybody waits between two places, in seconds."""
    return max((moment_of(leaving, people) - moment for moment, people in arriving), default=0.0)


def _rate(begin: tuple[float, float], end: tuple[float, float]) -> float:
    people = end[1] - begin[1]
    if people <= 0:
        return 0.0
    return people / (end[0] - begin[0]) if end[0] - begin[0] > _SAME else math.inf
