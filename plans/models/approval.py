"""Which signatures a plan needs, and those given."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Agency, Campus, ResponderContact
from backend.tenancy.models import DistrictOwned, ResponderRule
from plans.models.plan_version import PlanVersion


class SignerRole(models.TextChoices):
    """In which role somebody signs."""

    PRINCIPAL = "principal", _("Principal")
    SRO = "sro", _("SRO")
    DISTRICT = "district", _("District")
    AGENCY = "agency", _("Agency")


class SignatureRequirement(DistrictOwned):
    """A signature that plans of this campus need. An agency's names the agency."""

    campus = models.ForeignKey(Campus, on_delete=models.CASCADE, related_name="signatures_needed")
    role = models.CharField(max_length=12, choices=SignerRole)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campus", "role", "agency"],
                name="signature_requirement_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(role="agency", agency__isnull=False)
                | ~models.Q(role="agency") & models.Q(agency=None),
                name="signature_agency_named",
            ),
        ]


class Approval(DistrictOwned):
    """Who signed what in what role, when, over which content hash. Lapsed when sent back."""

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule(campus=None, agency="agency_id")

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="approvals")
    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=SignerRole)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True)
    signed_by = models.CharField(max_length=200)
    signed_by_key = models.UUIDField()
    acting_for = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField()
    content_hash = models.CharField(max_length=80)
    publication_hash = models.CharField(max_length=80, blank=True)
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "role", "agency"],
                name="approval_once",
                condition=models.Q(lapsed_at=None),
                nulls_distinct=False,
            )
        ]


class SignatureCode(DistrictOwned):
    """A one-time code to a contact's verified channel, bound to the browser that asked."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(ResponderContact, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=128)
    browser_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True)
