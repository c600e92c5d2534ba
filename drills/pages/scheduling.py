"""Schedule a drill, accept or change one, move it in two presses, call it off, hand it over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backend.directory.access import DistrictRequest, allow, page
from backend.directory.models import Campus
from backend.directory.pages.forms import problem_to_form
from backend.problems import Problem
from drills.models import Clearance, ClearanceState, Drill, DrillState, PlaceInDay
from drills.pages.forms import CancelForm, DrillForm, MoveForm, conductors, initial_of
from drills.pages.rows import row_of
from drills.pages.shared import drill_of, to_drill
from drills.queries.attendance import live_invitations
from drills.queries.compliance import compliance_of, days_for
from drills.queries.drills import clashes, moment_of
from drills.services import clearing, scheduling
from drills.services.proposing import usual_time
from maps.pages.campus import campus_page, shell


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("campus.read")
def new_drill(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """When is the next drill?"""
    allow(request.actor, "drill.schedule", campus)
    form = DrillForm(request.POST or None, campus=campus, initial=_first_values(request, campus))
    if request.method == "POST" and form.is_valid():
        try:
            drill = scheduling.schedule(
                campus_id=campus.pk, wanted=form.wanted(), actor=request.actor, at=timezone.now()
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Scheduled. Dispatch is asked to book it."))
            return to_drill(drill)
    context = {**shell(campus, "drills"), "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "drills/new.html", context, status=status)


def _first_values(request: DistrictRequest, campus: Campus) -> dict[str, Any]:
    compliance = compliance_of(campus, at=timezone.now())
    suggestion = compliance.suggestion
    kind = request.GET.get("type") or (suggestion.type if suggestion else "fire")
    days = days_for(compliance, kind, replacing=None, count=1)
    people = conductors(campus)
    mine = next((row for row in people if row.user_id == request.actor.key), None)
    first = mine or next(iter(people), None)
    other = next((row for row in people if row != first and row.campus_id), None)
    place = (suggestion.place_in_day if suggestion else None) or PlaceInDay.CLASS
    return {
        "type": kind,
        "day": days[0].day if days else None,
        "time": usual_time(compliance, place).strftime("%H:%M"),
        "place_in_day": place,
        "conductor": str(first.pk) if first else "",
        "alternate": str(other.pk) if other else "",
        "alarm_on_test": kind == "fire",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@page
def accept(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Shall this proposal stand? Accept it as it is, or change it first."""
    drill = drill_of(request, drill_id)
    allow(request.actor, "drill.schedule", drill)
    form = DrillForm(request.POST or None, campus=drill.campus, initial=_proposed(request, drill))
    if request.method == "POST" and form.is_valid():
        try:
            drill = scheduling.accept(
                drill_id=drill.pk, wanted=form.wanted(), actor=request.actor, at=timezone.now()
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Scheduled. Dispatch is asked to book it."))
            return to_drill(drill)
    context = {**shell(drill.campus, "drills"), "form": form, "drill": drill}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "drills/new.html", context, status=status)


def _proposed(request: DistrictRequest, drill: Drill) -> dict[str, Any]:
    shown = initial_of(drill)
    people = conductors(drill.campus)
    if not shown["conductor"] and people:
        mine = next((row for row in people if row.user_id == request.actor.key), people[0])
        shown["conductor"] = str(mine.pk)
    return shown


@require_http_methods(["GET", "HEAD", "POST"])
@page
def move(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """On which day instead? Three lawful ones, each its own button."""
    drill = drill_of(request, drill_id)
    allow(request.actor, "drill.schedule", drill)
    form = MoveForm(
        request.POST or None,
        initial={"day": drill.day, "time": drill.time, "edition": drill.edition},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            moved = scheduling.move(
                drill_id=drill.pk,
                day=data["day"],
                time=data["time"],
                clash_reason=data["clash_reason"],
                expected=data["edition"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            if moved.state == DrillState.PROPOSED:
                said = _("Moved. Nobody is told until somebody accepts it.")
            else:
                said = _("Moved. Everybody who was told is told again.")
            messages.success(request, said)
            return to_drill(moved)
    context = {
        **shell(drill.campus, "drills"),
        "drill": drill,
        "row": row_of(drill, at=timezone.now()),
        "form": form,
        "offers": _offers(drill),
        "is_proposal": drill.state == DrillState.PROPOSED,
        "told": clearing.agencies_to_ask(drill, timezone.now()),
        "invited": live_invitations(drill),
        "lapsing": Clearance.objects.filter(
            drill=drill, ended_at=None, state=ClearanceState.GIVEN
        ).select_related("agency"),
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "drills/move.html", context, status=status)


def _offers(drill: Drill) -> list[Any]:
    """Return up to three lawful days at the same hour on which nothing clashes."""
    at = timezone.now()
    compliance = compliance_of(drill.campus, at=at)
    found = []
    for offer in days_for(compliance, drill.type, replacing=drill, count=9):
        starts_at = moment_of(drill.campus, offer.day, drill.time)
        people = (drill.conductor, drill.alternate)
        if not clashes(
            drill.campus, starts_at, drill.minutes, people=people[:1], leaving_out=drill.pk
        ):
            found.append(offer)
        if len(found) == 3:
            break
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@page
def cancel(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Why is it called off, and who is told?"""
    drill = drill_of(request, drill_id)
    allow(request.actor, "drill.schedule", drill)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            scheduling.cancel(
                drill_id=drill.pk, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Called off. Whoever was asked is told."))
            return to_drill(drill)
    context = {
        **shell(drill.campus, "drills"),
        "drill": drill,
        "form": form,
        "told": [] if drill.state == DrillState.PROPOSED
        else clearing.agencies_to_ask(drill, timezone.now()),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return TemplateResponse(request, "drills/cancel.html", context, status=status)


@require_POST
@page
def called_away(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Hand the drill to its alternate."""
    drill = scheduling.hand_to_alternate(drill_id=drill_id, actor=request.actor, at=timezone.now())
    name = drill.conductor.user.name if drill.conductor else ""
    messages.success(request, _("%(name)s conducts it now, and dispatch is told.") % {"name": name})
    return HttpResponseRedirect(reverse("drill", args=[drill.pk]), status=303)
