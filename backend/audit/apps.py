"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only events."""

    name = "backend.audit"
    label = "audit"
