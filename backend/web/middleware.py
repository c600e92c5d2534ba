"""Error pages for refusals, and an identity for each request in the log."""

import logging
from collections.abc import Callable
from uuid import uuid4

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from backend.problems import Problem

log = logging.getLogger(__name__)
Answer = Callable[[HttpRequest], HttpResponse]


class RequestIdentity:
    """Give each answer an id that a person can read out and the log holds."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `X-Request-Id`; pages of signed-in people are never kept by caches."""
        request.META["MUSTER_REQUEST_ID"] = uuid4().hex[:12]
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            # No text column takes it, so no address, word or name ever holds one.
            return HttpResponse("This address holds a NUL character.", status=400,
                                content_type="text/plain; charset=utf-8")  # fmt: skip
        response = self.get_response(request)
        response["X-Request-Id"] = request.META["MUSTER_REQUEST_ID"]
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class ProblemPages:
    """Turn a refusal that no view caught into its page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as ever."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page of a refusal, or None for a defect, which Django reports."""
        if isinstance(error, Problem):
            return render(request, "problem.html", {"problem": error}, status=error.status)
        if isinstance(error, DatabaseError):
            log.error("The database refused: %s", type(error).__name__)
        return None
