"""Who calls: what the middleware put on the request, as the API's shared parts see it."""

from typing import Any, Protocol, cast
from uuid import UUID

from rest_framework.request import Request


class Caller(Protocol):
    """What rate limits and idempotency need to know of an actor."""

    @property
    def kind(self) -> str:
        """user, link, device, system or nobody."""

    @property
    def key(self) -> UUID | None:
        """The id of user, contact or device."""


def caller_of(request: Request) -> Caller:
    """Return the actor of a request."""
    known: Any = request._request
    return cast("Caller", known.actor)
