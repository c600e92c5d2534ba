"""Sign in, with its second step; sign out; the demonstration's people."""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import (
    get_authentication_records,
    perform_password_login,
    record_authentication,
)
from allauth.account.models import Login
from allauth.mfa.base.internal.flows import post_authentication
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from backend.audit.record import record_account
from backend.directory.models import User
from backend.directory.pages.forms import problem_to_form
from backend.directory.pages.sign_in_forms import CodeForm, ConfirmForm, SignInForm
from backend.directory.queries import demonstration_people, is_demonstration_only
from backend.directory.services import second_factor
from backend.directory.sign_in import locked_out, unknown
from backend.problems import BadInput, Problem

RECENT_SECONDS = 15 * 60

View = Callable[..., HttpResponse]


def next_of(request: HttpRequest) -> str:
    """Return where the person wanted to go, or "" when that is not a page of ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else ""


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_of(request) or "/")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        credentials = {"login": form.cleaned_data["login"]}
        if not AxesProxyHandler.is_allowed(request, credentials):
            return locked_out(request, None, credentials)
        if answer := _try(request, form):
            return answer
    return TemplateResponse(
        request,
        "directory/sign_in.html",
        {
            "form": form,
            "next": next_of(request),
            "people": demonstration_people() if settings.EMBEDDED else [],
        },
        status=422 if form.is_bound else 200,
    )


def _try(request: HttpRequest, form: SignInForm) -> HttpResponse | None:
    email, password = form.cleaned_data["login"], form.cleaned_data["password"]
    try:
        user = get_adapter(request).authenticate(request, email=email, password=password)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    if user is None:
        form.add_error(
            None,
            _("No account has this e-mail with this password. Check both, or choose a new one."),
        )
        return None
    login = Login(user=user, email=email, redirect_url=next_of(request) or "/")
    answer: HttpResponse = perform_password_login(
        request, {"email": email, "password": password}, login
    )
    return answer


@login_stage_required(stage="mfa_authenticate", redirect_urlname="account_login")  # type: ignore[untyped-decorator, unused-ignore]
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor, after the password."""
    stage = request._login_stage  # type: ignore[attr-defined]
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            factor = second_factor.use_code(user=stage.login.user, code=form.cleaned_data["code"])
        except BadInput as problem:
            problem_to_form(problem, form)
            _audit_wrong_code(request, stage.login.user)
        else:
            post_authentication(request, factor)
            return cast("HttpResponse", stage.exit())
    return TemplateResponse(
        request,
        "directory/second_step.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )


def _audit_wrong_code(request: HttpRequest, user: User) -> None:
    record_account(
        "sign_in.refused",
        actor=unknown(request),
        subject=user,
        at=timezone.now(),
        details={"reason": "code"},
    )


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """Let anybody be one of the demonstration's people; on any other database 404."""
    if not settings.EMBEDDED:
        raise Http404
    try:
        user = User.objects.filter(pk=UUID(request.POST.get("user", "")), is_active=True).first()
    except ValueError as error:
        raise Http404 from error
    if user is None or not is_demonstration_only(user):
        raise Http404
    adapter = get_adapter(request)
    if request.user.is_authenticated:
        adapter.logout(request)
    request.session.flush()
    request.session["second_factor"] = "demonstration"
    adapter.login(request, user)
    return HttpResponseRedirect(next_of(request) or "/", status=303)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    return HttpResponseRedirect(reverse("account_login"), status=303)


def signed_in(view: View) -> View:
    """Send nobody to sign-in; the view belongs to the person alone and opens no reach."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('account_login')}?{query}")
        return view(request, *args, **kwargs)

    return inside


def confirmed(view: View) -> View:
    """Ask for password and code again where the last proof is older than 15 minutes."""

    @signed_in
    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _recently_proven(request):
            query = urlencode({"next": request.path})
            return HttpResponseRedirect(f"{reverse('confirm')}?{query}")
        return view(request, *args, **kwargs)

    return inside


def _recently_proven(request: HttpRequest) -> bool:
    if request.session.get("second_factor") == "demonstration":
        return True  # its people have no password, and anybody may be any of them
    user = cast("User", request.user)
    since = time() - RECENT_SECONDS
    proofs = {
        record["method"]
        for record in get_authentication_records(request, user)
        if record["at"] >= since
    }
    return bool(proofs) and ("mfa" in proofs or not second_factor.has_app(user))


@signed_in
@sensitive_post_parameters("password")
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask once more who it is, before something that would let another person in."""
    user = cast("User", request.user)
    form = ConfirmForm(request.POST or None, with_code=second_factor.has_app(user))
    if request.method == "POST" and form.is_valid() and _proves(request, user, form):
        return HttpResponseRedirect(next_of(request) or "/", status=303)
    return TemplateResponse(
        request,
        "directory/confirm.html",
        {"form": form, "next": next_of(request)},
        status=422 if form.is_bound else 200,
    )


def _proves(request: HttpRequest, user: User, form: ConfirmForm) -> bool:
    try:
        if not get_adapter(request).reauthenticate(user, form.cleaned_data["password"]):
            form.add_error("password", _("This is not your password."))
            return False
        if "code" in form.fields:
            factor = second_factor.use_code(user=user, code=form.cleaned_data["code"])
            post_authentication(request, factor, reauthenticated=True)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    except Problem as problem:
        problem_to_form(problem, form)
        return False
    record_authentication(request, user, method="password", reauthenticated=True)
    return True


@require_safe
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    """Say the same whether or not there is such an account."""
    return TemplateResponse(request, "directory/forgotten_sent.html", {})
