"""E-mails a second with every attempt recorded durably; how soon an urgent one gets past a backlog.

Peers, on the same sink in the same run: eight bare asyncio connections that record nothing (the
limit), and a Celery task a message. The figures of `stack.md` section 10 were 3,719 and 151.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
MESSAGES = 2_000
PEER_TASKS = 300
BACKLOG = 100_000
CONNECTIONS = 8
AGENCIES = 500


def run() -> list[dict[str, Any]]:
    """Return a row for each comparison."""
    from tests.notifications.outbox import register_memo

    register_memo()
    with sink() as port, bench_district() as place:
        bare = bare_sends(port, place.sample())
        one = ours(place, port, workers=1)
        two = ours(place, port, workers=2)
        tasks = task_a_message(port)
        urgent = urgent_behind_backlog(place, port)
    unit = "mails/s"
    return [
        row("e-mail recorded, 1 worker, beside 8 bare connections", one, bare, ">= 0.5", unit),
        row("e-mail recorded, 2 workers, beside 8 bare connections", two, bare, ">= 0.9", unit),
        row("e-mail recorded, 1 worker, beside a Celery task each", one, tasks, ">= 5", unit),
        {
            "name": f"urgent e-mail behind {BACKLOG:,} queued",
            "ours": urgent,
            "peer": BACKLOG / one,
            "ratio": BACKLOG / one / urgent,
            "goal": "<= 2 s",
            "unit": "s",
        },
    ]


def row(name: str, ours: float, peer: float, goal: str, unit: str) -> dict[str, Any]:
    return {
        "name": name, "ours": ours, "peer": peer, "ratio": ours / peer, "goal": goal, "unit": unit,
    }  # fmt: skip


@contextmanager
def child(*words: str, says: bool = True, more: dict[str, str] | None = None) -> Iterator[str]:
    """Run a module beside us until the block ends; yield the first line it says."""
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
        yield process.stdout.readline().strip() if says else ""
    finally:
        process.kill()
        process.wait()


@contextmanager
def sink() -> Iterator[int]:
    """Yield the port of a mail server that takes everything."""
    with child("tests.benchmarks.smtp_sink") as port:
        yield int(port)


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
        """Return one message as it travels, of the usual size."""
        from notifications.channels.email import message as email

        return email.build(
            email.Message(
                delivery_id=self.district.pk, district="Benchmark", mail_from="muster@bench.test",
                reply_to="muster@bench.test", to="e1@bench.test", date=datetime.now(UTC),
                subject="Lincoln High School: new packet", text="Words.\n\n" * 12,
            )
        )  # fmt: skip

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

    def remove(self) -> None:
        """Remove what stands above districts or holds names; the audit stays, as it must."""
        from backend.directory.models import AcceptedAddress, Agency, Coverage, ResponderContact
        from backend.tenancy import reach

        self.clear()
        with reach.of_districts(self.district.pk):
            AcceptedAddress.objects.all().delete()
            Coverage.objects.all().delete()
        ResponderContact.objects.filter(agency__in=self.agencies).delete()
        Agency.objects.filter(pk__in=[agency.pk for agency in self.agencies]).delete()


@contextmanager
def bench_district() -> Iterator[Place]:
    """Yield a district of the benchmark's own and remove its rows afterwards."""
    place = Place()
    try:
        yield place
    finally:
        place.remove()


def bare_sends(port: int, content: bytes) -> float:
    """Return mails a second of eight asyncio connections that build and record nothing."""

    async def connection(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await reader.readline()

        async def ask(words: bytes) -> None:
            writer.write(words)
            await reader.readline()

        await ask(b"EHLO bench\r\n")
        for _ in range(number):
            await ask(b"MAIL FROM:<muster@bench.test>\r\n")
            await ask(b"RCPT TO:<e1@bench.test>\r\n")
            await ask(b"DATA\r\n")
            await ask(content + b"\r\n.\r\n")
        writer.close()

    async def all_of_them() -> None:
        share = MESSAGES // CONNECTIONS
        await asyncio.gather(*(connection(share) for _ in range(CONNECTIONS)))

    begun = time.perf_counter()
    asyncio.run(all_of_them())
    return MESSAGES / (time.perf_counter() - begun)


def ours(place: Place, port: int, *, workers: int) -> float:
    """Return mails a second from the release of the channel to the last recorded result."""
    place.clear()
    owe(place)
    with running_workers(port, workers):
        begun = time.perf_counter()
        release(place)
        wait_until(lambda: place.sent() >= MESSAGES)
        return MESSAGES / (time.perf_counter() - begun)


@contextmanager
def running_workers(port: int, number: int) -> Iterator[None]:
    from contextlib import ExitStack

    relay = {"MUSTER_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    with ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(child("tests.flows.delivery_worker", "drain", more=relay))
        yield


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
