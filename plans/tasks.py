"""Ticks of plans: entry points of a few lines, named in backend/schedule.py."""

from django.utils import timezone

from backend.jobs.models import Job
from backend.jobs.registry import Report
from backend.tenancy import reach
from plans.models import PlanState, PlanVersion
from plans.services import packets, publishing


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


def make_missing_packets() -> int:
    """Ask for the PDF of each packet in force or coming that has none; return how many."""
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
            number += packets.ask_for_missing(at=at)
    return number


def make_packet(job: Job, report: Report) -> dict[str, object]:
    """Do a job of the kind “packet” as things stand now."""
    return packets.make(job, report, at=timezone.now())
