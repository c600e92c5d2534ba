"""Make claimed deliveries ready to go: is each still wanted, what does it say, an Attempt begun."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection

from backend.directory.services.links import tokens_for
from backend.tenancy.models import new_id
from notifications.channels.email.transport import Outgoing
from notifications.models import DeliveryState, HeldBecause, Notice
from notifications.services.claiming import Claim, Try, begin, end_with_lease
from notifications.services.escalating import plan_for_deliveries
from notifications.services.reading import Chunk, Due, read_chunk
from notifications.services.wording import PAGE, Text, Writer, envelope_sender, wanted_of
from notifications.subjects import LinkWanted

log = logging.getLogger(__name__)
LONGEST_ANSWER = 300

_SETTLE = """
UPDATE notifications_delivery d SET state = given.state, held_because = given.held_because,
    state_since = %s, lease_until = NULL, last_answer = given.why
FROM json_to_recordset(%s) AS given (id uuid, fence int, state text, held_because text, why text)
WHERE d.id = given.id AND d.fence = given.fence AND d.state = 'sending'
"""


@dataclass(frozen=True, slots=True)
class Ready:
    """One message that may go now, and the Attempt that was begun for it."""

    claim: Claim
    attempt_id: UUID
    outgoing: Outgoing


@dataclass(frozen=True, slots=True)
class _Decision:
    """Why a delivery does not go."""

    state: DeliveryState
    why: str
    held_because: str = ""


@dataclass(frozen=True, slots=True)
class _Written:
    """A message in words, and the links that its places ask for."""

    due: Due
    text: Text
    links: tuple[LinkWanted, ...]


@dataclass(slots=True)
class _Work:
    """One chunk on its way from claimed to ready; a fault holds its own delivery alone."""

    chunk: Chunk
    writer: Writer
    at: datetime
    decided: dict[UUID, _Decision] = field(default_factory=dict)

    def hold_unwritten(self, due: Due, why: str) -> None:
        reason = HeldBecause.UNWRITTEN.value
        self.decided[due.to.delivery_id] = _Decision(DeliveryState.HELD, why, reason)

    def judged(self, due: Due) -> list[Notice]:
        """Return the notices to tell, or nothing after noting why this message does not go."""
        notices = self.chunk.wanted(due)
        if not notices:
            decision = _Decision(DeliveryState.CANCELLED, "No longer wanted.")
        elif due.contact_has_ended:
            why = "The agency has ended this contact."
            decision = _Decision(DeliveryState.CANCELLED, why)
        elif not due.is_accepted:
            given, accepted = due.present_address or "no address", due.accepted_address or "none"
            why = f"The agency gives {given}; accepted is {accepted}."
            decision = _Decision(DeliveryState.HELD, why, HeldBecause.ADDRESS.value)
        else:
            return notices
        self.decided[due.to.delivery_id] = decision
        return []

    def written(self, due: Due, notices: Sequence[Notice]) -> _Written | None:
        """Return the text kept for this delivery, or a new one, with its links."""
        try:
            links = self.writer.links(due.to, notices)
            text = due.text or self.writer.write(due.to, notices, links, self.at)
        except Exception as fault:
            log.exception("The text of delivery %s could not be written", due.to.delivery_id)
            self.hold_unwritten(due, type(fault).__name__)
            return None
        return _Written(due, text, links)

    def outgoing(self, written: Sequence[_Written]) -> list[tuple[_Written, Outgoing]]:
        """Return the bytes to send of each that can be built, links filled in."""
        tokens = tokens_for(
            district_id=self.chunk.district.pk,
            wanted={
                wanted_of(one.due.to, link)
                for one in written
                for link in one.links
                if link.purpose != PAGE
            },
        )
        built = []
        for one in written:
            to = one.due.to
            try:
                found = [
                    (link, "" if link.purpose == PAGE else tokens[wanted_of(to, link)])
                    for link in one.links
                ]
                content = self.writer.content(to, one.text, found)
                sender = envelope_sender(to.delivery_id)
                built.append((one, Outgoing(to.delivery_id, sender, to.address, content)))
            except ValueError as fault:
                self.hold_unwritten(one.due, str(fault))
        return built


def prepare(claims: Sequence[Claim], *, at: datetime) -> list[Ready]:
    """Return what may go now; the rest is cancelled or held with a reason. In the open district."""
    end_with_lease()
    mine = {one.delivery_id: one for one in claims}
    chunk = read_chunk(claims[0].district_id, list(mine), at=at)
    work = _Work(chunk, Writer(chunk.district), at)
    judged = [(due, work.judged(due)) for due in chunk.due]
    written = [work.written(due, notices) for due, notices in judged if notices]
    messages = work.outgoing([one for one in written if one is not None])
    _settle(work, mine)
    if not messages:
        return []
    tries = {
        outgoing.delivery_id: Try(
            mine[outgoing.delivery_id],
            new_id(),
            *((None, None) if one.due.text else (one.text.subject, one.text.body)),
        )
        for one, outgoing in messages
    }
    held = begin(list(tries.values()), at=at)
    return [
        Ready(held[outgoing.delivery_id], tries[outgoing.delivery_id].attempt_id, outgoing)
        for _, outgoing in messages
        if outgoing.delivery_id in held
    ]


def _settle(work: _Work, mine: dict[UUID, Claim]) -> None:
    """Write down what does not go; where a contact cannot be told, the next one is due."""
    if not work.decided:
        return
    rows = [
        {
            "id": pk,
            "fence": mine[pk].fence,
            "state": decision.state.value,
            "held_because": decision.held_because,
            "why": decision.why[:LONGEST_ANSWER],
        }
        for pk, decision in work.decided.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, [work.at, orjson.dumps(rows).decode()])
    plan_for_deliveries(list(work.decided), at=work.at)
