"""The tenant."""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.tenancy.models import DistrictOwned


class District(DistrictOwned):
    """A school district. Its own id is its district: the walls treat it like any of its records."""

    DISTRICT_FIELD: ClassVar[str] = "pk"
    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "sign-in": ("SELECT",),
        "link": ("SELECT",),
        "delivery": ("SELECT",),
        "jobs": ("SELECT",),
        "ticks": ("SELECT",),
        "audit-verify": ("SELECT",),
        "set-up": ("SELECT", "INSERT"),
    }

    district = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=160)
    state = models.CharField(_("state"), max_length=2)
    time_zone = models.CharField(_("time zone"), max_length=40, default="America/New_York")
    answering_name = models.CharField(_("line that answers"), max_length=120)
    answering_phone = models.CharField(_("its number"), max_length=40)
    marking = models.CharField(
        _("handling marking"), max_length=160, default="FOR OFFICIAL USE ONLY – FIRST RESPONDERS"
    )
    is_demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name

    @property
    def district_id(self) -> UUID:  # type: ignore[override]
        """Return its own id, as every other record returns its district's."""
        return self.pk
