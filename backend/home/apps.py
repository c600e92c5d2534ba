"""The home app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Today, campuses, settings."""

    name = "backend.home"
    label = "home"
