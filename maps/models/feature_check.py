"""Who saw a feature on site, when, with which result. Dated, outside the version's hash."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Campus
from backend.files.models import StoredFile
from backend.tenancy.models import DistrictOwned


class FeatureCheck(DistrictOwned):
    """One look at one feature."""

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="feature_checks")
    feature_key = models.UUIDField()
    label = models.CharField(max_length=200)
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=200)
    as_on_map = models.BooleanField(_("as on the map"))
    note = models.CharField(_("what differs"), max_length=300, blank=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["campus", "feature_key", "-checked_at"], name="check_by_feature")
        ]
