"""The directory app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """People, places and their relations."""

    name = "backend.directory"
    label = "directory"

    def ready(self) -> None:
        """Let the API's schema say how callers identify."""
        from backend.directory import api_schema  # noqa: F401, PLC0415 — needs loaded settings
