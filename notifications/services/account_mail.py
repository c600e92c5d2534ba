"""Send mail about accounts with the same care: lease, fence, one Message-ID for all tries.

It stands above districts. A body holds a one-time link, so it is unsealed only to be sent, and
forgotten once it is gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from backend.directory.models import AccountMessage
from backend.encryption import decrypt
from backend.tenancy import reach
from notifications.channels.email import message as email
from notifications.channels.email.transport import Outgoing, Result
from notifications.models import ChannelRelease
from notifications.policy.backoff import Outcome, next_try
from notifications.services.carrier import present_carrier
from notifications.services.claiming import LEASE_SECONDS, MOST_UNKNOWN
from notifications.services.clock import Clock
from notifications.services.wording import envelope_sender
from notifications.services.writing import ACCOUNT

CLAIM = 20
SENDER_NAME = "Account mail"


def is_account_mail_released() -> bool:
    """Return whether a named person released the channel of account mail, from any reach."""
    if reach.is_open() and reach.present().crossing != "delivery":
        return ChannelRelease.objects.filter(channel=ACCOUNT).exists()
    with reach.crossing("delivery"):
        return ChannelRelease.across_districts.filter(channel=ACCOUNT).exists()


def send_account_mail(*, at: datetime, limit: int = CLAIM) -> int:
    """Send up to `limit` due messages, if the channel is released; return how many were claimed."""
    carrier = present_carrier()
    if carrier.breaker.is_open or not is_account_mail_released():
        return 0
    clock = Clock(at)
    claimed = {row.pk: row for row in _claim(limit)}
    outgoing = [one for row in claimed.values() if (one := _built(row, at)) is not None]
    answered: set[UUID] = set()

    def take_in(result: Result) -> None:
        answered.add(result.delivery_id)
        carrier.heard(result.outcome, clock.moment())
        _record(claimed[result.delivery_id], result, clock.moment())

    end = carrier.pool.send_batch(outgoing, take_in)
    if end.relay is not None:
        carrier.heard(end.relay.outcome, clock.moment())
    _free([claimed[one.delivery_id] for one in outgoing if one.delivery_id not in answered])
    return len(claimed)


def _claim(limit: int) -> list[AccountMessage]:
    due = Q(state="queued", due_at__lte=Now()) | Q(state="sending", lease_until__lt=Now())
    with transaction.atomic():
        rows = list(
            AccountMessage.objects.filter(due)
            .order_by("due_at", "pk")
            .select_for_update(no_key=True, skip_locked=True)[:limit]
        )
        for row in rows:
            row.fence, row.attempts = row.fence + 1, row.attempts + 1
        AccountMessage.objects.filter(pk__in=[row.pk for row in rows]).update(
            state="sending",
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
            lease_until=Now() + timedelta(seconds=LEASE_SECONDS),
        )
    return rows


@dataclass(frozen=True, slots=True)
class _Verdict:
    state: str
    due_at: datetime | None = None
    answer: str = ""


def _built(row: AccountMessage, at: datetime) -> Outgoing | None:
    """Return the message, or None after giving up: it expired or cannot be built."""
    if row.expires_at <= at and row.attempts > 1:
        _settle(row, _Verdict("expired"))
        return None
    try:
        content = email.build(
            email.Message(
                delivery_id=row.pk,
                district=SENDER_NAME,
                mail_from=settings.MAIL_FROM,
                reply_to=settings.MAIL_FROM,
                to=row.to,
                subject=row.subject,
                text=decrypt(row.body_sealed),
                date=row.created_at,
            )
        )
        return Outgoing(row.pk, envelope_sender(row.pk), row.to, content)
    except ValueError as fault:
        _settle(row, _Verdict("failed", answer=str(fault)))
        return None


def _record(row: AccountMessage, result: Result, at: datetime) -> None:
    answer = f"{result.code or ''} {result.text}".strip()
    is_lost = result.outcome is Outcome.UNKNOWN and row.attempts >= MOST_UNKNOWN
    if result.outcome is Outcome.SENT:
        _settle(row, _Verdict("sent", answer=answer))
    elif result.outcome in {Outcome.PERMANENT, Outcome.SENDER_FAULT} or is_lost:
        _settle(row, _Verdict("failed", answer=answer))
    else:
        due_at = next_try(row.attempts, at=at, expires=row.expires_at, seed=str(row.pk))
        _settle(row, _Verdict("queued" if due_at else "expired", due_at, answer))


def _settle(row: AccountMessage, verdict: _Verdict) -> None:
    mine = AccountMessage.objects.filter(pk=row.pk, fence=row.fence, state="sending")
    changes: dict[str, object] = {
        "state": verdict.state,
        "lease_until": None,
        "last_answer": verdict.answer[:300],
    }
    if verdict.due_at is not None:
        changes["due_at"] = verdict.due_at
    if verdict.state != "queued":
        changes["body_sealed"] = ""
    mine.update(**changes)


def _free(rows: Sequence[AccountMessage]) -> None:
    for row in rows:
        AccountMessage.objects.filter(pk=row.pk, fence=row.fence, state="sending").update(
            state="queued", lease_until=None, attempts=F("attempts") - 1
        )
