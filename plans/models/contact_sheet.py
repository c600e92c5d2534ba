"""The campus's people and numbers: its own date, hash and confirming person."""

from typing import ClassVar

from django.db import models

from backend.directory.models import Campus
from backend.tenancy.models import DistrictOwned, ResponderRule


class ContactSheet(DistrictOwned):
    """The sheet being edited: one per campus. `content` has two columns and the private numbers."""

    campus = models.OneToOneField(Campus, on_delete=models.PROTECT, related_name="contact_sheet")
    content = models.JSONField(default=dict)
    edits = models.PositiveIntegerField(default=0)
    edited_by = models.CharField(max_length=200, blank=True)
    edited_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "contact sheet"


class ContactSheetCopy(DistrictOwned):
    """What confirming a sheet froze for responders: duty numbers, no private ones."""

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule()

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="contact_sheets")
    document = models.TextField()
    content_hash = models.CharField(max_length=80)
    confirmed_by = models.CharField(max_length=200)
    confirmed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["campus", "-confirmed_at"], name="sheet_copy_by_campus")
        ]

    def __str__(self) -> str:
        return "contact sheet"
