"""Fix a drill, move it, hand it to the alternate, cancel it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.directory.models import Campus, Membership
from backend.problems import BadInput, WrongState
from drills.models import (
    BEFORE_START,
    LOCKDOWN_LIKE,
    CancelledCause,
    Drill,
    DrillState,
    DrillType,
    Exits,
    PlaceInDay,
)
from drills.queries.attendance import crews_elsewhere
from drills.queries.drills import calendar_for, clashes, moment_of
from drills.refusals import Clashes
from drills.services import clearing, inviting, telling
from drills.services.finding import locked_drill

LONGEST_REASON = 300
CONDUCTING_ROLES = ("sro", "campus_administrator", "district_administrator")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a drill is to be. `clash_reason` lets a clash stand; without it one is refused."""

    type: str
    day: date
    time: time
    minutes: int = 15
    place_in_day: str = PlaceInDay.CLASS
    exits: str = Exits.NORMAL
    pupils_present: bool = True
    note: str = ""
    conductor: UUID | None = None
    alternate: UUID | None = None
    callback_phone: str = ""
    alarm_on_test: bool = False
    clash_reason: str = ""
    redo_of: UUID | None = None


def wanted_of(drill: Drill) -> Wanted:
    """Return what a drill is now, to be changed in part."""
    return Wanted(
        type=drill.type,
        day=drill.day,
        time=drill.time,
        minutes=drill.minutes,
        place_in_day=drill.place_in_day,
        exits=drill.exits,
        pupils_present=drill.pupils_present,
        note=drill.note,
        conductor=drill.conductor_id,
        alternate=drill.alternate_id,
        callback_phone=drill.callback_phone,
        alarm_on_test=drill.alarm_on_test,
        redo_of=drill.redo_of_id,
    )


@transaction.atomic
def schedule(*, campus_id: UUID, wanted: Wanted, actor: Actor, at: datetime) -> Drill:
    """Fix a drill and ask dispatch and alarm monitoring to book it.

    Raises NotFound, NotAllowed, Clashes, and BadInput with the field as `where`.
    """
    campus = get_in_reach(actor, "campus.read", Campus.objects.all(), pk=campus_id)
    allow(actor, "drill.schedule", campus)
    Campus.objects.select_for_update(no_key=True, of=("self",)).get(pk=campus.pk)
    drill = Drill(district_id=campus.district_id, campus=campus, state_since=at)
    _fill(drill, wanted, actor=actor, at=at)
    drill.state = DrillState.SCHEDULED
    drill.save(force_insert=True)
    return _fixed(drill, "drill.scheduled", actor=actor, at=at)


@transaction.atomic
def accept(*, drill_id: UUID, wanted: Wanted, actor: Actor, at: datetime) -> Drill:
    """Fix a proposed drill, as proposed or changed; raises as `schedule` does, and WrongState."""
    drill = locked_drill(actor, "drill.schedule", drill_id)
    if drill.state != DrillState.PROPOSED:
        raise WrongState(
            _("This drill is “%(state)s”, no longer a proposal.")
            % {"state": drill.get_state_display()},
            mend=_("Open it to see how it stands."),
        )
    _fill(drill, wanted, actor=actor, at=at)
    drill.save()
    drill.move_to(DrillState.SCHEDULED, at=at)
    return _fixed(drill, "drill.accepted", actor=actor, at=at)


def _fixed(drill: Drill, deed: str, *, actor: Actor, at: datetime) -> Drill:
    clearing.ask_booking(drill, actor=actor, at=at)
    telling.plan_messages(drill, at=at)
    audit.record(deed, actor=actor, subject=drill, at=at, details=details_of(drill))
    return drill


@transaction.atomic
def move(
    *,
    drill_id: UUID,
    day: date,
    time: time,
    actor: Actor,
    at: datetime,
    clash_reason: str = "",
    expected: int | None = None,
) -> Drill:
    """Give a drill another day or time: everybody is told again, and given clearances lapse.

    `expected` is the edition that was read. Raises as `schedule` does, and WrongState once begun.
    """
    drill = locked_drill(actor, "drill.schedule", drill_id)
    if drill.state not in {DrillState.PROPOSED, DrillState.HELD_BACK, *BEFORE_START}:
        raise WrongState(
            _("This drill is “%(state)s” and cannot be moved.")
            % {"state": drill.get_state_display()},
            mend=_("Schedule another one."),
        )
    if expected is not None and expected != drill.edition:
        raise WrongState(
            _("Somebody else has just changed this drill."),
            mend=_("Reload the page to see how it stands."),
        )
    before = {"day": drill.day.isoformat(), "time": drill.time.isoformat("minutes")}
    changed = replace(wanted_of(drill), day=day, time=time, clash_reason=clash_reason)
    is_another_day = day != drill.day
    _fill(drill, changed, actor=actor, at=at)
    drill.save()
    if drill.state == DrillState.PROPOSED:
        audit.record("drill.moved", actor=actor, subject=drill, at=at,
                     details={**details_of(drill), "before": before})  # fmt: skip
        return drill
    if drill.state != DrillState.SCHEDULED:
        drill.move_to(DrillState.SCHEDULED, at=at)
    clearing.void_for_move(drill, another_day=is_another_day, actor=actor, at=at)
    clearing.ask_booking(drill, actor=actor, at=at, moved_from=before)
    inviting.ask_again(drill, moved_from=before, actor=actor, at=at)
    telling.plan_messages(drill, at=at)
    audit.record("drill.moved", actor=actor, subject=drill, at=at,
                 details={**details_of(drill), "before": before})  # fmt: skip
    return drill


@transaction.atomic
def cancel(*, drill_id: UUID, cause: str, reason: str, actor: Actor, at: datetime) -> Drill:
    """Call a drill off, with its cause; who was asked is told. Raises BadInput, WrongState."""
    drill = locked_drill(actor, "drill.schedule", drill_id)
    if cause not in CancelledCause.values:
        raise BadInput(_("It does not say why."), where="cause",
                       mend=_("Choose one of the causes."))  # fmt: skip
    was_fixed = drill.state != DrillState.PROPOSED
    drill.move_to(DrillState.CANCELLED, at=at, cancelled_cause=cause, reason=_short(reason))
    if was_fixed:
        clearing.end_all(drill, why=_("The drill was cancelled."), actor=actor, at=at)
        telling.tell_called_off(drill, actor=actor, at=at)
        inviting.end_all(drill, why=_("The drill was cancelled."), at=at)
    telling.end_messages(drill, at=at)
    audit.record("drill.cancelled", actor=actor, subject=drill, at=at,
                 details={**details_of(drill), "cause": cause, "reason": drill.reason})  # fmt: skip
    return drill


@transaction.atomic
def hand_to_alternate(*, drill_id: UUID, actor: Actor, at: datetime) -> Drill:
    """“Called away”: the alternate conducts from now on; clearances stand, dispatch is told.

    The conductor may do this for itself without the right to schedule. Raises WrongState without an
    alternate.
    """
    found = get_in_reach(actor, "drill.read", Drill.objects.select_related("conductor"),
                         pk=drill_id)  # fmt: skip
    is_conductor = found.conductor is not None and found.conductor.user_id == actor.key
    drill = locked_drill(actor, "drill.run" if is_conductor else "drill.schedule", drill_id)
    if drill.state not in {*BEFORE_START, DrillState.RUNNING}:
        raise WrongState(_("This drill is over."), mend=_("Nothing needs to be done."))
    if drill.alternate is None:
        raise WrongState(
            _("This drill has no alternate."),
            where="alternate",
            mend=_("Name another conductor under Change, or move the drill."),
        )
    away = drill.conductor.user.name if drill.conductor else ""
    drill.conductor, drill.alternate = drill.alternate, None
    drill.conductor_user_id = drill.conductor.user_id
    drill.called_away = away[:200]
    drill.callback_phone = _number_of(drill, drill.conductor)
    drill.edition += 1
    drill.save(
        update_fields=["conductor", "conductor_user", "alternate", "called_away",
                       "callback_phone", "edition"]
    )  # fmt: skip
    telling.tell_conductor_changed(drill, actor=actor, at=at)
    audit.record("drill.handed_over", actor=actor, subject=drill, at=at,
                 details={"from": away, "to": drill.conductor.user.name})  # fmt: skip
    return drill


def _fill(drill: Drill, wanted: Wanted, *, actor: Actor, at: datetime) -> None:
    """Write what is wanted into the unsaved row; raises BadInput and Clashes, then nothing is."""
    campus = drill.campus
    _require_choices(wanted)
    starts_at = moment_of(campus, wanted.day, wanted.time)
    _require_time(campus, wanted, starts_at, at=at)
    conductor = _member(campus, wanted.conductor, "conductor", actor)
    alternate = _member(campus, wanted.alternate, "alternate", None)
    if conductor and alternate and conductor.user_id == alternate.user_id:
        raise BadInput(_("Conductor and alternate are one person."), where="alternate",
                       mend=_("Choose somebody else."))  # fmt: skip
    _require_free(drill, wanted, starts_at, (conductor, alternate))
    drill.type, drill.day, drill.time = wanted.type, wanted.day, wanted.time
    drill.starts_at, drill.minutes = starts_at, wanted.minutes
    drill.place_in_day, drill.exits = wanted.place_in_day, wanted.exits
    drill.pupils_present, drill.note = wanted.pupils_present, wanted.note.strip()[:300]
    drill.conductor, drill.alternate = conductor, alternate
    drill.conductor_user_id = conductor.user_id if conductor else None
    drill.alarm_on_test = wanted.alarm_on_test
    drill.callback_phone = wanted.callback_phone.strip()[:40] or _number_of(drill, conductor)
    drill.clash_reason = _short(wanted.clash_reason)
    drill.redo_of_id = wanted.redo_of
    drill.edition += 1


def _require_choices(wanted: Wanted) -> None:
    for field, value, allowed in (
        ("type", wanted.type, DrillType.values),
        ("place_in_day", wanted.place_in_day, PlaceInDay.values),
        ("exits", wanted.exits, Exits.values),
    ):
        if value not in allowed:
            raise BadInput(_("“%(value)s” is none of the choices.") % {"value": value},
                           where=field, mend=_("Choose one of those listed."))  # fmt: skip
    if not 1 <= wanted.minutes <= 480:
        raise BadInput(_("A drill takes 1 to 480 minutes."), where="minutes",
                       mend=_("Write the minutes you plan."))  # fmt: skip


def _require_time(campus: Campus, wanted: Wanted, starts_at: datetime, *, at: datetime) -> None:
    if starts_at <= at:
        raise BadInput(_("This time has passed."), where="day",
                       mend=_("Choose a later one, or record the drill afterwards."))  # fmt: skip
    calendar = calendar_for(campus, wanted.day)
    iso = wanted.day.isoformat()
    if wanted.pupils_present and (
        wanted.day.weekday() >= 5 or (calendar and iso in calendar.no_school)
    ):
        raise BadInput(
            _("There is no school on this day."),
            where="day",
            mend=_("Choose a school day, or say that no students take part."),
        )
    if calendar is None:
        return
    for window in calendar.testing:
        if window["from"] <= iso <= window["to"]:
            raise BadInput(
                _("A state test is held on this day, and no drill may interfere with it."),
                where="day",
                mend=_("Choose a day outside %(first)s – %(last)s.")
                % {"first": window["from"], "last": window["to"]},
            )
    if wanted.pupils_present and not calendar.day_starts <= wanted.time <= calendar.day_ends:
        raise BadInput(
            _("The school day is from %(first)s to %(last)s.")
            % {
                "first": calendar.day_starts.strftime("%H:%M"),
                "last": calendar.day_ends.strftime("%H:%M"),
            },
            where="time",
            mend=_("Choose a time within it, or say that no students take part."),
        )


def _member(
    campus: Campus, member_id: UUID | None, field: str, actor: Actor | None
) -> Membership | None:
    rows = Membership.objects.filter(
        district_id=campus.district_id, role__in=CONDUCTING_ROLES
    ).select_related("user")
    rows = rows.filter(campus_id=campus.pk) | rows.filter(campus=None)
    if member_id is None:
        if actor is None or actor.key is None:
            return None
        return rows.filter(user_id=actor.key).order_by("campus_id").first()
    member = rows.filter(pk=member_id).first()
    if member is None:
        raise BadInput(
            _("This person runs no drills at this campus."),
            where=field,
            mend=_("Choose an SRO or administrator of the campus, or of the district."),
        )
    return member


def _number_of(drill: Drill, conductor: Membership | None) -> str:
    """Return the number this person gave for the last drill, else the one the district answers."""
    if conductor is not None:
        given = Drill.objects.filter(conductor__user=conductor.user_id).exclude(callback_phone="")
        if last := given.order_by("-starts_at").first():
            return last.callback_phone
    return drill.campus.district.answering_phone


def _require_free(
    drill: Drill,
    wanted: Wanted,
    starts_at: datetime,
    people: tuple[Membership | None, Membership | None],
) -> None:
    found = clashes(
        drill.campus, starts_at, wanted.minutes, people=people[:1], leaving_out=drill.pk
    )
    same_day = (
        Drill.objects.filter(
            campus=drill.campus, day=wanted.day, type__in=LOCKDOWN_LIKE, state__in=BEFORE_START
        ).exclude(pk=drill.pk)
        if wanted.type in LOCKDOWN_LIKE
        else Drill.objects.none()
    )
    if wanted.clash_reason.strip():
        return
    crews = _crews_elsewhere(drill, starts_at, wanted.minutes)
    if not (found or crews or same_day.exists()):
        return
    if crews and not found:
        raise Clashes(
            _("%(who)s comes to %(campus)s at that time, and the way takes %(minutes)s minutes.")
            % crews[0],
            where="time",
            mend=_("Choose another time, or give the reason why it stands."),
        )
    if not found:
        raise Clashes(
            _("Another lockdown-type drill stands on this day."),
            where="day",
            mend=_("Choose another day, or give the reason why both are held."),
        )
    clash = found[0]
    facts = {
        "who": clash.who,
        "campus": clash.drill.campus.name,
        "time": clash.drill.time.strftime("%H:%M"),
        "minutes": clash.minutes_needed,
    }
    raise Clashes(
        _("%(who)s runs a drill at %(campus)s at %(time)s, and the way takes %(minutes)s minutes.")
        % facts
        if clash.who
        else _("%(campus)s has another drill at %(time)s.") % facts,
        where="time",
        mend=_("Choose another time or conductor, or give the reason why it stands."),
    )


def _crews_elsewhere(drill: Drill, starts_at: datetime, minutes: int) -> list[dict[str, object]]:
    ends_at = starts_at + timedelta(minutes=minutes)
    return [
        {"who": one.who, "campus": one.campus.name if one.campus else "", "minutes": one.minutes}
        for one in crews_elsewhere(drill, drill.campus, starts_at, ends_at)
    ]


def _short(text: str) -> str:
    return " ".join(text.split())[:LONGEST_REASON]


def details_of(drill: Drill) -> dict[str, object]:
    """Return what the audit log says of a drill."""
    return {
        "type": drill.type,
        "day": drill.day.isoformat(),
        "time": drill.time.isoformat("minutes"),
        "conductor": drill.conductor.user.name if drill.conductor else "",
        **({"clash_reason": drill.clash_reason} if drill.clash_reason else {}),
    }
