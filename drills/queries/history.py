"""How long a drill of this kind usually takes here, beside how long this one took."""

from dataclasses import dataclass
from datetime import datetime
from statistics import median

from drills.models import Drill, DrillState, EntryKind, TimelineEntry
from drills.queries.places import reports_of

MOST_FORMER = 6
MEASURES = ("accounted_at", "secured_at", "ended_at")
"""What a drill is compared by: the best that it has, and only with drills that have the same."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How many places had reported after how many seconds, in order; and when it was."""

    points: tuple[tuple[float, int], ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class History:
    """This drill's curve and seconds, and the former ones of its kind at this campus."""

    own: Curve | None
    former: tuple[Curve, ...]
    places: int

    @property
    def usual_seconds(self) -> int | None:
        """Return the median of the former drills, in seconds."""
        return round(median(one.seconds for one in self.former)) if self.former else None


def history_of(drill: Drill) -> History:
    """Return how this drill's reports came in, beside the last six of its kind here."""
    former = (
        Drill.objects.filter(
            campus=drill.campus_id,
            type=drill.type,
            state__in=[DrillState.ENDED, DrillState.REVIEWED],
            started_at__lt=drill.started_at or drill.starts_at,
        )
        .exclude(pk=drill.pk)
        .order_by("-started_at")[:MOST_FORMER]
    )
    entries: dict[object, list[TimelineEntry]] = {}
    rows = TimelineEntry.objects.filter(
        drill__in=[drill.pk, *(one.pk for one in former)],
        kind__in=[EntryKind.PLACE_REPORT, EntryKind.ALL_REPORTED],
    )
    for row in rows.order_by("happened_at", "pk"):
        entries.setdefault(row.drill_id, []).append(row)
    own = entries.get(drill.pk, [])
    places = len(reports_of(drill, own))
    measure = next((name for name in MEASURES if getattr(drill, name) is not None), MEASURES[0])
    curves = (_curve(one, entries.get(one.pk, []), places, measure) for one in former)
    return History(_curve(drill, own, places, measure), tuple(one for one in curves if one), places)


def _curve(drill: Drill, entries: list[TimelineEntry], places: int, measure: str) -> Curve | None:
    start, end = drill.started_at, getattr(drill, measure)
    if start is None or end is None:
        return None
    seconds = max(1, round((end - start).total_seconds()))
    points: list[tuple[float, int]] = [(0.0, 0)]
    seen: set[object] = set()
    for row in entries:
        after = _after(start, row.happened_at)
        if row.kind == EntryKind.ALL_REPORTED:
            points.append((after, max(places, len(seen))))
            break
        seen.add(row.feature_key or row.place.casefold())
        points.append((after, len(seen)))
    return Curve(tuple(points), seconds)


def _after(start: datetime, moment: datetime) -> float:
    return max(0.0, (moment - start).total_seconds())
