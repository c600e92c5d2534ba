"""Forms of sign-in. Every field may be pasted into and filled by a password manager."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.directory.models import User
from backend.directory.services.set_up import weaknesses


class SignInForm(forms.Form):
    """E-mail and password; `login` is the name under which refusals are counted."""

    login = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_login(self) -> str:
        """Return the address in lower case, as accounts are kept."""
        return str(self.cleaned_data["login"]).strip().lower()


class CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Six digits from your authenticator app, or a recovery code."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class ConfirmForm(forms.Form):
    """Password, and the code where a second factor is set up, once more."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Six digits from your authenticator app, or a recovery code."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, with_code: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not with_code:
            del self.fields["code"]


class ForgottenForm(forms.Form):
    """The address of the account."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice against slips."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        max_length=500,
        help_text=gettext_lazy(
            "At least 12 characters. Four or five words that nobody would guess are best."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("New password again"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user = user

    def clean_password(self) -> str:
        """Refuse a password that is short, common or like the name."""
        password = str(self.cleaned_data["password"])
        if found := weaknesses(password, self.user):
            raise forms.ValidationError(found)
        return password

    def clean_again(self) -> str:
        """Refuse what differs from the first."""
        again = str(self.cleaned_data["again"])
        if self.cleaned_data.get("password") not in {None, again}:
            raise forms.ValidationError(_("The two differ. Type the same password twice."))
        return again


class ChangePasswordForm(NewPasswordForm):
    """The present password, then the new one."""

    present = forms.CharField(
        label=gettext_lazy("Present password"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("present", "password", "again")
