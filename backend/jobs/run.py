"""Claim jobs under a lease, run them, keep their outcome. Leases are compared by the database."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from backend.jobs import registry
from backend.jobs.models import Job, JobState
from backend.problems import Problem
from backend.tenancy import reach
from backend.waking import wake_lane

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 3


def enqueue(*, kind: str, district_id: UUID, campus_id: UUID | None, subject_id: UUID) -> Job:
    """Return the open job of this kind and subject, made now if there is none."""
    Job.objects.bulk_create(
        [Job(kind=kind, district_id=district_id, campus_id=campus_id, subject_id=subject_id)],
        ignore_conflicts=True,
    )
    wake_lane("jobs")
    return Job.objects.get(
        kind=kind, subject_id=subject_id, state__in=[JobState.QUEUED, JobState.RUNNING]
    )


def run_due(*, limit: int = 4) -> int:
    """Run up to `limit` due jobs and return how many were claimed."""
    claimed = _claim(limit)
    for job in claimed:
        _run(job)
    return len(claimed)


def _claim(limit: int) -> list[Job]:
    with reach.crossing("jobs"):
        due = (
            Job.across_districts.filter(
                Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=Now())
            )
            .order_by("id")
            .select_for_update(no_key=True, skip_locked=True, of=("self",))[:limit]
        )
        claimed = list(due)
        Job.across_districts.filter(pk__in=[job.pk for job in claimed]).update(
            state=JobState.RUNNING,
            lease_until=Now() + LEASE,
            fence=F("fence") + 1,
            attempts=F("attempts") + 1,
        )
    for job in claimed:
        job.fence += 1
        job.attempts += 1
    return claimed


def _run(job: Job) -> None:
    def report(percent: int, doing: str) -> None:
        with reach.of_districts(job.district_id):
            mine = Job.objects.filter(pk=job.pk, fence=job.fence)
            mine.update(percent=percent, doing=doing[:120], lease_until=Now() + LEASE)
            if not mine.filter(cancel_asked=False).exists():
                raise registry.Cancelled

    state = JobState.FAILED
    outcome: dict[str, object] = {}
    try:
        if job.attempts > MOST_ATTEMPTS:
            outcome = {"message": "It was tried three times and ended each time without an answer."}
        else:
            outcome, state = registry.work_of(job.kind)(job, report), JobState.DONE
    except registry.Cancelled:
        state, outcome = JobState.CANCELLED, {"message": "A person asked to stop it."}
    except Problem as problem:
        outcome = problem.as_json()
    except Exception:
        log.exception("job %s (%s) failed", job.pk, job.kind)
        outcome = {"message": "It failed for a reason that the log of the worker names."}
    with reach.of_districts(job.district_id), transaction.atomic():
        Job.objects.filter(pk=job.pk, fence=job.fence).update(
            state=state, outcome=outcome, percent=100 if state == JobState.DONE else F("percent")
        )
