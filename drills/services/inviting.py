"""Agencies asked to come to a drill: invited, answered by their crew, arrived, taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach, in_district_of, reach_of
from backend.directory.actor import Actor
from backend.directory.models import Agency, District
from backend.problems import BadInput, NotFound, WrongState
from backend.web import words
from drills.models import (
    BEFORE_START,
    Drill,
    DrillState,
    GivenBy,
    Invitation,
    InvitationState,
    Part,
)
from drills.queries.attendance import TwoPlaces, live_invitations, two_places_of_crew
from drills.queries.drills import planned_end
from drills.refusals import Clashes
from drills.services import telling
from drills.services.clearing import LONGEST_NAME, require_time_to_read
from drills.services.finding import locked_drill
from notifications.queries.recipients import covering

MAY_COME = (*BEFORE_START, DrillState.RUNNING)


def agencies_to_invite(drill: Drill, standing: Iterable[Invitation], at: datetime) -> list[Agency]:
    """Return the covering agencies to which no invitation of these stands, by name."""
    asked = {row.agency_id for row in standing if row.ended_at is None}
    found = {item.agency_id: item.agency for item in covering(drill.campus, at)}
    return sorted(
        (agency for agency in found.values() if agency.pk not in asked),
        key=lambda agency: (agency.name, agency.pk),
    )


@transaction.atomic
def invite(*, drill_id: UUID, agency_id: UUID, part: str, actor: Actor, at: datetime) -> Invitation:
    """Ask an agency to come to a drill and write to it.

    Raises NotFound, NotAllowed, WrongState once begun, BadInput with the field as `where`.
    """
    drill = locked_drill(actor, "drill.schedule", drill_id)
    if drill.state not in BEFORE_START:
        raise WrongState(
            _("This drill is “%(state)s”.") % {"state": drill.get_state_display()},
            mend=_("Agencies are asked to a drill that is scheduled and has not begun."),
        )
    if part not in Part.values:
        raise BadInput(_("It does not say what the agency is asked to do."), where="part",
                       mend=_("Choose one of those listed."))  # fmt: skip
    agency = next(
        (
            one
            for one in agencies_to_invite(drill, live_invitations(drill), at)
            if one.pk == agency_id
        ),
        None,
    )
    if agency is None:
        raise BadInput(
            _("This agency does not cover the campus, or was asked already."),
            where="agency",
            mend=_("Choose one of those listed."),
        )
    row = _asked(drill, agency.pk, part, crew="", by=actor.label, at=at)
    telling.invite(drill, [agency], actor=actor, at=at, moved_from=None)
    audit.record("invitation.sent", actor=actor, subject=row, at=at, details=_details(row))
    return row


def _asked(
    drill: Drill, agency_id: UUID, part: str, *, crew: str, by: str, at: datetime
) -> Invitation:
    return Invitation.objects.create(
        district_id=drill.district_id,
        drill=drill,
        campus_id=drill.campus_id,
        agency_id=agency_id,
        part=part,
        starts_at=drill.starts_at,
        ends_at=planned_end(drill),
        asked_at=at,
        asked_by=by[:200],
        crew=crew,
    )


def ask_again(drill: Drill, *, moved_from: dict[str, str], actor: Actor, at: datetime) -> None:
    """Ask every invited agency anew: another start is another question, for decliners too."""
    former = live_invitations(drill)
    _end(drill, _("The start was moved."), at=at)
    for row in former:
        _asked(drill, row.agency_id, row.part, crew=row.crew, by=row.asked_by, at=at)
    telling.invite(drill, [row.agency for row in former], actor=actor, at=at, moved_from=moved_from)


def end_all(drill: Drill, *, why: str, at: datetime) -> int:
    """Void every invitation to a drill that will not be held; return how many stood."""
    return _end(drill, why, at=at)


def close_all(drill: Drill, *, at: datetime) -> int:
    """End the invitations to a drill that is over, each as it stands; its crews are free again."""
    return Invitation.objects.filter(drill=drill, ended_at=None).update(ended_at=at)


def _end(drill: Drill, why: str, *, at: datetime) -> int:
    return Invitation.objects.filter(drill=drill, ended_at=None).update(
        state=InvitationState.VOID, ended_at=at, ended_why=why[:300]
    )


@transaction.atomic
def withdraw(*, invitation_id: UUID, actor: Actor, at: datetime) -> Invitation:
    """Take an invitation back and tell the agency. Raises NotFound, NotAllowed, WrongState."""
    found = get_in_reach(actor, "drill.read", Invitation.objects.all(), pk=invitation_id)
    drill = locked_drill(actor, "drill.schedule", found.drill_id)
    won = Invitation.objects.filter(pk=found.pk, ended_at=None, arrived_at=None).update(
        state=InvitationState.VOID, ended_at=at, ended_why=_("Taken back by the school.")
    )
    if not won:
        raise WrongState(_("This invitation has ended, or the agency is there already."),
                         mend=_("Reload the page to see how it stands."))  # fmt: skip
    found.refresh_from_db()
    telling.tell_not_needed(drill, [found.agency], actor=actor, at=at)
    audit.record("invitation.withdrawn", actor=actor, subject=found, at=at,
                 details=_details(found))  # fmt: skip
    return found


def answer(
    *,
    actor: Actor,
    drill_id: UUID,
    is_coming: bool,
    crew: str = "",
    said_by: str = "",
    note: str = "",
    clash_reason: str = "",
    how: str = GivenBy.LINK,
    at: datetime,
) -> Invitation:
    """Say for one's agency who comes to a drill, or that nobody does; the last answer counts.

    A crew that is wanted elsewhere then, in whatever district, is refused with Clashes unless a
    reason is given. Call it outside any reach. Raises NotFound, NotAllowed, WrongState once the
    drill is over, BadInput without a crew.
    """
    with reach_of(actor):
        asked = _addressed(actor, drill_id)
        who = " ".join(crew.split())[:80]
        if is_coming and not who:
            raise BadInput(_("It does not say who comes."), where="crew",
                           mend=_("Write the crew or officer, such as Engine 4."))  # fmt: skip
        if is_coming and not clash_reason.strip():
            _require_free(two_places_of_crew(asked, who))
    with in_district_of(asked), transaction.atomic():
        allow(actor, "invitation.answer", asked)
        drill = Drill.objects.select_for_update(no_key=True, of=("self",)).get(pk=asked.drill_id)
        if drill.state not in MAY_COME:
            raise WrongState(_("This drill is “%(state)s”.") % {"state": drill.get_state_display()},
                             mend=_("Nobody needs to come."))  # fmt: skip
        if how == GivenBy.LINK:
            require_time_to_read(actor, drill, at)
        won = Invitation.objects.filter(pk=asked.pk, ended_at=None).update(
            state=InvitationState.COMING if is_coming else InvitationState.DECLINED,
            crew=who,
            answered_at=at,
            answered_by=(" ".join(said_by.split()) or actor.label)[:LONGEST_NAME],
            how=how,
            contact_id=actor.contact_id,
            note=note.strip()[:300],
            clash_reason=" ".join(clash_reason.split())[:300] if is_coming else "",
        )
        if not won:
            raise WrongState(_("The school has changed this drill meanwhile."),
                             mend=_("Reload the page to see how it stands."))  # fmt: skip
        asked.refresh_from_db()
        deed = "invitation.accepted" if is_coming else "invitation.declined"
        audit.record(deed, actor=actor, subject=asked, at=at, details=_details(asked))
    return asked


def _addressed(actor: Actor, drill_id: UUID) -> Invitation:
    if actor.kind == "link" and (
        actor.link_purpose != "clear" or actor.link_subject not in {None, drill_id}
    ):
        raise NotFound(_("This link answers nothing."))
    rows = Invitation.objects.filter(
        drill=drill_id, agency_id__in=actor.agencies, ended_at=None,
        district_id__in={item.district_id for item in actor.covered},
    )  # fmt: skip
    if row := rows.first():
        return row
    raise NotFound(
        _("Your agency was not asked to come to this drill."),
        mend=_("Open the message again, or call the school."),
    )


def _require_free(elsewhere: list[TwoPlaces]) -> None:
    if not elsewhere:
        return
    first = elsewhere[0]
    facts = {"who": first.who, "minutes": first.minutes}
    if first.campus is None:
        what = _("%(who)s is wanted at another school then.") % facts
    else:
        start = words.time_of_day(
            first.starts_at.astimezone(ZoneInfo(first.campus.time_zone)), language="en", clock=24
        )
        what = _(
            "%(who)s comes to %(campus)s at %(time)s, and the way takes %(minutes)s minutes."
        ) % {**facts, "campus": first.campus.name, "time": start}
    raise Clashes(
        what,
        where="crew",
        mend=_("Name another crew, decline, or give the reason why it stands."),
    )


def record_arrival(*, invitation_id: UUID, actor: Actor, at: datetime) -> Invitation:
    """Write down that an agency is there; the first time counts.

    By the school's people, or by the agency itself. Call it outside any reach. Raises NotFound,
    NotAllowed, WrongState for a drill that is not near or an invitation that ended.
    """
    with reach_of(actor):
        found = get_in_reach(actor, "invitation.record_arrival", Invitation.objects.all(),
                             pk=invitation_id)  # fmt: skip
    with in_district_of(found), transaction.atomic():
        allow(actor, "invitation.record_arrival", found)
        drill = Drill.objects.select_for_update(no_key=True, of=("self",)).get(pk=found.drill_id)
        if drill.state not in {DrillState.ANNOUNCED, DrillState.CLEARED, DrillState.RUNNING}:
            raise WrongState(
                _("Nobody arrives now: this drill is “%(state)s”.")
                % {"state": drill.get_state_display()},
                mend=_("Arrivals are recorded from half an hour before the start until its end."),
            )
        won = Invitation.objects.filter(pk=found.pk, ended_at=None, arrived_at=None).update(
            arrived_at=at, arrived_by=actor.label[:200], state=InvitationState.COMING
        )
        found.refresh_from_db()
        if won:
            audit.record("invitation.arrived", actor=actor, subject=found, at=at,
                         details=_details(found))  # fmt: skip
        elif found.arrived_at is None:
            raise WrongState(_("This invitation has ended."),
                             mend=_("Reload the page to see how it stands."))  # fmt: skip
    return found


def _details(row: Invitation) -> dict[str, object]:
    return {
        "drill": str(row.drill_id),
        "agency": str(row.agency_id),
        "part": row.part,
        **({"crew": row.crew} if row.crew else {}),
        **({"clash_reason": row.clash_reason} if row.clash_reason else {}),
    }


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as the agency that was asked reads it."""

    invitation: Invitation
    drill: Drill
    district: District
    agency: Agency
    elsewhere: tuple[TwoPlaces, ...]
    is_open: bool
    may_arrive: bool


def read_invited(*, actor: Actor, drill_id: UUID) -> Invited | None:
    """Return what this actor's agency was asked to, or None. Call it outside any reach."""
    with reach_of(actor):
        try:
            row = _addressed(actor, drill_id)
        except NotFound:
            return None
        elsewhere = two_places_of_crew(row, row.crew) if row.crew else []
    with in_district_of(row):
        allow(actor, "invitation.answer", row)
        drill = Drill.objects.select_related("campus", "conductor__user").get(pk=row.drill_id)
        return Invited(
            invitation=row,
            drill=drill,
            district=District.objects.get(pk=drill.district_id),
            agency=Agency.objects.get(pk=row.agency_id),
            elsewhere=tuple(elsewhere),
            is_open=drill.state in MAY_COME,
            may_arrive=row.arrived_at is None
            and drill.state in {DrillState.ANNOUNCED, DrillState.CLEARED, DrillState.RUNNING},
        )
