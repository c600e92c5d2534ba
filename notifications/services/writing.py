"""Owe a notice: written in the transaction of the event it tells of, sent by any worker later."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.models import Agency, Campus, District, ResponderContact, User
from backend.problems import BadInput
from backend.waking import wake_lane
from notifications.models import (
    ChannelRelease,
    Delivery,
    DeliveryLine,
    DeliveryState,
    EscalationStep,
    HeldBecause,
    Notice,
)
from notifications.policy.escalation import Action
from notifications.queries.recipients import EMAIL, Recipient, first_contacts, reachable

ACCOUNT = "account"
CHANNELS = (EMAIL, ACCOUNT)
URGENT, ORDINARY = 1, 5
TRIED_FOR = {URGENT: timedelta(days=1), ORDINARY: timedelta(days=4)}
"""RFC 5321 gives up after four to five days; what is urgent is too late after one."""

MOST_ROUNDS = 5
WAITING = (DeliveryState.QUEUED, DeliveryState.HELD)


@dataclass(frozen=True, slots=True)
class Owed:
    """What was written. `unreachable` are agencies to which this district can write nowhere."""

    notice: Notice
    deliveries: tuple[Delivery, ...]
    unreachable: tuple[Agency, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """How the deliveries of one notice are grouped and when they are due."""

    grouping_key: str
    priority: int
    due_at: datetime


@transaction.atomic
def owe(
    *,
    kind: str,
    subject: str,
    subject_id: UUID,
    campus: Campus,
    wording: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    batch: str = "",
    due_at: datetime | None = None,
    urgent: bool = False,
    policy: str = "packet",
    contacts: Sequence[ResponderContact] | None = None,
    also: Iterable[UUID] = (),
) -> Owed:
    """Write one Notice and the Deliveries due now; call it inside the event's transaction.

    Recipients are the first contact of each covering agency, or `contacts` where given, and those
    contacts of `also` (everyone who ever opened one) that the district can still write to. With a
    `batch`, one message a recipient carries all notices of it; give then `due_at`, its end. An
    empty `policy` never escalates.
    """
    notice = Notice.objects.create(
        district_id=campus.district_id,
        campus=campus,
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        batch=batch,
        wording=dict(wording),
        is_urgent=urgent,
        policy=policy,
        occurred_at=at,
    )
    recipients = (
        first_contacts(campus, at)
        if contacts is None
        else [Recipient(contact.agency, contact) for contact in contacts]
    )
    told = {item.contact.pk: item.contact for item in recipients if item.contact}
    told |= {contact.pk: contact for contact in _still_reachable(campus.district_id, also)}
    priority = URGENT if urgent else ORDINARY
    key = f"batch:{batch}" if batch else f"urgent:{kind}" if urgent else kind
    parcel = Parcel(key[:120], priority, max(due_at or at, at))
    deliveries = put_in_parcels({notice: list(told.values())}, parcel, at=at)
    unreachable = tuple(item.agency for item in recipients if item.contact is None)
    _tell_the_district(notice, unreachable, at)
    wake_lane("delivery")
    audit.record(
        "notice.owed",
        actor=actor,
        subject=notice,
        at=at,
        details={"kind": kind, "recipients": len(told), "unreachable": len(unreachable)},
    )
    return Owed(notice, tuple(deliveries), unreachable)


@transaction.atomic
def owe_each(
    told: Mapping[Notice, Sequence[ResponderContact]], *, actor: Actor, at: datetime
) -> int:
    """Write many notices of one district and kind at once, each with its own recipients.

    The notices are unsaved; their kind, urgency and policy are one. Return how many messages carry
    them: those to one contact go together.
    """
    if not told:
        return 0
    Notice.objects.bulk_create(told)
    first = next(iter(told))
    urgent = first.is_urgent
    parcel = Parcel(
        f"urgent:{first.kind}" if urgent else first.kind, URGENT if urgent else ORDINARY, at
    )
    deliveries = put_in_parcels(told, parcel, at=at)
    wake_lane("delivery")
    audit.record_each(
        "notice.owed",
        actor=actor,
        subjects=list(told),
        at=at,
        details=[{"kind": notice.kind, "recipients": len(row)} for notice, row in told.items()],
    )
    return len(deliveries)


@transaction.atomic
def owe_people(
    *,
    kind: str,
    subject: str,
    subject_id: UUID,
    campus: Campus,
    wording: Mapping[str, Any],
    people: Collection[User],
    actor: Actor,
    at: datetime,
    urgent: bool = False,
    due_at: datetime | None = None,
) -> Notice:
    """Write one Notice and a Delivery for each person of the district, in the event's transaction.

    Nobody is chased: what they must see to stands on Today until somebody has.
    """
    notice = Notice.objects.create(
        district_id=campus.district_id,
        campus=campus,
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        wording=dict(wording),
        is_urgent=urgent,
        policy="",
        occurred_at=at,
    )
    released = ChannelRelease.objects.filter(district=campus.district_id, channel=EMAIL).exists()
    parcel = Parcel(
        f"{kind}:{notice.pk}"[:120], URGENT if urgent else ORDINARY, max(due_at or at, at)
    )
    deliveries = [_to_person(person, campus.district_id, parcel, released, at) for person in people]
    Delivery.objects.bulk_create(deliveries)
    DeliveryLine.objects.bulk_create(
        DeliveryLine(district_id=campus.district_id, delivery=delivery, notice=notice)
        for delivery in deliveries
    )
    wake_lane("delivery")
    audit.record("notice.owed", actor=actor, subject=notice, at=at, details={
        "kind": kind, "people": len(deliveries)})  # fmt: skip
    return notice


def _to_person(
    person: User, district_id: UUID, parcel: Parcel, released: bool, at: datetime
) -> Delivery:
    return Delivery(
        district_id=district_id,
        user=person,
        channel=EMAIL,
        address=person.email,
        grouping_key=parcel.grouping_key,
        priority=parcel.priority,
        state=DeliveryState.QUEUED if released else DeliveryState.HELD,
        held_because="" if released else HeldBecause.CHANNEL,
        due_at=parcel.due_at,
        expires_at=parcel.due_at + TRIED_FOR[parcel.priority],
        state_since=at,
    )


def _still_reachable(district_id: UUID, contact_ids: Iterable[UUID]) -> list[ResponderContact]:
    wanted = set(contact_ids)
    if not wanted:
        return []
    agencies = ResponderContact.objects.filter(pk__in=wanted).values_list("agency_id", flat=True)
    found = reachable(district_id, set(agencies))
    return [contact for row in found.values() for contact in row if contact.pk in wanted]


def _tell_the_district(notice: Notice, agencies: Iterable[Agency], at: datetime) -> None:
    """An agency that cannot be written to is silent from the start: the district hears at once."""
    if notice.policy:
        EscalationStep.objects.bulk_create(
            EscalationStep(
                district_id=notice.district_id,
                notice=notice,
                agency=agency,
                number=1,
                action=Action.FALLBACK.value,
                due_at=at,
                done_at=at,
            )
            for agency in agencies
        )


def put_in_parcels(
    told: Mapping[Notice, Sequence[ResponderContact]], parcel: Parcel, *, at: datetime
) -> list[Delivery]:
    """Add each notice to the waiting delivery of its contacts and key, or to a new one.

    A delivery that a worker has claimed is no longer waiting. The row is locked while the line is
    added, so a worker passes it over and never sends half of it.
    """
    notices = list(told)
    if not notices:
        return []
    district_id = notices[0].district_id
    contacts = {contact.pk: contact for row in told.values() for contact in row}
    released = ChannelRelease.objects.filter(district_id=district_id, channel=EMAIL).exists()
    found: dict[UUID, Delivery] = {}
    for _round in range(MOST_ROUNDS):
        missing = [contacts[pk] for pk in sorted(contacts) if pk not in found]
        if not missing:
            break
        Delivery.objects.bulk_create(
            [_new(contact, district_id, parcel, released, at) for contact in missing],
            ignore_conflicts=True,
        )
        waiting = Delivery.objects.filter(
            district_id=district_id,
            channel=EMAIL,
            contact__in=missing,
            grouping_key=parcel.grouping_key,
            state__in=WAITING,
            attempts=0,
        )
        locked = waiting.order_by("pk").select_for_update(no_key=True, of=("self",))
        found |= {row.contact_id: row for row in locked if row.contact_id}
    DeliveryLine.objects.bulk_create(
        [
            DeliveryLine(district_id=district_id, delivery=found[contact.pk], notice=notice)
            for notice, row in told.items()
            for contact in row
        ],
        ignore_conflicts=True,
    )
    return list(found.values())


def _new(
    contact: ResponderContact, district_id: UUID, parcel: Parcel, released: bool, at: datetime
) -> Delivery:
    return Delivery(
        district_id=district_id,
        agency_id=contact.agency_id,
        contact=contact,
        channel=EMAIL,
        address=contact.email,
        grouping_key=parcel.grouping_key,
        priority=parcel.priority,
        state=DeliveryState.QUEUED if released else DeliveryState.HELD,
        held_because="" if released else HeldBecause.CHANNEL,
        due_at=parcel.due_at,
        expires_at=parcel.due_at + TRIED_FOR[parcel.priority],
        state_since=at,
    )


@transaction.atomic
def release_channel(
    *, district: District, channel: str, actor: Actor, at: datetime
) -> ChannelRelease:
    """Let this district's messages go, by a named person; what was held is due now.

    Raises NotAllowed, and BadInput for a channel that does not exist.
    """
    allow(actor, "channel.release", district)
    if channel not in CHANNELS:
        raise BadInput(
            f"There is no channel “{channel}”.",
            where="channel",
            mend=f"Name one of: {', '.join(CHANNELS)}.",
        )
    if not district.answering_phone.strip():
        raise BadInput(
            _("Every message names a number that answers, and the district has none yet."),
            where="answering_phone",
            mend=_("Write it under Settings, District; then release the channel."),
        )
    release, is_new = ChannelRelease.objects.get_or_create(
        district=district,
        channel=channel,
        defaults={"released_by": actor.label, "released_at": at},
    )
    queued = queue_released(district.pk, at=at)
    wake_lane("delivery")
    if is_new or queued:
        audit.record(
            "channel.released",
            actor=actor,
            subject=district,
            at=at,
            details={"channel": channel, "queued": queued},
        )
    return release


def queue_released(district_id: UUID, *, at: datetime) -> int:
    """Queue what is held although its channel is released; return how many.

    It also finds what was written at the very moment of the release.
    """
    channels = ChannelRelease.objects.filter(district_id=district_id).values("channel")
    held = Delivery.objects.filter(
        district_id=district_id,
        state=DeliveryState.HELD,
        held_because=HeldBecause.CHANNEL,
        channel__in=channels,
    )
    number = 0
    for priority, tried_for in TRIED_FOR.items():
        number += held.filter(priority=priority).update(
            state=DeliveryState.QUEUED, held_because="", state_since=at, expires_at=at + tried_for
        )
    return number


@transaction.atomic
def cancel_unsent(*, subject_id: UUID, actor: Actor, at: datetime) -> int:
    """End the notices of a subject that is no longer wanted; return how many messages will not go.

    A message that still carries another wanted notice goes, without this one's lines. What is on
    its way when this commits may still arrive.
    """
    notices = list(Notice.objects.filter(subject_id=subject_id, ended_at=None))
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(ended_at=at)
    EscalationStep.objects.filter(notice__in=notices, done_at=None, ended_at=None).update(
        ended_at=at
    )
    number = cancel_empty(Q(lines__notice__in=notices), at=at)
    for notice in notices:
        audit.record("notice.ended", actor=actor, subject=notice, at=at)
    return number


def cancel_empty(among: Q, *, at: datetime) -> int:
    """Cancel the waiting deliveries of a filter that carry no wanted notice; return how many."""
    waiting = Delivery.objects.filter(among, state__in=WAITING)
    still_wanted = DeliveryLine.objects.filter(notice__ended_at=None).values("delivery")
    empty = waiting.exclude(pk__in=still_wanted).values("pk")
    return Delivery.objects.filter(pk__in=empty, state__in=WAITING).update(
        state=DeliveryState.CANCELLED, held_because="", state_since=at
    )
