"""Mail about accounts: invitations, passwords, sign-in codes. A channel of its own."""

from typing import ClassVar

from django.db import models

from backend.tenancy.models import Identified


class AccountMessage(Identified):
    """One message to one person; the body is encrypted, since it holds a one-time link or code."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body_sealed = models.TextField()
    state = models.CharField(max_length=12, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    last_answer = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="account_message_due",
                condition=models.Q(state__in=["queued", "sending"]),
            )
        ]
