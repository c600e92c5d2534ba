"""How the schema names the ways to identify: a bearer token, or the session of a page."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ActorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tokens of users and devices; a session also needs the CSRF token on unsafe calls."""

    target_class = "backend.directory.api_access.ActorAuthentication"
    name = ["bearer", "session"]  # noqa: RUF012 — the form that the library reads

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        """Return one definition for each name."""
        return [
            {"type": "http", "scheme": "bearer"},
            {"type": "apiKey", "in": "cookie", "name": "session"},
        ]
