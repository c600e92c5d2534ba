"""The notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Notices, deliveries, acknowledgements."""

    name = "notifications"

    def ready(self) -> None:
        """Make known what this app itself tells of, and whether account mail leaves."""
        from backend.directory.account_mail import tell_release  # noqa: PLC0415 — models first
        from notifications.services.account_mail import is_account_mail_released  # noqa: PLC0415
        from notifications.services.phone_calls import register_own_subject  # noqa: PLC0415

        register_own_subject()
        tell_release(is_account_mail_released)
