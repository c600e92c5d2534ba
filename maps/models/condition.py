"""Something that holds for a while: a gate chained, an elevator out, a sprinkler off."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Campus
from backend.files.models import StoredFile
from backend.tenancy.models import DistrictOwned, ResponderRule

LONGEST = timedelta(days=30)


class ConditionKind(models.TextChoices):
    """What is out of order. The first six tell the agencies at once."""

    ACCESS = "access", _("Way in closed or changed")
    FIRE_PROTECTION = "fire_protection", _("Fire protection off")
    GAS = "gas", _("Gas")
    WATER = "water", _("Water")
    ELECTRIC = "electric", _("Electricity")
    HVAC = "hvac", _("Heating and ventilation")
    ELEVATOR = "elevator", _("Elevator out")
    DOOR = "door", _("Door out of order")
    AREA_CLOSED = "area_closed", _("Area closed")
    OTHER = "other", _("Other")


TELL_AT_ONCE = frozenset({"access", "fire_protection", "gas", "water", "electric", "hvac"})


class ConditionState(models.TextChoices):
    """Reported waits for an entitled person; published stands in packets; ended is over."""

    REPORTED = "reported", _("Reported")
    PUBLISHED = "published", _("In force")
    ENDED = "ended", _("Ended")


class Condition(DistrictOwned):
    """Published by one entitled person in a minute, seen by a second the next working day."""

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule(where={"state": ["published"]})
    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"ticks": ("SELECT",)}

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="conditions")
    kind = models.CharField(_("what"), max_length=20, choices=ConditionKind)
    state = models.CharField(max_length=12, choices=ConditionState)
    feature_key = models.UUIDField(null=True, blank=True)
    place = models.CharField(_("where"), max_length=200)
    text = models.CharField(_("what to know"), max_length=300)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    reported_by = models.CharField(max_length=200)
    published_by = models.CharField(max_length=200, blank=True)
    published_by_key = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=200, blank=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="condition_ends_later"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__lte=models.F("starts_at") + LONGEST),
                name="condition_at_most_30_days",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["campus"],
                name="condition_in_force",
                condition=models.Q(state="published"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.place}"

    @property
    def tells_at_once(self) -> bool:
        """Return whether the agencies are told at any hour."""
        return self.kind in TELL_AT_ONCE
