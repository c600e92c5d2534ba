"""Workers that die, pause, double, or lose their broker. The judge counts mails by Message-ID.

Lost is what was expected and never came; a duplicate is a Message-ID that came again. Only a death
between the end of a mail and the carrier's answer may double one, and each such case is counted.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.db.models import Sum

from backend import engines
from backend.directory.models import AcceptedAddress, ResponderContact
from backend.tenancy import reach
from notifications.models import Attempt, Delivery, EscalationStep
from tests.cast import Cast, assemble
from tests.notifications.capture_server import CaptureServer
from tests.notifications.outbox import messages, owe_memo, register_memo, release, shared_capture

PROJECT = Path(__file__).resolve().parents[2]
LEASE = 2
WORKER = "faulted-worker"
IN_FLIGHT = 8  # connections of one worker
pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def crew(transactional_db: None) -> Cast:
    register_memo()
    return assemble()


@dataclass
class Judge:
    """What the capture server took, against what was owed."""

    cast: Cast
    capture: CaptureServer
    expected: int = 0

    def owe(self, number: int, **more: Any) -> None:
        """Owe one notice to so many contacts of the fire department."""
        contacts = [
            ResponderContact(
                agency=self.cast.fire,
                name=f"Engine {self.expected + n}",
                order=10,
                email=f"engine{self.expected + n}@responders.example.org",
            )
            for n in range(number)
        ]
        ResponderContact.objects.bulk_create(contacts)
        with reach.of_districts(self.cast.district.pk):
            AcceptedAddress.objects.bulk_create(
                AcceptedAddress(district=self.cast.district, contact=one, address=one.email)
                for one in contacts
            )
        owe_memo(self.cast.lincoln, at=datetime.now(UTC), contacts=contacts, policy="", **more)
        self.expected += number

    def taken(self) -> int:
        """Return how many mails the capture server has."""
        return sum(1 for _ in self.capture.folder.glob("*.eml"))

    def came(self) -> Counter[str]:
        """Return how often each Message-ID came."""
        return Counter(one.message_id for one in messages(self.capture))

    def wait_until_sent(self, seconds: float = 60) -> None:
        assert wait(lambda: self.states() == {"sent": self.expected}, seconds), self.states()

    def states(self) -> dict[str, int]:
        with reach.of_districts(self.cast.district.pk):
            return dict(Counter(Delivery.objects.values_list("state", flat=True)))

    def unknown(self) -> int:
        with reach.of_districts(self.cast.district.pk):
            total = Delivery.objects.aggregate(n=Sum("unknown_outcomes"))["n"]
        return int(total or 0)

    def lost_and_doubled(self) -> tuple[int, int]:
        came = self.came()
        return self.expected - len(came), sum(came.values()) - len(came)


@pytest.fixture
def judge(crew: Cast) -> Judge:
    capture = shared_capture()
    for path in capture.folder.iterdir():
        path.unlink()
    release(crew, at=datetime.now(UTC))
    return Judge(crew, capture)


def wait(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def environment(capture: CaptureServer, **more: str) -> dict[str, str]:
    """Return what a process needs to work on this run's test database."""
    base = connection.settings_dict
    role = f"{base['USER']}:{base['PASSWORD']}"
    where = f"host={base['HOST']}&application_name={WORKER}"
    address = f"postgresql://{role}@/{base['NAME']}?{where}"
    return {
        **os.environ,
        "DATABASE_URL": address,
        "MUSTER_SECRET_KEY": settings.SECRET_KEY,
        "MUSTER_FIELD_KEYS": ",".join(settings.FIELD_KEYS),
        "MUSTER_SMTP_URL": f"smtp://127.0.0.1:{capture.port}",
        "MUSTER_DELIVERY_LEASE_SECONDS": str(LEASE),
        "REDIS_URL": settings.REDIS_URL,
        **more,
    }


@contextmanager
def worker(
    capture: CaptureServer, lane: str = "drain", **more: str
) -> Iterator["subprocess.Popen[str]"]:
    """Run a worker until the block ends; it is killed, never asked."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.flows.delivery_worker", lane],
        cwd=PROJECT,
        env=environment(capture, **more),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def celery_worker(capture: CaptureServer, **more: str) -> Iterator["subprocess.Popen[str]"]:
    """Run the worker that `muster up` runs."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "backend.celery", "worker", "--pool"),
            *("threads", "--concurrency", "2", "-Q", "wake", "--without-gossip"),
            *("--without-mingle", "--loglevel", "ERROR", "-I", "tests.flows.delivery_worker"),
        ],
        cwd=PROJECT,
        env=environment(capture, **more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("point", ["after_claim", "before_send", "after_dot", "after_send"])
def test_a_worker_killed_at_this_point_loses_nothing(judge: Judge, point: str) -> None:
    judge.owe(60)
    with worker(judge.capture, MUSTER_CRASH_AT=point) as doomed:
        assert doomed.wait(20) == -signal.SIGKILL
    with worker(judge.capture):
        judge.wait_until_sent()
    lost, doubled = judge.lost_and_doubled()
    assert lost == 0
    if point in {"after_claim", "before_send"}:
        assert doubled == 0
    else:
        assert doubled <= min(judge.unknown(), IN_FLIGHT)


def test_a_death_before_any_try_counts_no_unknown_outcome(judge: Judge) -> None:
    judge.owe(20)
    with worker(judge.capture, MUSTER_CRASH_AT="after_claim") as doomed:
        doomed.wait(20)
    with worker(judge.capture):
        judge.wait_until_sent()
    assert judge.unknown() == 0


def test_a_death_after_the_dot_is_counted_on_its_try(judge: Judge) -> None:
    judge.owe(1)
    with worker(judge.capture, MUSTER_CRASH_AT="after_dot") as doomed:
        doomed.wait(20)
    with worker(judge.capture):
        judge.wait_until_sent()
    assert judge.lost_and_doubled() == (0, 1)
    with reach.of_districts(judge.cast.district.pk):
        tries = sorted(Attempt.objects.values_list("outcome", flat=True))
    assert tries == ["sent", "unknown"]


def test_a_worker_paused_beyond_its_lease_sends_no_more_and_is_refused(judge: Judge) -> None:
    judge.owe(400)
    with worker(judge.capture) as paused:
        assert wait(lambda: judge.taken() >= 20, 20)
        paused.send_signal(signal.SIGSTOP)
        time.sleep(LEASE + 0.5)
        with worker(judge.capture):
            judge.wait_until_sent()
        before = judge.taken()
        with reach.of_districts(judge.cast.district.pk):
            fences = dict(Delivery.objects.values_list("pk", "fence"))
        paused.send_signal(signal.SIGCONT)
        time.sleep(1.5)
    lost, doubled = judge.lost_and_doubled()
    assert lost == 0
    assert doubled <= judge.unknown()
    assert judge.taken() - before <= IN_FLIGHT
    assert judge.states() == {"sent": 400}
    with reach.of_districts(judge.cast.district.pk):
        assert dict(Delivery.objects.values_list("pk", "fence")) == fences


def test_two_workers_send_each_message_once(judge: Judge) -> None:
    judge.owe(300)
    with worker(judge.capture), worker(judge.capture):
        judge.wait_until_sent()
    assert judge.lost_and_doubled() == (0, 0)


def test_a_broken_database_connection_is_mended(judge: Judge) -> None:
    judge.owe(300)
    with celery_worker(judge.capture, REDIS_URL="unix:///nowhere/redis.sock"):
        assert wait(lambda: judge.taken() >= 20, 60)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = %s",
                [WORKER],
            )
        judge.wait_until_sent()
    lost, doubled = judge.lost_and_doubled()
    assert lost == 0
    assert doubled <= judge.unknown()


def test_without_a_broker_mail_goes_out_within_two_seconds(judge: Judge) -> None:
    with celery_worker(judge.capture, REDIS_URL="unix:///nowhere/redis.sock"):
        judge.owe(1)
        judge.wait_until_sent()
        begun = time.monotonic()
        judge.owe(20)
        judge.wait_until_sent()
        took = time.monotonic() - begun
    assert judge.lost_and_doubled() == (0, 0)
    assert took <= 2


def test_a_flushed_and_then_dead_broker_loses_nothing(judge: Judge, tmp_path: Path) -> None:
    socket = tmp_path / "redis.sock"
    broker = subprocess.Popen(
        [engines._redis_program(), "--port", "0", "--unixsocket", str(socket), "--save", ""],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    try:
        assert wait(socket.exists, 5)
        with celery_worker(judge.capture, REDIS_URL=f"unix://{socket}"):
            judge.owe(20)
            judge.wait_until_sent()
            redis.Redis(unix_socket_path=str(socket)).flushall()
            judge.owe(20)
            judge.wait_until_sent()
            broker.kill()
            broker.wait()
            judge.owe(20)
            judge.wait_until_sent()
    finally:
        broker.kill()
        broker.wait()
    assert judge.lost_and_doubled() == (0, 0)


def test_two_schedulers_tell_the_next_contact_once(judge: Judge) -> None:
    district = judge.cast.district.pk

    def to_come() -> int:
        with reach.of_districts(district):
            steps = EscalationStep.objects.filter(done_at=None, ended_at=None)
            return steps.filter(agency=judge.cast.police).count()

    with worker(judge.capture):
        for _ in range(5):
            owe_memo(judge.cast.lincoln, at=datetime.now(UTC))
        assert wait(lambda: to_come() == 5, 60)
    with reach.of_districts(district):
        EscalationStep.objects.update(due_at=datetime.now(UTC) - timedelta(days=3))
        Delivery.objects.update(tried_at=datetime.now(UTC) - timedelta(days=5))
    with worker(judge.capture, "escalate"), worker(judge.capture, "escalate"):
        assert wait(lambda: to_come() == 0, 60)
        time.sleep(0.5)
    with reach.of_districts(district):
        chasing = Delivery.objects.filter(
            contact=judge.cast.contacts["night_desk"], grouping_key__startswith="escalation:"
        )
        assert sum(row.lines.count() for row in chasing) == 5
