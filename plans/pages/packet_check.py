"""Is this paper current? Asked by the code on the paper; it opens no packet and names no school."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backend.problems import NotFound
from plans.pages.packet_answers import guarded
from plans.queries.packets import check_paper

MOST_A_MINUTE = 30  # from one address: a station behind one address checks all its papers
MINUTE = 60


@require_safe
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Is this paper current?"""
    if _asks_too_often(request.META.get("REMOTE_ADDR", "")):
        page = render(request, "plans/packet/check_later.html", status=429)
        page["Retry-After"] = str(MINUTE)
        return guarded(page)
    try:
        answer = check_paper(code, at=timezone.now())
    except NotFound as unknown:
        page = render(request, "plans/packet/check_unknown.html", {"problem": unknown}, status=404)
        return guarded(page)
    return guarded(render(request, "plans/packet/check.html", {"answer": answer}))


def _asks_too_often(address: str) -> bool:
    key = f"check-paper-{address}"
    cache.add(key, 0, MINUTE)
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # it ran out between the two calls
        return False
