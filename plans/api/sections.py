"""Sections with their blocks under one ETag, and the posts of a draft."""

import dataclasses
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.api.etags import etag_of, require_match
from backend.api.idempotency import once
from backend.api.parameters import IDEMPOTENCY_KEY, IF_MATCH
from backend.directory.api_access import InReach, actor_of
from backend.problems import BadInput
from plans.api.plan_versions import readable_versions, version_for
from plans.api.serializers import (
    AddSectionInput,
    RoleAssignmentOutput,
    RoleChangeInput,
    RoleInput,
    SectionInput,
    SectionOutput,
)
from plans.content.document import RoleAssignment as Role
from plans.models import PlanVersion, RoleAssignment, Section
from plans.queries.documents import role_of, section_of
from plans.services import drafting, roles
from plans.services.blocks import blocks_from_json
from plans.services.sections import edit_section

VERSION = OpenApiParameter("version", UUID, description="Only of this version.")


def version_asked(request: Request) -> UUID | None:
    """Return the version of the query; raises BadInput when it is no id."""
    text = request.query_params.get("version", "")
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise BadInput(
            "The version is no id.", where="version", mend="Give the id that plan-versions lists."
        ) from error


class SectionViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Section]
):
    """Sections of plan versions, each with its blocks."""

    queryset = Section._base_manager.none()
    serializer_class = SectionOutput

    def get_queryset(self) -> QuerySet[Section]:
        """Return the sections of the versions that the caller may read."""
        versions = readable_versions(actor_of(self.request)).values("pk")
        rows = Section.objects.filter(version__in=versions).prefetch_related("blocks")
        version_id = version_asked(self.request)
        return rows.filter(version=version_id) if version_id else rows

    @extend_schema(parameters=[VERSION])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List sections."""
        return super().list(request, *args, **more)

    def retrieve(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return one section; its ETag is needed to edit it."""
        return self._answer(self.get_object())

    @extend_schema(
        request=AddSectionInput, responses={201: SectionOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Add a section of the template to a draft."""
        given = AddSectionInput(data=request.data)
        given.is_valid(raise_exception=True)
        row = drafting.add_section(
            version=version_for(request, given.validated_data["version"]),
            template_id=given.validated_data["template_id"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return self._answer(row, status.HTTP_201_CREATED)

    @extend_schema(request=SectionInput, responses={200: SectionOutput}, parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **more: Any) -> Response:
        """Write a section of a draft: its blocks whole, its title, why it does not apply."""
        row = self.get_object()
        require_match(request, row.edits)
        given = SectionInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        has_blocks = "blocks" in data
        changed = edit_section(
            section=row,
            expected_edits=row.edits,
            blocks=blocks_from_json(data["blocks"]) if has_blocks else section_of(row).blocks,
            title=data.get("title"),
            not_applicable=data.get("not_applicable"),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return self._answer(changed)

    @extend_schema(parameters=[IF_MATCH], responses={204: None})
    def destroy(self, request: Request, *args: Any, **more: Any) -> Response:
        """Take a hazard annex out of a draft."""
        row = self.get_object()
        require_match(request, row.edits)
        drafting.remove_section(section=row, actor=actor_of(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _answer(self, row: Section, code: int = status.HTTP_200_OK) -> Response:
        return Response(SectionOutput(row).data, status=code, headers={"ETag": etag_of(row.edits)})


class RoleAssignmentViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[RoleAssignment]
):
    """Posts of plan versions: who holds them and who steps in."""

    queryset = RoleAssignment._base_manager.none()
    serializer_class = RoleAssignmentOutput

    def get_queryset(self) -> QuerySet[RoleAssignment]:
        """Return the posts of the versions that the caller may read."""
        versions = readable_versions(actor_of(self.request)).values("pk")
        rows = RoleAssignment.objects.filter(version__in=versions).select_related("version")
        version_id = version_asked(self.request)
        return rows.filter(version=version_id) if version_id else rows

    @extend_schema(parameters=[VERSION])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List posts."""
        return super().list(request, *args, **more)

    def retrieve(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return one post; its ETag is needed to change it."""
        return self._answer(self.get_object())

    @extend_schema(
        request=RoleInput, responses={201: RoleAssignmentOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Add a post to a draft."""
        given = RoleInput(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        version = version_for(request, data.pop("version"))
        present = [role_of(row) for row in version.roles.all()]
        self._write(request, version, present, [*present, Role(**data)])
        return self._answer(version.roles.get(position=data["position"]), status.HTTP_201_CREATED)

    @extend_schema(
        request=RoleChangeInput, responses={200: RoleAssignmentOutput}, parameters=[IF_MATCH]
    )
    def partial_update(self, request: Request, *args: Any, **more: Any) -> Response:
        """Change who holds a post of a draft."""
        row = self.get_object()
        require_match(request, roles.marks_of([role_of(row)]))
        given = RoleChangeInput(data=request.data)
        given.is_valid(raise_exception=True)
        present = [role_of(other) for other in row.version.roles.all()]
        changed = [
            dataclasses.replace(role, **given.validated_data)
            if role.position == row.position
            else role
            for role in present
        ]
        self._write(request, row.version, present, changed)
        return self._answer(RoleAssignment.objects.get(pk=row.pk))

    @extend_schema(parameters=[IF_MATCH], responses={204: None})
    def destroy(self, request: Request, *args: Any, **more: Any) -> Response:
        """Take a post out of a draft."""
        row = self.get_object()
        require_match(request, roles.marks_of([role_of(row)]))
        present = [role_of(other) for other in row.version.roles.all()]
        kept = [role for role in present if role.position != row.position]
        self._write(request, row.version, present, kept)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _write(
        self,
        request: Request,
        version: PlanVersion,
        present: Sequence[Role],
        wanted: Sequence[Role],
    ) -> None:
        roles.edit_roles(
            version=version,
            expected=roles.marks_of(present),
            roles=wanted,
            actor=actor_of(request),
            at=timezone.now(),
        )

    def _answer(self, row: RoleAssignment, code: int = status.HTTP_200_OK) -> Response:
        mark = roles.marks_of([role_of(row)])
        return Response(
            RoleAssignmentOutput(row).data, status=code, headers={"ETag": etag_of(mark)}
        )
