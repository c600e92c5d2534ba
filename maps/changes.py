"""What differs between two editions of a map, by the ids that stay the same. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from maps.document import Feature, MapDocument
from maps.geometry.projection import Projection

MOVED_METERS = 0.5  # less is a redrawn line, which nobody standing there would notice


@dataclass(frozen=True, slots=True)
class FeatureChange:
    """One feature that differs; `was` is its former sign, `meters` how far it moved."""

    id: str
    kind: str
    label: str
    was: str = ""
    meters: float = 0.0


@dataclass(frozen=True, slots=True)
class MapChanges:
    """The differences of two maps. A feature may be renamed, moved and altered at once."""

    added: tuple[FeatureChange, ...] = ()
    removed: tuple[FeatureChange, ...] = ()
    renamed: tuple[FeatureChange, ...] = ()
    moved: tuple[FeatureChange, ...] = ()
    altered: tuple[FeatureChange, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return any((self.added, self.removed, self.renamed, self.moved, self.altered))

    @property
    def touched(self) -> frozenset[str]:
        """Return the ids of all features that differ."""
        groups = (self.added, self.removed, self.renamed, self.moved, self.altered)
        return frozenset(change.id for group in groups for change in group)


def changes_between(old: MapDocument, new: MapDocument) -> MapChanges:
    """Return what differs from `old` to `new`.

    Moved: its level differs, or a point of its outline lies 0.5 m or more away. Altered: its kind,
    further names or facts differ.
    """
    before = {feature.id: feature for feature in old.features}
    after = {feature.id: feature for feature in new.features}
    both = [(before[i], after[i]) for i in after if i in before]
    meters = _distances(both)
    return MapChanges(
        added=tuple(_change(f) for i, f in after.items() if i not in before),
        removed=tuple(_change(f) for i, f in before.items() if i not in after),
        renamed=tuple(_change(b, was=a.label) for a, b in both if a.label != b.label),
        moved=tuple(
            _change(b, meters=far)
            for (a, b), far in zip(both, meters, strict=True)
            if far >= MOVED_METERS or set(a.levels) != set(b.levels)
        ),
        altered=tuple(
            _change(b)
            for a, b in both
            if (a.kind, a.names, dict(a.properties)) != (b.kind, b.names, dict(b.properties))
        ),
    )


def _change(feature: Feature, *, was: str = "", meters: float = 0.0) -> FeatureChange:
    return FeatureChange(feature.id, feature.kind, feature.label, was, meters)


def _distances(pairs: Iterable[tuple[Feature, Feature]]) -> list[float]:
    """Return the greatest distance of two outlines in meters, pair by pair."""
    pairs = list(pairs)
    plane = Projection.over([f.geometry for pair in pairs for f in pair])
    return [
        0.0
        if a.geometry.equals_exact(b.geometry, 0.0)
        else round(
            float(
                shapely.hausdorff_distance(plane.to_meters(a.geometry), plane.to_meters(b.geometry))
            ),
            2,
        )
        for a, b in pairs
    ]
