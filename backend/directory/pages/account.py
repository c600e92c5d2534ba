"""Settings, and one's own account: how Muster speaks, password, sessions, API tokens."""

from typing import cast
from uuid import UUID
from zoneinfo import available_timezones

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from backend.directory.access import DistrictRequest
from backend.directory.models import ApiToken, User
from backend.directory.pages.forms import problem_to_form
from backend.directory.pages.sign_in import confirmed, signed_in
from backend.directory.pages.sign_in_forms import ChangePasswordForm
from backend.directory.queries import districts_with
from backend.directory.services import account as services
from backend.directory.services.second_factor import has_app
from backend.directory.services.set_up import choose_password
from backend.problems import Problem


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Language, zone and clock of the reader."""

    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Times at a campus are always in the campus's own zone."),
    )

    class Meta:
        model = User
        fields = ("language", "time_zone", "clock")

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        zones = sorted(zone for zone in available_timezones() if "/" in zone)
        field = cast("forms.ChoiceField", self.fields["time_zone"])
        field.choices = [("", _("That of the campus")), *((zone, zone) for zone in zones)]


class TokenForm(forms.Form):
    """What a new API token is for."""

    name = forms.CharField(label=gettext_lazy("What is it for?"), max_length=80)


@require_safe
@signed_in
def settings_page(request: DistrictRequest) -> HttpResponse:
    """List what this person can set, by role."""
    actor = request.actor
    offered = {
        verb.partition(".")[0]: bool(districts_with(actor, verb))
        for verb in ("people.read", "coverage.read", "directory.import", "campus.read")
    }
    context = {
        "offered": offered,
        "is_in_agency": bool(actor.agencies),
        "reads_audit": bool(districts_with(actor, "audit.read")),
        "releases_channels": bool(districts_with(actor, "channel.release")),
    }
    return TemplateResponse(request, "directory/settings.html", context)


@signed_in
def my_account(request: DistrictRequest) -> HttpResponse:
    """Show and change how Muster speaks to this person."""
    user = cast("User", request.user)
    form = PreferencesForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_preferences(
                user=user, **form.cleaned_data, actor=request.actor, at=timezone.now()
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Your settings are saved."))
            return HttpResponseRedirect(reverse("my-account"), status=303)
    context = {"form": form, "has_app": has_app(user), "user": user}
    return TemplateResponse(
        request, "directory/my_account.html", context, status=422 if form.errors else 200
    )


@signed_in
@sensitive_post_parameters("present", "password", "again")
def change_password(request: DistrictRequest) -> HttpResponse:
    """Change the password, given the present one; other sessions end."""
    user = cast("User", request.user)
    form = ChangePasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        if user.check_password(form.cleaned_data["present"]):
            choose_password(
                user=user,
                password=form.cleaned_data["password"],
                actor=request.actor,
                at=timezone.now(),
            )
            update_session_auth_hash(request, user)
            record_authentication(request, user, method="password", reauthenticated=True)
            messages.success(request, _("Your password is changed. Other sessions have ended."))
            return HttpResponseRedirect(reverse("my-account"), status=303)
        form.add_error("present", _("This is not your present password."))
    return TemplateResponse(
        request,
        "directory/change_password.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )


@require_safe
@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """List where this person is signed in."""
    now = timezone.now()
    rows = services.open_sessions(
        cast("User", request.user), present_key=request.session.session_key, now=now
    )
    return TemplateResponse(request, "directory/sessions.html", {"sessions": rows, "now": now})


@require_POST
@signed_in
def end_sessions(request: DistrictRequest) -> HttpResponse:
    """End all sessions but this one."""
    number = services.end_other_sessions(
        user=cast("User", request.user),
        present_key=request.session.session_key,
        actor=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("%(number)s other sessions have ended.") % {"number": number})
    return HttpResponseRedirect(reverse("sessions"), status=303)


@confirmed
def tokens(request: DistrictRequest) -> HttpResponse:
    """List API tokens; make one, shown once on this answer and never again."""
    user = cast("User", request.user)
    form = TokenForm(request.POST or None)
    text = ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, text = services.create_token(
                user=user, name=form.cleaned_data["name"], actor=request.actor, at=timezone.now()
            )
            form = TokenForm()
        except Problem as problem:
            problem_to_form(problem, form)
    rows = ApiToken.objects.filter(user=user, revoked_at=None).order_by("-id")
    context = {"form": form, "tokens": rows, "text": text, "now": timezone.now()}
    return TemplateResponse(
        request, "directory/tokens.html", context, status=422 if form.errors else 200
    )


@require_POST
@signed_in
def revoke_token(request: DistrictRequest, token_id: UUID) -> HttpResponse:
    """End one API token."""
    services.revoke_token(
        token_id=token_id,
        user=cast("User", request.user),
        actor=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("The token has ended."))
    return HttpResponseRedirect(reverse("tokens"), status=303)
