"""The plan of a campus: what stands, what it must still say, and the next step."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.directory.access import DistrictRequest, may, page
from backend.directory.models import Campus
from backend.directory.pages.forms import problem_to_form
from backend.directory.queries import campus_by_slug
from backend.problems import NotFound, Problem
from maps.pages.campus import moved
from plans.content.audiences import select
from plans.content.completeness import blocking
from plans.content.document import AUDIENCES, Audience
from plans.models import PlanState, PlanVersion
from plans.pages.forms import AddSectionForm, StartForm
from plans.pages.reading import shown_posts, shown_sections
from plans.pages.shell import authors, campus_page, gap_rows, section_groups, shell, work_of
from plans.queries import (
    coming,
    document_of,
    gaps_of,
    in_force,
    in_work,
    newest_published,
    resolver_of,
)
from plans.queries.documents import feature_names
from plans.queries.map_news import map_news
from plans.queries.sheets import is_confirmed, newest_copy, sheet_of
from plans.queries.versions import versions_of
from plans.services import drafting, submitting


@require_safe
@page
def overview(request: DistrictRequest, slug: str) -> HttpResponse:
    """What does the plan say, and what must it still say?"""
    at = timezone.now()
    try:
        campus = campus_by_slug(request.actor, slug, "plan.read")
    except NotFound:
        campus = campus_by_slug(request.actor, slug, "plan.read_staff_parts")
    if way := moved(request, slug, campus):
        return way
    if not may(request.actor, "plan.read", campus):
        return _staff_parts(request, campus, at)
    version = in_work(campus) if may(request.actor, "plan.read_draft", campus) else None
    today = campus.local_date(at)
    present = in_force(campus, today)
    context: dict[str, Any] = {
        **shell(request, campus, at),
        "today": today,
        "version": version,
        "in_force": present,
        "coming": coming(campus, today),
        "shown": version or present or coming(campus, today),
        "sheet": sheet_of(campus),
        "sheet_copy": newest_copy(campus),
        "start_form": StartForm(),
    }
    context["sheet_is_confirmed"] = is_confirmed(context["sheet"], context["sheet_copy"])
    if context["shown"]:
        context |= _state_of(campus, context["shown"], at)
    return TemplateResponse(request, "plans/plan.html", context)


def _state_of(campus: Campus, version: PlanVersion, at: datetime) -> dict[str, Any]:
    document = document_of(version)
    found = gaps_of(version, campus.local_date(at), document)
    stopping = blocking(found)
    groups = section_groups(campus, document, found)
    return {
        "authors": authors(version),
        "groups": groups,
        "section_count": len(document.sections),
        "complete_count": sum(group.complete for group in groups),
        "gaps": gap_rows(campus, document, found, stopping),
        "stopping_count": len(stopping),
        "map_news": map_news(version, document),
        "add_form": AddSectionForm(present={item.template_id for item in document.sections}),
    }


def _staff_parts(request: DistrictRequest, campus: Campus, at: datetime) -> HttpResponse:
    """Show those who read the staff's parts what is in force, cut to staff."""
    present = in_force(campus, campus.local_date(at))
    context = {**shell(request, campus, at), "version": present, "audience": "staff"}
    if present:
        context |= _read(present, "staff")
    return TemplateResponse(request, "plans/read.html", context)


def _read(version: PlanVersion, audience: Audience) -> dict[str, Any]:
    document = select(document_of(version), audience)
    names = feature_names(version)
    return {
        "sections": shown_sections(document, resolver_of(version), names.get),
        "posts": shown_posts(document),
        "audience": audience,
        "campus_facts": document.campus,
    }


@require_safe
@campus_page("plan.read")
def read(request: DistrictRequest, campus: Campus, number: int, audience: str) -> HttpResponse:
    """What does somebody of an audience read in this version?"""
    at = timezone.now()
    version = versions_of(campus).filter(number=number).first()
    chosen = next((word for word in AUDIENCES if word == audience), None)
    is_draft = version is not None and version.state in {
        PlanState.DRAFT, PlanState.IN_REVIEW, PlanState.APPROVED,
    }  # fmt: skip
    may_see = may(request.actor, "plan.read_draft", campus) or not is_draft
    if version is None or chosen is None or not may_see:
        raise NotFound(_("There is no such version."), mend=_("Choose one from the list."))
    context = {**shell(request, campus, at), "version": version, "audiences": AUDIENCES}
    return TemplateResponse(request, "plans/read.html", context | _read(version, chosen))


@require_http_methods(["POST"])
@campus_page("plan.draft")
def start(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Start a draft, from the template or from the published version."""
    at = timezone.now()
    form = StartForm(request.POST)
    if form.is_valid():
        try:
            if newest_published(campus):
                drafting.start_from_published(campus=campus, actor=request.actor, at=at)
            else:
                drafting.start_plan(
                    campus=campus,
                    hazards=form.cleaned_data["hazards"],
                    actor=request.actor,
                    at=at,
                )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("The draft stands. Write what is still missing."))
            return HttpResponseRedirect(reverse("campus-plan", args=[campus.slug]), status=303)
    context = {**shell(request, campus, at), "start_form": form}
    return TemplateResponse(request, "plans/plan.html", context, status=422)


@require_POST
@campus_page("plan.draft")
def pin_map(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Let the draft stand on the newest map."""
    version = work_of(campus, PlanState.DRAFT)
    drafting.pin_map(version=version, actor=request.actor, at=timezone.now())
    messages.success(request, _("The draft stands on the newest map now."))
    return HttpResponseRedirect(reverse("campus-plan", args=[campus.slug]), status=303)


@require_POST
@campus_page("plan.draft")
def submit(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Send the draft to review."""
    return send_to_review(request, campus, work_of(campus, PlanState.DRAFT), timezone.now())


def send_to_review(
    request: DistrictRequest, campus: Campus, version: PlanVersion, at: datetime
) -> HttpResponse:
    """Send a draft to review and lead on; where gaps stop it, to the plan, which lists them."""
    try:
        submitting.submit(version=version, actor=request.actor, at=at)
    except submitting.GapsBlock as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("campus-plan", args=[campus.slug]), status=303)
    messages.success(request, _("In review and frozen. The signers see it under Today."))
    return HttpResponseRedirect(reverse("plan-review", args=[campus.slug]), status=303)


@require_POST
@campus_page("plan.draft")
def add_section(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Add a section from the template."""
    version = work_of(campus, PlanState.DRAFT)
    template_id = request.POST.get("template_id", "")
    drafting.add_section(
        version=version, template_id=template_id, actor=request.actor, at=timezone.now()
    )
    return HttpResponseRedirect(
        reverse("plan-section", args=[campus.slug, template_id]), status=303
    )


@require_safe
@campus_page("plan.read")
def versions(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Which versions of the plan are there?"""
    at = timezone.now()
    rows = versions_of(campus)
    if not may(request.actor, "plan.read_draft", campus):
        rows = rows.exclude(state__in=[PlanState.DRAFT, PlanState.IN_REVIEW, PlanState.APPROVED])
    today = campus.local_date(at)
    context = {
        **shell(request, campus, at),
        "versions": list(rows.prefetch_related("approvals")),
        "in_force": in_force(campus, today),
        "coming": coming(campus, today),
    }
    return TemplateResponse(request, "plans/versions.html", context)
