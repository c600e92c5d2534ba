"""The files app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored bytes."""

    name = "backend.files"
    label = "files"
