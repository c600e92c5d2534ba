"""How the API knows its caller and opens the caller's reach."""

from typing import Any, cast

from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from backend.api.documents import plain_answer
from backend.directory.access import DistrictRequest, finished, reach_of
from backend.directory.actor import Actor
from backend.problems import Problem


def actor_of(request: Request) -> Actor:
    """Return who calls."""
    return cast("DistrictRequest", request._request).actor


class _Check(CsrfViewMiddleware):
    def _reject(self, request: Any, reason: str) -> Any:
        return reason


class ActorAuthentication(BaseAuthentication):
    """Take the actor that the middleware found; a session's unsafe call needs the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        """Return the actor, or None for nobody."""
        actor = actor_of(request)
        request.actor = actor  # type: ignore[attr-defined]
        if actor.kind == "nobody":
            return None
        if "Authorization" not in request.headers:
            check = _Check(lambda _: HttpResponse())
            check.process_request(request._request)
            if reason := check.process_view(request._request, HttpResponse, (), {}):
                raise exceptions.PermissionDenied(f"CSRF: {reason}")
        return actor, None

    def authenticate_header(self, request: Request) -> str:
        """Return the scheme named in a 401."""
        return "Bearer"


class IsKnown(BasePermission):
    """Every call needs an actor; what it may do is decided by the service it calls."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether anyone was identified."""
        return bool(request.actor.kind != "nobody")  # type: ignore[attr-defined]


class InReach:
    """Open the caller's reach around the whole view; put before the viewset's class."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer inside the reach; nobody and actors without any role get their refusal."""
        parent = cast("Any", super())
        if request.actor.kind == "nobody":
            return finished(parent.dispatch(request, *args, **kwargs))
        try:
            opened = reach_of(request.actor)
        except Problem as problem:
            return plain_answer(problem)
        with opened:
            return finished(parent.dispatch(request, *args, **kwargs))
