"""What every viewset of the directory asks about its caller."""

from typing import Any, cast

from rest_framework.request import Request

from backend.directory.actor import Actor
from backend.directory.models import User
from backend.problems import NotAllowed


def actor_of(request: Request) -> Actor:
    """Return who calls."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def user_of(request: Request) -> User:
    """Return the person who calls; raises NotAllowed for a device."""
    actor = actor_of(request)
    is_person = actor.kind == "user" and actor.key is not None
    user = User.objects.filter(pk=str(actor.key)).first() if is_person else None
    if user is None:
        raise NotAllowed("Only a person has an account.")
    return user


def given(serializer: Any) -> dict[str, Any]:
    """Return the cleaned values; raises ValidationError for bad ones."""
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
