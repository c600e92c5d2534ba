"""`/console/`: a board without an account shows a code; who may enroll devices types it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backend.directory.access import DistrictRequest
from backend.directory.middleware import DEVICE_COOKIE
from backend.directory.services import pairing

PAIRING_COOKIE = "pairing"
DEVICE_YEARS = 365 * 24 * 3600


@require_safe
def console(request: DistrictRequest) -> HttpResponse:
    """Which code do I tell? Once it was typed, the board opens by itself."""
    at = timezone.now()
    if request.actor.kind == "device":
        return _to_board(request)
    secret = request.COOKIES.get(PAIRING_COOKIE, "")
    if secret and (token := pairing.take_token(secret, at=at)):
        answer = _to_board(request)
        _keep(request, answer, DEVICE_COOKIE, token, DEVICE_YEARS)
        answer.delete_cookie(PAIRING_COOKIE)
        return answer
    row = pairing.waiting(secret, at=at)
    if row is None:
        row, secret = pairing.begin(at=at)
    answer = render(request, "directory/console.html", {"code": row.code})
    _keep(request, answer, PAIRING_COOKIE, secret, int(pairing.LASTS.total_seconds()))
    answer["Cache-Control"] = "no-store"
    return answer


def _to_board(request: HttpRequest) -> HttpResponse:
    """Return what opens the board, also where the page itself asked whether it may."""
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": "/board/"})
    return HttpResponseRedirect("/board/", status=303)


def _keep(request: HttpRequest, answer: HttpResponse, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure() or settings.SESSION_COOKIE_SECURE,
    )
