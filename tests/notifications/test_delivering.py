"""What is due goes out once, and only where it is still wanted."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from backend.directory.actor import SYSTEM
from backend.directory.models import (
    AcceptedAddress,
    Coverage,
    District,
    Link,
    ResponderContact,
)
from backend.directory.models.link import hash_of
from backend.tenancy import reach
from notifications.models import Attempt, Delivery, DeliveryText, Notice
from notifications.services.claiming import Try, begin, claim_due, sweep
from notifications.services.delivering import CHUNK, deliver_due
from notifications.services.preparing import prepare
from notifications.services.writing import cancel_unsent
from tests.cast import NOW, Cast
from tests.notifications.capture_server import CaptureServer
from tests.notifications.outbox import (
    deliver,
    deliveries,
    link_in,
    mail_to,
    messages,
    owe_memo,
    register_memo,
    relay,
    relay_at,
    release,
)


@pytest.fixture
def outbox(cast: Cast, settings: Any) -> Iterator[CaptureServer]:
    register_memo()
    release(cast)
    with relay(settings) as server:
        yield server


def contact_at(cast: Cast, word: str, address: str) -> None:
    """Give a contact another address and let the district accept it."""
    ResponderContact.objects.filter(pk=cast.contacts[word].pk).update(email=address)
    with reach.of_districts(cast.district.pk):
        AcceptedAddress.objects.filter(contact=cast.contacts[word]).update(address=address)


def test_the_first_contact_of_each_covering_agency_gets_one_message(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    assert deliver() == 3
    recipients = sorted(one.envelope.recipient for one in messages(outbox))
    assert [name.partition("@")[0] for name in recipients] == ["captain", "dispatcher", "patrol"]
    assert {row.state for row in deliveries(cast).values()} == {"sent"}


def test_nothing_goes_out_twice(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    deliver()
    assert deliver() == 0
    assert len(messages(outbox)) == 3


def test_a_message_carries_both_links_and_the_database_neither_token(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    deliver()
    message = mail_to(outbox, "captain")[0]
    tokens = [link_in(message, "ack"), link_in(message, "p")]
    with reach.of_districts(cast.district.pk):
        texts = [text.body for text in DeliveryText.objects.all()]
        answers = [row.answer for row in Attempt.objects.all()]
        sealed = [link.token_sealed + link.token_hash for link in Link.objects.all()]
    assert all("{{link:acknowledge}}" in text for text in texts)
    assert not [token for token in tokens for kept in texts + answers + sealed if token in kept]


def test_each_try_is_a_row_that_was_begun_and_ended(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    deliver()
    with reach.of_districts(cast.district.pk):
        tries = list(Attempt.objects.all())
    assert [(row.outcome, row.code) for row in tries] == [("sent", "2.0.0")] * 3
    assert all(row.ended_at for row in tries)


def test_a_passing_failure_is_tried_again_with_the_same_bytes(
    cast: Cast, outbox: CaptureServer
) -> None:
    contact_at(cast, "captain", "defer451-once+captain@responders.example.org")
    owe_memo(cast.lincoln)
    deliver()
    row = deliveries(cast)["captain"]
    assert (row.state, row.attempts) == ("queued", 1)
    assert row.due_at > NOW
    assert "451 4.3.0" in row.last_answer
    deliver(at=NOW + timedelta(minutes=1))
    assert deliveries(cast)["captain"].state == "sent"


def test_a_bad_address_fails_and_the_next_contact_of_the_agency_is_due(
    cast: Cast, outbox: CaptureServer
) -> None:
    contact_at(cast, "patrol", "fail550+patrol@responders.example.org")
    owed = owe_memo(cast.lincoln)
    deliver()
    assert deliveries(cast)["patrol"].state == "failed"
    with reach.of_districts(cast.district.pk):
        step = owed.notice.steps.get(agency=cast.police)
    assert (step.action, step.contact_id) == ("contact", cast.contacts["night_desk"].pk)
    assert step.due_at - NOW < timedelta(seconds=5)


def test_a_refusal_of_us_is_held_for_a_person_and_blames_no_address(
    cast: Cast, outbox: CaptureServer
) -> None:
    contact_at(cast, "captain", "policy550+captain@responders.example.org")
    owe_memo(cast.lincoln)
    deliver()
    row = deliveries(cast)["captain"]
    assert (row.state, row.held_because) == ("held", "refused")


def test_an_unknown_outcome_is_counted_and_held_after_three(
    cast: Cast, outbox: CaptureServer
) -> None:
    contact_at(cast, "captain", "dropafter+captain@responders.example.org")
    owe_memo(cast.lincoln)
    for minutes in (0, 10, 20):
        deliver(at=NOW + timedelta(minutes=minutes))
    row = deliveries(cast)["captain"]
    assert (row.state, row.held_because, row.unknown_outcomes) == ("held", "unknown", 3)
    ids = {one.message_id for one in messages(outbox) if "captain" in one.envelope.recipient}
    assert len(ids) == 1


def test_what_cannot_be_sent_in_time_expires(cast: Cast, outbox: CaptureServer) -> None:
    contact_at(cast, "captain", "defer451+captain@responders.example.org")
    owe_memo(cast.lincoln)
    with reach.of_districts(cast.district.pk):
        Delivery.objects.update(expires_at=NOW + timedelta(seconds=1))
    deliver()
    assert deliveries(cast)["captain"].state == "expired"


def test_a_message_no_longer_wanted_is_cancelled_at_the_claim(
    cast: Cast, outbox: CaptureServer
) -> None:
    owed = owe_memo(cast.lincoln)
    with reach.of_districts(cast.district.pk):
        Notice.objects.filter(pk=owed.notice.pk).update(ended_at=NOW)
    deliver()
    assert {row.state for row in deliveries(cast).values()} == {"cancelled"}
    assert messages(outbox) == []


def test_ending_a_subject_cancels_what_still_waits(cast: Cast, outbox: CaptureServer) -> None:
    owed = owe_memo(cast.lincoln)
    with reach.of_districts(cast.district.pk):
        number = cancel_unsent(subject_id=owed.notice.subject_id, actor=SYSTEM, at=NOW)
    assert number == 3
    assert deliver() == 0


def test_an_agency_that_no_longer_covers_the_campus_is_not_told(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    with reach.of_districts(cast.district.pk):
        Coverage.objects.filter(agency=cast.fire).update(ends_on="2026-01-01")
    deliver()
    assert deliveries(cast)["captain"].state == "cancelled"
    assert len(messages(outbox)) == 2


def test_an_address_that_the_agency_changed_is_held_until_accepted(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    ResponderContact.objects.filter(pk=cast.contacts["captain"].pk).update(email="new@example.org")
    deliver()
    row = deliveries(cast)["captain"]
    assert (row.state, row.held_because) == ("held", "address")
    assert "new@example.org" in row.last_answer


def test_a_subject_that_fails_holds_its_own_message_and_no_other(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln, wording={"version": 1, "raises": True}, kind="memo.broken")
    owe_memo(cast.lincoln)
    deliver()
    with reach.of_districts(cast.district.pk):
        broken = Delivery.objects.filter(grouping_key="memo.broken")
        assert {row.held_because for row in broken} == {"unwritten"}
    assert len(messages(outbox)) == 3


def test_urgent_messages_go_first(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    owe_memo(cast.lincoln, kind="memo.urgent", urgent=True, at=NOW + timedelta(minutes=5))
    claims = claim_due(limit=4, at=NOW)
    assert [claim.priority for claim in claims] == [1, 1, 1, 5]


def test_an_unreachable_relay_uses_up_no_attempt(cast: Cast, settings: Any) -> None:
    register_memo()
    release(cast)
    owe_memo(cast.lincoln)
    with relay_at(settings, 1):
        deliver()
    rows = deliveries(cast).values()
    assert {(row.state, row.attempts) for row in rows} == {("queued", 0)}
    with reach.of_districts(cast.district.pk):
        assert not Attempt.objects.exists()


def test_the_breaker_leaves_a_dead_relay_alone(cast: Cast, settings: Any) -> None:
    register_memo()
    release(cast)
    owe_memo(cast.lincoln)
    with relay_at(settings, 1):
        claimed = [deliver() for _ in range(7)]
        probe = deliver(at=NOW + timedelta(seconds=31))
    assert claimed == [3, 3, 3, 3, 3, 0, 0]
    assert probe == 1


def test_a_lease_that_ran_out_is_due_again(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    claim_due(limit=10, at=NOW)
    expire_leases(cast)
    assert sweep(at=NOW) == 3
    assert {row.state for row in deliveries(cast).values()} == {"queued"}
    assert {row.unknown_outcomes for row in deliveries(cast).values()} == {0}


def test_a_try_without_an_end_counts_as_unknown(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    for claim in claim_due(limit=10, at=NOW):
        with reach.of_districts(cast.district.pk):
            Attempt.objects.create(
                district=cast.district,
                delivery_id=claim.delivery_id,
                fence=claim.fence,
                started_at=NOW,
            )
    expire_leases(cast)
    sweep(at=NOW)
    assert {row.unknown_outcomes for row in deliveries(cast).values()} == {1}
    with reach.of_districts(cast.district.pk):
        assert {row.outcome for row in Attempt.objects.all()} == {"unknown"}


def test_what_ends_three_workers_before_any_try_is_held(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    for _ in range(3):
        claim_due(limit=10, at=NOW)
        expire_leases(cast)
        sweep(at=NOW)
    assert {row.held_because for row in deliveries(cast).values()} == {"unknown"}


def test_a_worker_whose_lease_passed_to_another_holds_nothing(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    paused = claim_due(limit=10, at=NOW)
    expire_leases(cast)
    sweep(at=NOW)
    claim_due(limit=10, at=NOW)
    with reach.of_districts(cast.district.pk):
        assert begin([Try(one, uuid4()) for one in paused], at=NOW) == {}
        assert not Attempt.objects.exists()


def test_two_claims_share_nothing(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    first, second = claim_due(limit=2, at=NOW), claim_due(limit=2, at=NOW)
    assert len({claim.delivery_id for claim in first + second}) == 3


def owe_to_many(cast: Cast, number: int, word: str = "engine") -> None:
    """Owe one notice to so many contacts of the fire department."""
    contacts = ResponderContact.objects.bulk_create(
        ResponderContact(
            agency=cast.fire,
            name=f"{word} {n}",
            order=10,
            email=f"{word}+{n}@responders.example.org",
        )
        for n in range(number)
    )
    with reach.of_districts(cast.district.pk):
        AcceptedAddress.objects.bulk_create(
            AcceptedAddress(district=cast.district, contact=one, address=one.email)
            for one in contacts
        )
    owe_memo(cast.lincoln, contacts=contacts, policy="")


def test_a_queue_of_several_chunks_goes_out_in_one_round(cast: Cast, outbox: CaptureServer) -> None:
    owe_to_many(cast, 2 * CHUNK + 30)
    assert deliver_due(at=NOW) == 2 * CHUNK + 30
    assert len({one.message_id for one in messages(outbox)}) == 2 * CHUNK + 30
    with reach.of_districts(cast.district.pk):
        assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}
        assert set(Attempt.objects.values_list("outcome", flat=True)) == {"sent"}
        assert Attempt.objects.count() == 2 * CHUNK + 30


def test_a_round_claims_no_more_than_it_was_told(cast: Cast, outbox: CaptureServer) -> None:
    owe_to_many(cast, 30)
    assert deliver_due(at=NOW, limit=20) == 20
    assert len(messages(outbox)) == 20


def test_each_recipient_of_one_text_gets_links_of_its_own(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_to_many(cast, 12)
    deliver_due(at=NOW)
    came = messages(outbox)
    assert len({link_in(one, "ack") for one in came}) == 12
    assert len({link_in(one, "p") for one in came}) == 12
    with reach.of_districts(cast.district.pk):
        hashes = set(Link.objects.values_list("token_hash", flat=True))
    tokens = {link_in(one, kind) for one in came for kind in ("ack", "p")}
    assert {hash_of(token) for token in tokens} == hashes


def test_a_link_made_before_is_sent_again(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    deliver()
    owe_memo(cast.lincoln, kind="memo.again", at=NOW)
    deliver()
    first, second = mail_to(outbox, "captain")
    assert link_in(first, "p") == link_in(second, "p")
    assert link_in(first, "ack") != link_in(second, "ack")


def test_a_retry_sends_the_bytes_of_the_first_try(cast: Cast, outbox: CaptureServer) -> None:
    contact_at(cast, "captain", "dropafter-once+captain@responders.example.org")
    owe_memo(cast.lincoln)
    deliver()
    with reach.of_districts(cast.district.pk):
        District.objects.filter(pk=cast.district.pk).update(answering_phone="555-0199")
    deliver(at=NOW + timedelta(minutes=10))
    first, second = (one for one in messages(outbox) if "captain" in one.envelope.recipient)
    assert first.content == second.content


def test_more_recipients_take_no_more_statements(cast: Cast, outbox: CaptureServer) -> None:
    taken = []
    for number in (5, 50):
        owe_to_many(cast, number, f"crew{number}")
        claims = claim_due(limit=number, at=NOW)
        with reach.of_districts(cast.district.pk), CaptureQueriesContext(connection) as queries:
            assert len(prepare(claims, at=NOW)) == number
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_a_breaker_that_opens_gives_back_what_was_not_tried(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_to_many(cast, 60, "drop")
    assert deliver_due(at=NOW) == 60
    with reach.of_districts(cast.district.pk):
        never_tried = Delivery.objects.filter(state="queued", attempts=0)
        tried = Delivery.objects.filter(state="queued", attempts=1)
        assert tried.count() >= 5
        assert never_tried.count() > 0
        assert never_tried.count() + tried.count() == 60
        assert set(Attempt.objects.values_list("delivery_id", flat=True)) == set(
            tried.values_list("pk", flat=True)
        )
        assert set(Attempt.objects.values_list("outcome", flat=True)) == {"passing"}


def expire_leases(cast: Cast) -> None:
    with reach.of_districts(cast.district.pk):
        Delivery.objects.filter(state="sending").update(lease_until=Now() - timedelta(seconds=1))
