"""Jobs claimed under a lease, and ticks under a unique key."""

from typing import ClassVar

from django.db import models

from backend.tenancy.models import DistrictOwned


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(DistrictOwned):
    """Long work: kind, subject, progress, cancel asked, lease, outcome."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"jobs": ("SELECT", "UPDATE")}

    kind = models.CharField(max_length=40)
    campus_id = models.UUIDField(null=True)
    subject_id = models.UUIDField()
    state = models.CharField(max_length=12, choices=JobState, default=JobState.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    doing = models.CharField(max_length=120, blank=True)
    cancel_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "kind", "subject_id"],
                name="job_open_once",
                condition=models.Q(state__in=["queued", "running"]),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="job_open", condition=models.Q(state__in=["queued", "running"])
            )
        ]


class Tick(models.Model):
    """A run of a schedule, once: the key is which schedule and for which moment."""

    schedule = models.CharField(max_length=60)
    due = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "due"], name="tick_once")
        ]
