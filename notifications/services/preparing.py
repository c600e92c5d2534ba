"""Make claimed deliveries ready to go: is each still wanted, what does it say, an Attempt begun."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from backend.directory.models import AcceptedAddress, Coverage, District, Link
from backend.directory.services.links import Wanted, links_for
from notifications.channels.email.message import WrongMessage
from notifications.channels.email.transport import Outgoing
from notifications.models import (
    Acknowledgement,
    Attempt,
    Delivery,
    DeliveryLine,
    DeliveryState,
    DeliveryText,
    HeldBecause,
    Notice,
)
from notifications.queries.recipients import is_same_address
from notifications.services import wording
from notifications.services.claiming import Claim, renew
from notifications.services.escalating import CHASING, plan_for_deliveries
from notifications.subjects import LinkWanted

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """One message that may go now, and the Attempt that was begun for it."""

    claim: Claim
    attempt_id: UUID
    outgoing: Outgoing


@dataclass(slots=True)
class Chunk:
    """Claimed deliveries of one district with all that is needed to judge and write them."""

    district: District
    deliveries: list[Delivery]
    notices: Mapping[UUID, list[Notice]]
    accepted: Mapping[UUID, str]
    covered: set[tuple[UUID, UUID]]
    answered: set[tuple[UUID, UUID]]
    texts: dict[UUID, DeliveryText]
    cancelled: dict[UUID, str] = field(default_factory=dict)
    held: dict[UUID, tuple[HeldBecause, str]] = field(default_factory=dict)

    def wanted(self, delivery: Delivery) -> list[Notice]:
        """Return the notices that this recipient should still get."""
        chasing = delivery.grouping_key.startswith(CHASING)
        return [
            notice
            for notice in self.notices.get(delivery.pk, ())
            if notice.ended_at is None
            and (notice.campus_id is None or (notice.campus_id, delivery.agency_id) in self.covered)
            and not (chasing and (notice.pk, delivery.agency_id) in self.answered)
        ]


def prepare(claims: Sequence[Claim], *, at: datetime) -> list[Ready]:
    """Return what may go now; the rest is cancelled or held with a reason. In the open district."""
    mine = {one.delivery_id: one for one in renew(claims)}
    if not mine:
        return []
    chunk = _read(list(mine), at)
    judged = [(delivery, _judged(chunk, delivery)) for delivery in chunk.deliveries]
    to_go = [(delivery, notices) for delivery, notices in judged if notices]
    links = _write_texts(chunk, to_go, at)
    outgoing = _outgoing(chunk, [pair[0] for pair in to_go], links)
    _settle(chunk, mine, at)
    attempts = [
        Attempt(
            district_id=chunk.district.pk,
            delivery_id=message.delivery_id,
            fence=mine[message.delivery_id].fence,
            started_at=at,
        )
        for message in outgoing
    ]
    Attempt.objects.bulk_create(attempts)
    first = Delivery.objects.filter(pk__in=[one.delivery_id for one in outgoing], tried_at=None)
    first.update(tried_at=at)
    return [
        Ready(mine[message.delivery_id], attempt.pk, message)
        for message, attempt in zip(outgoing, attempts, strict=True)
    ]


def _read(ids: Sequence[UUID], at: datetime) -> Chunk:
    deliveries = list(
        Delivery.objects.filter(pk__in=ids)
        .select_related("contact", "agency")
        .order_by("priority", "due_at", "pk")
    )
    district_id = deliveries[0].district_id
    lines = DeliveryLine.objects.filter(delivery__in=deliveries).select_related("notice__campus")
    notices: dict[UUID, list[Notice]] = defaultdict(list)
    for line in lines.order_by("notice_id"):
        notices[line.delivery_id].append(line.notice)
    agencies = {delivery.agency_id for delivery in deliveries}
    all_notices = {notice for row in notices.values() for notice in row}
    covering = Coverage.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=at.date()),
        campus__in={notice.campus_id for notice in all_notices if notice.campus_id},
        agency__in=agencies,
    )
    answered: set[tuple[UUID, UUID]] = set()
    if any(delivery.grouping_key.startswith(CHASING) for delivery in deliveries):
        valid = Acknowledgement.objects.filter(
            notice__in=all_notices, agency__in=agencies, is_unconfirmed=False, disputed_at=None
        )
        answered = set(valid.values_list("notice_id", "agency_id"))
    accepted = AcceptedAddress.objects.filter(
        contact__in=[delivery.contact_id for delivery in deliveries]
    )
    texts = DeliveryText.objects.filter(delivery__in=deliveries)
    return Chunk(
        district=District.objects.get(pk=district_id),
        deliveries=deliveries,
        notices=notices,
        accepted=dict(accepted.filter(channel="email").values_list("contact_id", "address")),
        covered=set(covering.values_list("campus_id", "agency_id")),
        answered=answered,
        texts={text.delivery_id: text for text in texts},
    )


def _judged(chunk: Chunk, delivery: Delivery) -> list[Notice]:
    """Return the notices to tell, or nothing after noting why this message does not go."""
    notices = chunk.wanted(delivery)
    contact = delivery.contact
    accepted = chunk.accepted.get(contact.pk, "")
    if not notices:
        chunk.cancelled[delivery.pk] = "No longer wanted."
    elif contact.ended_at is not None:
        chunk.cancelled[delivery.pk] = "The agency has ended this contact."
    elif not is_same_address(accepted, delivery.address) or not is_same_address(
        accepted, contact.email
    ):
        why = f"The agency gives {contact.email or 'no address'}; accepted is {accepted or 'none'}."
        chunk.held[delivery.pk] = (HeldBecause.ADDRESS, why)
    else:
        return notices
    return []


def _write_texts(
    chunk: Chunk, to_go: list[tuple[Delivery, list[Notice]]], at: datetime
) -> dict[UUID, tuple[LinkWanted, ...]]:
    """Write the text of each message that has none, and return the links by delivery."""
    links: dict[UUID, tuple[LinkWanted, ...]] = {}
    new: list[DeliveryText] = []
    for delivery, notices in to_go:
        try:
            if delivery.pk in chunk.texts:
                links[delivery.pk] = wording.links_of(delivery, notices)
                continue
            draft = wording.write(delivery, notices, chunk.district)
        except Exception as fault:
            log.exception("The text of delivery %s could not be written", delivery.pk)
            chunk.held[delivery.pk] = (HeldBecause.UNWRITTEN, type(fault).__name__)
            continue
        links[delivery.pk] = draft.links
        text = DeliveryText(
            district_id=chunk.district.pk,
            delivery=delivery,
            subject=draft.subject,
            body=draft.body,
            rendered_at=at,
        )
        new.append(text)
        chunk.texts[delivery.pk] = text
    DeliveryText.objects.bulk_create(new)
    return links


def _outgoing(
    chunk: Chunk, deliveries: Sequence[Delivery], links: Mapping[UUID, tuple[LinkWanted, ...]]
) -> list[Outgoing]:
    writable = [delivery for delivery in deliveries if delivery.pk in links]
    wanted = {
        wording.wanted_of(delivery, link) for delivery in writable for link in links[delivery.pk]
    }
    rows: Mapping[Wanted, Link] = (
        links_for(district_id=chunk.district.pk, wanted=wanted) if wanted else {}
    )
    outgoing = []
    for delivery in writable:
        text = chunk.texts[delivery.pk]
        try:
            content = wording.outgoing_bytes(
                delivery, text, chunk.district, links[delivery.pk], rows
            )
            sender = wording.envelope_sender(delivery.pk)
            outgoing.append(Outgoing(delivery.pk, sender, delivery.address, content))
        except (WrongMessage, ValueError) as fault:
            chunk.held[delivery.pk] = (HeldBecause.UNWRITTEN, str(fault))
    return outgoing


def _settle(chunk: Chunk, mine: Mapping[UUID, Claim], at: datetime) -> None:
    """Write down what does not go; where a contact cannot be told, the next one is due."""
    decided = [(pk, DeliveryState.CANCELLED, "", why) for pk, why in chunk.cancelled.items()]
    decided += [(pk, DeliveryState.HELD, reason, why) for pk, (reason, why) in chunk.held.items()]
    for pk, state, reason, why in decided:
        held = Delivery.objects.filter(pk=pk, fence=mine[pk].fence, state=DeliveryState.SENDING)
        held.update(
            state=state,
            held_because=reason,
            state_since=at,
            lease_until=None,
            last_answer=why[:300],
        )
    plan_for_deliveries([row[0] for row in decided], at=at)
