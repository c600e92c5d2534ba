"""Record what was held without Muster, and correct a record by amendment, never by overwrite."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.directory.models import Campus
from backend.files import store
from backend.files.models import StoredFile
from backend.problems import BadInput, WrongState
from drills.models import (
    Amendment,
    Drill,
    DrillState,
    DrillType,
    Exits,
    PlaceInDay,
    Provenance,
)
from drills.queries.drills import moment_of
from drills.services.finding import locked_drill
from drills.services.reviewing import open_review
from drills.services.sealing import seal
from maps.queries import published_map
from plans.queries.versions import newest_published

MOST_PAPER_BYTES = 10_000_000
PAPERS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}
LONGEST = 300
CLOSED = (DrillState.ENDED, DrillState.STOPPED, DrillState.REVIEWED)


@dataclass(frozen=True, slots=True)
class Held:
    """What was held: when, how long, and what it was. `paper` is a scan (PDF, JPEG or PNG)."""

    type: str
    day: date
    time: time
    minutes: int
    place_in_day: str = PlaceInDay.CLASS
    exits: str = Exits.NORMAL
    pupils_present: bool = True
    note: str = ""
    led_by: str = ""
    real_event: bool = False
    unplanned_alarm: bool = False
    paper: bytes | None = None
    key: UUID | None = None  # of the form: sent twice, it is one record


@transaction.atomic
def record_afterwards(*, campus_id: UUID, held: Held, actor: Actor, at: datetime) -> Drill:
    """Record a drill, a real alarm or a real event after it was over; marked so for ever.

    Raises NotFound, NotAllowed, and BadInput with the field as `where`.
    """
    campus = get_in_reach(actor, "campus.read", Campus.objects.all(), pk=campus_id)
    allow(actor, "drill.schedule", campus)
    Campus.objects.select_for_update(no_key=True, of=("self",)).get(pk=campus.pk)
    if held.key and (known := Drill.objects.filter(pk=held.key, campus=campus).first()):
        return known
    starts_at = moment_of(campus, held.day, held.time)
    _require(held, starts_at, at=at)
    ended_at = starts_at + timedelta(minutes=held.minutes)
    drill = Drill(
        district_id=campus.district_id,
        campus=campus,
        type=held.type,
        state=DrillState.ENDED,
        state_since=at,
        day=held.day,
        time=held.time,
        minutes=held.minutes,
        starts_at=starts_at,
        place_in_day=held.place_in_day,
        exits=held.exits,
        pupils_present=held.pupils_present,
        note=held.note.strip()[:LONGEST],
        started_at=starts_at,
        started_by=" ".join(held.led_by.split())[:200],
        ended_at=ended_at,
        real_event=held.real_event,
        unplanned_alarm=held.unplanned_alarm,
        provenance=Provenance.PAPER if held.paper else Provenance.AFTERWARDS,
        recorded_by=actor.label[:200],
        recorded_at=at,
        paper=_kept(campus, held.paper),
        plan_version=newest_published(campus),
        map_version=published_map(campus),
    )
    if held.key:
        drill.pk = held.key
    drill.save(force_insert=True)
    open_review(drill, at=at)
    audit.record("drill.recorded", actor=actor, subject=drill, at=at, details={
        "type": drill.type, "day": drill.day.isoformat(), "time": drill.time.isoformat("minutes"),
        "provenance": drill.provenance, "real_event": drill.real_event,
        "unplanned_alarm": drill.unplanned_alarm})  # fmt: skip
    return drill


def _require(held: Held, starts_at: datetime, *, at: datetime) -> None:
    for field, value, allowed in (
        ("type", held.type, DrillType.values),
        ("place_in_day", held.place_in_day, PlaceInDay.values),
        ("exits", held.exits, Exits.values),
    ):
        if value not in allowed:
            raise BadInput(_("“%(value)s” is none of the choices.") % {"value": value},
                           where=field, mend=_("Choose one of those listed."))  # fmt: skip
    if not 1 <= held.minutes <= 480:
        raise BadInput(_("A drill takes 1 to 480 minutes."), where="minutes",
                       mend=_("Write how long it took."))  # fmt: skip
    if starts_at + timedelta(minutes=held.minutes) > at:
        raise BadInput(
            _("This was not over yet."),
            where="time",
            mend=_("Write when it began, or schedule a drill that is still to come."),
        )
    if held.real_event and held.unplanned_alarm:
        raise BadInput(_("It is either a real event or an unplanned alarm."), where="real_event",
                       mend=_("Choose one of the two."))  # fmt: skip


def _kept(campus: Campus, paper: bytes | None) -> StoredFile | None:
    if not paper:
        return None
    if len(paper) > MOST_PAPER_BYTES:
        raise BadInput(_("This file is larger than 10 MB."), where="paper",
                       mend=_("Scan it at a lower resolution."))  # fmt: skip
    kind = next((kind for head, kind in PAPERS.items() if paper.startswith(head)), "")
    if not kind:
        raise BadInput(_("This is no PDF, JPEG or PNG."), where="paper",
                       mend=_("Send a scan or a photo of the paper."))  # fmt: skip
    return store.put(
        district_id=campus.district_id,
        content=paper,
        content_type=kind,
        name=f"drill-record.{kind.rsplit('/', 1)[1]}",
    )


AMENDABLE: dict[str, str] = {
    "type": "type",
    "minutes": "minutes",
    "place_in_day": "place_in_day",
    "exits": "exits",
    "pupils_present": "pupils_present",
    "note": "note",
    "started_by": "started_by",
}
"""What can be corrected; the times of a live record stand as the phones sent them."""


@transaction.atomic
def amend(
    *, drill_id: UUID, what: str, now: str, reason: str, actor: Actor, at: datetime
) -> Amendment:
    """Correct one fact of a drill that is over; what stood there is kept beside it.

    Raises NotFound, NotAllowed, WrongState before the drill is over, BadInput.
    """
    drill = locked_drill(actor, "drill.schedule", drill_id)
    if drill.state not in CLOSED:
        raise WrongState(
            _("Only the record of a drill that is over is amended."), mend=_("Change the drill.")
        )
    if what not in AMENDABLE:
        raise BadInput(
            _("“%(what)s” cannot be amended.") % {"what": what},
            where="what",
            mend=_("Choose one of: %(all)s.") % {"all": ", ".join(AMENDABLE)},
        )
    if not reason.strip():
        raise BadInput(_("It does not say why the record is corrected."), where="reason",
                       mend=_("Give the reason in a sentence."))  # fmt: skip
    was = getattr(drill, what)
    value = _amended(what, now)
    amendment = Amendment.objects.create(
        district_id=drill.district_id,
        drill=drill,
        campus_id=drill.campus_id,
        what=what,
        was=str(was)[:LONGEST],
        now=str(value)[:LONGEST],
        reason=" ".join(reason.split())[:LONGEST],
        by=actor.label[:200],
        amended_at=at,
    )
    Drill.objects.filter(pk=drill.pk).update(**{what: value, "edition": drill.edition + 1})
    drill.refresh_from_db()
    if drill.state == DrillState.REVIEWED:
        seal(drill, at=at)
    audit.record("drill.amended", actor=actor, subject=drill, at=at, details={
        "what": what, "was": amendment.was, "now": amendment.now,
        "reason": amendment.reason})  # fmt: skip
    return amendment


def _amended(what: str, now: str) -> object:
    choices = {"type": DrillType, "place_in_day": PlaceInDay, "exits": Exits}
    text = " ".join(now.split())
    if what in choices:
        if text not in choices[what].values:
            raise BadInput(_("“%(value)s” is none of the choices.") % {"value": text},
                           where="now", mend=_("Choose one of those listed."))  # fmt: skip
        return text
    if what == "minutes":
        if not text.isdigit() or not 1 <= int(text) <= 480:
            raise BadInput(_("A drill takes 1 to 480 minutes."), where="now",
                           mend=_("Write how long it took."))  # fmt: skip
        return int(text)
    if what == "pupils_present":
        if text not in {"true", "false"}:
            raise BadInput(_("Say true or false."), where="now",
                           mend=_("Write whether students took part."))  # fmt: skip
        return text == "true"
    return text[:200]
