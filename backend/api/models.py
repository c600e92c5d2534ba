"""Answers kept for repeated calls."""

from typing import ClassVar

from django.db import models


class KeptAnswer(models.Model):
    """The answer to a call with an Idempotency-Key, for 24 hours; written with its deed."""

    caller = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    mark = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caller", "key"], name="kept_answer_once")
        ]
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="kept_answer_expiry")]
