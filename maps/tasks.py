"""What the schedule calls."""

from django.utils import timezone

from backend.tenancy import reach
from maps.models import Condition, ConditionState
from maps.services import conditions


def end_conditions() -> int:
    """End the conditions and reports whose time is over; return how many this call ended."""
    now = timezone.now()
    with reach.crossing("ticks"):
        over = list(
            Condition.across_districts.filter(ends_at__lte=now)
            .exclude(state=ConditionState.ENDED)
            .order_by("pk")
            .values_list("district_id", "pk")
        )
    ended = 0
    for district_id, condition_id in over:
        with reach.of_districts(district_id):
            ended += conditions.end_over(condition_id=condition_id, at=now)
    return ended
