"""What a newer published map changes for a version that stands on an older one."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from shapely.geometry import Point

from maps.changes import FeatureChange, MapChanges
from maps.document import Feature
from maps.models import MapVersion
from maps.places import name_of
from maps.queries import changes_between, published_map
from plans.content.document import PlanDocument
from plans.content.references import references_of
from plans.models import PlanVersion

MOST_NAMED = 6
NOWHERE = Point()


@dataclass(frozen=True, slots=True)
class MapNews:
    """A map newer than the pinned one: its changes in words, and which sections speak of them."""

    pinned: MapVersion | None
    newest: MapVersion
    lines: tuple[str, ...]
    more: int
    sections: tuple[tuple[str, str], ...]  # template id and title


def map_news(version: PlanVersion, document: PlanDocument) -> MapNews | None:
    """Return what is newer than the version's map, or None when it stands on the newest."""
    newest, pinned = published_map(version.campus), version.map_version
    if newest is None or (pinned is not None and newest.number <= pinned.number):
        return None
    if pinned is None:
        return MapNews(None, newest, (), 0, ())
    found = changes_between(pinned, newest)
    lines = _lines(found)
    return MapNews(
        pinned=pinned,
        newest=newest,
        lines=tuple(lines[:MOST_NAMED]),
        more=max(0, len(lines) - MOST_NAMED),
        sections=_touched(document, found.touched),
    )


def _lines(found: MapChanges) -> list[str]:
    words = (
        (found.removed, _("%(name)s is gone.")),
        (found.renamed, _("%(was)s is now %(name)s.")),
        (found.moved, _("%(name)s has moved.")),
        (found.reshaped, _("%(name)s has a new outline.")),
        (found.altered, _("Facts of %(name)s have changed.")),
    )
    lines = [
        text % {"name": _name(change, change.label), "was": _name(change, change.was)}
        for group, text in words
        for change in group
    ]
    if found.added:
        number = len(found.added)
        text = ngettext("%(number)s place is new.", "%(number)s places are new.", number)
        lines.append(text % {"number": number})
    return lines


def _name(change: FeatureChange, label: str) -> str:
    return name_of(Feature(change.id, change.kind, label, NOWHERE))


def _touched(document: PlanDocument, keys: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the sections that refer to a feature that differs, in their order."""
    speaking = {
        placed.section_id
        for placed in references_of(document)
        if placed.reference.scheme == "feature" and placed.reference.id in keys
    }
    return tuple(
        (section.template_id, section.title)
        for section in document.sections
        if section.id in speaking
    )
