"""`/agency/`: the drills at all schools an agency covers, and who of it is wanted twice.

Only here and on its board does an agency see that a crew or an officer of its own stands in two
places: neither district may know of the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.directory import access
from backend.directory.access import DistrictRequest, in_reach_of
from backend.directory.actor import Actor
from backend.directory.models import Agency, AgencyMember
from backend.problems import NotFound
from drills.models import Clearance, ClearanceState, Drill, Invitation
from drills.pages.rows import Row, row_of
from drills.queries.attendance import TwoPlaces, to_come, two_places_of_agencies

AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Coming:
    """A drill to come as an agency sees it."""

    row: Row
    officer: str
    invitation: Invitation | None
    clearance: Clearance | None
    two_places: tuple[TwoPlaces, ...]


@require_safe
@access.page
def agency_today(request: DistrictRequest) -> HttpResponse:
    """Who of us is wanted where?"""
    agencies = list(Agency.objects.filter(pk__in=request.actor.agencies).order_by("name", "pk"))
    if not agencies or not request.actor.covered:
        raise NotFound(
            _("This page belongs to the people of an agency that covers a school."),
            mend=_("Ask a school's district to give your agency access."),
        )
    at = timezone.now()
    found = coming_for(request.actor, agencies, at=at)
    days = [(day, list(rows)) for day, rows in groupby(found, key=lambda one: one.row.drill.day)]
    context = {
        "agencies": agencies,
        "days": days,
        "at": at,
        "double": sum(bool(one.two_places) for one in found),
        "count": len(found),
        "waiting": waiting(found),
    }
    return TemplateResponse(request, "home/agency.html", context)


def coming_for(actor: Actor, agencies: Sequence[Agency], *, at: datetime) -> list[Coming]:
    """Return the drills to come of the covered campuses, next first, in a few statements."""
    # a membership is beyond an agency's reach: the join finds none, and no second statement looks
    rows = Drill.objects.select_related("campus", "conductor__user").filter(
        starts_at__gt=at - timedelta(hours=12), starts_at__lt=at + AHEAD
    )
    drills = to_come(list(in_reach_of(actor, "drill.read", rows)), at)
    ids = [drill.pk for drill in drills]
    own = {"agency__in": [agency.pk for agency in agencies], "drill__in": ids, "ended_at": None}
    invitations = {row.drill_id: row for row in Invitation.objects.filter(**own)}
    clearances: dict[UUID, Clearance] = {}
    for clearance in Clearance.objects.filter(**own).order_by("step"):
        clearances[clearance.drill_id] = clearance
    people = AgencyMember.objects.filter(agency__in=agencies).exclude(ends_on__lt=at.date())
    officers = dict(people.values_list("user_id", "user__name"))
    double = two_places_of_agencies(agencies, drills, at)
    return [
        Coming(
            row_of(drill, at=at),
            officers.get(drill.conductor_user_id, "") if drill.conductor_user_id else "",
            invitations.get(drill.pk),
            clearances.get(drill.pk),
            tuple(double.get(drill.pk, ())),
        )
        for drill in drills
    ]


def waiting(found: Sequence[Coming]) -> int:
    """Return how many of them wait for the agency's word."""
    return sum(
        bool(one.clearance and one.clearance.state == ClearanceState.ASKED)
        or bool(one.invitation and one.invitation.answered_at is None)
        for one in found
    )
