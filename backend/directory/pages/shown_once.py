"""A secret that the next page shows once: sealed in the session until then."""

from django.http import HttpRequest

from backend.encryption import decrypt, encrypt

KEY = "shown_once"


def keep(request: HttpRequest, secret: str) -> None:
    """Keep a link or token for the next page."""
    if secret:
        request.session[KEY] = encrypt(secret)


def take(request: HttpRequest) -> str:
    """Return the secret and forget it; "" where none waits."""
    sealed = request.session.pop(KEY, "")
    return decrypt(sealed) if sealed else ""
