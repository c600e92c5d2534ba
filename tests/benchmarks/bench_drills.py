"""10,000 drills of one minute become announced; the run page's poll with 200 phones."""

import os
import subprocess
import sys
import time
from datetime import date, timedelta
from datetime import time as clock
from typing import Any

from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

DRILLS, CAMPUSES = 10_000, 100
MINUTE = 60.0
PHONES, POLLS = 200, 5
GOAL_MS = 10.0
WORKER = (
    "import django; django.setup()\n"
    "from drills.tasks import drain\n"
    "idle = 0\n"
    "while idle < 3:\n"
    "    idle = 0 if drain() else idle + 1\n"
)


def run() -> list[dict[str, Any]]:
    return [_poll(), _announced()]  # the demonstration is made in an empty database only


def _announced() -> dict[str, Any]:
    """Two processes drain 10,000 drills that are due now; the peer is the minute they have."""
    district_id = _due()
    began = time.monotonic()
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER], env=os.environ.copy()) for _ in range(2)
    ]
    for worker in workers:
        worker.wait()
    seconds = time.monotonic() - began
    _check(district_id)
    return {
        "name": "10,000 drills announced, each with its delivery, two workers",
        "ours": round(seconds, 1),
        "peer": MINUTE,
        "ratio": round(MINUTE / seconds, 2),
        "goal": ">= 1 (within a minute)",
        "unit": "s",
    }


def _due() -> Any:
    from backend.directory.models import (
        AcceptedAddress,
        Agency,
        Campus,
        Coverage,
        District,
        ResponderContact,
    )
    from backend.tenancy import reach
    from drills.models import Drill, DrillState

    at = timezone.now()
    with reach.crossing("set-up"):
        district = District.across_districts.create(
            name="Bench Schools", state="MI", time_zone="America/Detroit",
            answering_name="Desk", answering_phone="555-0100",
        )  # fmt: skip
    with reach.of_districts(district.pk):
        campuses = Campus.objects.bulk_create(
            Campus(
                district=district, name=f"School {number}", address="1 Road", city="Town",
                state="MI", time_zone="America/Detroit",
            )
            for number in range(CAMPUSES)
        )  # fmt: skip
        for number, campus in enumerate(campuses):
            agency = Agency.objects.create(
                name=f"Center {number}", kind="dispatch", time_zone="America/Detroit"
            )
            contact = ResponderContact.objects.create(
                agency=agency, name="Desk", email=f"desk{number}@example.org"
            )
            AcceptedAddress.objects.create(
                district=district, contact=contact, address=contact.email
            )
            Coverage.objects.create(
                district=district, campus=campus, agency=agency, starts_on=date(2020, 1, 1)
            )
        starts = at + timedelta(minutes=20)
        Drill.objects.bulk_create(
            [
                Drill(
                    district=district, campus=campuses[number % CAMPUSES], type="fire",
                    state=DrillState.SCHEDULED, state_since=at, day=starts.date(),
                    time=clock(10, 15), starts_at=starts,
                )
                for number in range(DRILLS)
            ],
            batch_size=1000,
        )  # fmt: skip
    return district.pk


def _check(district_id: Any) -> None:
    """Every drill announced once, with its notice and a delivery that carries it."""
    from backend.tenancy import reach
    from drills.models import Drill, DrillState
    from notifications.models import DeliveryLine, Notice

    with reach.of_districts(district_id):
        announced = Drill.objects.filter(state=DrillState.ANNOUNCED).count()
        notices = Notice.objects.filter(kind="drill.clearance")
        told = DeliveryLine.objects.filter(notice__in=notices).values("notice").distinct().count()
        if not announced == notices.count() == told == DRILLS:
            raise AssertionError(f"{announced} announced, {notices.count()} notices, {told} told")


def _poll() -> dict[str, Any]:
    """Server time of one poll of a running drill on which 200 phones hold a token."""
    from django.conf import settings

    from backend.demo import build
    from backend.directory.access import reach_of
    from drills.models import Drill, DrillState, TimelineEntry
    from drills.services import phones

    build.build_if_empty()
    at = timezone.now()
    principal = build.actor_named("maria.ochoa", at=at)
    with reach_of(principal):
        campus = build.campus_named("Lincoln")
        drill = Drill.objects.create(
            district_id=campus.district_id, campus=campus, type="fire", state=DrillState.RUNNING,
            state_since=at, day=campus.local_date(at), time=clock(10, 15), starts_at=at,
            started_at=at,
        )  # fmt: skip
        TimelineEntry.objects.bulk_create(
            TimelineEntry(
                district_id=campus.district_id, drill=drill, campus=campus, kind="mark",
                happened_at=at, device_at=at, received_at=at, by="Phone",
            )
            for _ in range(200)
        )  # fmt: skip
        tokens = [
            phones.let_in(drill_id=drill.pk, actor=principal, at=at)[1] for _ in range(PHONES)
        ]
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    spent: list[float] = []
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        client = Client(HTTP_HOST="localhost")
        path = f"/drills/{drill.pk}/run/state/"
        first = client.get(path, headers={"Authorization": f"Run {tokens[0]}"})
        for _ in range(POLLS):
            for token in tokens:
                began = time.perf_counter()
                answer = client.get(
                    path,
                    headers={"Authorization": f"Run {token}", "If-None-Match": first["ETag"]},
                )
                spent.append((time.perf_counter() - began) * 1000)
                if answer.status_code != 304:
                    raise AssertionError(f"a poll answered {answer.status_code}")
    worst = sorted(spent)[int(len(spent) * 0.95)]
    return {
        "name": "poll of a running drill, 200 phones, p95",
        "ours": round(worst, 2),
        "peer": GOAL_MS,
        "ratio": round(GOAL_MS / worst, 2),
        "goal": "<= 10 ms",
        "unit": "ms",
    }
