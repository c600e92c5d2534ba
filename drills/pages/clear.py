"""`/clear/<token>/`: an agency answers for a drill. Looking at it changes nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

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
from drills.pages.coming import ComeForm, come_form, say_who_comes
from drills.services import clearing, inviting


class ClearForm(forms.Form):
    """Who answers; the buttons say what."""

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
    form, coming = ClearForm(request.POST or None), None
    if request.method == "POST" and "arrive" in request.POST:
        return _guarded(_arrive(request, actor))
    if request.method == "POST" and ("come" in request.POST or "stay" in request.POST):
        form, coming = ClearForm(), ComeForm(request.POST)
        if answered := _say_who_comes(request, actor, coming):
            return _guarded(answered)
    elif request.method == "POST" and form.is_valid():
        try:
            _answer(request, actor, form)
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            return _guarded(HttpResponseRedirect(request.path, status=303))
    context = _context(actor, actor.link_subject, form, coming, at)
    status = 422 if form.errors or (coming and coming.errors) else 200
    return _guarded(render(request, "drills/clear.html", context, status=status))


def _context(
    actor: Actor, drill_id: UUID, form: ClearForm, coming: ComeForm | None, at: datetime
) -> dict[str, Any]:
    invited = inviting.read_invited(actor=actor, drill_id=drill_id)
    try:
        asked = clearing.read_asked(actor=actor, drill_id=drill_id, at=at)
    except NotFound:
        if invited is None:
            raise
        asked = None
    own = asked.own if asked else ()
    given = [row for row in own if row.state == ClearanceState.GIVEN]
    source = asked or invited
    return {
        "source": source,
        "asked": asked,
        "invited": invited,
        "drill": source.drill if source else None,
        "form": form,
        "coming": coming or (come_form(invited) if invited else None),
        "is_clearing": asked is not None and asked.step == Step.CLEARED,
        "given": [row for row in given if asked and row.step == asked.step],
        "recorded": [row for row in given if row.how == GivenBy.PHONE],
        "now": at,
    }


def _say_who_comes(request: HttpRequest, actor: Actor, form: ComeForm) -> HttpResponse | None:
    """Return the way back once the answer stands, or None with what is wrong in the form."""
    if actor.link_subject is None or not form.is_valid():
        return None
    try:
        said = say_who_comes(actor, actor.link_subject, form, how=GivenBy.LINK)
    except Problem as problem:
        problem_to_form(problem, form)
        return None
    messages.success(request, said)
    return HttpResponseRedirect(request.path, status=303)


def _arrive(request: HttpRequest, actor: Actor) -> HttpResponse:
    invited = actor.link_subject and inviting.read_invited(actor=actor, drill_id=actor.link_subject)
    if not invited:
        raise NotFound(_("Your agency was not asked to come to this drill."))
    inviting.record_arrival(invitation_id=invited.invitation.pk, actor=actor, at=timezone.now())
    messages.success(request, _("Noted: you are there."))
    return HttpResponseRedirect(request.path, status=303)


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
