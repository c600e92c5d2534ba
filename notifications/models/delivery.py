"""One recipient on one channel for one grouping key, each try, and the text all tries send."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Agency, ResponderContact, User
from backend.tenancy.models import DistrictOwned, ResponderRule
from notifications.models.notice import Notice


class DeliveryState(models.TextChoices):
    """Never more than is known."""

    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    UNKNOWN = "unknown", _("Not known")
    CANCELLED = "cancelled", _("No longer wanted")
    HELD = "held", _("Held")


class HeldBecause(models.TextChoices):
    """What a person must do before a held delivery goes on."""

    CHANNEL = "channel", _("the channel is not released")
    ADDRESS = "address", _("the address is not the one this district accepted")
    REFUSED = "refused", _("the mail server refused us, not the address")
    UNKNOWN = "unknown", _("three tries ended without an answer")
    UNWRITTEN = "unwritten", _("its text could not be written")


class Delivery(DistrictOwned):
    """A message owed. Claimed under a lease with a fence; due while it is not proven done.

    It goes to a contact of an agency, or to a person of the district by the account's own address.
    """

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule(campus=None, agency="agency_id")
    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"delivery": ("SELECT", "UPDATE")}

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    contact = models.ForeignKey(
        ResponderContact, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=12, default="email")
    address = models.CharField(max_length=200)
    grouping_key = models.CharField(max_length=120)
    priority = models.PositiveSmallIntegerField(default=5)  # 1 is urgent
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.QUEUED)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    unknown_outcomes = models.PositiveSmallIntegerField(default=0)
    state_since = models.DateTimeField()
    held_because = models.CharField(max_length=12, choices=HeldBecause, blank=True)
    tried_at = models.DateTimeField(null=True)  # first try: from here silence is counted
    sent_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)  # what follows if all stay silent stands in rows
    last_answer = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "contact", "channel", "grouping_key"],
                name="delivery_queued_once",
                condition=models.Q(state__in=["queued", "held"], attempts=0),
            ),
            models.UniqueConstraint(
                fields=["district", "user", "channel", "grouping_key"],
                name="delivery_to_user_queued_once",
                condition=models.Q(state__in=["queued", "held"], attempts=0, user__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(agency__isnull=False, contact__isnull=False, user=None)
                | models.Q(agency=None, contact=None, user__isnull=False),
                name="delivery_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=DeliveryState.values), name="delivery_state"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["priority", "due_at", "id"],
                name="delivery_due",
                condition=models.Q(state="queued"),
            ),
            models.Index(
                fields=["id"], name="delivery_sending", condition=models.Q(state="sending")
            ),
            models.Index(
                fields=["id"],
                name="delivery_unplanned",
                condition=models.Q(state="sent", planned_at=None),
            ),
            models.Index(fields=["agency", "-due_at"], name="delivery_by_agency"),
        ]

    @property
    def recipient(self) -> str:
        """Return the name of the contact or person it goes to."""
        return self.contact.name if self.contact else self.user.name if self.user else ""

    def told_contact(self) -> ResponderContact:
        """Return the contact of a message to an agency; a person of the district has none."""
        if self.contact is None:
            raise ValueError("this message goes to a person of the district")
        return self.contact

    def told_agency(self) -> Agency:
        """Return the agency of a message to one; a person of the district has none."""
        if self.agency is None:
            raise ValueError("this message goes to a person of the district")
        return self.agency


class DeliveryText(DistrictOwned):
    """Rendered at the first claim and kept: each retry sends the same bytes. It holds no token."""

    delivery = models.OneToOneField(Delivery, on_delete=models.CASCADE, related_name="text")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    rendered_at = models.DateTimeField()


class DeliveryLine(DistrictOwned):
    """One notice told by one delivery."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"delivery": ("SELECT",)}

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="lines")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="lines")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "notice"], name="delivery_line_once")
        ]


class Attempt(DistrictOwned):
    """One try. Started without an end means that its outcome is not known."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    fence = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)
    code = models.CharField(max_length=12, blank=True)
    answer = models.CharField(max_length=300, blank=True)
