"""The jobs app."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs and ticks."""

    name = "backend.jobs"
    label = "jobs"
