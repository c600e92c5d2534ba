"""One recipient's way in without an account."""

import hashlib
import secrets
from typing import ClassVar

from django.db import models

from backend.directory.models.agency import ResponderContact
from backend.directory.models.campus import Campus
from backend.tenancy.models import DistrictOwned

TOKEN_BYTES = 24  # 192 bits


def new_token() -> str:
    """Return a random token of 192 bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Return the form in which a token is looked up."""
    return hashlib.sha256(token.encode()).hexdigest()


class Purpose(models.TextChoices):
    """What a link was made for."""

    PACKET = "packet", "packet"
    ACKNOWLEDGE = "acknowledge", "acknowledge"
    SIGN = "sign", "sign"
    CLEAR = "clear", "clear"


class Link(DistrictOwned):
    """Contact, purpose, subject. The token is kept hashed to look up, encrypted to send again."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"link": ("SELECT",)}

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, null=True, related_name="links")
    contact = models.ForeignKey(ResponderContact, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=16, choices=Purpose)
    subject_id = models.UUIDField(null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    token_sealed = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "contact", "purpose", "campus", "subject_id"],
                name="link_live_once",
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
            )
        ]
