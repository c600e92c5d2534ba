"""The maps of a packet on paper: page one's picture, the site, and a sheet or more a level."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from maps.drawing import (
    Drawing,
    DrawingIncomplete,
    Part,
    draw_level,
    draw_parts_index,
    draw_site,
    split_level,
)
from maps.drawing.model import Claim
from plans.packets.page_one import HIGHEST, divide
from plans.packets.tree import LevelPages, PacketTree

Paper = Literal["letter", "tabloid"]
Report = Callable[[int, str], None]
_NAMES_ROOM = re.compile(r"(?:label|letter \w+ of) (.+)")
SITE_TITLE = "Site"
FIRST_PAGE_WIDTH = 364.0  # points: the picture beside the steps
FRAMES: dict[Paper, tuple[float, float]] = {"letter": (560.0, 486.0), "tabloid": (944.0, 660.0)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a level, or the reason why it could not be drawn."""

    title: str
    paper: Paper
    drawing: Drawing | None
    why_not: str = ""
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class PaperDrawings:
    """All maps of a packet. `parts` tells on which parts of a split level a room is named."""

    first_page: Drawing | None
    site: Sheet
    levels: dict[str, tuple[Sheet, ...]]
    parts: dict[str, str]


def quiet(percent: int, doing: str) -> None:
    """Report nothing."""


def undrawn(tree: PacketTree) -> PaperDrawings:
    """Return the sheets of a packet before any map is drawn."""
    return PaperDrawings(
        first_page=None,
        site=Sheet(SITE_TITLE, "letter", None),
        levels={level.id: (Sheet(level.name, "letter", None),) for level in tree.levels},
        parts={},
    )


def draw_paper(tree: PacketTree, *, tabloid: bool = False, report: Report = quiet) -> PaperDrawings:
    """Return the maps of a packet for US Letter, or Tabloid where `tabloid` allows it.

    A level that is too dense for one Letter sheet goes on Tabloid where the site prints it, else on
    parts of one scale. A map that cannot be drawn says why on its sheet: it never stops a packet.
    """
    report(10, "Drawing the site")
    first_page = _attempt(lambda: _site(tree, FIRST_PAGE_WIDTH, divide(tree).picture_height))
    if isinstance(first_page, str):  # more room may do
        first_page = _attempt(lambda: _site(tree, FIRST_PAGE_WIDTH, HIGHEST))
    site = _attempt(lambda: _site(tree, *FRAMES["letter"]))
    sheets: dict[str, tuple[Sheet, ...]] = {}
    parts: dict[str, str] = {}
    for number, level in enumerate(tree.levels):
        report(15 + 55 * number // max(len(tree.levels), 1), f"Drawing {level.name}")
        sheets[level.id] = tuple(_level(tree, level, tabloid=tabloid))
        parts.update(_parts_by_room(level, sheets[level.id]))
    return PaperDrawings(
        first_page=first_page if isinstance(first_page, Drawing) else None,
        site=Sheet(SITE_TITLE, "letter", *_drawn(site)),
        levels=sheets,
        parts=parts,
    )


def _site(tree: PacketTree, width: float, height: float) -> Drawing:
    return draw_site(
        tree.map_document,
        width=width,
        height=height,
        marks=tree.marks,
        approach=tree.approach or None,
    )


def _attempt(draw: Callable[[], Drawing]) -> Drawing | str:
    try:
        return draw()
    except DrawingIncomplete as fault:
        return str(fault)


def _drawn(result: Drawing | str) -> tuple[Drawing | None, str]:
    return (result, "") if isinstance(result, Drawing) else (None, result)


def _level(tree: PacketTree, level: LevelPages, *, tabloid: bool) -> Iterator[Sheet]:
    for paper, parts in _plans(tree, level, tabloid=tabloid):
        sheets = []
        for part in parts:
            result = _attempt(partial(_one, tree, level, paper, part))
            if isinstance(result, str):
                break
            title = level.name if part is None else f"{level.name}, part {part.number} of {part.of}"
            sheets.append(Sheet(title, paper, result, part=part))
        else:
            if parts[0] is not None:
                yield _index(tree, level, paper, [part for part in parts if part is not None])
            yield from sheets
            return
    yield Sheet(level.name, "letter", None, result if isinstance(result, str) else "")


def _plans(
    tree: PacketTree, level: LevelPages, *, tabloid: bool
) -> Iterator[tuple[Paper, tuple[Part | None, ...]]]:
    """Yield papers and parts to try: one Letter sheet, one of Tabloid, Letter parts."""
    width, height = FRAMES["letter"]
    letter = split_level(tree.map_document, level.id, width=width, height=height)
    if not letter:
        yield "letter", (None,)
    if tabloid or not letter:
        width, height = FRAMES["tabloid"]
        large = split_level(tree.map_document, level.id, width=width, height=height)
        yield "tabloid", tuple(large) or (None,)
    if letter:
        yield "letter", tuple(letter)
        yield "letter", (None,)


def _one(tree: PacketTree, level: LevelPages, paper: Paper, part: Part | None) -> Drawing:
    width, height = FRAMES[paper]
    return draw_level(
        tree.map_document, level.id, width=width, height=height, marks=tree.marks, part=part
    )


def _index(tree: PacketTree, level: LevelPages, paper: Paper, parts: Sequence[Part]) -> Sheet:
    """Return the sheet that shows where the parts of a level lie."""
    width, height = FRAMES[paper]
    result = _attempt(
        partial(draw_parts_index, tree.map_document, level.id, parts, width=width, height=height)
    )
    return Sheet(f"{level.name}, its {len(parts)} parts", paper, *_drawn(result))


def _parts_by_room(level: LevelPages, sheets: tuple[Sheet, ...]) -> dict[str, str]:
    """Return, for rooms of a split level, the numbers of the parts that bear their label."""
    found: dict[str, list[str]] = {}
    by_label = {room.label: room.feature for room in level.rooms if room.label}
    for sheet in sheets:
        if sheet.part is None or sheet.drawing is None:
            continue
        for claim in sheet.drawing.claims:
            room = by_label.get(_label_of(claim))
            if room:
                found.setdefault(room, []).append(str(sheet.part.number))
    return {room: ", ".join(dict.fromkeys(numbers)) for room, numbers in found.items()}


def _label_of(claim: Claim) -> str:
    """Return the room that a claim names: “label 204”, or “letter b of 204”."""
    found = _NAMES_ROOM.fullmatch(claim.what)
    return found[1] if found else ""
