"""Reads of maps, conditions and checks inside the open reach; shared by pages, API and services."""

from collections import OrderedDict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from shapely.geometry import shape

from backend.canonical import content_hash
from backend.directory.models import Campus
from backend.problems import NotFound
from maps import changes
from maps.document import Feature, Grid, Level, MapDocument, to_json
from maps.kinds import CRITICAL_KINDS
from maps.models import Condition, ConditionState, FeatureCheck, MapState, MapVersion

Age = Literal["", "year", "two_years"]
YEAR = timedelta(days=365)


def published_map(campus: Campus) -> MapVersion | None:
    """Return the published map of a campus that is newest, or None."""
    return published_maps().filter(campus=campus).first()


def draft_map(campus: Campus) -> MapVersion | None:
    """Return the one draft of a campus, or None."""
    return MapVersion.objects.filter(campus=campus, state=MapState.DRAFT).first()


def newest(campus: Campus) -> MapVersion | None:
    """Return the campus's newest map version in any state, or None."""
    return MapVersion.objects.filter(campus=campus).order_by("-number").first()


def published_maps() -> QuerySet[MapVersion]:
    """Return each campus's newest published map."""
    newer = MapVersion.objects.filter(campus=OuterRef("campus"), state=MapState.PUBLISHED)
    return MapVersion.objects.filter(
        pk=Subquery(newer.order_by("-number").values("pk")[:1])
    ).order_by("pk")


def document_of(version: MapVersion) -> MapDocument:
    """Return the map document of a version's rows; features in the order of their ids.

    A published version never changes, so its document is made once in a process. The row of the
    version was found in the reader's own reach before.
    """
    if version.state == MapState.PUBLISHED:
        return _published_documents.get(version)
    return _read(version)


class _Documents:
    """The documents of the published versions read last."""

    MOST = 24

    def __init__(self) -> None:
        self.by_hash: OrderedDict[tuple[UUID, str], MapDocument] = OrderedDict()

    def get(self, version: MapVersion) -> MapDocument:
        """Return the document, read now if it is not among the last."""
        key = (version.pk, version.content_hash)
        document = self.by_hash.pop(key, None) or _read(version)
        self.by_hash[key] = document
        while len(self.by_hash) > self.MOST:
            self.by_hash.popitem(last=False)
        return document


_published_documents = _Documents()


def _read(version: MapVersion) -> MapDocument:
    grid = version.grid
    return MapDocument(
        levels=tuple(
            Level(str(row.key), row.ordinal, row.name, row.short_name)
            for row in version.levels.order_by("ordinal", "key")
        ),
        features=tuple(
            Feature(
                id=str(row.key),
                kind=row.kind,
                label=row.label,
                geometry=shape(row.geometry),
                names=tuple(row.names),
                levels=tuple(row.levels),
                properties=row.properties,
            )
            for row in version.features.order_by("key")
        ),
        grid=None
        if grid is None
        else Grid(
            grid["origin"][0], grid["origin"][1], grid["cell_meters"], grid["columns"], grid["rows"]
        ),
    )


def hash_of(version: MapVersion, document: MapDocument) -> str:
    """Return the `m1:` hash of a version's canonical document: campus, number and map."""
    return content_hash(
        {
            "campus": str(version.campus_id),
            "number": version.number,
            "map": to_json(document),
        }
    )


def changes_between(old: MapVersion, new: MapVersion) -> changes.MapChanges:
    """Return what differs between two versions of a campus's map."""
    return changes.changes_between(document_of(old), document_of(new))


def feature_of(document: MapDocument, key: UUID | str) -> Feature:
    """Return one feature of a document; raises NotFound."""
    try:
        return document.feature(str(key))
    except KeyError as error:
        raise NotFound(
            "The map has no such feature, or no longer.", mend="Look for it in the list of the map."
        ) from error


def conditions_of(campus: Campus, *, at: datetime) -> QuerySet[Condition]:
    """Return the published conditions of a campus that are in force or to come, next end first."""
    return Condition.objects.filter(
        campus=campus, state=ConditionState.PUBLISHED, ends_at__gt=at
    ).order_by("ends_at", "pk")


def conditions_in_force(campus: Campus, *, at: datetime) -> QuerySet[Condition]:
    """Return the conditions that hold at a moment, next end first."""
    return conditions_of(campus, at=at).filter(starts_at__lte=at)


def conditions_reported(campus: Campus, *, at: datetime) -> QuerySet[Condition]:
    """Return the reports that wait for an entitled person, oldest first."""
    return Condition.objects.filter(
        campus=campus, state=ConditionState.REPORTED, ends_at__gt=at
    ).order_by("pk")


def last_checks(campus: Campus) -> dict[str, FeatureCheck]:
    """Return the latest check of each feature of a campus, by feature id."""
    rows = FeatureCheck.objects.filter(campus=campus).order_by("feature_key", "-checked_at", "-pk")
    return {str(row.feature_key): row for row in rows.distinct("feature_key")}


def age_of(check: FeatureCheck | None, *, verified_on: date | None, at: datetime) -> Age:
    """Return how old the last look at a feature of a critical kind is.

    The version's verification on site counts as a look at every feature. Never seen, over two
    years, or seen to be wrong: `two_years`; over one year: `year`; else empty.
    """
    seen = check.checked_at.date() if check else None
    if verified_on and (seen is None or verified_on >= seen):
        seen = verified_on
    elif check and not check.as_on_map:
        return "two_years"
    if seen is None or at.date() - seen > 2 * YEAR:
        return "two_years"
    return "year" if at.date() - seen > YEAR else ""


def ages_of(
    version: MapVersion,
    document: MapDocument,
    checks: Mapping[str, FeatureCheck],
    *,
    at: datetime,
) -> dict[str, Age]:
    """Return the age of each feature of a critical kind that is over a year, by feature id."""
    ages = {
        feature.id: age_of(checks.get(feature.id), verified_on=version.verified_on, at=at)
        for feature in document.features
        if feature.kind in CRITICAL_KINDS
    }
    return {key: age for key, age in ages.items() if age}
