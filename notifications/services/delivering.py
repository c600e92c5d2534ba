"""Send what is due: while one chunk is on the wire, the next is made ready and answers are kept.

All work on the database is done in the thread that calls; the connections to the relay have a
thread of their own. Nothing is given to them before its Attempt is committed.
"""

import logging
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from backend.tenancy import reach
from notifications.channels.email.transport import BatchEnd, Result, Stream
from notifications.services.carrier import Carrier, present_carrier
from notifications.services.claiming import Claim, claim_due, free, sweep
from notifications.services.clock import Clock
from notifications.services.failpoints import pass_point
from notifications.services.preparing import Ready, prepare
from notifications.services.recording import Told, forget_attempts, record_results
from notifications.services.writing import URGENT

log = logging.getLogger(__name__)
LIMIT = 5_000
CLAIM, CHUNK, RECORD = 200, 100, 50
ROUND_SECONDS = 2.0  # what else leaves by this lane waits no longer
LOOK_SECONDS = 0.05  # an answer is written down at least so soon


def deliver_due(*, at: datetime, limit: int = LIMIT, urgent_only: bool = False) -> int:
    """Send up to `limit` due messages, the most urgent first; return how many were claimed.

    It begins no more after two seconds. Nothing is claimed while the breaker leaves the relay
    alone, so that no attempt is used up.
    """
    carrier = present_carrier()
    sweep(at=at)
    allowed = carrier.allowance(limit, at)
    a_round = _Round(carrier, Clock(at), allowed, URGENT if urgent_only else 9)
    if a_round.claim():
        carrier.probing(at)
        a_round.run()
    return a_round.claimed


@dataclass(slots=True)
class _Round:
    """One call's work. `begun` are those with an Attempt and, so far, no answer."""

    carrier: Carrier
    clock: Clock
    allowed: int
    least_urgent: int
    claimed: int = 0
    claims: deque[Claim] = field(default_factory=deque)
    begun: dict[UUID, Ready] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    is_probe: bool = field(init=False)
    ends: float = field(init=False)

    def __post_init__(self) -> None:
        self.is_probe = self.carrier.breaker.is_open
        self.ends = time.monotonic() + ROUND_SECONDS

    def claim(self) -> bool:
        """Claim what may be claimed; return whether there was anything."""
        number = min(CLAIM, self.allowed - self.claimed)
        if number <= 0 or (self.claimed and time.monotonic() > self.ends):
            return False
        found = claim_due(limit=number, at=self.clock.moment(), least_urgent=self.least_urgent)
        self.claims.extend(sorted(found, key=_order))
        self.claimed += len(found)
        if len(found) < number:
            self.allowed = self.claimed  # nothing else is due
        if found:
            pass_point("after_claim")
        return bool(found)

    def run(self) -> None:
        """Send all that was claimed and what can be claimed meanwhile."""
        stream = self.carrier.pool.stream(before_send=self.may_start)
        try:
            while True:
                chunk = self.next_chunk(stream)
                if chunk:
                    self.make_ready(chunk, stream)
                elif stream.is_over or stream.is_quiet:
                    break
                self.take_in(stream.take(0 if chunk else LOOK_SECONDS))
                if len(self.told) >= RECORD or not chunk:
                    self.write_down()
        except BaseException:
            stream.stop()
            raise
        finally:
            self.close(stream)

    def close(self, stream: Stream) -> None:
        """Wait for what is under way, write its answers down and give back what never went."""
        try:
            end = stream.end()
        finally:
            self.take_in(stream.take(0))
            self.write_down()
        self.give_back(end)

    @property
    def is_left_alone(self) -> bool:
        """Return whether the breaker opened meanwhile, so that nothing more may start."""
        return self.carrier.breaker.is_open and not self.is_probe

    def next_chunk(self, stream: Stream) -> list[Claim]:
        """Return claims of one district to make ready, or none while enough is on its way."""
        if stream.is_over or stream.waiting > CHUNK // 2 or self.is_left_alone:
            return []
        if not self.claims and not self.claim():
            return []
        first = _order(self.claims[0])
        chunk = list(takewhile(lambda one: _order(one) == first, self.claims))[:CHUNK]
        for _ in chunk:
            self.claims.popleft()
        return chunk

    def make_ready(self, chunk: Sequence[Claim], stream: Stream) -> None:
        """Begin the tries of a chunk; what was committed may leave."""
        with reach.of_districts(chunk[0].district_id):
            ready = prepare(chunk, at=self.clock.moment())
        self.begun.update((one.claim.delivery_id, one) for one in ready)
        stream.give([one.outgoing for one in ready])

    def may_start(self, delivery_id: UUID) -> bool:
        """Return whether our lease outlasts this send; a worker that was paused sends no more.

        Asked in the thread that sends.
        """
        pass_point("before_send")
        return not self.is_left_alone and self.begun[delivery_id].claim.may_still_start()

    def take_in(self, results: Sequence[Result]) -> None:
        """Keep answers until they are written down together."""
        moment = self.clock.moment()
        for result in results:
            one = self.begun.pop(result.delivery_id)
            self.carrier.heard(result.outcome, moment)
            self.told.append(Told(one.claim, one.attempt_id, result, moment))

    def write_down(self) -> None:
        """Write all answers kept so far, one district at a time."""
        told, self.told = self.told, []
        by_district: dict[UUID, list[Told]] = defaultdict(list)
        for one in told:
            by_district[one.claim.district_id].append(one)
        for district_id, own in by_district.items():
            with reach.of_districts(district_id):
                record_results(own)

    def give_back(self, end: BatchEnd) -> None:
        """Free what was never tried: no connection could be had, or the lease was too old."""
        if end.relay is not None:
            self.carrier.heard(end.relay.outcome, self.clock.moment())
            log.warning("The mail relay cannot be used: %s", end.relay.text)
        left: dict[UUID, list[UUID]] = defaultdict(list)
        for one in self.begun.values():
            left[one.claim.district_id].append(one.attempt_id)
        for district_id, attempt_ids in left.items():
            with reach.of_districts(district_id):
                forget_attempts(attempt_ids)
        never_tried = [one.claim for one in self.begun.values()]
        free([*never_tried, *self.claims], at=self.clock.moment())


def _order(claim: Claim) -> tuple[int, UUID]:
    """Return the order of going: urgent first, and one district at a time."""
    return claim.priority, claim.district_id
