"""Walks inside an area: straight where nothing stands between, else around its inner corners."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

NOTCH_SQUARE_METERS = 0.1  # an area that lacks no more of its hull has no corner to walk around
WALL_METERS = 0.05  # a straight walk may run along a wall
SIMPLER_METERS = (0.1, 0.3, 1.0, 3.0)
MOST_BENDS = 120
ALONG = 1e-6  # square meters: a walk along a side leaves it on neither hand
_NO_BENDS: Floats = np.empty((0, 2))


@dataclass(frozen=True, slots=True)
class Walks:
    """The walks in one area: pairs of places (then of bends, counted on), and their meters."""

    bends: Floats
    pairs: Indices
    meters: Floats


def walks_inside(
    areas: NDArray[np.object_],
    places: Sequence[Floats],
    onward: Sequence[NDArray[np.bool_]],
    *,
    measured: bool = True,
) -> list[Walks]:
    """Return for each area the straight walks between its places, with bends where one needs them.

    Where nobody asks how long a way is, only whether there is one (not `measured`), none bends.

    `areas` are valid polygons in meters; `places[i]` are positions (n, 2) in or near area i. A
    place beside its area (a door in a thick wall) counts from the nearest point of the area. The
    shortest path over the walks is the shortest way inside the area: it bends only at its corners.
    Two places of which neither leads `onward` get no walk: a hall of five hundred classrooms has as
    many walks to each of its ends, and not the square of it.
    """
    walks = [_straight(found, leads) for found, leads in zip(places, onward, strict=True)]
    if not measured:
        return walks
    lacking = shapely.area(shapely.convex_hull(areas)) - shapely.area(areas)
    several = np.array([len(found) > 1 for found in places], dtype=bool)
    bent: list[int] = np.flatnonzero(several & (lacking > NOTCH_SQUARE_METERS)).tolist()
    if not bent:
        return walks
    grown = shapely.buffer(areas[bent], WALL_METERS, join_style="mitre")
    shapely.prepare(grown)
    snapped = [_snapped(areas[index], places[index]) for index in bent]
    seen = _visible(grown, snapped, [walks[index].pairs for index in bent])
    for place, index in enumerate(bent):
        if seen[place].all():
            continue
        walks[index] = _around(areas[index], places[index], snapped[place], walks[index],
                               seen[place])  # fmt: skip
    return walks


def _straight(places: Floats, onward: NDArray[np.bool_]) -> Walks:
    return _walks(places, _NO_BENDS, _pairs(onward.tobytes()))


@lru_cache(maxsize=256)
def _pairs(onward: bytes) -> Indices:
    """Return the pairs (n, 2) of places of which one leads onward; many areas are alike."""
    leads = np.frombuffer(onward, dtype=bool)
    one, other = np.flatnonzero(leads), np.arange(len(leads))
    pairs = np.column_stack((np.repeat(one, len(other)), np.tile(other, len(one))))
    twice = leads[pairs[:, 1]] & (pairs[:, 1] <= pairs[:, 0])
    return pairs[~twice]


def _walks(places: Floats, bends: Floats, pairs: Indices) -> Walks:
    every = np.concatenate((places.reshape(-1, 2), bends))
    steps = every[pairs[:, 0]] - every[pairs[:, 1]]
    return Walks(bends, pairs, np.hypot(steps[:, 0], steps[:, 1]))


def _snapped(area: shapely.Geometry, places: Floats) -> Floats:
    lines = shapely.shortest_line(area, shapely.points(places))
    return shapely.get_coordinates(lines)[::2]


def _visible(
    grown: NDArray[np.object_], points: Sequence[Floats], pairs: Sequence[Indices]
) -> list[NDArray[np.bool_]]:
    """Return for each area which of its pairs see each other."""
    counts = [len(found) for found in pairs]
    ends = np.concatenate(
        [np.stack((p[found[:, 0]], p[found[:, 1]]), axis=1)
         for p, found in zip(points, pairs, strict=True)]
    )  # fmt: skip
    lines = shapely.linestrings(ends)
    seen = shapely.covers(np.repeat(grown, counts), lines)
    return np.split(seen, np.cumsum(counts)[:-1])


def _around(
    area: shapely.Geometry, places: Floats, snapped: Floats, straight: Walks,
    seen: NDArray[np.bool_],
) -> Walks:  # fmt: skip
    """Return the walks of an area in which some places do not see each other."""
    bends, tolerance = _bends(area)
    grown = shapely.buffer(area, WALL_METERS + tolerance, join_style="mitre")
    shapely.prepare(grown)
    known = len(places)
    is_bend = np.arange(known + len(bends.at)) >= known
    every = np.concatenate((snapped, bends.at))
    more = _pairs(is_bend.tobytes())
    more = more[_turns(every, more, bends, known)]
    (more_seen,) = _visible(np.array([grown]), [every], [more])
    return _walks(places, bends.at, np.concatenate((straight.pairs[seen], more[more_seen])))


def _turns(every: Floats, pairs: Indices, bends: "Corners", known: int) -> NDArray[np.bool_]:
    """Return which pairs leave both walls of each bend on one side: only there a way turns."""
    turns = np.ones(len(pairs), dtype=bool)
    for one, other in ((0, 1), (1, 0)):
        at_bend = np.flatnonzero(pairs[:, one] >= known)
        corner = pairs[at_bend, one] - known
        walk = every[pairs[at_bend, other]] - every[pairs[at_bend, one]]
        sides = _cross(walk, -bends.before[corner]) * _cross(walk, bends.after[corner])
        turns[at_bend] &= sides >= -ALONG
    return turns


def _cross(one: Floats, other: Floats) -> Floats:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])


def _bends(area: shapely.Geometry) -> tuple["Corners", float]:
    """Return the corners of an area that a way may turn around, and how far they were moved."""
    for tolerance in SIMPLER_METERS:
        bends = inner_corners(shapely.simplify(area, tolerance))
        if len(bends.at) <= MOST_BENDS:
            break
    most = slice(MOST_BENDS)
    return Corners(bends.at[most], bends.before[most], bends.after[most]), tolerance


@dataclass(frozen=True, slots=True)
class Corners:
    """Corners of rings (n, 2), with the sides that lead to each and from it, as vectors."""

    at: Floats
    before: Floats
    after: Floats


def inner_corners(area: shapely.Geometry) -> Corners:
    """Return the corners of a polygon's rings at which it has more than half a turn inside."""
    found = [(_NO_BENDS, _NO_BENDS, _NO_BENDS)]
    for ring in shapely.get_rings(shapely.orient_polygons(area)):
        at = shapely.get_coordinates(ring)[:-1]
        before, after = at - np.roll(at, 1, axis=0), np.roll(at, -1, axis=0) - at
        inner = _cross(before, after) < -ALONG
        found.append((at[inner], before[inner], after[inner]))
    return Corners(*(np.concatenate(parts) for parts in zip(*found, strict=True)))
