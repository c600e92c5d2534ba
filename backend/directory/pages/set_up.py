"""A forgotten password, and the one-time link by which a person chooses one."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from backend.directory.pages.sign_in_forms import ForgottenForm, NewPasswordForm
from backend.directory.services import set_up
from backend.directory.sign_in import person, unknown

KEY_IN_SESSION = "set_up_key"
WITHOUT_KEY = "choose"  # stands in the address once the key has moved into the session


def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the address, and owe a link to its account if there is one."""
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if ratelimit.consume(request, action="reset_password", key=email.lower()):
            set_up.send_forgotten_password(email=email, actor=unknown(request), at=timezone.now())
            return HttpResponseRedirect(reverse("forgotten-sent"), status=303)
        form.add_error(None, _("Too many requests. Wait a few minutes, then try again."))
    return TemplateResponse(
        request, "directory/forgotten.html", {"form": form}, status=422 if form.is_bound else 200
    )


@sensitive_post_parameters("password", "again")
def choose_password(request: HttpRequest, uid: str, key: str) -> HttpResponse:
    """Take the key out of the address, let the person choose a password, and sign in."""
    if key != WITHOUT_KEY:
        set_up.user_of_link(uid, key)
        request.session[KEY_IN_SESSION] = key
        return HttpResponseRedirect(reverse("set-up", kwargs={"uid": uid, "key": WITHOUT_KEY}))
    key = request.session.get(KEY_IN_SESSION, "")
    user = set_up.user_of_link(uid, key)
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        set_up.choose_password(
            user=user,
            password=form.cleaned_data["password"],
            actor=person(request, user),
            at=timezone.now(),
        )
        logout(request)
        record_authentication(request, user, method="set_up_link")
        answer: HttpResponse = perform_login(
            request, Login(user=user, email=user.email, redirect_url="/")
        )
        return answer
    return TemplateResponse(
        request,
        "directory/choose_password.html",
        {"form": form, "person": user},
        status=422 if form.is_bound else 200,
    )
