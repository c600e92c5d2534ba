"""Insert (schedule, due) under a unique key and run what is due: twice or late changes nothing."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from backend.jobs.models import Tick

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
KEEP = timedelta(days=2)


def run_due(schedules: Mapping[str, tuple[str, int]], *, at: datetime) -> int:
    """Run each schedule whose present moment has not been done; return how many ran.

    A missed moment is caught up by the next: each tick looks at everything due by then, so only
    the latest moment is run.
    """
    ran = 0
    for name, (work, seconds) in schedules.items():
        due = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, UTC)
        if not _claim(name, due):
            continue
        try:
            import_string(work)()
        except Exception:
            log.exception("The tick “%s” failed; it runs again when its lease ends", name)
            continue
        Tick.objects.filter(schedule=name, due=due).update(done_at=Now(), lease_until=None)
        ran += 1
    return ran


def _claim(name: str, due: datetime) -> bool:
    with transaction.atomic():
        Tick.objects.bulk_create([Tick(schedule=name, due=due)], ignore_conflicts=True)
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        tick = (
            Tick.objects.filter(free, schedule=name, due=due, done_at=None)
            .select_for_update(no_key=True, skip_locked=True)
            .first()
        )
        if tick is None:
            return False
        Tick.objects.filter(pk=tick.pk).update(lease_until=Now() + LEASE)
        Tick.objects.filter(schedule=name, due__lt=due - KEEP).delete()
    return True
