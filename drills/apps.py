"""The drills app."""

from django.apps import AppConfig


class DrillsConfig(AppConfig):
    """Drills."""

    name = "drills"
