"""Clearances: asked, given by link, board, account, program or phone, disputed, void."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach, in_district_of, may, reach_of
from backend.directory.actor import Actor
from backend.directory.models import Agency, Coverage, District
from backend.directory.models.agency import AgencyKind
from backend.problems import BadInput, NotFound, WrongState
from drills.models import BEFORE_START, Clearance, ClearanceState, Drill, DrillState, GivenBy, Step
from drills.queries.drills import window_of
from drills.services import telling
from drills.services.finding import locked_drill
from notifications.models import Delivery
from notifications.queries.recipients import covering, covering_of_each

MUST_CLEAR = (AgencyKind.DISPATCH, AgencyKind.ALARM_MONITORING)
"""Who must agree by default (`design.md` section 1, Clearance)."""

TOO_FAST = timedelta(seconds=10)
"""Mail gateways press buttons too (`delivery-and-security.md` 4.4): nobody reads that fast."""

LONGEST_NAME = 120


def agencies_to_ask(drill: Drill, at: datetime) -> list[Agency]:
    """Return the covering agencies that must agree, dispatch first."""
    return _must_clear(covering(drill.campus, at))


def _must_clear(coverages: Iterable[Coverage]) -> list[Agency]:
    found = {item.agency_id: item.agency for item in coverages}
    asked = [agency for agency in found.values() if agency.kind in MUST_CLEAR]
    return sorted(asked, key=lambda agency: (agency.kind != AgencyKind.DISPATCH, agency.name))


def live(drill: Drill) -> list[Clearance]:
    """Return the clearances that were neither disputed nor voided."""
    rows = Clearance.objects.filter(drill=drill, ended_at=None)
    return list(rows.select_related("agency").order_by("agency__name", "step"))


def missing(drill: Drill, at: datetime) -> list[Agency]:
    """Return the agencies whose second step is still to come."""
    given = {
        row.agency_id
        for row in live(drill)
        if row.step == Step.CLEARED and row.state == ClearanceState.GIVEN
    }
    return [agency for agency in agencies_to_ask(drill, at) if agency.pk not in given]


def ask_booking(
    drill: Drill, *, actor: Actor, at: datetime, moved_from: dict[str, str] | None = None
) -> None:
    """Ask each agency to book the time; whoever was told before is told of the move."""
    agencies = agencies_to_ask(drill, at)
    _ask(drill, Step.BOOKED, agencies, at=at)
    telling.ask_booking(drill, agencies, actor=actor, at=at, moved_from=moved_from)


def ask_clearing_of_each(drills: Sequence[Drill], *, actor: Actor, at: datetime) -> list[Drill]:
    """Ask whoever is on duty to clear each drill; return those for which nobody must agree."""
    campuses = {drill.campus_id: drill.campus for drill in drills}
    covering_each = covering_of_each(list(campuses.values()), at)
    asked = {drill: _must_clear(covering_each.get(drill.campus_id, ())) for drill in drills}
    Clearance.objects.bulk_create(
        [
            _asked(drill, Step.CLEARED, agency, at)
            for drill, agencies in asked.items()
            for agency in agencies
        ],
        ignore_conflicts=True,
    )
    telling.ask_clearing_of_each(asked, actor=actor, at=at)
    return [drill for drill, agencies in asked.items() if not agencies]


def _ask(drill: Drill, step: Step, agencies: Sequence[Agency], *, at: datetime) -> None:
    Clearance.objects.bulk_create(
        [_asked(drill, step, agency, at) for agency in agencies], ignore_conflicts=True
    )


def _asked(drill: Drill, step: Step, agency: Agency, at: datetime) -> Clearance:
    return Clearance(
        district_id=drill.district_id,
        drill=drill,
        campus_id=drill.campus_id,
        agency=agency,
        step=step,
        asked_at=at,
    )


def give(
    *,
    actor: Actor,
    drill_id: UUID,
    said_by: str,
    at: datetime,
    operator: str = "",
    how: str = GivenBy.LINK,
    refuse: bool = False,
    note: str = "",
) -> Clearance:
    """Book or clear a drill for one's agency, whichever is asked for at this moment.

    From 30 minutes before the start it clears, before that it books. Call it outside any reach.
    Raises NotFound, NotAllowed, WrongState once the drill is over, BadInput without a name.
    """
    with reach_of(actor):
        asked = _addressed(actor, drill_id)
    with in_district_of(asked), transaction.atomic():
        allow(actor, "clearance.give", asked)
        rows = Drill.objects.select_for_update(no_key=True, of=("self",))
        drill = rows.select_related("campus").get(pk=asked.drill_id)
        _require_open(drill, at)
        if how == GivenBy.LINK:
            require_time_to_read(actor, drill, at)
        who = " ".join(said_by.split())[:LONGEST_NAME] or actor.label[:LONGEST_NAME]
        if how == GivenBy.BOARD and not operator.strip():
            raise BadInput(
                _("It does not say who is on duty."),
                where="operator",
                mend=_("Type your operator number."),
            )
        row = _write(
            drill,
            asked.agency_id,
            at=at,
            state=ClearanceState.REFUSED if refuse else ClearanceState.GIVEN,
            given_at=at,
            how=how,
            said_by=who,
            operator=operator.strip()[:40],
            contact_id=actor.contact_id,
            note=note.strip()[:300],
        )
        _follow(drill, row, actor=actor, at=at)
    return row


def _addressed(actor: Actor, drill_id: UUID) -> Clearance:
    """Return a live clearance that was asked of the actor's agency for this drill."""
    if actor.kind == "link" and (
        actor.link_purpose != "clear" or actor.link_subject not in {None, drill_id}
    ):
        raise NotFound(_("This link does not clear anything."))
    districts = {item.district_id for item in actor.covered}
    rows = Clearance.objects.filter(district_id__in=districts, ended_at=None)
    row = rows.filter(drill=drill_id, agency_id__in=actor.agencies).order_by("-step").first()
    if row is None:
        raise NotFound(
            _("Your agency was not asked to clear this drill."),
            mend=_("Open the message again, or call the school."),
        )
    return row


def step_at(drill: Drill, at: datetime) -> Step:
    """Return which step is answered at this moment."""
    return Step.CLEARED if at >= window_of(drill)[0] else Step.BOOKED


def _require_open(drill: Drill, at: datetime) -> None:
    if drill.state in BEFORE_START and at <= window_of(drill)[1]:
        return
    if drill.state == DrillState.RUNNING:
        return
    raise WrongState(
        _("This drill is “%(state)s”.") % {"state": drill.get_state_display()},
        mend=_("Nothing needs to be cleared. Every 911 call from this school is real."),
    )


def require_time_to_read(actor: Actor, drill: Drill, at: datetime) -> None:
    """Return nothing, or raise WrongState: the answer came as fast as only a scanner presses."""
    last = (
        Delivery.objects.filter(contact=actor.contact_id, lines__notice__subject_id=drill.pk)
        .exclude(sent_at=None)
        .order_by("-sent_at")
        .first()
    )
    if last and last.sent_at and timedelta(0) <= at - last.sent_at < TOO_FAST:
        raise WrongState(
            _("That came within seconds of the message, as mail scanners do."),
            mend=_("Press once more."),
        )


def _write(drill: Drill, agency_id: UUID, *, at: datetime, **values: object) -> Clearance:
    step = step_at(drill, at)
    row, _made = Clearance.objects.get_or_create(
        drill=drill,
        agency_id=agency_id,
        step=step,
        ended_at=None,
        defaults={
            "district_id": drill.district_id,
            "campus_id": drill.campus_id,
            "asked_at": at,
        },
    )
    if row.state == ClearanceState.GIVEN:
        return row  # the first answer stands; a second press changes nothing
    Clearance.objects.filter(pk=row.pk).update(**values)
    row.refresh_from_db()
    return row


def _follow(drill: Drill, row: Clearance, *, actor: Actor, at: datetime) -> None:
    """Move the drill where its clearances lead, and write the deed down."""
    if row.state == ClearanceState.REFUSED:
        if drill.state in BEFORE_START:
            drill.move_to(DrillState.HELD_BACK, at=at, reason=row.note)
    elif drill.state == DrillState.ANNOUNCED and not missing(drill, at):
        drill.move_to(DrillState.CLEARED, at=at)
    deed = "clearance.refused" if row.state == ClearanceState.REFUSED else "clearance.given"
    audit.record(deed, actor=actor, subject=row, at=at, details=_details(row))


@transaction.atomic
def record_phone_call(
    *,
    drill_id: UUID,
    agency_id: UUID,
    said_by: str,
    operator: str,
    line_called: str,
    called_at: datetime,
    actor: Actor,
    at: datetime,
) -> Clearance:
    """Write down a clearance given by phone; the agency gets a copy that it can dispute.

    A call within 30 minutes of the start clears, an earlier one books. Raises NotFound, NotAllowed,
    WrongState, and BadInput with the field as `where`.
    """
    drill = locked_drill(actor, "clearance.record_phone_call", drill_id)
    _require_open(drill, at)
    agency = next((one for one in agencies_to_ask(drill, at) if one.pk == agency_id), None)
    if agency is None:
        raise BadInput(_("This agency is not asked to clear this drill."), where="agency",
                       mend=_("Choose one of those listed."))  # fmt: skip
    if not said_by.strip() and not operator.strip():
        raise BadInput(_("It does not say who cleared it."), where="said_by",
                       mend=_("Write the name or operator number."))  # fmt: skip
    if called_at > at:
        raise BadInput(_("The call lies in the future."), where="called_at",
                       mend=_("Write when the call was."))  # fmt: skip
    row = _write(
        drill,
        agency.pk,
        at=called_at,
        state=ClearanceState.GIVEN,
        given_at=called_at,
        how=GivenBy.PHONE,
        said_by=" ".join(said_by.split())[:LONGEST_NAME],
        operator=operator.strip()[:40],
        line_called=(line_called.strip() or agency.phone)[:40],
        recorded_by=actor.label[:200],
    )
    telling.send_copy_of_call(row, agency, actor=actor, at=at)
    _follow(drill, row, actor=actor, at=at)
    return row


def dispute(*, clearance_id: UUID, said_by: str, actor: Actor, at: datetime) -> Clearance:
    """Say that a recorded call was never made: the clearance no longer counts.

    Call it outside any reach. Raises NotFound, NotAllowed, WrongState.
    """
    with reach_of(actor):
        row = get_in_reach(actor, "clearance.dispute", Clearance.objects.all(), pk=clearance_id)
    with in_district_of(row), transaction.atomic():
        allow(actor, "clearance.dispute", row)
        drill = Drill.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.drill_id)
        why = _("Disputed by %(who)s") % {"who": said_by.strip() or actor.label}
        won = Clearance.objects.filter(pk=row.pk, ended_at=None, how=GivenBy.PHONE).update(
            state=ClearanceState.DISPUTED, ended_at=at, ended_why=why[:300]
        )
        if not won:
            raise WrongState(_("This was disputed already, or was given by your agency itself."),
                             mend=_("Call the school if something is wrong."))  # fmt: skip
        if drill.state == DrillState.CLEARED:
            drill.move_to(DrillState.ANNOUNCED, at=at)
        row.refresh_from_db()
        audit.record("clearance.disputed", actor=actor, subject=row, at=at, details=_details(row))
    return row


def void_for_move(drill: Drill, *, another_day: bool, actor: Actor, at: datetime) -> int:
    """Void what a move makes invalid: the second step always, the booking with another day."""
    rows = Clearance.objects.filter(drill=drill, ended_at=None)
    if not another_day:
        rows = rows.filter(step=Step.CLEARED)
    return _end(rows.values_list("pk", flat=True), _("The start was moved."), at)


def end_all(drill: Drill, *, why: str, actor: Actor, at: datetime) -> int:
    """Void every live clearance of a drill that will not be held."""
    rows = Clearance.objects.filter(drill=drill, ended_at=None)
    return _end(rows.values_list("pk", flat=True), why, at)


def _end(ids: Iterable[UUID], why: str, at: datetime) -> int:
    return Clearance.objects.filter(pk__in=list(ids)).update(
        state=ClearanceState.VOID, ended_at=at, ended_why=why[:300]
    )


def may_start_uncleared(actor: Actor, drill: Drill) -> bool:
    """Return whether the actor may start without a clearance, with a reason and a call attempt."""
    return may(actor, "drill.start_uncleared", drill)


def _details(row: Clearance) -> dict[str, object]:
    return {
        "drill": str(row.drill_id),
        "agency": str(row.agency_id),
        "step": row.step,
        "how": row.how,
        "said_by": row.said_by,
        "operator": row.operator,
        **({"recorded_by": row.recorded_by} if row.recorded_by else {}),
    }


@dataclass(frozen=True, slots=True)
class Asked:
    """A drill as the agency that was asked sees it, with its own answers."""

    drill: Drill
    district: District
    agency: Agency
    step: Step
    own: tuple[Clearance, ...]
    is_open: bool
    is_missing: bool


def read_asked(*, actor: Actor, drill_id: UUID, at: datetime) -> Asked:
    """Return what this actor's agency was asked. It records nothing; call it outside any reach."""
    with reach_of(actor):
        asked = _addressed(actor, drill_id)
    with in_district_of(asked):
        allow(actor, "clearance.give", asked)
        drill = Drill.objects.select_related("campus", "conductor__user").get(pk=asked.drill_id)
        rows = Clearance.objects.filter(drill=drill, agency=asked.agency_id)
        try:
            _require_open(drill, at)
            is_open = True
        except WrongState:
            is_open = False
        agency = Agency.objects.get(pk=asked.agency_id)
        return Asked(
            drill=drill,
            district=District.objects.get(pk=drill.district_id),
            agency=agency,
            step=step_at(drill, at),
            own=tuple(rows.exclude(state=ClearanceState.ASKED).order_by("given_at", "pk")),
            is_open=is_open,
            is_missing=agency in missing(drill, at),
        )
