"""A campus whose small map is imported or published."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from backend.directory.access import reach_of
from backend.directory.actor import Actor
from backend.tenancy import reach
from maps.models import MapVersion
from maps.services.importing import import_map
from maps.services.publishing import publish_map
from tests.cast import NOW, Cast
from tests.maps.app import small_school

Importer = Callable[..., MapVersion]


@contextmanager
def acting(cast: Cast, word: str) -> Iterator[Actor]:
    """Open the reach of a person of the cast and give the actor."""
    actor = cast.actor(word)
    with reach_of(actor):
        yield actor


@pytest.fixture(autouse=True)
def plain_static_names(settings: Any) -> None:
    """Let pages name static files as they lie in the project: tests gather none."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def bring_in(cast: Cast) -> Importer:
    """Return a function that imports a file at Lincoln as the principal would."""

    def imported(content: bytes = b"", name: str = "school.geojson") -> MapVersion:
        with acting(cast, "principal") as actor:
            return import_map(
                campus_id=cast.lincoln.pk,
                name=name,
                content=content or small_school.file_of(),
                actor=actor,
                at=NOW,
            )

    return imported


@pytest.fixture
def published(cast: Cast, bring_in: Importer) -> MapVersion:
    """Return the small map, published and verified on site by the SRO."""
    draft = bring_in()
    with acting(cast, "sro") as actor:
        return publish_map(
            version_id=draft.pk,
            actor=actor,
            at=NOW,
            verified_on=date(2026, 8, 20),
            verified_by="Officer Dana Whitfield",
        )


@pytest.fixture
def keys(cast: Cast, published: MapVersion) -> dict[str, str]:
    """Return the feature ids of the published small map by label."""
    with reach.of_districts(cast.district.pk):
        return {row.label: str(row.key) for row in published.features.all()}
