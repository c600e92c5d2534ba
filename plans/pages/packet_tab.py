"""A campus's Packet tab: who has it, open and save it, the register of paper copies."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backend.directory.access import DistrictRequest, View, answer_page, may, reach_of
from backend.directory.models import Campus, District
from backend.directory.pages.forms import problem_to_form
from backend.directory.queries import campus_by_slug
from backend.problems import Problem
from maps.pages.campus import campus_page
from notifications.models import Notice
from notifications.pages.board import READ as READ_BOARD
from notifications.pages.board import board_context
from plans.models import PacketAccess, Print, Publication
from plans.pages.packet_answers import asked_number, being_made, html_file, page_answer, pdf_file
from plans.queries.packets import base_of, ingredients_of, is_being_made, making_of
from plans.queries.sheets import newest_copy
from plans.queries.versions import (
    publication_coming,
    publication_in_force,
    publications_of,
)
from plans.services.opening import READ, Form, Opened, PacketBeingMade, open_packet
from plans.services.prints import LONGEST_PLACE, PRINT, register_print, swap_print

ADMINISTER = "people.manage"
OPENINGS_SHOWN = 8
PRINTS_SHOWN = 50


class PrintForm(forms.Form):
    """Where a paper copy is kept, and of which version it is."""

    number = forms.TypedChoiceField(label=gettext_lazy("Version"), coerce=int)
    place = forms.CharField(
        label=gettext_lazy("Where this paper is kept"),
        max_length=LONGEST_PLACE,
        help_text=gettext_lazy("For example: engine 2, glove box."),
    )

    def __init__(self, *args: Any, campus: Campus, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = publications_of(campus).values_list("number", flat=True)[:10]
        self.fields["number"].choices = [(number, f"v{number}") for number in rows]  # type: ignore[attr-defined]


@require_safe
@campus_page(READ)
def tab(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Who has the packet?"""
    return TemplateResponse(request, "plans/packet/tab.html", _context(request, campus))


def _context(
    request: DistrictRequest, campus: Campus, form: PrintForm | None = None
) -> dict[str, Any]:
    at = timezone.now()
    today = campus.local_date(at)
    present = publication_in_force(campus, today)
    sheet = newest_copy(campus)
    is_member = any(role.district_id == campus.district_id for role in request.actor.roles)
    context = {
        "campus": campus,
        "tab": "packet",
        "now": at,
        "present": present,
        "coming": publication_coming(campus, today),
        "sheet": sheet,
        "is_member": is_member,
        "older": publications_of(campus).filter(number__lt=present.number)[:5] if present else [],
    }
    if is_member and present is not None:
        context |= _making(request, present, campus, at)
        context |= _board(request, campus, present)
        context |= _register(request, campus, form)
    return context


def _making(
    request: DistrictRequest, publication: Publication, campus: Campus, at: datetime
) -> dict[str, Any]:
    publication.campus = campus
    made_from = ingredients_of(publication, District.objects.get(pk=campus.district_id), at=at)
    job = making_of(publication)
    return {
        "base": base_of(made_from),
        "job": job,
        "is_being_made": is_being_made(job),
        "show_cause": may(request.actor, ADMINISTER, campus),
        "condition_count": len(made_from.conditions),
    }


def _board(request: DistrictRequest, campus: Campus, publication: Publication) -> dict[str, Any]:
    if not may(request.actor, READ_BOARD, campus):
        return {}
    notice = Notice.objects.filter(subject_id=publication.pk, kind="packet.ready").first()
    return board_context(request, campus, notice) if notice else {}


def _register(request: DistrictRequest, campus: Campus, form: PrintForm | None) -> dict[str, Any]:
    prints = Print.objects.filter(campus=campus).select_related("publication")
    openings = PacketAccess.objects.filter(campus=campus).select_related("publication", "agency")
    return {
        "openings": openings.order_by("-opened_at")[:OPENINGS_SHOWN],
        "prints": prints.order_by("swapped_at", "-registered_at")[:PRINTS_SHOWN],
        "may_print": may(request.actor, PRINT, campus),
        "print_form": form or PrintForm(campus=campus),
    }


@require_safe
@campus_page(READ)
def making(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """How far is the PDF? The live part of the tab."""
    at = timezone.now()
    present = publication_in_force(campus, campus.local_date(at))
    context: dict[str, Any] = {"campus": campus, "present": present, "now": at}
    if present is not None and any(
        role.district_id == campus.district_id for role in request.actor.roles
    ):
        context |= _making(request, present, campus, at)
    return TemplateResponse(request, "plans/packet/_making.html", context)


@require_POST
@campus_page(PRINT)
def add_print(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Register a paper copy."""
    form = PrintForm(request.POST, campus=campus)
    if form.is_valid():
        try:
            register_print(
                campus_id=campus.pk,
                number=form.cleaned_data["number"],
                place=form.cleaned_data["place"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("The paper is in the register."))
            return _back(campus)
    context = _context(request, campus, form)
    return TemplateResponse(request, "plans/packet/tab.html", context, status=422)


@require_POST
@campus_page(PRINT)
def swapped(request: DistrictRequest, campus: Campus, print_id: UUID) -> HttpResponse:
    """Say that a paper was swapped."""
    try:
        row = swap_print(print_id=print_id, actor=request.actor, at=timezone.now())
    except Problem as problem:
        if problem.hides:
            raise
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Swapped: %(place)s.") % {"place": row.place})
    return _back(campus)


def _back(campus: Campus) -> HttpResponse:
    return HttpResponseRedirect(f"{campus.get_absolute_url()}packet/#papers", status=303)


def _opening(form: Form) -> Callable[[Callable[..., HttpResponse]], View]:
    """Open the packet for a signed-in reader; the service opens the reaches it needs."""

    def decorate(view: Callable[..., HttpResponse]) -> View:
        @require_safe
        @answer_page
        @wraps(view)
        def inside(request: DistrictRequest, slug: str) -> HttpResponse:
            with reach_of(request.actor):
                campus = campus_by_slug(request.actor, slug, READ)
            if request.method == "HEAD":
                return HttpResponse()
            try:
                opened = open_packet(
                    actor=request.actor,
                    campus_id=campus.pk,
                    form=form,
                    at=timezone.now(),
                    user_agent=request.headers.get("User-Agent", ""),
                    number=asked_number(request),
                )
            except PacketBeingMade as wait:
                return being_made(request, wait, "./")
            return view(request, opened)

        return inside

    return decorate


@_opening("html")
def open_page(request: DistrictRequest, opened: Opened) -> HttpResponse:
    """The packet itself."""
    return page_answer(opened)


@_opening("html")
def open_html(request: DistrictRequest, opened: Opened) -> HttpResponse:
    """The packet to keep."""
    return html_file(opened)


@_opening("pdf")
def open_pdf(request: DistrictRequest, opened: Opened) -> HttpResponse:
    """The packet to print."""
    return pdf_file(opened)
