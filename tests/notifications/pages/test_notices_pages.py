"""What was sent, who has it, the call written down, and the trial's inbox."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from backend.directory.models import AcceptedAddress, ResponderContact
from backend.tenancy import reach
from notifications.models import Acknowledgement, ChannelRelease, Delivery, EscalationStep, Notice
from notifications.services.writing import Owed
from tests.cast import NOW, Cast
from tests.notifications.capture_server import CaptureServer
from tests.notifications.outbox import (
    deliver,
    deliveries,
    owe_memo,
    register_memo,
    relay,
    release,
)


@pytest.fixture
def outbox(cast: Cast, settings: Any) -> Iterator[CaptureServer]:
    register_memo()
    with relay(settings) as server:
        yield server


@pytest.fixture
def sent(cast: Cast, outbox: CaptureServer) -> Owed:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    ResponderContact.objects.filter(pk=cast.contacts["captain"].pk).update(
        email="fail550+captain@responders.example.org"
    )
    with reach.of_districts(cast.district.pk):
        AcceptedAddress.objects.filter(contact=cast.contacts["captain"]).update(
            address="fail550+captain@responders.example.org"
        )
    release(cast, at=an_hour_ago)
    owed = owe_memo(cast.lincoln, at=an_hour_ago)
    deliver(at=an_hour_ago)
    return owed


def board_url(cast: Cast) -> str:
    return f"/campuses/{cast.lincoln.slug}/packet/agencies/"


def test_held_mail_shows_who_would_get_what_until_it_is_released(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    client = cast.client("district")
    page = client.get("/notices/").content.decode()
    assert "3 messages wait" in page
    assert "captain@responders.example.org" in page
    response = client.post(
        "/notices/release/", {"district": str(cast.district.pk), "channel": "email"}
    )
    assert response.status_code == 303
    assert {row.state for row in deliveries(cast).values()} == {"queued"}
    assert "is held" not in client.get("/notices/").content.decode()


def test_a_principal_sees_no_release_and_may_post_none(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    client = cast.client("principal")
    assert "Release" not in client.get("/notices/").content.decode()
    response = client.post(
        "/notices/release/", {"district": str(cast.district.pk), "channel": "email"}
    )
    assert response.status_code == 403
    with reach.of_districts(cast.district.pk):
        assert not ChannelRelease.objects.exists()


def test_another_district_releases_nothing_here(cast: Cast, outbox: CaptureServer) -> None:
    response = cast.client("stranger").post(
        "/notices/release/", {"district": str(cast.district.pk), "channel": "email"}
    )
    assert response.status_code == 404


def test_the_list_says_what_was_sent_and_what_did_not_arrive(cast: Cast, sent: Owed) -> None:
    page = cast.client("principal").get("/notices/").content.decode()
    assert "Lincoln High School: new packet" in page
    assert "0 of 3 agencies" in page
    assert "550 5.1.1" in page


def test_a_failed_message_goes_again_once_the_address_is_mended(cast: Cast, sent: Owed) -> None:
    ResponderContact.objects.filter(pk=cast.contacts["captain"].pk).update(email="c@example.org")
    with reach.of_districts(cast.district.pk):
        AcceptedAddress.objects.filter(contact=cast.contacts["captain"]).update(
            address="c@example.org"
        )
    address = f"/notices/deliveries/{deliveries(cast)['captain'].pk}/send-again/"
    assert cast.client("district").post(address).status_code == 303
    with reach.of_districts(cast.district.pk):
        Delivery.objects.filter(state="queued").update(due_at=NOW)  # the test is one transaction
    deliver(at=timezone.now())
    row = deliveries(cast)["captain"]
    assert (row.state, row.address) == ("sent", "c@example.org")


def test_office_and_strangers_send_nothing_again(cast: Cast, sent: Owed) -> None:
    address = f"/notices/deliveries/{deliveries(cast)['captain'].pk}/send-again/"
    for word in ("office", "stranger", "captain"):
        cast.client(word).post(address)
        assert deliveries(cast)["captain"].state == "failed"


def test_a_stranger_sees_none_of_it(cast: Cast, sent: Owed) -> None:
    client = cast.client("stranger")
    assert "Lincoln" not in client.get("/notices/").content.decode()
    assert client.get(board_url(cast)).status_code == 404


def test_an_agency_sees_what_was_sent_to_it_and_no_board(cast: Cast, sent: Owed) -> None:
    client = cast.client("captain")
    page = client.get("/notices/").content.decode()
    assert "Capt. Rosa Lindqvist" in page
    assert "Pruitt" not in page
    assert client.get(board_url(cast)).status_code == 404


def test_the_board_shows_each_agency_with_state_failure_and_repair(cast: Cast, sent: Owed) -> None:
    page = cast.client("sro").get(board_url(cast)).content.decode()
    assert "0 of 3 agencies have acknowledged" in page
    assert "1 address failed" in page
    assert "no such mailbox" in page.lower()
    assert "Correct the address" in page
    assert "If Cedar Valley Police Department stays silent" in page
    assert "Next contact" in page


def test_the_live_part_is_the_part_alone_and_answers_304_when_nothing_changed(
    cast: Cast, sent: Owed
) -> None:
    client = cast.client("sro")
    first = client.get(board_url(cast), headers={"HX-Request": "true"})
    assert "<html" not in first.content.decode()
    again = client.get(
        board_url(cast), headers={"HX-Request": "true", "If-None-Match": first["ETag"]}
    )
    assert again.status_code == 304


def test_the_live_part_holds_no_field(cast: Cast, sent: Owed) -> None:
    for part in ("", "?part=silence"):
        page = cast.client("sro").get(f"{board_url(cast)}{part}", headers={"HX-Request": "true"})
        assert "<input" not in page.content.decode()


def test_a_board_with_a_wrong_notice_is_nowhere(cast: Cast, sent: Owed) -> None:
    assert cast.client("sro").get(f"{board_url(cast)}?notice=x").status_code == 404


def wall(minutes_ago: float) -> str:
    at = timezone.now().astimezone(ZoneInfo("America/Detroit")) - timedelta(minutes=minutes_ago)
    return at.strftime("%Y-%m-%dT%H:%M")


def call(cast: Cast, client: Client, **more: str) -> Any:
    told = {
        "agency_id": str(cast.dispatch.pk),
        "said_by": "Operator 214",
        "line_called": "555-0191",
        "called_at": wall(5),
    }
    return client.post(f"{board_url(cast)}phone-call/", told | more)


def test_a_call_is_written_down_in_the_campus_wall_time(cast: Cast, sent: Owed) -> None:
    response = call(cast, cast.client("office"))
    assert response.status_code == 303
    with reach.of_districts(cast.district.pk):
        row = Acknowledgement.objects.get()
    assert row.recorded_by == "Jo Brandt"
    assert timedelta(minutes=4) < timezone.now() - row.acknowledged_at < timedelta(minutes=7)


def test_a_call_without_a_name_is_refused_beside_its_field(cast: Cast, sent: Owed) -> None:
    response = call(cast, cast.client("office"), said_by="")
    assert response.status_code == 422
    assert 'id="id_said_by_error"' in response.content.decode()
    assert "555-0191" in response.content.decode()


def test_a_call_before_the_sending_is_refused_beside_its_field(cast: Cast, sent: Owed) -> None:
    response = call(cast, cast.client("office"), called_at=wall(300))
    assert response.status_code == 422
    assert 'id="id_called_at_error"' in response.content.decode()


def test_a_call_in_the_minute_of_the_sending_came_after_it(cast: Cast, sent: Owed) -> None:
    with reach.of_districts(cast.district.pk):
        moment = sent.notice.occurred_at.replace(second=20)
        Notice.objects.filter(pk=sent.notice.pk).update(occurred_at=moment)
    local = moment.astimezone(ZoneInfo("America/Detroit")).strftime("%Y-%m-%dT%H:%M")
    assert call(cast, cast.client("office"), called_at=local).status_code == 303
    with reach.of_districts(cast.district.pk):
        assert Acknowledgement.objects.get().acknowledged_at == moment


@pytest.mark.parametrize("word", ["staff", "auditor", "stranger", "captain"])
def test_others_record_no_call(cast: Cast, sent: Owed, word: str) -> None:
    assert call(cast, cast.client(word)).status_code == 404
    with reach.of_districts(cast.district.pk):
        assert not Acknowledgement.objects.exists()


def test_the_board_shows_who_said_it_by_phone_and_who_wrote_it_down(cast: Cast, sent: Owed) -> None:
    client = cast.client("office")
    call(cast, client)
    page = client.get(board_url(cast)).content.decode()
    assert "1 of 3 agencies have acknowledged" in page
    assert "555-0191, recorded by Jo Brandt" in page


def test_the_inbox_shows_captured_mail_with_its_links_in_a_trial_only(
    cast: Cast, sent: Owed, outbox: CaptureServer, settings: Any
) -> None:
    client = cast.client("staff")
    assert client.get("/inbox/").status_code == 404
    settings.CAPTURE_FOLDER, settings.EMBEDDED = str(outbox.folder), True
    assert "patrol@responders.example.org" in client.get("/inbox/").content.decode()
    number = min(int(path.stem) for path in outbox.folder.glob("*.eml"))
    message = client.get(f"/inbox/{number}/").content.decode()
    assert 'href="http://localhost:8000/ack/' in message
    assert client.get("/inbox/99999/").status_code == 404
    settings.EMBEDDED = False
    assert client.get("/inbox/").status_code == 404


def test_the_inbox_needs_a_sign_in(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.CAPTURE_FOLDER, settings.EMBEDDED = str(tmp_path), True
    assert Client().get("/inbox/").status_code == 302


def test_only_notices_with_a_failed_message_are_shown_where_todays_link_leads(
    cast: Cast, sent: Owed
) -> None:
    client = cast.client("district")
    assert "/notices/?state=failed" in client.get("/").content.decode()
    page = client.get("/notices/?state=failed").content.decode()
    assert "1 did not arrive" in page
    with reach.of_districts(cast.district.pk):
        Delivery.objects.filter(state="failed").update(state="cancelled")
    assert "Every message arrived" in client.get("/notices/?state=failed").content.decode()
    assert "/notices/?state=failed" not in client.get("/").content.decode()


def test_a_notice_says_how_many_agencies_stay_silent(cast: Cast, sent: Owed) -> None:
    client = cast.client("district")
    assert "Waits" in client.get("/notices/").content.decode()
    with reach.of_districts(cast.district.pk):
        EscalationStep.objects.filter(notice=sent.notice, agency=cast.police).update(done_at=NOW)
    page = client.get("/notices/").content.decode()
    assert "1 silent" in page
    assert "See who is silent" in page
