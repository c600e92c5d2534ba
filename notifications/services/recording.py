"""Write down what became of tries: many at once, and only by whoever still holds the fence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from notifications.channels.email.transport import Result
from notifications.models import Attempt, Delivery, DeliveryState, HeldBecause
from notifications.policy.backoff import Outcome, next_try
from notifications.services.claiming import MOST_UNKNOWN, Claim, end_with_lease
from notifications.services.escalating import plan_for_deliveries

# Rows are locked in the order of their keys before they change, so that two batches never wait
# for each other. An Attempt is closed by whoever made it, whether or not it still holds the fence.
_RECORD = """
WITH given AS (
    SELECT * FROM json_to_recordset(%s) AS given (id uuid, fence int, attempt uuid, at timestamptz,
        outcome text, code text, answer text, state text, held_because text, due_at timestamptz,
        sent_at timestamptz, unknown int)),
tries AS (
    UPDATE notifications_attempt a SET ended_at = given.at, outcome = given.outcome,
        code = given.code, answer = given.answer
    FROM given
    WHERE a.id = given.attempt AND a.id = ANY (ARRAY (SELECT attempt FROM given))),
mine AS MATERIALIZED (
    SELECT d.id FROM notifications_delivery d JOIN given USING (id)
    WHERE d.fence = given.fence AND d.state = 'sending' ORDER BY d.id FOR NO KEY UPDATE OF d)
UPDATE notifications_delivery d SET state = given.state, held_because = given.held_because,
    due_at = coalesce(given.due_at, d.due_at), state_since = given.at,
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
    others = [one.claim.delivery_id for one in told if one.result.outcome is not Outcome.SENT]
    present = Delivery.objects.in_bulk(others) if others else {}
    rows = [_row(one, _verdict(one, present)) for one in told]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [orjson.dumps(rows).decode()])
        ours = {row[0] for row in cursor.fetchall()}
    if others:
        plan_for_deliveries(ours & set(others), at=max(one.at for one in told))
    return len(ours)


def forget_attempts(attempt_ids: Sequence[UUID]) -> None:
    """Take back tries that were begun and never reached the carrier; inside the open district."""
    Attempt.objects.filter(pk__in=attempt_ids, ended_at=None).delete()


@dataclass(frozen=True, slots=True)
class _Verdict:
    """How a delivery goes on; the due time stays where none is given."""

    state: DeliveryState
    held_because: str = ""
    due_at: datetime | None = None


def _row(told: Told, verdict: _Verdict) -> dict[str, Any]:
    """Return what is written down of one answer, and how its delivery goes on."""
    outcome = told.result.outcome
    return {
        "id": told.claim.delivery_id,
        "fence": told.claim.fence,
        "attempt": told.attempt_id,
        "at": told.at,
        "outcome": outcome.value,
        "code": told.code[:12],
        "answer": told.answer,
        "state": verdict.state.value,
        "held_because": verdict.held_because,
        "due_at": verdict.due_at,
        "sent_at": told.at if verdict.state is DeliveryState.SENT else None,
        "unknown": int(outcome is Outcome.UNKNOWN),
    }


def _verdict(told: Told, present: Mapping[UUID, Delivery]) -> _Verdict:
    """Return how a delivery goes on after this answer; `present` holds those not sent."""
    outcome = told.result.outcome
    if outcome is Outcome.SENT:
        return _Verdict(DeliveryState.SENT)
    delivery = present[told.claim.delivery_id]
    if outcome is Outcome.PERMANENT:
        return _Verdict(DeliveryState.FAILED)
    if outcome is Outcome.SENDER_FAULT:
        return _Verdict(DeliveryState.HELD, HeldBecause.REFUSED.value)
    if outcome is Outcome.UNKNOWN and delivery.unknown_outcomes + 1 >= MOST_UNKNOWN:
        return _Verdict(DeliveryState.HELD, HeldBecause.UNKNOWN.value)
    due_at = next_try(
        delivery.attempts, at=told.at, expires=delivery.expires_at, seed=str(delivery.pk)
    )
    if due_at is None:
        return _Verdict(DeliveryState.EXPIRED)
    return _Verdict(DeliveryState.QUEUED, due_at=due_at)
