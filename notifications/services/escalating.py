"""Who is told next when an agency stays silent: the policy decides, rows remember.

For each notice and agency there is at most one step to come. It is written when a message was
tried, failed or answered; a tick does what is due, once, in the order of due times.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from backend.directory.models import ResponderContact
from backend.tenancy import reach
from backend.waking import wake_lane
from notifications.models import (
    Acknowledgement,
    Delivery,
    DeliveryLine,
    DeliveryState,
    EscalationStep,
    HeldBecause,
    Notice,
)
from notifications.policy.escalation import (
    POLICIES,
    Action,
    Contact,
    Deed,
    Event,
    Step,
    next_step,
)
from notifications.queries.recipients import calling_order
from notifications.services.writing import ORDINARY, URGENT, Parcel, put_in_parcels, queue_released

Pair = tuple[UUID, UUID]  # notice, agency
REMINDER, NEXT_CONTACT = "reminder:", "escalation:"
CHASING = (REMINDER, NEXT_CONTACT)
STEPS_A_ROUND = 200
PLANNED_A_ROUND = 500
MOST_PLANNING_ROUNDS = 20


@dataclass(slots=True)
class Silence:
    """What happened so far between one notice and one agency."""

    notice: Notice
    agency_id: UUID
    contacts: list[Contact]
    history: list[Event] = field(default_factory=list)
    pending: EscalationStep | None = None
    last_number: int = 0

    def next(self, at: datetime) -> Step | None:
        """Return the next step, or None when nothing is left to do."""
        policy = POLICIES.get(self.notice.policy)
        if policy is None or self.notice.ended_at:
            return None
        return next_step(policy, self.history, self.contacts, at)


def read_silences(pairs: Collection[Pair]) -> dict[Pair, Silence]:
    """Return the history of each notice and agency; inside the open district."""
    notices = Notice.objects.in_bulk({notice_id for notice_id, _ in pairs})
    agency_ids = {agency_id for _, agency_id in pairs}
    if not notices:
        return {}
    contacts = calling_order(next(iter(notices.values())).district_id, agency_ids)
    found = {
        pair: Silence(notices[pair[0]], pair[1], contacts.get(pair[1], []))
        for pair in pairs
        if pair[0] in notices
    }
    among = Q(notice__in=notices, agency__in=agency_ids)
    lines = DeliveryLine.objects.filter(notice__in=notices, delivery__agency__in=agency_ids)
    for line in lines.select_related("delivery__agency"):
        if silence := found.get((line.notice_id, line.delivery.told_agency().pk)):
            silence.history += _events_of(line.delivery)
    for step in EscalationStep.objects.filter(among).order_by("number"):
        if silence := found.get((step.notice_id, step.agency_id)):
            _take_in(silence, step)
    valid = Acknowledgement.objects.filter(among, is_unconfirmed=False, disputed_at=None)
    for one in valid:
        if silence := found.get((one.notice_id, one.agency_id)):
            who = str(one.contact_id) if one.contact_id else None
            silence.history.append(Event(Deed.ACKNOWLEDGED, one.acknowledged_at, who))
    return found


def _events_of(delivery: Delivery) -> list[Event]:
    """Return that a contact was told (from the first try) and, maybe, that it was not reached."""
    who = str(delivery.contact_id)
    if delivery.state == DeliveryState.CANCELLED and delivery.tried_at is None:
        return []
    deed = Deed.REMINDED if delivery.grouping_key.startswith(REMINDER) else Deed.CONTACTED
    told_at = delivery.tried_at or min(delivery.due_at, delivery.state_since)
    events = [Event(deed, told_at, who)]
    held = delivery.state == DeliveryState.HELD and delivery.held_because != HeldBecause.CHANNEL
    if held or delivery.state in {DeliveryState.FAILED, DeliveryState.EXPIRED}:
        events.append(Event(Deed.FAILED, max(delivery.state_since, told_at), who))
    return events


def _take_in(silence: Silence, step: EscalationStep) -> None:
    silence.last_number = max(silence.last_number, step.number)
    if step.done_at is None and step.ended_at is None:
        silence.pending = step
    elif step.done_at and step.action == Action.FALLBACK and step.ended_at is None:
        silence.history.append(Event(Deed.FALLBACK, step.done_at))


def plan_for_deliveries(delivery_ids: Iterable[UUID], *, at: datetime) -> None:
    """Write the next step of all that these deliveries tell; inside the open district."""
    lines = DeliveryLine.objects.filter(delivery__in=list(delivery_ids)).exclude(notice__policy="")
    plan(set(lines.values_list("notice_id", "delivery__agency_id")), at=at)


def plan_sent(*, at: datetime, limit: int = PLANNED_A_ROUND) -> int:
    """Plan what follows if those who were sent something stay silent; return how many messages.

    Apart from the sending, so that a long queue is not held up by it; a restart loses none.
    """
    with reach.crossing("delivery"):
        sent = Delivery.across_districts.filter(state=DeliveryState.SENT, planned_at=None)
        rows = list(sent.order_by("pk").values_list("district_id", "pk")[:limit])
    by_district: Mapping[UUID, list[UUID]] = defaultdict(list)
    for district_id, delivery_id in rows:
        by_district[district_id].append(delivery_id)
    for district_id, delivery_ids in by_district.items():
        with reach.of_districts(district_id):
            plan_for_deliveries(delivery_ids, at=at)
            Delivery.objects.filter(pk__in=delivery_ids).update(planned_at=at)
    return len(rows)


def plan(pairs: Collection[Pair], *, at: datetime) -> None:
    """Write, move or end the step to come of each notice and agency; inside the open district."""
    new: list[EscalationStep] = []
    for silence in read_silences(pairs).values() if pairs else ():
        step = silence.next(at)
        if step is None:
            if silence.pending:
                _pending(silence.pending).update(ended_at=at)
        elif silence.pending is None:
            new.append(_row(silence, step))
        elif _differs(silence.pending, step):
            _pending(silence.pending).update(
                due_at=step.due_at, action=step.action.value, contact_id=_contact_id(step)
            )
    EscalationStep.objects.bulk_create(new, ignore_conflicts=True)


def _pending(step: EscalationStep) -> QuerySet[EscalationStep]:
    return EscalationStep.objects.filter(pk=step.pk, done_at=None, ended_at=None)


def _differs(row: EscalationStep, step: Step) -> bool:
    return (row.due_at, row.action, row.contact_id) != (
        step.due_at,
        step.action.value,
        _contact_id(step),
    )


def _contact_id(step: Step) -> UUID | None:
    return UUID(step.contact.id) if step.contact else None


def _row(silence: Silence, step: Step) -> EscalationStep:
    return EscalationStep(
        district_id=silence.notice.district_id,
        notice=silence.notice,
        agency_id=silence.agency_id,
        number=silence.last_number + 1,
        contact_id=_contact_id(step),
        action=step.action.value,
        due_at=step.due_at,
    )


def escalate_due(*, at: datetime, limit: int = STEPS_A_ROUND) -> int:
    """Do the steps due by `at`, each once, in order; return how many were done.

    Missed steps come late, never twice. Who has left meanwhile is passed over, and an agency that
    has answered is left alone.
    """
    for _ in range(MOST_PLANNING_ROUNDS):
        if not plan_sent(at=at):
            break
    with reach.crossing("delivery"):
        due = EscalationStep.across_districts.filter(due_at__lte=at, done_at=None, ended_at=None)
        rows = list(due.order_by("due_at", "id").values_list("district_id", "pk")[:limit])
    by_district: Mapping[UUID, list[UUID]] = defaultdict(list)
    for district_id, step_id in rows:
        by_district[district_id].append(step_id)
    done = 0
    for district_id, step_ids in by_district.items():
        with reach.of_districts(district_id):
            done += _do(step_ids, at=at)
    return done


def queue_stragglers(*, at: datetime) -> int:
    """Queue what was held at the very moment its channel was released; return how many."""
    with reach.crossing("delivery"):
        held = Delivery.across_districts.filter(
            state=DeliveryState.HELD, held_because=HeldBecause.CHANNEL
        )
        districts = set(held.values_list("district_id", flat=True).distinct())
    number = 0
    for district_id in sorted(districts):
        with reach.of_districts(district_id):
            number += queue_released(district_id, at=at)
    return number


def _do(step_ids: Collection[UUID], *, at: datetime) -> int:
    rows = EscalationStep.objects.filter(pk__in=step_ids, done_at=None, ended_at=None)
    due = list(
        rows.order_by("due_at", "pk").select_for_update(no_key=True, skip_locked=True, of=("self",))
    )
    silences = read_silences({(row.notice_id, row.agency_id) for row in due})
    told: dict[tuple[str, int, UUID], list[Notice]] = defaultdict(list)
    done = 0
    for row in due:
        step = silences[row.notice_id, row.agency_id].next(at)
        if step is None:
            _pending(row).update(ended_at=at)
            continue
        if step.due_at > at:
            _pending(row).update(
                due_at=step.due_at, action=step.action.value, contact_id=_contact_id(step)
            )
            continue
        _pending(row).update(done_at=at, action=step.action.value, contact_id=_contact_id(step))
        done += 1
        if step.contact is not None:
            notice = silences[row.notice_id, row.agency_id].notice
            prefix = REMINDER if step.action is Action.REMIND else NEXT_CONTACT
            key = (f"{prefix}{notice.kind}", URGENT if notice.is_urgent else ORDINARY)
            told[(*key, UUID(step.contact.id))].append(notice)
    _owe(told, at=at)
    return done


def _owe(told: Mapping[tuple[str, int, UUID], list[Notice]], *, at: datetime) -> None:
    contacts = ResponderContact.objects.in_bulk({contact_id for _, _, contact_id in told})
    for (key, priority, contact_id), notices in told.items():
        recipient = (contacts[contact_id],)
        put_in_parcels(dict.fromkeys(notices, recipient), Parcel(key[:120], priority, at), at=at)
    if told:
        wake_lane("delivery")
