"""A drill is cleared, run from phones with and without network, and ended."""

from datetime import timedelta
from uuid import uuid4

import pytest

from backend.problems import NotAllowed, NotFound, WrongState
from drills.models import (
    AfterActionReview,
    Clearance,
    ClearanceState,
    DrillState,
    EntryKind,
    TimelineEntry,
)
from drills.queries.places import all_safe, places_of, reports_of
from drills.services import clearing, moments, real_emergency, running
from notifications.models import Notice
from tests.cast import Cast
from tests.drills.holding import (
    STARTS,
    acting,
    announced,
    cleared,
    entry,
    fresh,
    held,
    in_district,
    scheduled,
    send,
)

MINUTE = timedelta(minutes=1)


def kinds(cast: Cast) -> list[str]:
    with in_district(cast):
        return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def test_dispatch_clears_by_link_and_the_drill_may_start(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    assert drill.state == DrillState.CLEARED
    with in_district(cast):
        row = Clearance.objects.get(drill=drill, step="cleared")
    assert (row.how, row.said_by) == ("link", "Operator 214")


def test_a_booking_days_ahead_does_not_clear(cast: Cast) -> None:
    drill = scheduled(cast)
    token = cast.link("dispatcher", cast.lincoln, "clear", drill.pk)
    at = STARTS - timedelta(days=2)
    row = clearing.give(actor=cast.link_actor(token), drill_id=drill.pk, said_by="A", at=at)
    assert row.step == "booked"
    assert announced(cast, drill).state == DrillState.ANNOUNCED


def test_a_press_within_seconds_of_the_message_is_asked_again(cast: Cast) -> None:
    drill = announced(cast, scheduled(cast))
    at = STARTS - timedelta(minutes=25)
    with in_district(cast):
        delivery = Notice.objects.get(kind="drill.clearance").lines.get().delivery
        delivery.sent_at = at
        delivery.save(update_fields=["sent_at"])
    token = cast.link("dispatcher", cast.lincoln, "clear", drill.pk)
    actor = cast.link_actor(token)
    with pytest.raises(WrongState):
        clearing.give(
            actor=actor, drill_id=drill.pk, said_by="Scanner", at=at + timedelta(seconds=3)
        )
    clearing.give(actor=actor, drill_id=drill.pk, said_by="214", at=at + timedelta(seconds=30))
    assert fresh(cast, drill).state == DrillState.CLEARED


@pytest.mark.parametrize("contact", ["patrol", "captain"])
def test_an_agency_that_was_not_asked_clears_nothing(cast: Cast, contact: str) -> None:
    drill = announced(cast, scheduled(cast))
    token = cast.link(contact, cast.lincoln, "clear", drill.pk)
    with pytest.raises(NotFound):
        clearing.give(
            actor=cast.link_actor(token), drill_id=drill.pk, said_by="Me",
            at=STARTS - timedelta(minutes=20),
        )  # fmt: skip


def test_a_clearance_by_phone_is_shown_as_such_and_can_be_disputed(cast: Cast) -> None:
    drill = announced(cast, scheduled(cast))
    at = STARTS - timedelta(minutes=10)
    with acting(cast, "office") as actor:
        row = clearing.record_phone_call(
            drill_id=drill.pk, agency_id=cast.dispatch.pk, said_by="", operator="214",
            line_called="", called_at=at, actor=actor, at=at,
        )  # fmt: skip
    assert (row.how, row.recorded_by, row.line_called) == ("phone", "Jo Brandt", "555-0191")
    assert fresh(cast, drill).state == DrillState.CLEARED
    token = cast.link("dispatcher", cast.lincoln, "clear", drill.pk)
    clearing.dispute(
        clearance_id=row.pk, said_by="Supervisor", actor=cast.link_actor(token), at=at + MINUTE
    )
    assert fresh(cast, drill).state == DrillState.ANNOUNCED
    with in_district(cast):
        assert Clearance.objects.get(pk=row.pk).state == ClearanceState.DISPUTED


def test_a_refusal_holds_the_drill_back(cast: Cast) -> None:
    drill = announced(cast, scheduled(cast))
    token = cast.link("dispatcher", cast.lincoln, "clear", drill.pk)
    clearing.give(
        actor=cast.link_actor(token), drill_id=drill.pk, said_by="214", refuse=True,
        note="Major fire downtown", at=STARTS - timedelta(minutes=20),
    )  # fmt: skip
    found = fresh(cast, drill)
    assert (found.state, found.reason) == (DrillState.HELD_BACK, "Major fire downtown")


def test_a_start_without_clearance_is_refused_and_says_whose_is_missing(cast: Cast) -> None:
    drill = announced(cast, scheduled(cast))
    taken = send(cast, drill, [entry(EntryKind.START, STARTS)], at=STARTS)
    assert taken[0].result == "refused"
    assert "Wexley County 911" in taken[0].why
    assert fresh(cast, drill).state == DrillState.ANNOUNCED


def test_the_district_may_start_it_with_a_call_attempt_and_a_reason(cast: Cast) -> None:
    drill = announced(cast, scheduled(cast))
    attempt = running.CallAttempt("555-0191", STARTS - 2 * MINUTE, "Line busy for ten minutes")
    start = entry(EntryKind.START, STARTS)
    taken = send(cast, drill, [start], at=STARTS, by="principal", attempt=attempt)
    assert taken[0].result == "refused"
    again = entry(EntryKind.START, STARTS)
    assert send(cast, drill, [again], at=STARTS, by="district", attempt=attempt)[0].result == "kept"
    found = fresh(cast, drill)
    assert found.uncleared_reason == "Line busy for ten minutes"
    assert found.call_attempt["missing"] == "Wexley County 911"
    assert kinds(cast)[-1] == "drill.started"


def test_a_drill_is_held_and_its_review_opens(cast: Cast) -> None:
    drill = held(cast, cleared(cast, scheduled(cast)))
    assert drill.state == DrillState.ENDED
    assert (drill.seconds_to_secured, drill.seconds_to_accounted) == (120, 240)
    with in_district(cast):
        assert AfterActionReview.objects.get(drill=drill).closed_at is None
    assert kinds(cast)[-2:] == ["drill.started", "drill.over"]


def test_an_entry_sent_twice_is_kept_once(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    start = entry(EntryKind.START, STARTS)
    assert send(cast, drill, [start], at=STARTS)[0].result == "kept"
    assert send(cast, drill, [start, start], at=STARTS + MINUTE)[0].result == "again"
    with in_district(cast):
        assert TimelineEntry.objects.filter(drill=drill).count() == 1


def test_two_starts_from_two_phones_begin_it_once(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    send(cast, drill, [entry(EntryKind.START, STARTS)], at=STARTS)
    second = send(cast, drill, [entry(EntryKind.START, STARTS + MINUTE)], at=STARTS + MINUTE,
                  by="sro")  # fmt: skip
    assert second[0].doubts == ("again",)
    assert fresh(cast, drill).started_at == STARTS
    assert kinds(cast).count("drill.started") == 1


def test_what_was_kept_without_network_comes_in_by_its_own_time(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    late = STARTS + timedelta(minutes=40)
    entries = [
        entry(EntryKind.END, STARTS + 6 * MINUTE),
        entry(EntryKind.START, STARTS),
        entry(EntryKind.SECURED, STARTS + 2 * MINUTE),
    ]
    taken = send(cast, drill, entries, at=late)
    assert [one.result for one in taken] == ["kept"] * 3
    found = fresh(cast, drill)
    assert (found.state, found.started_at) == (DrillState.ENDED, STARTS)
    assert found.ended_at == STARTS + 6 * MINUTE


def test_a_start_kept_without_network_and_clearance_is_kept_with_its_doubt(cast: Cast) -> None:
    drill = announced(cast, scheduled(cast))
    taken = send(cast, drill, [entry(EntryKind.START, STARTS)], at=STARTS + 20 * MINUTE)
    assert taken[0].doubts == ("not_cleared",)
    assert fresh(cast, drill).state == DrillState.RUNNING


def test_a_phone_an_hour_off_is_corrected_and_says_so(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    hour = timedelta(hours=1)
    taken = send(cast, drill, [entry(EntryKind.START, STARTS + hour)], at=STARTS,
                 device_now=STARTS + hour)  # fmt: skip
    assert taken[0].doubts == ("clock",)
    with in_district(cast):
        row = TimelineEntry.objects.get(drill=drill)
    assert (row.happened_at, row.clock_off_seconds) == (STARTS, 3600)


def test_a_start_after_the_window_is_refused(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    late = STARTS + timedelta(minutes=61)
    taken = send(cast, drill, [entry(EntryKind.START, late)], at=late)
    assert taken[0].result == "refused"
    assert "record it afterwards" in taken[0].why


def test_a_room_that_the_map_does_not_have_is_kept_and_marked(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    send(cast, drill, [entry(EntryKind.START, STARTS)], at=STARTS)
    gone = entry(EntryKind.OBSERVATION, STARTS + MINUTE, feature_key=uuid4(), place="Room 204",
                 text="Bell not heard")  # fmt: skip
    taken = send(cast, drill, [gone], at=STARTS + MINUTE)
    assert taken[0].doubts == ("place_gone",)
    with in_district(cast):
        assert TimelineEntry.objects.get(pk=gone.key).place == "Room 204"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "dance"},
        {"kind": "place_report", "status": "fine", "place": "Room 1"},
        {"kind": "place_report", "status": "missing"},
        {"kind": "stop"},
    ],
)
def test_what_is_no_entry_is_refused_alone(cast: Cast, wrong: dict[str, str]) -> None:
    drill = cleared(cast, scheduled(cast))
    good = entry(EntryKind.START, STARTS)
    taken = send(cast, drill, [entry(at=STARTS, **wrong), good], at=STARTS)
    assert [one.result for one in taken] == ["refused", "kept"]


def test_staff_report_a_room_and_cannot_end_the_drill(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    send(cast, drill, [entry(EntryKind.START, STARTS)], at=STARTS)
    room = entry("place_report", STARTS + MINUTE, status="accounted", place="Room 204")
    end = entry(EntryKind.END, STARTS + MINUTE)
    taken = send(cast, drill, [room, end], at=STARTS + MINUTE, by="staff")
    assert [one.result for one in taken] == ["kept", "refused"]


@pytest.mark.parametrize("word", ["auditor", "office"])
def test_who_may_only_look_writes_no_entry(cast: Cast, word: str) -> None:
    drill = cleared(cast, scheduled(cast))
    with pytest.raises(NotAllowed):
        send(cast, drill, [entry(EntryKind.MARK, STARTS)], at=STARTS, by=word)


def test_no_report_is_not_safe(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    send(cast, drill, [entry(EntryKind.START, STARTS)], at=STARTS)
    one = entry("place_report", STARTS + MINUTE, status="missing", place="Room 204")
    send(cast, drill, [one], at=STARTS + MINUTE)
    with in_district(cast):
        found = fresh(cast, drill)
        reports = reports_of(found, TimelineEntry.objects.filter(drill=drill))
        assert places_of(found) == []
        assert not all_safe(reports)
        assert not all_safe([])


def test_stop_real_emergency_ends_it_and_tells_without_the_marks_of_drills(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    send(cast, drill, [entry(EntryKind.START, STARTS)], at=STARTS)
    with acting(cast, "staff") as actor:
        real_emergency.stop(
            drill_id=drill.pk, what="Smoke in Room 112", happened_at=STARTS + MINUTE, actor=actor,
            at=STARTS + MINUTE,
        )  # fmt: skip
        real_emergency.stop(
            drill_id=drill.pk, what="", happened_at=STARTS + MINUTE, actor=actor,
            at=STARTS + 2 * MINUTE,
        )  # fmt: skip
    found = fresh(cast, drill)
    assert (found.state, found.stopped_in_words) == (DrillState.STOPPED, "Smoke in Room 112")
    with in_district(cast):
        notice = Notice.objects.get(kind="real.stop")
        words = real_emergency.stop_wording(notice)
        unsent = Notice.objects.filter(subject="drill", ended_at=None).count()
    assert unsent == 0
    told = " ".join((words.subject, *words.lines))
    assert "DRILL" not in told.upper()
    assert "Smoke in Room 112" in told


def test_an_unused_window_closes_itself_and_dispatch_hears_not_held(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    late = STARTS + timedelta(minutes=61)
    with in_district(cast):
        assert moments.close_unused([drill.pk], at=STARTS + 59 * MINUTE) == 0
        assert moments.close_unused([drill.pk], at=late) == 1
        assert moments.close_unused([drill.pk], at=late) == 0
    assert fresh(cast, drill).state == DrillState.NOT_HELD
    assert kinds(cast)[-1] == "drill.not_held"


def test_announcing_twice_asks_once(cast: Cast) -> None:
    drill = scheduled(cast)
    at = STARTS - 30 * MINUTE
    with in_district(cast):
        assert moments.announce([drill.pk], at=at - MINUTE) == 0
        assert moments.announce([drill.pk], at=at) == 1
        assert moments.announce([drill.pk], at=at) == 0
    assert kinds(cast).count("drill.clearance") == 1
