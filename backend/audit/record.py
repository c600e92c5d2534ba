"""Add an event to its chain, inside the transaction of the deed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import models, transaction

from backend.audit.chain import link_hash
from backend.audit.models import AccountEvent, AccountHead, AuditEvent, AuditHead


class Doer(Protocol):
    """What the audit needs to know of an actor."""

    @property
    def label(self) -> str:
        """The name shown: a person with role, a contact with agency, a device, the system."""

    @property
    def key(self) -> UUID | None:
        """The id of user, contact or device."""

    @property
    def address(self) -> str:
        """Where the request came from."""


def chain_key() -> bytes:
    """Return the key of the chain's HMAC, which never stands in the database."""
    return f"audit:{settings.SECRET_KEY}".encode()


def record(
    action: str,
    *,
    actor: Doer,
    subject: models.Model,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Append to the chain of the subject's district; the open reach must hold that district.

    Take it last in a transaction: it locks the chain's head and so serializes the district's
    writers. Rows locked before it are locked with `no_key`: whoever holds the head meanwhile checks
    its foreign keys at COMMIT, and would wait for them for ever. `details` must be JSON and hold no
    secret and no name of a student.
    """
    district_id: Any = getattr(subject, "district_id", None)
    campus_id: Any = getattr(subject, "campus_id", None)
    body = _body(action, actor=actor, subject=subject, at=at, details=details)
    with transaction.atomic():
        AuditHead.objects.bulk_create(
            [AuditHead(district_id=district_id)],
            ignore_conflicts=True,
        )
        head = AuditHead.objects.select_for_update(no_key=True).get(district_id=district_id)
        event = AuditEvent(district_id=district_id, campus_id=campus_id)
        _append(event, head, body, actor=actor, subject=subject, at=at)
    return event


def record_each(
    action: str,
    *,
    actor: Doer,
    subjects: Sequence[models.Model],
    at: datetime,
    details: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Append one event for each subject of one district, in their order, in three statements.

    `details`, where given, are one for each subject. What `record` asks of its caller holds here.
    """
    if not subjects:
        return
    district_id: Any = getattr(subjects[0], "district_id", None)
    with transaction.atomic():
        AuditHead.objects.bulk_create([AuditHead(district_id=district_id)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update(no_key=True).get(district_id=district_id)
        events = []
        for number, subject in enumerate(subjects):
            told = details[number] if details else None
            body = _body(action, actor=actor, subject=subject, at=at, details=told)
            event = AuditEvent(
                district_id=district_id, campus_id=getattr(subject, "campus_id", None)
            )
            _link(event, head, body, actor=actor, subject=subject, at=at)
            events.append(event)
        AuditEvent.objects.bulk_create(events)
        head.save(update_fields=["sequence", "hash"])


def record_account(
    action: str,
    *,
    actor: Doer,
    subject: models.Model,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> AccountEvent:
    """Append to the chain above districts: sign-ins, users, agencies, contacts."""
    body = _body(action, actor=actor, subject=subject, at=at, details=details)
    with transaction.atomic():
        AccountHead.objects.bulk_create([AccountHead(id=1)], ignore_conflicts=True)
        head = AccountHead.objects.select_for_update(no_key=True).get(id=1)
        event = AccountEvent()
        _append(event, head, body, actor=actor, subject=subject, at=at)
    return event


def _body(
    action: str,
    *,
    actor: Doer,
    subject: models.Model,
    at: datetime,
    details: Mapping[str, Any] | None,
) -> dict[str, Any]:
    return {
        "action": action,
        "at": at.astimezone(UTC).isoformat(),
        "actor": actor.label,
        "actor_id": str(actor.key) if actor.key else None,
        "address": actor.address,
        "subject": str(subject),
        "subject_kind": subject._meta.model_name,
        "subject_id": str(subject.pk),
        "details": dict(details or {}),
    }


def _append(
    event: AuditEvent | AccountEvent,
    head: AuditHead | AccountHead,
    body: dict[str, Any],
    *,
    actor: Doer,
    subject: models.Model,
    at: datetime,
) -> None:
    _link(event, head, body, actor=actor, subject=subject, at=at)
    event.save(force_insert=True)
    head.save(update_fields=["sequence", "hash"])


def _link(
    event: AuditEvent | AccountEvent,
    head: AuditHead | AccountHead,
    body: dict[str, Any],
    *,
    actor: Doer,
    subject: models.Model,
    at: datetime,
) -> None:
    event.sequence = head.sequence + 1
    event.previous_hash = head.hash
    event.hash = link_hash(chain_key(), head.hash, body)
    event.at, event.action, event.body = at, body["action"], body
    event.actor, event.actor_id = actor.label, actor.key
    event.subject_kind = str(subject._meta.model_name)
    event.subject_id = subject.pk if isinstance(subject.pk, UUID) else None
    head.sequence, head.hash = event.sequence, event.hash
