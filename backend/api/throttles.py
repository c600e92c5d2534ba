"""Rate limits per actor."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from backend.api.caller import caller_of


class ByActor(SimpleRateThrottle):
    """600 calls a minute for a known actor, 60 for an unknown address."""

    scope = "actor"

    def allow_request(self, request: Request, view: Any) -> bool:
        """Use the rate of the kind of caller."""
        self.scope = "nobody" if caller_of(request).kind == "nobody" else "actor"
        self.rate = self.get_rate()
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return bool(super().allow_request(request, view))

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Return the key of the caller."""
        return f"throttle:{self.scope}:{caller_of(request).key or self.get_ident(request)}"
