"""Map versions and their features."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from backend.api.etags import etag_of, require_match
from backend.api.idempotency import once
from backend.api.parameters import CAMPUS, IDEMPOTENCY_KEY, IF_MATCH, campus_asked, of_campus_asked
from backend.directory.access import allow, get_in_reach, in_reach_of
from backend.directory.api_access import InReach, actor_of
from backend.directory.models import Campus
from backend.problems import BadInput
from maps import places, queries
from maps.api.serializers import (
    MAP_DOCUMENT,
    FeatureOutput,
    ImportInput,
    MapVersionOutput,
    MapVersionRow,
    PublishMapInput,
)
from maps.document import to_json
from maps.downloads import map_file
from maps.formats.export import EXPORT_FORMATS
from maps.models import MapFeature, MapState, MapVersion
from maps.services.importing import discard_draft, import_map
from maps.services.publishing import publish_map

FORM = OpenApiParameter(
    "form", str, enum=EXPORT_FORMATS, description="In which format; GeoJSON where it is not said."
)


def state_tag(version: MapVersion) -> str:
    """Return what changes whenever the version does: its state and the file it came from."""
    return f"{version.pk}:{version.state}:{version.source_sha256}"


class MapVersionViewSet(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[MapVersion]
):
    """Map versions: a file becomes a draft, a draft is published and then never changes."""

    queryset = MapVersion._base_manager.none()
    serializer_class = MapVersionOutput

    def get_queryset(self) -> QuerySet[MapVersion]:
        """Return the versions that the caller may read; drafts are their authors' alone."""
        actor, every = actor_of(self.request), MapVersion.objects.all()
        published = in_reach_of(actor, "map.read", every.filter(state=MapState.PUBLISHED))
        drafts = in_reach_of(actor, "map.edit", every.filter(state=MapState.DRAFT))
        rows = published | drafts
        return of_campus_asked(rows, self.request)

    def get_serializer_class(self) -> type[BaseSerializer[MapVersion]]:
        """Return the short form for lists."""
        return MapVersionRow if self.action == "list" else MapVersionOutput

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List map versions, newest first."""
        return super().list(request, *args, **more)

    def retrieve(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return one map version with its findings; its ETag is needed to publish or discard it."""
        return self._answer(self.get_object())

    @extend_schema(
        operation_id="map_versions_import",
        request={"multipart/form-data": ImportInput},
        responses={201: MapVersionOutput},
        parameters=[IDEMPOTENCY_KEY],
    )
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Import a map file: it becomes the campus's one draft, or replaces it."""
        given = ImportInput(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        version = import_map(
            campus_id=given.validated_data["campus"],
            name=file.name,
            content=file.read(),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return self._answer(version, status.HTTP_201_CREATED)

    @extend_schema(parameters=[IF_MATCH], responses={204: None})
    def destroy(self, request: Request, *args: Any, **more: Any) -> Response:
        """Discard a draft."""
        version = self.get_object()
        allow(actor_of(request), "map.edit", version)
        require_match(request, state_tag(version))
        if version.state != MapState.DRAFT:
            raise BadInput(
                "A published map version never changes.",
                where="id",
                mend="Import a map to start a new draft.",
            )
        discard_draft(campus_id=version.campus_id, actor=actor_of(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={(200, "application/json"): MAP_DOCUMENT})
    @action(detail=True)
    def document(self, request: Request, *args: Any, **more: Any) -> Response:
        """Return the map document: levels, grid, and features as GeoJSON."""
        version = self.get_object()
        return Response(
            to_json(queries.document_of(version)), headers={"ETag": etag_of(state_tag(version))}
        )

    @extend_schema(
        parameters=[FORM], responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    @action(detail=True)
    def export(self, request: Request, *args: Any, **more: Any) -> HttpResponse:
        """Return the map as a file for other software."""
        form = request.query_params.get("form", "geojson")
        return map_file(self.get_object(), form, at=timezone.now())

    @extend_schema(
        request=PublishMapInput,
        responses={200: MapVersionOutput},
        parameters=[IDEMPOTENCY_KEY, IF_MATCH],
    )
    @action(detail=True, methods=["post"])
    @once
    def publish(self, request: Request, *args: Any, **more: Any) -> Response:
        """Publish a draft."""
        version = self.get_object()
        require_match(request, state_tag(version))
        given = PublishMapInput(data=request.data)
        given.is_valid(raise_exception=True)
        published = publish_map(
            version_id=version.pk,
            actor=actor_of(request),
            at=timezone.now(),
            **given.validated_data,
        )
        return self._answer(published)

    def _answer(self, version: MapVersion, code: int = status.HTTP_200_OK) -> Response:
        return Response(
            MapVersionOutput(version).data,
            status=code,
            headers={"ETag": etag_of(state_tag(version))},
        )


class FeatureViewSet(InReach, mixins.ListModelMixin, GenericViewSet[MapFeature]):
    """Features of the published maps."""

    queryset = MapFeature._base_manager.none()
    serializer_class = FeatureOutput
    filters: ClassVar[list[OpenApiParameter]] = [
        CAMPUS,
        OpenApiParameter("kind", str, description="Only of this kind, such as `aed`."),
        OpenApiParameter("level", UUID, description="Only on this level."),
        OpenApiParameter(
            "q", str, description="Sign, name or grid cell; needs the campus that is searched."
        ),
    ]  # fmt: skip

    def get_queryset(self) -> QuerySet[MapFeature]:
        """Return the features of the newest published maps, narrowed as asked."""
        actor = actor_of(self.request)
        campus_id = campus_asked(self.request)
        versions = in_reach_of(actor, "map.read", queries.published_maps())
        if campus_id:
            campus = get_in_reach(actor, "map.read", Campus.objects.all(), pk=campus_id)
            versions = versions.filter(campus=campus)
        rows = MapFeature.objects.filter(version__in=versions).select_related("version")
        asked = self.request.query_params
        if kind := asked.get("kind"):
            rows = rows.filter(kind=kind)
        if level := asked.get("level"):
            rows = rows.filter(levels__contains=[level])
        if words := asked.get("q"):
            rows = rows.filter(key__in=_found(versions.first() if campus_id else None, words))
        return rows

    @extend_schema(parameters=filters)
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List features."""
        return super().list(request, *args, **more)


def _found(version: MapVersion | None, words: str) -> list[str]:
    if version is None:
        raise BadInput(
            "A search needs the campus whose map is searched.",
            where="campus",
            mend="Send campus=… beside q=….",
        )
    return [row.id for row in places.find(queries.document_of(version), words)]
