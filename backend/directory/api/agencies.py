"""Agencies, contacts, coverages, devices and grants over the API."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.api import idempotency
from backend.api.etags import etag_of, require_match
from backend.api.parameters import IF_MATCH
from backend.canonical import content_hash
from backend.directory import queries
from backend.directory.api.caller import given
from backend.directory.api_access import InReach, actor_of
from backend.directory.models import Agency, Coverage, Device, Grant, ResponderContact
from backend.directory.models.agency import AgencyKind
from backend.directory.models.coverage import Capacity
from backend.directory.services import agencies as services
from backend.directory.services import coverage as coverages
from backend.problems import NotFound

CONTACT_FIELDS = ("name", "post", "order", "email", "phone", "language")


class AgencyOut(serializers.ModelSerializer[Agency]):
    """An agency."""

    class Meta:
        model = Agency
        fields = ("id", "name", "kind", "phone", "time_zone", "hours")


class NewAgencyIn(serializers.Serializer[Any]):
    """A new agency. `is_another` says that one of the same name and kind is not meant."""

    district = serializers.UUIDField()
    name = serializers.CharField(max_length=160)
    kind = serializers.ChoiceField(choices=AgencyKind.choices)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    is_another = serializers.BooleanField(default=False)


class AgencyIn(serializers.ModelSerializer[Agency]):
    """What an agency's own people change."""

    class Meta:
        model = Agency
        fields = ("name", "phone", "time_zone", "hours")


class ContactOut(serializers.ModelSerializer[ResponderContact]):
    """A contact; `accepted_address` is where the caller's district writes to."""

    accepted_address = serializers.SerializerMethodField()

    class Meta:
        model = ResponderContact
        fields = ("id", "agency", *CONTACT_FIELDS, "accepted_address")

    def get_accepted_address(self, contact: ResponderContact) -> str:
        """Return the address that a district of the caller's has accepted, or ""."""
        known: dict[UUID, str] = self.context.get("accepted", {})
        return known.get(contact.pk, "")


class ContactIn(serializers.ModelSerializer[ResponderContact]):
    """What may be corrected of a contact."""

    class Meta:
        model = ResponderContact
        fields = CONTACT_FIELDS


class NewContactIn(ContactIn):
    """A new contact; with a district, that district writes to it."""

    agency = serializers.UUIDField()
    district = serializers.UUIDField(required=False)

    class Meta:
        model = ResponderContact
        fields = ("agency", "district", *CONTACT_FIELDS)
        validators: ClassVar[list[Any]] = []


class DistrictIn(serializers.Serializer[Any]):
    """For which district."""

    district = serializers.UUIDField()


class CoverageOut(serializers.ModelSerializer[Coverage]):
    """An agency serves a campus."""

    class Meta:
        model = Coverage
        fields = ("id", "campus", "agency", "capacity", "starts_on", "ends_on")


class NewCoverageIn(serializers.Serializer[Any]):
    """A new coverage."""

    campus = serializers.UUIDField()
    agency = serializers.UUIDField()
    capacity = serializers.ChoiceField(choices=Capacity.choices, default=Capacity.FIRST_DUE)
    starts_on = serializers.DateField(required=False)


class DeviceOut(serializers.ModelSerializer[Device]):
    """A device without its token."""

    class Meta:
        model = Device
        fields = ("id", "agency", "name", "last_seen_at")


class EnrolledOut(DeviceOut):
    """A device with its token, shown once."""

    token = serializers.CharField()

    class Meta:
        model = Device
        fields = (*DeviceOut.Meta.fields, "token")


class NewDeviceIn(serializers.Serializer[Any]):
    """A device to enroll; with a district, it is granted at once."""

    agency = serializers.UUIDField()
    name = serializers.CharField(max_length=80)
    district = serializers.UUIDField(required=False)


class GrantOut(serializers.ModelSerializer[Grant]):
    """A district lets one person or device of an agency in."""

    class Meta:
        model = Grant
        fields = ("id", "district", "agency_member", "device", "ended_at")


class NewGrantIn(serializers.Serializer[Any]):
    """For one person or one device."""

    district = serializers.UUIDField()
    agency_member = serializers.UUIDField(required=False)
    device = serializers.UUIDField(required=False)


class Agencies(InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Agency]):
    """Agencies that the caller's district deals with, or the caller's own."""

    queryset = Agency._base_manager.none()
    serializer_class = AgencyOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Agency]:
        """Return what the caller may read."""
        rows = queries.agencies(actor_of(self.request), today=timezone.now().date())
        return rows.order_by("-id")

    @extend_schema(responses=AgencyOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Read one agency; the ETag names its state."""
        agency = self.get_object()
        return _with_etag(AgencyOut(agency).data)

    @extend_schema(request=NewAgencyIn, responses={201: AgencyOut})
    @idempotency.once
    def create(self, request: Request) -> Response:
        """Add an agency; 409 `match_proposed` where one of this name and kind exists."""
        values = given(NewAgencyIn(data=request.data))
        agency = services.create_agency(
            district_id=values.pop("district"), **values, actor=actor_of(request), at=timezone.now()
        )
        return Response(AgencyOut(agency).data, status=201)

    @extend_schema(request=AgencyIn(partial=True), responses=AgencyOut, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change one's own agency."""
        require_match(request, content_hash_of(AgencyOut(self.get_object()).data))
        agency = services.edit_agency(
            agency_id=pk,
            values=given(AgencyIn(data=request.data, partial=True)),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return _with_etag(AgencyOut(agency).data)


class Contacts(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[ResponderContact]
):
    """Contacts of the agencies that the caller may read."""

    queryset = ResponderContact._base_manager.none()
    serializer_class = ContactOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[ResponderContact]:
        """Return live contacts, narrowed by `agency`."""
        readable = queries.agencies(actor_of(self.request), today=timezone.now().date())
        rows = ResponderContact.objects.filter(agency__in=readable, ended_at=None)
        if agency := self.request.GET.get("agency"):
            rows = rows.filter(agency=UUID(agency)) if _is_id(agency) else rows.none()
        return rows.select_related("agency")

    def get_serializer_context(self) -> dict[str, Any]:
        """Return the context with the districts whose acceptance is shown."""
        actor, today = actor_of(self.request), timezone.now().date()
        accepted = queries.accepted_addresses(
            queries.agencies(actor, today=today).values_list("pk", flat=True),
            district_ids=queries.districts_with(actor, "coverage.read"),
        )
        return {**super().get_serializer_context(), "accepted": accepted}

    @extend_schema(parameters=[OpenApiParameter("agency", UUID)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List contacts."""
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=ContactOut)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Read one contact; the ETag names its state."""
        return _with_etag(self.get_serializer(self.get_object()).data)

    @extend_schema(request=NewContactIn, responses={201: ContactOut})
    @idempotency.once
    def create(self, request: Request) -> Response:
        """Add a contact."""
        values = given(NewContactIn(data=request.data))
        contact = services.add_contact(
            agency_id=values.pop("agency"),
            district_id=values.pop("district", None),
            values=values,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(self.get_serializer(contact).data, status=201)

    @extend_schema(request=ContactIn(partial=True), responses=ContactOut, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Correct a contact; each district accepts a changed address by itself."""
        require_match(request, content_hash_of(self.get_serializer(self.get_object()).data))
        contact = services.correct_contact(
            contact_id=pk,
            values=given(ContactIn(data=request.data, partial=True)),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return _with_etag(self.get_serializer(contact).data)

    @extend_schema(request=DistrictIn, responses=ContactOut)
    @action(detail=True, methods=["post"], url_path="accept-address")
    def accept_address(self, request: Request, pk: UUID) -> Response:
        """Let a district write to the address that the contact has now."""
        services.accept_address(
            contact_id=pk,
            district_id=given(DistrictIn(data=request.data))["district"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=DistrictIn, responses={204: None})
    @action(detail=True, methods=["post"], url_path="stop-writing")
    def stop_writing(self, request: Request, pk: UUID) -> Response:
        """Let a district write to a contact no longer."""
        services.stop_writing(
            contact_id=pk,
            district_id=given(DistrictIn(data=request.data))["district"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(status=204)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: UUID) -> Response:
        """End a contact of one's own agency for every district."""
        services.end_contact(contact_id=pk, actor=actor_of(request), at=timezone.now())
        return Response(status=204)


class Coverages(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Coverage]
):
    """Which agency serves which campus."""

    queryset = Coverage._base_manager.none()
    serializer_class = CoverageOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Coverage]:
        """Return coverages that are not over."""
        rows = queries.coverages(actor_of(self.request), today=timezone.now().date())
        return rows.order_by("-id")

    @extend_schema(request=NewCoverageIn, responses={201: CoverageOut})
    @idempotency.once
    def create(self, request: Request) -> Response:
        """Let an agency serve a campus."""
        values = given(NewCoverageIn(data=request.data))
        coverage = coverages.add_coverage(
            campus_id=values.pop("campus"),
            agency_id=values.pop("agency"),
            **values,
            is_matched=True,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(CoverageOut(coverage).data, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: UUID) -> Response:
        """End a coverage at once."""
        coverages.end_coverage(coverage_id=pk, actor=actor_of(request), at=timezone.now())
        return Response(status=204)


class Devices(InReach, mixins.ListModelMixin, GenericViewSet[Device]):
    """Devices of the agencies that the caller may read."""

    queryset = Device._base_manager.none()
    serializer_class = DeviceOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Device]:
        """Return devices that were not revoked."""
        readable = queries.agencies(actor_of(self.request), today=timezone.now().date())
        return Device.objects.filter(agency__in=readable, revoked_at=None)

    @extend_schema(request=NewDeviceIn, responses={201: EnrolledOut})
    def create(self, request: Request) -> Response:
        """Enroll a device; its token stands in this answer alone, so no key repeats it."""
        values = given(NewDeviceIn(data=request.data))
        device, token = coverages.enroll_device(
            agency_id=values["agency"],
            name=values["name"],
            district_id=values.get("district"),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response({**DeviceOut(device).data, "token": token}, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: UUID) -> Response:
        """End a device's token."""
        coverages.revoke_device(device_id=pk, actor=actor_of(request), at=timezone.now())
        return Response(status=204)


class Grants(InReach, mixins.ListModelMixin, GenericViewSet[Grant]):
    """What the caller's districts grant to people and devices of agencies."""

    queryset = Grant._base_manager.none()
    serializer_class = GrantOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Grant]:
        """Return live grants."""
        mine = queries.districts_with(actor_of(self.request), "coverage.edit")
        return Grant.objects.filter(district__in=mine, ended_at=None)

    @extend_schema(request=NewGrantIn, responses={201: GrantOut})
    @idempotency.once
    def create(self, request: Request) -> Response:
        """Let one person or one device in."""
        values = given(NewGrantIn(data=request.data))
        row = coverages.grant(
            district_id=values["district"],
            agency_member_id=values.get("agency_member"),
            device_id=values.get("device"),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(GrantOut(row).data, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: UUID) -> Response:
        """End a grant at once."""
        coverages.end_grant(grant_id=pk, actor=actor_of(request), at=timezone.now())
        return Response(status=204)


def content_hash_of(data: Any) -> str:
    """Return the hash of a representation, by which an edit names what it changes."""
    return content_hash({name: _plain(value) for name, value in dict(data).items()})


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, dict, list, type(None))) else str(value)


def _with_etag(data: Any) -> Response:
    return Response(data, headers={"ETag": etag_of(content_hash_of(data))})


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError as error:
        raise NotFound("This is no id.", where="agency") from error
    return True
