"""`/p/<token>/`: a packet without an account. Only reading; each opening is recorded."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.directory.access import reach_of
from backend.directory.actor import Actor
from backend.directory.identify import LinkEnded, actor_of_link
from backend.directory.models import Campus, District
from backend.problems import NotFound
from backend.tenancy import reach
from plans.packets.facts import contact_sheet_of
from plans.packets.first_page import dial_columns
from plans.pages.packet_answers import (
    asked_number,
    being_made,
    guarded,
    html_file,
    is_prefetch,
    page_answer,
    pdf_file,
)
from plans.queries.sheets import newest_copy
from plans.queries.versions import publication_in_force
from plans.services.opening import (
    Form,
    Opened,
    PacketBeingMade,
    answer_token,
    open_packet,
)

PURPOSE = "packet"
View = Callable[[HttpRequest, Actor], HttpResponse]


def by_link(view: View) -> Callable[..., HttpResponse]:
    """Identify the link, and answer HEAD and prefetching without opening anything."""

    @require_safe
    @wraps(view)
    def inside(request: HttpRequest, token: str, **_more: Any) -> HttpResponse:
        if is_prefetch(request):
            return guarded(HttpResponse(status=403))
        address = request.META.get("REMOTE_ADDR", "")
        try:
            actor = actor_of_link(token, today=timezone.now().date(), address=address)
        except LinkEnded as ended:
            page = render(request, "plans/packet/link_ended.html", {"ended": ended}, status=410)
            return guarded(page)
        if actor.link_purpose != PURPOSE or len(actor.covered) != 1:
            raise NotFound(_("There is nothing at this address."))
        if request.method == "HEAD":
            return guarded(HttpResponse())
        return view(request, actor)

    return inside


def when_in_force(view: View) -> View:
    """Where the plan was withdrawn, or none is in force, show who answers instead of the packet."""

    @wraps(view)
    def inside(request: HttpRequest, actor: Actor) -> HttpResponse:
        try:
            return view(request, actor)
        except NotFound:
            if asked_number(request) is not None:
                raise
            return guarded(_nothing_in_force(request, actor))

    return inside


def _nothing_in_force(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Return the page with the district's number and those of the contact sheet's copy."""
    covered = actor.covered[0]
    with reach_of(actor):
        campus = Campus.objects.get(pk=covered.campus_id)
        copy = newest_copy(campus)
    with reach.crossing("link"):
        district = District.across_districts.get(pk=covered.district_id)
    numbers = dial_columns(contact_sheet_of(json.loads(copy.document) if copy else None))
    context = {
        "campus": campus,
        "district": district,
        "columns": [column for column in numbers if column.rows],
        "confirmed_on": copy and campus.local_date(copy.confirmed_at),
    }
    return render(request, "plans/packet/nothing_in_force.html", context, status=404)


def _open(request: HttpRequest, actor: Actor, form: Form) -> Opened:
    return open_packet(
        actor=actor,
        campus_id=actor.covered[0].campus_id,
        form=form,
        at=timezone.now(),
        user_agent=request.headers.get("User-Agent", ""),
        number=asked_number(request),
    )


@by_link
@when_in_force
def packet(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Where do I go, who answers, where is Room 204?"""
    return page_answer(_open(request, actor, "html"))


@by_link
def acknowledge(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Lead to the page where this contact answers; the answer itself is given there."""
    with reach_of(actor):
        campus = Campus.objects.get(pk=actor.covered[0].campus_id)
        publication = publication_in_force(campus, campus.local_date(timezone.now()))
    token = answer_token(actor=actor, publication=publication) if publication else ""
    address = reverse("acknowledge", args=[token]) if token else "../"
    return guarded(HttpResponseRedirect(address))


@by_link
@when_in_force
def packet_html(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The packet to keep for use without network."""
    return html_file(_open(request, actor, "html"))


@by_link
@when_in_force
def packet_pdf(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The packet to print, or how far it is."""
    try:
        return pdf_file(_open(request, actor, "pdf"))
    except PacketBeingMade as wait:
        return being_made(request, wait, "./")
