"""The repair of a polygon that crosses or touches itself, and what it changes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import shapely
from shapely.geometry.base import BaseGeometry

from maps.document import Feature
from maps.geometry.projection import Projection


@dataclass(frozen=True, slots=True)
class Change:
    """What a repair makes of a shape; areas in square meters.

    `before` is what the rings enclose as drawn, by the even-odd rule: a part that is enclosed
    twice lies outside.
    """

    repaired: BaseGeometry
    before: float
    after: float
    parts: int
    holes: int

    @property
    def is_sound(self) -> bool:
        """Return whether an area is left."""
        return self.after > 0

    @property
    def words(self) -> str:
        """Return the change in words."""
        pieces = f"{self.parts} pieces" if self.parts != 1 else "one piece"
        holes = {0: "", 1: " with a hole"}.get(self.holes, f" with {self.holes} holes")
        if abs(self.before - self.after) < 0.05:
            return f"{self.after:.1f} m² stay, in {pieces}{holes}"
        return f"{self.before:.1f} m² become {self.after:.1f} m², in {pieces}{holes}"


def change_of(shape: BaseGeometry, plane: Projection) -> Change:
    """Return the repair of a shape in degrees: valid, areas only, rings turned as RFC 7946 says.

    A shape that encloses no area at all comes back empty.
    """
    repaired = shapely.orient_polygons(
        shapely.make_valid(shape, method="structure", keep_collapsed=False)
    )
    drawn = shapely.make_valid(shape, method="linework")
    rings = shapely.get_parts(drawn)
    before = shapely.union_all(rings[shapely.get_dimensions(rings) == 2])
    areas = shapely.get_parts(repaired)
    areas = areas[shapely.get_dimensions(areas) == 2]
    return Change(
        repaired=repaired,
        before=float(shapely.area(plane.to_meters(before))),
        after=float(shapely.area(plane.to_meters(repaired))),
        parts=len(areas),
        holes=int(shapely.get_num_interior_rings(areas).sum()),
    )


def with_repairs(features: Iterable[Feature]) -> tuple[tuple[Feature, ...], dict[str, Change]]:
    """Return features with every invalid area repaired, and the change of each, by id.

    An area that would vanish is left as it is and not among the changes.
    """
    features = tuple(features)
    plane = Projection.over(feature.geometry for feature in features)
    repaired = []
    changes: dict[str, Change] = {}
    for feature in features:
        if not feature.geometry.is_valid and shapely.get_dimensions(feature.geometry) == 2:
            change = change_of(feature.geometry, plane)
            if change.is_sound:
                changes[feature.id] = change
                repaired.append(replace(feature, geometry=change.repaired))
                continue
        repaired.append(feature)
    return tuple(repaired), changes
