"""Who is next when nobody acknowledges in time: each step a row, so a restart loses none."""

from typing import ClassVar

from django.db import models

from backend.directory.models import Agency, ResponderContact
from backend.tenancy.models import DistrictOwned
from notifications.models.notice import Notice


class EscalationStep(DistrictOwned):
    """One step for one agency. The key is which notice, agency and number, so twice is once."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"delivery": ("SELECT",)}

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="steps")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    number = models.PositiveSmallIntegerField()
    contact = models.ForeignKey(ResponderContact, on_delete=models.PROTECT, null=True)
    action = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # acknowledged, or no longer wanted

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "agency", "number"], name="escalation_step_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="escalation_due",
                condition=models.Q(done_at=None, ended_at=None),
            )
        ]
