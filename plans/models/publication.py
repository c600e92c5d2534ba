"""The frozen copy of a version for one audience: what agencies, links and devices read."""

from typing import ClassVar

from django.db import models

from backend.directory.models import Agency, Campus
from backend.tenancy.models import DistrictOwned, ResponderRule
from plans.models.plan_version import PlanVersion


class Publication(DistrictOwned):
    """Text and roles up to an audience, the map document, what changed. Fixed by a trigger.

    `document` and `map_document` are canonical JSON texts; `own_hash` covers both and the facts
    beside them. With an agency it is a review copy for its signature and ends with the review.
    """

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule(
        agency="agency_id",
        agency_may_be_null=True,
        where={"audience": ["public", "staff", "responder"]},
        null=("withdrawn_at",),
    )

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="publications")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="publications")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True)
    audience = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    document = models.TextField()
    map_document = models.TextField()
    map_number = models.PositiveIntegerField(null=True)
    facts = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    replaces_number = models.PositiveIntegerField(null=True)
    in_force_from = models.DateField(null=True)
    published_at = models.DateTimeField()
    content_hash = models.CharField(max_length=80)
    own_hash = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "audience", "agency"],
                name="publication_once",
                condition=models.Q(withdrawn_at=None),
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"v{self.number} for {self.audience}"
