"""Sign-in: password, second factor, lock-out, idle limit with the form kept, the demonstration."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from backend.audit.models import AccountEvent
from backend.directory.models import AccountMessage, District, KeptForm
from backend.directory.services.set_up import set_up_link
from backend.encryption import decrypt
from backend.tenancy import reach
from tests.cast import PASSWORD, Cast

OWLS = "four new wise owls"
REFUSED = "No account has this e-mail with this password"


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"login": email, "password": password, **more})


def code_of(secret: str, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def set_up_second_factor(client: Client) -> str:
    page = client.get("/settings/second-factor/")
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.content.decode())
    assert secret
    key = secret[1].replace(" ", "")
    answer = client.post("/settings/second-factor/", {"code": code_of(key)})
    assert answer.status_code == 303
    return key


def actions() -> list[str]:
    return list(AccountEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_staff_sign_in_with_a_password_alone(cast: Cast) -> None:
    client = Client()
    answer = sign_in(client, "Staff@Example.org")
    assert answer.status_code == 302
    assert client.get("/settings/account/").status_code == 200


@pytest.mark.parametrize("word", ["sro", "principal", "office", "district", "patrol"])
def test_everybody_else_must_set_up_a_second_factor_first(cast: Cast, word: str) -> None:
    client = Client()
    sign_in(client, f"{word}@example.org")
    answer = client.get("/settings/account/")
    assert answer.status_code == 302
    assert answer["Location"] == "/settings/second-factor/"
    set_up_second_factor(client)
    assert client.get("/settings/account/").status_code == 200


def test_the_second_step_asks_for_a_code_and_takes_each_once(cast: Cast) -> None:
    first = Client()
    sign_in(first, "principal@example.org")
    secret = set_up_second_factor(first)
    client = Client()
    answer = sign_in(client, "principal@example.org", next="/settings/account/")
    assert answer["Location"] == "/sign-in/code/"
    assert client.get("/settings/account/").status_code == 302
    used = client.post("/sign-in/code/", {"code": code_of(secret)})
    assert used.status_code == 422
    answer = client.post("/sign-in/code/", {"code": code_of(secret, ahead=1)})
    assert answer["Location"] == "/settings/account/"
    assert client.get("/settings/account/").status_code == 200


def test_a_recovery_code_lets_in_once(cast: Cast) -> None:
    first = Client()
    sign_in(first, "principal@example.org")
    set_up_second_factor(first)
    codes = re.findall(
        r"<li><code>(\w+)</code>", first.get("/settings/second-factor/codes/").content.decode()
    )
    assert len(codes) == 10
    for status in (302, 422):
        client = Client()
        sign_in(client, "principal@example.org")
        assert client.post("/sign-in/code/", {"code": codes[0]}).status_code == status


def test_the_secret_of_the_second_factor_is_encrypted(cast: Cast) -> None:
    client = Client()
    sign_in(client, "principal@example.org")
    secret = set_up_second_factor(client)
    row = Authenticator.objects.get(user=cast.users["principal"], type="totp")
    assert secret not in str(row.data)
    assert decrypt(row.data["secret"]) == secret


def test_the_session_key_changes_at_sign_in(cast: Cast) -> None:
    client = Client()
    session = client.session
    session["before"] = 1
    session.save()
    key = session.session_key
    client.cookies["session"] = key
    sign_in(client, "staff@example.org")
    assert client.session.session_key != key


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(cast: Cast) -> None:
    wrong = sign_in(Client(), "staff@example.org", "wrong wrong wrong")
    unknown = sign_in(Client(), "nobody@example.org", "wrong wrong wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert REFUSED in wrong.content.decode()
    assert REFUSED in unknown.content.decode()


def test_five_wrong_passwords_pause_this_account_from_this_address_only(cast: Cast) -> None:
    client = Client(REMOTE_ADDR="192.0.2.1")
    for _ in range(5):
        answer = sign_in(client, "staff@example.org", "wrong wrong wrong")
    assert answer.status_code == 429
    again = sign_in(client, "staff@example.org")
    assert again.status_code == 429
    assert "Try again in" in again.content.decode()
    assert 0 < int(again["Retry-After"]) <= 900
    assert sign_in(Client(REMOTE_ADDR="192.0.2.1"), "office@example.org").status_code == 302
    assert sign_in(Client(REMOTE_ADDR="192.0.2.2"), "staff@example.org").status_code == 302


def test_next_leads_only_to_pages_of_ours(cast: Cast) -> None:
    answer = sign_in(Client(), "staff@example.org", next="https://evil.example/")
    assert answer["Location"] == "/"


def test_sign_ins_and_refusals_are_audited_without_unknown_addresses(cast: Cast) -> None:
    client = Client()
    sign_in(client, "staff@example.org", "wrong wrong wrong")
    sign_in(client, "typed-my-password@example.org", "x")
    sign_in(client, "staff@example.org")
    client.post("/sign-out/")
    assert actions() == ["sign_in.refused", "sign_in.refused", "sign_in.done", "sign_in.ended"]
    assert "typed-my-password" not in str(list(AccountEvent.objects.values_list("body")))


def test_signing_out_needs_a_post(cast: Cast) -> None:
    client = cast.client("staff")
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert client.get("/settings/account/").status_code == 302


def test_a_forgotten_password_is_chosen_by_a_mailed_link(cast: Cast) -> None:
    client = Client()
    client.post("/sign-in/forgotten/", {"email": "Staff@example.org"})
    message = AccountMessage.objects.get()
    assert "set-up" not in message.body_sealed
    link = re.search(r"https?://[^/\s]+(/set-up/\S+)", decrypt(message.body_sealed))
    assert link
    answer = client.get(link[1], follow=True)
    assert link[1] not in answer.request["PATH_INFO"]
    chosen = client.post(
        answer.request["PATH_INFO"],
        {"password": OWLS, "again": OWLS},
    )
    assert chosen.status_code == 302
    assert client.get("/settings/account/").status_code == 200
    assert Client().get(link[1]).status_code == 410
    assert sign_in(Client(), "staff@example.org", OWLS).status_code == 302


def test_forgetting_says_the_same_for_an_unknown_address(cast: Cast) -> None:
    known = Client().post("/sign-in/forgotten/", {"email": "staff@example.org"})
    unknown = Client().post("/sign-in/forgotten/", {"email": "nobody@example.org"})
    assert known["Location"] == unknown["Location"]
    assert AccountMessage.objects.count() == 1


@pytest.mark.parametrize("weak", ["short", "password1234", "staff@example.org"])
def test_a_weak_password_is_refused_with_a_reason(cast: Cast, weak: str) -> None:
    client = Client()
    path = set_up_link(cast.users["staff"]).partition("://")[2].partition("/")[2]
    page = client.get(f"/{path}", follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password": weak, "again": weak})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()


def test_a_reset_link_does_not_get_round_the_second_factor(cast: Cast) -> None:
    first = Client()
    sign_in(first, "principal@example.org")
    set_up_second_factor(first)
    cast.users["principal"].refresh_from_db()
    path = set_up_link(cast.users["principal"]).partition("://")[2].partition("/")[2]
    client = Client()
    page = client.get(f"/{path}", follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password": OWLS, "again": OWLS})
    assert answer["Location"] == "/sign-in/code/"


def idle(client: Client) -> None:
    session = client.session
    session["last_active"] = time.time() - 31 * 60
    session.save()


def test_an_idle_session_ends_and_leads_back_to_the_page(cast: Cast) -> None:
    client = cast.client("staff")
    idle(client)
    answer = client.get("/settings/account/")
    assert answer["Location"] == "/sign-in/?next=/settings/account/"


def test_polling_does_not_extend_a_session(cast: Cast) -> None:
    client = cast.client("staff")
    before = time.time() - 29 * 60
    session = client.session
    session["last_active"] = before
    session.save()
    client.get("/settings/account/", headers={"X-Muster-Poll": "1"})
    assert client.session["last_active"] == before
    client.get("/settings/account/")
    assert client.session["last_active"] > before


def test_a_form_sent_after_the_session_ended_is_given_back(cast: Cast) -> None:
    client = cast.client("staff")
    idle(client)
    typed = {"language": "es", "clock": "24", "time_zone": "America/Detroit", "password": "secret"}
    answer = client.post("/settings/account/", typed)
    assert answer["Location"] == "/sign-in/?next=/kept/"
    row = KeptForm.objects.get()
    assert "Detroit" not in row.fields_sealed
    assert "secret" not in decrypt(row.fields_sealed)
    sign_in(client, "staff@example.org")
    assert "America/Detroit" in client.get("/kept/").content.decode()
    assert "/kept/" in client.get("/settings/account/").content.decode()
    sent = client.post("/settings/account/", {**typed, "kept_form": str(row.pk)})
    assert sent.status_code == 303
    cast.users["staff"].refresh_from_db()
    assert cast.users["staff"].language == "es"
    assert not KeptForm.objects.exists()


def test_a_kept_form_is_its_owners_alone_and_ends(cast: Cast) -> None:
    client = cast.client("staff")
    idle(client)
    client.post("/settings/account/", {"language": "es"})
    row = KeptForm.objects.get()
    other = cast.client("office")
    assert "es" not in other.get("/kept/").content.decode().partition("facts")[2]
    assert other.post(f"/kept/{row.pk}/put-aside/").status_code == 404
    KeptForm.objects.update(expires_at=timezone.now())
    sign_in(client, "staff@example.org")
    assert not KeptForm.objects.exists()


def test_a_form_of_another_site_is_not_kept(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = cast.client("staff").cookies
    idle(client)
    client.post("/settings/account/", {"language": "es"})
    assert not KeptForm.objects.exists()


def test_a_part_asked_for_by_htmx_sends_the_whole_page_to_sign_in(cast: Cast) -> None:
    client = cast.client("staff")
    idle(client)
    answer = client.get(
        "/settings/account/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/notices/"},
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/sign-in/?next=/notices/"


def mark_demonstration(cast: Cast) -> None:
    with reach.of_districts(cast.district.pk):
        District.objects.update(is_demonstration=True)


def test_the_demonstration_offers_its_people_one_press_each(cast: Cast) -> None:
    mark_demonstration(cast)
    page = Client().get("/sign-in/").content.decode()
    assert "Maria Ochoa" in page
    assert "Otto Kern" not in page
    client = Client()
    client.post("/sign-in/as/", {"user": str(cast.users["principal"].pk)})
    assert client.get("/settings/account/").status_code == 200
    assert client.session["second_factor"] == "demonstration"


@pytest.mark.parametrize("word", ["stranger", "captain", "nobody_yet"])
def test_nobody_with_a_real_district_can_be_signed_in_as(cast: Cast, word: str) -> None:
    mark_demonstration(cast)
    client = Client()
    assert client.post("/sign-in/as/", {"user": str(cast.users[word].pk)}).status_code == 404


def test_on_a_real_database_nobody_can_be_signed_in_as(cast: Cast, settings) -> None:
    assert "Maria Ochoa" not in Client().get("/sign-in/").content.decode()
    user = {"user": str(cast.users["principal"].pk)}
    assert Client().post("/sign-in/as/", user).status_code == 404
    mark_demonstration(cast)
    settings.EMBEDDED = False
    assert Client().post("/sign-in/as/", user).status_code == 404


def test_other_sessions_can_be_seen_and_ended(cast: Cast) -> None:
    here, there = Client(), Client(REMOTE_ADDR="192.0.2.7")
    sign_in(here, "staff@example.org")
    sign_in(there, "staff@example.org")
    assert "192.0.2.7" in here.get("/settings/sessions/").content.decode()
    here.post("/settings/sessions/end-others/")
    assert there.get("/settings/account/").status_code == 302
    assert here.get("/settings/account/").status_code == 200


def test_a_token_is_shown_once_and_acts_until_it_is_revoked(cast: Cast) -> None:
    client = Client()
    sign_in(client, "staff@example.org")
    page = client.post("/settings/tokens/", {"name": "script"}).content.decode()
    text = re.search(r"muster_[\w-]+", page)
    assert text
    assert text[0] not in client.get("/settings/tokens/").content.decode()
    bearer = Client(headers={"Authorization": f"Bearer {text[0]}"})
    assert bearer.get("/api/v1/users/me/").status_code == 200
    token_id = re.search(
        r"/settings/tokens/([0-9a-f-]+)/revoke/", client.get("/settings/tokens/").content.decode()
    )
    assert token_id
    client.post(f"/settings/tokens/{token_id[1]}/revoke/")
    assert bearer.get("/api/v1/users/me/").status_code == 401


def test_changing_factors_asks_again_who_it_is(cast: Cast) -> None:
    client = cast.client("staff")
    answer = client.get("/settings/second-factor/")
    assert answer["Location"] == "/sign-in/again/?next=%2Fsettings%2Fsecond-factor%2F"
    assert client.post(answer["Location"], {"password": "wrong"}).status_code == 422
    assert client.post(answer["Location"], {"password": PASSWORD}).status_code == 303
    assert client.get("/settings/second-factor/").status_code == 200


def test_the_password_is_changed_with_the_present_one(cast: Cast) -> None:
    client = cast.client("staff")
    new = {"password": OWLS, "again": OWLS}
    assert client.post("/settings/password/", {"present": "wrong", **new}).status_code == 422
    assert client.post("/settings/password/", {"present": PASSWORD, **new}).status_code == 303
    assert client.get("/settings/account/").status_code == 200
