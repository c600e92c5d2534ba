"""The contact sheet: edited by the office, confirmed by principal, SRO or district."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backend.directory.access import DistrictRequest, allow, may
from backend.directory.models import Campus
from backend.problems import BadInput, Problem
from plans import sheet as form
from plans.models import ContactSheet
from plans.pages.shell import campus_page, shell
from plans.queries.sheets import is_confirmed, newest_copy, sheet_of
from plans.services import contact_sheet

ROW_FIELDS = ("post", "person", "note", "phone", "private_phone")
SPARE_ROWS = 2
LONGEST_NUMBER = 9


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("contact_sheet.read")
def sheet(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Whom does a responder call, by day and by night?"""
    if request.method != "POST":
        present = sheet_of(campus)
        content = present.content if present else form.to_json(form.Sheet())
        return _page(request, campus, content, present.edits if present else 0, timezone.now())
    saved = _save(request, campus)
    if isinstance(saved, HttpResponse):
        return saved
    messages.success(request, _("The contact sheet is saved. Responders see it once confirmed."))
    return HttpResponseRedirect(reverse("contact-sheet", args=[campus.slug]), status=303)


@require_POST
@campus_page("contact_sheet.read")
def confirm(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Freeze the responders' copy of what the form shows: it is saved and confirmed in one."""
    allow(request.actor, "contact_sheet.confirm", campus)
    edits = _number(request.POST.get("expected_edits", ""))
    if any(name in request.POST for name in form.TEXTS):
        saved = _save(request, campus)
        if isinstance(saved, HttpResponse):
            return saved
        edits = saved.edits
    try:
        contact_sheet.confirm_sheet(
            campus=campus, expected_edits=edits, actor=request.actor, at=timezone.now()
        )
    except Problem as problem:
        if problem.hides:
            raise
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Confirmed. Packets carry these numbers from now on."))
    return HttpResponseRedirect(reverse("contact-sheet", args=[campus.slug]), status=303)


def _save(request: DistrictRequest, campus: Campus) -> ContactSheet | HttpResponse:
    """Return the sheet as saved, or the page that says why it was not, with all that was typed."""
    at = timezone.now()
    content, expected = _typed(request.POST), _number(request.POST.get("expected_edits", ""))
    try:
        return contact_sheet.edit_sheet(
            campus=campus, expected_edits=expected, content=content, actor=request.actor, at=at
        )
    except contact_sheet.SheetEditedMeanwhile as conflict:
        edits = conflict.theirs.edits
        return _page(request, campus, content, edits, at, conflict=conflict, status=412)
    except BadInput as problem:
        return _page(request, campus, content, expected, at, problem=problem, status=422)


def _typed(post: QueryDict) -> dict[str, Any]:
    content: dict[str, Any] = {name: post.get(name, "") for name in form.TEXTS}
    for column in form.COLUMNS:
        columns = [post.getlist(f"{column}-{name}") for name in ROW_FIELDS]
        count = min(len(values) for values in columns)
        rows = [
            {name: columns[at][place] for at, name in enumerate(ROW_FIELDS)}
            for place in range(count)
        ]
        content[column] = [row for row in rows if any(value.strip() for value in row.values())]
    return content


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else -1


def _page(
    request: DistrictRequest,
    campus: Campus,
    content: dict[str, Any],
    expected_edits: int,
    at: datetime,
    **more: Any,
) -> HttpResponse:
    status = more.pop("status", 200)
    present, copy = sheet_of(campus), newest_copy(campus)
    may_edit = may(request.actor, "contact_sheet.edit", campus)
    empty = dict.fromkeys(ROW_FIELDS, "")
    spare = [empty] * (SPARE_ROWS if may_edit else 0)
    context = {
        **shell(request, campus, at),
        "content": content,
        "columns": [
            ("school_day", _("School day"), "school_day_hours", "school_day_inside"),
            ("after_hours", _("After hours"), "after_hours_when", "after_hours_inside"),
        ],
        "school_day_rows": [*content.get("school_day", []), *spare],
        "after_hours_rows": [*content.get("after_hours", []), *spare],
        "expected_edits": expected_edits,
        "sheet": present,
        "copy": copy,
        "is_confirmed": is_confirmed(present, copy),
        "may_edit": may_edit,
        "may_confirm": may(request.actor, "contact_sheet.confirm", campus),
        **more,
    }
    return TemplateResponse(request, "plans/sheet.html", context, status=status)
