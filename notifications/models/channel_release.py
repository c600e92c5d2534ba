"""A channel is held until a named person releases it."""

from typing import ClassVar

from django.db import models

from backend.tenancy.models import DistrictOwned


class ChannelRelease(DistrictOwned):
    """This district's channel is released; without a row its messages are held."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"delivery": ("SELECT",)}

    channel = models.CharField(max_length=12)
    released_by = models.CharField(max_length=200)
    released_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "channel"], name="channel_release_once")
        ]
