"""The sheet of one level to print: drawn as in the packet, with what a sheet must say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backend.canonical import short_hash
from backend.directory.access import DistrictRequest
from backend.directory.models import Campus
from backend.problems import NotFound
from backend.web import words
from maps import places, queries
from maps.document import Level, MapDocument
from maps.drawing import (
    Drawing,
    DrawingIncomplete,
    Mark,
    draw_level,
    draw_parts_index,
    in_page,
    scale_bar_svg,
    split_level,
    symbol_svg,
)
from maps.models import MapVersion
from maps.pages.campus import campus_page, shell

WIDTH, HEIGHT = 560.0, 486.0  # points: the map on a lying Letter sheet, its legend beside it
BAR = 128.0  # points
SIGN = 11.0  # points
ANOTHER_YEAR = timedelta(days=366)  # a day seen from then is written with its year


@dataclass(frozen=True, slots=True)
class PrintSheet:
    """One sheet: its title, its drawing, and the legend and scale bar as pictures."""

    title: str
    drawing: Drawing
    picture: SafeString
    bar: SafeString
    legend: tuple[tuple[SafeString, str, str], ...]

    @property
    def lettered(self) -> list[tuple[str, str, str]]:
        """The small rooms that bear a letter on the map: letter, number, grid cell."""
        return [(room.mark, room.label, room.cell) for room in self.drawing.listed if room.mark]


@require_safe
@campus_page("map.read")
def print_level(request: DistrictRequest, campus: Campus, level: UUID) -> HttpResponse:
    """Return the sheets of one level of the published map, ready to print."""
    at = timezone.now()
    version = queries.published_map(campus)
    if version is None:
        raise NotFound(_("This campus has no published map."), mend=_("Publish its map first."))
    document = queries.document_of(version)
    shown = next((one for one in document.levels if one.id == str(level)), None)
    if shown is None:
        raise NotFound(_("The map has no such level."))
    sheets, why_not = _sheets(document, shown, _marks(campus, document, at=at))
    context: dict[str, Any] = {
        **shell(campus),
        "level": shown,
        "sheets": sheets,
        "why_not": why_not,
        "version": version,
        "stated": _stated(campus, version, at=at),
    }
    return TemplateResponse(request, "maps/print_level.html", context)


def _marks(campus: Campus, document: MapDocument, *, at: datetime) -> tuple[Mark, ...]:
    """Return the conditions in force as labels on the map, one a feature."""
    features = {feature.id: feature for feature in document.features}
    keys = [str(row.feature_key) for row in queries.conditions_in_force(campus, at=at)]
    found = dict.fromkeys(key for key in keys if key in features)
    return tuple(Mark(key, places.name_of(features[key])) for key in found)


def _sheets(
    document: MapDocument, level: Level, marks: tuple[Mark, ...]
) -> tuple[list[PrintSheet], str]:
    """Return the sheets of a level; without any, why it cannot be drawn."""
    try:
        return [_made(title, drawing) for title, drawing in _drawn(document, level, marks)], ""
    except DrawingIncomplete as fault:
        return [], str(fault)


def _drawn(
    document: MapDocument, level: Level, marks: tuple[Mark, ...]
) -> Iterator[tuple[str, Drawing]]:
    parts = split_level(document, level.id, width=WIDTH, height=HEIGHT)
    if not parts:
        yield level.name, draw_level(document, level.id, marks=marks, width=WIDTH, height=HEIGHT)
        return
    yield level.name, draw_parts_index(document, level.id, parts, width=WIDTH, height=HEIGHT)
    for part in parts:
        title = _("%(level)s, part %(number)d of %(count)d") % {
            "level": level.name, "number": part.number, "count": part.of,
        }  # fmt: skip
        yield (
            title,
            draw_level(document, level.id, marks=marks, part=part, width=WIDTH, height=HEIGHT),
        )


def _made(title: str, drawing: Drawing) -> PrintSheet:
    return PrintSheet(
        title=title,
        drawing=drawing,
        picture=_safe(in_page(drawing)),
        bar=_safe(scale_bar_svg(drawing.scale, BAR)),
        legend=tuple(
            (_safe(symbol_svg(item.symbol, SIGN)), item.words, item.note) for item in drawing.legend
        ),
    )


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 — maps.drawing escapes every word that it is given


def _stated(campus: Campus, version: MapVersion, *, at: datetime) -> str:
    """Return which map this is, who verified it and when it was printed, each with its year."""
    zone, language = ZoneInfo(campus.time_zone), get_language() or "en"
    long_ago = at - ANOTHER_YEAR
    printed = words.moment(at, zone, language=language, now=long_ago)
    parts = [
        _("Map version %(number)s") % {"number": version.number},
        short_hash(version.content_hash),
        _("not verified on site"),
        _("printed %(moment)s") % {"moment": printed},
    ]
    if version.verified_on:
        other = version.verified_on - ANOTHER_YEAR
        day = words.day(version.verified_on, language=language, today=other)
        parts[2] = _("verified on site by %(name)s, %(day)s") % {
            "name": version.verified_by, "day": day,
        }  # fmt: skip
    return " · ".join(parts)
