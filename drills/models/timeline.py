"""What happened in a drill, when, and who saw it: places and procedures, never who is at fault."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Campus
from backend.files.models import StoredFile
from backend.tenancy.models import DistrictOwned
from drills.models.drill import Drill


class EntryKind(models.TextChoices):
    """What an entry tells."""

    START = "start", _("Started")
    SECURED = "secured", _("All out or secured")
    PLACE_REPORT = "place_report", _("Place reported")
    ALL_REPORTED = "all_reported", _("All places reported")
    MARK = "mark", _("Time mark")
    OBSERVATION = "observation", _("Observation")
    PHOTO = "photo", _("Photo")
    END = "end", _("Ended")
    STOP = "stop", _("Stopped: real emergency")


class PlaceStatus(models.TextChoices):
    """What a place reported. No report is not “safe”."""

    ACCOUNTED = "accounted", _("All accounted for")
    MISSING = "missing", _("Somebody missing")
    EXTRA = "extra", _("Somebody extra")
    INJURED = "injured", _("Somebody injured")
    NEED_HELP = "need_help", _("Need help")


class TimelineEntry(DistrictOwned):
    """Made on a phone, kept there, sent once: the key is the phone's, so twice is once.

    `happened_at` is the phone's time corrected by what its clock was off at the last contact;
    `device_at` is what the phone said, `received_at` the server's own.
    """

    APPEND_ONLY: ClassVar[bool] = True

    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="timeline")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=EntryKind)
    status = models.CharField(max_length=12, choices=PlaceStatus, blank=True)
    feature_key = models.UUIDField(null=True)
    place = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=500, blank=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    happened_at = models.DateTimeField()
    device_at = models.DateTimeField()
    clock_off_seconds = models.IntegerField(default=0)
    received_at = models.DateTimeField()
    by = models.CharField(max_length=200)
    by_key = models.UUIDField(null=True)
    device = models.CharField(max_length=60, blank=True)
    doubts = models.JSONField(default=list)  # what a reader should know: "clock", "place_gone"

    class Meta:
        ordering: ClassVar = ["happened_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["drill", "received_at"], name="timeline_by_drill")
        ]


class Amendment(DistrictOwned):
    """A correction of a drill's record: what stood there, what is right, and why."""

    APPEND_ONLY: ClassVar[bool] = True

    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="amendments")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=40)
    was = models.CharField(max_length=300)
    now = models.CharField(max_length=300)
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=200)
    amended_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["amended_at", "id"]


class RecordSeal(DistrictOwned):
    """The hash of a drill's record when it was closed or amended, chained by campus."""

    APPEND_ONLY: ClassVar[bool] = True

    drill = models.ForeignKey(Drill, on_delete=models.PROTECT, related_name="seals")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    content = models.TextField()
    content_hash = models.CharField(max_length=80)
    former_hash = models.CharField(max_length=80, blank=True)
    chain_hash = models.CharField(max_length=80)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campus", "number"], name="record_seal_number")
        ]
