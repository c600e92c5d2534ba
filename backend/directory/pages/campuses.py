"""Campuses: the list by reach, add, edit."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.directory import queries
from backend.directory.access import DistrictRequest, get_in_reach, page
from backend.directory.models import Campus
from backend.directory.pages.forms import problem_to_form
from backend.directory.services import campuses as services
from backend.problems import NotAllowed, Problem


class CampusForm(forms.ModelForm):  # type: ignore[type-arg]
    """All that may be edited of a campus, and the state it was opened in."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    class Meta:
        model = Campus
        fields = services.FIELDS

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["time_zone"].required = False
        self.fields["time_zone"].help_text = gettext_lazy("The district's, if empty.")
        self.fields["nces_id"].help_text = gettext_lazy(
            "12 digits; schools outside NCES have none."
        )

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {name: self.cleaned_data[name] for name in services.FIELDS}

    def validate_unique(self) -> None:
        """Leave it to the service, which knows the district."""


@page
def campuses(request: DistrictRequest) -> HttpResponse:
    """List the campuses that this person may read."""
    words = request.GET.get("q", "").strip()
    rows = queries.campuses(request.actor, words=words)
    listed = Paginator(rows, 50).get_page(request.GET.get("page"))
    manages = set(queries.districts_with(request.actor, "settings.edit"))
    covering = queries.covering_counts(request.actor, today=timezone.now().date())
    context = {
        "page": listed,
        "rows": [
            {
                "campus": row,
                "agencies": covering.get(row.pk, 0),
                "may_edit": row.district_id in manages,
            }
            for row in listed
        ],
        "words": words,
        "query": urlencode({"q": words}) + "&" if words else "",
        "may_add": bool(manages),
        "reads_coverage": bool(queries.districts_with(request.actor, "coverage.read")),
    }
    return TemplateResponse(request, "directory/campuses.html", context)


@page
def add(request: DistrictRequest) -> HttpResponse:
    """Add a campus to the district."""
    asked = request.POST.get("district") or request.GET.get("district", "")
    district = queries.district_for(request.actor, "settings.edit", asked)
    if district is None:
        raise NotAllowed(_("Your role does not add campuses."))
    form = CampusForm(
        request.POST or None, initial={"state": district.state, "time_zone": district.time_zone}
    )
    if request.method == "POST" and form.is_valid():
        try:
            campus = services.create_campus(
                district_id=district.pk,
                values=form.values(),
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("%(name)s is added.") % {"name": campus.name})
            return HttpResponseRedirect(reverse("campuses"), status=303)
    context = {"form": form, "district": district}
    return TemplateResponse(
        request, "directory/campus_form.html", context, status=422 if form.is_bound else 200
    )


@page
def edit(request: DistrictRequest, campus_id: UUID) -> HttpResponse:
    """Edit a campus; an edit made meanwhile by somebody else is not overwritten."""
    campus = get_in_reach(request.actor, "settings.edit", Campus.objects.all(), pk=campus_id)
    name, state = campus.name, services.state_of(campus)
    form = CampusForm(request.POST or None, instance=campus, initial={"seen": state})
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_campus(
                campus_id=campus_id,
                values=form.values(),
                seen=form.cleaned_data["seen"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": form.instance.name})
            return HttpResponseRedirect(reverse("campuses"), status=303)
    context = {"form": form, "name": name}
    return TemplateResponse(
        request, "directory/campus_form.html", context, status=422 if form.is_bound else 200
    )
