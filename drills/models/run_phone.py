"""A phone that runs a drill: a token of that one drill, so an ended session loses no entry."""

from typing import ClassVar

from django.db import models

from backend.tenancy.models import DistrictOwned
from drills.models.drill import Drill


class RunPhone(DistrictOwned):
    """One person's phone in one drill. Its token is kept hashed, ends and can be revoked."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"link": ("SELECT",)}

    drill = models.ForeignKey(Drill, on_delete=models.CASCADE, related_name="phones")
    user = models.ForeignKey("directory.User", on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
