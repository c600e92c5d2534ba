"""Who has the packet: the live part of a campus's Packet tab, and the form for a call."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backend.directory import access
from backend.directory.access import DistrictRequest, get_in_reach, may
from backend.directory.models import Campus
from backend.directory.pages.forms import problem_to_form
from backend.directory.queries import campus_by_slug
from backend.problems import NotFound, Problem
from backend.web.words import Clock
from notifications.models import Notice
from notifications.pages.forms import PhoneCallForm
from notifications.queries import agency_board
from notifications.services.phone_calls import SUBJECT as COPY_OF_A_CALL
from notifications.services.phone_calls import record_phone_call

READ = "coverage.read"  # an agency reads what was sent to itself elsewhere, not the whole board
PHONE_CALL = "acknowledgement.record_phone_call"
SILENT_SHOWN = 3


def board_context(
    request: DistrictRequest, campus: Campus, notice: Notice, *, form: PhoneCallForm | None = None
) -> dict[str, Any]:
    """Return what `_agencies.html` and `_agencies_aside.html` show, for any page with them."""
    at = timezone.now()
    clock: Clock = 24 if request.actor.clock == "24" else 12
    board = agency_board(campus, notice, at, clock=clock)
    wall = at.astimezone(ZoneInfo(campus.time_zone))
    may_record = may(request.actor, PHONE_CALL, campus)
    if form is None and may_record:
        form = PhoneCallForm(None, board=board, now=wall)
    return {
        "campus": campus,
        "tab": "packet",
        "board": board,
        "silent": board.silent[:SILENT_SHOWN],
        "zone": campus.time_zone,
        "clock": clock,
        "now": at,
        "phone_form": form,
        "live_url": f"{reverse('campus-agencies', args=[campus.slug])}?notice={notice.pk}",
        "phone_url": f"{reverse('campus-phone-call', args=[campus.slug])}?notice={notice.pk}",
    }


@require_safe
@access.page
def agencies(request: DistrictRequest, slug: str) -> HttpResponse:
    """Who has acknowledged? Asked by a page's live part, it answers with that part alone."""
    campus, notice = _found(request, slug)
    context = board_context(request, campus, notice)
    if not request.headers.get("HX-Request"):
        return render(request, "notifications/agencies.html", context)
    aside = request.GET.get("part") == "silence"
    name = "_silence.html" if aside else "_agencies.html"
    text = render_to_string(f"notifications/{name}", context, request)
    etag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return HttpResponse(text, headers={"ETag": etag})


@require_http_methods(["GET", "HEAD", "POST"])
@access.page
def phone_call(request: DistrictRequest, slug: str) -> HttpResponse:
    """Who said it, on which line, when?"""
    campus, notice = _found(request, slug, PHONE_CALL)
    at = timezone.now()
    wall = at.astimezone(ZoneInfo(campus.time_zone))
    board = agency_board(campus, notice, at)
    form = PhoneCallForm(request.POST or None, board=board, now=wall)
    if request.method == "POST" and form.is_valid():
        try:
            _record(form, notice, campus, request, at)
        except Problem as problem:
            problem.where = "agency_id" if problem.where == "agency" else problem.where
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Recorded. The agency gets a copy and can dispute it."))
            return HttpResponseRedirect(f"{campus.get_absolute_url()}packet/", status=303)
    context = board_context(request, campus, notice, form=form)
    status = 422 if form.errors else 200
    return render(request, "notifications/phone_call.html", context, status=status)


def _record(
    form: PhoneCallForm, notice: Notice, campus: Campus, request: DistrictRequest, at: datetime
) -> None:
    told = form.cleaned_data
    zone = ZoneInfo(campus.time_zone)
    called_at = told["called_at"].replace(tzinfo=None).replace(tzinfo=zone)
    # The form gives minutes: a call in the very minute of the sending came after it.
    if called_at == notice.occurred_at.replace(second=0, microsecond=0):
        called_at = notice.occurred_at
    record_phone_call(
        notice_id=notice.pk,
        agency_id=told["agency_id"],
        said_by=told["said_by"],
        line_called=told["line_called"],
        called_at=called_at,
        actor=request.actor,
        at=at,
    )


def _found(request: DistrictRequest, slug: str, verb: str = READ) -> tuple[Campus, Notice]:
    """Return the campus and the notice asked for, else the newest that its agencies were told."""
    campus = campus_by_slug(request.actor, slug, verb)
    rows = Notice.objects.filter(campus=campus).exclude(subject=COPY_OF_A_CALL)
    if asked := request.GET.get("notice", ""):
        return campus, get_in_reach(request.actor, verb, rows, pk=_id(asked))
    notice = rows.filter(policy="packet").order_by("-pk").first()
    if notice is None:
        raise NotFound(
            _("Nothing has been sent about this campus yet."),
            mend=_("Publish a plan; then the agencies that cover it are told."),
        )
    return campus, notice


def _id(text: str) -> UUID | None:
    """Return the id in an address, or one that no row has."""
    try:
        return UUID(text)
    except ValueError:
        return None
