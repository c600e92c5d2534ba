"""Import from a spreadsheet: template, dry run, confirmation; export in the same columns."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backend.directory import queries
from backend.directory.access import DistrictRequest, page
from backend.directory.imports.kinds import KINDS, kind_of
from backend.directory.imports.reading import write_table
from backend.directory.models import District
from backend.directory.pages.forms import problem_to_form
from backend.directory.services import importing as services
from backend.directory.services.exporting import exported
from backend.problems import BadInput, NotAllowed, Problem

SALT = "directory.import"
WORDS = {
    "campuses": gettext_lazy("Campuses"),
    "people": gettext_lazy("People and roles"),
    "agencies": gettext_lazy("Agencies and coverage"),
    "contacts": gettext_lazy("Contacts of agencies"),
}


class UploadForm(forms.Form):
    """Which kind of sheet, and the file."""

    kind = forms.ChoiceField(label=gettext_lazy("What is in it?"), choices=list(WORDS.items()))
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        max_length=200,
        allow_empty_file=True,
        help_text=gettext_lazy("Comma, semicolon or tab; at most 5 MB. Nothing is saved yet."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )


@page
def upload(request: DistrictRequest) -> HttpResponse:
    """Take a file and show what it would do."""
    district = _district(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = services.dry_run(
                district_id=district.pk,
                kind=form.cleaned_data["kind"],
                content=file.read(),
                name=file.name,
                actor=request.actor,
                at=timezone.now(),
            )
        except BadInput as problem:
            text = (
                f"{problem.where}: {problem}" if problem.where.startswith("line") else str(problem)
            )
            form.add_error("file", text)
        else:
            ticket = signing.dumps([run.kind, str(run.file.pk)], salt=SALT)
            return HttpResponseRedirect(
                reverse("import-check", kwargs={"ticket": ticket}), status=303
            )
    context = {"form": form, "district": district, "kinds": KINDS.values(), "words": WORDS}
    return TemplateResponse(
        request, "directory/import.html", context, status=422 if form.is_bound else 200
    )


@page
def check(request: DistrictRequest, ticket: str) -> HttpResponse:
    """Show the fate of every row; on a press do exactly that."""
    district = _district(request)
    try:
        kind, file_id = signing.loads(ticket, salt=SALT, max_age=24 * 3600)
    except signing.BadSignature:
        messages.warning(request, _("That dry run is older than a day. Choose the file again."))
        return HttpResponseRedirect(reverse("import"), status=303)
    form = forms.Form()
    if request.method == "POST":
        form = forms.Form(request.POST)
        try:
            done = services.confirm(
                district_id=district.pk,
                kind=kind,
                file_id=UUID(file_id),
                digest=request.POST.get("digest", ""),
                others=_lines(request),
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            form.is_valid()
            problem_to_form(problem, form)
        else:
            messages.success(request, _done_words(done))
            return HttpResponseRedirect(reverse("import"), status=303)
    run = services.look_again(
        district_id=district.pk,
        kind=kind,
        file_id=UUID(file_id),
        actor=request.actor,
        at=timezone.now(),
    )
    only = request.GET.get("fate", "")
    context = {
        "run": run,
        "form": form,
        "counts": run.counts,
        "only": only if only in run.counts else "",
        "fates": [fate for fate in run.fates if only in {"", fate.fate}],
        "label": WORDS[run.kind],
        "will_do": len(run.fates) - run.counts["refused"] - run.counts["unchanged"],
    }
    return TemplateResponse(
        request, "directory/import_check.html", context, status=422 if form.errors else 200
    )


@require_safe
@page
def template(request: DistrictRequest, kind: str) -> HttpResponse:
    """Return the empty sheet of a kind."""
    _district(request)
    return _csv(f"{kind}-template.csv", [column.name for column in kind_of(kind).columns], [])


@require_safe
@page
def export(request: DistrictRequest, kind: str) -> HttpResponse:
    """Return what the district holds, in the columns of the import."""
    headings, rows = exported(
        district=_district(request), kind=kind, actor=request.actor, at=timezone.now()
    )
    return _csv(f"{kind}.csv", headings, rows)


def _csv(name: str, headings: list[str], rows: list[list[object]]) -> HttpResponse:
    return HttpResponse(
        write_table(headings, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _district(request: DistrictRequest) -> District:
    asked = request.POST.get("district") or request.GET.get("district", "")
    district = queries.district_for(request.actor, "directory.import", asked)
    if district is None:
        raise NotAllowed(_("Your role does not import."))
    return district


def _lines(request: DistrictRequest) -> set[int]:
    return {int(line) for line in request.POST.getlist("another") if line.isdigit()}


def _done_words(done: dict[str, int]) -> str:
    return (
        _(
            "Imported: %(new)s new, %(changed)s changed, %(match_proposed)s matched;"
            " %(unchanged)s were the same, %(refused)s refused. Nobody was written to."
        )
        % done
    )
