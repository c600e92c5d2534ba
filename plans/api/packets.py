"""Packets as files, the register of paper copies, and which signatures a campus needs."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.api.idempotency import once
from backend.api.parameters import CAMPUS, IDEMPOTENCY_KEY, of_campus_asked
from backend.directory.access import get_in_reach, in_reach_of
from backend.directory.api_access import InReach, actor_of
from backend.directory.models import Campus
from plans.models import Print, SignatureRequirement, SignerRole
from plans.services.opening import Form, Opened, open_packet
from plans.services.prints import register_print, swap_print
from plans.services.signature_lists import edit_signature_list

ANY = "[0-9a-f-]{36}"


class PacketViewSet(GenericViewSet[Campus]):
    """The packet in force of a campus, by the campus's id; each opening is recorded.

    Its service opens the reaches that it needs, so this resource opens none.
    """

    queryset = Campus._base_manager.none()
    serializer_class = serializers.Serializer  # type: ignore[assignment]  # files, not fields
    lookup_value_regex = ANY

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True)
    def pdf(self, request: Request, *args: Any, pk: str, **more: Any) -> HttpResponse:
        """Return the stamped PDF; 409 while it is being made."""
        opened = _open(request, UUID(pk), "pdf")
        return _file(opened.pdf(), "application/pdf", f"{opened.file_name}.pdf")

    @extend_schema(responses={(200, "text/html"): OpenApiTypes.STR})
    @action(detail=True)
    def html(self, request: Request, *args: Any, pk: str, **more: Any) -> HttpResponse:
        """Return the packet as one HTML file that is complete without network and scripts."""
        opened = _open(request, UUID(pk), "html")
        packet = opened.html()
        response = _file(packet.page.encode(), "text/html", f"{opened.file_name}.html")
        response["Content-Security-Policy"] = packet.policy
        return response


def _open(request: Request, campus_id: UUID, form: Form) -> Opened:
    return open_packet(
        actor=actor_of(request),
        campus_id=campus_id,
        form=form,
        at=timezone.now(),
        user_agent=request.headers.get("User-Agent", ""),
    )


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


class PrintInput(serializers.Serializer[Any]):
    """A paper copy to register."""

    campus = serializers.UUIDField()
    number = serializers.IntegerField(min_value=1)
    place = serializers.CharField(max_length=200)


class PrintOutput(serializers.ModelSerializer[Print]):
    """A known paper copy."""

    number = serializers.IntegerField(source="publication.number")

    class Meta:
        model = Print
        fields = ("id", "campus", "number", "place", "registered_by", "registered_at", "swapped_at")


class PrintViewSet(InReach, mixins.ListModelMixin, GenericViewSet[Print]):
    """Known paper copies: where, which version, swapped or not."""

    queryset = Print._base_manager.none()
    serializer_class = PrintOutput
    lookup_value_regex = ANY

    def get_queryset(self) -> QuerySet[Print]:
        """Return the papers of campuses where the caller keeps the register."""
        rows = in_reach_of(actor_of(self.request), "packet.print", Print.objects.all())
        rows = of_campus_asked(rows, self.request)
        return rows.select_related("publication")

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List papers, newest first."""
        return super().list(request, *args, **more)

    @extend_schema(request=PrintInput, responses={201: PrintOutput}, parameters=[IDEMPOTENCY_KEY])
    @once
    def create(self, request: Request, *args: Any, **more: Any) -> Response:
        """Register a paper."""
        given = PrintInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked = given.validated_data
        campus = get_in_reach(
            actor_of(request), "packet.print", Campus.objects.all(), pk=asked["campus"]
        )
        made = register_print(
            campus_id=campus.pk,
            number=asked["number"],
            place=asked["place"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(PrintOutput(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=PrintOutput, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"])
    @once
    def swapped(self, request: Request, *args: Any, pk: str, **more: Any) -> Response:
        """Say that the paper was taken away for a newer one."""
        row = swap_print(print_id=UUID(pk), actor=actor_of(request), at=timezone.now())
        return Response(PrintOutput(row).data)


class SignatureOutput(serializers.ModelSerializer[SignatureRequirement]):
    """One signature that plans of a campus need."""

    class Meta:
        model = SignatureRequirement
        fields = ("id", "campus", "role", "agency", "order")


class SignatureInput(serializers.Serializer[Any]):
    """A role, and the agency where the role is one."""

    role = serializers.ChoiceField(choices=SignerRole.choices)
    agency = serializers.UUIDField(required=False, allow_null=True)


class SignatureListInput(serializers.Serializer[Any]):
    """The whole list of a campus, in its order."""

    campus = serializers.UUIDField()
    signatures = SignatureInput(many=True)


class SignatureRequirementViewSet(
    InReach, mixins.ListModelMixin, GenericViewSet[SignatureRequirement]
):
    """Which signatures the plans of a campus need; no row means the default."""

    queryset = SignatureRequirement._base_manager.none()
    serializer_class = SignatureOutput

    def get_queryset(self) -> QuerySet[SignatureRequirement]:
        """Return the lists of campuses whose plan the caller may read."""
        rows = in_reach_of(actor_of(self.request), "plan.read", SignatureRequirement.objects.all())
        return of_campus_asked(rows, self.request)

    @extend_schema(parameters=[CAMPUS])
    def list(self, request: Request, *args: Any, **more: Any) -> Response:
        """List the signatures needed."""
        return super().list(request, *args, **more)

    @extend_schema(
        request=SignatureListInput,
        responses={200: SignatureOutput(many=True)},
        parameters=[IDEMPOTENCY_KEY],
    )
    @action(detail=False, methods=["post"], pagination_class=None)
    @once
    def write(self, request: Request, *args: Any, **more: Any) -> Response:
        """Write the whole list of a campus; an empty one is the default."""
        given = SignatureListInput(data=request.data)
        given.is_valid(raise_exception=True)
        campus = get_in_reach(
            actor_of(request),
            "signature_list.edit",
            Campus.objects.all(),
            pk=given.validated_data["campus"],
        )
        rows = edit_signature_list(
            campus=campus,
            needed=[
                (item["role"], item.get("agency")) for item in given.validated_data["signatures"]
            ],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(SignatureOutput(rows, many=True).data)
