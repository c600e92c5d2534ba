"""The test database, made by the owner and used by the role that owns nothing."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache

if TYPE_CHECKING:
    from tests.cast import Cast


@pytest.fixture(scope="session")
def owner_login(django_test_environment: None, django_db_blocker: Any) -> Any:
    """Log in as the owner while the test database is made."""
    from backend.tenancy.owner import as_owner

    with django_db_blocker.unblock():
        login = as_owner()
        login.__enter__()
    return login


@pytest.fixture(scope="session")
def django_db_setup(
    owner_login: Any, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Made by the owner; from here every test is the application's role."""
    owner_login.__exit__(None, None, None)
    yield
    from django.db import connections

    with django_db_blocker.unblock():
        connections["default"].close()
        connections["default"].close_pool()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of reference data laid beside the project, or skip."""
    folder = Path(
        os.environ.get("MUSTER_SHARED_DATA")
        or Path(__file__).resolve().parents[2] / "shared" / "data"
    )
    if not folder.is_dir():
        pytest.skip("the reference data is not laid beside the project")
    return folder


@pytest.fixture
def cast(db: None) -> "Cast":
    """Return the people and places every test knows."""
    from tests.cast import assemble

    return assemble()


@pytest.fixture(scope="session", autouse=True)
def answers_match_the_schema() -> None:
    """Hold every answer of the API in every test against the published schema."""
    from tests.contracts import answers

    answers.watch()


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
