"""One-time links by which a person chooses a password."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.account_mail import in_language_of, write_to
from backend.directory.actor import Actor
from backend.directory.models import User
from backend.directory.services.second_factor import drop
from backend.problems import NotAllowed, NotFound

DAYS_VALID = settings.PASSWORD_RESET_TIMEOUT // 86_400


class SetUpLinkEnded(NotFound):
    """A one-time link that was used, is too old, or never was."""

    code = "set_up_link_ended"
    status = 410
    title = "This link has ended"


def set_up_link(user: User) -> str:
    """Return a one-time link; it ends with its first use, with a sign-in, or after DAYS_VALID."""
    token = default_token_generator.make_token(user)
    return settings.PUBLIC_URL + reverse("set-up", kwargs={"uid": user.pk.hex, "key": token})


def user_of_link(uid: str, key: str) -> User:
    """Return whose link this is; raises SetUpLinkEnded."""
    try:
        user = User.objects.filter(pk=UUID(hex=uid), is_active=True).first()
    except ValueError:
        user = None
    if user is None or not default_token_generator.check_token(user, key):
        raise SetUpLinkEnded(
            _("This link was used before or is too old."),
            mend=_("Ask for a new one under “Forgotten password”, or ask whoever invited you."),
        )
    return user


@transaction.atomic
def choose_password(*, user: User, password: str, actor: Actor, at: datetime) -> None:
    """Set a password that the form has checked; all other sessions of the person end with it."""
    user.set_password(password)
    user.save(update_fields=["password"])
    with in_language_of(user):
        write_to(
            user,
            subject=_("Your password at Muster was changed"),
            paragraphs=[
                _("Your password at Muster was changed."),
                _("If this was not you, tell your district's administrator at once."),
            ],
        )
    audit.record_account("password.chosen", actor=actor, subject=user, at=at)


@transaction.atomic
def send_forgotten_password(*, email: str, actor: Actor, at: datetime) -> None:
    """Owe a link to the account of this address; nothing at all happens where there is none."""
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        return
    with in_language_of(user):
        write_to(
            user,
            subject=_("Choose a new password at Muster"),
            paragraphs=[
                _("Somebody, probably you, asked for a new password. Choose it here:"),
                set_up_link(user),
                _("If you did not ask, do nothing: your password stays as it is."),
            ],
        )
    audit.record_account("password.forgotten", actor=actor, subject=user, at=at)


@transaction.atomic
def link_by_operator(*, email: str, drop_second_factor: bool, actor: Actor, at: datetime) -> str:
    """Return a link for a person whom whoever runs the machine has recognized.

    The last way back in when mail, phone and codes are lost. Raises NotAllowed for anybody but the
    command line, NotFound for an address without an account.
    """
    if actor.kind != "system":
        raise NotAllowed(_("Only the command line makes such a link."))
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise NotFound(
            _("No account has the address “%(email)s”.") % {"email": email[:80]}, where="email"
        )
    if drop_second_factor:
        drop(user=user, actor=actor, at=at)
    audit.record_account("account.link_by_operator", actor=actor, subject=user, at=at)
    return set_up_link(user)


def weaknesses(password: str, user: User) -> list[str]:
    """Return in words why a password cannot be taken; empty for one that can."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return list(error.messages)
    return []
