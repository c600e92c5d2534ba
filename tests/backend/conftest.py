"""What tests of pages need: static files under their plain names, limits counted afresh."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    """Pages name files by their plain names: nothing is gathered for a test run."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def our_mail_and_quick_passwords(settings: Any) -> None:
    """Mail goes to the outbox, as in production; hashing a password takes no half second."""
    settings.EMAIL_BACKEND = "backend.directory.account_mail.OutboxBackend"
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]


@pytest.fixture(autouse=True)
def no_limits_from_other_tests() -> Iterator[None]:
    """Tries counted in one test do not hold up the next."""
    cache.clear()
    yield
    cache.clear()
