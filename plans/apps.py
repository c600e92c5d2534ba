"""The plans app."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Emergency operations plans and the packets cut from them."""

    name = "plans"

    def ready(self) -> None:
        """Register what other apps ask of plans: link addresses, acknowledgements, jobs."""
        from plans import registrations  # noqa: PLC0415 — needs loaded models

        registrations.register()
