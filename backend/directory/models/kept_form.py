"""What a person had typed when the session ended."""

from typing import ClassVar

from django.db import models

from backend.tenancy.models import Identified


class KeptForm(Identified):
    """A form sent after the session ended, encrypted, for that user, for 24 hours."""

    user = models.ForeignKey("directory.User", on_delete=models.CASCADE, related_name="kept_forms")
    path = models.CharField(max_length=300)
    fields_sealed = models.TextField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "path"], name="kept_form_by_path")]
