"""Bringing a map in: the file, what it became, and publishing it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.directory.access import DistrictRequest, may
from backend.directory.models import Campus
from backend.directory.pages.forms import problem_to_form
from backend.problems import NotFound, Problem
from maps import places, queries
from maps.document import to_json
from maps.kinds import kind_word
from maps.models import MapVersion
from maps.pages.campus import campus_page, shell
from maps.pages.forms import ImportForm, PublishForm
from maps.pages.map_page import answer_document
from maps.services.importing import discard_draft, import_map
from maps.services.publishing import publish_map

MOST_LISTED = 200
SEVERITIES = {
    "error": ("violated", gettext_lazy("Error")),
    "warning": ("due", gettext_lazy("Warning")),
    "info": ("on_track", gettext_lazy("Note")),
}


@dataclass(slots=True)
class FindingGroup:
    """Findings of one code: `count` in all, up to MOST_LISTED places of them."""

    status: str
    word: str
    code: str
    mend: str
    count: int = 0
    places: list[str] = field(default_factory=list)


def _grouped(findings: list[dict[str, Any]]) -> list[FindingGroup]:
    """Return findings by severity and code, the gravest and most frequent first."""
    groups: dict[tuple[int, str, str], FindingGroup] = {}
    order = list(SEVERITIES)
    for item in findings:
        status, word = SEVERITIES[item["severity"]]
        key = (order.index(item["severity"]), item["code"], item["mend"])
        group = groups.setdefault(key, FindingGroup(status, str(word), item["code"], item["mend"]))
        group.count += 1
        if len(group.places) < MOST_LISTED:
            group.places.append(item["where"])
    return [groups[key] for key in sorted(groups, key=lambda k: (k[0], -groups[k].count, k[1:]))]


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("map.edit")
def import_file(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Take a map file into the draft, or say what is wrong with it and how to mend it."""
    form = ImportForm(request.POST or None, request.FILES or None)
    refusal: Problem | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            import_map(
                campus_id=campus.pk,
                name=file.name,
                content=file.read(),
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            refusal = problem
            form.add_error("file", problem.message)
        else:
            return HttpResponseRedirect(reverse("campus-map-draft", args=[campus.slug]), status=303)
    return TemplateResponse(
        request,
        "maps/import.html",
        {
            **shell(campus),
            "form": form,
            "refusal": refusal,
            "draft": queries.draft_map(campus),
        },
        status=422 if form.errors else 200,
    )


@require_safe
@campus_page("map.edit")
def draft(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Is this draft right?"""
    found = _draft(campus)
    return _draft_page(request, campus, found, PublishForm())


@require_safe
@campus_page("map.edit")
def draft_document(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Return the draft for the viewer."""
    return answer_document(request, to_json(queries.document_of(_draft(campus))))


@require_POST
@campus_page("map.edit")
def publish(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Publish the draft."""
    found = _draft(campus)
    form = PublishForm(request.POST)
    if form.is_valid():
        try:
            version = publish_map(
                version_id=found.pk, actor=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(
                request, _("Map version %(number)s is published.") % {"number": version.number}
            )
            return HttpResponseRedirect(reverse("campus-map", args=[campus.slug]), status=303)
    return _draft_page(request, campus, found, form)


@require_POST
@campus_page("map.edit")
def discard(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Discard the draft; the published map stays."""
    discard_draft(campus_id=campus.pk, actor=request.actor, at=timezone.now())
    messages.success(request, _("The draft is discarded."))
    return HttpResponseRedirect(reverse("campus-map", args=[campus.slug]), status=303)


def _draft(campus: Campus) -> MapVersion:
    found = queries.draft_map(campus)
    if found is None:
        raise NotFound(_("This campus has no draft map."), mend=_("Import a map file first."))
    return found


def _draft_page(
    request: DistrictRequest, campus: Campus, version: MapVersion, form: PublishForm
) -> HttpResponse:
    document = queries.document_of(version)
    former = queries.published_map(campus)
    kinds = Counter(feature.kind for feature in document.features)
    context: dict[str, Any] = {
        **shell(campus),
        "version": version,
        "form": form,
        "findings": _grouped(version.findings),
        "finding_count": len(version.findings),
        "error_count": sum(item["severity"] == "error" for item in version.findings),
        "unplaced": version.unplaced[:MOST_LISTED],
        "unplaced_count": len(version.unplaced),
        "more_unplaced": max(0, len(version.unplaced) - MOST_LISTED),
        "kinds": sorted((kind_word(kind), count) for kind, count in kinds.items()),
        "feature_count": len(document.features),
        "former": former,
        "changes": queries.changes_between(former, version) if former else None,
        "source": reverse("campus-map-draft-document", args=[campus.slug]),
        "groups": places.groups_of(document),
        "may_publish": may(request.actor, "map.publish", campus),
    }
    return TemplateResponse(request, "maps/draft.html", context, status=422 if form.errors else 200)
