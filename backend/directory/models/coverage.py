"""What a district grants to agencies: whom they cover, who of them may look, where to write."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models.agency import Agency, AgencyMember, Device, ResponderContact
from backend.directory.models.campus import Campus
from backend.tenancy.models import DistrictOwned, ResponderRule


class Capacity(models.TextChoices):
    """In which capacity an agency comes."""

    FIRST_DUE = "first_due", _("First due")
    MUTUAL_AID = "mutual_aid", _("Mutual aid")


class Coverage(DistrictOwned):
    """An agency serves a campus, from – to."""

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule(agency="agency_id")
    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "sign-in": ("SELECT",),
        "link": ("SELECT",),
        "delivery": ("SELECT",),
    }

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="coverages")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="coverages")
    capacity = models.CharField(
        _("capacity"), max_length=12, choices=Capacity, default=Capacity.FIRST_DUE
    )
    hours = models.JSONField(default=dict, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campus", "agency"], name="coverage_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency.name}, {self.capacity}"


class Grant(DistrictOwned):
    """This district lets one member or one device of an agency reach the campuses it covers."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"sign-in": ("SELECT",)}

    agency_member = models.ForeignKey(
        AgencyMember, on_delete=models.CASCADE, null=True, blank=True, related_name="grants"
    )
    device = models.ForeignKey(
        Device, on_delete=models.CASCADE, null=True, blank=True, related_name="grants"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(agency_member=None, device__isnull=False)
                | models.Q(agency_member__isnull=False, device=None),
                name="grant_to_one",
            ),
            models.UniqueConstraint(
                fields=["district", "agency_member"],
                name="grant_member_once",
                condition=models.Q(ended_at=None, agency_member__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["district", "device"],
                name="grant_device_once",
                condition=models.Q(ended_at=None, device__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.agency_member.user.name if self.agency_member else self.device)


class AcceptedAddress(DistrictOwned):
    """The address of a contact that this district accepted: it sends there and nowhere else."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"delivery": ("SELECT",)}

    contact = models.ForeignKey(ResponderContact, on_delete=models.CASCADE, related_name="accepted")
    channel = models.CharField(max_length=12, default="email")
    address = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district", "contact", "channel"], name="accepted_address_once"
            )
        ]

    def __str__(self) -> str:
        return self.contact.name
