"""Jobs under a lease and ticks under a unique key."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models.functions import Now

from backend.jobs import registry, run, ticks
from backend.jobs.models import Job, JobState, Tick
from backend.problems import BadInput
from backend.tenancy import reach
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
ran: list[str] = []


def enqueue(cast: Cast, kind: str) -> Job:
    with reach.of_districts(cast.district.pk):
        return run.enqueue(
            kind=kind, district_id=cast.district.pk, campus_id=None, subject_id=uuid4()
        )


def state_of(cast: Cast, job: Job) -> Job:
    with reach.of_districts(cast.district.pk):
        return Job.objects.get(pk=job.pk)


def test_a_due_job_runs_and_keeps_its_outcome(cast: Cast) -> None:
    def work(job: Job, report: registry.Report) -> dict[str, object]:
        report(40, "half way")
        return {"pages": 3}

    registry.register("test.fine", work)
    job = enqueue(cast, "test.fine")
    assert run.run_due() == 1
    done = state_of(cast, job)
    assert (done.state, done.percent, done.outcome) == (JobState.DONE, 100, {"pages": 3})
    assert run.run_due() == 0


def test_a_refusal_is_kept_in_words(cast: Cast) -> None:
    def work(job: Job, report: registry.Report) -> dict[str, object]:
        raise BadInput("The map has no level.", where="map", mend="Add one.")

    registry.register("test.refused", work)
    job = enqueue(cast, "test.refused")
    run.run_due()
    done = state_of(cast, job)
    assert done.state == JobState.FAILED
    assert done.outcome["mend"] == "Add one."


def test_a_job_that_somebody_cancels_stops_at_its_next_report(cast: Cast) -> None:
    def work(job: Job, report: registry.Report) -> dict[str, object]:
        report(10, "drawing")
        raise AssertionError("it went on")

    registry.register("test.cancelled", work)
    job = enqueue(cast, "test.cancelled")
    with reach.of_districts(cast.district.pk):
        Job.objects.filter(pk=job.pk).update(cancel_asked=True)
    run.run_due()
    assert state_of(cast, job).state == JobState.CANCELLED


def test_a_job_whose_worker_died_runs_again_after_its_lease(cast: Cast) -> None:
    registry.register("test.again", lambda job, report: {"ran": True})
    job = enqueue(cast, "test.again")
    with reach.of_districts(cast.district.pk):
        mine = Job.objects.filter(pk=job.pk)
        mine.update(state=JobState.RUNNING, lease_until=Now() + timedelta(minutes=1))
    assert run.run_due() == 0
    with reach.of_districts(cast.district.pk):
        Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
    assert run.run_due() == 1
    assert state_of(cast, job).state == JobState.DONE


def test_asking_twice_makes_one_job(cast: Cast) -> None:
    subject = uuid4()
    with reach.of_districts(cast.district.pk):
        first, second = (
            run.enqueue(
                kind="test.once", district_id=cast.district.pk, campus_id=None, subject_id=subject
            )
            for _ in range(2)
        )
    assert first.pk == second.pk


def note_a_run() -> None:
    ran.append("ran")


def test_a_tick_happens_once_for_its_moment_however_many_ask(cast: Cast) -> None:
    ran.clear()
    schedules = {"test": ("tests.backend.test_jobs.note_a_run", 60)}
    assert ticks.run_due(schedules, at=NOW) == 1
    assert ticks.run_due(schedules, at=NOW + timedelta(seconds=9)) == 0
    assert ticks.run_due(schedules, at=NOW + timedelta(seconds=60)) == 1
    assert len(ran) == 2


def break_down() -> None:
    raise RuntimeError("the disk is full")


def test_a_tick_that_failed_runs_again_when_its_lease_ends(cast: Cast) -> None:
    schedules = {"test": ("tests.backend.test_jobs.break_down", 60)}
    assert ticks.run_due(schedules, at=NOW) == 0
    Tick.objects.update(lease_until=Now() - timedelta(seconds=1))
    schedules = {"test": ("tests.backend.test_jobs.note_a_run", 60)}
    assert ticks.run_due(schedules, at=NOW) == 1
