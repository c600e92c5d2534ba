"""What the clock does for drills: each deed once, however late and from however many workers.

Every function looks at all that is due by a moment and locks only what it changes; what another
worker holds is passed over and found again a second later.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.actor import SYSTEM
from drills.models import BEFORE_START, Drill, DrillState, Moment, MomentDone
from drills.queries.drills import GRACE, WINDOW_AFTER, WINDOW_BEFORE, planned_end
from drills.services import clearing, inviting, telling

AT_ONCE = 100


def due_rows(at: datetime) -> QuerySet[Drill]:
    """Return the drills of the open crossing for which something may be due now."""
    opens = Q(state=DrillState.SCHEDULED, starts_at__lte=at + WINDOW_BEFORE)
    over = Q(state__in=BEFORE_START, starts_at__lt=at - WINDOW_AFTER)
    # by campus: two workers then seldom write to the same recipient at once
    return Drill.across_districts.filter(opens | over).order_by("campus_id", "starts_at", "pk")


@transaction.atomic
def announce(drills: Sequence[UUID], *, at: datetime) -> int:
    """Announce the drills whose half hour has come, and ask for their clearances; return how many.

    Inside the open district, at most AT_ONCE of them: a few statements for all, so that 10,000 that
    begin in one minute are announced within it.
    """
    held = list(
        Drill.objects.filter(
            pk__in=drills,
            state=DrillState.SCHEDULED,
            starts_at__lte=at + WINDOW_BEFORE,
            starts_at__gte=at - WINDOW_AFTER,
        )
        .select_related("campus", "conductor__user")
        .order_by("starts_at", "pk")
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
    )
    _announce(held, at=at)
    return len(held)


def _announce(held: Sequence[Drill], *, at: datetime) -> None:
    if not held:
        return
    Drill.objects.filter(pk__in=[drill.pk for drill in held]).update(
        state=DrillState.ANNOUNCED, state_since=at, edition=F("edition") + 1
    )
    for drill in held:
        drill.state, drill.state_since, drill.edition = DrillState.ANNOUNCED, at, drill.edition + 1
    free = clearing.ask_clearing_of_each(held, actor=SYSTEM, at=at)
    for drill in free:
        drill.move_to(DrillState.CLEARED, at=at)  # nobody must agree here
    audit.record_each("drill.announced", actor=SYSTEM, subjects=held, at=at)


@transaction.atomic
def close_unused(drills: Sequence[UUID], *, at: datetime) -> int:
    """Close the windows that passed unused, and tell whoever was asked; return how many."""
    held = list(
        Drill.objects.filter(pk__in=drills, state__in=BEFORE_START, starts_at__lt=at - WINDOW_AFTER)
        .select_related("campus", "conductor__user")
        .order_by("starts_at", "pk")
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
    )
    for drill in held:
        _not_held(drill, at=at)
    return len(held)


def _not_held(drill: Drill, *, at: datetime) -> None:
    drill.move_to(DrillState.NOT_HELD, at=at)
    telling.end_messages(drill, at=at)
    telling.tell_not_held(drill, telling.told_agencies(drill), actor=SYSTEM, at=at)
    clearing.end_all(drill, why=_("The drill was not held."), actor=SYSTEM, at=at)
    inviting.end_all(drill, why=_("The drill was not held."), at=at)
    audit.record("drill.not_held", actor=SYSTEM, subject=drill, at=at)


def is_overdue(drill: Drill, at: datetime) -> bool:
    """Return whether a running drill alerts people now."""
    return drill.state == DrillState.RUNNING and at >= planned_end(drill) + GRACE


def panel_is_overdue(drill: Drill, at: datetime) -> bool:
    """Return whether an alarm panel left on test alerts people now."""
    if not drill.alarm_on_test or drill.alarm_back_at is not None:
        return False
    over = drill.ended_at or (
        drill.alarm_test_until
        if drill.state in {DrillState.NOT_HELD, DrillState.CANCELLED}
        else None
    )
    return over is not None and at >= over + GRACE


def once(drill: Drill, moment: Moment, *, at: datetime, number: int = 1) -> bool:
    """Return true the first time this deed is asked for this drill and start, else false."""
    made = MomentDone.objects.bulk_create(
        [
            MomentDone(
                district_id=drill.district_id,
                drill=drill,
                moment=moment,
                number=number,
                starts_at=drill.starts_at,
                done_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    return MomentDone.objects.filter(pk=made[0].pk).exists()
