"""A stored file and its parts of 1 MB."""

from typing import ClassVar

from django.db import models

from backend.tenancy.models import DistrictOwned

PART_BYTES = 2**20


class StoredFile(DistrictOwned):
    """Bytes once per district. The same bytes in another district are another row."""

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "sha256"], name="stored_file_once")
        ]

    def __str__(self) -> str:
        return self.name


class FilePart(DistrictOwned):
    """One megabyte of a stored file."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "number"], name="file_part_once")
        ]
