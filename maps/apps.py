"""The maps app."""

from django.apps import AppConfig


class MapsConfig(AppConfig):
    """Campus maps."""

    name = "maps"
