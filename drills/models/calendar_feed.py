"""A person's own calendar feed: an address with a token that can be ended and made anew."""

from typing import ClassVar

from django.db import models

from backend.tenancy.models import Identified


class CalendarFeed(Identified):
    """It shows what its person may see at the moment it is fetched, and nothing once ended."""

    user = models.ForeignKey("directory.User", on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    token_sealed = models.TextField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                name="calendar_feed_live_once",
                condition=models.Q(ended_at=None),
            )
        ]
