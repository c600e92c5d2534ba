"""The evidence page of a drill: how do you know that it was held?"""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.directory.access import DistrictRequest, allow, page
from backend.web.words import spoken
from drills.evidence_pdf import typeset
from drills.models import Drill
from drills.pages.shared import drill_of
from drills.queries.evidence_words import EvidencePage, evidence_page
from maps.pages.campus import shell


@require_safe
@page
def evidence(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """What proves this drill?"""
    drill = drill_of(request, drill_id)
    allow(request.actor, "review.read", drill)
    shown = evidence_page(drill)
    context = {
        **shell(drill.campus, "drills"),
        "drill": drill,
        "page": shown,
        "parts": parts_of(shown),
    }
    return TemplateResponse(request, "drills/evidence.html", context)


@require_safe
@page
def evidence_pdf(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """The same on paper."""
    drill = drill_of(request, drill_id)
    allow(request.actor, "review.read", drill)
    answer = HttpResponse(evidence_file(drill), content_type="application/pdf")
    name = f"{drill.campus.slug}-{drill.day.isoformat()}-{drill.type}-evidence.pdf"
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def evidence_file(drill: Drill) -> bytes:
    """Return the PDF of a drill's evidence page."""
    shown = evidence_page(drill)
    return typeset(
        {
            **asdict(shown),
            "heading": shown.title,
            "lang": spoken(get_language() or "en"),
            "parts": parts_of(shown),
            "seal-line": _seal_line(shown),
            "labels": {
                "kind": _("Evidence of a drill"),
                "page": _("Page"),
                "columns": [_("When"), _("What"), _("Detail")],
                "rooms": _("Everybody accounted for, as reported:"),
                "worked": _("What worked"),
                "did_not": _("What did not"),
                "seal": _("Seal"),
                "seal_words": _(
                    "SHA-256 of this record in its canonical form, and of the chain that binds it "
                    "to the campus's record before it. A changed record no longer fits."
                ),
                "record": _("Record"),
                "chain": _("Chain"),
            },
        }
    )


def _seal_line(shown: EvidencePage) -> str:
    if not shown.seal:
        return _("not sealed: its review is open")
    return _("record %(number)s, %(seal)s") % {"number": shown.number, "seal": shown.seal[:22]}


def parts_of(shown: EvidencePage) -> list[dict[str, Any]]:
    """Return the tables of the page in their order, each with what it says when it is empty."""
    rows = [
        (_("Clearances, and how each was given"), shown.clearances, _("Nobody was asked.")),
        (_("Agencies asked to come"), shown.invited, ""),
        (_("Who was told"), shown.told, _("Nobody was told.")),
        (_("Timeline"), shown.timeline, _("No timeline was recorded.")),
        (_("What is fixed"), shown.actions, _("Nothing to fix was named.")),
        (_("Amendments"), shown.amendments, _("None.")),
    ]
    return [
        {
            "title": title,
            "rows": [asdict(row) for row in lines],
            "empty": empty,
            "rooms": list(shown.rooms) if lines is shown.timeline else [],
        }
        for title, lines, empty in rows
        if lines or empty
    ]
