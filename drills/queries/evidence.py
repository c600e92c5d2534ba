"""Everything that proves a drill, as one document: what the evidence page prints and seals hash."""

from typing import Any

from drills.models import (
    Clearance,
    CorrectiveAction,
    Drill,
    Invitation,
    SchoolMessage,
    TimelineEntry,
)
from drills.queries.attendance import invitations_of
from drills.queries.places import all_safe, reports_of
from notifications.models import Delivery, Notice


def record_of(drill: Drill) -> dict[str, Any]:
    """Return the record of a drill as JSON; times are UTC."""
    review = getattr(drill, "review", None)
    entries = list(TimelineEntry.objects.filter(drill=drill))
    return {
        "drill": str(drill.pk),
        "campus": str(drill.campus_id),
        "campus_name": drill.campus.name,
        "type": drill.type,
        "day": drill.day.isoformat(),
        "time": drill.time.isoformat("minutes"),
        "zone": drill.campus.time_zone,
        "minutes": drill.minutes,
        "place_in_day": drill.place_in_day,
        "exits": drill.exits,
        "pupils_present": drill.pupils_present,
        "note": drill.note,
        "conductor": drill.conductor.user.name if drill.conductor else "",
        "called_away": drill.called_away,
        "plan_version": drill.plan_version and {
            "number": drill.plan_version.number, "hash": drill.plan_version.content_hash},
        "map_version": drill.map_version and {
            "number": drill.map_version.number, "hash": drill.map_version.content_hash},
        "provenance": drill.provenance,
        "recorded_by": drill.recorded_by,
        "recorded_at": _at(drill.recorded_at),
        "paper_sha256": drill.paper.sha256 if drill.paper else "",
        "real_event": drill.real_event,
        "unplanned_alarm": drill.unplanned_alarm,
        "started_at": _at(drill.started_at),
        "started_by": drill.started_by,
        "secured_at": _at(drill.secured_at),
        "accounted_at": _at(drill.accounted_at),
        "ended_at": _at(drill.ended_at),
        "ended_by": drill.ended_by,
        "stopped": drill.stopped_in_words,
        "without_clearance": {"reason": drill.uncleared_reason, **drill.call_attempt}
        if drill.uncleared_reason
        else None,
        "alarm": {
            "on_test": drill.alarm_on_test,
            "back_at": _at(drill.alarm_back_at),
            "back_by": drill.alarm_back_by,
        },
        "clearances": [_clearance(row) for row in clearances_of(drill)],
        "invitations": [_invitation(row) for row in invitations_of(drill)],
        "notices": _notices(drill),
        "messages": [_message(row) for row in SchoolMessage.objects.filter(drill=drill)],
        "timeline": [_entry(row) for row in entries],
        "every_place_reported_safe": all_safe(reports_of(drill, entries)),
        "review": _review(review),
        "amendments": [
            {
                "what": row.what, "was": row.was, "now": row.now, "reason": row.reason,
                "by": row.by, "at": _at(row.amended_at),
            }
            for row in drill.amendments.all()
        ],
    }  # fmt: skip


def clearances_of(drill: Drill) -> list[Clearance]:
    """Return every clearance of a drill, those that ended too, by agency and step."""
    rows = Clearance.objects.filter(drill=drill).select_related("agency")
    return list(rows.order_by("agency__name", "step", "pk"))


def _clearance(row: Clearance) -> dict[str, Any]:
    return {
        "agency": row.agency.name,
        "step": row.step,
        "state": row.state,
        "given_at": _at(row.given_at),
        "how": row.how,
        "said_by": row.said_by,
        "operator": row.operator,
        "line_called": row.line_called,
        "recorded_by": row.recorded_by,
        "ended_why": row.ended_why,
    }


def _invitation(row: Invitation) -> dict[str, Any]:
    return {
        "agency": row.agency.name,
        "part": row.part,
        "state": row.state,
        "crew": row.crew,
        "answered_at": _at(row.answered_at),
        "how": row.how,
        "answered_by": row.answered_by,
        "clash_reason": row.clash_reason,
        "arrived_at": _at(row.arrived_at),
        "arrived_by": row.arrived_by,
        "ended_why": row.ended_why,
    }


def _notices(drill: Drill) -> list[dict[str, Any]]:
    rows = Notice.objects.filter(subject_id=drill.pk).order_by("pk")
    found = []
    for notice in rows:
        sent = Delivery.objects.filter(lines__notice=notice).select_related("agency")
        found.append(
            {
                "kind": notice.kind,
                "at": _at(notice.occurred_at),
                "to": sorted({one.agency.name for one in sent if one.agency}),
            }
        )
    return found


def _message(row: SchoolMessage) -> dict[str, Any]:
    return {
        "audience": row.audience,
        "occasion": row.occasion,
        "due_at": _at(row.due_at),
        "given_at": _at(row.given_at),
        "given_by": row.given_by,
    }


def _entry(row: TimelineEntry) -> dict[str, Any]:
    return {
        "key": str(row.pk),
        "kind": row.kind,
        "at": _at(row.happened_at),
        "received_at": _at(row.received_at),
        "clock_off_seconds": row.clock_off_seconds,
        "place": row.place,
        "status": row.status,
        "text": row.text,
        "by": row.by,
        "device": row.device,
        "doubts": row.doubts,
    }


def _review(review: Any) -> dict[str, Any] | None:
    if review is None:
        return None
    return {
        "worked": review.worked,
        "did_not": review.did_not,
        "nothing_to_fix": review.nothing_to_fix,
        "closed_at": _at(review.closed_at),
        "closed_by": review.closed_by,
        "objectives": [
            {"objective": one.objective, "capability": one.capability, "rating": one.rating,
             "strengths": one.strengths, "improvements": one.improvements}
            for one in review.objectives.all()
        ],
        "actions": [_action(one) for one in review.actions.select_related("owner__user",
                                                                          "plan_version")],
    }  # fmt: skip


def _action(row: CorrectiveAction) -> dict[str, Any]:
    return {
        "what": row.what,
        "element": row.element,
        "outcome": row.outcome,
        "owner": row.owner.user.name,
        "due_on": row.due_on.isoformat(),
        "state": row.state,
        "section": row.section_title,
        "place": row.place,
        "plan_version": row.plan_version.number if row.plan_version else None,
        "proof": row.proof,
        "done_at": _at(row.done_at),
        "done_by": row.done_by,
    }


def _at(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
