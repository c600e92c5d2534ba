"""Silence moves on to the next contact, in working hours, each step once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.directory.models import Agency, ResponderContact
from backend.tenancy import reach
from notifications.models import Delivery, EscalationStep, Notice
from notifications.queries import silent_agencies
from notifications.queries.recipients import hours_of
from notifications.services.acknowledging import acknowledge
from notifications.services.delivering import deliver_due
from notifications.services.escalating import escalate_due, plan_sent
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
    release,
)

NEXT_DAY = NOW + timedelta(days=1)  # Wed, Sep 9, 9:50 AM in Michigan: one working day later


@pytest.fixture
def outbox(cast: Cast, settings: Any) -> Iterator[CaptureServer]:
    register_memo()
    release(cast)
    with relay(settings) as server:
        yield server


def steps(cast: Cast, agency: Agency) -> list[EscalationStep]:
    with reach.of_districts(cast.district.pk):
        return list(EscalationStep.objects.filter(agency=agency).order_by("number"))


def later(minutes: float = 1) -> datetime:
    return NEXT_DAY + timedelta(minutes=minutes)


def test_a_message_that_went_out_has_its_next_step_as_a_row(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    deliver_due(at=NOW)
    assert steps(cast, cast.police) == []
    assert plan_sent(at=NOW) == 3
    (step,) = steps(cast, cast.police)
    assert step.contact_id == cast.contacts["night_desk"].pk
    assert abs(step.due_at - NEXT_DAY) < timedelta(seconds=5)


def test_silence_of_a_working_day_goes_to_the_next_contact(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    deliver()
    assert escalate_due(at=NOW + timedelta(hours=20)) == 0
    escalate_due(at=later())
    deliver(at=later())
    (message,) = mail_to(outbox, "night_desk")
    assert "nobody called before you" in message.text


def test_a_tick_that_runs_twice_tells_nobody_twice(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    deliver()
    escalate_due(at=later())
    assert escalate_due(at=later()) == 0
    with reach.of_districts(cast.district.pk):
        assert Delivery.objects.filter(grouping_key__startswith="escalation:").count() == 1


def test_an_acknowledgement_ends_the_chasing_of_that_agency_only(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    deliver()
    actor = cast.link_actor(link_in(mail_to(outbox, "patrol")[0], "ack"))
    acknowledge(actor=actor, choice="accepted", name="Pruitt", at=NOW + timedelta(hours=1))
    escalate_due(at=later())
    assert "night_desk" not in deliveries(cast)
    assert [step.done_at for step in steps(cast, cast.police)] == [None]
    assert steps(cast, cast.fire)[0].done_at is not None


def test_an_acknowledgement_cancels_the_chasing_that_still_waits(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    deliver()
    escalate_due(at=later())
    actor = cast.link_actor(link_in(mail_to(outbox, "patrol")[0], "ack"))
    acknowledge(actor=actor, choice="accepted", name="Pruitt", at=later())
    assert deliveries(cast)["night_desk"].state == "cancelled"


def test_a_contact_that_has_left_is_skipped_when_the_step_is_done(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    deliver()
    ResponderContact.objects.filter(pk=cast.contacts["night_desk"].pk).update(ended_at=NOW)
    escalate_due(at=later())
    assert "night_desk" not in deliveries(cast)
    assert steps(cast, cast.police)[0].action == "fallback"


def test_with_nobody_left_the_district_is_told(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    deliver()
    escalate_due(at=later())
    deliver(at=later())
    escalate_due(at=later(5) + timedelta(days=1))
    with reach.of_districts(cast.district.pk):
        silent = silent_agencies(cast.district)
    assert sorted(row.agency.name for row in silent) == sorted(
        [cast.police.name, cast.fire.name, cast.dispatch.name]
    )


def test_an_agency_that_answers_late_is_no_longer_silent(cast: Cast, outbox: CaptureServer) -> None:
    owe_memo(cast.lincoln)
    deliver()
    escalate_due(at=later())
    actor = cast.link_actor(link_in(mail_to(outbox, "captain")[0], "ack"))
    acknowledge(actor=actor, choice="accepted", name="Lindqvist", at=later(30))
    with reach.of_districts(cast.district.pk):
        assert cast.fire.pk not in {row.agency.pk for row in silent_agencies(cast.district)}


def test_a_notice_no_longer_wanted_chases_nobody(cast: Cast, outbox: CaptureServer) -> None:
    owed = owe_memo(cast.lincoln)
    deliver()
    with reach.of_districts(cast.district.pk):
        Notice.objects.filter(pk=owed.notice.pk).update(ended_at=NOW)
    assert escalate_due(at=later()) == 0
    assert len(deliveries(cast)) == 3


def test_a_standstill_of_weeks_does_each_step_once_in_order(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln, policy="signature")
    deliver()
    at = NOW + timedelta(days=25)
    for _ in range(4):
        escalate_due(at=at)
        deliver(at=at)
    patrol = mail_to(outbox, "patrol")
    assert [message.envelope.subject.startswith("Reminder") for message in patrol] == [
        False,
        True,
        True,
    ]
    assert len(mail_to(outbox, "night_desk")) == 1


def test_what_is_held_is_not_counted_as_silence(cast: Cast) -> None:
    register_memo()
    owe_memo(cast.lincoln)
    assert escalate_due(at=NOW + timedelta(days=30)) == 0
    assert steps(cast, cast.police) == []


def test_notices_of_a_kind_that_escalate_together_go_in_one_message(
    cast: Cast, outbox: CaptureServer
) -> None:
    owe_memo(cast.lincoln)
    owe_memo(cast.lincoln)
    deliver()
    escalate_due(at=later())
    deliver(at=later())
    assert len(mail_to(outbox, "night_desk")) == 1
    assert len(messages(outbox)) == 4


def test_a_table_of_hours_that_cannot_be_read_counts_as_office_hours(cast: Cast) -> None:
    cast.fire.hours = {"weekly": {"0": [["late", "early"]]}}
    saturday = datetime(2026, 9, 12, 16, 0, tzinfo=UTC)
    assert not hours_of(cast.fire).is_open(saturday)


def test_hours_of_a_contact_come_before_those_of_its_agency(cast: Cast) -> None:
    contact = cast.contacts["patrol"]
    contact.hours = {"weekly": {"5": [["08:00", "24:00"]]}}
    saturday = datetime(2026, 9, 12, 16, 0, tzinfo=UTC)
    assert hours_of(cast.police, contact).is_open(saturday)
