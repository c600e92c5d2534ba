"""`/inbox/`: the captured mail of a trial, readable in the browser; nothing left the machine."""

from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from backend.capture import NotCaptured, list_captured, read_captured
from backend.directory import access
from backend.directory.access import DistrictRequest

MESSAGES_A_PAGE = 50


def _folder() -> Path:
    """Return the capture server's folder; there is no inbox outside a trial."""
    if not (settings.EMBEDDED and settings.CAPTURE_FOLDER):
        raise Http404
    return Path(settings.CAPTURE_FOLDER)


@require_safe
@access.answer_page
def inbox(request: DistrictRequest) -> HttpResponse:
    """What mail did this trial send?"""
    captured = list(reversed(list_captured(_folder())))
    words = request.GET.get("to", "").strip().lower()
    shown = [one for one in captured if words in one.recipient.lower()]
    page = Paginator(shown, MESSAGES_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "now": timezone.now()}
    return render(request, "notifications/inbox.html", context)


@require_safe
@access.answer_page
def captured_message(request: DistrictRequest, number: int) -> HttpResponse:
    """What does this message say?"""
    try:
        message = read_captured(_folder(), number)
    except NotCaptured as fault:
        raise Http404 from fault
    return render(request, "notifications/captured_message.html", {"message": message})
