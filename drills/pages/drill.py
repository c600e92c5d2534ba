"""One drill: how it stands, who has cleared it, what staff and families read, what is next."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backend.directory.access import DistrictRequest, allow, get_in_reach, may, page
from backend.directory.models import Campus
from backend.directory.pages.forms import problem_to_form
from backend.files import store
from backend.problems import NotFound, Problem
from drills.models import (
    BEFORE_START,
    OPEN,
    Drill,
    DrillState,
    SchoolMessage,
    TimelineEntry,
)
from drills.pages.coming import InviteForm
from drills.pages.forms import AmendForm, PhoneClearanceForm, RecordForm
from drills.pages.rows import row_of
from drills.pages.shared import drill_of, to_drill
from drills.queries.attendance import invitations_of
from drills.queries.drills import window_of
from drills.queries.evidence import clearances_of
from drills.queries.evidence_words import is_plain_report
from drills.queries.places import all_safe, reports_of
from drills.services import clearing, inviting, recording, running
from drills.services import messages as school_messages
from drills.services.moments import panel_is_overdue
from maps.pages.campus import campus_page, shell

LIVE = (DrillState.ANNOUNCED, DrillState.CLEARED, DrillState.RUNNING, DrillState.STOPPED)
ARRIVING = (DrillState.ANNOUNCED, DrillState.CLEARED, DrillState.RUNNING)
OVER = (DrillState.ENDED, DrillState.STOPPED, DrillState.REVIEWED)


@require_safe
@page
def drill(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """How does this drill stand, and what is mine to do?"""
    found = drill_of(request, drill_id)
    return _page(request, found)


def _page(
    request: DistrictRequest,
    found: Drill,
    *,
    phone: PhoneClearanceForm | None = None,
    amend: AmendForm | None = None,
) -> HttpResponse:
    at = timezone.now()
    actor = request.actor
    is_member = any(role.district_id == found.district_id for role in actor.roles)
    agencies = clearing.agencies_to_ask(found, at) if is_member else []
    entries = list(TimelineEntry.objects.filter(drill=found)) if is_member else []
    reports = reports_of(found, entries) if found.state not in {*BEFORE_START, "proposed"} else []
    may_schedule = may(actor, "drill.schedule", found)
    invitations = invitations_of(found)
    invitable = (
        inviting.agencies_to_invite(found, invitations, at)
        if may_schedule and found.state in BEFORE_START
        else []
    )
    context: dict[str, Any] = {
        **shell(found.campus, "drills"),
        "drill": found,
        "row": row_of(found, at=at),
        "now": at,
        "window": window_of(found),
        "is_before": found.state in BEFORE_START,
        "is_over": found.state in OVER,
        "is_live": found.state in LIVE,
        "is_member": is_member,
        "agencies": agencies,
        "clearances": clearances_of(found) if is_member else [],
        "missing": clearing.missing(found, at) if is_member and found.state in BEFORE_START else [],
        "invitations": invitations if is_member else [],
        "may_invite": bool(invitable),
        "invite": InviteForm(agencies=invitable, auto_id="invite_%s"),
        "may_note_arrival": found.state in ARRIVING
        and may(actor, "invitation.record_arrival", found),
        "is_asked_to_come": any(
            row.agency_id in actor.agencies and row.ended_at is None for row in invitations
        )
        and found.state in OPEN,
        "phone": phone or PhoneClearanceForm(agencies=agencies),
        "amend": amend or AmendForm(),
        "may_schedule": may_schedule,
        "may_record_call": may(actor, "clearance.record_phone_call", found),
        "may_take_part": may(actor, "drill.report_place", found),
        "may_review": may(actor, "review.read", found),
        "is_conductor": found.conductor is not None and found.conductor.user_id == actor.key,
        "panel_overdue": panel_is_overdue(found, at),
        "messages_to_school": _messages(found, at) if may_schedule else [],
        "entries": [entry for entry in entries if not is_plain_report(entry)],
        "rooms": [entry for entry in entries if is_plain_report(entry)],
        "reports": reports,
        "problems": [one for one in reports if one.status not in {"", "accounted"}],
        "reported": sum(bool(one.status) for one in reports),
        "all_safe": all_safe(reports),
        "amendments": list(found.amendments.all()) if is_member else [],
    }
    is_wrong = bool((phone and phone.errors) or (amend and amend.errors))
    return TemplateResponse(request, "drills/drill.html", context, status=422 if is_wrong else 200)


def _messages(found: Drill, at: datetime) -> list[Any]:
    rows = SchoolMessage.objects.filter(drill=found, ended_at=None)
    return [school_messages.shown(row, found, at=at) for row in rows]


@require_POST
@page
def give_message(request: DistrictRequest, drill_id: UUID, message_id: UUID) -> HttpResponse:
    """Say that a message was given by the school's own way."""
    found = drill_of(request, drill_id)
    allow(request.actor, "drill.schedule", found)
    school_messages.mark_given(message_id=message_id, actor=request.actor, at=timezone.now())
    messages.success(request, _("Noted: it was given, in these words."))
    return to_drill(found)


@require_POST
@page
def phone_clearance(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Write down a clearance given by phone."""
    found = drill_of(request, drill_id)
    allow(request.actor, "clearance.record_phone_call", found)
    at = timezone.now()
    form = PhoneClearanceForm(request.POST, agencies=clearing.agencies_to_ask(found, at))
    if form.is_valid():
        data = form.cleaned_data
        try:
            clearing.record_phone_call(
                drill_id=found.pk,
                agency_id=UUID(data["agency"]),
                said_by="",
                operator=data["operator"],
                line_called=data["line_called"],
                called_at=at,
                actor=request.actor,
                at=at,
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Recorded. The agency gets a copy that it can dispute."))
            return to_drill(found)
    return _page(request, found, phone=form)


@require_POST
@page
def panel_back(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Say that the alarm panel is back in service."""
    found = running.put_panel_back(drill_id=drill_id, actor=request.actor, at=timezone.now())
    messages.success(request, _("Recorded: the alarm panel is back in service."))
    return to_drill(found)


@require_POST
@page
def amend(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Correct a record; what stood there stays beside it."""
    found = drill_of(request, drill_id)
    allow(request.actor, "drill.schedule", found)
    form = AmendForm(request.POST)
    if form.is_valid():
        try:
            recording.amend(
                drill_id=found.pk,
                **form.cleaned_data,
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Amended. What stood there before is kept beside it."))
            return to_drill(found)
    return _page(request, found, amend=form)


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("campus.read")
def record(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """What was held without Muster?"""
    allow(request.actor, "drill.schedule", campus)
    initial = {"day": campus.local_date(timezone.now())}
    form = RecordForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            found = recording.record_afterwards(
                campus_id=campus.pk, held=form.held(), actor=request.actor, at=timezone.now()
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Recorded. Its review is open."))
            return to_drill(found)
    context = {**shell(campus, "drills"), "form": form}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "drills/record.html", context, status=status)


@require_safe
@page
def paper(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Return the scan of a record that was brought from paper, to members of the district."""
    found = drill_of(request, drill_id)
    allow(request.actor, "review.read", found)
    if found.paper is None:
        raise NotFound(_("This record has no paper."))
    answer = HttpResponse(store.read(found.paper), content_type=found.paper.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{found.paper.name}"'
    return answer


@require_safe
@page
def photo(request: DistrictRequest, drill_id: UUID, entry_id: UUID) -> HttpResponse:
    """Return a photo of the timeline to members of the district."""
    found = drill_of(request, drill_id)
    allow(request.actor, "review.read", found)
    rows = TimelineEntry.objects.filter(drill=found, photo__isnull=False).select_related("photo")
    entry = get_in_reach(request.actor, "drill.read", rows, pk=entry_id)
    if entry.photo is None:
        raise NotFound(_("This entry has no photo."))
    return HttpResponse(store.read(entry.photo), content_type=entry.photo.content_type)
