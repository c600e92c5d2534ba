"""The drills app."""

from django.apps import AppConfig


class DrillsConfig(AppConfig):
    """Drills, their clearances and records, reviews and corrective actions."""

    name = "drills"

    def ready(self) -> None:
        """Register what other apps ask of drills."""
        from drills import registrations  # noqa: PLC0415 — needs loaded models

        registrations.register()
