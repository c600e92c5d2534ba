"""What responders read: publications and confirmed contact sheets; and the sheet being edited."""

import json
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.api.etags import etag_of, require_match
from backend.api.idempotency import once
from backend.api.parameters import CAMPUS, IDEMPOTENCY_KEY, IF_MATCH, of_campus_asked
from backend.directory.access import get_in_reach, in_reach_of
from backend.directory.api_access import InReach, actor_of
from backend.directory.models import Campus
from backend.problems import NotFound
from plans.api.serializers import (
    PUBLICATION_DOCUMENT,
    ApprovalOutput,
    ContactSheetCopyOutput,
    ContactSheetOutput,
    PublicationOutput,
    SheetInput,
    SignAsAgencyInput,
)
from plans.models import ContactSheet, ContactSheetCopy, Publication
from plans.queries.publications import readable_by
from plans.services import contact_sheet
from plans.services.reading import read_publication
from plans.services.signing import sign_as_agency


class PublicationViewSet(InReach, mixins.ListModelMixin, GenericViewSet[Publication]):
    """Publications, by number of the version; responders see those of the campuses they cover."""

    queryset = Publication._base_manager.none()
    serializer_class = PublicationOutput

    def get_queryset(self) -> QuerySet[Publication]:
        """Return the publications that the caller may read."""
        rows = readable_by(actor_of(self.request), Publication.objects.all())
        return of_campus_asked(rows, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List publications, newest first."""
        return super().list(request, *args, **more)


class PublicationReadingViewSet(GenericViewSet[Publication]):
    """One publication: its reading is recorded, so its service opens the reach that it needs."""

    queryset = Publication._base_manager.none()
    serializer_class = PublicationOutput

    def retrieve(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return one publication."""
        row = self._read(request)
        return Response(PublicationOutput(row).data, headers={"ETag": etag_of(row.own_hash)})

    @extend_schema(responses={(200, "application/json"): PUBLICATION_DOCUMENT})
    @action(detail=True)
    def document(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return text, map, facts and changes, exactly as they were frozen."""
        row = self._read(request)
        body = {
            "plan": json.loads(row.document),
            "map": json.loads(row.map_document),
            "facts": row.facts,
            "changes": row.changes,
        }
        return Response(body, headers={"ETag": etag_of(row.own_hash)})

    @extend_schema(
        request=SignAsAgencyInput, responses={201: ApprovalOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @action(detail=True, methods=["post"])
    @once
    def sign(self, request: Request, *args: Any, **more: Any) -> Response:
        """Sign for the caller's agency over the review copy that it read."""
        given = SignAsAgencyInput(data=request.data)
        given.is_valid(raise_exception=True)
        approval = sign_as_agency(
            copy_id=self._id(),
            publication_hash=given.validated_data["own_hash"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(ApprovalOutput(approval).data, status=status.HTTP_201_CREATED)

    def _read(self, request: Request) -> Publication:
        return read_publication(
            publication_id=self._id(), actor=actor_of(request), at=timezone.now()
        )

    def _id(self) -> UUID:
        try:
            return UUID(str(self.kwargs["pk"]))
        except ValueError as error:
            raise NotFound("There is no such publication.") from error


class ContactSheetViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[ContactSheet]
):
    """Contact sheets being edited, one of each campus."""

    queryset = ContactSheet._base_manager.none()
    serializer_class = ContactSheetOutput

    def get_queryset(self) -> QuerySet[ContactSheet]:
        """Return the sheets that the caller may read."""
        rows = in_reach_of(actor_of(self.request), "contact_sheet.read", ContactSheet.objects.all())
        return of_campus_asked(rows, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List contact sheets."""
        return super().list(request, *args, **more)

    def retrieve(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return one sheet; its ETag is needed to edit and to confirm it."""
        return self._answer(self.get_object())

    @extend_schema(
        request=SheetInput, responses={201: ContactSheetOutput}, parameters=[IDEMPOTENCY_KEY]
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Write a campus's first sheet."""
        given = SheetInput(data=request.data)
        given.is_valid(raise_exception=True)
        campus = get_in_reach(
            actor_of(request),
            "contact_sheet.edit",
            Campus.objects.all(),
            pk=given.validated_data.get("campus"),
        )
        sheet = contact_sheet.edit_sheet(
            campus=campus,
            expected_edits=0,
            content=given.validated_data["content"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return self._answer(sheet, status.HTTP_201_CREATED)

    @extend_schema(request=SheetInput, responses={200: ContactSheetOutput}, parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **more: Any) -> Response:
        """Write a sheet whole."""
        row = self.get_object()
        require_match(request, row.edits)
        given = SheetInput(data=request.data)
        given.is_valid(raise_exception=True)
        sheet = contact_sheet.edit_sheet(
            campus=row.campus,
            expected_edits=row.edits,
            content=given.validated_data["content"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return self._answer(sheet)

    @extend_schema(
        request=None,
        responses={201: ContactSheetCopyOutput},
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @action(detail=True, methods=["post"])
    @once
    def confirm(self, request: Request, *args: Any, **more: Any) -> Response:
        """Freeze the responders' copy of the sheet that was read."""
        row = self.get_object()
        require_match(request, row.edits)
        copy = contact_sheet.confirm_sheet(
            campus=row.campus,
            expected_edits=row.edits,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(ContactSheetCopyOutput(copy).data, status=status.HTTP_201_CREATED)

    def _answer(self, row: ContactSheet, code: int = status.HTTP_200_OK) -> Response:
        return Response(
            ContactSheetOutput(row).data, status=code, headers={"ETag": etag_of(row.edits)}
        )


class ContactSheetCopyViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[ContactSheetCopy]
):
    """Confirmed copies of contact sheets: duty numbers only."""

    queryset = ContactSheetCopy._base_manager.none()
    serializer_class = ContactSheetCopyOutput

    def get_queryset(self) -> QuerySet[ContactSheetCopy]:
        """Return the copies that the caller may read."""
        rows = in_reach_of(actor_of(self.request), "packet.read", ContactSheetCopy.objects.all())
        return of_campus_asked(rows, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List confirmed copies, newest first."""
        return super().list(request, *args, **more)
