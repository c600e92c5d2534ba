"""Agencies: list, add, one agency with contacts, people, devices; the coverage matrix."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backend.directory import queries
from backend.directory.access import DistrictRequest, in_reach_of, page
from backend.directory.models import Agency, Campus, Coverage
from backend.directory.models.agency import AgencyKind
from backend.directory.models.coverage import Capacity
from backend.directory.pages.forms import problem_to_form
from backend.directory.services import agencies as services
from backend.directory.services import coverage as coverages
from backend.problems import NotAllowed, NotFound, Problem


class AgencyForm(forms.Form):
    """A new agency and what it covers."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AgencyKind.choices)
    phone = forms.CharField(
        label=gettext_lazy("Ten-digit line"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("The number that answers when it is no emergency."),
    )
    campuses = forms.MultipleChoiceField(
        label=gettext_lazy("Campuses it covers"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    capacity = forms.ChoiceField(label=gettext_lazy("Capacity"), choices=Capacity.choices)
    match = forms.ChoiceField(
        label=gettext_lazy("Is it the same agency?"),
        required=False,
        widget=forms.HiddenInput(),
        choices=[
            ("", "–"),
            ("use", gettext_lazy("Yes, use the one that exists")),
            ("another", gettext_lazy("No, it is another of the same name")),
        ],
    )

    def __init__(self, *args: Any, campuses: list[Campus], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["campuses"]
        field.choices = [(str(row.pk), row.name) for row in campuses]  # type: ignore[attr-defined]

    def ask_which(self) -> None:
        """Show the question whether the proposed match is the same agency."""
        self.fields["match"].widget = forms.RadioSelect(
            choices=self.fields["match"].choices[1:]  # type: ignore[attr-defined]
        )


@require_safe
@page
def agencies(request: DistrictRequest) -> HttpResponse:
    """List the agencies that answer for this district's campuses."""
    today = timezone.now().date()
    mine = queries.districts_with(request.actor, "coverage.read")
    covered = list(queries.coverages(request.actor, today=today))
    listed = list(queries.agencies(request.actor, today=today))
    contacts = queries.contacts_by_agency(listed, district_ids=mine)
    rows = [
        {
            "agency": agency,
            "campuses": [item.campus for item in covered if item.agency_id == agency.pk],
            "contacts": contacts[agency.pk],
        }
        for agency in listed
    ]
    context = {
        "rows": rows,
        "may_edit": bool(queries.districts_with(request.actor, "coverage.edit")),
    }
    return TemplateResponse(request, "directory/agencies.html", context)


@page
def add(request: DistrictRequest) -> HttpResponse:
    """Add an agency, or take the one that exists already."""
    district = queries.district_for(
        request.actor, "coverage.edit", request.POST.get("district", "")
    )
    if district is None:
        raise NotAllowed(_("Your role does not add agencies."))
    campuses = list(Campus.objects.filter(district=district).order_by("name", "id"))
    form = AgencyForm(request.POST or None, campuses=campuses)
    found: Agency | None = None
    if request.method == "POST" and form.is_valid():
        try:
            agency = _add(request, form, district.pk)
        except services.MatchProposed as proposed:
            found = proposed.found
            form.ask_which()
            form.add_error("match", str(proposed))
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Saved. Now add whom to write to."))
            return HttpResponseRedirect(
                reverse("agency", kwargs={"agency_id": agency.pk}), status=303
            )
    context = {"form": form, "found": found}
    return TemplateResponse(
        request, "directory/agency_form.html", context, status=422 if form.is_bound else 200
    )


def _add(request: DistrictRequest, form: AgencyForm, district_id: UUID) -> Agency:
    data, at = form.cleaned_data, timezone.now()
    known = queries.agencies_like(data["name"], data["kind"])
    if data["match"] == "use" and known:
        agency = known[0]
        if not data["campuses"]:
            raise NotFound(
                _("Nothing says what it covers."),
                where="campuses",
                mend=_("Choose at least one campus."),
            )
    else:
        agency = services.create_agency(
            district_id=district_id,
            name=data["name"],
            kind=data["kind"],
            phone=data["phone"],
            is_another=data["match"] == "another",
            actor=request.actor,
            at=at,
        )
    for campus_id in data["campuses"]:
        coverages.add_coverage(
            campus_id=UUID(campus_id),
            agency_id=agency.pk,
            capacity=data["capacity"],
            is_matched=True,
            actor=request.actor,
            at=at,
        )
    return agency


def _capacity(coverage: Coverage | None) -> str:
    return coverage.capacity if coverage else ""


@page
def matrix(request: DistrictRequest) -> HttpResponse:
    """Show which agency covers which campus; with the right, change it cell by cell."""
    today = timezone.now().date()
    may_edit = bool(queries.districts_with(request.actor, "coverage.edit"))
    if request.method == "POST":
        number = _save_matrix(request)
        messages.success(request, _("%(number)s cells changed.") % {"number": number})
        return HttpResponseRedirect(reverse("coverage"), status=303)
    listed = list(queries.agencies(request.actor, today=today))
    covered = {
        (row.campus_id, row.agency_id): row for row in queries.coverages(request.actor, today=today)
    }
    campuses = in_reach_of(request.actor, "coverage.read", Campus.objects.all())
    rows = [
        {
            "campus": campus,
            "cells": [
                {
                    "agency": agency,
                    "coverage": covered.get((campus.pk, agency.pk)),
                    "value": f"{campus.pk}:{agency.pk}",
                    "capacities": queries.capacity_choices(
                        agency, _capacity(covered.get((campus.pk, agency.pk)))
                    ),
                }
                for agency in listed
            ],
        }
        for campus in campuses.order_by("name", "id")
    ]
    context = {
        "agencies": listed,
        "rows": rows,
        "may_edit": may_edit,
    }
    return TemplateResponse(request, "directory/coverage.html", context)


def _save_matrix(request: DistrictRequest) -> int:
    """Add, change and end where the cells differ from those that the page was opened with."""
    now = timezone.now()
    wanted = {value for value in request.POST.getlist("cell") if value}
    before = set(request.POST.getlist("was"))
    kept = {value.rpartition(":")[0] for value in wanted}
    for value in sorted(wanted - before):
        campus_id, agency_id, capacity = _cell(value)
        coverages.add_coverage(
            campus_id=campus_id,
            agency_id=agency_id,
            capacity=capacity,
            actor=request.actor,
            at=now,
        )
    ended = {value for value in before - wanted if value.rpartition(":")[0] not in kept}
    for value in sorted(ended):
        campus_id, agency_id, _capacity = _cell(value)
        row = Coverage.objects.filter(
            queries.not_over(now.date()), campus=campus_id, agency=agency_id
        ).first()
        if row is not None:
            coverages.end_coverage(coverage_id=row.pk, actor=request.actor, at=now)
    return len(wanted - before) + len(ended)


def _cell(value: str) -> tuple[UUID, UUID, str]:
    parts = value.split(":")
    try:
        campus_id, agency_id, capacity = parts
        return UUID(campus_id), UUID(agency_id), capacity
    except ValueError as error:
        raise NotFound(_("There is no such cell.")) from error
