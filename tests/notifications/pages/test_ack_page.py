"""`/ack/<token>/`: looking changes nothing, a choice and a press do."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.directory.models import Link
from backend.tenancy import reach
from notifications.models import Acknowledgement, Delivery
from tests.cast import Cast
from tests.notifications.outbox import (
    deliver,
    deliveries,
    link_in,
    mail_to,
    owe_memo,
    register_memo,
    relay,
    release,
)


@pytest.fixture
def address(cast: Cast, settings: Any) -> Iterator[str]:
    """Return the captain's link, sent an hour ago."""
    register_memo()
    an_hour_ago = timezone.now() - timedelta(hours=1)
    release(cast, at=an_hour_ago)
    with relay(settings) as server:
        owe_memo(cast.lincoln, at=an_hour_ago)
        deliver(at=an_hour_ago)
        yield f"/ack/{link_in(mail_to(server, 'captain')[0], 'ack')}/"


def count(cast: Cast) -> int:
    with reach.of_districts(cast.district.pk):
        return Acknowledgement.objects.count()


def test_looking_changes_nothing(cast: Cast, address: str) -> None:
    for method in ("get", "head"):
        assert getattr(Client(), method)(address).status_code == 200
    assert count(cast) == 0
    assert deliveries(cast)["captain"].state == "sent"


def test_the_page_says_what_was_sent_and_no_answer_is_chosen(cast: Cast, address: str) -> None:
    page = Client().get(address).content.decode()
    assert "Lincoln High School: version 8." in page
    assert "Capt. Rosa Lindqvist" in page
    assert "checked" not in page


def test_a_button_opens_the_packet_before_and_after_the_answer(cast: Cast, address: str) -> None:
    client = Client()
    button = re.compile(
        r'<a class="button[^"]*" href="[^"]*(/p/[^"]+/)">Open the packet of Lincoln'
    )
    before = button.search(client.get(address).content.decode())
    client.post(address, {"choice": "accepted", "name": "Lindqvist"})
    after = button.search(client.get(address).content.decode())
    assert before
    assert after
    assert before[1] == after[1]


def test_looking_makes_no_second_link(cast: Cast, address: str) -> None:
    with reach.of_districts(cast.district.pk):
        before = Link.objects.count()
    Client().get(address)
    with reach.of_districts(cast.district.pk):
        assert Link.objects.count() == before


def test_the_page_is_kept_by_no_cache_and_tells_no_other_site(cast: Cast, address: str) -> None:
    response = Client().get(address)
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]


def test_a_prefetch_is_refused(cast: Cast, address: str) -> None:
    response = Client().get(address, headers={"Sec-Purpose": "prefetch;prerender"})
    assert response.status_code == 403
    assert response.content == b""


def test_a_choice_and_a_press_acknowledge(cast: Cast, address: str) -> None:
    client = Client()
    response = client.post(address, {"choice": "accepted", "name": "Lindqvist"})
    assert (response.status_code, response["Location"]) == (303, address)
    page = client.get(address).content.decode()
    assert count(cast) == 1
    assert "Thank you" in page
    assert "Lindqvist" in page
    assert "/p/" in page


def test_a_robot_that_presses_without_choosing_acknowledges_nothing(
    cast: Cast, address: str
) -> None:
    response = Client().post(address, {"name": "Capt. Rosa Lindqvist"})
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    assert count(cast) == 0


def test_a_problem_needs_words_and_keeps_what_was_typed(cast: Cast, address: str) -> None:
    response = Client().post(address, {"choice": "exception", "name": "Lindqvist <b>"})
    assert response.status_code == 422
    assert "what the problem is" in response.content.decode()
    assert "Lindqvist &lt;b&gt;" in response.content.decode()
    assert count(cast) == 0


def test_a_second_person_is_told_who_was_first(cast: Cast, address: str) -> None:
    Client().post(address, {"choice": "accepted", "name": "Lindqvist"})
    client = Client()
    response = client.post(address, {"choice": "accepted", "name": "Driver"}, follow=True)
    assert "Lindqvist of your agency was first" in response.content.decode()
    assert count(cast) == 1


def test_a_press_within_seconds_asks_for_another(cast: Cast, address: str) -> None:
    with reach.of_districts(cast.district.pk):
        Delivery.objects.update(sent_at=timezone.now())
    client = Client()
    client.post(address, {"choice": "accepted", "name": "scanner"})
    assert "Press once more" in client.get(address).content.decode()
    assert deliveries(cast)["captain"].state == "sent"


def test_an_ended_link_names_a_number_that_answers(cast: Cast, address: str) -> None:
    with reach.of_districts(cast.district.pk):
        Link.objects.update(ended_at=timezone.now())
    response = Client().get(address)
    assert response.status_code == 410
    assert "tel:" in response.content.decode()
    assert "555-0100" in response.content.decode()


def test_a_token_that_never_was_is_nowhere(cast: Cast, address: str) -> None:
    assert Client().get("/ack/nothing-of-the-kind/").status_code == 404


def test_a_packet_link_acknowledges_nothing(cast: Cast, address: str) -> None:
    token = cast.link("night_desk", cast.lincoln)
    assert Client().get(f"/ack/{token}/").status_code == 404
