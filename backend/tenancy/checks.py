"""A system check that compares the walls in the database with what the models ask for."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connection

from backend.tenancy import walls


@checks.register(checks.Tags.database)
def walls_stand(databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """Return an error for each difference; silent for the owner, who is about to mend them."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relname = 'django_migrations' AND"
            " relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)),"
            " to_regclass('public.django_migrations') IS NULL"
        )
        is_owner, is_empty = cursor.fetchone()
    if is_owner or is_empty:
        return []
    return [checks.Error(text, id="tenancy.E001") for text in walls.differences()]
