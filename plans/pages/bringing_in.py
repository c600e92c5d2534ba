"""The plan that a campus has becomes its first draft; what of the file has no place is shown."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from backend.directory.access import DistrictRequest
from backend.directory.models import Campus
from backend.files import store
from backend.problems import NotFound, Problem
from plans.content.template import SECTION_TEMPLATES
from plans.models import PlanVersion
from plans.pages.shell import campus_page, shell
from plans.queries.versions import versions_of
from plans.services.bringing_in import bring_in

PLAN_FILES = ".docx,.pdf,.html,.htm,.md,.txt"


class BringInForm(forms.Form):
    """A plan file."""

    file = forms.FileField(
        label=gettext_lazy("Plan file"),
        allow_empty_file=True,
        help_text=gettext_lazy("Word (.docx), PDF, HTML, Markdown or text, up to 64 MB."),
        widget=forms.FileInput(attrs={"accept": PLAN_FILES}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("plan.draft")
def bring_in_file(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Make the first draft of a file, or say what is wrong with it and how to mend it."""
    at = timezone.now()
    form = BringInForm(request.POST or None, request.FILES or None)
    refusal: Problem | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            version = bring_in(
                campus=campus, name=file.name, content=file.read(), actor=request.actor, at=at
            )
        except Problem as problem:
            refusal = problem
            form.add_error("file", problem.message)
        else:
            told = version.brought_in
            messages.success(
                request,
                _("%(placed)s of %(all)s words stand in the plan. See what has no place.")
                % {"placed": f"{told['words_placed']:,}", "all": f"{told['words_in']:,}"},
            )
            way = reverse("plan-brought-in", args=[campus.slug, version.number])
            return HttpResponseRedirect(way, status=303)
    context = {**shell(request, campus, at), "form": form, "refusal": refusal}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "plans/bring_in.html", context, status=status)


@require_safe
@campus_page("plan.read_draft")
def brought_in(request: DistrictRequest, campus: Campus, number: int) -> HttpResponse:
    """What became of the file?"""
    version = _brought_in(campus, number)
    told = version.brought_in
    names = {key: template.title for key, template in SECTION_TEMPLATES.items()}
    rows = [
        {**row, "title": names.get(row["template_section"], row["heading"])}
        for row in told["sections"]
        if row["words"]
    ]
    context = {
        **shell(request, campus, timezone.now()),
        "version": version,
        "told": told,
        "rows": rows,
    }
    return TemplateResponse(request, "plans/brought_in.html", context)


@require_safe
@campus_page("plan.read_draft")
def file(request: DistrictRequest, campus: Campus, number: int) -> HttpResponse:
    """Return the file as it was given, to those who write the plan."""
    stored = _brought_in(campus, number).brought_in_from
    if stored is None:
        raise NotFound(_("This version was not brought in from a file."))
    answer = HttpResponse(store.read(stored), content_type="application/octet-stream")
    answer["Content-Disposition"] = "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _brought_in(campus: Campus, number: int) -> PlanVersion:
    version = versions_of(campus).filter(number=number).first()
    if version is None or not version.brought_in:
        raise NotFound(_("This version was not brought in from a file."))
    return version
