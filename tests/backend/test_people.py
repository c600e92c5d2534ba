"""People and roles, campuses, agencies, coverage: pages, API and services by role."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from backend.audit.models import AccountEvent, AuditEvent
from backend.directory.access import reach_of
from backend.directory.actor import SYSTEM
from backend.directory.identify import actor_of_device
from backend.directory.models import (
    AcceptedAddress,
    AccountMessage,
    Agency,
    Campus,
    Coverage,
    District,
    Membership,
    ResponderContact,
    User,
)
from backend.directory.services.districts import create_district
from backend.directory.services.people import invite_member, renew_link
from backend.directory.services.set_up import link_by_operator
from backend.problems import NotAllowed, NotFound, WrongState
from backend.tenancy import reach
from tests.cast import NOW, PASSWORD, Cast

OWLS = "four new wise owls"
NEW = {"email": "new@example.org", "name": "Nora Lund", "post": "Secretary"}


def membership_of(cast: Cast, word: str) -> Membership:
    with reach.of_districts(cast.district.pk):
        return Membership.objects.get(user=cast.users[word])


def invite(cast: Cast, word: str, role: str, campus: Campus | None):
    actor = cast.actor(word)
    with reach_of(actor):
        return invite_member(
            district_id=cast.district.pk,
            campus_id=campus.pk if campus else None,
            role=role,
            actor=actor,
            at=NOW,
            **NEW,
        )


def bearer(cast: Cast, word: str) -> Client:
    client = cast.client(word)
    client.defaults["HTTP_IDEMPOTENCY_KEY"] = str(uuid4())
    return client


def post(client: Client, url: str, **body):
    return client.post(url, json.dumps(body, default=str), content_type="application/json",
                       headers={"Idempotency-Key": str(uuid4())})  # fmt: skip


def test_a_district_is_set_up_with_a_link_for_its_first_administrator(db: None) -> None:
    made = create_district(
        name="Harbor Schools", administrator="Ann@Harbor.org", state="wa", actor=SYSTEM, at=NOW
    )
    assert made.district.time_zone == "America/Los_Angeles"
    path = "/" + made.link.partition("://")[2].partition("/")[2]
    client = Client()
    page = client.get(path, follow=True)
    client.post(
        page.request["PATH_INFO"], {"password": "four new wise owls", "again": "four new wise owls"}
    )
    assert client.get("/settings/people/")["Location"] == "/settings/second-factor/"
    assert Client().get(path).status_code == 410


def test_a_demonstration_refuses_a_real_district_beside_it(cast: Cast) -> None:
    with reach.of_districts(cast.district.pk):
        District.objects.update(is_demonstration=True)
    with pytest.raises(WrongState, match="MUSTER_DATA"):
        create_district(name="Real", administrator="a@b.org", state="MI", actor=SYSTEM, at=NOW)


def test_only_the_command_line_sets_up_districts(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        create_district(
            name="X", administrator="a@b.org", state="MI", actor=cast.actor("district"), at=NOW
        )


@pytest.mark.parametrize(
    ("word", "role", "may"),
    [
        ("district", "campus_administrator", True),
        ("district", "staff", True),
        ("principal", "office", True),
        ("principal", "staff", True),
        ("principal", "sro", False),
        ("sro", "staff", False),
        ("office", "staff", False),
        ("staff", "staff", False),
        ("evaluator", "staff", False),
        ("auditor", "staff", False),
    ],
)
def test_who_may_give_which_role(cast: Cast, word: str, role: str, may: bool) -> None:
    if may:
        assert "/set-up/" in invite(cast, word, role, cast.lincoln).link
    else:
        with pytest.raises(NotAllowed):
            invite(cast, word, role, cast.lincoln)
        assert not User.objects.filter(email=NEW["email"]).exists()


def test_a_principal_gives_no_role_at_another_campus(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        invite(cast, "principal", "staff", cast.cedar_ridge)


def test_a_stranger_finds_no_campus_of_another_district(cast: Cast) -> None:
    with pytest.raises(NotFound):
        invite(cast, "stranger", "staff", cast.lincoln)


def test_an_invitation_is_shown_once_while_mail_is_not_released(cast: Cast) -> None:
    client = cast.client("district")
    answer = client.post(
        "/settings/people/invite/", {**NEW, "role": "office", "campus": str(cast.lincoln.pk)}
    )
    assert answer.status_code == 303
    assert "/set-up/" in client.get(answer["Location"]).content.decode()
    assert "/set-up/" not in client.get(answer["Location"]).content.decode()
    assert AccountMessage.objects.filter(to=NEW["email"]).exists()


def test_an_invitation_with_a_wrong_place_keeps_what_was_typed(cast: Cast) -> None:
    client = cast.client("district")
    answer = client.post("/settings/people/invite/", {**NEW, "role": "office", "campus": ""})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "This role is held at one campus" in text
    assert "Nora Lund" in text


def test_somebody_with_an_account_gets_the_role_without_a_link(cast: Cast) -> None:
    actor = cast.actor("district")
    with reach_of(actor):
        invitation = invite_member(
            district_id=cast.district.pk, campus_id=cast.cedar_ridge.pk, role="sro",
            email="SRO@example.org", name="Other Name", actor=actor, at=NOW,
        )  # fmt: skip
    assert invitation.link == ""
    assert invitation.membership.user.name == "Officer Dana Whitfield"


def test_an_account_that_another_district_invited_is_not_taken_over(cast: Cast) -> None:
    invite(cast, "district", "staff", cast.lincoln)
    actor = cast.actor("stranger")
    with reach_of(actor), pytest.raises(WrongState):
        invite_member(
            district_id=cast.other_district.pk, campus_id=cast.other_campus.pk, role="staff",
            actor=actor, at=NOW, **NEW,
        )  # fmt: skip


def test_no_link_is_made_for_an_account_with_a_password(cast: Cast) -> None:
    actor = cast.actor("district")
    row = membership_of(cast, "principal")
    with reach_of(actor), pytest.raises(WrongState):
        renew_link(membership_id=row.pk, actor=actor, at=NOW)


def test_an_ended_role_gives_nothing_from_the_next_request_on(cast: Cast) -> None:
    office = cast.client("office")
    assert office.get("/campuses/").status_code == 200
    row = membership_of(cast, "office")
    assert cast.client("principal").post(f"/settings/people/{row.pk}/end/").status_code == 303
    assert office.get("/campuses/").status_code == 404


@pytest.mark.parametrize(
    ("word", "status"), [("principal", 403), ("staff", 404), ("stranger", 404)]
)
def test_who_may_not_end_the_role_of_an_officer(cast: Cast, word: str, status: int) -> None:
    row = membership_of(cast, "sro")
    assert cast.client(word).post(f"/settings/people/{row.pk}/end/").status_code == status
    assert membership_of(cast, "sro").ends_on is None


def test_the_only_administrator_cannot_be_ended(cast: Cast) -> None:
    row = membership_of(cast, "district")
    assert cast.client("district").post(f"/settings/people/{row.pk}/end/").status_code == 409


def test_acting_passes_on_signing_and_not_managing(cast: Cast) -> None:
    row = membership_of(cast, "principal")
    today = timezone.now().date()
    answer = cast.client("district").post(
        f"/settings/people/{row.pk}/act-for/",
        {"email": "office@example.org", "starts_on": today, "ends_on": today + timedelta(days=7)},
    )
    assert answer.status_code == 303
    acting = next(role for role in cast.actor("office").roles if role.acting_for)
    assert acting.acting_for == "Maria Ochoa"
    client = cast.client("office")
    invited = client.post("/settings/people/invite/", {**NEW, "role": "staff", "campus": ""})
    assert invited.status_code == 403


def test_lists_show_what_the_role_may_read(cast: Cast) -> None:
    district = cast.client("district").get("/settings/people/").content.decode()
    principal = cast.client("principal").get("/settings/people/").content.decode()
    assert "Samuel Reyes" in district
    assert "Hugh Stein" in district
    assert "Hugh Stein" not in principal
    assert "Otto Kern" not in district
    found = cast.client("district").get("/settings/people/?q=ochoa").content.decode()
    assert "Maria Ochoa" in found
    assert "Dana Whitfield" not in found


def test_a_campus_page_at_an_old_name_leads_to_the_present_one(cast: Cast) -> None:
    old = cast.lincoln.get_absolute_url() + "people/"
    with reach.of_districts(cast.district.pk):
        Campus.objects.filter(pk=cast.lincoln.pk).update(name="Lincoln Academy")
    answer = cast.client("principal").get(old)
    assert answer["Location"] == f"/campuses/lincoln-academy-{cast.lincoln.short_id}/people/"
    page = cast.client("principal").get(answer["Location"]).content.decode()
    assert "Maria Ochoa" in page
    assert "Cedar Valley Police Department" in page


@pytest.mark.parametrize("word", ["stranger", "captain", "principal_elsewhere", "staff"])
def test_who_may_not_see_the_people_of_a_campus(cast: Cast, word: str) -> None:
    path = cast.lincoln.get_absolute_url() + "people/"
    assert cast.client(word).get(path).status_code == 404


def test_campuses_are_listed_by_reach(cast: Cast) -> None:
    principal = cast.client("principal").get("/campuses/").content.decode()
    captain = cast.client("captain").get("/campuses/").content.decode()
    assert "Cedar Ridge" not in principal
    assert "Northfield High School" in captain
    assert "Cedar Ridge" not in captain


def campus_values(campus: Campus, **changed):
    fields = ("name", "address", "city", "state", "time_zone", "latitude", "longitude")
    return {**{name: getattr(campus, name) for name in fields}, **changed}


def test_a_campus_is_edited_and_a_stale_edit_is_refused(cast: Cast) -> None:
    path = f"/settings/campuses/{cast.lincoln.pk}/"
    client = cast.client("district")
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(path).content.decode())
    assert seen
    values = campus_values(cast.lincoln, seen=seen[1], grades="9-12")
    assert client.post(path, values).status_code == 303
    stale = client.post(path, {**values, "grades": "6-12"})
    assert stale.status_code == 422
    assert "Somebody else has changed this campus" in stale.content.decode()


@pytest.mark.parametrize(
    ("word", "status"), [("principal", 404), ("stranger", 404), ("captain", 404)]
)
def test_who_may_not_edit_a_campus(cast: Cast, word: str, status: int) -> None:
    path = f"/settings/campuses/{cast.lincoln.pk}/"
    assert cast.client(word).post(path, campus_values(cast.lincoln)).status_code == status


def test_a_bad_campus_over_the_api_names_field_and_mend(cast: Cast) -> None:
    values = campus_values(cast.lincoln, state="ZZ", district=cast.district.pk)
    answer = post(cast.client("district"), "/api/v1/campuses/", **values)
    assert answer.status_code == 422
    assert answer.json()["where"] == "state"
    assert answer.json()["mend"]


def test_an_edit_over_the_api_needs_the_state_it_changes(cast: Cast) -> None:
    client = cast.client("district")
    url = f"/api/v1/campuses/{cast.lincoln.pk}/"
    etag = client.get(url)["ETag"]
    body = json.dumps({"grades": "9-12"})

    def patch(**headers: str):
        return client.patch(url, body, content_type="application/json", headers=headers)

    assert patch().status_code == 428
    assert patch(**{"If-Match": etag}).json()["grades"] == "9-12"
    assert patch(**{"If-Match": etag}).status_code == 412


@pytest.mark.parametrize("word", ["stranger", "captain"])
def test_the_api_shows_no_row_of_another_district(cast: Cast, word: str) -> None:
    client = cast.client(word)
    for resource in ("memberships", "coverages", "grants"):
        text = client.get(f"/api/v1/{resource}/").content.decode()
        assert str(cast.district.pk) not in text
        assert str(cast.lincoln.pk) not in text
    if word == "stranger":
        assert client.get(f"/api/v1/campuses/{cast.lincoln.pk}/").status_code == 404
        assert client.get(f"/api/v1/agencies/{cast.police.pk}/").status_code == 404


def test_an_agency_of_the_same_name_is_proposed_first(cast: Cast) -> None:
    client = cast.client("district")
    values = {
        "name": "cedar valley  fire and rescue", "kind": "fire", "capacity": "first_due",
        "campuses": [str(cast.cedar_ridge.pk)],
    }  # fmt: skip
    asked = client.post("/settings/agencies/add/", values)
    assert asked.status_code == 422
    assert "exists already" in asked.content.decode()
    used = client.post("/settings/agencies/add/", {**values, "match": "use"})
    assert used["Location"] == f"/settings/agencies/{cast.fire.pk}/"
    with reach.of_districts(cast.district.pk):
        assert Coverage.objects.filter(agency=cast.fire, campus=cast.cedar_ridge).exists()
    client.post("/settings/agencies/add/", {**values, "match": "another"})
    assert Agency.objects.filter(kind="fire").count() == 2


def test_a_corrected_address_is_used_only_once_the_district_accepts_it(cast: Cast) -> None:
    contact = cast.contacts["patrol"]
    client = cast.client("district")
    base = f"/settings/agencies/{cast.police.pk}"
    corrected = client.post(
        f"{base}/contacts/{contact.pk}/",
        {"name": contact.name, "order": 1, "email": "new@police.example.org", "language": "en"},
    )
    assert corrected.status_code == 303
    with reach.of_districts(cast.district.pk):
        accepted = AcceptedAddress.objects.get(contact=contact)
        assert accepted.address == "patrol@responders.example.org"
    assert "still writes to" in client.get(f"{base}/").content.decode()
    client.post(f"{base}/accept/{contact.pk}/")
    with reach.of_districts(cast.district.pk):
        accepted.refresh_from_db()
        assert accepted.address == "new@police.example.org"


def test_a_district_stops_writing_but_does_not_end_a_contact_for_others(cast: Cast) -> None:
    contact = cast.contacts["captain"]
    base = f"/settings/agencies/{cast.fire.pk}"
    client = cast.client("district")
    assert client.post(f"{base}/end-contact/{contact.pk}/").status_code == 403
    assert client.post(f"{base}/stop/{contact.pk}/").status_code == 303
    assert ResponderContact.objects.get(pk=contact.pk).ended_at is None
    assert cast.client("captain").post(f"{base}/end-contact/{contact.pk}/").status_code == 303
    assert ResponderContact.objects.get(pk=contact.pk).ended_at is not None


def test_only_an_agencys_own_people_change_it(cast: Cast) -> None:
    url = f"/api/v1/agencies/{cast.fire.pk}/"

    def patch(word: str):
        client = cast.client(word)
        etag = client.get(url).headers.get("ETag", "*")
        body = json.dumps({"phone": "555-0177"})
        return client.patch(url, body, content_type="application/json", headers={"If-Match": etag})

    assert patch("district").status_code == 403
    assert patch("patrol").status_code == 404
    assert patch("captain").json()["phone"] == "555-0177"


def test_ending_coverage_ends_the_agencys_reach_at_once(cast: Cast) -> None:
    client = cast.client("district")
    cell = f"{cast.lincoln.pk}:{cast.police.pk}:first_due"
    assert cast.actor("patrol").covered
    client.post("/settings/agencies/coverage/", {"was": [cell], "cell": []})
    assert not cast.actor("patrol").covered
    client.post("/settings/agencies/coverage/", {"was": [], "cell": [cell]})
    assert cast.actor("patrol").covered


@pytest.mark.parametrize("word", ["principal", "auditor", "patrol"])
def test_who_may_not_change_coverage(cast: Cast, word: str) -> None:
    cell = f"{cast.lincoln.pk}:{cast.police.pk}:first_due"
    answer = cast.client(word).post("/settings/agencies/coverage/", {"was": [cell], "cell": []})
    assert answer.status_code in {403, 404}
    assert cast.actor("patrol").covered


def test_a_device_is_enrolled_granted_and_its_grant_ended(cast: Cast) -> None:
    client = cast.client("district")
    made = post(client, "/api/v1/devices/", agency=cast.police.pk, name="Car 14",
                district=cast.district.pk)  # fmt: skip
    token = made.json()["token"]
    device = actor_of_device(token, today=timezone.now().date())
    assert device
    assert [item.campus_id for item in device.covered] == [cast.lincoln.pk]
    assert token not in client.get("/api/v1/devices/").content.decode()
    grant = client.get("/api/v1/grants/").json()["results"][0]
    post(client, f"/api/v1/grants/{grant['id']}/end/")
    device = actor_of_device(token, today=timezone.now().date())
    assert device
    assert device.covered == ()
    revoked = post(cast.client("patrol"), f"/api/v1/devices/{made.json()['id']}/revoke/")
    assert revoked.status_code == 204
    assert actor_of_device(token, today=timezone.now().date()) is None


def test_an_agency_person_reaches_a_district_only_by_its_grant(cast: Cast) -> None:
    client = cast.client("district")
    base = f"/settings/agencies/{cast.dispatch.pk}"
    client.post(f"{base}/people/add/", {"email": "night@911.example.org", "name": "Night Lead"})
    assert "/set-up/" in client.get(f"{base}/").content.decode()
    cast.users["night"] = User.objects.get(email="night@911.example.org")
    assert cast.actor("night").covered
    grant_path = re.search(
        rf"{base}/end-grant/[0-9a-f-]+/", client.get(f"{base}/").content.decode()
    )
    assert grant_path
    client.post(grant_path[0])
    assert not cast.actor("night").covered


def test_the_district_is_changed_by_its_administrator_alone(cast: Cast) -> None:
    values = {
        "name": "Cedar Valley Schools", "state": "MI", "time_zone": "America/Detroit",
        "answering_name": "Duty desk", "answering_phone": "555-0101", "marking": "FOUO",
    }  # fmt: skip
    assert cast.client("principal").post("/settings/district/", values).status_code == 403
    wrong = cast.client("district").post("/settings/district/", {**values, "time_zone": "Mars"})
    assert wrong.status_code == 422
    assert cast.client("district").post("/settings/district/", values).status_code == 303
    with reach.of_districts(cast.district.pk):
        assert District.objects.get().answering_phone == "555-0101"


def test_a_fresh_link_ends_the_one_before_it(cast: Cast) -> None:
    first = invite(cast, "district", "staff", cast.lincoln)
    actor = cast.actor("district")
    with reach_of(actor):
        fresh = renew_link(membership_id=first.membership.pk, actor=actor, at=NOW)
    old, new = (f"/{link.partition('://')[2].partition('/')[2]}" for link in (first.link, fresh))
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 302


def test_the_operator_helps_back_in_somebody_who_lost_everything(cast: Cast) -> None:
    link = link_by_operator(
        email="Principal@example.org", drop_second_factor=True, actor=SYSTEM, at=NOW
    )
    assert "/set-up/" in link
    assert AccountEvent.objects.filter(action="account.link_by_operator").exists()
    with pytest.raises(NotAllowed):
        link_by_operator(
            email="sro@example.org", drop_second_factor=False, actor=cast.actor("district"), at=NOW
        )


def test_every_change_is_in_the_chain_of_its_district(cast: Cast) -> None:
    row = membership_of(cast, "office")
    cast.client("district").post(f"/settings/people/{row.pk}/end/")
    with reach.of_districts(cast.district.pk):
        event = AuditEvent.objects.get(action="membership.ended")
    assert event.body["details"]["person"] == "Jo Brandt"
    assert not AccountEvent.objects.filter(action="membership.ended").exists()


@pytest.mark.parametrize("word", ["district", "principal", "auditor", "office", "captain", "staff"])
@pytest.mark.parametrize("path", ["/settings/", "/settings/account/", "/campuses/"])
def test_pages_of_ones_own_open_for_every_role(cast: Cast, word: str, path: str) -> None:
    assert cast.client(word).get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/settings/people/", "/settings/people/invite/", "/settings/agencies/",
     "/settings/agencies/add/", "/settings/agencies/coverage/", "/settings/campuses/add/",
     "/settings/import/"],
)  # fmt: skip
def test_pages_of_the_district_open_for_its_administrator_and_ask_others_to_sign_in(
    cast: Cast, path: str
) -> None:
    assert cast.client("district").get(path).status_code == 200
    assert Client().get(path)["Location"].startswith("/sign-in/")


def test_the_api_knows_its_caller(cast: Cast) -> None:
    me = cast.client("principal").get("/api/v1/users/me/").json()
    assert me["email"] == "principal@example.org"
    assert [role["role"] for role in me["roles"]] == ["campus_administrator"]
    assert Client().get("/api/v1/users/me/").status_code == 401


def test_a_role_over_the_api_answers_with_its_link(cast: Cast) -> None:
    answer = post(cast.client("district"), "/api/v1/memberships/", district=cast.district.pk,
                  campus=cast.lincoln.pk, role="staff", **NEW)  # fmt: skip
    assert answer.status_code == 201
    assert "/set-up/" in answer.json()["link"]
    assert PASSWORD not in answer.content.decode()
