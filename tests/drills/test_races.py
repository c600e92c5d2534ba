"""A drill is fixed while something else of its campus is written, each on its own connection."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection

from backend.audit import record as audit
from backend.directory.services import links
from drills.models import Drill, DrillState
from tests.cast import Cast, assemble
from tests.drills.holding import BEFORE, acting, in_district, scheduled

PATIENCE = 20


@pytest.fixture
def crowd(transactional_db: None) -> Cast:
    return assemble()


def wait_until_somebody_waits_for_a_lock() -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("nobody came to wait for the head of the audit chain")


@pytest.mark.django_db(transaction=True)
def test_a_drill_is_scheduled_while_an_audited_row_of_its_campus_commits(crowd: Cast) -> None:
    """The other transaction holds the chain's head when the campus's lock is already taken."""
    head_is_held, writer = Event(), crowd.actor("district")

    def write_for_the_campus() -> None:
        try:
            with in_district(crowd):
                link = links.link_for(
                    district_id=crowd.district.pk,
                    contact=crowd.contacts["patrol"],
                    purpose="packet",
                    campus_id=crowd.lincoln.pk,
                )
                audit.record("link.issued", actor=writer, subject=link, at=BEFORE)
                head_is_held.set()
                wait_until_somebody_waits_for_a_lock()
        finally:
            connection.close()

    def schedule() -> Drill:
        try:
            assert head_is_held.wait(PATIENCE)
            return scheduled(crowd)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        writing, scheduling = pool.submit(write_for_the_campus), pool.submit(schedule)
        writing.result(PATIENCE * 2)
        drill = scheduling.result(PATIENCE * 2)
    with acting(crowd, "principal"):
        assert Drill.objects.get(pk=drill.pk).state == DrillState.SCHEDULED
