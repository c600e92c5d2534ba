"""What the API takes and gives of plans."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from plans.content.document import AUDIENCES
from plans.models import (
    Approval,
    ContactSheet,
    ContactSheetCopy,
    Plan,
    PlanVersion,
    Publication,
    RoleAssignment,
    Section,
)
from plans.queries.documents import section_of
from plans.services.blocks import KINDS, PHASES

JSON_OBJECT = {"type": "object", "additionalProperties": True}
COURSE = {
    "type": "object",
    "properties": {
        "phase": {"type": "string", "enum": list(PHASES)},
        "actor": {"type": "string", "description": "A post, never a person's name."},
        "action": {"type": "string", "description": "Markdown of one line."},
        "trigger": {"type": "string"},
        "where": {"type": ["string", "null"], "description": "Id of a map feature."},
        "time_limit_seconds": {"type": ["integer", "null"]},
        "if_not": {"type": "string"},
    },
    "required": ["phase", "actor", "action"],
}
BLOCK = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "Empty for a new block."},
        "kind": {"type": "string", "enum": list(KINDS)},
        "audience": {"type": "string", "enum": list(AUDIENCES)},
        "goal": {"type": ["string", "null"], "enum": [*PHASES, None]},
        "markdown": {"type": "string"},
        "courses": {"type": "array", "items": COURSE},
        "rows": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["kind", "audience"],
}
BLOCKS = {"type": "array", "items": BLOCK}
PLAN_DOCUMENT = {
    "type": "object",
    "description": "The canonical plan document, form plan-document-1.",
    "properties": {
        "form": {"type": "string", "const": "plan-document-1"},
        "campus": JSON_OBJECT,
        "version": {"type": "integer"},
        "map_version": {"type": ["integer", "null"]},
        "map_hash": {"type": ["string", "null"]},
        "sections": {"type": "array", "items": JSON_OBJECT},
        "roles": {"type": "array", "items": JSON_OBJECT},
    },
    "required": ["form", "campus", "version", "sections", "roles"],
}
PUBLICATION_DOCUMENT = {
    "type": "object",
    "properties": {
        "plan": PLAN_DOCUMENT,
        "map": JSON_OBJECT,
        "facts": JSON_OBJECT,
        "changes": {"type": "array", "items": JSON_OBJECT},
    },
    "required": ["plan", "map", "facts", "changes"],
}


@extend_schema_field(BLOCKS)
class BlocksField(serializers.JSONField):
    """The blocks of a section, in their order."""


@extend_schema_field(JSON_OBJECT)
class ObjectField(serializers.JSONField):
    """A JSON object."""


class PlanOutput(serializers.ModelSerializer[Plan]):
    """A campus's plan."""

    class Meta:
        model = Plan
        fields = ("id", "campus", "created_at")
        read_only_fields = fields


class ApprovalOutput(serializers.ModelSerializer[Approval]):
    """A signature that holds."""

    class Meta:
        model = Approval
        fields = (
            "id", "role", "agency", "signed_by", "acting_for", "signed_at", "content_hash",
            "publication_hash",
        )  # fmt: skip
        read_only_fields = fields


class PlanVersionOutput(serializers.ModelSerializer[PlanVersion]):
    """One version: its state, what it stands on, who wrote, signed and published it."""

    facts = ObjectField(read_only=True)
    published_as = serializers.CharField(
        read_only=True, help_text="approved, adopted, or empty before it is published."
    )
    authors = serializers.SerializerMethodField()
    approvals = serializers.SerializerMethodField()

    class Meta:
        model = PlanVersion
        fields = (
            "id", "plan", "campus", "number", "state", "state_since", "published_as",
            "map_version", "facts", "content_hash", "authors", "submitted_at", "submitted_by",
            "sent_back_reason", "adopted_on", "in_force_from", "published_at", "published_by",
            "approvals",
        )  # fmt: skip
        read_only_fields = fields

    def get_authors(self, version: PlanVersion) -> list[str]:
        """Return the names of all who changed it since the former published one."""
        return [author["name"] for author in version.authors]

    @extend_schema_field(ApprovalOutput(many=True))
    def get_approvals(self, version: PlanVersion) -> Any:
        """Return the signatures that hold."""
        rows = [row for row in version.approvals.all() if row.lapsed_at is None]
        return ApprovalOutput(rows, many=True).data


class GapOutput(serializers.Serializer[Any]):
    """One thing the plan does not say."""

    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning", "info"])
    what = serializers.CharField()
    where = serializers.CharField()
    mend = serializers.CharField()
    section_id = serializers.CharField(allow_null=True)
    block_id = serializers.CharField(allow_null=True)
    blocks_approval = serializers.BooleanField()


class ReferenceOutput(serializers.Serializer[Any]):
    """Something that a text may refer to: `[label](scheme:id)`."""

    scheme = serializers.CharField()
    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field named label
    group = serializers.CharField()


class SectionOutput(serializers.ModelSerializer[Section]):
    """A section with its blocks; `key` is its id in documents."""

    blocks = serializers.SerializerMethodField()

    class Meta:
        model = Section
        fields = (
            "id", "version", "key", "order", "template_id", "part", "title", "not_applicable",
            "edits", "edited_by", "edited_at", "blocks",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(BLOCKS)
    def get_blocks(self, section: Section) -> Any:
        """Return the blocks in the form that an edit takes."""
        return [
            {
                "id": block.id,
                "kind": block.kind,
                "audience": block.audience,
                "goal": block.goal,
                "markdown": block.markdown,
                "courses": [
                    {
                        "phase": course.phase,
                        "actor": course.actor,
                        "action": course.action,
                        "trigger": course.trigger,
                        "where": course.where,
                        "time_limit_seconds": course.time_limit_seconds,
                        "if_not": course.if_not,
                    }
                    for course in block.courses
                ],
                "rows": [dict(row) for row in block.rows],
            }
            for block in section_of(section).blocks
        ]


class RoleAssignmentOutput(serializers.ModelSerializer[RoleAssignment]):
    """Who holds a post."""

    class Meta:
        model = RoleAssignment
        fields = (
            "id", "version", "order", "position", "person", "first_alternate",
            "second_alternate", "phone",
        )  # fmt: skip
        read_only_fields = fields


class ContactSheetOutput(serializers.ModelSerializer[ContactSheet]):
    """The sheet being edited, with private numbers."""

    content = ObjectField(read_only=True)

    class Meta:
        model = ContactSheet
        fields = ("id", "campus", "content", "edits", "edited_by", "edited_at")
        read_only_fields = fields


class ContactSheetCopyOutput(serializers.ModelSerializer[ContactSheetCopy]):
    """The responders' copy that confirming froze."""

    content = serializers.SerializerMethodField()

    class Meta:
        model = ContactSheetCopy
        fields = ("id", "campus", "content", "content_hash", "confirmed_by", "confirmed_at")
        read_only_fields = fields

    @extend_schema_field(JSON_OBJECT)
    def get_content(self, copy: ContactSheetCopy) -> Any:
        """Return the numbers."""
        return json.loads(copy.document)


class PublicationOutput(serializers.ModelSerializer[Publication]):
    """What was frozen for an audience; its text and map are its document."""

    class Meta:
        model = Publication
        fields = (
            "id", "campus", "version", "agency", "audience", "number", "map_number",
            "replaces_number", "in_force_from", "published_at", "content_hash", "own_hash",
            "withdrawn_at",
        )  # fmt: skip
        read_only_fields = fields


class StartInput(serializers.Serializer[Any]):
    """Start a draft; hazards count for a first plan only."""

    campus = serializers.UUIDField()
    hazards = serializers.ListField(child=serializers.CharField(max_length=60), default=list)


class BringInInput(serializers.Serializer[Any]):
    """A plan file for a campus."""

    campus = serializers.UUIDField()
    file = serializers.FileField(allow_empty_file=True)


class BroughtInOutput(serializers.Serializer[Any]):
    """What became of the file: the draft, and every word that has no place in it."""

    version = serializers.UUIDField()
    number = serializers.IntegerField()
    brought_in = ObjectField()


class FactsInput(serializers.Serializer[Any]):
    """The facts of the first page, whole."""

    facts = ObjectField()


class AddSectionInput(serializers.Serializer[Any]):
    """A section of the template."""

    version = serializers.UUIDField()
    template_id = serializers.CharField(max_length=40)


class SectionInput(serializers.Serializer[Any]):
    """A section whole; what is left out stays as it is."""

    title = serializers.CharField(required=False, allow_blank=True)
    not_applicable = serializers.CharField(required=False, allow_blank=True)
    blocks = BlocksField(required=False)


class RoleInput(serializers.Serializer[Any]):
    """A new post in a draft."""

    version = serializers.UUIDField()
    position = serializers.CharField(max_length=12)
    person = serializers.CharField(allow_blank=True, default="")
    first_alternate = serializers.CharField(allow_blank=True, default="")
    second_alternate = serializers.CharField(allow_blank=True, default="")
    phone = serializers.CharField(allow_blank=True, default="")


class RoleChangeInput(serializers.Serializer[Any]):
    """What changes of a post."""

    person = serializers.CharField(allow_blank=True, required=False)
    first_alternate = serializers.CharField(allow_blank=True, required=False)
    second_alternate = serializers.CharField(allow_blank=True, required=False)
    phone = serializers.CharField(allow_blank=True, required=False)


class ReasonInput(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(allow_blank=True, max_length=2_000)


class SignInput(serializers.Serializer[Any]):
    """In which role, over which text."""

    role = serializers.ChoiceField(choices=["principal", "sro", "district"])
    content_hash = serializers.CharField(max_length=80)


class SignAsAgencyInput(serializers.Serializer[Any]):
    """Over which copy."""

    own_hash = serializers.CharField(max_length=80)


class PublishInput(serializers.Serializer[Any]):
    """From when a version is in force."""

    in_force_from = serializers.DateField()


class AdoptInput(serializers.Serializer[Any]):
    """A plan adopted before, with its signature page; `audiences` is a JSON object."""

    adopted_on = serializers.DateField()
    in_force_from = serializers.DateField()
    signature_page = serializers.FileField()
    audiences = ObjectField(default=dict)


class SheetInput(serializers.Serializer[Any]):
    """The contact sheet, whole; for a first sheet name the campus."""

    campus = serializers.UUIDField(required=False)
    content = ObjectField()
