"""What the tests of packets' pages stand on."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def plain_static_names(request: pytest.FixtureRequest) -> None:
    """Let pages name static files as they lie in the project: tests gather none."""
    if "cast" in request.fixturenames or "db" in request.fixturenames:
        settings: Any = request.getfixturevalue("settings")
        plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
