"""Writing an SVG picture of each level and of the site, as they are drawn for the packet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from maps.document import Finding, MapDocument
from maps.drawing import DrawingIncomplete, draw_site
from maps.drawing.level_file import SIZES, draw_level_file, picture
from maps.formats.export import Export, Site, packed

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]+")


def write_svg(document: MapDocument, *, site: Site) -> Export:
    """Return a zip archive with one SVG a level, lowest first, and one of the site.

    What cannot be drawn without dropping something is left out, and a note says why.
    """
    notes: list[Finding] = []
    entries = [(drawn.file, drawn.svg) for drawn in pictures(document, site, notes)]
    return Export(packed(entries), ".zip", "application/zip", tuple(notes))


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawn sheet: its file name, what it shows, and the SVG."""

    file: str
    title: str
    svg: bytes


def pictures(document: MapDocument, site: Site, notes: list[Finding]) -> Iterator[Picture]:
    """Yield the levels, lowest first, and the site; add to `notes` what could not be drawn."""
    number = 0
    for drawn in _drawn(document, site, notes):
        number += 1
        yield drawn
    if not number:
        notes.append(
            Finding("nothing_drawn", "error", None, "the map has no level with rooms",
                    "Draw or import its rooms first")
        )  # fmt: skip


def _drawn(document: MapDocument, site: Site, notes: list[Finding]) -> Iterator[Picture]:
    for level in sorted(document.levels, key=lambda v: (v.ordinal, v.id)):
        try:
            drawn = draw_level_file(document, level.id, title=f"{site.name}, {level.name}")
        except DrawingIncomplete as fault:
            notes.append(_left_out(level.name, fault))
            continue
        plain = _NOT_IN_A_NAME.sub("-", level.name).strip("-")
        file = f"level-{level.ordinal}{f'-{plain}' if plain else ''}.svg"
        yield Picture(file, level.name, drawn.encode())
    try:
        width, height = SIZES[0]
        drawing = draw_site(document, width=width, height=height)
    except DrawingIncomplete as fault:
        notes.append(_left_out("the site", fault))
        return
    svg = picture(drawing, title=site.name, document=document)
    yield Picture("site.svg", "the site", svg.encode())


def _left_out(what: str, fault: DrawingIncomplete) -> Finding:
    return Finding("not_drawn", "warning", None, f"{what}: {fault}", "Mend the map and write again")
