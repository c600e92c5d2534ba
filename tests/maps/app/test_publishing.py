"""A published map has its hash and never changes."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from shapely.geometry import Point

from backend.canonical import content_hash
from backend.problems import BadInput, NotAllowed, NotFound, WrongState
from backend.tenancy import reach
from maps import queries
from maps.document import Feature, Grid, Level, MapDocument, to_json
from maps.models import MapFeature, MapVersion
from maps.services.publishing import publish_map
from tests.cast import NOW, Cast
from tests.maps.app.conftest import Importer, acting


def test_the_hash_of_a_fixed_map_is_fixed() -> None:
    document = MapDocument(
        levels=(Level("7b1f3c6e-0000-4000-8000-000000000001", 0, "Floor 1", "1"),),
        features=(
            Feature(
                id="7b1f3c6e-0000-4000-8000-000000000002",
                kind="aed",
                label="AED 1",
                geometry=Point(-84.7405, 43.211),
                names=("Défibrillateur",),
                levels=("7b1f3c6e-0000-4000-8000-000000000001",),
                properties={"where": "Front lobby"},
            ),
        ),
        grid=Grid(-84.7439, 43.2129, 20.0, 23, 19),
    )
    version = MapVersion(campus_id=UUID("01990000-0000-7000-8000-000000000001"), number=3)
    assert (
        queries.hash_of(version, document)
        == "m1:9fa93bc0fe8c807cb366300c6a46cefd661859b494e8e9fe3ceabc8ebe3e04be"
    )


def test_the_hash_is_that_of_campus_number_and_map(cast: Cast, published: MapVersion) -> None:
    with reach.of_districts(cast.district.pk):
        document = queries.document_of(published)
    body = {"campus": str(cast.lincoln.pk), "number": 1, "map": to_json(document)}
    assert published.content_hash == content_hash(body)


def test_publishing_keeps_who_verified_it_on_site(published: MapVersion) -> None:
    assert (published.verified_on, published.verified_by) == (
        date(2026, 8, 20),
        "Officer Dana Whitfield",
    )
    assert (published.published_at, published.published_by) == (NOW, "Officer Dana Whitfield")


def test_findings_do_not_keep_a_map_from_being_published(published: MapVersion) -> None:
    assert published.findings
    assert published.state == "published"


def test_a_published_version_is_not_published_again(cast: Cast, published: MapVersion) -> None:
    with acting(cast, "sro") as actor, pytest.raises(WrongState):
        publish_map(version_id=published.pk, actor=actor, at=NOW)


def test_a_walk_in_the_future_is_refused(cast: Cast, bring_in: Importer) -> None:
    draft = bring_in()
    tomorrow = (NOW + timedelta(days=1)).date()
    with acting(cast, "sro") as actor, pytest.raises(BadInput) as refusal:
        publish_map(version_id=draft.pk, actor=actor, at=NOW, verified_on=tomorrow)
    assert refusal.value.where == "verified_on"


def test_a_map_without_any_feature_is_not_published(cast: Cast) -> None:
    with acting(cast, "sro") as actor:
        empty = MapVersion.objects.create(
            district_id=cast.district.pk, campus=cast.lincoln, number=1
        )
        with pytest.raises(WrongState):
            publish_map(version_id=empty.pk, actor=actor, at=NOW)


@pytest.mark.parametrize("table", [MapVersion, MapFeature])
def test_the_database_refuses_a_change_of_a_published_map(
    cast: Cast, published: MapVersion, table: type[MapVersion | MapFeature]
) -> None:
    change = {"imported_by": "x"} if table is MapVersion else {"label": "x"}
    with (
        reach.of_districts(cast.district.pk),
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
    ):
        table.objects.update(**change)


def test_the_database_refuses_to_delete_a_published_map(cast: Cast, published: MapVersion) -> None:
    with (
        reach.of_districts(cast.district.pk),
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
    ):
        MapVersion.objects.all().delete()


def test_the_newest_published_version_is_the_map_of_the_campus(
    cast: Cast, published: MapVersion, bring_in: Importer
) -> None:
    draft = bring_in()
    with acting(cast, "sro") as actor:
        assert queries.published_map(cast.lincoln) == published
        newer = publish_map(version_id=draft.pk, actor=actor, at=NOW)
        assert queries.published_map(cast.lincoln) == newer
        assert list(queries.published_maps()) == [newer]
        assert (newer.number, queries.published_map(cast.cedar_ridge)) == (2, None)


def test_who_may_not_publish_is_refused_and_a_stranger_finds_nothing(
    cast: Cast, bring_in: Importer
) -> None:
    draft = bring_in()
    with acting(cast, "office") as actor, pytest.raises(NotAllowed):
        publish_map(version_id=draft.pk, actor=actor, at=NOW)
    with acting(cast, "stranger") as actor, pytest.raises(NotFound):
        publish_map(version_id=draft.pk, actor=actor, at=NOW)
