"""The API app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Shared parts of the API."""

    name = "backend.api"
    label = "api"
