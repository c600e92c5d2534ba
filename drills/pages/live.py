"""`/drills/<id>/live/`: who has not reported, on the map and in words, while the drill runs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from backend.directory.access import DistrictRequest, allow, finished, may, page
from drills.models import BEFORE_START, Drill, EntryKind, PlaceStatus, TimelineEntry
from drills.pages.rows import row_of
from drills.pages.shared import drill_of
from drills.queries.live import mark_of
from drills.queries.places import reports_of
from drills.services import clearing
from maps import queries as maps
from maps.drawing import DrawingIncomplete, draw_level, in_page, split_level
from maps.pages.campus import shell

WIDTH, HEIGHT = 640.0, 520.0  # points: a floor of a school beside the list of its rooms
NEWEST = 12


@require_safe
@page
def live(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Who has not reported? The map and the list of a drill, as they stand this second."""
    drill = drill_of(request, drill_id)
    allow(request.actor, "review.read", drill)
    at = timezone.now()
    # What the drill's state is called changes with the clock alone: once a minute it is said anew.
    mark = f'"{mark_of(drill.pk)}-{at:%H%M}"'
    is_part = "HX-Request" in request.headers
    if is_part and request.headers.get("If-None-Match") == mark:
        return HttpResponse(status=304, headers={"ETag": mark})
    context = _now(request, drill, at=at)
    if is_part:
        answer = finished(TemplateResponse(request, "drills/_live_now.html", context))
    else:
        context |= {**shell(drill.campus, "drills"), "floors": _floors(drill)}
        answer = finished(TemplateResponse(request, "drills/live.html", context))
    answer["ETag"] = mark
    return answer


def _now(request: DistrictRequest, drill: Drill, *, at: datetime) -> dict[str, Any]:
    entries = list(TimelineEntry.objects.filter(drill=drill))
    reports = reports_of(drill, entries)
    told = [
        one
        for one in entries
        if one.kind != EntryKind.PLACE_REPORT or one.status != PlaceStatus.ACCOUNTED
    ]
    return {
        "drill": drill,
        "row": row_of(drill, at=at),
        "zone": drill.campus.time_zone,
        "trouble": [one for one in reports if one.status not in {"", PlaceStatus.ACCOUNTED}],
        "silent": [one for one in reports if not one.status],
        "safe": [one for one in reports if one.status == PlaceStatus.ACCOUNTED],
        "number": len(reports),
        "reported": sum(bool(one.status) for one in reports),
        "statuses": dict(PlaceStatus.choices),
        "latest": told[::-1][:NEWEST],
        "missing": clearing.missing(drill, at) if drill.state in BEFORE_START else [],
        "may_take_part": may(request.actor, "drill.report_place", drill),
    }


def _floors(drill: Drill) -> list[tuple[str, SafeString]]:
    """Return each floor's name and drawing, ground first; a floor in parts has one for each.

    A floor that cannot be drawn is left to the list, which holds every room.
    """
    version = drill.map_version or maps.published_map(drill.campus)
    if version is None:
        return []
    document = maps.document_of(version)
    found = []
    for level in document.levels:
        parts = split_level(document, level.id, width=WIDTH, height=HEIGHT) or [None]
        for part in parts:
            try:
                drawing = draw_level(
                    document, level.id, width=WIDTH, height=HEIGHT, part=part,
                    links=lambda feature: f"#place-{feature}",
                )  # fmt: skip
            except DrawingIncomplete:
                continue
            name = f"{level.name}, {part.number}/{part.of}" if part else level.name
            picture = mark_safe(in_page(drawing))  # noqa: S308 — maps.drawing escapes every word
            found.append((name, picture))
    return found
