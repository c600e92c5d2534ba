"""Addresses of the directory's pages."""

from django.urls import path, re_path

from backend.directory.pages import account, kept, second_factor, set_up, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/as/", sign_in.sign_in_as, name="sign-in-as"),
    path("sign-in/code/", sign_in.second_step, name="mfa_authenticate"),
    path("sign-in/again/", sign_in.confirm, name="confirm"),
    path("sign-in/forgotten/", set_up.forgotten, name="forgotten"),
    path("sign-in/forgotten/sent/", sign_in.forgotten_sent, name="forgotten-sent"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    re_path(
        r"^set-up/(?P<uid>[0-9a-f]{32})-(?P<key>[0-9A-Za-z-]+)/$",
        set_up.choose_password,
        name="set-up",
    ),
    path("settings/", account.settings_page, name="settings"),
    path("settings/account/", account.my_account, name="my-account"),
    path("settings/password/", account.change_password, name="change-password"),
    path("settings/sessions/", account.sessions, name="sessions"),
    path("settings/sessions/end-others/", account.end_sessions, name="end-sessions"),
    path("settings/tokens/", account.tokens, name="tokens"),
    path("settings/tokens/<uuid:token_id>/revoke/", account.revoke_token, name="revoke-token"),
    path("settings/second-factor/", second_factor.second_factor, name="second-factor"),
    path("settings/second-factor/replace/", second_factor.replace, name="second-factor-replace"),
    path("settings/second-factor/codes/", second_factor.recovery_codes, name="recovery-codes"),
    path("kept/", kept.kept, name="kept"),
    path("kept/<uuid:form_id>/put-aside/", kept.put_aside, name="kept-put-aside"),
]
