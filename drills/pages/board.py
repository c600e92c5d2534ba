"""`/board/`: what a dispatch console shows for twelve hours; its one action is Clear."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from backend.canonical import content_hash
from backend.directory.access import (
    DistrictRequest,
    answer_page,
    finished,
    get_in_reach,
    in_reach_of,
    page,
    reach_of,
)
from backend.directory.models import Agency
from backend.directory.pages.forms import problem_to_form
from backend.problems import NotFound, Problem
from drills.models import BEFORE_START, Clearance, ClearanceState, Drill, DrillState, GivenBy, Step
from drills.queries.attendance import TwoPlaces, to_come, two_places_of_agencies
from drills.queries.drills import planned_end, window_of
from drills.services import clearing
from drills.services.moments import is_overdue, panel_is_overdue

SHOWN_BEFORE = timedelta(hours=3)
SHOWN_AHEAD = timedelta(hours=14)
STILL = (DrillState.RUNNING, DrillState.ENDED, DrillState.REVIEWED, DrillState.STOPPED,
         DrillState.NOT_HELD)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One drill as a dispatcher needs it. `kind` is a word of the stylesheet."""

    drill: Drill
    starts_at: datetime
    starts: str
    at_the_school: str  # where its clock shows another time
    ends: str
    kind: str
    state: str
    heard: str
    alarm: str
    may_clear: bool
    rank: int
    two_places: tuple[TwoPlaces, ...] = ()


@require_safe
@page
def board(request: DistrictRequest) -> HttpResponse:
    """Which schools practice now, and is the next call from there real?"""
    at = timezone.now()
    agencies = list(Agency.objects.filter(pk__in=request.actor.agencies).order_by("name"))
    if not agencies:
        raise NotFound(
            _("A board belongs to an agency."),
            mend=_("Open it on an enrolled console, or signed in as a member of an agency."),
        )
    rows = _rows(request, agencies, at)
    zone = ZoneInfo(agencies[0].time_zone)
    context = {
        "agency": agencies[0],
        "rows": rows,
        "now": at,
        "today": at.astimezone(zone).date(),
        "clock": at.astimezone(zone).strftime("%H:%M"),
    }
    part = "_board_rows.html" if "HX-Request" in request.headers else "board.html"
    mark = f'"{_mark(rows)}"'
    if "HX-Request" in request.headers and request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=304, headers={"ETag": mark})
    answer = finished(TemplateResponse(request, f"drills/{part}", context))
    answer["ETag"] = mark
    return answer


def _rows(request: DistrictRequest, agencies: list[Agency], at: datetime) -> list[BoardRow]:
    drills = Drill.objects.select_related("campus").filter(
        starts_at__gt=at - SHOWN_BEFORE, starts_at__lt=at + SHOWN_AHEAD
    )
    running = Drill.objects.select_related("campus").filter(state=DrillState.RUNNING)
    shown = in_reach_of(request.actor, "drill.read", drills | running)
    clearances: dict[tuple[UUID, str], Clearance] = {}
    own = Clearance.objects.filter(agency__in=agencies, ended_at=None, drill__in=shown)
    for row in own:
        clearances[row.drill_id, row.step] = row
    zone = ZoneInfo(agencies[0].time_zone)  # a console reads one clock, whatever zone a school has
    double = two_places_of_agencies(agencies, to_come(list(shown), at), at)
    found = [
        _row(drill, clearances, tuple(double.get(drill.pk, ())), zone, at)
        for drill in shown
        if drill.state in {*BEFORE_START, *STILL, DrillState.HELD_BACK}
    ]
    return sorted(found, key=lambda row: (row.rank, row.starts_at))


def _row(
    drill: Drill,
    clearances: dict[tuple[UUID, str], Clearance],
    two_places: tuple[TwoPlaces, ...],
    zone: ZoneInfo,
    at: datetime,
) -> BoardRow:
    cleared = clearances.get((drill.pk, Step.CLEARED))
    booked = clearances.get((drill.pk, Step.BOOKED))
    kind, state, heard, rank = _state(drill, cleared, booked, zone, at)
    is_asked = bool(cleared or booked)
    in_window = window_of(drill)[0] <= at <= window_of(drill)[1]
    return BoardRow(
        drill=drill,
        starts_at=drill.starts_at,
        starts=_clock(zone, drill.starts_at),
        at_the_school="" if drill.zone == zone else _clock(drill.zone, drill.starts_at),
        ends=_clock(zone, planned_end(drill)),
        kind=kind,
        state=state,
        heard=heard,
        alarm=_alarm(drill, zone, at),
        may_clear=is_asked
        and in_window
        and drill.state in BEFORE_START
        and not (cleared and cleared.state == ClearanceState.GIVEN),
        rank=rank,
        two_places=two_places,
    )


def _state(
    drill: Drill,
    cleared: Clearance | None,
    booked: Clearance | None,
    zone: ZoneInfo,
    at: datetime,
) -> tuple[str, str, str, int]:
    """Return kind, word, when it was last heard, and the rank of a row: trouble first."""
    if drill.state in BEFORE_START:
        return _state_before(cleared, booked, zone)
    started, ended = _clock(zone, drill.started_at), _clock(zone, drill.ended_at)
    if drill.state == DrillState.STOPPED:
        return "real", _("REAL EMERGENCY"), ended, 0
    if is_overdue(drill, at) or panel_is_overdue(drill, at):
        return "overdue", _("Overdue"), _("%(time)s, call now") % {"time": started}, 0
    if drill.state == DrillState.RUNNING:
        return "running", _("Running"), _("%(time)s, started") % {"time": started}, 1
    words = {DrillState.HELD_BACK: _("Held back"), DrillState.NOT_HELD: _("Not held")}
    over = _("%(time)s, ended") % {"time": ended} if ended else ""
    return "over", words.get(DrillState(drill.state), _("Over")), over, 5


def _state_before(
    cleared: Clearance | None, booked: Clearance | None, zone: ZoneInfo
) -> tuple[str, str, str, int]:
    for row, kind, word, rank in (
        (cleared, "cleared", _("Cleared"), 2),
        (booked, "booked", _("Booked"), 3),
    ):
        if row is not None and row.state == ClearanceState.GIVEN:
            return kind, word, f"{_clock(zone, row.given_at)} {row.operator}".strip(), rank
    return "asked", _("Not booked"), "", 3


def _clock(zone: ZoneInfo, moment: datetime | None) -> str:
    return moment.astimezone(zone).strftime("%H:%M") if moment else ""


def _alarm(drill: Drill, zone: ZoneInfo, at: datetime) -> str:
    if not drill.alarm_on_test:
        return _("not on test")
    if drill.alarm_back_at is not None:
        return _("back %(time)s") % {"time": _clock(zone, drill.alarm_back_at)}
    if panel_is_overdue(drill, at):
        return _("still on test")
    return _clock(zone, planned_end(drill))


def _mark(rows: list[BoardRow]) -> str:
    told = [
        [
            str(row.drill.pk),
            row.kind,
            row.heard,
            row.alarm,
            row.may_clear,
            row.drill.edition,
            [[two.who, two.starts_at.isoformat()] for two in row.two_places],
        ]
        for row in rows
    ]
    return content_hash(told).rpartition(":")[2][:16]


class OperatorForm(forms.Form):
    """Who is on duty."""

    operator = forms.CharField(
        label=gettext_lazy("Your operator number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type your operator number.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answer_page
def board_clear(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Clear one drill with the operator's number."""
    actor = request.actor
    form = OperatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            clearing.give(
                actor=actor,
                drill_id=drill_id,
                said_by=actor.label,
                operator=form.cleaned_data["operator"],
                how=GivenBy.BOARD,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Cleared. Every 911 call from this school is real."))
            return HttpResponseRedirect("/board/", status=303)
    with reach_of(actor):
        rows = Drill.objects.select_related("campus")
        drill = get_in_reach(actor, "drill.read", rows, pk=drill_id)
        asked = Clearance.objects.filter(agency__in=actor.agencies, drill=drill).exists()
        if not asked:
            raise NotFound(_("Your agency was not asked to clear this drill."))
        context = {"drill": drill, "form": form}
        status = 422 if form.errors else 200
        return finished(
            TemplateResponse(request, "drills/board_clear.html", context, status=status)
        )
