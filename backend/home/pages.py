"""Today, an agency's drills, the door to a campus, and the way to a new condition."""

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.directory import access
from backend.directory.access import DistrictRequest, districts_where, in_reach_of, may
from backend.directory.models import Campus, District
from backend.home import first_packet, needs
from backend.home.agency import agency_today
from backend.home.packets import HeldPacket, packets_of
from backend.problems import NotAllowed


@require_safe
@access.answer_page
def today(request: DistrictRequest) -> HttpResponse:
    """Answer what needs me now, over all my campuses."""
    packets = packets_of(request.actor, at=timezone.now())
    with access.reach_of(request.actor):
        return access.finished(_today(request, packets))


def _today(request: DistrictRequest, packets: list[HeldPacket]) -> TemplateResponse:
    actor, at = request.actor, timezone.now()
    found = needs.needs_of(actor, at=at, packets=packets)
    if chosen := request.GET.get("campus", ""):
        shown = [need for need in found if need.campus == chosen]
    else:
        shown = found
    names = sorted({need.campus for need in found if need.campus})
    district = District.objects.filter(pk__in=districts_where(actor, "settings.edit")).first()
    steps = first_packet.steps(district.pk, at=at) if district else []
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
            "zone": _zone(request, packets),
            "chosen_zone": actor.time_zone,
            "clock": int(actor.clock),
            "campus_count": in_reach_of(actor, "campus.read", Campus.objects.all()).count(),
            "steps": steps,
            "steps_done": sum(step.is_done for step in steps),
            "packets": packets,
        },
    )


def _zone(request: DistrictRequest, packets: list[HeldPacket]) -> str:
    """Return the reader's zone: chosen, of a campus, of the district, else UTC."""
    if request.actor.time_zone or packets:
        return request.actor.time_zone or packets[0].publication.campus.time_zone
    place = Campus.objects.order_by("id").first() or District.objects.order_by("id").first()
    return place.time_zone if place else "UTC"


@require_safe
@access.page
def new_condition(request: DistrictRequest) -> HttpResponse:
    """Ask where something is closed; whoever has one campus goes straight to its form."""
    allowed = Campus.objects.none()
    for verb in ("condition.publish", "condition.report"):
        allowed = allowed | in_reach_of(request.actor, verb, Campus.objects.all())
    campuses = list(allowed.distinct().order_by("name", "id"))
    if not campuses:
        raise NotAllowed(
            _("Your role does not include this."),
            mend=_("Tell the office of the campus what you have seen."),
        )
    if len(campuses) == 1:
        return HttpResponseRedirect(f"{campuses[0].get_absolute_url()}conditions/new/")
    return TemplateResponse(request, "home/condition.html", {"campuses": campuses})


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
    path("agency/", agency_today, name="agency-today"),
    path("condition/", new_condition, name="tell-condition"),
    path("campuses/<str:slug>/", campus_door, name="campus"),
]
