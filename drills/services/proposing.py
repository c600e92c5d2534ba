"""Propose each campus's next required drill, from its rules and calendar."""

from datetime import datetime, time, timedelta

from django.db import transaction

from backend.audit import record as audit
from backend.directory.actor import SYSTEM
from backend.directory.models import Campus
from drills.models import Drill, DrillState, PlaceInDay, SchoolCalendar
from drills.queries.compliance import Compliance, compliance_of, days_for
from drills.queries.drills import moment_of

NOTICE_DAYS = 7
"""Families are told a week ahead: a proposal nearer than that leaves no time (DR-05)."""

HOURS = (time(9, 10), time(10, 15), time(13, 20))
"""Proposals take turns among these, so that a year's drills vary in their hour."""

MINUTES = {"fire": 10, "lockdown": 15}
USUAL_MINUTES = 15


@transaction.atomic
def propose_next(*, campus: Campus, at: datetime) -> Drill | None:
    """Return the campus's one proposal, made or brought up to date; None when nothing is asked.

    Run twice, late or in two processes it leaves the same row. A person's own choice of day for a
    proposal stands while it still serves what is asked for.
    """
    Campus.objects.select_for_update(no_key=True, of=("self",)).get(pk=campus.pk)
    compliance = compliance_of(campus, at=at)
    present = Drill.objects.filter(campus=campus, state=DrillState.PROPOSED).first()
    suggestion = compliance.suggestion
    if suggestion is None:
        if present:
            present.move_to(DrillState.CANCELLED, at=at, cancelled_cause="other")
        return None
    if present and present.type == suggestion.type and present.day > compliance.today:
        return present
    days = days_for(compliance, suggestion.type, replacing=None, count=12)
    if not days:
        return present
    earliest = compliance.today + timedelta(days=NOTICE_DAYS)
    day = next((one.day for one in days if one.day >= earliest), days[-1].day)
    place = suggestion.place_in_day or PlaceInDay.CLASS
    drill = present or Drill(district_id=campus.district_id, campus=campus)
    drill.type, drill.state, drill.state_since = suggestion.type, DrillState.PROPOSED, at
    drill.day, drill.time = day, usual_time(compliance, place)
    drill.starts_at = moment_of(campus, drill.day, drill.time)
    drill.minutes = MINUTES.get(suggestion.type, USUAL_MINUTES)
    drill.place_in_day = place
    drill.requirement, drill.why = suggestion.requirement[:40], suggestion.reason[:300]
    drill.due_by = suggestion.due_by
    drill.alarm_on_test = suggestion.type == "fire"
    drill.edition += 1
    drill.save()
    audit.record("drill.proposed", actor=SYSTEM, subject=drill, at=at, details={
        "type": drill.type, "day": day.isoformat(), "requirement": drill.requirement})  # fmt: skip
    return drill


def usual_time(compliance: Compliance, place: str) -> time:
    """Return the hour of a campus's next drill: within its lunch, or taking turns in its day."""
    calendar = compliance.calendar
    if place == PlaceInDay.LUNCH and calendar and calendar.lunch_starts:
        return _later(calendar.lunch_starts, 10)
    number = Drill.objects.filter(campus=compliance.campus).count()
    wished = HOURS[number % len(HOURS)]
    return wished if calendar is None or _within(calendar, wished) else calendar.day_starts


def _within(calendar: SchoolCalendar, wished: time) -> bool:
    return calendar.day_starts <= wished < calendar.day_ends


def _later(start: time, minutes: int) -> time:
    whole = start.hour * 60 + start.minute + minutes
    return time(whole // 60 % 24, whole % 60)
