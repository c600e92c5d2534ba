"""Codes of an authenticator app and recovery codes: set up, checked, each used once."""

from collections.abc import Callable
from datetime import datetime
from hmac import compare_digest
from time import time
from typing import cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.account_mail import in_language_of, write_to
from backend.directory.actor import Actor
from backend.directory.models import User
from backend.problems import BadInput

STEP_SECONDS = 30  # RFC 6238, section 4.1


def has_app(user: User) -> bool:
    """Return whether the person has set up an authenticator app."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def codes_left(user: User) -> list[str]:
    """Return the recovery codes that were not used yet."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(row.wrap().get_unused_codes()) if row else []


@transaction.atomic
def use_code(*, user: User, code: str) -> Authenticator:
    """Return the factor that this code belongs to, and use the code up.

    Raises BadInput for a wrong code, a code used before, or too many tries.
    """
    code = "".join(code.split()).replace("-", "")
    forget = _count_try(user)
    factors = Authenticator.objects.select_for_update(no_key=True).filter(user=user)
    for factor in factors.order_by("-type"):
        if factor.type == Authenticator.Type.TOTP:
            counter = _counter_of(get_adapter().decrypt(factor.data["secret"]), code)
            fresh = counter is not None and counter > factor.data.get("last_counter", -1)
            if fresh:
                factor.data["last_counter"] = counter
                factor.save(update_fields=["data"])
        else:
            fresh = factor.wrap().validate_code(code)
        if fresh:
            forget()
            return factor
    raise _wrong_code()


@transaction.atomic
def set_up_app(*, user: User, secret: str, code: str, actor: Actor, at: datetime) -> None:
    """Make this secret the person's authenticator app, after its first code; new recovery codes.

    An app set up before ends. Raises BadInput when the code does not belong to the secret.
    """
    forget = _count_try(user)
    counter = _counter_of(secret, "".join(code.split()))
    if counter is None:
        raise _wrong_code()
    forget()
    Authenticator.objects.filter(user=user).delete()
    factor = TOTP.activate(user, secret).instance
    factor.data["last_counter"] = counter
    factor.save(update_fields=["data"])
    RecoveryCodes.activate(user)
    _tell(user, _("Your second factor at Muster was set up"))
    audit.record_account("second_factor.set_up", actor=actor, subject=user, at=at)


@transaction.atomic
def renew_codes(*, user: User, actor: Actor, at: datetime) -> None:
    """End the recovery codes and make new ones."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    _tell(user, _("New recovery codes were made for your account at Muster"))
    audit.record_account("recovery_codes.renewed", actor=actor, subject=user, at=at)


@transaction.atomic
def drop(*, user: User, actor: Actor, at: datetime) -> None:
    """End a person's factors, so that the next sign-in sets one up; for the operator's command."""
    Authenticator.objects.filter(user=user).delete()
    audit.record_account("second_factor.dropped", actor=actor, subject=user, at=at)


def _counter_of(secret: str, code: str) -> int | None:
    """Return the time step of a code: the present one, or a neighbor for a phone's slow clock."""
    now = int(time()) // STEP_SECONDS
    for counter in (now, now - 1, now + 1):
        wanted = format_hotp_value(hotp_value(secret, counter))
        if compare_digest(wanted.encode(), code.encode()):
            return counter
    return None


def _count_try(user: User) -> Callable[[], None]:
    try:
        return cast("Callable[[], None]", check_rate_limit(user))
    except ValidationError as error:
        raise BadInput(
            _("Too many wrong codes."), where="code", mend=_("Wait five minutes, then try again.")
        ) from error


def _wrong_code() -> BadInput:
    return BadInput(
        _("This code is wrong, or was used before."),
        where="code",
        mend=_("Wait for the next code in the app and type that one."),
    )


def _tell(user: User, subject: str) -> None:
    with in_language_of(user):
        write_to(
            user,
            subject=subject,
            paragraphs=[
                subject + ".",
                _("If this was not you, tell your district's administrator at once."),
            ],
        )
