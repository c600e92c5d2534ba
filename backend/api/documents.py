"""Problem documents without DRF, for middleware and for what DRF itself loads at import."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from backend.problems import NotFound, Problem

PROBLEM_JSON = "application/problem+json"


def details(problem: Problem) -> dict[str, Any]:
    """Return the members of a problem document."""
    return {
        "type": f"urn:muster:problem:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.message,
        "code": problem.code,
        "where": problem.where,
        "mend": problem.mend,
    }


def plain_answer(problem: Problem) -> JsonResponse:
    """Return a problem document outside DRF, for middleware."""
    return JsonResponse(details(problem), status=problem.status, content_type=PROBLEM_JSON)


@csrf_exempt
def unknown_address(request: HttpRequest) -> JsonResponse:
    """Return 404 for an address below /api/ that is none."""
    return plain_answer(NotFound("There is no such resource.", where=request.path))
