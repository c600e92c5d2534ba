"""Who acts in a request, how long a session may idle, and in which language the reader reads."""

import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from backend.api.documents import unknown_address
from backend.directory.access import DistrictRequest
from backend.directory.actor import NOBODY, Actor
from backend.directory.demonstration import is_demonstration
from backend.directory.identify import actor_of_device, actor_of_user
from backend.directory.models import ApiToken, KeptForm, User
from backend.directory.models.link import hash_of
from backend.encryption import encrypt

Answer = Callable[[HttpRequest], HttpResponse]
DEVICE_COOKIE = "device"
POLL_HEADER = "X-Muster-Poll"  # polling does not extend a session
KEEP_FORM = timedelta(hours=24)
LARGEST_KEPT_FORM = 200_000
# The narrow scope of a device: packets, conditions and what was sent to its agency.
DEVICES_MAY_OPEN = re.compile(
    r"/($|campuses/($|[^/]+/(packet/|conditions/|$))|notices/|board/|console/|static/"
    r"|api/v1/(schema|packets|publications|conditions|contact-sheet-copies|campuses"
    r"|notices|deliveries|acknowledgements)/)"
)
NEVER_KEPT = ("password", "csrfmiddlewaretoken", "code", "secret", "token")
OPEN_WITHOUT_SECOND_FACTOR = (
    "/settings/second-factor/",
    "/sign-in/again/",
    "/sign-out/",
    "/static/",
    "/language/",
    "/theme/",
    "/healthz",
)


class WhoActs:
    """Put `request.actor`: a session's person, a token's person, or a device."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Identify, enforce the idle limit and the second factor, answer."""
        known = cast("DistrictRequest", request)
        known.actor = NOBODY
        request.META["MUSTER_DEMONSTRATION"] = is_demonstration()
        address = request.META.get("REMOTE_ADDR", "")
        if (ended := self._idle_ended(request)) is not None:
            return ended
        today = timezone.now().date()
        if bearer := request.headers.get("Authorization", "").removeprefix("Bearer ").strip():
            known.actor = _actor_of_token(bearer, address) or NOBODY
        elif isinstance(request.user, User):
            known.actor = actor_of_user(request.user, today=today, address=address)
            if _lacks_second_factor(request, request.user, known.actor):
                return HttpResponseRedirect(reverse("second-factor"))
            _offer_kept_form(request, request.user)
        elif token := request.COOKIES.get(DEVICE_COOKIE):
            known.actor = actor_of_device(token, today=today, address=address) or NOBODY
        if known.actor.kind == "device" and not DEVICES_MAY_OPEN.match(request.path):
            if request.path.startswith("/api/"):
                return unknown_address(request)
            known.actor = NOBODY
        response = self.get_response(request)
        if request.method == "POST" and response.status_code in {302, 303}:
            _forget_sent_form(request)
        return response

    def _idle_ended(self, request: HttpRequest) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        now = time.time()
        last = request.session.get("last_active", now)
        if now - last > settings.IDLE_SECONDS:
            kept = request.method == "POST" and _keep_form(request, request.user)
            logout(request)
            return _to_sign_in(request, reverse("kept") if kept else _page_of(request))
        if POLL_HEADER not in request.headers and now - request.session.get("last_active", 0) > 20:
            request.session["last_active"] = now
        return None


def _page_of(request: HttpRequest) -> str:
    """Return the page to come back to: for a part that htmx asked for, the page around it."""
    if "HX-Request" in request.headers:
        return urlsplit(request.headers.get("HX-Current-URL", "/")).path or "/"
    return request.get_full_path() if request.method == "GET" else "/"


def _to_sign_in(request: HttpRequest, target: str) -> HttpResponse:
    """Send the whole page to sign-in, also where htmx asked only for a part of it."""
    redirect = redirect_to_login(target)
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": redirect["Location"]})
    return redirect


def _keep_form(request: HttpRequest, user: User) -> bool:
    """Keep what was typed, encrypted, so that it can be given back after sign-in.

    Returns whether it was kept. A form of another site is not: it lacks the token of ours.
    """
    check = CsrfViewMiddleware(lambda _: HttpResponse())
    check.process_request(request)
    if check.process_view(request, lambda _: HttpResponse(), (), {}) is not None:
        return False
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if not any(word in name for word in NEVER_KEPT)
        for value in values
    ]
    text = json.dumps(fields)
    if not fields or len(text) > LARGEST_KEPT_FORM:
        return False
    KeptForm.objects.create(
        user=user,
        path=request.get_full_path()[:300],
        fields_sealed=encrypt(text),
        expires_at=timezone.now() + KEEP_FORM,
    )
    return True


def _offer_kept_form(request: HttpRequest, user: User) -> None:
    """Say on a page that what was typed there before is kept."""
    if request.method != "GET" or "HX-Request" in request.headers:
        return
    if not request.session.get("has_kept_forms") or request.path == reverse("kept"):
        return
    live = KeptForm.objects.filter(user=user, expires_at__gt=timezone.now())
    if live.filter(path__in=(request.path, request.get_full_path())).exists():
        link = format_html('<a href="{}">{}</a>', reverse("kept"), _("Look at it"))
        words = _("What you typed here before the session ended is kept.")
        messages.info(request, format_html("{} {}", words, link))


def _forget_sent_form(request: HttpRequest) -> None:
    """Delete a kept form that has now been sent and taken."""
    if not isinstance(request.user, User) or request.path.startswith("/api/"):
        return
    try:
        form_id = UUID(request.POST.get("kept_form", ""))
    except ValueError:
        return
    KeptForm.objects.filter(pk=form_id, user=request.user, path=request.get_full_path()).delete()


def _actor_of_token(bearer: str, address: str) -> Actor | None:
    now = timezone.now()
    token = (
        ApiToken.objects.select_related("user")
        .filter(token_hash=hash_of(bearer), revoked_at=None, user__is_active=True)
        .first()
    )
    if token is not None:
        if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=5):
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return actor_of_user(token.user, today=now.date(), address=address)
    return actor_of_device(bearer, today=now.date(), address=address)


def _lacks_second_factor(request: HttpRequest, user: User, actor: Actor) -> bool:
    """Return whether this person must set up a second factor before anything else.

    All must but those who are staff and nothing else, and those whom the operator excepted.
    """
    only_staff = bool(actor.roles) and all(role.role == "staff" for role in actor.roles)
    if only_staff and not actor.agencies:
        return False
    if not user.must_use_second_factor or request.session.get("second_factor"):
        return False
    if request.path.startswith(OPEN_WITHOUT_SECOND_FACTOR):
        return False
    from allauth.mfa.utils import is_mfa_enabled  # noqa: PLC0415 — its models load late

    if is_mfa_enabled(user):
        request.session["second_factor"] = "totp"
        return False
    return True


class ReaderLanguage:
    """Use the person's own language, else the cookie's, else the browser's."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in that language."""
        language = (
            request.user.language
            if isinstance(request.user, User)
            else translation.get_language_from_request(request)
        )
        with translation.override(language):
            request.LANGUAGE_CODE = language
            return self.get_response(request)
