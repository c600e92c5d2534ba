"""An agency signs the copy it was asked to review: signed in, or by link with a code."""

import json
import secrets
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from backend.canonical import short_hash
from backend.directory.access import DistrictRequest, answer_page
from backend.directory.actor import Actor
from backend.directory.identify import LinkEnded, actor_of_link
from backend.directory.pages.forms import problem_to_form
from backend.problems import NotFound, Problem
from plans.content.hashing import from_json
from plans.pages.forms import SignByLinkForm
from plans.pages.reading import shown_posts, shown_sections
from plans.services import signing
from plans.services.reading import read_publication

BROWSER_COOKIE = "signing_browser"
COOKIE_SECONDS = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@answer_page
def by_account(request: DistrictRequest, copy_id: UUID) -> HttpResponse:
    """Does your agency sign this plan?"""
    context = _copy(request.actor, copy_id)
    problem = None
    if request.method == "POST":
        try:
            signing.sign_as_agency(
                copy_id=copy_id,
                publication_hash=request.POST.get("publication_hash", ""),
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as refusal:
            problem = refusal
        else:
            return _guarded(render(request, "plans/agency_signed.html", context))
    context |= {"problem": problem, "by_account": True}
    return _guarded(
        render(request, "plans/agency_sign.html", context, status=422 if problem else 200)
    )


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Does your agency sign this plan? By link, with a code."""
    if "prefetch" in request.headers.get("Sec-Purpose", "").lower():
        return _guarded(HttpResponse(status=403))
    address = request.META.get("REMOTE_ADDR", "")
    try:
        actor = actor_of_link(token, today=timezone.now().date(), address=address)
    except LinkEnded as ended:
        return _guarded(render(request, "plans/agency_ended.html", {"ended": ended}, status=410))
    if actor.link_purpose != "sign" or actor.link_subject is None:
        raise NotFound(_("There is nothing at this address."))
    try:
        context = _copy(actor, actor.link_subject)
    except NotFound:
        return _guarded(render(request, "plans/agency_over.html", {"actor": actor}, status=410))
    browser = request.COOKIES.get(BROWSER_COOKIE, "")
    if request.method == "POST" and request.POST.get("do") == "code":
        return _ask_code(request, actor, browser)
    form = SignByLinkForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            signing.sign_as_agency(
                copy_id=actor.link_subject,
                publication_hash=request.POST.get("publication_hash", ""),
                actor=actor,
                at=timezone.now(),
                name=form.cleaned_data["name"],
                code=form.cleaned_data["code"],
                browser=browser,
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            return _guarded(render(request, "plans/agency_signed.html", context))
    context |= {"form": form, "by_account": False, "has_asked": bool(browser)}
    status = 422 if form.errors else 200
    return _guarded(render(request, "plans/agency_sign.html", context, status=status))


def _ask_code(request: HttpRequest, actor: Actor, browser: str) -> HttpResponse:
    """Send a code, bound to a secret that this browser keeps for an hour."""
    browser = browser or secrets.token_urlsafe(24)
    response = HttpResponseRedirect(request.path, status=303)
    try:
        sent = signing.send_code(
            copy_id=actor.link_subject or UUID(int=0),
            actor=actor,
            browser=browser,
            at=timezone.now(),
        )
    except Problem as problem:
        if problem.hides:
            raise
        messages.error(request, str(problem))
    else:
        messages.success(
            request,
            _("A code is on its way to %(address)s. It holds for ten minutes.")
            % {"address": sent.hint},
        )
    response.set_cookie(
        BROWSER_COOKIE,
        browser,
        max_age=COOKIE_SECONDS,
        path="/sign/",
        httponly=True,
        secure=request.is_secure(),
        samesite="Strict",
    )
    return _guarded(response)


def _copy(actor: Actor, copy_id: UUID) -> dict[str, Any]:
    """Return what the page shows of the copy; that it was read is recorded."""
    copy = read_publication(publication_id=copy_id, actor=actor, at=timezone.now(), to_sign=True)
    document = from_json(json.loads(copy.document))
    return {
        "copy": copy,
        "campus_name": copy.campus.name,
        "agency_name": copy.agency.name if copy.agency else "",
        "zone": copy.campus.time_zone,
        "sections": shown_sections(document),
        "posts": shown_posts(document),
        "changes": copy.changes,
        "short_hash": short_hash(copy.content_hash),
    }


def _guarded(response: HttpResponse) -> HttpResponse:
    """Keep the token out of caches, referrers and indexes."""
    response["Cache-Control"] = "no-store"
    # “no-referrer” would make browsers send “Origin: null” with the form, which CSRF refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
