"""Ticks of plans: entry points of a few lines, named in backend/schedule.py."""

from django.utils import timezone

from backend.tenancy import reach
from plans.models import PlanState, PlanVersion
from plans.services import publishing


def put_in_force() -> int:
    """Put plans in force whose date has come at their campus; return how many were superseded."""
    at = timezone.now()
    with reach.crossing("ticks"):
        districts = set(
            PlanVersion.across_districts.filter(state=PlanState.PUBLISHED).values_list(
                "district_id", flat=True
            )
        )
    number = 0
    for district_id in sorted(districts):
        with reach.of_districts(district_id):
            number += publishing.put_in_force(at=at)
    return number
