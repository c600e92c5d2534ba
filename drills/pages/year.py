"""When are the drills, what does the law still ask for, and which school is in trouble?"""

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backend.directory.access import DistrictRequest, allow, in_reach_of, may, page
from backend.directory.models import Campus, District
from backend.directory.pages.forms import problem_to_form
from backend.problems import NotFound, Problem
from drills.models import Drill, DrillState, SchoolCalendar
from drills.pages.forms import CalendarForm
from drills.pages.rows import Day, Duty, Row, duty_of, row_of
from drills.queries.compliance import (
    Compliance,
    calendar_among,
    compliance_of,
    compliance_of_all,
)
from drills.queries.drills import drills_of, present_calendar
from drills.services import calendars
from maps.pages.campus import campus_page, shell

SHOWN_BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CampusLine:
    """One campus of the heat map."""

    campus: Campus
    compliance: Compliance
    cells: tuple[Any, ...]
    url: str


@require_safe
@page
def year(request: DistrictRequest) -> HttpResponse:
    """When are the drills, and who is in trouble?"""
    at = timezone.now()
    actor = request.actor
    campuses = list(in_reach_of(actor, "drill.read", Campus.objects.order_by("name")))
    names = [one for one in campuses if one.slug == request.GET.get("campus")]
    shown = names or campuses
    today = shown[0].local_date(at) if shown else at.date()
    first = _month(request.GET.get("month", ""), today)
    drills = (
        Drill.objects.filter(campus__in=shown)
        .select_related("campus", "conductor__user")
        .order_by("starts_at", "pk")
    )
    drills = in_reach_of(actor, "drill.read", drills)
    is_member = bool(actor.roles)
    lines = _lines(campuses, at) if is_member else []
    weeks = _weeks(drills, first, shown, today, at)
    held = [row for week in weeks for day in week for row in day.rows if not day.is_other_month]
    context = {
        "campuses": campuses,
        "chosen": names[0] if names else None,
        "month": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": (first + timedelta(days=32)).replace(day=1),
        "this_month": today.replace(day=1),
        "weeks": weeks,
        "number": len(held),
        "lines": lines,
        "columns": _columns(lines),
        "rows": [row_of(one, at=at) for one in drills if one.day.replace(day=1) == first],
        "may_schedule": [one for one in campuses if may(actor, "drill.schedule", one)],
        "now": at,
        "is_member": is_member,
    }
    return TemplateResponse(request, "drills/year.html", context)


def _month(text: str, today: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def _weeks(
    drills: Any, first: date, campuses: list[Campus], today: date, at: datetime
) -> list[list[Day]]:
    """Return the weeks of a month, Monday to Friday, and the weekend only where a drill stands."""
    by_day: dict[date, list[Row]] = {}
    grid = Calendar().monthdatescalendar(first.year, first.month)
    for drill in drills.filter(day__gte=grid[0][0], day__lte=grid[-1][-1]):
        by_day.setdefault(drill.day, []).append(row_of(drill, at=at))
    closed = _closed_days(campuses, first)
    weeks = []
    for week in grid:
        days = [
            Day(
                day,
                tuple(by_day.get(day, ())),
                day == today,
                day.month != first.month,
                closed.get(day.isoformat(), ""),
            )
            for day in week
            if day.weekday() < 5
        ]
        if any(not day.is_other_month for day in days):
            weeks.append(days)
    return weeks


def _closed_days(campuses: list[Campus], first: date) -> dict[str, str]:
    """Return the days on which the one campus, or all of them, hold no school."""
    if not campuses:
        return {}
    every = list(SchoolCalendar.objects.all())
    here = {row.pk: row for campus in campuses if (row := calendar_among(every, campus, first))}
    if not here:
        return {}
    shared = set.intersection(*(set(row.no_school) for row in here.values()))
    return dict.fromkeys(shared, _("No school"))


def _lines(campuses: list[Campus], at: datetime) -> list[CampusLine]:
    found = []
    for compliance in compliance_of_all(campuses, at=at):
        cells = tuple(_duties(compliance))
        url = reverse("campus-drills", args=[compliance.campus.slug])
        found.append(CampusLine(compliance.campus, compliance, cells, url))
    return found


def _counted(compliance: Compliance) -> list[Any]:
    """Return the verdicts that count drills; those about single drills stand on their pages."""
    return [one for one in compliance.duties if one.needed and not _is_about_a_drill(one.cell)]


def _duties(compliance: Compliance) -> list[Duty]:
    return [
        duty_of(one, compliance.title_of(one.id), compliance.today) for one in _counted(compliance)
    ]


def _is_about_a_drill(cell: str) -> bool:
    return len(cell) == 36


def _columns(lines: list[CampusLine]) -> list[Any]:
    longest = max(lines, key=lambda line: len(line.cells), default=None)
    return [cell.title for cell in longest.cells] if longest else []


@require_safe
@campus_page("drill.read")
def campus_drills(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Which drills does this school owe, and when are they?"""
    at = timezone.now()
    actor = request.actor
    is_member = any(role.district_id == campus.district_id for role in actor.roles)
    rows = in_reach_of(actor, "drill.read", drills_of(campus))
    compliance = compliance_of(campus, at=at) if is_member else None
    open_rows: list[Row] = []
    past: list[Row] = []
    for drill in rows:
        row = row_of(drill, at=at)
        waits = drill.state in {DrillState.ENDED, DrillState.STOPPED}
        is_past = drill.starts_at < at - SHOWN_BEFORE or drill.state in {
            DrillState.REVIEWED, DrillState.CANCELLED, DrillState.NOT_HELD,
        }  # fmt: skip
        (past if is_past and not waits else open_rows).append(row)
    context = {
        **shell(campus, "drills"),
        "compliance": compliance,
        "duties": _duties(compliance) if compliance else [],
        "findings": compliance.judgement.findings if compliance and compliance.judgement else (),
        "open_rows": open_rows,
        "past": list(reversed(past)),
        "may_schedule": may(actor, "drill.schedule", campus),
        "may_edit_calendar": may(actor, "school_calendar.edit", campus),
        "now": at,
    }
    return TemplateResponse(request, "drills/campus.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("campus.read")
def campus_calendar(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """On which days is this school in session?"""
    allow(request.actor, "school_calendar.edit", campus)
    today = campus.local_date(timezone.now())
    return _calendar(request, campus, present_calendar(campus, today), {"campus": campus})


@require_http_methods(["GET", "HEAD", "POST"])
@page
def district_calendar(request: DistrictRequest) -> HttpResponse:
    """On which days is the district in session?"""
    district = District.objects.order_by("pk").first()
    if district is None:
        raise NotFound(_("There is nothing at this address, or not for you."))
    allow(request.actor, "school_calendar.edit", district)
    rows = SchoolCalendar.objects.filter(campus=None, district=district)
    return _calendar(request, district, rows.order_by("-first_day").first(), {})


def _calendar(
    request: DistrictRequest,
    owner: District | Campus,
    present: SchoolCalendar | None,
    around: dict[str, Any],
) -> HttpResponse:
    form = CalendarForm(request.POST or None, initial=_initial(present))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            calendars.write_calendar(
                owner=owner,
                year=calendars.Year(**data),
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Saved. Rules and proposals count these days from now on."))
            slug = owner.slug if isinstance(owner, Campus) else ""
            back = reverse("campus-drills", args=[slug]) if slug else reverse("drills")
            return HttpResponseRedirect(back, status=303)
    context = {"form": form, "owner": owner, "tab": "drills", **around}
    status = 422 if form.errors else 200
    return TemplateResponse(request, "drills/calendar.html", context, status=status)


def _initial(present: SchoolCalendar | None) -> dict[str, Any]:
    if present is None:
        return {}
    names = ("first_day", "last_day", "day_starts", "day_ends", "lunch_starts", "lunch_ends")
    return {name: getattr(present, name) for name in names} | {
        "no_school": "\n".join(present.no_school),
        "testing": "\n".join(f"{row['from']} to {row['to']}" for row in present.testing),
    }
