"""Health, theme and language: small views that belong to no app."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from backend.problems import NotAllowed

YEAR = 365 * 24 * 3600
THEMES = ("auto", "day", "night")


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """Return 200 once the database answers; for load balancers and the supervisor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep day, night or the device's choice in a cookie."""
    theme = request.POST.get("theme", "auto")
    response = _back(request)
    response.set_cookie(
        "theme",
        theme if theme in THEMES else "auto",
        max_age=YEAR,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language of a reader without an account in a cookie."""
    language = request.POST.get("language", "en")
    response = _back(request)
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax")
    return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(target if safe else "/")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in words what happened; what was typed is still in the page one goes back to."""
    problem = NotAllowed(
        _("This form was open for too long or came from another page."),
        mend=_("Go back, reload the page and send it again; what you typed is kept."),
    )
    return render(request, "problem.html", {"problem": problem}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for an address that leads nowhere."""
    return render(request, "404.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Return the page for a defect of ours."""
    return render(request, "500.html", status=500)
