"""People of the district are told by mail what is theirs, at its moment, once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from drills.models import AfterActionReview, Drill, EntryKind
from drills.queries.evidence_words import evidence_page
from drills.services import real_emergency, reminding, reviewing, running
from notifications.models import Delivery, Notice
from tests.cast import Cast
from tests.drills.holding import (
    STARTS,
    acting,
    cleared,
    entry,
    fresh,
    held,
    in_district,
    member,
    scheduled,
    send,
)
from tests.notifications import outbox

MINUTE = timedelta(minutes=1)
MORNING = datetime(2026, 9, 15, 10, 31, tzinfo=UTC)  # 6:31 AM in Michigan


def remind(cast: Cast, at: datetime) -> int:
    with in_district(cast):
        return reminding.remind(at=at)


def told(cast: Cast) -> list[tuple[str, str]]:
    with in_district(cast):
        rows = Delivery.objects.filter(user__isnull=False).order_by("pk")
        return [(row.lines.get().notice.kind, row.recipient) for row in rows]


def test_the_conductor_reads_of_the_drill_in_the_morning_once(cast: Cast) -> None:
    scheduled(cast, conductor=member(cast, "sro"), alternate=member(cast, "principal"))
    assert remind(cast, MORNING - 2 * MINUTE) == 0
    assert remind(cast, MORNING) == 1
    assert remind(cast, MORNING + MINUTE) == 0
    assert told(cast) == [
        ("drill.today", "Officer Dana Whitfield"),
        ("drill.today", "Maria Ochoa"),
    ]


def test_a_moved_drill_is_reminded_anew(cast: Cast) -> None:
    drill = scheduled(cast)
    remind(cast, MORNING)
    with in_district(cast):
        Drill.objects.filter(pk=drill.pk).update(starts_at=STARTS + timedelta(hours=2))
    assert remind(cast, MORNING + MINUTE) == 1


def test_a_drill_that_is_not_ended_alarms_until_somebody_ends_it(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    send(cast, drill, [entry(EntryKind.START, STARTS)], at=STARTS)
    over = STARTS + 15 * MINUTE
    assert remind(cast, over + 14 * MINUTE) == 0
    assert remind(cast, over + 15 * MINUTE) == 1
    assert remind(cast, over + 20 * MINUTE) == 0
    assert remind(cast, over + 31 * MINUTE) == 1
    assert ("drill.not_ended", "Samuel Reyes") in told(cast)
    end = over + 40 * MINUTE
    send(cast, drill, [entry(EntryKind.END, end)], at=end)
    assert remind(cast, over + 60 * MINUTE) == 0


def test_a_panel_left_on_test_alarms_until_it_is_back(cast: Cast) -> None:
    drill = held(cast, cleared(cast, scheduled(cast, alarm_on_test=True)))
    ended = STARTS + 5 * MINUTE
    assert remind(cast, ended + 14 * MINUTE) == 0
    assert remind(cast, ended + 16 * MINUTE) == 1
    with acting(cast, "office") as actor:
        running.put_panel_back(drill_id=drill.pk, actor=actor, at=ended + 20 * MINUTE)
    assert remind(cast, ended + 60 * MINUTE) == 0


def test_a_review_is_reminded_and_then_the_district_hears(cast: Cast) -> None:
    drill = held(cast, cleared(cast, scheduled(cast)))
    with in_district(cast):
        due = AfterActionReview.objects.get(drill=drill).due_on
    morning = datetime(due.year, due.month, due.day, 11, 0, tzinfo=UTC)
    assert remind(cast, morning - timedelta(days=3)) == 0
    assert remind(cast, morning - timedelta(days=1)) == 1
    assert remind(cast, morning) == 0
    assert remind(cast, morning + timedelta(days=1)) == 1
    assert ("review.overdue", "Samuel Reyes") in told(cast)


def test_a_closed_review_is_reminded_of_no_more(cast: Cast) -> None:
    drill = held(cast, cleared(cast, scheduled(cast)))
    with acting(cast, "principal") as actor:
        review = AfterActionReview.objects.get(drill=drill)
        reviewing.close(review_id=review.pk, nothing_to_fix=True, actor=actor, at=STARTS + MINUTE)
    assert remind(cast, STARTS + timedelta(days=9)) == 0


def test_the_mail_opens_the_page_and_dispatch_gets_the_answer_link(
    cast: Cast, settings: Any
) -> None:
    outbox.release(cast)
    scheduled(cast, conductor=member(cast, "sro"))
    remind(cast, MORNING)
    with outbox.relay(settings) as server:
        outbox.deliver(MORNING)
        (own,) = outbox.mail_to(server, "sro")
        (asked,) = outbox.mail_to(server, "dispatcher")
    assert own.envelope.subject.startswith("[DRILL] Today: Fire drill at Lincoln")
    assert "THIS IS A DRILL." in own.text
    assert any("/drills/" in link for link in own.links)
    assert not any("/ack/" in link for link in own.links)
    assert any("/clear/" in link for link in asked.links)
    assert not any("/ack/" in link for link in asked.links)
    assert "Every 911 call from this school is real." in asked.text


def test_a_real_emergency_goes_out_without_marks_and_nothing_of_the_drill_after_it(
    cast: Cast, settings: Any
) -> None:
    outbox.release(cast)
    drill = cleared(cast, scheduled(cast))
    send(cast, drill, [entry(EntryKind.START, STARTS)], at=STARTS)
    with acting(cast, "principal") as actor:
        real_emergency.stop(
            drill_id=drill.pk, what="Smoke in Room 112", happened_at=STARTS + MINUTE, actor=actor,
            at=STARTS + MINUTE,
        )  # fmt: skip
    with outbox.relay(settings) as server:
        outbox.deliver(STARTS + 2 * MINUTE)
        sent = outbox.mail_to(server, "dispatcher")
    assert [one.envelope.subject for one in sent] == ["REAL EMERGENCY at Lincoln High School"]
    assert "DRILL" not in sent[0].text.upper()
    assert "Muster does not call 911." in sent[0].text


@pytest.mark.parametrize("ended", ["membership", "account"])
def test_who_no_longer_works_here_is_not_written_to(cast: Cast, settings: Any, ended: str) -> None:
    outbox.release(cast)
    scheduled(cast, conductor=member(cast, "sro"))
    remind(cast, MORNING)
    user = cast.users["sro"]
    if ended == "account":
        user.is_active = False
        user.save(update_fields=["is_active"])
    else:
        with in_district(cast):
            user.memberships.update(starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))
    with outbox.relay(settings) as server:
        outbox.deliver(MORNING)
        assert outbox.mail_to(server, "sro") == []
    with in_district(cast):
        assert Notice.objects.filter(kind="drill.today").count() == 1
        assert fresh(cast, Drill.objects.get()).conductor is not None


def test_the_evidence_names_every_reminder_and_who_had_it(cast: Cast) -> None:
    drill = scheduled(cast, conductor=member(cast, "sro"), alarm_on_test=True)
    remind(cast, MORNING)
    cleared(cast, drill)
    send(cast, drill, [entry(EntryKind.START, STARTS)], at=STARTS)
    remind(cast, STARTS + 40 * MINUTE)
    end = STARTS + 45 * MINUTE
    send(cast, drill, [entry(EntryKind.END, end)], at=end)
    remind(cast, end + 20 * MINUTE)
    with in_district(cast):
        due = AfterActionReview.objects.get(drill=drill).due_on
    morning = datetime(due.year, due.month, due.day, 11, 0, tzinfo=UTC)
    remind(cast, morning - timedelta(days=1))
    remind(cast, morning + timedelta(days=1))
    with in_district(cast):
        lines = evidence_page(Drill.objects.get(pk=drill.pk)).told
        kinds = set(Notice.objects.filter(subject_id=drill.pk).values_list("kind", flat=True))
    assert {"drill.today", "drill.not_ended", "drill.panel_on_test", "review.due",
            "review.overdue"} <= kinds  # fmt: skip
    told = {line.what: line.detail for line in lines}
    assert told["Reminded of the day's drill"].startswith("Officer Dana Whitfield: ")
    assert "Samuel Reyes" in told["Told that the review is late"]
