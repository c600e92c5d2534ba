"""A console that waits to be enrolled: it shows a code, and somebody of its agency types it."""

import secrets

from django.db import models

from backend.directory.models.campus import SHORT_ID_LETTERS
from backend.tenancy.models import Identified


def new_code() -> str:
    """Return six letters that are read aloud across a room."""
    return "".join(secrets.choice(SHORT_ID_LETTERS) for _ in range(6)).upper()


class DevicePairing(Identified):
    """The console proves itself by a secret that it alone holds; the code names it to people.

    Once somebody has typed the code, the device's token lies here encrypted until the console takes
    it, once.
    """

    code = models.CharField(max_length=8, unique=True, default=new_code, editable=False)
    secret_hash = models.CharField(max_length=64, unique=True)
    token_sealed = models.TextField(blank=True)
    expires_at = models.DateTimeField()
