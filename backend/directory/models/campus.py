"""A school."""

import secrets
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from backend.tenancy.models import DistrictOwned, ResponderRule

SHORT_ID_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0, o, 1, i, l: read aloud and typed


def new_short_id() -> str:
    """Return six letters that stand behind a readable name in an address."""
    return "".join(secrets.choice(SHORT_ID_LETTERS) for _ in range(6))


class Campus(DistrictOwned):
    """A school: where it is, who is in it by count, and which state's rules bind it."""

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule(campus="pk")
    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "sign-in": ("SELECT",),
        "link": ("SELECT",),
        "delivery": ("SELECT",),
        "jobs": ("SELECT",),
        "ticks": ("SELECT",),
    }

    short_id = models.CharField(max_length=8, default=new_short_id, editable=False)
    check_code = models.CharField(max_length=8, default=new_short_id, editable=False)
    name = models.CharField(_("name"), max_length=160)
    nces_id = models.CharField(_("NCES id"), max_length=12, blank=True)
    address = models.CharField(_("street address"), max_length=200)
    cross_street = models.CharField(_("cross street"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=100)
    state = models.CharField(_("state"), max_length=2)
    postal_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=40)
    grades = models.CharField(_("grades"), max_length=20, blank=True)
    enrollment = models.PositiveIntegerField(_("students enrolled"), null=True, blank=True)
    staff_count = models.PositiveIntegerField(_("staff"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "short_id"], name="campus_short_id"),
            models.UniqueConstraint(fields=["district", "check_code"], name="campus_check_code"),
            models.UniqueConstraint(
                fields=["district", "nces_id"],
                name="campus_nces_id",
                condition=~models.Q(nces_id=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["short_id"], name="campus_by_short_id"),
            models.Index(fields=["check_code"], name="campus_by_check_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def campus_id(self) -> Any:
        """Return its own id, as every record of a campus returns its campus'."""
        return self.pk

    @property
    def slug(self) -> str:
        """Return the readable name with the short id: `lincoln-high-school-7kq2m9`."""
        return f"{slugify(self.name) or 'campus'}-{self.short_id}"

    def get_absolute_url(self) -> str:
        """Return the campus's own page."""
        return f"/campuses/{self.slug}/"

    def local_date(self, at: datetime) -> date:
        """Return the day it is at the campus at that moment."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def full_address(self) -> str:
        """Return the address as written on an envelope, in one line."""
        return f"{self.address}, {self.city}, {self.state} {self.postal_code}".strip()
