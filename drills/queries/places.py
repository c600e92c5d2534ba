"""Which places report in a drill, and what each has reported."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from drills.models import Drill, EntryKind, PlaceStatus, TimelineEntry
from maps import places as map_places
from maps import queries as maps
from maps.document import Feature

NOBODY_THERE = re.compile(
    r"\b(storage|closet|custodian|janitor|boiler|electrical|mechanical|telecom|data|server|vault|"
    r"restrooms?|toilets?|men|women|boys|girls|shaft|vestibule|pump|riser|meter|compressor)\b",
    re.IGNORECASE,
)
"""Rooms that hold no class and report nothing, by the words on their sign."""


@dataclass(frozen=True, slots=True)
class Place:
    """A room that reports; `level` is its floor's short name."""

    key: UUID
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A place and its last word; `status` is empty where it has not spoken: that is not “safe”."""

    place: Place
    status: str
    at: datetime | None
    by: str


def places_of(drill: Drill) -> list[Place]:
    """Return the rooms of the map that the drill stands on, floor by floor, by their signs.

    A running or past drill keeps the map it began on; before that it is the published one. Without
    a map there is none, and “all places reported” is said in one press.
    """
    version = drill.map_version or maps.published_map(drill.campus)
    if version is None:
        return []
    document = maps.document_of(version)
    levels = {level.id: level for level in document.levels}
    found = []
    for feature in document.features:
        if feature.kind != "room" or not _reports(feature):
            continue
        level = levels.get(feature.levels[0]) if feature.levels else None
        found.append(
            (level.ordinal if level else 0, feature.label, Place(
                UUID(feature.id), map_places.name_of(feature), level.short_name if level else ""
            ))
        )  # fmt: skip
    return [place for _ordinal, _label, place in sorted(found, key=lambda row: row[:2])]


def _reports(feature: Feature) -> bool:
    words = " ".join((feature.label, *feature.names))
    return bool(feature.label) and not NOBODY_THERE.search(words)


def reports_of(drill: Drill, entries: Iterable[TimelineEntry]) -> list[Reported]:
    """Return each place with its last report by its own time; extra places said in words come last.

    “All places reported” stands for each place that has not spoken by then.
    """
    last: dict[object, TimelineEntry] = {}
    everybody: TimelineEntry | None = None
    for entry in sorted(entries, key=lambda one: (one.happened_at, one.pk)):
        if entry.kind == EntryKind.PLACE_REPORT:
            last[entry.feature_key or entry.place.casefold()] = entry
        elif entry.kind == EntryKind.ALL_REPORTED and everybody is None:
            everybody = entry
    found = []
    for place in places_of(drill):
        own = last.pop(place.key) if place.key in last else everybody
        if own is None:
            found.append(Reported(place, "", None, ""))
        else:
            status = own.status or PlaceStatus.ACCOUNTED
            found.append(Reported(place, status, own.happened_at, own.by))
    for entry in last.values():
        place = Place(entry.feature_key or entry.pk, entry.place or _("A place"), "")
        found.append(Reported(place, entry.status, entry.happened_at, entry.by))
    return found


def all_safe(reports: Iterable[Reported]) -> bool:
    """Return whether every place reported everybody accounted for; false where there is none."""
    statuses = [report.status for report in reports]
    return bool(statuses) and all(status == PlaceStatus.ACCOUNTED for status in statuses)
