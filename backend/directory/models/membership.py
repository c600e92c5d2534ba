"""A user's role in a district or at a campus."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models.campus import Campus
from backend.tenancy.models import DistrictOwned


class Role(models.TextChoices):
    """Roles of people inside a district; a responder's role comes from its agency."""

    SRO = "sro", _("School resource officer")
    CAMPUS_ADMINISTRATOR = "campus_administrator", _("Campus administrator")
    OFFICE = "office", _("Office")
    ACCESS_COORDINATOR = "access_coordinator", _("Access coordinator")
    DISTRICT_ADMINISTRATOR = "district_administrator", _("District administrator")
    EVALUATOR = "evaluator", _("Evaluator")
    AUDITOR = "auditor", _("Auditor")
    STAFF = "staff", _("Staff")


OF_THE_DISTRICT = (Role.DISTRICT_ADMINISTRATOR, Role.AUDITOR)


class Membership(DistrictOwned):
    """A role from – to. With `acting_for` it passes on signing and running only."""

    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "sign-in": ("SELECT",),
        "delivery": ("SELECT",),
        "set-up": ("INSERT",),
    }

    user = models.ForeignKey("directory.User", on_delete=models.PROTECT, related_name="memberships")
    campus = models.ForeignKey(
        Campus, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=24, choices=Role)
    post = models.CharField(_("post"), max_length=120, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    acting_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="delegates"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(campus=None, role__in=OF_THE_DISTRICT)
                | models.Q(campus__isnull=False) & ~models.Q(role__in=OF_THE_DISTRICT),
                name="membership_place_fits_role",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["user", "campus", "role"],
                name="membership_once",
                condition=models.Q(acting_for=None, ends_on=None),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.name}, {self.role}"
