"""Claim due deliveries under a lease and a fence; give back what a dead worker held.

Leases are written and compared by the database's clock alone. No row stays locked while mail is
sent: a claim is one short statement, so is the begin of a try, and a result is taken only from
whoever still holds the fence.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Count, F
from django.db.models.functions import Now

from backend import env
from backend.tenancy import reach
from backend.tenancy.models import new_id
from notifications.models import Attempt, Delivery, DeliveryState, HeldBecause
from notifications.policy.backoff import Outcome
from notifications.services.escalating import plan_for_deliveries

LEASE_SECONDS = env.integer("MUSTER_DELIVERY_LEASE_SECONDS", 180, least=2, most=3600)
LONGEST_SEND_SECONDS = 75  # 60 s after the final dot, 10 s for an answer, and some room
MOST_UNKNOWN = 3

# The sub-select is materialized: a locking one with LIMIT may else be run again for each row
# (PostgreSQL bug 15715) and claim more than was asked for.
_CLAIM = """
WITH due AS MATERIALIZED (
    SELECT id FROM notifications_delivery
    WHERE state = 'queued' AND due_at <= now() AND priority <= %s
    ORDER BY priority, due_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED)
UPDATE notifications_delivery SET state = 'sending', state_since = %s, fence = fence + 1,
    attempts = attempts + 1, lease_until = now() + make_interval(secs => %s)
WHERE id = ANY (ARRAY (SELECT id FROM due))
RETURNING id, district_id, fence, priority, due_at
"""
# One statement renews the lease, keeps a text that is new and begins the Attempt, for whoever still
# holds the fence: without its committed Attempt nothing goes, without the fence there is none.
_BEGIN = """
WITH given AS (
    SELECT * FROM json_to_recordset(%s) AS given (id uuid, fence int, attempt uuid, text uuid,
        subject text, body text)),
mine AS (
    UPDATE notifications_delivery d SET lease_until = now() + make_interval(secs => %s),
        tried_at = coalesce(d.tried_at, %s)
    FROM given WHERE d.id = given.id AND d.fence = given.fence AND d.state = 'sending'
    RETURNING d.id, d.district_id, given.fence, attempt, text, subject, body),
texts AS (
    INSERT INTO notifications_deliverytext (id, district_id, delivery_id, subject, body,
        rendered_at)
    SELECT text, district_id, id, subject, body, %s FROM mine WHERE text IS NOT NULL)
INSERT INTO notifications_attempt (id, district_id, delivery_id, fence, started_at, outcome, code,
    answer)
SELECT attempt, district_id, id, fence, %s, '', '', '' FROM mine
RETURNING delivery_id
"""
_FREE = """
UPDATE notifications_delivery d SET state = 'queued', lease_until = NULL, state_since = %s,
    attempts = d.attempts - 1
FROM unnest(%s::uuid[], %s::int[]) AS mine (id, fence)
WHERE d.id = mine.id AND d.fence = mine.fence AND d.state = 'sending'
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One delivery leased to this worker; `leased_at` is of this process's monotonic clock."""

    delivery_id: UUID
    district_id: UUID
    fence: int
    priority: int
    leased_at: float

    def may_still_start(self) -> bool:
        """Return whether a send begun now ends before the lease does; false after a long pause."""
        longest = min(LONGEST_SEND_SECONDS, LEASE_SECONDS / 2)
        return time.monotonic() - self.leased_at < LEASE_SECONDS - longest


def claim_due(*, limit: int, at: datetime, least_urgent: int = 9) -> list[Claim]:
    """Lease up to `limit` due deliveries, the most urgent and longest due first.

    `least_urgent` leaves everything of a higher priority number to others.
    """
    leased_at = time.monotonic()
    with reach.crossing("delivery"), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [least_urgent, limit, at, LEASE_SECONDS])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[3], row[4], row[0]))
    return [Claim(row[0], row[1], row[2], row[3], leased_at) for row in rows]


def end_with_lease() -> None:
    """Let the database end this transaction if its worker is paused in it for as long as a lease.

    Else a stopped process would keep its rows locked, and a sweep passes locked rows over.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('idle_in_transaction_session_timeout', %s, true)",
            [f"{LEASE_SECONDS}s"],
        )


@dataclass(frozen=True, slots=True)
class Try:
    """One try about to begin; subject and body are given where the delivery has no text yet."""

    claim: Claim
    attempt_id: UUID
    subject: str | None = None
    body: str | None = None


def begin(tries: Sequence[Try], *, at: datetime) -> dict[UUID, Claim]:
    """Write an Attempt for each delivery still held; return their claims with a whole lease ahead.

    Inside the open district. Whoever lost the fence begins nothing, writes no text and may send
    nothing; whoever holds it may send once this transaction is committed.
    """
    leased_at = time.monotonic()
    rows = [
        {
            "id": one.claim.delivery_id,
            "fence": one.claim.fence,
            "attempt": one.attempt_id,
            "text": None if one.body is None else new_id(),
            "subject": one.subject,
            "body": one.body,
        }
        for one in tries
    ]
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, [orjson.dumps(rows).decode(), LEASE_SECONDS, at, at, at])
        held = {row[0] for row in cursor.fetchall()}
    return {
        one.claim.delivery_id: replace(one.claim, leased_at=leased_at)
        for one in tries
        if one.claim.delivery_id in held
    }


def free(claims: Sequence[Claim], *, at: datetime) -> None:
    """Give back what was never tried; it is due at once and no attempt counts."""
    if not claims:
        return
    with reach.crossing("delivery"), connection.cursor() as cursor:
        cursor.execute(_FREE, [at, *_keys(claims)])


def _keys(claims: Sequence[Claim]) -> list[list[UUID] | list[int]]:
    return [[one.delivery_id for one in claims], [one.fence for one in claims]]


def sweep(*, at: datetime) -> int:
    """Give back the deliveries whose lease ran out with their worker; return how many.

    A try that was started and has no end may have arrived: it is counted as unknown and, up to
    three times, tried again with the same Message-ID; then a person must look. What ends workers
    three times before any try is held as well.
    """
    with reach.crossing("delivery"):
        late = list(
            Delivery.across_districts.filter(
                state=DeliveryState.SENDING, lease_until__lt=Now()
            ).values_list("district_id", "pk")[:500]
        )
    for district_id in sorted({row[0] for row in late}):
        with reach.of_districts(district_id):
            _give_back([pk for owner, pk in late if owner == district_id], at=at)
    return len(late)


def _give_back(ids: Sequence[UUID], *, at: datetime) -> None:
    late = Delivery.objects.filter(pk__in=ids, state=DeliveryState.SENDING, lease_until__lt=Now())
    held = list(late.order_by("pk").select_for_update(no_key=True, skip_locked=True))
    tries = dict(
        Attempt.objects.filter(delivery__in=held)
        .values_list("delivery_id")
        .annotate(number=Count("pk"))
    )
    open_tries = Attempt.objects.filter(delivery__in=held, ended_at=None)
    unknown = set(open_tries.values_list("delivery_id", flat=True))
    open_tries.update(
        ended_at=at, outcome=Outcome.UNKNOWN.value, answer="The worker ended before it was known."
    )
    parked = []
    for delivery in held:
        delivery.unknown_outcomes += delivery.pk in unknown
        without_try = delivery.attempts - tries.get(delivery.pk, 0)
        if max(delivery.unknown_outcomes, without_try) >= MOST_UNKNOWN:
            parked.append(delivery.pk)
    queued = [delivery.pk for delivery in held if delivery.pk not in set(parked)]
    counted = Delivery.objects.filter(pk__in=unknown)
    counted.update(unknown_outcomes=F("unknown_outcomes") + 1)
    back = {"lease_until": None, "state_since": at}
    Delivery.objects.filter(pk__in=queued).update(state=DeliveryState.QUEUED, **back)
    Delivery.objects.filter(pk__in=parked).update(
        state=DeliveryState.HELD, held_because=HeldBecause.UNKNOWN, **back
    )
    plan_for_deliveries(parked, at=at)
