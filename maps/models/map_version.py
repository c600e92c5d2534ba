"""A campus map's versions: drafts that may be replaced, published ones that never change."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Campus
from backend.files.models import StoredFile
from backend.tenancy.models import DistrictOwned


class MapState(models.TextChoices):
    """Where a map version stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class MapVersion(DistrictOwned):
    """Levels, features, grid, source and hash. A published one is fixed by a database trigger."""

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="map_versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=MapState, default=MapState.DRAFT)
    source = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True)
    source_format = models.CharField(max_length=20, blank=True)
    source_sha256 = models.CharField(max_length=64, blank=True)
    grid = models.JSONField(null=True)
    findings = models.JSONField(default=list)
    unplaced = models.JSONField(default=list)
    content_hash = models.CharField(max_length=80, blank=True)
    imported_by = models.CharField(max_length=200, blank=True)
    verified_by = models.CharField(max_length=200, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campus", "number"], name="map_version_number"),
            models.UniqueConstraint(
                fields=["campus"],
                name="map_version_one_draft",
                condition=models.Q(state="draft"),
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(published_at__isnull=False) & ~models.Q(content_hash=""),
                name="map_version_published_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"map version {self.number}"


class MapLevel(DistrictOwned):
    """One storey of a map version. `key` stays the same from version to version."""

    version = models.ForeignKey(MapVersion, on_delete=models.CASCADE, related_name="levels")
    key = models.UUIDField()
    ordinal = models.SmallIntegerField()
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "key"], name="map_level_key")
        ]


class MapFeature(DistrictOwned):
    """One feature of a map version. `key` stays the same from version to version.

    `geometry` is a GeoJSON geometry, WGS 84 longitude, latitude; `levels` are keys of MapLevel.
    """

    version = models.ForeignKey(MapVersion, on_delete=models.CASCADE, related_name="features")
    key = models.UUIDField()
    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=200, blank=True)
    names = models.JSONField(default=list)
    levels = models.JSONField(default=list)
    geometry = models.JSONField()
    properties = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "key"], name="map_feature_key")
        ]
        indexes: ClassVar = [models.Index(fields=["version", "kind"], name="map_feature_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}".strip()
