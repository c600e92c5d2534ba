"""How long somebody needs from one campus to the next. Pure."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_METERS = 6_371_000
METERS_A_MINUTE = 500.0  # 30 km/h on the straight line, our own figure for town streets
LEAVE_AND_ARRIVE_MINUTES = 5
UNKNOWN_MINUTES = 20

Position = tuple[float | None, float | None]


def minutes_between(one: Position, other: Position) -> int:
    """Return whole minutes between two (lon, lat); 20 where a position is not known."""
    if None in (*one, *other):
        return UNKNOWN_MINUTES
    return LEAVE_AND_ARRIVE_MINUTES + round(_meters(one, other) / METERS_A_MINUTE)


def _meters(one: Position, other: Position) -> float:
    lon1, lat1, lon2, lat2 = (radians(value or 0.0) for value in (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_METERS * asin(sqrt(half))
