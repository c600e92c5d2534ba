"""The clock moves: to winter time between scheduling and start, forward, and back again."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

from drills.models import Clearance, Drill, DrillState, Step
from drills.queries.drills import moment_of
from drills.services import moments, reminding
from notifications.models import Delivery, Notice
from tests.cast import Cast
from tests.drills.holding import STARTS, fresh, in_district, scheduled

MINUTE = timedelta(minutes=1)
OCTOBER = datetime(2026, 10, 26, 14, 0, tzinfo=UTC)
IN_WINTER_TIME = date(2026, 11, 3)  # clocks go back on Sunday, November 1


def tick(cast: Cast, at: datetime) -> None:
    """Do all that the clock does for drills at one moment."""
    with in_district(cast):
        rows = list(Drill.objects.values_list("pk", flat=True))
        moments.announce(rows, at=at)
        moments.close_unused(rows, at=at)
        reminding.remind(at=at)


def told(cast: Cast) -> Counter[str]:
    with in_district(cast):
        return Counter(Notice.objects.values_list("kind", flat=True))


def test_a_drill_keeps_its_hour_when_the_clocks_go_back(cast: Cast) -> None:
    drill = scheduled(cast, day=IN_WINTER_TIME, at=OCTOBER)
    assert drill.starts_at == datetime(2026, 11, 3, 15, 15, tzinfo=UTC)  # 10:15 AM, still
    morning = datetime(2026, 11, 3, 11, 30, tzinfo=UTC)  # 6:30 AM in winter time
    tick(cast, morning - MINUTE)
    assert told(cast)["drill.today"] == 0
    tick(cast, morning)
    assert told(cast)["drill.today"] == 1
    tick(cast, drill.starts_at - 31 * MINUTE)
    assert fresh(cast, drill).state == DrillState.SCHEDULED
    tick(cast, drill.starts_at - 30 * MINUTE)
    assert fresh(cast, drill).state == DrillState.ANNOUNCED


def test_an_hour_that_the_clocks_pass_over_is_the_next_that_exists(cast: Cast) -> None:

    sunday = date(2027, 3, 14)  # 2:00 AM becomes 3:00 AM
    assert moment_of(cast.lincoln, sunday, time(2, 30)) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)


def test_a_clock_that_jumps_back_repeats_nothing(cast: Cast) -> None:
    drill = scheduled(cast)
    for at in (
        STARTS - 25 * MINUTE,
        STARTS - 6 * 60 * MINUTE,  # back
        STARTS - 25 * MINUTE,
        STARTS - 20 * MINUTE,
        STARTS + 5 * 60 * MINUTE,  # forward
        STARTS - 25 * MINUTE,  # back
        STARTS + 5 * 60 * MINUTE,
    ):
        tick(cast, at)
    assert fresh(cast, drill).state == DrillState.NOT_HELD
    said = told(cast)
    assert said["drill.clearance"] == said["drill.not_held"] == said["drill.today"] == 1
    with in_district(cast):
        asked = Clearance.objects.filter(drill=drill, step=Step.CLEARED)
        assert asked.count() == asked.values("agency").distinct().count()


def test_a_clock_that_jumps_over_the_window_asks_nobody_late(cast: Cast) -> None:
    drill = scheduled(cast)
    tick(cast, STARTS + 5 * 60 * MINUTE)
    assert fresh(cast, drill).state == DrillState.NOT_HELD
    said = told(cast)
    assert said["drill.clearance"] == 0
    assert said["drill.today"] == 0
    assert said["drill.not_held"] == 1
    with in_district(cast):
        assert not Delivery.objects.filter(user__isnull=False).exists()
