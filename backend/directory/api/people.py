"""Memberships and one's own account over the API."""

from typing import Any
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
from backend.directory import queries
from backend.directory.api.caller import given, user_of
from backend.directory.api_access import InReach, actor_of
from backend.directory.models import ApiToken, Membership, Role, User
from backend.directory.services import account, people


class MembershipOut(serializers.ModelSerializer[Membership]):
    """A role of a person, from – to."""

    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")

    class Meta:
        model = Membership
        fields = (
            "id", "district", "campus", "name", "email", "role", "post", "starts_on", "ends_on",
            "acting_for",
        )  # fmt: skip


class InvitedOut(MembershipOut):
    """A role given; `link` sets the account up and is shown once ("" where mail carries it)."""

    link = serializers.CharField()

    class Meta:
        model = Membership
        fields = (*MembershipOut.Meta.fields, "link")


class NewMembershipIn(serializers.Serializer[Any]):
    """Who gets which role."""

    district = serializers.UUIDField()
    campus = serializers.UUIDField(required=False, allow_null=True)
    email = serializers.EmailField()
    name = serializers.CharField(max_length=120)
    role = serializers.ChoiceField(choices=Role.choices)
    post = serializers.CharField(max_length=120, required=False, allow_blank=True)
    starts_on = serializers.DateField(required=False)


class MembershipIn(serializers.Serializer[Any]):
    """What may be changed of a role."""

    post = serializers.CharField(max_length=120, allow_blank=True)
    ends_on = serializers.DateField(allow_null=True)


class ActingIn(serializers.Serializer[Any]):
    """Who acts, from – to."""

    email = serializers.EmailField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()


class RoleOut(serializers.Serializer[Any]):
    """One role of the caller."""

    district = serializers.UUIDField(source="district_id")
    campus = serializers.UUIDField(source="campus_id", allow_null=True)
    role = serializers.CharField()
    acting_for = serializers.CharField()


class MeOut(serializers.ModelSerializer[User]):
    """The caller's own account and roles."""

    roles = RoleOut(many=True)

    class Meta:
        model = User
        fields = ("id", "email", "name", "language", "time_zone", "clock", "roles")


class PreferencesIn(serializers.ModelSerializer[User]):
    """How Muster speaks to the caller."""

    class Meta:
        model = User
        fields = ("language", "time_zone", "clock")


class TokenOut(serializers.ModelSerializer[ApiToken]):
    """A token without its text."""

    class Meta:
        model = ApiToken
        fields = ("id", "name", "created_at", "last_used_at")


class NewTokenOut(TokenOut):
    """A new token with its text, shown once."""

    token = serializers.CharField()

    class Meta:
        model = ApiToken
        fields = (*TokenOut.Meta.fields, "token")


class NewTokenIn(serializers.Serializer[Any]):
    """What the token is for."""

    name = serializers.CharField(max_length=80)


class Memberships(
    InReach, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Membership]
):
    """Roles of people, by reach."""

    queryset = Membership._base_manager.none()
    serializer_class = MembershipOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Membership]:
        """Return roles that are not over, narrowed by `q` and `role`."""
        rows = queries.people(
            actor_of(self.request),
            words=self.request.GET.get("q", ""),
            role=self.request.GET.get("role", ""),
            today=timezone.now().date(),
        )
        return rows.order_by("-id")

    @extend_schema(parameters=[OpenApiParameter("q", str), OpenApiParameter("role", str)])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List roles."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewMembershipIn, responses={201: InvitedOut})
    def create(self, request: Request) -> Response:
        """Give a person a role. Sent twice, the second is refused: the role exists already."""
        values = given(NewMembershipIn(data=request.data))
        invitation = people.invite_member(
            district_id=values.pop("district"),
            campus_id=values.pop("campus", None),
            **values,
            actor=actor_of(request),
            at=timezone.now(),
        )
        data = {**MembershipOut(invitation.membership).data, "link": invitation.link}
        return Response(data, status=201)

    @extend_schema(request=MembershipIn, responses=MembershipOut)
    def update(self, request: Request, pk: UUID) -> Response:
        """Set the post and the last day of a role."""
        values = given(MembershipIn(data=request.data))
        row = people.change_membership(
            membership_id=pk, **values, actor=actor_of(request), at=timezone.now()
        )
        return Response(MembershipOut(row).data)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: UUID) -> Response:
        """End a role at once."""
        people.end_membership(membership_id=pk, actor=actor_of(request), at=timezone.now())
        return Response(status=204)

    @extend_schema(request=ActingIn, responses={201: MembershipOut})
    @action(detail=True, methods=["post"], url_path="act-for")
    @idempotency.once
    def act_for(self, request: Request, pk: UUID) -> Response:
        """Let another member sign and run for the holder of this role."""
        values = given(ActingIn(data=request.data))
        row = people.act_for(absent_id=pk, **values, actor=actor_of(request), at=timezone.now())
        return Response(MembershipOut(row).data, status=201)


class Users(GenericViewSet[User]):
    """One's own account."""

    queryset = User.objects.none()
    serializer_class = MeOut

    @extend_schema(responses=MeOut)
    @action(detail=False, methods=["get"])
    def me(self, request: Request) -> Response:
        """Read one's own account and roles."""
        return Response(_me(request))

    @extend_schema(request=PreferencesIn, responses=MeOut)
    @me.mapping.put
    def set_me(self, request: Request) -> Response:
        """Set language, zone and clock."""
        user = user_of(request)
        values = {"time_zone": "", **given(PreferencesIn(user, data=request.data))}
        account.change_preferences(
            user=user,
            language=values.get("language", user.language),
            time_zone=values["time_zone"],
            clock=values.get("clock", user.clock),
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response(_me(request))


class Tokens(mixins.ListModelMixin, GenericViewSet[ApiToken]):
    """One's own API tokens."""

    queryset = ApiToken.objects.none()
    serializer_class = TokenOut
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[ApiToken]:
        """Return the caller's live tokens."""
        return ApiToken.objects.filter(user=user_of(self.request), revoked_at=None)

    @extend_schema(request=NewTokenIn, responses={201: NewTokenOut})
    def create(self, request: Request) -> Response:
        """Make a token; its text stands in this answer alone, so no key repeats it."""
        token, text = account.create_token(
            user=user_of(request),
            name=given(NewTokenIn(data=request.data))["name"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return Response({**TokenOut(token).data, "token": text}, status=201)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: UUID) -> Response:
        """End a token."""
        account.revoke_token(
            token_id=pk, user=user_of(request), actor=actor_of(request), at=timezone.now()
        )
        return Response(status=204)


def _me(request: Request) -> dict[str, Any]:
    user = user_of(request)
    roles = RoleOut(actor_of(request).roles, many=True).data
    plain = ("id", "email", "name", "language", "time_zone", "clock")
    return {**{name: getattr(user, name) for name in plain}, "roles": roles}
