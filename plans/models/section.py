"""Sections and their blocks, and who holds which post: the rows of a draft."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.tenancy.models import DistrictOwned, new_id
from plans.models.plan_version import PlanVersion


class AudienceChoice(models.TextChoices):
    """In this order; a document of one audience holds that and all below."""

    PUBLIC = "public", _("public")
    STAFF = "staff", _("staff")
    RESPONDER = "responder", _("responder")
    RESTRICTED = "restricted", _("restricted")


class Section(DistrictOwned):
    """One section of a version, in order. `edits` counts changes to it and its blocks (ETag).

    `key` is its id in documents and stays the same from version to version.
    """

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="sections")
    key = models.UUIDField(default=new_id, editable=False)
    order = models.PositiveSmallIntegerField()
    template_id = models.CharField(max_length=40)
    part = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    not_applicable = models.CharField(max_length=300, blank=True)
    edits = models.PositiveIntegerField(default=0)
    edited_by = models.CharField(max_length=200, blank=True)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "template_id"], name="section_template_once"
            ),
            models.UniqueConstraint(fields=["version", "key"], name="section_key_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Block(DistrictOwned):
    """One block. `content` holds the rows of courses of action, roles, contacts and pictures.

    `key` is its id in documents and stays the same from version to version.
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="blocks")
    key = models.UUIDField(default=new_id, editable=False)
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    audience = models.CharField(max_length=12, choices=AudienceChoice)
    goal = models.CharField(max_length=8, blank=True)
    markdown = models.TextField(blank=True)
    content = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(audience__in=AudienceChoice.values), name="block_audience"
            ),
            models.UniqueConstraint(fields=["section", "key"], name="block_key_once"),
        ]


class RoleAssignment(DistrictOwned):
    """Who holds an Incident Command System position in this version, and who steps in."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="roles")
    order = models.PositiveSmallIntegerField()
    position = models.CharField(max_length=12)
    person = models.CharField(max_length=120, blank=True)
    first_alternate = models.CharField(max_length=120, blank=True)
    second_alternate = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "position"], name="role_assignment_once")
        ]
