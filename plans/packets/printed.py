"""The data of the Typst template: the tree of a packet and its drawings as JSON and SVG files."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import segno

from backend.canonical import short_hash
from maps.drawing import Drawing, scale_bar_svg, symbol_svg
from plans.content.markdown_tree import (
    BlockNode,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Inline,
    ItemList,
    LineBreak,
    Link,
    Paragraph,
    Quote,
    ReferenceChip,
    Rule,
    Strong,
    Table,
    Words,
)
from plans.packets.dates import long_day, moment
from plans.packets.drawings import SITE_TITLE, PaperDrawings, Sheet
from plans.packets.page_one import divide
from plans.packets.tree import (
    Chapter,
    ConditionLine,
    DialColumn,
    DialRow,
    Grid,
    LevelPages,
    PacketTree,
    Piece,
    PlacedRow,
    Prose,
    RolesHere,
    StepLine,
    Steps,
)
from plans.packets.typeface import Fitting

Json = dict[str, Any]
MODULE = 1.4173  # points in 0.5 mm: a worn copy at 0.33 mm is no longer read
QUIET_ZONE = 4  # modules
CHANGES_FIRST = 4  # changes on the other side of page one; all of them stand at the end
LETTER_COLUMN = 420.0  # points for the legend beside a map on Letter


def printed(tree: PacketTree, drawings: PaperDrawings) -> tuple[Json, dict[str, str]]:
    """Return the JSON of the template and the SVG files that it names."""
    fit = Fitting()
    pictures: dict[str, str] = {}
    data = fit.all(
        {
            **_head(tree),
            **_first_page(tree, drawings, pictures),
            "site": _sheet(drawings.site, "site.svg", pictures, tree),
            "levels": [_level(level, drawings, pictures, tree) for level in tree.levels],
            "equipment": [_row(row) for row in tree.equipment],
            "roles": [
                {"post": r.post, "person": r.person, "first": r.first_alternate,
                 "second": r.second_alternate, "phone": r.phone}
                for r in tree.roles
            ],
            "chapters": [_chapter(chapter) for chapter in tree.chapters],
        }
    )  # fmt: skip
    data["remarks"] = []
    if fit.missing:
        lacking = f"{fit.missing} signs of this packet are not in its typeface and stand as “?”."
        data["remarks"] = [f"{lacking} The packet on a screen shows them."]
    for name in _signs_of(data):
        pictures[f"sign-{name}.svg"] = symbol_svg(name, 12)
    return data, pictures


def _head(tree: PacketTree) -> Json:
    edition, campus = tree.edition, tree.campus
    day = edition.published_at.astimezone(campus.zone)
    since = f"in force from {long_day(edition.in_force_from)}" if edition.in_force_from else ""
    replaces = f"v{edition.replaces_number}" if edition.replaces_number else ""
    if edition.sheet_confirmed_at is None:
        sheet = "No contact sheet"
    else:
        sheet_day = edition.sheet_confirmed_at.astimezone(campus.zone).date()
        sheet = f"Contact sheet {long_day(sheet_day)}"
    verified = "The day is not recorded here."
    if edition.map_verified_on:
        by = f", {edition.map_verified_by}" if edition.map_verified_by else ""
        verified = f"{long_day(edition.map_verified_on)}{by}."
    if edition.map_number:
        verified += f" Map version {edition.map_number}."
    return {
        "title": tree.title,
        "author": campus.name,
        "lang": "en",
        "date": [day.year, day.month, day.day],
        "campus": campus.name,
        "name-size": _name_size(campus.name),
        "address": tree.address_line,
        "cross-street": campus.cross_street,
        "number": edition.number,
        "since": long_day(edition.in_force_from) if edition.in_force_from else "",
        "replaces": f"replaces {replaces}" if replaces else "",
        "replaces-short": replaces,
        "marking": tree.marking,
        "verified": verified,
        "coming": edition.coming,
        "as-of-day": moment(edition.as_of, campus.zone),
        "footer": {
            "campus": campus.name,
            "version": f"Plan v{edition.number}",
            "since": since,
            "hash": short_hash(edition.content_hash),
            "sheet": sheet,
        },
    }


def _name_size(name: str) -> float:
    """Return the size of the school's name in points: 30, and smaller for a long one."""
    return 30.0 if len(name) <= 24 else max(16.0, 30.0 * 24 / len(name))


def _first_page(tree: PacketTree, drawings: PaperDrawings, pictures: dict[str, str]) -> Json:
    room = divide(tree)
    lines = [_condition(line) for line in tree.conditions]
    return {
        "picture": _picture(drawings.first_page, "first-page.svg", pictures),
        "go": [{"title": s.title, "detail": s.detail, "sign": s.sign} for s in tree.go],
        "go-more": [{"label": f.label, "text": f.text} for f in tree.go_more],
        "dial": [
            _column(column, column.rows[: room.numbers], notes=room.notes) for column in tree.dial
        ],
        "dial-more": [
            _column(column, column.rows[room.numbers :] if room.notes else column.rows)
            for column in tree.dial
            if len(column.rows) > room.numbers or not room.notes
        ],
        "dial-size": room.dial_size,
        "conditions": lines[:room.conditions],
        "conditions-more": lines[room.conditions:],
        "code": _code(tree, pictures),
        "utilities": [_row(row) for row in tree.utilities],
        "building": [{"label": f.label, "text": f.text} for f in tree.building],
        "hazards": [_row(row) for row in tree.hazards],
        "people": [[f"{hour:02d}", count, f"{count:,}"] for hour, count in tree.people_by_hour],
        "medical": [{"label": f.label, "text": f.text, "sign": f.sign} for f in tree.medical],
        "places": [{**_row(row), "cell": row.cell} for row in tree.places],
        "changes": [{"about": c.about, "text": c.text} for c in tree.changes],
        "changes-first": CHANGES_FIRST,
    }  # fmt: skip


def _column(column: DialColumn, rows: Sequence[DialRow], *, notes: bool = True) -> Json:
    return {
        "title": column.title,
        "when": column.when,
        "inside": column.inside,
        "ordered": column.ordered,
        "rows": [
            {"who": row.who, "note": row.note if notes else "", "phone": row.phone} for row in rows
        ],
    }


def _condition(line: ConditionLine) -> Json:
    return {"title": line.title, "text": line.text, "until": line.until, "cell": line.cell}


def _code(tree: PacketTree, pictures: dict[str, str]) -> Json:
    pictures["code.svg"], size = _code_svg(tree.check.address)
    shown = tree.check.address.split("://", 1)[-1]
    host, _, path = shown.partition("/")
    return {
        "size": size * MODULE,
        "alt": f"QR code of {tree.check.address}",
        "address": f"{host.lower()}/{path}",
        "name": tree.check.answering_name,
        "phone": tree.check.answering_phone,
    }


@lru_cache(maxsize=64)
def _code_svg(address: str) -> tuple[str, int]:
    """Return the QR code of an address, and its size in modules with the quiet zone."""
    made = segno.make(address, error="q", micro=False, boost_error=False)
    picture = made.svg_inline(border=QUIET_ZONE, light="#fff", omitsize=True)
    named = picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return named, int(made.symbol_size(scale=1, border=QUIET_ZONE)[0])


def _picture(drawing: Drawing | None, file: str, pictures: dict[str, str]) -> Json | None:
    if drawing is None:
        return None
    pictures[file] = drawing.svg
    return {"file": file, "width": drawing.width, "height": drawing.height, "alt": drawing.alt}


def _sheet(sheet: Sheet, file: str, pictures: dict[str, str], tree: PacketTree) -> Json:
    drawing = sheet.drawing
    data: Json = {
        "title": sheet.title,
        "paper": sheet.paper,
        "why": sheet.why_not,
        "picture": _picture(drawing, file, pictures),
        "legend": [],
        "listed": [],
        "notes": [],
        "cells": "",
        "pitch": 2.0,
        "north": sheet.title != SITE_TITLE,  # the picture of the site has its own arrow
    }
    if drawing is None:
        return data
    pictures[f"bar-{file}"] = scale_bar_svg(drawing.scale, 128)
    data["picture"]["bar"] = f"bar-{file}"
    data["legend"] = [
        {"symbol": item.symbol, "words": item.words, "note": item.note} for item in drawing.legend
    ]
    lines = sum(1 + (len(f"{item.words} {item.note}") > 34) for item in drawing.legend)
    data["pitch"] = max(0.7, min(2.6, (330.0 / max(lines, 1) - 9.0) / 2))
    data["listed"] = [
        {"mark": room.mark, "label": room.label, "cell": room.cell}
        for room in drawing.listed
        if room.mark
    ]
    unmarked = sum(1 for room in drawing.listed if not room.mark)
    if unmarked:
        were = "room bears" if unmarked == 1 else "rooms bear"
        data["notes"] = [f"{unmarked} {were} no number: see the room list."]
    grid = tree.map_document.grid
    if grid:
        feet = 5 * round(grid.cell_meters / 0.3048 / 5)
        data["cells"] = f"Grid cell {grid.cell_meters:g} m (about {feet} ft), same on all sheets"
    return data


def _level(
    level: LevelPages, drawings: PaperDrawings, pictures: dict[str, str], tree: PacketTree
) -> Json:
    sheets = drawings.levels[level.id]
    split = any(sheet.part for sheet in sheets)
    return {
        "name": level.name,
        "split": split,
        "sheets": [
            _sheet(sheet, f"level-{level.id}-{number}.svg", pictures, tree)
            for number, sheet in enumerate(sheets, start=1)
        ],
        "rooms": [
            {"label": room.label or "–", "name": room.name, "cell": room.cell, "door": room.door,
             "distance": room.distance, "part": drawings.parts.get(room.feature, "")}
            for room in level.rooms
        ],
    }  # fmt: skip


def _row(row: PlacedRow) -> Json:
    return {"sign": row.sign, "what": row.what, "where": row.where, "cell": row.cell or "–",
            "how": row.how, "level": row.level}  # fmt: skip


def _signs_of(data: Json) -> set[str]:
    """Return the symbols that the data names."""
    found = {"north", "condition"}
    waiting: list[Any] = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            found.update(filter(None, (value.get("sign"), value.get("symbol"))))
            waiting += value.values()
    return found


def _chapter(chapter: Chapter) -> Json:
    return {
        "anchor": chapter.anchor,
        "title": chapter.title,
        "sections": [
            {"title": section.title, "pieces": [_piece(piece) for piece in section.pieces]}
            for section in chapter.sections
        ],
    }


def _piece(piece: Piece) -> Json:
    match piece:
        case Prose(nodes, goal):
            return {"t": "prose", "goal": goal or "", "nodes": [_block(node) for node in nodes]}
        case Steps(phase, steps, goal):
            return {"t": "steps", "phase": phase, "steps": [_step(step) for step in steps],
                    "goal": [_block(node) for node in goal]}  # fmt: skip
        case RolesHere(heading):
            return {"t": "roles", "heading": heading}
        case Grid(heading, columns, rows):
            return {"t": "grid", "heading": heading, "columns": list(columns),
                    "rows": [list(row) for row in rows]}  # fmt: skip


def _step(step: StepLine) -> Json:
    return {
        "number": step.number,
        "actor": step.actor,
        "action": _inlines(step.action),
        "trigger": _inlines(step.trigger),
        "if_not": _inlines(step.if_not),
        "where": step.where,
        "limit": step.limit,
    }


def _inlines(nodes: Iterable[Inline]) -> list[Json]:
    return [_inline(node) for node in nodes]


def _inline(node: Inline) -> Json:  # noqa: PLR0911 — one way for each kind of node
    match node:
        case Words(text):
            return {"t": "words", "v": text}
        case Code(text):
            return {"t": "code", "v": text}
        case LineBreak():
            return {"t": "break"}
        case Strong(children):
            return {"t": "strong", "c": _inlines(children)}
        case Emphasis(children):
            return {"t": "emphasis", "c": _inlines(children)}
        case Link(href, children):
            return {"t": "link", "href": href, "c": _inlines(children)}
        case ReferenceChip(label=label, state=state):
            return {"t": "chip", "v": label, "gone": state == "gone"}


def _block(node: BlockNode) -> Json:  # noqa: PLR0911 — one way for each kind of node
    match node:
        case Paragraph(children=children):
            return {"t": "paragraph", "c": _inlines(children)}
        case Heading(children=children):
            return {"t": "heading", "c": _inlines(children)}
        case ItemList(ordered, start, items):
            return {"t": "list", "ordered": ordered, "start": start,
                    "items": [[_block(child) for child in item] for item in items]}  # fmt: skip
        case Quote(children):
            return {"t": "quote", "c": [_block(child) for child in children]}
        case CodeBlock(text):
            return {"t": "preformatted", "v": text}
        case Rule():
            return {"t": "rule"}
        case Table(header, rows):
            return {
                "t": "table",
                "header": [_inlines(cell) for cell in header],
                "rows": [[{"c": _inlines(cell)} for cell in row] for row in rows],
            }
