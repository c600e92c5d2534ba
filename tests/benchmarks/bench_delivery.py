"""E-mails a second with every attempt recorded durably; how soon an urgent one gets past a backlog.

Peers, on the same sink in the same run: a pool of eight connections of aiosmtplib; eight
connections of our own that parse nothing and record nothing (the limit of the sink), the same ones
writing each mail with the standard library, and a Celery task a message. The figures of `stack.md`
section 10 were 3,719 and 151. Ours and the bare peer take turns, the median counts.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.smtp_peers import (
    MESSAGES,
    Sink,
    Trial,
    bare_sends,
    by_the_standard_library,
    library_sends,
    spent_by,
)

PROJECT = Path(__file__).resolve().parents[2]
TRIALS = 3
SLOW_MESSAGES = 2_000
SLOW_RELAY_MS = 10
PEER_TASKS = 300
BACKLOG = 100_000
AGENCIES = 500
_UNSENT = ("queued", "sending")

BARE = (
    "The peer is handed the bytes of one of our mails, ready made, and only sends them; it waits "
    "for each answer, as asynchronous SMTP libraries do. Ours claims, judges, words, makes links, "
    "writes bytes for each recipient, and commits an attempt before and a result after each mail; "
    "it puts sender, recipient and DATA in one piece where the relay offers PIPELINING."
)


def run() -> list[dict[str, Any]]:
    """Return a row for each comparison."""
    from tests.notifications.outbox import register_memo

    register_memo()
    with closing(Place()) as place:
        content = place.sample()
        with sink() as relay:
            trials = [take_turns(place, relay, content) for _ in range(TRIALS)]
            written = bare_sends(relay.port, by_the_standard_library)
            pipelined = bare_sends(relay.port, lambda _: content, pipelining=True)
            library = library_sends(relay.port, content)
            tasks = task_a_message(relay.port)
            urgent = urgent_behind_backlog(place, relay.port)
        with sink(SLOW_RELAY_MS) as relay:
            far_bare = bare_sends(relay.port, lambda _: content, SLOW_MESSAGES).speed
            far = ours(place, relay, workers=1, number=SLOW_MESSAGES).speed
    bare, one, two = (median(trial[n].speed for trial in trials) for n in range(3))
    unit, alone = "mails/s", "beside 8 bare connections"
    slow = f"relay that takes {SLOW_RELAY_MS} ms"
    return [
        library_row(two, library),
        row(f"e-mail recorded, 1 worker, {alone}", one, bare, ">= 0.5", unit, note=BARE),
        row(f"e-mail recorded, 2 workers, {alone}", two, bare, ">= 0.9", unit, note=BARE),
        row(f"e-mail recorded, 1 worker, {slow}", far, far_bare, ">= 0.9", unit, note=BARE),
        row("e-mail recorded, 2 workers, beside 8 that write mails", two, written.speed,
            ">= 0.9", unit, note="The peer writes each mail with email.message."),
        row("e-mail recorded, 1 worker, beside a Celery task each", one, tasks, ">= 20", unit),
        where_time_goes([trial[1] for trial in trials], [trial[0] for trial in trials], pipelined),
        {
            "name": f"urgent e-mail behind {BACKLOG:,} queued",
            "ours": urgent,
            "peer": BACKLOG / one,
            "ratio": BACKLOG / one / urgent,
            "goal": "<= 2 s",
            "unit": "s",
        },
    ]  # fmt: skip


def library_row(two: float, library: float | None) -> dict[str, Any]:
    name = "e-mail recorded, 2 workers, beside a pool of 8 of aiosmtplib"
    if library is None:
        return {"name": name, "skipped": "aiosmtplib is not installed: make peers"}
    return row(name, two, library, ">= 0.9", "mails/s",
               note="The pool is handed bytes ready made and records nothing.")  # fmt: skip


def row(
    name: str, ours: float, peer: float, goal: str, unit: str, **more: object
) -> dict[str, Any]:
    return {
        "name": name, "ours": ours, "peer": peer, "ratio": ours / peer, "goal": goal, "unit": unit,
        **more,
    }  # fmt: skip


def where_time_goes(own: list[Trial], bare: list[Trial], pipelined: Trial) -> dict[str, Any]:
    """Return processor time a mail of 1 worker and of the bare peer, and its parts."""

    def parts(trials: list[Trial]) -> dict[str, float]:
        names = trials[0].spent
        return {name: round(median(trial.spent[name] for trial in trials)) for name in names}

    ours, peer = parts(own), parts(bare)
    return row(
        "processor time a mail, 1 worker, beside a bare one",
        float(sum(ours.values())), float(sum(peer.values())), "told, not judged", "us",
        ours_parts=ours, peer_parts=peer, bare_pipelined_mails_a_second=round(pipelined.speed),
    )  # fmt: skip


def take_turns(place: "Place", relay: "Sink", content: bytes) -> tuple[Trial, Trial, Trial]:
    """Return one trial each of the bare peer, of one worker and of two."""
    bare = bare_sends(relay.port, lambda _: content, relay=relay)
    return bare, ours(place, relay, workers=1), ours(place, relay, workers=2)


def database_processes() -> list[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        return [row[0] for row in cursor.fetchall()]


@dataclass(frozen=True)
class Child:
    """A module running beside us, and the first line it said."""

    process: int
    said: str


@contextmanager
def child(*words: str, says: bool = True, more: dict[str, str] | None = None) -> Iterator[Child]:
    """Run a module beside us until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=PROJECT,
        env={**os.environ, **(more or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Child(process.pid, process.stdout.readline().strip() if says else "")
    finally:
        process.kill()
        process.wait()


@contextmanager
def sink(milliseconds: int = 0) -> Iterator[Sink]:
    """Yield a mail server that takes everything, each message after so long."""
    with child("tests.benchmarks.smtp_sink", str(milliseconds)) as running:
        yield Sink(int(running.said), running.process)


class Place:
    """A district of the benchmark's own, with many agencies of four contacts."""

    def __init__(self) -> None:
        from backend.directory.models import (
            AcceptedAddress,
            Agency,
            Campus,
            Coverage,
            District,
            ResponderContact,
        )
        from backend.tenancy import reach

        with reach.crossing("set-up"):
            self.district = District.across_districts.create(
                name="Benchmark", state="MI", answering_name="Desk", answering_phone="555-0100"
            )
        self.agencies = Agency.objects.bulk_create(
            Agency(name=f"Fire {n}", kind="fire", time_zone="America/Detroit")
            for n in range(AGENCIES)
        )
        self.contacts = ResponderContact.objects.bulk_create(
            ResponderContact(
                agency=self.agencies[n % AGENCIES], name=f"Engine {n}", email=f"e{n}@bench.test"
            )
            for n in range(MESSAGES)
        )
        with reach.of_districts(self.district.pk):
            self.campus = Campus.objects.create(
                district=self.district, name="Lincoln High School", address="1 Elm", city="X",
                state="MI", time_zone="America/Detroit",
            )  # fmt: skip
            AcceptedAddress.objects.bulk_create(
                AcceptedAddress(district=self.district, contact=one, address=one.email)
                for one in self.contacts
            )
            Coverage.objects.bulk_create(
                Coverage(
                    district=self.district,
                    campus=self.campus,
                    agency=agency,
                    starts_on=date(2020, 1, 1),
                )
                for agency in self.agencies
            )

    def sample(self) -> bytes:
        """Return the bytes of one message as ours goes out, without the final dot."""
        from backend.tenancy import reach
        from notifications.channels.email.transport import wire_form
        from notifications.services.claiming import claim_due
        from notifications.services.preparing import prepare

        release(self)
        owe(self, number=1)
        claims = claim_due(limit=1, at=datetime.now(UTC))
        with reach.of_districts(self.district.pk):
            (ready,) = prepare(claims, at=datetime.now(UTC))
        self.clear()
        return wire_form(ready.outgoing.content)

    def clear(self) -> None:
        """Remove all messages, so that each trial starts alike."""
        from backend.directory.models import Link
        from backend.tenancy import reach
        from notifications.models import ChannelRelease, Delivery, EscalationStep, Notice

        with reach.of_districts(self.district.pk):
            for model in (Delivery, EscalationStep, Notice, Link, ChannelRelease):
                model.objects.filter(district=self.district).delete()

    def sent(self) -> int:
        """Return how many messages are recorded as sent."""
        from backend.tenancy import reach
        from notifications.models import Delivery

        with reach.of_districts(self.district.pk):
            return Delivery.objects.filter(state="sent").count()

    def is_done(self) -> bool:
        """Return whether nothing waits or is on its way; it costs the database next to nothing."""
        from backend.tenancy import reach
        from notifications.models import Delivery

        with reach.of_districts(self.district.pk):
            return not any(Delivery.objects.filter(state=one).exists() for one in _UNSENT)

    def close(self) -> None:
        """Remove what stands above districts or holds names; the audit stays, as it must."""
        from backend.directory.models import AcceptedAddress, Agency, Coverage, ResponderContact
        from backend.tenancy import reach

        self.clear()
        with reach.of_districts(self.district.pk):
            AcceptedAddress.objects.all().delete()
            Coverage.objects.all().delete()
        ResponderContact.objects.filter(agency__in=self.agencies).delete()
        Agency.objects.filter(pk__in=[agency.pk for agency in self.agencies]).delete()


def ours(place: Place, relay: Sink, *, workers: int, number: int = MESSAGES) -> Trial:
    """Return the speed from the moment all are queued to the last recorded result."""
    place.clear()
    owe(place, number=number)
    with running_workers(relay.port, workers) as processes:

        def spent() -> dict[str, float]:
            groups = {
                "worker": processes,
                "PostgreSQL": database_processes(),
                "relay": [relay.process],
            }
            return {name: sum(map(spent_by, group)) for name, group in groups.items()}

        release(place)
        before, begun = spent(), time.perf_counter()
        wait_until(place.is_done)
        speed = number / (time.perf_counter() - begun)
        after = spent()
    assert place.sent() == number
    return Trial(speed, {name: (after[name] - before[name]) / number * 1e6 for name in after})


@contextmanager
def running_workers(port: int, number: int) -> Iterator[list[int]]:
    """Run workers until the block ends; yield their processes once each looks for due rows."""
    relay = {"MUSTER_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    with ExitStack() as stack:
        yield [
            stack.enter_context(child("tests.flows.delivery_worker", "drain", more=relay)).process
            for _ in range(number)
        ]


def owe(place: Place, *, urgent: bool = False, number: int = MESSAGES) -> None:
    from tests.notifications.outbox import owe_memo

    owe_memo(
        place.campus,
        at=datetime.now(UTC),
        contacts=place.contacts[:number],
        kind="memo.urgent" if urgent else "memo.published",
        urgent=urgent,
    )


def release(place: Place) -> None:
    from backend.tenancy import reach
    from notifications.models import ChannelRelease
    from notifications.services.writing import queue_released

    now = datetime.now(UTC)
    with reach.of_districts(place.district.pk):
        ChannelRelease.objects.create(
            district=place.district, channel="email", released_by="Benchmark", released_at=now
        )
        queue_released(place.district.pk, at=now)


def wait_until(condition: Callable[[], bool], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("the benchmark's workers did not finish")
        time.sleep(0.05)


def task_a_message(port: int) -> float:
    """Return mails a second of a Celery task a message, two processes."""
    from backend.directory.models import AccountMessage
    from tests.benchmarks.celery_peer import send

    now = datetime.now(UTC)
    rows = AccountMessage.objects.bulk_create(
        AccountMessage(
            to=f"e{n}@bench.test", subject="New packet", body_sealed="Words.\n\n" * 12,
            state="peer queued", due_at=now, expires_at=now + timedelta(days=1),
        )
        for n in range(PEER_TASKS)
    )  # fmt: skip

    def done() -> int:
        return AccountMessage.objects.filter(state="peer sent").count()

    words = ["-A", "tests.benchmarks.celery_peer", "worker", "-c", "2", "--loglevel", "ERROR"]
    quiet = ["-Q", "peer-benchmark", "--without-gossip", "--without-mingle"]
    relay = {"MUSTER_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    try:
        with child("celery", *words, *quiet, says=False, more=relay):
            send.delay(str(rows[0].pk))
            wait_until(lambda: done() == 1)
            begun = time.perf_counter()
            for message in rows[1:]:
                send.delay(str(message.pk))
            wait_until(lambda: done() == PEER_TASKS)
            return (PEER_TASKS - 1) / (time.perf_counter() - begun)
    finally:
        AccountMessage.objects.filter(state__startswith="peer").delete()


def urgent_behind_backlog(place: Place, port: int) -> float:
    """Return the seconds from owing an urgent message to its recorded end, 100,000 being queued."""
    from backend.tenancy import reach
    from notifications.models import Delivery

    place.clear()
    release(place)
    fill_backlog(place)
    with running_workers(port, 1):
        wait_until(lambda: place.sent() > 0)
        begun = time.perf_counter()
        owe(place, urgent=True, number=1)

        def went() -> bool:
            with reach.of_districts(place.district.pk):
                return Delivery.objects.filter(priority=1, state="sent").exists()

        wait_until(went)
        return time.perf_counter() - begun


def fill_backlog(place: Place) -> None:
    """Queue 100,000 messages in one statement each for messages and lines."""
    from django.db import connection

    from backend.tenancy import reach
    from notifications.models import Notice

    now = datetime.now(UTC)
    with reach.of_districts(place.district.pk), connection.cursor() as cursor:
        notice = Notice.objects.create(
            district=place.district, campus=place.campus, kind="memo.backlog", subject="memo",
            subject_id=place.campus.pk, wording={"version": 1}, policy="", occurred_at=now,
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO notifications_delivery (id, district_id, agency_id, contact_id, channel,"
            " address, grouping_key, priority, state, due_at, expires_at, fence, attempts,"
            " unknown_outcomes, state_since, held_because, last_answer)"
            " SELECT uuidv7(), %s, c.agency_id, c.id, 'email', c.email, 'backlog:' || n, 5,"
            " 'queued', now(), now() + interval '4 days', 0, 0, 0, now(), '', ''"
            " FROM directory_respondercontact c CROSS JOIN generate_series(1, %s) n"
            " WHERE c.id = ANY (%s)",
            [
                place.district.pk,
                BACKLOG // len(place.contacts),
                [contact.pk for contact in place.contacts],
            ],
        )
        cursor.execute(
            "INSERT INTO notifications_deliveryline (id, district_id, delivery_id, notice_id)"
            " SELECT uuidv7(), district_id, id, %s FROM notifications_delivery"
            " WHERE district_id = %s AND grouping_key LIKE 'backlog:%%'",
            [notice.pk, place.district.pk],
        )
    with suppress(Exception):
        analyze()


def analyze() -> None:
    """Let the planner know of the backlog, as autovacuum does within a minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_delivery, notifications_deliveryline")
