"""Turf: which agencies serve a place, who comes after hours, who sends them, and who lives near.

Service areas are polygons in WGS 84 degrees (lon, lat). Of areas that hold a place, the one stated
first comes first: by capacity (first due before mutual aid), then by its own rank, then the smaller
before the larger, for a city lies in its county.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from maps.geometry.projection import Projection
from notifications.policy.hours import Hours

Capacity = Literal["first_due", "mutual_aid"]
Service = Literal["law", "fire", "ems", "emergency_management"]
NeighborKind = Literal["school", "hospital", "day_care", "other"]

# The kinds of agencies that do the same for a school: a city has police, a county a sheriff.
SERVICES: dict[Service, frozenset[str]] = {
    "law": frozenset({"police", "sheriff"}),
    "fire": frozenset({"fire"}),
    "ems": frozenset({"ems"}),
    "emergency_management": frozenset({"emergency_management"}),
}
DISPATCH = "dispatch"


@dataclass(frozen=True, slots=True)
class ServiceArea:
    """Where one agency serves. `hours` None is around the clock.

    `kind` is an agency's kind (police, sheriff, fire, ems, dispatch, …); `rank` orders agencies
    whose areas overlap, lower first; `dispatched_by` is the dispatch center that sends it, where
    that is not the one whose own area holds the place.
    """

    agency: str
    kind: str
    area: BaseGeometry
    capacity: Capacity = "first_due"
    hours: Hours | None = None
    rank: int = 0
    dispatched_by: str | None = None

    def is_open(self, at: datetime) -> bool:
        """Return whether the agency is on duty; raises ValueError for a moment without a zone."""
        return self.hours is None or self.hours.is_open(at)


@dataclass(frozen=True, slots=True)
class Turf:
    """Who serves one place: ids of agencies, None where nobody does.

    `backup` is the next after the primary. `after_hours` is who comes while the primary is closed:
    the primary itself when it never is, else the first that is open around the clock.
    `contested` are further agencies that say of themselves just what the primary says.
    """

    service: Service
    primary: str | None
    backup: str | None
    after_hours: str | None
    dispatch: str | None
    contested: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turfs:
    """Service areas, asked by place."""

    areas: tuple[ServiceArea, ...]

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree([area.area for area in self.areas])

    def at(self, longitude: float, latitude: float) -> tuple[Turf, ...]:
        """Return who serves a place, service by service; a place on a border lies in both areas."""
        held = [self.areas[i] for i in self._tree.query(Point(longitude, latitude), "intersects")]
        centers = sorted((area for area in held if area.kind == DISPATCH), key=_order)
        center = centers[0].agency if centers else None
        return tuple(
            _turf(service, sorted((a for a in held if a.kind in kinds), key=_order), center)
            for service, kinds in SERVICES.items()
        )

    def on_duty(
        self, longitude: float, latitude: float, service: Service, at: datetime
    ) -> str | None:
        """Return the agency of a service that comes to a place at a moment: the first on duty.

        Raises ValueError for a moment without a time zone.
        """
        held = [self.areas[i] for i in self._tree.query(Point(longitude, latitude), "intersects")]
        serving = sorted((a for a in held if a.kind in SERVICES[service]), key=_order)
        return next((area.agency for area in serving if area.is_open(at)), None)


def _order(area: ServiceArea) -> tuple[bool, int, float, str]:
    return (area.capacity != "first_due", area.rank, area.area.area, area.agency)


def _turf(service: Service, serving: Sequence[ServiceArea], center: str | None) -> Turf:
    if not serving:
        return Turf(service, None, None, None, center)
    first, *others = serving
    backup = next((area.agency for area in others if area.agency != first.agency), None)
    night = next((area.agency for area in serving if area.hours is None), None)
    contested = tuple(
        area.agency
        for area in others
        if area.agency != first.agency
        and (area.kind, area.capacity, area.rank) == (first.kind, first.capacity, first.rank)
    )
    return Turf(service, first.agency, backup, night, first.dispatched_by or center, contested)


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A place within earshot that could misread a drill; the shape is in degrees (lon, lat)."""

    id: str
    kind: NeighborKind
    name: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Near:
    """A neighbor and the meters between the two nearest points."""

    neighbor: Neighbor
    meters: float


def neighbors_within(
    campus: BaseGeometry,
    neighbors: Sequence[Neighbor],
    meters: float,
    kinds: frozenset[NeighborKind] = frozenset({"school", "hospital", "day_care"}),
) -> tuple[Near, ...]:
    """Return the neighbors of some kinds within a radius of a campus or point, nearest first."""
    wanted = [neighbor for neighbor in neighbors if neighbor.kind in kinds]
    if not wanted:
        return ()
    plane = Projection.over([campus])
    shapes = np.array([neighbor.shape for neighbor in wanted], dtype=object)
    distances = shapely.distance(plane.to_meters(shapes), plane.to_meters(campus)).tolist()
    near = [
        Near(neighbor, round(far, 1))
        for neighbor, far in zip(wanted, distances, strict=True)
        if far <= meters
    ]
    return tuple(sorted(near, key=lambda found: (found.meters, found.neighbor.id)))
