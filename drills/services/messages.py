"""Messages to staff and families: their words as of now, and that they were given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.problems import WrongState
from backend.web import words
from drills import wording
from drills.models import Audience, Drill, DrillState, Occasion, SchoolMessage, TimelineEntry
from drills.queries.drills import planned_end
from drills.queries.places import all_safe, reports_of

WINDOW_ROUNDED = timedelta(minutes=30)
"""Staff are told a window of half an hour before and after, never the minute."""

_WORDS = {
    (Audience.FAMILIES, Occasion.AHEAD): wording.families_ahead,
    (Audience.FAMILIES, Occasion.AFTER): wording.families_after,
    (Audience.STAFF, Occasion.AHEAD): wording.staff_ahead,
    (Audience.STAFF, Occasion.AFTER): wording.staff_after,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with its words; `is_ready` is false while what it tells has not happened."""

    row: SchoolMessage
    english: str
    spanish: str
    is_due: bool
    is_ready: bool


def shown(row: SchoolMessage, drill: Drill, *, at: datetime) -> Shown:
    """Return a message with its words: as given, or as they are true at this moment."""
    is_ready = row.occasion == Occasion.AHEAD or drill.state in {
        DrillState.ENDED, DrillState.REVIEWED,
    }  # fmt: skip
    if row.given_at is not None:
        return Shown(row, row.text_en, row.text_es, is_due=False, is_ready=True)
    english, spanish = texts_of(row, drill)
    return Shown(row, english, spanish, is_due=row.due_at <= at, is_ready=is_ready)


def texts_of(row: SchoolMessage, drill: Drill) -> tuple[str, str]:
    """Return the words of a message in English and Spanish, saying only what the record shows."""
    write = _WORDS[Audience(row.audience), Occasion(row.occasion)]
    is_safe = row.occasion == Occasion.AFTER and drill.accounted_at is not None and _is_safe(drill)
    return (
        write(_facts(drill, "en", is_safe=is_safe), "en"),
        write(_facts(drill, "es", is_safe=is_safe), "es"),
    )


def _is_safe(drill: Drill) -> bool:
    return all_safe(reports_of(drill, TimelineEntry.objects.filter(drill=drill)))


def _facts(drill: Drill, language: wording.Language, *, is_safe: bool) -> wording.Facts:
    campus, day = drill.campus, drill.day
    district = campus.district
    seconds = drill.seconds_to_accounted
    start = drill.starts_at.astimezone(drill.zone)
    first, last = start - WINDOW_ROUNDED, planned_end(drill).astimezone(drill.zone) + WINDOW_ROUNDED
    monday = day - timedelta(days=day.weekday())
    return wording.Facts(
        school=campus.name,
        drill_type=drill.type,
        week=words.day(monday, language=language, weekday=False),
        day=words.day(day, language=language),
        window=" – ".join(words.time_of_day(one, language=language) for one in (first, last)),
        contact=f"{district.answering_name or campus.name}, {district.answering_phone}".rstrip(
            ", "
        ),
        answer_by=words.day(day - timedelta(days=3), language=language),
        all_reported=is_safe,
        minutes=max(1, -(-seconds // 60)) if seconds is not None else 0,
    )


@transaction.atomic
def mark_given(*, message_id: UUID, actor: Actor, at: datetime) -> SchoolMessage:
    """Say that a message was given by the school's own way; its words are frozen as given.

    Raises NotFound, NotAllowed, WrongState when it was given, is no longer wanted, or tells of what
    has not happened.
    """
    rows = SchoolMessage.objects.all()
    found = get_in_reach(actor, "drill.read", rows, pk=message_id)
    allow(actor, "drill.schedule", found)
    locked = rows.select_for_update(no_key=True, of=("self",))
    row = locked.select_related("drill__campus__district").get(pk=found.pk)
    if row.given_at is not None or row.ended_at is not None:
        raise WrongState(
            _("This message was given already, or is no longer wanted."),
            mend=_("Reload the page."),
        )
    if not shown(row, row.drill, at=at).is_ready:
        raise WrongState(
            _("This tells of a drill that was not held yet."), mend=_("Give it afterwards.")
        )
    row.text_en, row.text_es = texts_of(row, row.drill)
    row.given_at, row.given_by = at, actor.label[:200]
    row.save(update_fields=["text_en", "text_es", "given_at", "given_by"])
    audit.record("school_message.given", actor=actor, subject=row, at=at, details={
        "audience": row.audience, "occasion": row.occasion})  # fmt: skip
    return row
