"""Enroll a console by the code that it shows, so that nobody carries a token to it by hand."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.directory.actor import Actor
from backend.directory.models import Device, DevicePairing
from backend.directory.models.link import hash_of, new_token
from backend.directory.services.coverage import enroll_device
from backend.encryption import decrypt, encrypt
from backend.problems import BadInput

LASTS = timedelta(minutes=15)


def begin(*, at: datetime) -> tuple[DevicePairing, str]:
    """Return a new pairing and the secret that the console keeps; old ones are forgotten."""
    DevicePairing.objects.filter(expires_at__lt=at).delete()
    secret = new_token()
    row = DevicePairing.objects.create(secret_hash=hash_of(secret), expires_at=at + LASTS)
    return row, secret


def waiting(secret: str, *, at: datetime) -> DevicePairing | None:
    """Return the pairing of a console that still waits, or None."""
    rows = DevicePairing.objects.filter(secret_hash=hash_of(secret), expires_at__gt=at)
    return rows.first() if secret else None


@transaction.atomic
def enroll_by_code(
    *,
    code: str,
    agency_id: UUID,
    name: str,
    actor: Actor,
    at: datetime,
    district_id: UUID | None = None,
) -> Device:
    """Enroll the console that shows this code; it takes its token by itself within seconds.

    Raises NotFound, NotAllowed, and BadInput for a code that no console shows now.
    """
    wanted = code.strip().upper()
    row = (
        DevicePairing.objects.select_for_update(no_key=True)
        .filter(code=wanted, token_sealed="", expires_at__gt=at)
        .first()
    )
    if row is None:
        raise BadInput(
            _("No console shows the code “%(code)s” now.") % {"code": wanted[:12]},
            where="code",
            mend=_("Open the board on the console again and type the code it shows."),
        )
    device, token = enroll_device(
        agency_id=agency_id, name=name, actor=actor, at=at, district_id=district_id
    )
    row.token_sealed = encrypt(token)
    row.save(update_fields=["token_sealed"])
    return device


@transaction.atomic
def take_token(secret: str, *, at: datetime) -> str:
    """Return the token of a console whose code was typed, once; empty while it waits."""
    row = (
        DevicePairing.objects.select_for_update(no_key=True)
        .filter(secret_hash=hash_of(secret), expires_at__gt=at)
        .exclude(token_sealed="")
        .first()
    )
    if row is None:
        return ""
    token = decrypt(row.token_sealed)
    row.delete()
    return token
