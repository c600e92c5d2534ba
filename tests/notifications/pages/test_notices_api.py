"""Everything of the pages, for programs, through the same gate."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from backend.tenancy import reach
from notifications.models import Acknowledgement
from notifications.services.writing import Owed
from tests.cast import Cast
from tests.notifications.outbox import (
    deliver,
    deliveries,
    owe_memo,
    register_memo,
    relay,
    release,
)


@pytest.fixture
def sent(cast: Cast, settings: Any) -> Iterator[Owed]:
    register_memo()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    release(cast, at=an_hour_ago)
    with relay(settings):
        owed = owe_memo(cast.lincoln, at=an_hour_ago)
        deliver(at=an_hour_ago)
        yield owed


def send(client: Client, path: str, body: dict[str, Any], key: str = "") -> Any:
    client.get("/notices/")
    headers = {"Idempotency-Key": key or str(uuid4())}
    return client.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def names(client: Client, path: str) -> list[dict[str, Any]]:
    response = client.get(f"/api/v1/{path}")
    assert response.status_code == 200, response.content
    return list(response.json()["results"])


def test_a_member_reads_notices_with_their_deliveries(cast: Cast, sent: Owed) -> None:
    client = cast.client("principal")
    assert [row["id"] for row in names(client, "notices/")] == [str(sent.notice.pk)]
    rows = names(client, f"deliveries/?notice={sent.notice.pk}&state=sent")
    assert len(rows) == 3
    assert {tuple(row["notices"]) for row in rows} == {(str(sent.notice.pk),)}


def test_an_agency_reads_only_its_own_deliveries(cast: Cast, sent: Owed) -> None:
    client = cast.client("captain")
    rows = names(client, "deliveries/")
    assert [row["agency"] for row in rows] == [str(cast.fire.pk)]
    assert names(client, "notices/") == []
    theirs = deliveries(cast)["patrol"].pk
    assert client.get(f"/api/v1/deliveries/{theirs}/").status_code == 404


@pytest.mark.parametrize("word", ["stranger", "principal_elsewhere", "uncovering"])
def test_others_read_nothing(cast: Cast, sent: Owed, word: str) -> None:
    client = cast.client(word)
    for path in ("notices/", "deliveries/", "acknowledgements/"):
        response = client.get(f"/api/v1/{path}")
        assert response.status_code in {200, 404}
        assert response.json().get("results", []) == []
    assert client.get(f"/api/v1/notices/{sent.notice.pk}/").status_code == 404


def test_a_responder_acknowledges_once_per_key(cast: Cast, sent: Owed) -> None:
    client, key = cast.client("captain"), str(uuid4())
    path = f"deliveries/{deliveries(cast)['captain'].pk}/acknowledge/"
    body = {"choice": "accepted", "name": "Lindqvist"}
    first, again = (send(client, path, body, key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert again["Idempotent-Replay"] == "true"
    assert first.json()["acknowledgements"][0]["how"] == "api"
    with reach.of_districts(cast.district.pk):
        assert Acknowledgement.objects.count() == 1


def test_a_call_without_a_key_is_refused(cast: Cast, sent: Owed) -> None:
    client = cast.client("captain")
    response = client.post(
        f"/api/v1/deliveries/{deliveries(cast)['captain'].pk}/acknowledge/",
        {"choice": "accepted", "name": "L"},
        content_type="application/json",
    )
    assert response.status_code == 400
    assert response.json()["code"] == "idempotency_key_missing"


def test_another_agency_or_a_member_acknowledges_nothing(cast: Cast, sent: Owed) -> None:
    path = f"deliveries/{deliveries(cast)['captain'].pk}/acknowledge/"
    for word in ("patrol", "principal", "stranger"):
        response = send(cast.client(word), path, {"choice": "accepted", "name": "x"})
        assert response.status_code == 404
    with reach.of_districts(cast.district.pk):
        assert not Acknowledgement.objects.exists()


def test_office_records_a_call_that_the_agency_disputes(cast: Cast, sent: Owed) -> None:
    told = {
        "agency": str(cast.fire.pk),
        "said_by": "Driver 2",
        "line_called": "555-0191",
        "called_at": timezone.now().isoformat(),
    }
    path = f"notices/{sent.notice.pk}/record-phone-call/"
    recorded = send(cast.client("office"), path, told)
    assert recorded.status_code == 201, recorded.content
    captain = cast.client("captain")
    assert len(names(captain, "acknowledgements/")) == 1
    path = f"acknowledgements/{recorded.json()['id']}/dispute/"
    disputed = send(captain, path, {"name": "Lindqvist"})
    assert disputed.status_code == 200, disputed.content
    assert disputed.json()["disputed_by"] == "Lindqvist"


def test_a_channel_is_released_by_a_district_administrator_only(cast: Cast) -> None:
    body = {"district": str(cast.district.pk), "channel": "email"}
    assert send(cast.client("principal"), "channel-releases/", body).status_code == 403
    assert send(cast.client("stranger"), "channel-releases/", body).status_code == 404
    administrator = cast.client("district")
    assert send(administrator, "channel-releases/", body).status_code == 201
    assert [row["channel"] for row in names(administrator, "channel-releases/")] == ["email"]


def test_nobody_is_asked_to_sign_in(cast: Cast) -> None:
    assert Client().get("/api/v1/notices/").status_code == 401
