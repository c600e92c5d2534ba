"""`/ack/<token>/`: a recipient says that it has come. Looking changes nothing; two presses do."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backend.directory.actor import Actor
from backend.directory.identify import LinkEnded, actor_of_link
from backend.directory.pages.forms import problem_to_form
from backend.problems import Problem
from notifications.pages.forms import AcknowledgeForm
from notifications.services.acknowledging import (
    Addressed,
    Answered,
    acknowledge,
    read_addressed,
)


@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge_page(request: HttpRequest, token: str) -> HttpResponse:
    """Do you have this?"""
    if _is_prefetch(request):
        return _guarded(HttpResponse(status=403))
    address = request.META.get("REMOTE_ADDR", "")
    try:
        actor = actor_of_link(token, today=timezone.now().date(), address=address)
    except LinkEnded as ended:
        context = {"ended": ended}
        return _guarded(render(request, "notifications/ack_ended.html", context, status=410))
    message = read_addressed(actor=actor)
    form = AcknowledgeForm(request.POST or None, message=message)
    if request.method == "POST" and form.is_valid():
        try:
            answered = _answer(request, actor, form)
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            _say(request, answered)
            return _guarded(HttpResponseRedirect(request.path, status=303))
    status = 422 if form.errors else 200
    context = _context(message, form)
    return _guarded(render(request, "notifications/ack.html", context, status=status))


def _is_prefetch(request: HttpRequest) -> bool:
    """Return whether a browser or scanner fetches this before anybody asked for it."""
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return any("prefetch" in purpose.lower() for purpose in purposes)


def _guarded(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    # “no-referrer” would make browsers send “Origin: null” with the form, which CSRF refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, actor: Actor, form: AcknowledgeForm) -> Answered:
    return acknowledge(
        actor=actor,
        choice=form.cleaned_data["choice"],
        name=form.cleaned_data["name"],
        note=form.cleaned_data["note"],
        exceptions=form.chosen_exceptions(),
        at=timezone.now(),
        user_agent=request.headers.get("User-Agent", ""),
    )


def _say(request: HttpRequest, answered: Answered) -> None:
    if answered.is_unconfirmed:
        messages.warning(
            request,
            _("That came within seconds of the message, as mail scanners do. Press once more."),
        )
    elif answered.first is not None:
        messages.info(
            request,
            _("%(name)s of your agency was first. Your answer is recorded as well.")
            % {"name": answered.first.said_by},
        )
    else:
        messages.success(request, _("Thank you. The school sees that you have it."))


def _context(message: Addressed, form: AcknowledgeForm) -> dict[str, Any]:
    confirmed = [one for one in message.given if not one.is_unconfirmed]
    by_person = {(one.said_by, one.acknowledged_at): one for one in confirmed}
    return {
        "message": message,
        "form": form,
        "given": list(by_person.values()),
        "is_answered": bool(message.own),
        "zone": message.delivery.told_agency().time_zone,
    }
