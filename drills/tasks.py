"""What a worker calls each second and what the schedule calls; all may run twice or late."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.utils import timezone

from backend.directory.models import Campus
from backend.tenancy import reach
from drills.services import chasing, moments, reminding
from drills.services.proposing import propose_next


def drain() -> int:
    """Announce what is due and close what was not used; return how many drills changed.

    Each batch is a transaction of its own; what another worker holds is passed over.
    """
    at = timezone.now()
    due: dict[UUID, list[UUID]] = defaultdict(list)
    with reach.crossing("ticks"):
        for district_id, drill_id in moments.due_rows(at).values_list("district_id", "pk"):
            due[district_id].append(drill_id)
    changed = 0
    for district_id, drills in sorted(due.items()):
        for batch in batched(drills, moments.AT_ONCE):
            with reach.of_districts(district_id):
                changed += moments.announce(batch, at=at)
                changed += moments.close_unused(batch, at=at)
    return changed


def propose() -> int:
    """Propose each campus's next required drill; return how many proposals stand."""
    at = timezone.now()
    with reach.crossing("ticks"):
        rows = list(Campus.across_districts.order_by("pk").values_list("district_id", "pk"))
    number = 0
    for district_id, campus_id in rows:
        with reach.of_districts(district_id):
            campus = Campus.objects.get(pk=campus_id)
            number += propose_next(campus=campus, at=at) is not None
    return number


def remind() -> int:
    """Remind people of drills, reviews and fixes, and alarm them of what was not closed."""
    at = timezone.now()
    with reach.crossing("ticks"):
        districts = reminding.due_districts(at) | chasing.due_districts(at)
    written = 0
    for district_id in sorted(districts):
        with reach.of_districts(district_id):
            written += reminding.remind(at=at) + chasing.chase(at=at)
    return written


def batched(rows: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    """Yield rows in their order, `size` at a time."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
