"""Sign-in with e-mail, password and a second factor, on allauth; lock-outs by axes."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from backend.audit.record import record_account
from backend.directory.actor import Actor
from backend.directory.models import KeptForm, User
from backend.encryption import decrypt, encrypt
from backend.web import words

COOL_OFF = timedelta(hours=settings.AXES_COOLOFF_TIME)


def person(request: HttpRequest, user: User) -> Actor:
    """Return the actor of an account event: the person, from where, with no role yet."""
    address = request.META.get("REMOTE_ADDR", "")
    return Actor(kind="user", label=user.name, key=user.pk, address=address)


def unknown(request: HttpRequest) -> Actor:
    """Return the actor of a refused sign-in."""
    address = request.META.get("REMOTE_ADDR", "")
    return Actor(kind="nobody", label="Nobody signed in", address=address)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up; refusals counted by account and address together; every sign-in audited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: people are invited."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count by account and address: by account alone, an outsider could lock a chief out."""
        return f"{request.META.get('REMOTE_ADDR', '')}:{credentials.get('login', '')}"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return the person, or None; `login` is the name under which axes counts.

        Raises ValidationError after too many refusals from one address within a minute.
        """
        login = str(credentials.get("email", "")).strip().lower()
        found: User | None = super().authenticate(request, **{**credentials, "login": login})
        return found

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Audit a refusal; an address without an account is not written down."""
        known = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        locked = bool(getattr(request, "axes_locked_out", False))
        record_account(
            "sign_in.locked" if locked else "sign_in.refused",
            actor=unknown(request),
            subject=known or User(id=None, name="An unknown account"),
            at=timezone.now(),
            details={"reason": "password"},
        )

    def reauthenticate(self, user: User, password: str) -> bool:
        """Return whether this is the person's password; tries are counted like at sign-in."""
        return self.authenticate(self.request, email=user.email, password=password) == user

    def login(self, request: HttpRequest, user: User) -> None:
        """Start the session under a new key, and remember from where."""
        from allauth.mfa.utils import is_mfa_enabled  # noqa: PLC0415 — its models load late

        super().login(request, user)
        now = timezone.now()
        begin_session(request, user, at=now)
        if is_mfa_enabled(user):
            request.session["second_factor"] = "totp"
        method = request.session.get("second_factor", "none")
        record_account(
            "sign_in.done",
            actor=person(request, user),
            subject=user,
            at=now,
            details={"second_factor": method},
        )

    def logout(self, request: HttpRequest) -> None:
        """End the session and audit it."""
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            record_account(
                "sign_in.ended", actor=person(request, user), subject=user, at=timezone.now()
            )

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say so to the person who knows the password of a closed account."""
        messages.error(request, _("This account is closed. Ask your district's administrator."))
        return HttpResponseRedirect(reverse("account_login"))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the pages speak for themselves."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write no mail of allauth's own: account mail is written by services."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors whose secrets are encrypted with the keys of the environment."""

    def encrypt(self, text: str) -> str:
        """Return the secret as it is stored."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; raises ValueError when no key opens it."""
        return decrypt(encrypted_text)


def begin_session(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Write into a new session what its owner sees in the list of sessions."""
    request.session["last_active"] = at.timestamp()
    request.session["began"] = {
        "at": at.isoformat(),
        "address": request.META.get("REMOTE_ADDR", ""),
        "agent": request.META.get("HTTP_USER_AGENT", "")[:200],
    }
    KeptForm.objects.filter(expires_at__lte=at).delete()
    if KeptForm.objects.filter(user=user).exists():
        request.session["has_kept_forms"] = True


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None = None,
    credentials: dict[str, Any] | None = None,
) -> HttpResponse:
    """Return the page that says when this account may be tried again from this address."""
    login = (credentials or {}).get("login") or request.POST.get("login", "").strip().lower()
    now = timezone.now()
    last = (
        AccessAttempt.objects.filter(username=login, ip_address=request.META.get("REMOTE_ADDR"))
        .order_by("-attempt_time")
        .first()
    )
    until = (last.attempt_time if last else now) + COOL_OFF
    response = render(
        request,
        "directory/locked_out.html",
        {"wait": words.span(until, now, language=translation.get_language() or "en")},
        status=429,
    )
    response["Retry-After"] = str(max(1, int((until - now).total_seconds())))
    return response
