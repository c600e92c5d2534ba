"""Log in as the role that owns the tables: for migrate, flush, tests' set-up and backup only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from backend.problems import BadSetting


@contextmanager
def as_owner(alias: str = DEFAULT_DB_ALIAS) -> Iterator[Any]:
    """Put the owner's connection in place of the app's for this thread."""
    if not settings.DATABASE_OWNER:
        raise BadSetting(
            "MIGRATION_DATABASE_URL is not set.",
            where="MIGRATION_DATABASE_URL",
            mend="Set it to the PostgreSQL role that owns the tables.",
        )
    app = connections[alias]
    options = {key: value for key, value in app.settings_dict["OPTIONS"].items() if key != "pool"}
    owner_settings = {**app.settings_dict, **settings.DATABASE_OWNER, "OPTIONS": options}
    owner = type(app)(owner_settings, alias)
    app.close()
    connections[alias] = owner
    try:
        yield owner
    finally:
        owner.close()
        connections[alias] = app
