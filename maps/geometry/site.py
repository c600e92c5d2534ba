"""The features of a map in meters, and which of them touch: shared by checks and readers."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.document import Feature
from maps.geometry.projection import Projection

AREA_KINDS = frozenset({"room", "corridor", "stair", "elevator"})
DOOR_KINDS = frozenset({"door", "exterior_door"})
TOUCH_METERS = 0.3  # a door this near to an outline is drawn on it


def is_polygonal(feature: Feature) -> bool:
    """Return whether a feature covers an area."""
    return feature.geometry.geom_type in ("Polygon", "MultiPolygon")


def is_main_entrance(feature: Feature) -> bool:
    """Return whether an exterior door is the main entrance: it says so, or its sign does."""
    return feature.kind == "exterior_door" and (
        feature.properties.get("main") is True
        or feature.label.casefold() in ("main entrance", "main entry")
    )


def share_level(one: Feature, other: Feature) -> bool:
    """Return whether two features may meet: a level in common, or one of them without any."""
    return not one.levels or not other.levels or not set(one.levels).isdisjoint(other.levels)


def in_meters(features: Sequence[Feature], plane: Projection) -> NDArray[np.object_]:
    """Return the geometries of features in meters, in their order."""
    shapes = np.empty(len(features), dtype=object)
    shapes[:] = [feature.geometry for feature in features]
    return plane.to_meters(shapes)


def touching(
    points: NDArray[np.object_], areas: NDArray[np.object_], meters: float = TOUCH_METERS
) -> dict[int, list[int]]:
    """Return, by index of a point, the indices of the areas whose outline it lies on.

    The points are in the tree and each outline asks once: it is prepared, and walked once.
    """
    touched: dict[int, list[int]] = defaultdict(list)
    if len(areas) and len(points):
        tree = shapely.STRtree(points)
        for area, point in tree.query(shapely.boundary(areas), "dwithin", meters).T.tolist():
            touched[point].append(area)
    return touched
