"""What differs between two editions of a map, by the ids that stay the same. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from maps.document import Feature, MapDocument
from maps.geometry.projection import Projection

MOVED_METERS = 0.5  # less is a redrawn line, which nobody standing there would notice
STEP_METERS = 5.0


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
    """The differences of two maps. A feature may be in several groups, but never both moved and
    reshaped unless it changed its level as well."""

    added: tuple[FeatureChange, ...] = ()
    removed: tuple[FeatureChange, ...] = ()
    renamed: tuple[FeatureChange, ...] = ()
    moved: tuple[FeatureChange, ...] = ()
    reshaped: tuple[FeatureChange, ...] = ()
    altered: tuple[FeatureChange, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return any(self._groups)

    @property
    def touched(self) -> frozenset[str]:
        """Return the ids of all features that differ."""
        return frozenset(change.id for group in self._groups for change in group)

    @property
    def _groups(self) -> tuple[tuple[FeatureChange, ...], ...]:
        return (self.added, self.removed, self.renamed, self.moved, self.reshaped, self.altered)


def changes_between(old: MapDocument, new: MapDocument) -> MapChanges:
    """Return what differs from `old` to `new`.

    Moved: its level differs, or it lies 0.5 m or more away as a whole, in the same form. Reshaped:
    its outline differs by 0.5 m or more even with the middles laid over each other. Altered: its
    kind, further names or facts differ. `meters` is the greatest distance of the two outlines.
    """
    before = {feature.id: feature for feature in old.features}
    after = {feature.id: feature for feature in new.features}
    both = [(before[i], after[i]) for i in after if i in before]
    distances = _distances(both)
    return MapChanges(
        added=tuple(_change(f) for i, f in after.items() if i not in before),
        removed=tuple(_change(f) for i, f in before.items() if i not in after),
        renamed=tuple(_change(b, was=a.label) for a, b in both if a.label != b.label),
        moved=tuple(
            _change(b, meters=away.meters)
            for (a, b), away in zip(both, distances, strict=True)
            if (away.meters >= MOVED_METERS and not away.is_reshaped)
            or set(a.levels) != set(b.levels)
        ),
        reshaped=tuple(
            _change(b, meters=away.meters)
            for (_, b), away in zip(both, distances, strict=True)
            if away.is_reshaped
        ),
        altered=tuple(
            _change(b)
            for a, b in both
            if (a.kind, a.names, dict(a.properties)) != (b.kind, b.names, dict(b.properties))
        ),
    )


@dataclass(frozen=True, slots=True)
class _Distance:
    """How far apart two shapes are: as they lie, and whether also with their middles as one."""

    meters: float
    is_reshaped: bool


def _change(feature: Feature, *, was: str = "", meters: float = 0.0) -> FeatureChange:
    return FeatureChange(feature.id, feature.kind, feature.label, was, meters)


_NONE = _Distance(0.0, is_reshaped=False)


def _distances(pairs: Sequence[tuple[Feature, Feature]]) -> list[_Distance]:
    """Return how far apart the shapes of each pair are, in meters."""
    plane = Projection.over([f.geometry for pair in pairs for f in pair])
    return [
        _NONE if a.geometry.equals_exact(b.geometry, 0.0) else _distance(a, b, plane)
        for a, b in pairs
    ]


def _distance(old: Feature, new: Feature, plane: Projection) -> _Distance:
    one, other = plane.to_meters(old.geometry), plane.to_meters(new.geometry)
    if one.is_empty or other.is_empty:
        return _NONE if one.is_empty and other.is_empty else _Distance(0.0, is_reshaped=True)
    apart = _hausdorff(one, other)
    if apart < MOVED_METERS:
        return _Distance(round(apart, 2), is_reshaped=False)
    laid_over = affinity.translate(
        other, one.centroid.x - other.centroid.x, one.centroid.y - other.centroid.y
    )
    return _Distance(round(apart, 2), is_reshaped=_hausdorff(one, laid_over) >= MOVED_METERS)


def _hausdorff(one: BaseGeometry, other: BaseGeometry) -> float:
    """Return the greatest distance of two shapes; of areas that of their outlines.

    Vertices every few meters count: a wall bent in its middle lies far from the old one there only.
    """
    return float(
        shapely.hausdorff_distance(
            shapely.segmentize(_outline(one), STEP_METERS),
            shapely.segmentize(_outline(other), STEP_METERS),
        )
    )


def _outline(shape: BaseGeometry) -> BaseGeometry:
    return shape.boundary if shapely.get_dimensions(shape) == 2 else shape
