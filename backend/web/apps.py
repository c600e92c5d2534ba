"""The web app: base templates, components, static files, error pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """What all pages share."""

    name = "backend.web"
    label = "web"
