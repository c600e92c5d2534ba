"""The district itself: its name, state, zone, the line that answers, the marking of its papers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.directory import queries
from backend.directory.access import DistrictRequest, page
from backend.directory.models import District
from backend.directory.pages.forms import problem_to_form
from backend.directory.services.districts import edit_district
from backend.problems import NotAllowed, Problem

FIELDS = ("name", "state", "time_zone", "answering_name", "answering_phone", "marking")


class DistrictForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a district administrator sets."""

    class Meta:
        model = District
        fields = FIELDS

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["answering_name"].help_text = gettext_lazy(
            "Printed on every packet and shown where a link has ended."
        )
        self.fields["marking"].help_text = gettext_lazy("Stands on each page of a plan or packet.")


@page
def district(request: DistrictRequest) -> HttpResponse:
    """Show and change the district."""
    asked = request.GET.get("district", "")
    row = queries.district_for(request.actor, "settings.edit", asked)
    if row is None:
        raise NotAllowed(_("Your role does not change the district."))
    form = DistrictForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            edit_district(
                district_id=row.pk,
                values=form.cleaned_data,
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("The district is saved."))
            return HttpResponseRedirect(request.get_full_path(), status=303)
    return TemplateResponse(
        request, "directory/district.html", {"form": form}, status=422 if form.is_bound else 200
    )
