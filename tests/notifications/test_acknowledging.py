"""First press counts, the second is told who was first; a mail scanner ends no chasing."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from backend.audit.models import AuditEvent
from backend.directory.actor import Actor
from backend.problems import BadInput, NotFound
from backend.tenancy import reach
from notifications.models import Acknowledgement
from notifications.services.acknowledging import acknowledge, dispute
from notifications.services.escalating import escalate_due
from notifications.services.phone_calls import record_phone_call
from notifications.services.writing import Owed
from tests.cast import NOW, Cast
from tests.notifications import outbox as support
from tests.notifications.capture_server import CaptureServer
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

SOON = NOW + timedelta(hours=1)


@pytest.fixture
def outbox(cast: Cast, settings: Any) -> Iterator[CaptureServer]:
    register_memo()
    release(cast)
    with relay(settings) as server:
        yield server


@pytest.fixture
def owed(cast: Cast, outbox: CaptureServer) -> Owed:
    owed = owe_memo(cast.lincoln)
    deliver()
    return owed


def link_actor(cast: Cast, outbox: CaptureServer, word: str) -> Actor:
    return cast.link_actor(link_in(mail_to(outbox, word)[0], "ack"))


def rows(cast: Cast) -> list[Acknowledgement]:
    with reach.of_districts(cast.district.pk):
        return list(Acknowledgement.objects.order_by("pk"))


def test_a_press_by_link_is_one_row_and_moves_the_delivery(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    actor = link_actor(cast, outbox, "captain")
    acknowledge(actor=actor, choice="accepted", name="Lindqvist", at=SOON)
    (row,) = rows(cast)
    assert (row.contact_id, row.how, row.said_by) == (
        cast.contacts["captain"].pk,
        "link",
        "Lindqvist",
    )
    assert deliveries(cast)["captain"].state == "acknowledged"
    assert support.acknowledged == [(owed.notice.pk, row.pk)]


def test_a_second_press_changes_nothing_and_is_told_who_was_first(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    actor = link_actor(cast, outbox, "captain")
    acknowledge(actor=actor, choice="accepted", name="Lindqvist", at=SOON)
    again = acknowledge(actor=actor, choice="accepted", name="Somebody else", at=SOON)
    assert again.first is not None
    assert again.first.said_by == "Lindqvist"
    assert [row.said_by for row in rows(cast)] == ["Lindqvist"]
    with reach.of_districts(cast.district.pk):
        assert AuditEvent.objects.filter(action="notice.acknowledged").count() == 2


def test_a_link_acknowledges_only_what_it_was_sent_for(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    other = deliveries(cast)["captain"].pk
    with pytest.raises(NotFound):
        acknowledge(
            actor=link_actor(cast, outbox, "patrol"),
            choice="accepted",
            name="Pruitt",
            at=SOON,
            delivery_id=other,
        )


def test_a_packet_link_acknowledges_nothing(cast: Cast, outbox: CaptureServer, owed: Owed) -> None:
    actor = cast.link_actor(link_in(mail_to(outbox, "captain")[0], "p"))
    with pytest.raises(NotFound):
        acknowledge(
            actor=actor,
            choice="accepted",
            name="Lindqvist",
            at=SOON,
            delivery_id=deliveries(cast)["captain"].pk,
        )


def test_an_agency_member_acknowledges_what_was_addressed_to_the_agency(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    captain = cast.actor("captain")
    mine, theirs = deliveries(cast)["captain"].pk, deliveries(cast)["patrol"].pk
    acknowledge(
        actor=captain, choice="accepted", name="L", at=SOON, delivery_id=mine, how="account"
    )
    with pytest.raises(NotFound):
        acknowledge(actor=captain, choice="accepted", name="L", at=SOON, delivery_id=theirs)
    assert [row.how for row in rows(cast)] == ["account"]


def test_an_agency_that_does_not_cover_the_campus_is_told_there_is_nothing(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    with pytest.raises(NotFound):
        acknowledge(
            actor=cast.actor("uncovering"),
            choice="accepted",
            name="Holt",
            at=SOON,
            delivery_id=deliveries(cast)["captain"].pk,
        )


@pytest.mark.parametrize(
    ("choice", "name", "note", "where"),
    [
        ("", "Lindqvist", "", "choice"),
        ("maybe", "Lindqvist", "", "choice"),
        ("accepted", "  ", "", "name"),
        ("exception", "Lindqvist", " ", "note"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_written(
    cast: Cast, outbox: CaptureServer, owed: Owed, choice: str, name: str, note: str, where: str
) -> None:
    actor = link_actor(cast, outbox, "captain")
    with pytest.raises(BadInput) as refused:
        acknowledge(actor=actor, choice=choice, name=name, note=note, at=SOON)
    assert refused.value.where == where
    assert rows(cast) == []


def test_one_press_answers_every_notice_of_a_message_with_exceptions(
    cast: Cast, outbox: CaptureServer
) -> None:
    notices = [owe_memo(cast.lincoln, batch="b").notice for _ in range(3)]
    deliver()
    acknowledge(
        actor=link_actor(cast, outbox, "captain"),
        choice="exception",
        name="Lindqvist",
        note="The key box code is the old one.",
        exceptions=[notices[1].pk],
        at=SOON,
    )
    answers = {row.notice_id: row.answer for row in rows(cast)}
    assert [answers[notice.pk] for notice in notices] == ["accepted", "exception", "accepted"]


def test_an_exception_must_name_a_notice_of_the_message(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    with pytest.raises(BadInput, match="not in this message"):
        acknowledge(
            actor=link_actor(cast, outbox, "captain"),
            choice="exception",
            name="Lindqvist",
            note="Wrong school.",
            exceptions=[uuid4()],
            at=SOON,
        )


def test_a_press_within_ten_seconds_is_unconfirmed_and_chasing_goes_on(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    actor = link_actor(cast, outbox, "patrol")
    acknowledge(actor=actor, choice="accepted", name="x", at=NOW + timedelta(seconds=8))
    assert [row.is_unconfirmed for row in rows(cast)] == [True]
    assert deliveries(cast)["patrol"].state == "sent"
    assert support.acknowledged == []
    escalate_due(at=NOW + timedelta(days=1, minutes=1))
    assert "night_desk" in deliveries(cast)


def test_a_later_press_confirms_one_that_came_too_fast(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    actor = link_actor(cast, outbox, "patrol")
    acknowledge(actor=actor, choice="accepted", name="x", at=NOW + timedelta(seconds=8))
    acknowledge(actor=actor, choice="accepted", name="Pruitt", at=SOON)
    (row,) = rows(cast)
    assert (row.is_unconfirmed, row.said_by, row.acknowledged_at) == (False, "Pruitt", SOON)
    assert deliveries(cast)["patrol"].state == "acknowledged"


def phone_call(cast: Cast, owed: Owed, by: str = "office", **more: Any) -> Acknowledgement:
    actor = cast.actor(by)
    with reach.of_districts(cast.district.pk):
        return record_phone_call(
            **{
                "notice_id": owed.notice.pk,
                "agency_id": cast.dispatch.pk,
                "said_by": "Operator 214",
                "line_called": "555-0191",
                "called_at": NOW + timedelta(minutes=10),
                "actor": actor,
                "at": SOON,
                **more,
            }
        )


def test_a_phone_call_counts_and_shows_who_wrote_it_down(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    row = phone_call(cast, owed)
    assert (row.how, row.contact_id, row.recorded_by) == ("phone", None, "Jo Brandt")
    escalate_due(at=NOW + timedelta(days=1, minutes=1))
    with reach.of_districts(cast.district.pk):
        step = owed.notice.steps.get(agency=cast.dispatch)
    assert (step.done_at, step.ended_at) == (None, SOON)


def test_a_phone_call_sent_twice_is_written_once(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    assert phone_call(cast, owed).pk == phone_call(cast, owed).pk
    deliver(at=SOON)
    assert len(mail_to(outbox, "dispatcher")) == 2


def test_staff_may_not_record_a_phone_call(cast: Cast, outbox: CaptureServer, owed: Owed) -> None:
    with pytest.raises(NotFound):
        phone_call(cast, owed, by="staff")
    assert rows(cast) == []


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"said_by": " "}, "said_by"),
        ({"line_called": ""}, "line_called"),
        ({"called_at": SOON + timedelta(minutes=1)}, "called_at"),
        ({"called_at": NOW - timedelta(days=1)}, "called_at"),
    ],
)
def test_a_phone_call_that_cannot_be_is_refused(
    cast: Cast, outbox: CaptureServer, owed: Owed, more: dict[str, Any], where: str
) -> None:
    with pytest.raises(BadInput) as refused:
        phone_call(cast, owed, **more)
    assert refused.value.where == where


def test_an_agency_that_was_not_told_cannot_have_acknowledged(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    with pytest.raises(BadInput, match="told nothing"):
        phone_call(cast, owed, agency_id=cast.uncovering.pk)


def test_the_agency_disputes_by_the_link_of_its_copy_and_chasing_goes_on(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    call = phone_call(cast, owed)
    deliver(at=SOON)
    copy = mail_to(outbox, "dispatcher")[-1]
    assert "Operator 214" in copy.text
    acknowledge(
        actor=cast.link_actor(link_in(copy, "ack")),
        choice="exception",
        name="Day supervisor",
        note="There is no operator 214.",
        at=SOON + timedelta(minutes=5),
    )
    row = next(row for row in rows(cast) if row.pk == call.pk)
    assert row.disputed_by == "Day supervisor"
    with reach.of_districts(cast.district.pk):
        assert owed.notice.steps.filter(agency=cast.dispatch, ended_at=None).exists()


def test_an_agency_member_disputes_what_was_recorded_for_the_agency(
    cast: Cast, outbox: CaptureServer, owed: Owed
) -> None:
    call = phone_call(cast, owed, agency_id=cast.fire.pk)
    row = dispute(
        acknowledgement_id=call.pk, actor=cast.actor("captain"), name="L", note="", at=SOON
    )
    assert row.disputed_at == SOON
    with pytest.raises(NotFound):
        dispute(acknowledgement_id=call.pk, actor=cast.actor("patrol"), name="P", note="", at=SOON)
