"""Run a drill: what phones kept is taken in once, in the order of its own time.

A phone keeps entries while it has no network and sends each until it is answered. The key of an
entry is the phone's own, so a repeat changes nothing. What cannot be true as it stands is kept and
marked with a doubt; only what is no entry at all is refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, may
from backend.directory.actor import Actor
from backend.files import store
from backend.files.models import StoredFile
from backend.files.pictures import clean_photo
from backend.problems import BadInput, NotAllowed, WrongState
from drills.models import (
    BEFORE_START,
    Drill,
    DrillState,
    EntryKind,
    PlaceStatus,
    TimelineEntry,
)
from drills.queries.drills import running, window_of
from drills.queries.places import Place, places_of
from drills.services import clearing, inviting, telling
from drills.services.finding import locked_drill
from drills.services.reviewing import open_review
from maps.queries import published_map
from plans.queries.versions import newest_published

CLOCK_IS_OFF = timedelta(minutes=2)
"""A phone whose clock is off by more is corrected, and its entries say so."""

KEPT_OFFLINE = timedelta(minutes=2)
"""An entry this much older than its arrival was kept without network: it is never refused."""

MOST_ENTRIES = 500
LONGEST_TEXT = 500
LONGEST_ATTEMPT = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a phone sends it; times are aware. `photo` is the file as it came."""

    key: UUID
    kind: str
    device_at: datetime
    status: str = ""
    feature_key: UUID | None = None
    place: str = ""
    text: str = ""
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class CallAttempt:
    """A call that was tried before a drill starts without a clearance."""

    line: str
    called_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one entry: `kept`, `again` (it was here), or `refused` with the reason."""

    key: UUID
    result: str
    why: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sending:
    """One sending of a phone, and what it stands on."""

    drill: Drill
    actor: Actor
    at: datetime
    clock_off: timedelta
    device: str
    places: Mapping[UUID, Place]
    known: set[UUID]
    attempt: CallAttempt | None
    taken: list[Taken] = field(default_factory=list)


@transaction.atomic
def take_entries(
    *,
    drill_id: UUID,
    entries: Sequence[Entry],
    device_now: datetime,
    device: str,
    actor: Actor,
    at: datetime,
    attempt: CallAttempt | None = None,
) -> list[Taken]:
    """Take in what a phone kept, oldest first; return what became of each, in the order given.

    `device_now` is the phone's clock at sending: what it is off is taken out of each entry's time.
    `attempt` starts a drill that lacks a clearance, where the actor may. Raises NotFound,
    NotAllowed, and BadInput for more than 500 entries.
    """
    if len(entries) > MOST_ENTRIES:
        raise BadInput(
            _("These are %(number)s entries at once.") % {"number": len(entries)},
            where="entries",
            mend=_("Send at most %(most)s at a time.") % {"most": MOST_ENTRIES},
        )
    drill = locked_drill(actor, "drill.report_place", drill_id)
    keys = [entry.key for entry in entries]
    sending = _Sending(
        drill=drill,
        actor=actor,
        at=at,
        clock_off=device_now - at,
        device=device[:60],
        places={place.key: place for place in places_of(drill)},
        known=set(TimelineEntry.objects.filter(pk__in=keys).values_list("pk", flat=True)),
        attempt=attempt,
    )
    for entry in sorted(entries, key=lambda one: (one.device_at, str(one.key))):
        _take(sending, entry)
    by_key = {one.key: one for one in sending.taken}
    return [by_key[key] for key in dict.fromkeys(keys)]


def _take(sending: _Sending, entry: Entry) -> None:
    if entry.key in sending.known:
        sending.taken.append(Taken(entry.key, "again"))
        return
    sending.known.add(entry.key)
    try:
        with transaction.atomic():
            doubts = _kept(sending, entry)
    except (BadInput, WrongState, NotAllowed) as refusal:
        sending.taken.append(Taken(entry.key, "refused", str(refusal)))
        sending.drill.refresh_from_db()
    else:
        sending.taken.append(Taken(entry.key, "kept", doubts=tuple(doubts)))


def _kept(sending: _Sending, entry: Entry) -> list[str]:
    _require_known(entry)
    happened_at = min(entry.device_at - sending.clock_off, sending.at)
    if abs(sending.clock_off) <= timedelta(seconds=2):
        happened_at = min(entry.device_at, sending.at)
    doubts = ["clock"] if abs(sending.clock_off) > CLOCK_IS_OFF else []
    place = sending.places.get(entry.feature_key) if entry.feature_key else None
    if entry.feature_key and place is None:
        doubts.append("place_gone")
    row = TimelineEntry(
        id=entry.key,
        district_id=sending.drill.district_id,
        drill=sending.drill,
        campus_id=sending.drill.campus_id,
        kind=entry.kind,
        status=entry.status,
        feature_key=entry.feature_key,
        place=(place.name if place else entry.place)[:200],
        text=entry.text.strip()[:LONGEST_TEXT],
        photo=_photo(sending.drill, entry.photo),
        happened_at=happened_at,
        device_at=entry.device_at,
        clock_off_seconds=round(sending.clock_off.total_seconds()),
        received_at=sending.at,
        by=sending.actor.label[:200],
        by_key=sending.actor.key,
        device=sending.device,
        doubts=doubts,
    )
    follow = _FOLLOWS.get(row.kind)
    if follow:
        follow(sending, row)
    elif sending.drill.state in BEFORE_START:
        row.doubts.append("before_start")
    row.save(force_insert=True)
    return list(row.doubts)


def _require_known(entry: Entry) -> None:
    if entry.kind not in EntryKind.values or entry.kind == EntryKind.STOP:
        raise BadInput(_("“%(kind)s” is no kind of entry.") % {"kind": entry.kind}, where="kind",
                       mend=_("Send one of the kinds that the schema lists."))  # fmt: skip
    if entry.kind == EntryKind.PLACE_REPORT and entry.status not in PlaceStatus.values:
        raise BadInput(
            _("A report of a place says how it is there."),
            where="status",
            mend=_("Send one of: %(all)s.") % {"all": ", ".join(PlaceStatus.values)},
        )
    if entry.kind == EntryKind.PLACE_REPORT and not (entry.feature_key or entry.place.strip()):
        raise BadInput(_("It does not say which place reports."), where="place",
                       mend=_("Choose a place or write its name."))  # fmt: skip


def _photo(drill: Drill, photo: bytes | None) -> StoredFile | None:
    if photo is None:
        return None
    return store.put(
        district_id=drill.district_id,
        content=clean_photo(photo),
        content_type="image/jpeg",
        name="photo.jpg",
    )


def _start(sending: _Sending, row: TimelineEntry) -> None:
    """Begin the drill. Online it waits for its clearances; kept offline it is marked instead."""
    drill, actor, at = sending.drill, sending.actor, sending.at
    allow(actor, "drill.run", drill)
    if drill.state not in BEFORE_START:
        _again(drill, row, _("This drill has begun already."))
        return
    was_offline = at - row.happened_at > KEPT_OFFLINE
    opens, closes = window_of(drill)
    if not opens <= row.happened_at <= closes:
        if not was_offline:
            raise WrongState(
                _("This drill can be started from %(first)s to %(last)s.")
                % {"first": _local(drill, opens), "last": _local(drill, closes)},
                mend=_("Move it, or record it afterwards."),
            )
        row.doubts.append("outside_window")
    if other := running(drill.campus):
        raise WrongState(
            _("Another drill runs at this campus: %(drill)s.") % {"drill": other},
            mend=_("End that one first."),
        )
    values: dict[str, object] = {}
    missing = clearing.missing(drill, at)
    if missing and not was_offline:
        values = _override(sending, missing)
    elif missing:
        row.doubts.append("not_cleared")
    if drill.state == DrillState.SCHEDULED:
        drill.move_to(DrillState.ANNOUNCED, at=at)
    drill.move_to(
        DrillState.RUNNING,
        at=at,
        started_at=row.happened_at,
        started_by=actor.label[:200],
        plan_version=newest_published(drill.campus),
        map_version=published_map(drill.campus),
        **values,
    )
    telling.tell_started(drill, clearing.agencies_to_ask(drill, at), actor=actor, at=at)
    audit.record("drill.started", actor=actor, subject=drill, at=at, details={
        "started_at": row.happened_at.isoformat(), "device": sending.device,
        "missing": [agency.name for agency in missing], **values})  # fmt: skip


def _override(sending: _Sending, missing: Sequence[object]) -> dict[str, object]:
    """Return what is written when a district administrator starts without a clearance."""
    drill, attempt = sending.drill, sending.attempt
    names = ", ".join(str(agency) for agency in missing)
    if attempt is None or not may(sending.actor, "drill.start_uncleared", drill):
        raise WrongState(
            _("%(names)s has not cleared this drill yet.") % {"names": names},
            where="clearance",
            mend=_("Call, and record what was said; or ask a district administrator to start it."),
        )
    if not attempt.reason.strip() or not attempt.line.strip():
        raise BadInput(
            _("Starting without a clearance needs a call that was tried, and a reason."),
            where="reason",
            mend=_("Write the number called, when, and why it starts all the same."),
        )
    if attempt.called_at > sending.at:
        raise BadInput(_("The call lies in the future."), where="called_at",
                       mend=_("Write when the call was tried."))  # fmt: skip
    return {
        "uncleared_reason": attempt.reason.strip()[:300],
        "call_attempt": {
            "line": attempt.line.strip()[:LONGEST_ATTEMPT],
            "called_at": attempt.called_at.isoformat(),
            "by": sending.actor.label,
            "missing": names,
        },
    }


def _again(drill: Drill, row: TimelineEntry, why: str) -> None:
    """A second start or end: kept as what a second phone saw; nothing changes by it."""
    if drill.state not in {DrillState.RUNNING, DrillState.ENDED, DrillState.REVIEWED,
                           DrillState.STOPPED}:  # fmt: skip
        raise WrongState(
            _("This drill is “%(state)s”.") % {"state": drill.get_state_display()},
            mend=why,
        )
    row.doubts.append("again")


def _secured(sending: _Sending, row: TimelineEntry) -> None:
    _first_moment(sending, row, "secured_at")


def _all_reported(sending: _Sending, row: TimelineEntry) -> None:
    """“All rooms reported”: one press stands for each place that has not spoken."""
    allow(sending.actor, "drill.run", sending.drill)
    _first_moment(sending, row, "accounted_at")


def _first_moment(sending: _Sending, row: TimelineEntry, column: str) -> None:
    drill = sending.drill
    if drill.started_at is None:
        row.doubts.append("before_start")
        return
    present = getattr(drill, column)
    if present is None or row.happened_at < present:
        Drill.objects.filter(pk=drill.pk).update(**{column: row.happened_at})
        setattr(drill, column, row.happened_at)


def _end(sending: _Sending, row: TimelineEntry) -> None:
    drill, actor, at = sending.drill, sending.actor, sending.at
    allow(actor, "drill.run", drill)
    if drill.state != DrillState.RUNNING:
        _again(drill, row, _("It has not begun."))
        return
    ended_at = max(row.happened_at, drill.started_at or row.happened_at)
    drill.move_to(DrillState.ENDED, at=at, ended_at=ended_at, ended_by=actor.label[:200])
    telling.tell_over(drill, telling.asked_agencies(drill), actor=actor, at=at)
    inviting.close_all(drill, at=at)
    open_review(drill, at=at)
    audit.record("drill.ended", actor=actor, subject=drill, at=at, details={
        "ended_at": ended_at.isoformat(), "device": sending.device})  # fmt: skip


_FOLLOWS: dict[str, Callable[[_Sending, TimelineEntry], None]] = {
    EntryKind.START: _start,
    EntryKind.SECURED: _secured,
    EntryKind.ALL_REPORTED: _all_reported,
    EntryKind.END: _end,
}


def _local(drill: Drill, moment: datetime) -> str:
    return moment.astimezone(drill.zone).strftime("%H:%M")


@transaction.atomic
def put_panel_back(*, drill_id: UUID, actor: Actor, at: datetime) -> Drill:
    """Say that the alarm panel is back in service. Raises WrongState where it was not on test."""
    drill = locked_drill(actor, "drill.schedule", drill_id)
    if not drill.alarm_on_test or drill.alarm_back_at is not None:
        raise WrongState(_("The alarm panel is in service."), mend=_("Nothing needs to be done."))
    Drill.objects.filter(pk=drill.pk).update(alarm_back_at=at, alarm_back_by=actor.label[:200])
    drill.refresh_from_db()
    audit.record("drill.panel_back", actor=actor, subject=drill, at=at)
    return drill
