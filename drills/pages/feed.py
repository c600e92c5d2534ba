"""The calendar feed: what each person may know of drills, in their own calendar."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from icalendar import Calendar, Event

from backend.directory.access import DistrictRequest, in_reach_of, may, page, reach_of
from backend.directory.actor import Actor
from drills.models import LOCKDOWN_LIKE, Drill, DrillState
from drills.queries.drills import planned_end
from drills.services import feeds

PAST, AHEAD = timedelta(days=60), timedelta(days=400)
STATUS = {
    DrillState.CANCELLED: "CANCELLED",
    DrillState.NOT_HELD: "CANCELLED",
    DrillState.PROPOSED: "TENTATIVE",
}


@require_safe
@page
def feed_page(request: DistrictRequest) -> HttpResponse:
    """How do drills come into my calendar?"""
    token = feeds.token_for(actor=request.actor, at=timezone.now())
    address = settings.PUBLIC_URL + reverse("drill-feed", args=[token])
    answer = TemplateResponse(request, "drills/feed.html", {"address": address})
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@page
def renew(request: DistrictRequest) -> HttpResponse:
    """End the address and make another."""
    feeds.renew(actor=request.actor, at=timezone.now())
    messages.success(request, _("The former address has ended. Subscribe to the new one."))
    return HttpResponseRedirect(reverse("drill-feed-page"), status=303)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the calendar of whoever the token belongs to."""
    at = timezone.now()
    actor = feeds.actor_of_feed(token, at=at, address=request.META.get("REMOTE_ADDR", ""))
    with reach_of(actor):
        content = calendar_of(actor, at=at)
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


def calendar_of(actor: Actor, *, at: datetime) -> bytes:
    """Return the drills that this actor may read, as iCalendar (RFC 5545).

    Whoever neither schedules nor runs a lockdown-type drill reads its day and not its hour.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Muster//Drills//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("School drills"))
    rows = Drill.objects.select_related("campus").filter(
        starts_at__gt=at - PAST, starts_at__lt=at + AHEAD
    )
    for drill in in_reach_of(actor, "drill.read", rows).order_by("starts_at", "pk"):
        calendar.add_component(_event(drill, actor))
    return bytes(calendar.to_ical())


def _event(drill: Drill, actor: Actor) -> Event:
    event = Event()
    facts = {"drill": drill.get_type_display(), "campus": drill.campus.name}
    event.add("uid", f"{drill.pk}@drills.muster")
    event.add("sequence", drill.edition)
    event.add("dtstamp", drill.state_since)
    event.add("summary", _("DRILL: %(drill)s, %(campus)s") % facts)
    event.add("status", STATUS.get(DrillState(drill.state), "CONFIRMED"))
    event.add("location", drill.campus.full_address)
    if _may_know_the_hour(drill, actor):
        event.add("dtstart", drill.starts_at)
        event.add("dtend", planned_end(drill))
        words = [str(drill.get_state_display())]
        if drill.callback_phone:
            words.append(_("Call back %(phone)s") % {"phone": drill.callback_phone})
        event.add("description", ". ".join(words))
    else:
        event.add("dtstart", drill.day)
        event.add("dtend", drill.day + timedelta(days=1))
    event.add("url", f"{settings.PUBLIC_URL}{reverse('drill', args=[drill.pk])}")
    return event


def _may_know_the_hour(drill: Drill, actor: Actor) -> bool:
    if drill.type not in LOCKDOWN_LIKE or actor.agencies:
        return True
    return may(actor, "drill.schedule", drill) or may(actor, "drill.run", drill)
