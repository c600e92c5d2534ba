"""RFC 9457 problem details for every refusal."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from backend.api.documents import PROBLEM_JSON, details
from backend.problems import NotFound, Problem


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an exception of a view, or None for a defect (500)."""
    if isinstance(error, Problem):
        return Response(details(error), status=error.status, content_type=PROBLEM_JSON)
    if isinstance(error, (Http404, PermissionDenied)):
        problem = NotFound("There is nothing at this address, or not for you.")
        return Response(details(problem), status=404, content_type=PROBLEM_JSON)
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    body: dict[str, Any] = {
        "type": f"urn:muster:problem:{error.default_code}",
        "title": str(error.default_detail),
        "status": response.status_code,
        "detail": str(error.detail) if isinstance(error.detail, str) else str(error.default_detail),
        "code": error.default_code,
        "where": "",
        "mend": "",
    }
    if isinstance(error, exceptions.ValidationError):
        body["errors"] = list(_errors(error.detail))
        body["title"] = "Some fields need mending"
        body["detail"] = "; ".join(f"{item['where']}: {item['message']}" for item in body["errors"])
        body["where"] = ", ".join(item["where"] for item in body["errors"])
        body["mend"] = "Mend the named fields and send again."
    response.data = body
    response.content_type = PROBLEM_JSON
    return response


def _errors(detail: Any, path: str = "") -> Any:
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _errors(value, f"{path}.{key}" if path else str(key))
    elif isinstance(detail, list):
        for value in detail:
            yield from _errors(value, path)
    else:
        yield {"where": path or "body", "message": str(detail)}
