"""Workers and schedulers that die, double or stand still: each deed for a drill happens once.

A worker is stopped at each table that a deed writes, by a lock that it waits for, killed there with
SIGKILL, and another does the work. What must not be doubled is then counted: states, questions,
notices, deliveries, entries of the audit log.
"""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from backend.audit.models import AuditEvent, AuditHead
from drills.models import Clearance, Drill, DrillState, Moment, MomentDone, Step
from drills.services.proposing import propose_next
from notifications.models import Delivery, DeliveryLine, Notice
from tests.cast import Cast, assemble
from tests.drills.holding import calendar, in_district
from tests.flows.test_delivery_faults import WORKER, wait, worker
from tests.notifications.outbox import shared_capture

DRILLS = 30
MINUTE = timedelta(minutes=1)
pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def crew(transactional_db: None) -> Cast:
    return assemble()


def made(cast: Cast, state: str, starts: timedelta, number: int = DRILLS) -> None:
    """Make drills of one state that start so long after now."""
    at = datetime.now(UTC)
    is_over = state == DrillState.ENDED
    with in_district(cast):
        Drill.objects.bulk_create(
            Drill(
                district=cast.district,
                campus=cast.lincoln,
                type="fire",
                state=state,
                state_since=at,
                day=(at + starts).date(),
                time=(at + starts).time(),
                starts_at=at + starts,
                started_at=at + starts if is_over else None,
                ended_at=at + starts if is_over else None,
                alarm_on_test=is_over,
            )
            for _ in range(number)
        )


def states(cast: Cast) -> dict[str, int]:
    with in_district(cast):
        return dict(Counter(Drill.objects.values_list("state", flat=True)))


def notices(cast: Cast, kind: str) -> int:
    """Return how many drills were told of by notices of this kind, each by one only."""
    with in_district(cast):
        rows = Counter(Notice.objects.filter(kind=kind).values_list("subject_id", flat=True))
        carried = DeliveryLine.objects.filter(notice__kind=kind)
        assert carried.count() == len(rows), "a notice without its delivery, or with two"
    assert set(rows.values()) <= {1}, rows
    return len(rows)


def logged(cast: Cast, action: str) -> int:
    with in_district(cast):
        rows = AuditEvent.objects.filter(action=action).values_list("subject_id", flat=True)
        assert len(set(rows)) == len(rows)
        return len(rows)


@contextmanager
def held_at(table: str) -> Iterator[None]:
    """Hold a table so that a worker waits where it writes there."""
    second = connection.copy()
    try:
        second.set_autocommit(False)
        with second.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{table}" IN SHARE MODE')
        yield
    finally:
        second.close()


def is_waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name = %s AND wait_event_type = 'Lock'",
            [WORKER],
        )
        return bool(cursor.fetchone()[0])


def killed_at(table: str, lane: str) -> None:
    """Let a worker go on until it writes to a table, and kill it there."""
    with held_at(table), worker(shared_capture(), lane) as doomed:
        assert wait(is_waiting, 30), f"the worker never wrote to {table}"
        doomed.send_signal(signal.SIGKILL)
        assert doomed.wait(10) == -signal.SIGKILL


ANNOUNCING = (Drill, Clearance, Notice, Delivery, DeliveryLine, AuditHead)


@pytest.mark.parametrize("model", ANNOUNCING, ids=lambda model: model.__name__)
def test_a_worker_killed_while_it_announces_asks_each_agency_once(
    crew: Cast, model: type[Drill]
) -> None:
    made(crew, DrillState.SCHEDULED, 20 * MINUTE)
    killed_at(model._meta.db_table, "drills")
    with worker(shared_capture(), "drills"):
        assert wait(lambda: states(crew) == {"announced": DRILLS}, 60), states(crew)
        time.sleep(0.5)
    with in_district(crew):
        asked = Counter(Clearance.objects.filter(step=Step.CLEARED).values_list("drill", "agency"))
    assert set(asked.values()) == {1}
    assert {drill for drill, _agency in asked} == _drills(crew)
    assert notices(crew, "drill.clearance") == DRILLS
    assert logged(crew, "drill.announced") == DRILLS


CLOSING = (Drill, Notice, Delivery, AuditHead)


@pytest.mark.parametrize("model", CLOSING, ids=lambda model: model.__name__)
def test_a_worker_killed_while_it_closes_a_window_tells_dispatch_once(
    crew: Cast, model: type[Drill]
) -> None:
    made(crew, DrillState.SCHEDULED, 20 * MINUTE)
    with worker(shared_capture(), "drills"):
        assert wait(lambda: states(crew) == {"announced": DRILLS}, 60)
    with in_district(crew):
        Drill.objects.update(starts_at=datetime.now(UTC) - timedelta(hours=5))
    killed_at(model._meta.db_table, "drills")
    with worker(shared_capture(), "drills"):
        assert wait(lambda: states(crew) == {"not_held": DRILLS}, 60), states(crew)
        time.sleep(0.5)
    assert notices(crew, "drill.not_held") == DRILLS
    assert logged(crew, "drill.not_held") == DRILLS


ALARMING = (MomentDone, Notice, Delivery, DeliveryLine)


@pytest.mark.parametrize("model", ALARMING, ids=lambda model: model.__name__)
def test_a_scheduler_killed_while_it_alarms_alarms_once(crew: Cast, model: type[Drill]) -> None:
    made(crew, DrillState.ENDED, -35 * MINUTE, number=5)
    killed_at(model._meta.db_table, "remind of drills")
    with (
        worker(shared_capture(), "remind of drills"),
        worker(shared_capture(), "remind of drills"),
    ):
        assert wait(lambda: alarms(crew) == 5, 60)
        time.sleep(0.5)
    with in_district(crew):
        told = Counter(
            DeliveryLine.objects.filter(notice__kind="drill.panel_on_test").values_list(
                "notice__subject_id", "delivery__user"
            )
        )
    assert set(told.values()) == {1}
    assert {drill for drill, _person in told} == _drills(crew)


def test_two_schedulers_do_each_deed_of_the_clock_once(crew: Cast) -> None:
    made(crew, DrillState.SCHEDULED, 20 * MINUTE, number=120)
    made(crew, DrillState.SCHEDULED, -timedelta(hours=5), number=120)
    capture = shared_capture()
    with worker(capture, "drills"), worker(capture, "drills"), worker(capture, "drills"):
        done = {"announced": 120, "not_held": 120}
        assert wait(lambda: states(crew) == done, 60), states(crew)
        time.sleep(0.5)
    assert notices(crew, "drill.clearance") == 120
    assert logged(crew, "drill.announced") == logged(crew, "drill.not_held") == 120


def test_workers_killed_again_and_again_finish_what_they_began(crew: Cast) -> None:
    made(crew, DrillState.SCHEDULED, 20 * MINUTE, number=600)
    capture = shared_capture()
    deaths = 0
    while states(crew).get("announced", 0) < 600 and deaths < 40:
        with worker(capture, "drills") as doomed:
            time.sleep(0.05 * (deaths % 5))
            doomed.send_signal(signal.SIGKILL)
            doomed.wait(10)
        deaths += 1
        if deaths == 8:
            with worker(capture, "drills"):
                assert wait(lambda: states(crew) == {"announced": 600}, 60)
    assert deaths >= 1
    assert notices(crew, "drill.clearance") == 600
    assert logged(crew, "drill.announced") == 600


def test_two_schedulers_leave_one_proposal(crew: Cast) -> None:
    calendar(crew)
    october = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
    together = Barrier(4)

    def propose() -> object:
        try:
            together.wait()
            with in_district(crew):
                drill = propose_next(campus=crew.lincoln, at=october)
                return drill and drill.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        proposed = {one.result() for one in [pool.submit(propose) for _ in range(4)]}
    assert len(proposed) == 1
    assert states(crew) == {"proposed": 1}


def alarms(cast: Cast) -> int:
    with in_district(cast):
        return MomentDone.objects.filter(moment=Moment.PANEL_ON_TEST).count()


def _drills(cast: Cast) -> set[object]:
    with in_district(cast):
        return set(Drill.objects.values_list("pk", flat=True))
