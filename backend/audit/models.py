"""Audit events and the heads of their chains. The application's role may only add events."""

from typing import ClassVar

from django.db import models

from backend.tenancy.models import DistrictOwned, Identified


class Event(models.Model):
    """One deed or read. `body` is what is hashed; `at` is the moment of the deed, UTC."""

    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=200)
    actor_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    body = models.JSONField()
    previous_hash = models.CharField(max_length=80)
    hash = models.CharField(max_length=80)

    class Meta:
        abstract = True


class AuditEvent(DistrictOwned, Event):
    """An event of one district's chain."""

    APPEND_ONLY: ClassVar[bool] = True
    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"audit-verify": ("SELECT",)}

    campus_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "sequence"], name="audit_sequence")
        ]
        indexes: ClassVar = [
            models.Index(fields=["district", "-at"], name="audit_by_time"),
            models.Index(fields=["district", "subject_id"], name="audit_by_subject"),
        ]


class AuditHead(DistrictOwned):
    """The end of a district's chain, locked while an event is added."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"audit-verify": ("SELECT",)}

    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=80, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district"], name="audit_head_once")
        ]


class AccountEvent(Identified, Event):
    """An event of the chain above districts: sign-ins, users, agencies, contacts."""

    APPEND_ONLY: ClassVar[bool] = True

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sequence"], name="account_event_sequence")
        ]


class AccountHead(models.Model):
    """The end of the chain above districts."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=80, default="")
