"""The notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Notices, deliveries, acknowledgements."""

    name = "notifications"
