"""Today, and the door to a campus."""

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from backend.directory import access
from backend.directory.access import DistrictRequest, districts_where, may
from backend.directory.models import Campus, District
from backend.home import first_packet, needs
from plans.models import Publication


@require_safe
@access.page
def today(request: DistrictRequest) -> HttpResponse:
    """Answer what needs me now, over all my campuses."""
    actor, at = request.actor, timezone.now()
    found = needs.needs_of(actor, at=at)
    if chosen := request.GET.get("campus", ""):
        shown = [need for need in found if need.campus == chosen]
    else:
        shown = found
    names = sorted({need.campus for need in found if need.campus})
    district = District.objects.filter(pk__in=districts_where(actor, "settings.edit")).first()
    steps = first_packet.steps(district.pk) if district else []
    return TemplateResponse(
        request,
        "home/today.html",
        {
            "needs": shown,
            "all_count": len(found),
            "by_campus": [
                (name, sum(1 for need in found if need.campus == name)) for name in names
            ],
            "chosen": chosen,
            "at": at,
            "zone": _zone(request),
            "clock": int(actor.clock),
            "campus_count": Campus.objects.count(),
            "steps": steps if not all(step.is_done for step in steps) else [],
            "steps_done": sum(step.is_done for step in steps),
            "packets": _packets(request),
        },
    )


def _zone(request: DistrictRequest) -> str:
    """Return the reader's zone: chosen, of a campus, else UTC."""
    campus = Campus.objects.order_by("id").first()
    return request.actor.time_zone or (campus.time_zone if campus else "UTC")


def _packets(request: DistrictRequest) -> list[Publication]:
    """Return what a responder holds: the newest publication of each covered campus."""
    if not request.actor.covered:
        return []
    return list(
        Publication.objects.filter(
            agency=None, campus__in=[item.campus_id for item in request.actor.covered]
        )
        .select_related("campus")
        .order_by("campus_id", "-number")
        .distinct("campus_id")
    )


@require_safe
@access.page
def campus_door(request: DistrictRequest, slug: str) -> HttpResponse:
    """Lead to the tab of a campus that its visitor may read."""
    campus = access.get_in_reach(
        request.actor, "campus.read", Campus.objects.all(), short_id=slug.rpartition("-")[2]
    )
    tab = "packet"
    if may(request.actor, "plan.read_draft", campus) or may(request.actor, "plan.read", campus):
        tab = "plan"
    elif may(request.actor, "map.read", campus):
        tab = "map"
    return HttpResponseRedirect(f"{campus.get_absolute_url()}{tab}/")


urlpatterns = [
    path("", today, name="today"),
    path("campuses/<str:slug>/", campus_door, name="campus"),
]
