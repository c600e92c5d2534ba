"""What to say to whom and why: one per event, of one district."""

from typing import ClassVar

from django.db import models

from backend.directory.models import Campus
from backend.tenancy.models import DistrictOwned


class Notice(DistrictOwned):
    """Written in the transaction of the event it tells of.

    `subject` is a registered kind ("plan packet", "condition", "signature"); `wording` holds the
    parameters of its text; `batch` joins the notices of one batch into one message a recipient.
    """

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"delivery": ("SELECT",)}

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, null=True, related_name="notices")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    batch = models.CharField(max_length=60, blank=True)
    wording = models.JSONField(default=dict)
    is_urgent = models.BooleanField(default=False)
    policy = models.CharField(max_length=20, default="packet")
    occurred_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # no longer wanted: nothing more is sent for it

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["campus", "-occurred_at"], name="notice_by_campus"),
            models.Index(fields=["subject_id"], name="notice_by_subject"),
        ]

    def __str__(self) -> str:
        return self.kind
