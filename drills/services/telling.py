"""What the outbox says of drills: to dispatch and alarm monitoring, to staff and families.

Every message says first and last that it is a drill, and the mark stands in no text a person
writes, so it cannot be edited away. Messages to dispatch open with “Every 911 call from this school
is real”. The real emergency has a path of its own: `drills/services/real_emergency.py`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from backend.directory.actor import Actor
from backend.directory.models import Agency, ResponderContact
from drills.models import (
    Audience,
    Clearance,
    Drill,
    Invitation,
    InvitationState,
    Occasion,
    SchoolMessage,
)
from drills.queries.drills import moment_of, planned_end
from notifications.models import Notice
from notifications.queries.recipients import reachable
from notifications.services.writing import cancel_unsent, owe, owe_each

DRILL = "drill"
CLEARANCE_COPY = "clearance"
NEAR = timedelta(hours=24)
"""Within it a missing clearance may ring at once (`design.md` section 1, Escalation policy)."""

STAFF_AHEAD = timedelta(days=2)
FAMILIES_AHEAD = timedelta(days=7)
"""DR-05 of `domain.md`: families are told five school days before by default, which is a week."""

AFTER = timedelta(hours=2)


def first_contacts_of(drill: Drill, agencies: Iterable[Agency]) -> list[ResponderContact]:
    """Return whom to write to: the first contact of each agency that can be reached."""
    found = reachable(drill.district_id, [agency.pk for agency in agencies])
    return [contacts[0] for contacts in found.values() if contacts]


def ask_booking(
    drill: Drill,
    agencies: Sequence[Agency],
    *,
    actor: Actor,
    at: datetime,
    moved_from: dict[str, str] | None,
) -> None:
    """Ask agencies to book the time of a drill, or tell them that it moved."""
    near = drill.starts_at - at < NEAR
    kind = "drill.moved" if moved_from else "drill.booking"
    policy = "clearance_near" if near else "review"
    more: dict[str, object] = {"moved_from": moved_from or {}}
    _owe(drill, kind, agencies, actor=actor, at=at, urgent=near, policy=policy, more=more)


def ask_clearing_of_each(
    asked: Mapping[Drill, Sequence[Agency]], *, actor: Actor, at: datetime
) -> None:
    """Ask for the clearances of many drills of one district in a few statements."""
    agencies = {agency.pk for row in asked.values() for agency in row}
    found = reachable(next(iter(asked)).district_id, agencies) if asked else {}
    told = {}
    for drill, row in asked.items():
        contacts = [found[agency.pk][0] for agency in row if found.get(agency.pk)]
        if contacts:
            notice = Notice(
                district_id=drill.district_id,
                campus=drill.campus,
                kind="drill.clearance",
                subject=DRILL,
                subject_id=drill.pk,
                wording=_facts(drill),
                is_urgent=True,
                policy="clearance_near",
                occurred_at=at,
            )
            told[notice] = contacts
    owe_each(told, actor=actor, at=at)


def tell_started(drill: Drill, agencies: Sequence[Agency], *, actor: Actor, at: datetime) -> None:
    """Tell that the drill has begun, cleared or not."""
    more = {"uncleared": drill.uncleared_reason}
    _owe(drill, "drill.started", agencies, actor=actor, at=at, urgent=True, more=more)


def tell_over(drill: Drill, agencies: Sequence[Agency], *, actor: Actor, at: datetime) -> None:
    """Tell that it is over, and whether the alarm is back in service."""
    end_former(drill, actor=actor, at=at)
    back = not drill.alarm_on_test or drill.alarm_back_at is not None
    _owe(drill, "drill.over", agencies, actor=actor, at=at, urgent=True,
         more={"ended_at": (drill.ended_at or at).isoformat(), "alarm_back": back})  # fmt: skip


def tell_not_held(drill: Drill, agencies: Sequence[Agency], *, actor: Actor, at: datetime) -> None:
    """Tell that the time passed without a drill."""
    end_former(drill, actor=actor, at=at)
    _owe(drill, "drill.not_held", agencies, actor=actor, at=at, urgent=True)


def tell_called_off(drill: Drill, *, actor: Actor, at: datetime) -> None:
    """Tell whoever was asked that the drill is called off."""
    end_former(drill, actor=actor, at=at)
    _owe(drill, "drill.called_off", told_agencies(drill), actor=actor, at=at,
         urgent=drill.starts_at - at < NEAR)  # fmt: skip


def tell_conductor_changed(drill: Drill, *, actor: Actor, at: datetime) -> None:
    """Tell whoever was asked who runs the drill now, and on which number."""
    _owe(drill, "drill.conductor", told_agencies(drill), actor=actor, at=at,
         urgent=drill.starts_at - at < NEAR)  # fmt: skip


def asked_agencies(drill: Drill) -> list[Agency]:
    """Return the agencies that were ever asked to clear this drill."""
    asked = Clearance.objects.filter(drill=drill).values("agency")
    return list(Agency.objects.filter(pk__in=asked).order_by("name"))


def told_agencies(drill: Drill) -> list[Agency]:
    """Return the agencies that count on this drill: asked to clear it, or to come and not away."""
    asked = Clearance.objects.filter(drill=drill).values("agency")
    invited = (
        Invitation.objects.filter(drill=drill, ended_at=None)
        .exclude(state=InvitationState.DECLINED)
        .values("agency")
    )
    return list(Agency.objects.filter(Q(pk__in=asked) | Q(pk__in=invited)).order_by("name"))


def invite(
    drill: Drill,
    agencies: Sequence[Agency],
    *,
    actor: Actor,
    at: datetime,
    moved_from: dict[str, str] | None,
) -> None:
    """Ask agencies to come to a drill, or ask anew because it moved."""
    more: dict[str, object] = {"moved_from": moved_from or {}}
    _owe(drill, "drill.invited", agencies, actor=actor, at=at,
         urgent=drill.starts_at - at < NEAR, policy="review", more=more)  # fmt: skip


def tell_not_needed(
    drill: Drill, agencies: Sequence[Agency], *, actor: Actor, at: datetime
) -> None:
    """Tell an agency that the school took its invitation back."""
    _owe(drill, "drill.not_needed", agencies, actor=actor, at=at,
         urgent=drill.starts_at - at < NEAR)  # fmt: skip


def end_former(drill: Drill, *, actor: Actor, at: datetime) -> None:
    """End the drill's notices that were not sent yet: they are no longer true."""
    cancel_unsent(subject_id=drill.pk, actor=actor, at=at)


def _owe(
    drill: Drill,
    kind: str,
    agencies: Iterable[Agency],
    *,
    actor: Actor,
    at: datetime,
    urgent: bool = False,
    policy: str = "",
    more: Mapping[str, object] | None = None,
) -> None:
    contacts = first_contacts_of(drill, agencies)
    if not contacts:
        return
    owe(
        kind=kind,
        subject=DRILL,
        subject_id=drill.pk,
        campus=drill.campus,
        wording={**_facts(drill), **(more or {})},
        actor=actor,
        at=at,
        urgent=urgent,
        policy=policy,
        contacts=contacts,
    )


def _facts(drill: Drill) -> dict[str, object]:
    """Return what a message says of the drill as it is now; kept with the notice."""
    return {
        "type": drill.type,
        "starts_at": drill.starts_at.isoformat(),
        "ends_at": planned_end(drill).isoformat(),
        "alarm_on_test": drill.alarm_on_test,
        "conductor": drill.conductor.user.name if drill.conductor else "",
        "phone": drill.callback_phone,
        "reason": drill.reason,
    }


def plan_messages(drill: Drill, *, at: datetime) -> None:
    """Plan what staff and families are told before and after, at the drill's own times.

    A message that was given stays; one that waits is replaced when the drill moved.
    """
    end_messages(drill, at=at)
    campus = drill.campus
    families = moment_of(campus, drill.day - FAMILIES_AHEAD, drill.time)
    planned = [
        (Audience.STAFF, Occasion.AHEAD, drill.starts_at - STAFF_AHEAD),
        (Audience.STAFF, Occasion.AFTER, planned_end(drill) + AFTER),
    ]
    if drill.pupils_present:
        planned += [
            (Audience.FAMILIES, Occasion.AHEAD, families),
            (Audience.FAMILIES, Occasion.AFTER, planned_end(drill) + AFTER),
        ]
    SchoolMessage.objects.bulk_create(
        [
            SchoolMessage(
                district_id=drill.district_id,
                drill=drill,
                campus=campus,
                audience=audience,
                occasion=occasion,
                due_at=max(due_at, at),
            )
            for audience, occasion, due_at in planned
        ],
        ignore_conflicts=True,
    )


def end_messages(drill: Drill, *, at: datetime) -> None:
    """End the messages that nobody has given yet."""
    SchoolMessage.objects.filter(drill=drill, given_at=None, ended_at=None).update(ended_at=at)


def send_copy_of_call(row: Clearance, agency: Agency, *, actor: Actor, at: datetime) -> None:
    """Send the agency what was recorded in its name, so that it can dispute it."""
    contacts = reachable(row.district_id, [agency.pk]).get(agency.pk, [])
    if contacts:
        owe(
            kind="clearance.recorded",
            subject=CLEARANCE_COPY,
            subject_id=row.pk,
            campus=row.campus,
            wording={
                "type": row.drill.type,
                "said_by": row.said_by,
                "operator": row.operator,
                "line": row.line_called,
                "given_at": (row.given_at or at).isoformat(),
                "recorded_by": row.recorded_by,
                "zone": agency.time_zone or row.campus.time_zone,
            },
            actor=actor,
            at=at,
            policy="",
            contacts=contacts[:1],
        )
