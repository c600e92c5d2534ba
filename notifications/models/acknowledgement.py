"""Somebody of an agency has a notice: when, how, or a phone call recorded by whom."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Agency, ResponderContact
from backend.tenancy.models import DistrictOwned, ResponderRule
from notifications.models.notice import Notice


class How(models.TextChoices):
    """How it came."""

    LINK = "link", _("by link")
    ACCOUNT = "account", _("signed in")
    API = "api", _("by their own software")
    PHONE = "phone", _("by phone")


class Acknowledgement(DistrictOwned):
    """One per notice and contact; a phone call has no contact, but who said it and who wrote it."""

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule(campus=None, agency="agency_id")

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="acknowledgements")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    contact = models.ForeignKey(ResponderContact, on_delete=models.PROTECT, null=True)
    how = models.CharField(max_length=8, choices=How)
    answer = models.CharField(max_length=12, default="accepted")  # accepted, exception
    note = models.CharField(max_length=300, blank=True)
    said_by = models.CharField(max_length=120)
    line_called = models.CharField(max_length=40, blank=True)
    recorded_by = models.CharField(max_length=200, blank=True)
    acknowledged_at = models.DateTimeField()
    is_unconfirmed = models.BooleanField(default=False)  # may have been a mail scanner
    disputed_at = models.DateTimeField(null=True)
    disputed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "agency", "contact"],
                name="acknowledgement_once",
                condition=models.Q(contact__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["notice", "agency", "said_by", "acknowledged_at"],
                name="acknowledgement_call_once",
                condition=models.Q(contact__isnull=True),
            ),
        ]
