"""The directory app."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """People, places and their relations."""

    name = "backend.directory"
    label = "directory"
