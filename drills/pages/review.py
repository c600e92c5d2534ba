"""What did this drill change? The review, its corrective actions, and where each leads."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backend.directory.access import DistrictRequest, allow, may, page
from backend.directory.pages.forms import problem_to_form
from backend.problems import NotFound, Problem
from drills.models import (
    ActionState,
    AfterActionReview,
    CorrectiveAction,
    Drill,
    DrillState,
    TimelineEntry,
)
from drills.pages.chart import chart_of
from drills.pages.forms import ActionForm, ObjectiveForm, ProofForm, ReviewForm
from drills.pages.shared import drill_of, to_drill
from drills.queries.history import history_of
from drills.queries.names import names_in
from drills.queries.places import reports_of
from drills.services import corrective, reviewing
from maps.pages.campus import shell
from plans.models import Section
from plans.queries.versions import newest_published

FIX_WITHIN = timedelta(days=30)
Objectives: "type[BaseFormSet[ObjectiveForm]]" = formset_factory(ObjectiveForm, extra=1, max_num=10)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def review(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """What worked, what did not, and what will be fixed?"""
    drill = drill_of(request, drill_id)
    found = _review_of(request, drill)
    if request.method != "POST":
        return _page(request, drill, found)
    allow(request.actor, "review.write", found)
    form = ReviewForm(request.POST)
    objectives = Objectives(request.POST, prefix="objectives") if drill.is_exercise else None
    if form.is_valid() and (objectives is None or objectives.is_valid()):
        data = form.cleaned_data
        rated = (
            None
            if objectives is None
            else [
                one.rated()
                for one in objectives.forms
                if one.cleaned_data.get("objective", "").strip()
            ]
        )
        try:
            reviewing.write(
                review_id=found.pk,
                worked=data["worked"],
                did_not=data["did_not"],
                expected=data["edition"],
                objectives=rated,
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Saved."))
            return _to_review(drill)
    return _page(request, drill, found, form=form, objectives=objectives)


def _review_of(request: DistrictRequest, drill: Drill) -> AfterActionReview:
    found = AfterActionReview.objects.filter(drill=drill).first()
    if found is None:
        raise NotFound(
            _("This drill has no review yet."), mend=_("It opens when the drill is over.")
        )
    allow(request.actor, "review.read", found)
    return found


def _to_review(drill: Drill) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("drill-review", args=[drill.pk]), status=303)


def _page(
    request: DistrictRequest,
    drill: Drill,
    found: AfterActionReview,
    *,
    form: ReviewForm | None = None,
    objectives: "BaseFormSet[ObjectiveForm] | None" = None,
    action: ActionForm | None = None,
) -> HttpResponse:
    actor = request.actor
    entries = list(TimelineEntry.objects.filter(drill=drill))
    reports = reports_of(drill, entries)
    actions = list(
        found.actions.select_related("owner__user", "plan_version").order_by("due_on", "pk")
    )
    is_open = found.closed_at is None
    at = timezone.now()
    if form is None:
        form = ReviewForm(
            initial={
                "worked": found.worked or _prefilled(drill, entries, reports, worked=True),
                "did_not": found.did_not or _prefilled(drill, entries, reports, worked=False),
                "edition": found.edition,
            }
        )
    if objectives is None and drill.is_exercise:
        objectives = Objectives(
            prefix="objectives",
            initial=list(
                found.objectives.values(
                    "objective", "capability", "rating", "strengths", "improvements"
                )
            ),
        )
    history = history_of(drill)
    context: dict[str, Any] = {
        **shell(drill.campus, "drills"),
        "drill": drill,
        "review": found,
        "form": form,
        "objectives": objectives,
        "action": action or _action_form(drill, at),
        "actions": actions,
        "done": sum(one.state == ActionState.DONE for one in actions),
        "proof": ProofForm(),
        "entries": entries,
        "history": history,
        "chart": chart_of(history),
        "is_open": is_open,
        "names": names_in(f"{found.worked} {found.did_not}", drill.campus),
        "may_write": is_open and may(actor, "review.write", found),
        "may_close": is_open and may(actor, "review.close", found),
        "may_fix": may(actor, "corrective_action.edit", found),
        "today": drill.campus.local_date(at),
        "now": at,
    }
    is_wrong = bool(
        form.errors
        or (action and action.errors)
        or (objectives and objectives.is_bound and not objectives.is_valid())
    )
    return TemplateResponse(request, "drills/review.html", context, status=422 if is_wrong else 200)


def _prefilled(drill: Drill, entries: list[TimelineEntry], reports: list[Any], *,
               worked: bool) -> str:  # fmt: skip
    """Return what the timeline says by itself: times that were reached, and what was seen."""
    lines: list[str] = []
    if worked:
        reported = sum(bool(one.status) for one in reports)
        if drill.seconds_to_secured is not None:
            lines.append(
                _("All out or secured after %(time)s.") % {"time": _words(drill.seconds_to_secured)}
            )
        if drill.seconds_to_accounted is not None and reported:
            lines.append(
                _("%(number)s of %(all)s places had reported after %(time)s.")
                % {
                    "number": reported,
                    "all": len(reports),
                    "time": _words(drill.seconds_to_accounted),
                }
            )
    else:
        lines += [
            f"{entry.place}: {entry.text}" if entry.place else entry.text
            for entry in entries
            if entry.kind == "observation" and entry.text
        ]
        silent = [one.place.name for one in reports if not one.status]
        if silent and drill.state != DrillState.STOPPED:
            lines.append(_("No report from %(places)s.") % {"places": ", ".join(silent[:12])})
    return "\n".join(lines)


def _words(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _action_form(drill: Drill, at: Any, data: Any = None) -> ActionForm:
    return ActionForm(
        data,
        campus=drill.campus,
        sections=_sections(drill),
        initial={"due_on": drill.campus.local_date(at) + FIX_WITHIN},
    )


def _sections(drill: Drill) -> list[tuple[str, str]]:
    version = newest_published(drill.campus)
    rows = Section.objects.filter(version=version).order_by("order") if version else []
    return [(str(row.key), row.title) for row in rows]


@require_POST
@page
def close(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Close the review; “nothing to fix” needs no more than this press."""
    drill = drill_of(request, drill_id)
    found = _review_of(request, drill)
    allow(request.actor, "review.close", found)
    try:
        reviewing.close(
            review_id=found.pk,
            nothing_to_fix=bool(request.POST.get("nothing_to_fix")),
            actor=request.actor,
            at=timezone.now(),
        )
    except Problem as problem:
        if problem.hides:
            raise
        messages.error(request, str(problem))
        return _to_review(drill)
    messages.success(request, _("Closed. The record is sealed and its evidence page can print."))
    return to_drill(drill)


@require_POST
@page
def add_action(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Name one thing that will be fixed."""
    drill = drill_of(request, drill_id)
    found = _review_of(request, drill)
    allow(request.actor, "corrective_action.edit", found)
    at = timezone.now()
    form = _action_form(drill, at, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            corrective.add(
                review_id=found.pk,
                deed=corrective.Deed(
                    what=data["what"],
                    element=data["element"],
                    outcome=data["outcome"],
                    owner=UUID(data["owner"]),
                    due_on=data["due_on"],
                    section_key=UUID(data["section"]) if data["section"] else None,
                    place=data["place"],
                    reason=data["reason"],
                ),
                actor=request.actor,
                at=at,
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Added."))
            return _to_review(drill)
    return _page(request, drill, found, action=form)


def _action(drill: Drill, action_id: UUID) -> CorrectiveAction:
    found = CorrectiveAction.objects.filter(review__drill=drill, pk=action_id).first()
    if found is None:
        raise NotFound(_("This drill has no such action."))
    return found


@require_POST
@page
def open_change(request: DistrictRequest, drill_id: UUID, action_id: UUID) -> HttpResponse:
    """Open the plan's draft in which this is changed."""
    drill = drill_of(request, drill_id)
    action = _action(drill, action_id)
    version = corrective.open_plan_change(
        action_id=action.pk, actor=request.actor, at=timezone.now()
    )
    messages.success(
        request,
        _("The plan is open for this change. Publishing it closes the action, and the packet "
          "names this drill."),
    )  # fmt: skip
    plan = f"{drill.campus.get_absolute_url()}plan/"
    named = version.sections.filter(key=action.section_key) if action.section_key else None
    section = named.first() if named else None
    where = f"{plan}sections/{section.template_id}/" if section else plan
    return HttpResponseRedirect(where, status=303)


@require_POST
@page
def finish(request: DistrictRequest, drill_id: UUID, action_id: UUID) -> HttpResponse:
    """Say that it is done, with its proof."""
    drill = drill_of(request, drill_id)
    action = _action(drill, action_id)
    allow(request.actor, "corrective_action.edit", action)
    form = ProofForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("It does not say how one can see that it is done."))
        return _to_review(drill)
    try:
        corrective.finish(
            action_id=action.pk,
            proof=form.cleaned_data["proof"],
            actor=request.actor,
            at=timezone.now(),
        )
    except Problem as problem:
        if problem.hides:
            raise
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Done, with its proof."))
    return _to_review(drill)
