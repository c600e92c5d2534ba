"""A program's way in: the rights of its user, nothing more."""

from django.db import models

from backend.tenancy.models import Identified


class ApiToken(Identified):
    """A bearer token of a user, kept hashed, shown once."""

    user = models.ForeignKey("directory.User", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
