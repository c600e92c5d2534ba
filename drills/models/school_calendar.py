"""When a campus is in session: the days that drill rules count."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Campus
from backend.tenancy.models import DistrictOwned


class SchoolCalendar(DistrictOwned):
    """One school year of the district, or of one campus that differs from it.

    `no_school` lists days as "2026-11-26", `testing` windows of state tests as {"from", "to"},
    `terms` as {"name", "first_day", "last_day"}. Times are the campus's local time.
    """

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"ticks": ("SELECT",)}

    campus = models.ForeignKey(
        Campus, on_delete=models.CASCADE, null=True, blank=True, related_name="calendars"
    )
    first_day = models.DateField(_("first day of school"))
    last_day = models.DateField(_("last day of school"))
    no_school = models.JSONField(default=list)
    testing = models.JSONField(default=list)
    terms = models.JSONField(default=list)
    day_starts = models.TimeField(_("school day starts"))
    day_ends = models.TimeField(_("school day ends"))
    lunch_starts = models.TimeField(_("lunch starts"), null=True, blank=True)
    lunch_ends = models.TimeField(_("lunch ends"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-first_day"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "campus", "first_day"],
                name="school_calendar_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gt=models.F("first_day")),
                name="school_calendar_ends_later",
            ),
            models.CheckConstraint(
                condition=models.Q(day_ends__gt=models.F("day_starts")),
                name="school_day_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day.year}-{self.last_day.year}"
