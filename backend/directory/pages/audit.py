"""The audit log: who did or read what, when; with an export."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.directory import audit_log, queries
from backend.directory.access import DistrictRequest, page
from backend.directory.audit_sentences import sentences_of
from backend.directory.imports.reading import write_table
from backend.directory.permissions import rule_for
from backend.problems import NotAllowed


@require_safe
@page
def log(request: DistrictRequest) -> HttpResponse:
    """List what this person may read of the log."""
    asked = _asked(request)
    zone = audit_log.zone_of(request.actor)
    rows = audit_log.events(request.actor, **asked, zone=zone)
    shown = Paginator(rows, 100).get_page(request.GET.get("page"))
    sentences = sentences_of(shown.object_list)
    rules = {rule_for("audit.read", role.role) for role in request.actor.roles}
    context = {
        "page": shown,
        "events": [(event, sentences[event.pk]) for event in shown],
        "asked": asked,
        "query": urlencode(asked) + "&",
        "scope": "district" if "district" in rules else "campus" if "campus" in rules else "own",
        "zone": zone,
        "zone_name": zone.rpartition("/")[2].replace("_", " "),
        "clock": int(request.actor.clock),
        "now": timezone.now(),
    }
    return TemplateResponse(request, "directory/audit_log.html", context)


@require_safe
@page
def export(request: DistrictRequest) -> HttpResponse:
    """Return the same rows as CSV; the export is itself written down."""
    rows = audit_log.exported(
        request.actor, **_asked(request), at=timezone.now(), zone=audit_log.zone_of(request.actor)
    )
    return HttpResponse(
        write_table(audit_log.HEADINGS, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit-log.csv"'},
    )


def _asked(request: DistrictRequest) -> dict[str, str]:
    if not queries.districts_with(request.actor, "audit.read"):
        raise NotAllowed(_("Your role does not read the audit log."))
    given = request.GET
    return {
        "words": given.get("words", "").strip(),
        "since": given.get("since", ""),
        "until": given.get("until", ""),
    }
