"""ETag and If-Match, so that no edit is lost."""

from django.http import HttpRequest
from django.utils.http import quote_etag

from backend.problems import EditConflict, Problem


class EditWithoutMatch(Problem):
    """An edit must say which state it changes."""

    code = "precondition_required"
    status = 428
    title = "If-Match is missing"


def etag_of(version: object) -> str:
    """Return the ETag of an object's edit counter or hash."""
    return quote_etag(str(version))


def require_match(request: HttpRequest, version: object) -> None:
    """Raise unless the request names the present state of what it edits."""
    given = request.headers.get("If-Match", "")
    if not given:
        raise EditWithoutMatch(
            "This edit does not say which state it changes.",
            where="If-Match",
            mend="Read the resource, then send its ETag as If-Match.",
        )
    if given not in {etag_of(version), "*"}:
        raise EditConflict(
            "Somebody else has changed this since you read it.",
            where="If-Match",
            mend="Read it again, merge, and send the new ETag as If-Match.",
        )
