"""Writing an SVG picture of each level and of the site, as they are drawn for the packet."""

import re
from collections.abc import Iterator

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
    entries = list(_pictures(document, site, notes))
    if not entries:
        notes.append(
            Finding("nothing_drawn", "error", None, "the map has no level with rooms",
                    "Draw or import its rooms first")
        )  # fmt: skip
    return Export(packed(entries), ".zip", "application/zip", tuple(notes))


def _pictures(
    document: MapDocument, site: Site, notes: list[Finding]
) -> Iterator[tuple[str, bytes]]:
    for level in sorted(document.levels, key=lambda v: (v.ordinal, v.id)):
        try:
            drawn = draw_level_file(document, level.id, title=f"{site.name}, {level.name}")
        except DrawingIncomplete as fault:
            notes.append(_left_out(level.name, fault))
            continue
        plain = _NOT_IN_A_NAME.sub("-", level.name).strip("-")
        yield f"level-{level.ordinal}{f'-{plain}' if plain else ''}.svg", drawn.encode()
    try:
        width, height = SIZES[0]
        drawing = draw_site(document, width=width, height=height)
    except DrawingIncomplete as fault:
        notes.append(_left_out("the site", fault))
        return
    yield "site.svg", picture(drawing, title=site.name, document=document).encode()


def _left_out(what: str, fault: DrawingIncomplete) -> Finding:
    return Finding("not_drawn", "warning", None, f"{what}: {fault}", "Mend the map and write again")
