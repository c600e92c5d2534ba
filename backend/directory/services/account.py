"""One's own account: language, zone and clock, password, sessions, API tokens."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.actor import Actor
from backend.directory.models import ApiToken, User
from backend.directory.models.link import hash_of
from backend.problems import BadInput, NotFound

TOKEN_PREFIX = "muster_"  # noqa: S105 — by it a leaked token is recognized
MOST_TOKENS = 20


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session of the person: where it began and when it was last used, UTC."""

    began_at: datetime | None
    last_active_at: datetime | None
    address: str
    agent: str
    is_present: bool


@transaction.atomic
def change_preferences(
    *, user: User, language: str, time_zone: str, clock: str, actor: Actor, at: datetime
) -> None:
    """Set how Muster speaks to this person; an empty zone means that of each campus."""
    if time_zone and time_zone not in available_timezones():
        raise BadInput(
            _("There is no time zone “%(zone)s”.") % {"zone": time_zone},
            where="time_zone",
            mend=_("Write it as in America/Detroit."),
        )
    user.language, user.time_zone, user.clock = language, time_zone, clock
    user.save(update_fields=["language", "time_zone", "clock"])
    audit.record_account("account.preferences_changed", actor=actor, subject=user, at=at)


def open_sessions(user: User, *, present_key: str | None, now: datetime) -> list[OpenSession]:
    """Return the person's live sessions, the present one first.

    Every live session of the copy is opened for it (about 0.05 ms each): sessions are rows without
    an owner's column, so that ending them needs no table of ours.
    """
    found = [_session(row, data, present_key) for row, data in _sessions_of(user, now)]
    return sorted(found, key=lambda item: (not item.is_present, -(_seconds(item.last_active_at))))


@transaction.atomic
def end_other_sessions(*, user: User, present_key: str | None, actor: Actor, at: datetime) -> int:
    """End every session of the person but the present one; return how many ended."""
    keys = [row.pk for row, _data in _sessions_of(user, at) if row.pk != present_key]
    Session.objects.filter(pk__in=keys).delete()
    if keys:
        audit.record_account(
            "sessions.ended", actor=actor, subject=user, at=at, details={"number": len(keys)}
        )
    return len(keys)


@transaction.atomic
def create_token(*, user: User, name: str, actor: Actor, at: datetime) -> tuple[ApiToken, str]:
    """Return a new API token and its text, which is shown once and kept only as a hash.

    Raises BadInput without a name, or where the person holds MOST_TOKENS already.
    """
    if not name.strip():
        raise BadInput(_("The token has no name."), where="name", mend=_("Say what it is for."))
    if ApiToken.objects.filter(user=user, revoked_at=None).count() >= MOST_TOKENS:
        raise BadInput(
            _("You hold %(number)s tokens already.") % {"number": MOST_TOKENS},
            where="name",
            mend=_("Revoke one that is not used."),
        )
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(user=user, name=name.strip()[:80], token_hash=hash_of(text))
    audit.record_account(
        "token.created", actor=actor, subject=user, at=at, details={"name": token.name}
    )
    return token, text


@transaction.atomic
def revoke_token(*, token_id: UUID, user: User, actor: Actor, at: datetime) -> None:
    """End a token of one's own; ending it twice is no error."""
    token = ApiToken.objects.select_for_update(no_key=True).filter(pk=token_id, user=user).first()
    if token is None:
        raise NotFound(_("You have no such token."))
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        audit.record_account(
            "token.revoked", actor=actor, subject=user, at=at, details={"name": token.name}
        )


def _sessions_of(user: User, now: datetime) -> list[tuple[Session, dict[str, Any]]]:
    rows = Session.objects.filter(expire_date__gt=now)
    opened = ((row, row.get_decoded()) for row in rows.iterator())
    return [(row, data) for row, data in opened if data.get("_auth_user_id") == str(user.pk)]


def _session(row: Session, data: dict[str, Any], present_key: str | None) -> OpenSession:
    began = data.get("began", {})
    last = data.get("last_active")
    return OpenSession(
        began_at=datetime.fromisoformat(began["at"]) if "at" in began else None,
        last_active_at=datetime.fromtimestamp(last, UTC) if last else None,
        address=began.get("address", ""),
        agent=began.get("agent", ""),
        is_present=row.pk == present_key,
    )


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
