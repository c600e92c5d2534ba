"""Agencies and their people. They stand above districts: each may serve several."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.tenancy.models import Identified


class AgencyKind(models.TextChoices):
    """What an agency does."""

    POLICE = "police", _("Police")
    SHERIFF = "sheriff", _("Sheriff")
    FIRE = "fire", _("Fire")
    EMS = "ems", _("EMS")
    DISPATCH = "dispatch", _("Dispatch")
    EMERGENCY_MANAGEMENT = "emergency_management", _("Emergency management")
    ALARM_MONITORING = "alarm_monitoring", _("Alarm monitoring")


ALWAYS_OPEN = {AgencyKind.DISPATCH, AgencyKind.ALARM_MONITORING}


class Agency(Identified):
    """Police, sheriff, fire, EMS, dispatch, emergency management or alarm monitoring.

    `hours` is {"always": true} or {"weekly": {"0": [["08:00", "17:00"]], …}, "holidays":
    ["2026-11-26", …]}; day 0 is Monday; empty means the usual of its kind.
    """

    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=24, choices=AgencyKind)
    time_zone = models.CharField(_("time zone"), max_length=40)
    phone = models.CharField(_("ten-digit line"), max_length=40, blank=True)
    hours = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=AgencyKind.values), name="agency_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_always_open(self) -> bool:
        """Return whether it answers at any hour."""
        return bool(self.hours.get("always", not self.hours and self.kind in ALWAYS_OPEN))


class ResponderContact(Identified):
    """A person, desk, shift mailbox or system of an agency, in its order of calling."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    post = models.CharField(_("post"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("order of calling"), default=1)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    hours = models.JSONField(default=dict, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "email"],
                name="contact_email_once",
                condition=models.Q(ended_at=None) & ~models.Q(email=""),
            )
        ]

    def __str__(self) -> str:
        return self.name


class AgencyMember(Identified):
    """A user who belongs to an agency. Alone it opens no district: see Grant."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey("directory.User", on_delete=models.PROTECT, related_name="agencies")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "user"], name="agency_member_once")
        ]


class Device(Identified):
    """A patrol car, station or console: a revocable token of its agency, no idle limit."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(_("name"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.name
