"""`/clear/<token>/`: dispatch or alarm monitoring answers for a drill. Looking changes nothing."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backend.directory.actor import Actor
from backend.directory.identify import LinkEnded, actor_of_link
from backend.directory.pages.forms import problem_to_form
from backend.problems import NotFound, Problem
from drills.models import ClearanceState, GivenBy, Step
from drills.services import clearing


class ClearForm(forms.Form):
    """Who answers; the two buttons say what."""

    operator = forms.CharField(
        label=gettext_lazy("Your name or operator number"), max_length=40, required=False
    )
    note = forms.CharField(label=gettext_lazy("Why not now"), max_length=300, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def clear_page(request: HttpRequest, token: str) -> HttpResponse:
    """May this drill begin?"""
    if _is_prefetch(request):
        return _guarded(HttpResponse(status=403))
    at = timezone.now()
    address = request.META.get("REMOTE_ADDR", "")
    try:
        actor = actor_of_link(token, today=at.date(), address=address)
    except LinkEnded as ended:
        return _guarded(render(request, "drills/clear_ended.html", {"ended": ended}, status=410))
    if actor.link_purpose != "clear" or actor.link_subject is None:
        raise NotFound(_("There is nothing at this address."))
    form = ClearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, actor, form)
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            return _guarded(HttpResponseRedirect(request.path, status=303))
    asked = clearing.read_asked(actor=actor, drill_id=actor.link_subject, at=at)
    context = {
        "asked": asked,
        "drill": asked.drill,
        "form": form,
        "is_clearing": asked.step == Step.CLEARED,
        "given": [
            row for row in asked.own if row.state == ClearanceState.GIVEN and row.step == asked.step
        ],
        "recorded": [
            row
            for row in asked.own
            if row.how == GivenBy.PHONE and row.state == ClearanceState.GIVEN
        ],
        "now": at,
    }
    status = 422 if form.errors else 200
    return _guarded(render(request, "drills/clear.html", context, status=status))


def _answer(request: HttpRequest, actor: Actor, form: ClearForm) -> None:
    at = timezone.now()
    drill_id = actor.link_subject
    if drill_id is None:
        raise NotFound(_("There is nothing at this address."))
    who = form.cleaned_data["operator"]
    if recorded := request.POST.get("dispute"):
        asked = clearing.read_asked(actor=actor, drill_id=drill_id, at=at)
        row = next((one for one in asked.own if str(one.pk) == recorded), None)
        if row is None:
            raise NotFound(_("There is no such clearance."))
        clearing.dispute(clearance_id=row.pk, said_by=who, actor=actor, at=at)
        messages.success(request, _("Disputed. The school sees it, and the drill does not begin."))
        return
    refuse = "refuse" in request.POST
    row = clearing.give(
        actor=actor,
        drill_id=drill_id,
        said_by="",
        operator=who,
        how=GivenBy.LINK,
        refuse=refuse,
        note=form.cleaned_data["note"],
        at=at,
    )
    if refuse:
        messages.warning(request, _("The school sees that the time does not do."))
    elif row.step == Step.CLEARED:
        messages.success(request, _("Cleared. Every 911 call from this school is real."))
    else:
        messages.success(request, _("Booked. You are asked once more half an hour before."))


def _is_prefetch(request: HttpRequest) -> bool:
    purposes = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    return any("prefetch" in purpose.lower() for purpose in purposes)


def _guarded(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    # “no-referrer” would make browsers send “Origin: null” with the form, which CSRF refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
