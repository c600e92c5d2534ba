"""`flush`, logged in as the role that owns the tables."""

from typing import Any

from django.core.management.commands.flush import Command as Stock

from backend.tenancy.owner import as_owner


class Command(Stock):
    """Django's own command; `execute`, since system checks run there."""

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run as the owner."""
        with as_owner():
            return super().execute(*args, **options)
