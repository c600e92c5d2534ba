"""A drill is fixed, moved, handed over and called off."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from backend.problems import BadInput, NotAllowed, NotFound, WrongState
from drills.models import Clearance, ClearanceState, DrillState, SchoolMessage, Step
from drills.services import scheduling
from drills.services.scheduling import Clashes
from notifications.models import Notice
from tests.cast import Cast
from tests.drills.holding import (
    AT_TEN,
    BEFORE,
    DAY,
    STARTS,
    acting,
    calendar,
    cleared,
    fresh,
    in_district,
    member,
    scheduled,
)


def test_a_scheduled_drill_asks_dispatch_to_book_it(cast: Cast) -> None:
    drill = scheduled(cast)
    assert drill.state == DrillState.SCHEDULED
    assert drill.starts_at == STARTS
    with in_district(cast):
        asked = Clearance.objects.get(drill=drill)
        notice = Notice.objects.get(subject_id=drill.pk)
    assert (asked.agency_id, asked.step) == (cast.dispatch.pk, Step.BOOKED)
    assert notice.kind == "drill.booking"


@pytest.mark.parametrize("word", ["principal", "office", "sro", "district"])
def test_these_may_schedule(cast: Cast, word: str) -> None:
    assert scheduled(cast, by=word).state == DrillState.SCHEDULED


@pytest.mark.parametrize("word", ["staff", "evaluator", "auditor", "access"])
def test_these_may_not(cast: Cast, word: str) -> None:
    with pytest.raises(NotAllowed):
        scheduled(cast, by=word)


@pytest.mark.parametrize("word", ["stranger", "principal_elsewhere"])
def test_who_is_not_of_the_campus_finds_nothing(cast: Cast, word: str) -> None:
    with pytest.raises(NotFound):
        scheduled(cast, by=word)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"day": date(2026, 9, 12)}, "day"),  # a Saturday
        ({"day": date(2026, 11, 26)}, "day"),  # no school
        ({"day": date(2027, 4, 13)}, "day"),  # a state test
        ({"day": date(2026, 9, 1)}, "day"),  # past
        ({"time": time(16, 0)}, "time"),  # after the school day
        ({"minutes": 0}, "minutes"),
        ({"type": "surprise"}, "type"),
        ({"exits": "window"}, "exits"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    cast: Cast, changed: dict[str, Any], where: str
) -> None:
    calendar(cast)
    with pytest.raises(BadInput) as refusal:
        scheduled(cast, **changed)
    assert refusal.value.where == where
    assert refusal.value.mend


def test_a_drill_without_students_may_stand_on_a_closed_day(cast: Cast) -> None:
    calendar(cast)
    drill = scheduled(cast, day=date(2026, 11, 26), type="tabletop", pupils_present=False)
    assert drill.day == date(2026, 11, 26)


def test_two_drills_of_a_school_do_not_overlap_without_a_reason(cast: Cast) -> None:
    scheduled(cast)
    with pytest.raises(Clashes):
        scheduled(cast, type="hold", time=time(10, 20))
    stands = scheduled(cast, type="hold", time=time(10, 20), clash_reason="Practiced together")
    assert stands.clash_reason == "Practiced together"


def test_one_officer_cannot_run_drills_at_two_schools_within_the_way(cast: Cast) -> None:
    with in_district(cast):
        elsewhere = cast.users["district"].memberships.all()[0].pk
    scheduled(cast, conductor=elsewhere)
    wanted = scheduling.Wanted(type="fire", day=DAY, time=time(10, 32), conductor=elsewhere)
    with acting(cast, "district") as actor, pytest.raises(Clashes) as refusal:
        scheduling.schedule(campus_id=cast.cedar_ridge.pk, wanted=wanted, actor=actor, at=BEFORE)
    assert "Lincoln High School" in refusal.value.message


def test_two_lockdowns_on_one_day_need_a_reason(cast: Cast) -> None:
    scheduled(cast, type="lockdown")
    with pytest.raises(Clashes):
        scheduled(cast, type="lockdown", time=time(13, 0))


def test_moving_voids_the_second_clearance_and_asks_again(cast: Cast) -> None:
    drill = cleared(cast, scheduled(cast))
    assert drill.state == DrillState.CLEARED
    with acting(cast, "principal") as actor:
        moved = scheduling.move(
            drill_id=drill.pk, day=date(2026, 9, 17), time=AT_TEN, actor=actor,
            at=STARTS - timedelta(minutes=10),
        )  # fmt: skip
    assert (moved.state, moved.day) == (DrillState.SCHEDULED, date(2026, 9, 17))
    with in_district(cast):
        former = Clearance.objects.get(drill=drill, step=Step.CLEARED)
        kinds = list(Notice.objects.order_by("pk").values_list("kind", flat=True))
    assert former.state == ClearanceState.VOID
    assert kinds[-1] == "drill.moved"


def test_a_move_of_what_somebody_else_changed_is_refused(cast: Cast) -> None:
    drill = scheduled(cast)
    with acting(cast, "principal") as actor:
        scheduling.move(
            drill_id=drill.pk, day=date(2026, 9, 16), time=AT_TEN, actor=actor, at=BEFORE
        )
    with acting(cast, "office") as actor, pytest.raises(WrongState):
        scheduling.move(
            drill_id=drill.pk, day=date(2026, 9, 17), time=AT_TEN, actor=actor, at=BEFORE,
            expected=drill.edition,
        )  # fmt: skip


def test_called_away_hands_the_drill_to_the_alternate(cast: Cast) -> None:
    drill = scheduled(
        cast, conductor=member(cast, "sro"), alternate=member(cast, "principal"), callback_phone="1"
    )
    with acting(cast, "sro") as actor:
        handed = scheduling.hand_to_alternate(drill_id=drill.pk, actor=actor, at=BEFORE)
    assert handed.conductor is not None
    assert handed.conductor.user.name == "Maria Ochoa"
    assert handed.called_away == "Officer Dana Whitfield"
    assert handed.callback_phone != "1"  # the officer's own number rings nobody at the school
    with in_district(cast):
        assert Notice.objects.filter(kind="drill.conductor").exists()


def test_without_alternate_nobody_can_be_called_away(cast: Cast) -> None:
    drill = scheduled(cast, conductor=member(cast, "sro"))
    with acting(cast, "sro") as actor, pytest.raises(WrongState) as refusal:
        scheduling.hand_to_alternate(drill_id=drill.pk, actor=actor, at=BEFORE)
    assert refusal.value.where == "alternate"


def test_calling_off_tells_dispatch_and_ends_the_messages(cast: Cast) -> None:
    drill = scheduled(cast)
    with acting(cast, "office") as actor:
        scheduling.cancel(
            drill_id=drill.pk, cause="severe_storm", reason="Sirens", actor=actor, at=BEFORE
        )
    assert fresh(cast, drill).state == DrillState.CANCELLED
    with in_district(cast):
        assert Notice.objects.filter(kind="drill.called_off").exists()
        assert not SchoolMessage.objects.filter(drill=drill, ended_at=None).exists()


def test_a_start_over_the_change_of_clocks_keeps_its_local_time(cast: Cast) -> None:
    drill = scheduled(cast, day=date(2026, 11, 3))  # after November 1, clocks are back
    assert drill.starts_at.astimezone(drill.zone).time() == AT_TEN
    assert drill.starts_at.hour == 15
