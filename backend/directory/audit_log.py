"""The audit log as each role reads it. It stands here since the audit knows nothing of roles."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from backend.audit import record as audit
from backend.audit.models import AuditEvent
from backend.directory.access import in_reach_of
from backend.directory.actor import Actor
from backend.directory.models import Campus, District
from backend.directory.queries import districts_with

MOST_EXPORTED = 50_000
HEADINGS = ["sequence", "at", "action", "actor", "address", "subject_kind", "subject", "details",
            "hash"]  # fmt: skip


def events(
    actor: Actor, *, words: str = "", since: str = "", until: str = "", zone: str = "UTC"
) -> QuerySet[AuditEvent]:
    """Return the events that the actor may read, newest first.

    `words` narrows by person, deed, subject or campus; `since` and `until` are days of `zone`, as
    2026-09-08.
    """
    rows = in_reach_of(actor, "audit.read", AuditEvent.objects.all())
    for word in words.split():
        rows = rows.filter(
            Q(actor__icontains=word)
            | Q(action__icontains=word)
            | Q(subject_kind__icontains=word)
            | Q(body__subject__icontains=word)
            | Q(campus_id__in=Campus.objects.filter(name__icontains=word).values("pk"))
        )
    if (first := _day(since, zone)) is not None:
        rows = rows.filter(at__gte=first)
    if (last := _day(until, zone)) is not None:
        rows = rows.filter(at__lt=last + timedelta(days=1))
    return rows.order_by("-at", "-sequence")


@transaction.atomic
def exported(
    actor: Actor, *, words: str, since: str, until: str, at: datetime, zone: str = "UTC"
) -> list[list[object]]:
    """Return the same events as rows under HEADINGS, at most MOST_EXPORTED; itself an event."""
    found = events(actor, words=words, since=since, until=until, zone=zone)[:MOST_EXPORTED]
    rows: list[list[object]] = [
        [
            event.sequence,
            event.at.isoformat(),
            event.action,
            event.actor,
            event.body.get("address", ""),
            event.subject_kind,
            event.body.get("subject", ""),
            "; ".join(f"{name}: {value}" for name, value in event.body["details"].items()),
            event.hash,
        ]
        for event in found
    ]
    for district in District.objects.filter(pk__in=districts_with(actor, "audit.read")):
        audit.record(
            "audit.exported", actor=actor, subject=district, at=at, details={"rows": len(rows)}
        )
    return rows


def zone_of(actor: Actor) -> str:
    """Return the zone in which the actor reads the log: chosen, of their campus or district."""
    campuses = [role.campus_id for role in actor.roles if role.campus_id]
    place: Campus | District | None = Campus.objects.filter(pk__in=campuses).first()
    place = place or District.objects.filter(pk__in=districts_with(actor, "audit.read")).first()
    return actor.time_zone or (place.time_zone if place else "UTC")


def _day(text: str, zone: str) -> datetime | None:
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), time.min, ZoneInfo(zone))
    except ValueError:
        return None
