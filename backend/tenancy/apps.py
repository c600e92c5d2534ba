"""Hooks the walls into every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    """Row-level security is derived from the models after each migrate; none is forgotten."""

    name = "backend.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        """Register the database check and the step after migrate."""
        from backend.tenancy import checks, walls  # noqa: F401, PLC0415 — needs loaded models

        post_migrate.connect(walls.raise_walls, dispatch_uid="tenancy.raise_walls")
