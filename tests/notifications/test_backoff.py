"""When to try again, what an answer means, and when a relay is left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.policy.backoff import Breaker, Outcome, Stage, classify, next_try

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
LATER = AT + timedelta(days=2)


@given(st.integers(0, 60), st.text(min_size=1, max_size=40))
def test_each_wait_is_within_a_fifth_of_its_place_in_the_schedule(failures, seed):
    schedule = [0, 5, 20, 60, 180, 600, 1800]
    wanted = schedule[failures] if failures < 7 else 3600
    due = next_try(failures, at=AT, expires=LATER, seed=seed)
    assert due is not None
    assert abs((due - AT).total_seconds() - wanted) <= wanted * 0.2 + 1e-6


def test_the_same_seed_gives_the_same_moment_and_others_spread():
    tries = {next_try(3, at=AT, expires=LATER, seed=str(n)) for n in range(50)}
    assert next_try(3, at=AT, expires=LATER, seed="7") in tries
    assert len(tries) > 40


def test_nothing_is_tried_past_expiry():
    assert next_try(7, at=AT, expires=AT + timedelta(minutes=40), seed="a") is None


@pytest.mark.parametrize(
    ("code", "text", "stage", "outcome"),
    [
        (250, "2.0.0 Ok: queued as 4F1", Stage.CONTENT, Outcome.SENT),
        (421, "4.7.0 Too many connections", Stage.CONNECT, Outcome.PASSING),
        (450, "4.2.0 Greylisted", Stage.RECIPIENT, Outcome.PASSING),
        (452, "4.2.2 Mailbox full", Stage.RECIPIENT, Outcome.PASSING),
        (550, "5.1.1 User unknown", Stage.RECIPIENT, Outcome.PERMANENT),
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound", Stage.RECIPIENT, Outcome.PERMANENT),
        (550, "5.4.1 Recipient address rejected: Access denied", Stage.RECIPIENT, "permanent"),
        (550, "5.4.1 No answer from host", Stage.RECIPIENT, Outcome.SENDER_FAULT),
        (550, "5.4.4 Host or domain name not found", Stage.RECIPIENT, Outcome.PERMANENT),
        (550, "No such user here", Stage.RECIPIENT, Outcome.PERMANENT),
        (550, "Rejected as spam", Stage.RECIPIENT, Outcome.SENDER_FAULT),
        (550, "5.7.26 unauthenticated: SPF and DKIM failed", Stage.CONTENT, "sender_fault"),
        (550, "5.7.606 Access denied, banned sending IP", Stage.RECIPIENT, Outcome.SENDER_FAULT),
        (554, "Relay access denied", Stage.RECIPIENT, Outcome.SENDER_FAULT),
        (552, "5.2.2 Mailbox full", Stage.RECIPIENT, Outcome.PASSING),
        (552, "Mailbox full", Stage.RECIPIENT, Outcome.PASSING),
        (552, "5.3.4 Message too big", Stage.SENDER, Outcome.SENDER_FAULT),
        (552, "Message size exceeds fixed maximum", Stage.CONTENT, Outcome.SENDER_FAULT),
        (550, "5.2.1 Mailbox disabled", Stage.RECIPIENT, Outcome.PASSING),
        (554, "5.6.0 Content refused", Stage.CONTENT, Outcome.SENDER_FAULT),
        (535, "5.7.8 Authentication failed", Stage.CONNECT, Outcome.SENDER_FAULT),
        (550, "4.4.7 Delayed", Stage.RECIPIENT, Outcome.PASSING),
        (-1, "garbage", Stage.SENDER, Outcome.PASSING),
        (-1, "garbage", Stage.CONTENT, Outcome.UNKNOWN),
    ],
)
def test_an_answer_has_one_meaning(code, text, stage, outcome):
    assert classify(code, text, stage=stage).outcome == outcome


@given(st.integers(500, 599), st.integers(0, 999), st.sampled_from(list(Stage)))
def test_policy_and_content_refusals_never_blame_the_address(code, detail, stage):
    for subject in (6, 7):
        answer = classify(code, f"5.{subject}.{detail} no such user", stage=stage)
        assert answer.outcome is Outcome.SENDER_FAULT


def test_an_address_in_the_words_is_no_enhanced_code():
    answer = classify(550, "from 5.9.1.77 blocked", stage=Stage.RECIPIENT)
    assert answer.enhanced_code is None


def test_the_words_of_an_answer_are_one_short_line():
    answer = classify(550, "5.1.1 no\r\nsuch\x00user" + "x" * 900, stage=Stage.RECIPIENT)
    assert answer.text.startswith("5.1.1 no such user")
    assert len(answer.text) == 500


def opened(at: datetime = AT) -> Breaker:
    breaker = Breaker()
    for _ in range(5):
        breaker = breaker.after(Outcome.PASSING, at)
    return breaker


def test_five_passing_failures_in_a_row_open_the_breaker():
    breaker = Breaker()
    for _ in range(4):
        breaker = breaker.after(Outcome.PASSING, AT)
    assert breaker.allows(AT)
    assert not breaker.after(Outcome.UNKNOWN, AT).allows(AT)


def test_more_than_half_of_twenty_open_the_breaker():
    breaker = Breaker()
    for _ in range(9):
        breaker = breaker.after(Outcome.PASSING, AT).after(Outcome.SENT, AT)
    breaker = breaker.after(Outcome.PASSING, AT).after(Outcome.PASSING, AT)
    assert breaker.is_open


def test_refused_addresses_do_not_open_the_breaker():
    breaker = Breaker()
    for _ in range(40):
        breaker = breaker.after(Outcome.PERMANENT, AT).after(Outcome.SENDER_FAULT, AT)
    assert not breaker.is_open


def test_an_open_breaker_lets_one_probe_through_after_half_a_minute():
    at = AT + timedelta(seconds=30)
    assert not opened().allows(at - timedelta(seconds=1))
    assert opened().allows(at)
    assert not opened().probing(at).allows(at)


def test_failed_probes_come_ever_later_up_to_five_minutes():
    breaker, at, pauses = opened(), AT, []
    for _ in range(6):
        assert breaker.probe_at is not None
        pauses.append((breaker.probe_at - at).total_seconds())
        at = breaker.probe_at
        breaker = breaker.probing(at).after(Outcome.PASSING, at)
    assert pauses == [30, 60, 120, 240, 300, 300]


def test_a_probe_that_is_answered_closes_the_breaker():
    at = AT + timedelta(seconds=30)
    assert opened().probing(at).after(Outcome.SENT, at) == Breaker()
