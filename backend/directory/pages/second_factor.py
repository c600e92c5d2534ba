"""Set up the authenticator app, see and renew recovery codes."""

from typing import cast

import segno
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backend.directory.models import User
from backend.directory.pages.forms import problem_to_form
from backend.directory.pages.sign_in import confirmed
from backend.directory.pages.sign_in_forms import CodeForm
from backend.directory.services import second_factor as factors
from backend.directory.sign_in import person
from backend.encryption import decrypt, encrypt
from backend.problems import BadInput

PENDING = "second_factor_pending"


@confirmed
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show what is set up, or the picture that an authenticator app reads."""
    user = cast("User", request.user)
    if factors.has_app(user) and PENDING not in request.session:
        return TemplateResponse(
            request, "directory/second_factor.html", {"left": len(factors.codes_left(user))}
        )
    secret = _secret(request)
    form = CodeForm(request.POST or None)
    form.fields["code"].help_text = _("The six digits that the app shows now.")
    if request.method == "POST" and form.is_valid():
        try:
            factors.set_up_app(
                user=user,
                secret=secret,
                code=form.cleaned_data["code"],
                actor=person(request, user),
                at=timezone.now(),
            )
        except BadInput as problem:
            problem_to_form(problem, form)
        else:
            del request.session[PENDING]
            request.session["second_factor"] = "totp"
            record_authentication(request, user, method="mfa")
            return HttpResponseRedirect(reverse("recovery-codes"), status=303)
    address = get_adapter().build_totp_url(user, secret)
    context = {
        "form": form,
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=3),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "is_replacement": factors.has_app(user),
    }
    return TemplateResponse(
        request,
        "directory/second_factor_set_up.html",
        context,
        status=422 if form.is_bound else 200,
    )


def _secret(request: HttpRequest) -> str:
    if PENDING not in request.session:
        request.session[PENDING] = encrypt(generate_totp_secret())
    return decrypt(request.session[PENDING])


@require_POST
@confirmed
def replace(request: HttpRequest) -> HttpResponse:
    """Begin with another phone; the present one holds until the first code of the new one."""
    request.session[PENDING] = encrypt(generate_totp_secret())
    return HttpResponseRedirect(reverse("second-factor"), status=303)


@confirmed
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the recovery codes that are left, or make new ones."""
    user = cast("User", request.user)
    if not factors.has_app(user):
        return HttpResponseRedirect(reverse("second-factor"))
    if request.method == "POST":
        factors.renew_codes(user=user, actor=person(request, user), at=timezone.now())
        messages.success(request, _("New recovery codes were made. The old ones have ended."))
        return HttpResponseRedirect(reverse("recovery-codes"), status=303)
    return TemplateResponse(
        request, "directory/recovery_codes.html", {"codes": factors.codes_left(user)}
    )
