"""A drill as it stands this second: what phones and the live board poll."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Subquery

from backend.canonical import content_hash
from drills.models import Clearance, Drill, EntryKind, TimelineEntry
from drills.queries.drills import planned_end, window_of
from drills.queries.places import all_safe, reports_of


def mark_of(drill_id: UUID) -> str:
    """Return a short mark that differs whenever the live state does: one small query."""
    entries = TimelineEntry.objects.filter(drill=OuterRef("pk")).order_by().values("drill")
    clearances = Clearance.objects.filter(drill=OuterRef("pk")).order_by().values("drill")
    row = (
        Drill.objects.filter(pk=drill_id)
        .values_list(
            "edition",
            "secured_at",
            "accounted_at",
            "alarm_back_at",
            Subquery(entries.annotate(n=Count("pk")).values("n")),
            Subquery(clearances.annotate(n=Count("pk")).values("n")),
            Subquery(clearances.annotate(last=Max("given_at")).values("last")),
            Subquery(clearances.annotate(last=Max("ended_at")).values("last")),
        )
        .first()
    )
    return content_hash([str(part) for part in row or ()]).rpartition(":")[2][:16]


def state_of(drill: Drill, *, missing: list[str], at: datetime) -> dict[str, Any]:
    """Return the live state as JSON; times are UTC. `missing` are agencies yet to clear."""
    entries = list(TimelineEntry.objects.filter(drill=drill))
    reports = reports_of(drill, entries)
    opens, closes = window_of(drill)
    return {
        "mark": mark_of(drill.pk),
        "now": at.isoformat(),
        "state": drill.state,
        "state_words": str(drill.get_state_display()),
        "starts_at": drill.starts_at.isoformat(),
        "opens_at": opens.isoformat(),
        "closes_at": closes.isoformat(),
        "started_at": _at(drill.started_at),
        "secured_at": _at(drill.secured_at),
        "accounted_at": _at(drill.accounted_at),
        "ended_at": _at(drill.ended_at),
        "planned_end": planned_end(drill).isoformat(),
        "alarm_on_test": drill.alarm_on_test,
        "alarm_back_at": _at(drill.alarm_back_at),
        "missing": missing,
        "clearances": [
            {
                "agency": row.agency.name,
                "step": row.step,
                "state": row.state,
                "how": row.how,
                "how_words": str(row.get_how_display()) if row.how else "",
                "said_by": row.said_by,
                "operator": row.operator,
                "recorded_by": row.recorded_by,
                "given_at": _at(row.given_at),
            }
            for row in Clearance.objects.filter(drill=drill, ended_at=None)
            .select_related("agency")
            .order_by("agency__name", "step")
        ],
        "places": [
            {
                "key": str(report.place.key),
                "name": report.place.name,
                "level": report.place.level,
                "status": report.status,
                "by": report.by,
            }
            for report in reports
        ],
        "all_safe": all_safe(reports),
        "entries": [
            {
                "key": str(entry.pk),
                "kind": entry.kind,
                "at": entry.happened_at.isoformat(),
                "place": entry.place,
                "status": entry.status,
                "text": entry.text,
                "by": entry.by,
                "doubts": entry.doubts,
            }
            for entry in entries
            if entry.kind != EntryKind.PLACE_REPORT or entry.status != "accounted"
        ],
    }


def _at(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
