"""Bases of packets, openings, and known paper copies."""

from typing import ClassVar

from django.db import models

from backend.directory.models import Agency, Campus, Link
from backend.files.models import StoredFile
from backend.tenancy.models import DistrictOwned, ResponderRule
from plans.models.contact_sheet import ContactSheetCopy
from plans.models.publication import Publication


class PacketBase(DistrictOwned):
    """The PDF that all recipients share, for one Publication, sheet and set of conditions.

    `code` stands in the QR code of the paper: with it alone one learns whether it is current.
    """

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule()
    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"link": ("SELECT",)}

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="bases")
    sheet = models.ForeignKey(ContactSheetCopy, on_delete=models.CASCADE, null=True)
    conditions_hash = models.CharField(max_length=80)
    code = models.CharField(max_length=8, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    made_at = models.DateTimeField()
    pages = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["publication", "sheet", "conditions_hash"],
                name="packet_base_once",
                nulls_distinct=False,
            )
        ]


class PacketAccess(DistrictOwned):
    """A packet was opened or downloaded, by whom, in which form."""

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="accesses")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, null=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True)
    actor = models.CharField(max_length=200)
    actor_key = models.UUIDField(null=True)
    form = models.CharField(max_length=8)  # html, pdf
    copy_code = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    user_agent = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["publication", "actor_key"], name="access_by_actor")
        ]


class Print(DistrictOwned):
    """A known paper copy: where, which version, swapped or not."""

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="prints")
    place = models.CharField(max_length=200)
    registered_by = models.CharField(max_length=200)
    registered_at = models.DateTimeField()
    swapped_at = models.DateTimeField(null=True)
