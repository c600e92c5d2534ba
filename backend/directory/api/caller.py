"""What every viewset of the directory asks about its caller."""

from typing import Any

from rest_framework.request import Request

from backend.directory.api_access import actor_of
from backend.directory.models import User
from backend.problems import NotAllowed


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
