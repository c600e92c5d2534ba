"""Send what is due: claim, prepare, send over kept connections, write results down in batches."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from uuid import UUID

from backend.tenancy import reach
from notifications.channels.email.transport import BatchEnd, Result
from notifications.services.carrier import Carrier, present_carrier
from notifications.services.claiming import Claim, claim_due, free, sweep
from notifications.services.clock import Clock
from notifications.services.failpoints import pass_point
from notifications.services.preparing import Ready, prepare
from notifications.services.recording import Told, forget_attempts, record_results
from notifications.services.writing import URGENT

log = logging.getLogger(__name__)
CLAIM, CHUNK, RECORD = 200, 50, 50


def deliver_due(*, at: datetime, limit: int = CLAIM, urgent_only: bool = False) -> int:
    """Send up to `limit` due messages, the most urgent first; return how many were claimed.

    Nothing is claimed while the breaker leaves the relay alone, so that no attempt is used up.
    """
    clock = Clock(at)
    carrier = present_carrier()
    sweep(at=at)
    allowed = carrier.allowance(limit, at)
    least_urgent = URGENT if urgent_only else 9
    claims = claim_due(limit=allowed, at=at, least_urgent=least_urgent) if allowed else []
    is_probe = carrier.breaker.is_open
    if claims:
        carrier.probing(at)
        pass_point("after_claim")
    for chunk in _chunks(claims):
        if carrier.breaker.is_open and not is_probe:
            free(chunk, at=clock.moment())
        else:
            _deliver(chunk, carrier, clock)
    return len(claims)


def _chunks(claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    """Yield chunks of one district each, the urgent ones first: one scope holds all their rows."""
    ordered = sorted(claims, key=_order)
    for _, own in groupby(ordered, key=_order):
        while chunk := list(islice(own, CHUNK)):
            yield chunk


def _order(claim: Claim) -> tuple[int, UUID]:
    return claim.priority, claim.district_id


def _deliver(claims: Sequence[Claim], carrier: Carrier, clock: Clock) -> None:
    with reach.of_districts(claims[0].district_id):
        ready = prepare(claims, at=clock.moment())
    sending = _Sending(ready, carrier, clock)
    try:
        end = carrier.pool.send_batch(
            [one.outgoing for one in ready], sending.take_in, before_send=sending.may_start
        )
    finally:
        sending.write_down()
    sending.give_back(end)


@dataclass(slots=True)
class _Sending:
    """One chunk on its way: gathers answers and writes them down 25 at a time."""

    ready: Sequence[Ready]
    carrier: Carrier
    clock: Clock
    told: list[Told] = field(default_factory=list)
    answered: set[UUID] = field(default_factory=set)
    by_delivery: dict[UUID, Ready] = field(init=False)

    def __post_init__(self) -> None:
        self.by_delivery = {one.claim.delivery_id: one for one in self.ready}

    def may_start(self, delivery_id: UUID) -> bool:
        """Return whether our lease outlasts this send; a worker that was paused sends no more."""
        pass_point("before_send")
        return self.by_delivery[delivery_id].claim.may_still_start()

    def take_in(self, result: Result) -> None:
        """Keep an answer; 50 of them are written down together."""
        pass_point("after_send")
        moment = self.clock.moment()
        one = self.by_delivery[result.delivery_id]
        self.carrier.heard(result.outcome, moment)
        self.told.append(Told(one.claim, one.attempt_id, result, moment))
        self.answered.add(result.delivery_id)
        if len(self.told) >= RECORD:
            self.write_down()

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
        left = [one for one in self.ready if one.claim.delivery_id not in self.answered]
        if not left:
            return
        with reach.of_districts(left[0].claim.district_id):
            forget_attempts([one.attempt_id for one in left])
        free([one.claim for one in left], at=self.clock.moment())
