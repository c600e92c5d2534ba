"""Publish an approved version, adopt one as it stands, withdraw one."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.directory.access import DistrictRequest, may
from backend.directory.models import Campus, Coverage
from backend.directory.pages.forms import problem_to_form
from backend.directory.queries import current
from backend.files import store
from backend.problems import NotFound, Problem
from plans.models import PlanState, PlanVersion
from plans.pages.forms import AdoptForm, PublishForm, ReasonForm, SignatureListForm
from plans.pages.shell import campus_page, shell, work_of
from plans.queries import document_of, in_force
from plans.queries.publications import change_sentences, former_of
from plans.queries.recipients import who_is_told
from plans.queries.signatures import signature_list
from plans.queries.versions import versions_of
from plans.services import adopting, publishing, signature_lists


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("plan.publish")
def publish(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """From when is this version in force, and who is told?"""
    at = timezone.now()
    version = work_of(campus, PlanState.APPROVED)
    form = PublishForm(request.POST or None, initial={"in_force_from": campus.local_date(at)})
    if request.method == "POST" and form.is_valid():
        try:
            publishing.publish(
                version=version,
                in_force_from=form.cleaned_data["in_force_from"],
                actor=request.actor,
                at=at,
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Published. The Packet tab shows whose message went out."))
            return HttpResponseRedirect(reverse("campus-plan", args=[campus.slug]), status=303)
    context = {
        **_around(request, campus, version, at),
        "form": form,
        "sentences": change_sentences(version, "responder"),
    }
    return TemplateResponse(
        request, "plans/publish.html", context, status=422 if form.errors else 200
    )


def _around(
    request: DistrictRequest, campus: Campus, version: PlanVersion, at: datetime
) -> dict[str, Any]:
    return {
        **shell(request, campus, at),
        "version": version,
        "former": former_of(version),
        "in_force": in_force(campus, campus.local_date(at)),
        "told": who_is_told(campus, at),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("plan.publish")
def adopt(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Was this plan adopted before, and who may see what?"""
    at = timezone.now()
    version = work_of(campus, PlanState.DRAFT)
    document = document_of(version)
    initial = {"in_force_from": campus.local_date(at)} | {
        row.template_id: adopting.AS_MARKED for row in version.sections.filter(edits__gt=0)
    }
    form = AdoptForm(
        request.POST or None, request.FILES or None, initial=initial, document=document
    )
    if request.method == "POST" and form.is_valid():
        try:
            adopting.adopt(
                version=version,
                signature_page=form.cleaned_data["signature_page"].read(),
                adopted_on=form.cleaned_data["adopted_on"],
                in_force_from=form.cleaned_data["in_force_from"],
                audiences=form.audiences(),
                actor=request.actor,
                at=at,
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(
                request, _("Published as adopted. The Packet tab shows whose message went out.")
            )
            return HttpResponseRedirect(reverse("campus-plan", args=[campus.slug]), status=303)
    context = {**_around(request, campus, version, at), "form": form}
    return TemplateResponse(
        request, "plans/adopt.html", context, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("plan.withdraw")
def withdraw(request: DistrictRequest, campus: Campus, number: int) -> HttpResponse:
    """Why is this version withdrawn, and who is told?"""
    at = timezone.now()
    version = versions_of(campus).filter(number=number, state=PlanState.PUBLISHED).first()
    if version is None:
        raise NotFound(_("There is no such published version."), mend=_("See the versions."))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            publishing.withdraw(
                version=version,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=at,
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Withdrawn. The Packet tab shows whose message went out."))
            return HttpResponseRedirect(reverse("plan-versions", args=[campus.slug]), status=303)
    context = {**_around(request, campus, version, at), "form": form}
    return TemplateResponse(
        request, "plans/withdraw.html", context, status=422 if form.errors else 200
    )


@require_safe
@campus_page("plan.read")
def signature_page(request: DistrictRequest, campus: Campus, number: int) -> HttpResponse:
    """Return the signature page of an adopted version as a file."""
    version = versions_of(campus).filter(number=number).first()
    if version is None or version.signature_page is None:
        raise NotFound(_("This version has no signature page."), mend=_("See the versions."))
    file = version.signature_page
    response = HttpResponse(store.read(file), content_type=file.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("plan.read")
def signatures(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Who must sign the plans of this campus?"""
    at = timezone.now()
    today = campus.local_date(at)
    listed, is_default = signature_list(campus, today)
    coverages = list(
        Coverage.objects.filter(current(today), campus=campus).select_related("agency")
    )
    form = SignatureListForm(
        request.POST or None,
        coverages=coverages,
        initial={
            "inside": [item.role for item in listed if item.agency is None],
            "agencies": [str(item.agency.pk) for item in listed if item.agency],
        },
    )
    if request.method == "POST" and form.is_valid():
        chosen = [(role, None) for role in form.cleaned_data["inside"]]
        by_id = {str(row.agency_id): row.agency_id for row in coverages}
        agencies = [("agency", by_id[key]) for key in form.cleaned_data["agencies"]]
        try:
            signature_lists.edit_signature_list(
                campus=campus, needed=[*chosen, *agencies], actor=request.actor, at=at
            )
        except Problem as problem:
            if problem.status == 403:
                raise
            problem_to_form(problem, form)
        else:
            messages.success(request, _("The signature list is saved."))
            return HttpResponseRedirect(reverse("plan-signatures", args=[campus.slug]), status=303)
    context = {
        **shell(request, campus, at),
        "form": form,
        "listed": listed,
        "is_default": is_default,
        "may_edit": may(request.actor, "signature_list.edit", campus),
    }
    return TemplateResponse(
        request, "plans/signatures.html", context, status=422 if form.errors else 200
    )


@require_POST
@campus_page("signature_list.edit")
def reset_signatures(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Go back to the usual list."""
    signature_lists.edit_signature_list(
        campus=campus, needed=[], actor=request.actor, at=timezone.now()
    )
    messages.success(request, _("The usual list holds again."))
    return HttpResponseRedirect(reverse("plan-signatures", args=[campus.slug]), status=303)
