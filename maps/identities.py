"""Who is who in the next edition of a map: what has the same sign keeps its id.

Pure. A program that draws maps often makes new ids at each export, and ids made from a shape change
with the shape; conditions, checks and plans refer to ids. So a feature that is new by its id takes
the id of a vanished one of the same kind, on the same levels: with the same sign where only one has
it, else in the same place.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import shapely

from maps.document import Feature, Level, MapDocument
from maps.formats.identity import NAMESPACE, as_uuid
from maps.geometry.projection import Projection
from maps.geometry.site import in_meters

SAME_AREA = 0.5  # of what two areas cover together: more than that, and no third can be as near
SAME_PLACE_METERS = 0.5  # of a point or line: less is a redrawn line
Subject = TypeVar("Subject", Level, Feature)


def with_uuids(document: MapDocument) -> tuple[MapDocument, Mapping[str, str]]:
    """Return the document with every id a UUID of its own, and the new id of each old one.

    Of features that share an id the first keeps it; each further one gets an id made from its turn.
    """
    seen: Counter[str] = Counter()
    levels = {level.id: as_uuid(level.id) or _made(level.id) for level in document.levels}
    features: list[Feature] = []
    ids: dict[str, str] = dict(levels)
    for feature in document.features:
        key = as_uuid(feature.id) or _made(feature.id)
        seen[key] += 1
        own = key if seen[key] == 1 else _made(f"{key}#{seen[key]}")
        ids.setdefault(feature.id, own)
        features.append(
            replace(feature, id=own, levels=tuple(levels.get(v, v) for v in feature.levels))
        )
    renamed = tuple(replace(level, id=levels[level.id]) for level in document.levels)
    return MapDocument(renamed, tuple(features), document.grid), ids


def keep_ids(former: MapDocument, read: MapDocument) -> tuple[MapDocument, Mapping[str, str]]:
    """Return what was read with the ids of the former map, and the kept id of each changed one."""
    levels = _matches(former.levels, read.levels, lambda v: (v.ordinal, v.name.casefold()))
    levels |= _matches(
        [v for v in former.levels if v.id not in levels.values()],
        [v for v in read.levels if v.id not in levels],
        lambda v: v.ordinal,
    )
    moved = [
        replace(feature, levels=tuple(levels.get(v, v) for v in feature.levels))
        for feature in read.features
    ]
    features = _feature_matches(former.features, moved)
    kept = MapDocument(
        tuple(replace(level, id=levels.get(level.id, level.id)) for level in read.levels),
        tuple(replace(feature, id=features.get(feature.id, feature.id)) for feature in moved),
        read.grid,
    )
    return kept, {**levels, **features}


def _matches(
    former: Sequence[Subject], read: Sequence[Subject], sign: Callable[[Subject], Hashable]
) -> dict[str, str]:
    """Return the former id of each subject read that is new by id and the only one of its sign."""
    known, present = {old.id: old for old in former}, {new.id for new in read}
    gone: dict[Hashable, list[str]] = defaultdict(list)
    come: dict[Hashable, list[str]] = defaultdict(list)
    for old in known.values():
        if old.id not in present:
            gone[sign(old)].append(old.id)
    for new in read:
        if new.id not in known:
            come[sign(new)].append(new.id)
    return {
        come[mark][0]: ids[0]
        for mark, ids in gone.items()
        if mark is not None and len(ids) == 1 and len(come.get(mark, ())) == 1
    }


def _feature_matches(former: Sequence[Feature], read: Sequence[Feature]) -> dict[str, str]:
    """Return the former id of each feature read that is new by id, by its sign or its place.

    A place found may leave only one feature of a sign on either side, so both are tried again until
    nothing more is found: the same maps matched once more give no other answer.
    """
    known, present = {old.id for old in former}, {new.id for new in read}
    gone = [old for old in former if old.id not in present]
    come = [new for new in read if new.id not in known]
    matches: dict[str, str] = {}
    while True:
        found = _matches(gone, come, _sign)
        taken = set(found.values())
        found |= _in_place(
            [old for old in gone if old.id not in taken],
            [new for new in come if new.id not in found],
        )
        if not found:
            return matches
        matches |= found
        taken = set(found.values())
        gone = [old for old in gone if old.id not in taken]
        come = [new for new in come if new.id not in found]


def _in_place(former: Sequence[Feature], read: Sequence[Feature]) -> dict[str, str]:
    """Return the former id of each feature read that lies where one vanished.

    An area lies where more than half of both together is common to both; a point or line where its
    middle is within half a meter. The best pairs come first, and each id is given once.
    """
    gone, come = _by_kind(former), _by_kind(read)
    plane = Projection.over(f.geometry for f in (*former, *read))
    pairs = sorted(
        pair for group, news in come.items() for pair in _near(gone.get(group, []), news, plane)
    )
    matches: dict[str, str] = {}
    for _, old, new in pairs:
        if new not in matches and old not in matches.values():
            matches[new] = old
    return matches


def _by_kind(features: Sequence[Feature]) -> dict[Hashable, list[Feature]]:
    groups: dict[Hashable, list[Feature]] = defaultdict(list)
    for feature in features:
        groups[feature.kind, tuple(sorted(feature.levels))].append(feature)
    return groups


def _near(
    olds: Sequence[Feature], news: Sequence[Feature], plane: Projection
) -> Iterator[tuple[float, str, str]]:
    """Yield (how far from the same, old id, new id) of features in the same place."""
    before, after = in_meters(olds, plane), in_meters(news, plane)
    if not len(before) or not len(after):
        return
    places = shapely.STRtree(before).query(after, "dwithin", SAME_PLACE_METERS)
    for new, old in places.T.tolist():
        one, other = before[old], after[new]
        if shapely.get_dimensions(one) == shapely.get_dimensions(other) == 2:
            if not (one.is_valid and other.is_valid):
                continue
            common = one.intersection(other).area
            share = common / max(one.area + other.area - common, 1e-9)
            if share > SAME_AREA:
                yield 1 - share, olds[old].id, news[new].id
        else:
            far = one.centroid.distance(other.centroid)
            if far <= SAME_PLACE_METERS:
                yield far / SAME_PLACE_METERS, olds[old].id, news[new].id


def _sign(feature: Feature) -> Hashable:
    shown = feature.label or str(feature.properties.get("number") or "")
    if not shown:
        return None
    return feature.kind, shown.casefold(), tuple(sorted(feature.levels))


def _made(source: str) -> str:
    return str(uuid.uuid5(NAMESPACE, source))
