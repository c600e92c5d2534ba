"""Write down what became of tries: many at once, and only by whoever still holds the fence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from notifications.channels.email.transport import Result
from notifications.models import Attempt, Delivery, DeliveryState, HeldBecause
from notifications.policy.backoff import Outcome, next_try
from notifications.services.claiming import MOST_UNKNOWN, Claim, end_with_lease
from notifications.services.escalating import plan_for_deliveries

_CLOSE_ATTEMPTS = """
UPDATE notifications_attempt a SET ended_at = v.ended_at, outcome = v.outcome, code = v.code,
    answer = v.answer
FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[])
    AS v (id, ended_at, outcome, code, answer)
WHERE a.id = v.id
"""
# Rows are locked in the order of their keys before they change, so that two batches never wait
# for each other.
_CLOSE_DELIVERIES = """
WITH given AS (
    SELECT * FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[], %s::timestamptz[],
        %s::timestamptz[], %s::timestamptz[], %s::int[], %s::text[])
    AS v (id, fence, state, held_because, due_at, state_since, sent_at, unknown, answer)),
mine AS MATERIALIZED (
    SELECT d.id FROM notifications_delivery d JOIN given USING (id)
    WHERE d.fence = given.fence AND d.state = 'sending' ORDER BY d.id FOR UPDATE OF d)
UPDATE notifications_delivery d SET state = given.state, held_because = given.held_because,
    due_at = coalesce(given.due_at, d.due_at), state_since = given.state_since,
    sent_at = coalesce(given.sent_at, d.sent_at), lease_until = NULL,
    unknown_outcomes = d.unknown_outcomes + given.unknown, last_answer = given.answer
FROM given WHERE d.id = given.id AND d.id = ANY (ARRAY (SELECT id FROM mine))
RETURNING d.id
"""
LONGEST_ANSWER = 300


@dataclass(frozen=True, slots=True)
class Told:
    """The carrier's answer to one try, and when it came."""

    claim: Claim
    attempt_id: UUID
    result: Result
    at: datetime

    @property
    def code(self) -> str:
        """Return the enhanced code, else the three digits, else nothing."""
        return self.result.enhanced_code or str(self.result.code or "")

    @property
    def answer(self) -> str:
        """Return the carrier's words with their digits in front."""
        words = self.result.text
        digits = str(self.result.code or "")
        shown = words if not digits or words.startswith(digits) else f"{digits} {words}"
        return shown[:LONGEST_ANSWER]


def record_results(told: Sequence[Told]) -> int:
    """Close the tries of one district and move their deliveries; return how many were still ours.

    What follows a failure is planned at once, what follows silence a moment later (`plan_sent`). An
    answer that comes after the lease has passed to another worker closes its Attempt and leaves
    the delivery alone.
    """
    end_with_lease()
    _close_attempts(told)
    ids = [one.claim.delivery_id for one in told]
    present = Delivery.objects.in_bulk(ids)
    rows = [_verdict(one, present[one.claim.delivery_id]) for one in told]
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_DELIVERIES, columns)
        ours = [row[0] for row in cursor.fetchall()]
    fine = {one.claim.delivery_id for one in told if one.result.outcome is Outcome.SENT}
    plan_for_deliveries(set(ours) - fine, at=max(one.at for one in told))
    return len(ours)


def forget_attempts(attempt_ids: Sequence[UUID]) -> None:
    """Take back tries that were begun and never reached the carrier; inside the open district."""
    Attempt.objects.filter(pk__in=attempt_ids, ended_at=None).delete()


def _close_attempts(told: Sequence[Told]) -> None:
    columns: list[Any] = [
        [one.attempt_id for one in told],
        [one.at for one in told],
        [one.result.outcome.value for one in told],
        [one.code[:12] for one in told],
        [one.answer for one in told],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_ATTEMPTS, columns)


Row = tuple[UUID, int, str, str, datetime | None, datetime, datetime | None, int, str]


def _verdict(told: Told, delivery: Delivery) -> Row:
    """Return how a delivery goes on after this answer."""
    outcome = told.result.outcome
    state, reason, due_at = DeliveryState.QUEUED, "", None
    if outcome is Outcome.SENT:
        state = DeliveryState.SENT
    elif outcome is Outcome.PERMANENT:
        state = DeliveryState.FAILED
    elif outcome is Outcome.SENDER_FAULT:
        state, reason = DeliveryState.HELD, HeldBecause.REFUSED.value
    elif outcome is Outcome.UNKNOWN and delivery.unknown_outcomes + 1 >= MOST_UNKNOWN:
        state, reason = DeliveryState.HELD, HeldBecause.UNKNOWN.value
    else:
        due_at = next_try(
            delivery.attempts, at=told.at, expires=delivery.expires_at, seed=str(delivery.pk)
        )
        if due_at is None:
            state = DeliveryState.EXPIRED
    return (
        delivery.pk,
        told.claim.fence,
        state.value,
        reason,
        due_at,
        told.at,
        told.at if state is DeliveryState.SENT else None,
        int(outcome is Outcome.UNKNOWN),
        told.answer,
    )
