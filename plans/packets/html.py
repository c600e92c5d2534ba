"""The packet as one HTML file: complete with scripts off, without network, by day and by night."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

from backend.canonical import short_hash
from maps.drawing import screen_stylesheet, symbol_svg
from plans.packets.dates import long_day, moment
from plans.packets.drawings import Report, quiet
from plans.packets.facts import PaperCheck
from plans.packets.html_bar import OnlineBar, foot, top
from plans.packets.html_maps import LevelMap, ScreenDrawings, draw_screen
from plans.packets.html_numbers import spoken, tel
from plans.packets.html_text import Writer, table
from plans.packets.tree import (
    ConditionLine,
    DialColumn,
    Fact,
    LevelPages,
    PacketTree,
    PlacedRow,
    RoomRow,
)

_PEOPLE = (
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-8 12-8 12 0"
    "M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14c2 1 3 3 3 6"
)
_TABS = (
    ("first", "First page", "M6 3h8l4 4v14H6zM14 3v4h4"),
    ("maps", "Maps", "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14"),
    ("rooms", "Rooms", "M9 6h11M9 12h11M9 18h11M4 6h1M4 12h1M4 18h1"),
    ("roles", "Roles", _PEOPLE),
)
_HANDSET = (
    "M6.6 3.2 9 3.8l1.2 4.1-2 1.7a11 11 0 0 0 5.2 5.2l1.7-2 4.1 1.2.6 2.4c-.2 2.3-2 4-4.3 4"
    "C9.2 20 4 14.8 3.6 8.5c0-2.9 1.2-4.9 3-5.3z"
)


@dataclass(frozen=True, slots=True)
class HtmlPacket:
    """The page, and the Content-Security-Policy it carries, for the header where it is served."""

    page: str
    policy: str


def render(
    tree: PacketTree,
    *,
    copy_lines: Sequence[str] = (),
    bar: OnlineBar | None = None,
    drawings: ScreenDrawings | None = None,
    photos: Sequence[bytes] = (),
    report: Report = quiet,
) -> HtmlPacket:
    """Return the packet as one HTML page that needs nothing else.

    `copy_lines` say who received it and when; `bar` is shown only where the page is served;
    `drawings` are those of the same map and conditions, where they are known already. `photos` are
    JPEGs of the tree's conditions in their order, empty where one has none. The policy in the page
    is made of the hashes of its own style and script.
    """
    anchors = room_anchors(tree)
    drawn = drawings or draw_screen(tree, anchors, report=report)
    maps = drawn.levels
    style, script = _style(), _script()
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )
    writer = Writer(anchors)
    parts = [
        top(tree, bar),
        '<main id="main">',
        _first(tree, drawn, photos, foot(tree, bar)),
        _other_side(tree),
        _maps(tree, maps),
        _rooms(tree, maps, anchors),
        _roles(tree),
        _plan(tree, writer),
        _edition(tree, copy_lines),
        "</main>",
        _tabs(),
    ]
    page = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n'
        '<meta name="robots" content="noindex, nofollow">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(tree.title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"{''.join(parts)}\n<script>{script}</script>\n</body>\n</html>\n"
    )
    return HtmlPacket(page, f"{policy}; frame-ancestors 'none'")


def room_anchors(tree: PacketTree) -> dict[str, str]:
    """Return the anchor of each room's card by feature id: `room-204`; a second 204 is `-2`."""
    taken: dict[str, int] = {}
    anchors: dict[str, str] = {}
    for level in tree.levels:
        for room in level.rooms:
            slug = re.sub(r"[^a-z0-9]+", "-", (room.label or room.name).casefold()).strip("-")
            base = f"room-{slug or 'unnamed'}"
            if room.feature in anchors:
                continue
            taken[base] = taken.get(base, 0) + 1
            anchors[room.feature] = base if taken[base] == 1 else f"{base}-{taken[base]}"
    return anchors


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _style() -> str:
    fonts = files("backend").joinpath("web", "static", "web", "fonts")
    faces = ""
    for weight, name in ((400, "PublicSans-Regular"), (700, "PublicSans-Bold")):
        content = base64.b64encode(fonts.joinpath(f"{name}.woff2").read_bytes()).decode()
        faces += (
            f'@font-face{{font-family:"Public Sans";font-weight:{weight};'
            f"src:url(data:font/woff2;base64,{content}) format('woff2')}}\n"
        )
    own = files("plans.packets").joinpath("packet.css").read_text(encoding="utf-8")
    # Two weights are carried: names on maps take the lighter, which never outgrows its place.
    of_maps = screen_stylesheet().replace("font-weight:600", "font-weight:400")
    return f"{faces}{own}{of_maps}"


@cache
def _script() -> str:
    return files("plans.packets").joinpath("packet.js").read_text(encoding="utf-8")


def _icon(path: str) -> str:
    return f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"/></svg>'


def _sign(name: str) -> str:
    return symbol_svg(name, 16) if name else ""


def _first(tree: PacketTree, drawn: ScreenDrawings, photos: Sequence[bytes], last: str) -> str:
    svg, why = drawn.site, drawn.why_no_site
    picture = svg or (f'<p class="soft">The map of the site could not be drawn: {escape(why)}</p>')
    steps = "".join(
        f"<li><b>{escape(step.title)}{_sign(step.sign)}</b>"
        + (f"<p>{spoken(step.detail)}</p>" if step.detail else "")
        + "</li>"
        for step in tree.go
    )
    cross = tree.campus.cross_street
    across = f'<p class="soft">Cross street {escape(cross)}</p>' if cross else ""
    columns = "".join(_column(column) for column in tree.dial)
    return (
        f'<section id="first" data-tab="first"><h1>{escape(tree.campus.name)}</h1>'
        f'<p class="address">{escape(tree.address_line)}</p>{across}'
        f'<div class="first"><div>{picture}</div><div><h2 class="hidden">Where to go</h2>'
        f'<ol class="go">{steps}</ol></div></div>{_conditions(tree, photos)}'
        f'<div class="two">{columns}</div>{last}</section>'
    )


def _column(column: DialColumn) -> str:
    rows = "".join(
        f"<li><div><b>{f'{number} ' if column.ordered else ''}{escape(row.who)}</b>"
        f'<span class="soft">{spoken(row.note)}</span></div>{_dial(row.phone)}</li>'
        for number, row in enumerate(column.rows, start=1)
    )
    none = "" if rows else '<p class="soft">No numbers on the contact sheet.</p>'
    inside = f'<p><span class="soft">Who may be inside</span><br>{spoken(column.inside)}</p>'
    return (
        f'<div class="column"><header><h2>{escape(column.title)}</h2>'
        f'<p class="soft">{escape(column.when)}</p></header><ul class="dials">{rows}</ul>{none}'
        f"{inside if column.inside else ''}</div>"
    )


def _dial(phone: str) -> str:
    address = tel(phone)
    if not address:
        return ""
    return f'<a class="dial" href="{address}">{_icon(_HANDSET)}{escape(phone)}</a>'


def _conditions(tree: PacketTree, photos: Sequence[bytes]) -> str:
    given = [*photos, *(b"" for _line in tree.conditions)]
    lines = "".join(
        _condition(line, photo) for line, photo in zip(tree.conditions, given, strict=False)
    )
    body = f'<ul class="conditions">{lines}</ul>' if lines else '<p class="soft">None.</p>'
    return f"<h3>Conditions in force</h3>{body}"


def _condition(line: ConditionLine, photo: bytes) -> str:
    title = f"{line.title}, cell {line.cell}" if line.cell else line.title
    shown = ""
    if photo:
        data = base64.b64encode(photo).decode()
        alt = escape(f"Photo of the condition: {title}")
        shown = f'<img class="photo" alt="{alt}" src="data:image/jpeg;base64,{data}">'
    return (
        f"<li><b>{_sign('condition')}{escape(title)}</b>"
        f"<p>{spoken(line.text)} <strong>{escape(line.until)}</strong></p>{shown}</li>"
    )


def _other_side(tree: PacketTree) -> str:
    return (
        '<section id="other" data-tab="first"><h2>Hazards, utilities, people</h2>'
        "<h3>Utilities: where to shut off</h3>"
        f"{_placed(tree.utilities, 'No shut-off is on the map.')}"
        f"<h3>Fire protection and building</h3>{_facts((*tree.go_more, *tree.building))}"
        f"<h3>Hazards</h3>{_placed(tree.hazards, 'None recorded.')}"
        f"{_people(tree)}<h3>Medical and help</h3>{_facts(tree.medical)}"
        f"<h3>Assembly and reunification</h3>{_placed(tree.places, 'Nothing recorded.')}"
        f"{_changes(tree)}</section>"
    )


def _placed(rows: Sequence[PlacedRow], none: str) -> str:
    if not rows:
        return f'<p class="soft">{none}</p>'
    items = "".join(
        f'<li><span class="what">{_sign(row.sign)}{escape(row.what)}</span>'
        f'<span class="cell">{escape(row.cell)}</span>'
        f"<p>{spoken(row.where)}</p>"
        + (f'<p class="soft">{spoken(row.how)}</p>' if row.how else "")
        + "</li>"
        for row in rows
    )
    return f'<ul class="rows">{items}</ul>'


def _facts(facts: Sequence[Fact]) -> str:
    if not facts:
        return '<p class="soft">Nothing recorded.</p>'
    items = "".join(
        f"<div><dt>{escape(fact.label)}</dt><dd>{spoken(fact.text)}</dd></div>" for fact in facts
    )
    return f'<dl class="facts">{items}</dl>'


def _people(tree: PacketTree) -> str:
    if not tree.people_by_hour:
        return ""
    largest = max(1, *(count for _, count in tree.people_by_hour))
    wide = 20 * len(tree.people_by_hour)
    bars = []
    for place, (hour, count) in enumerate(tree.people_by_hour):
        height = 90 * count / largest + 0.5
        low = "" if count * 4 >= largest else ' class="low"'
        x = place * 20
        bars.append(
            f'<rect{low} x="{x + 1}" y="{95 - height:.1f}" width="18" height="{height:.1f}"/>'
            f'<text class="hour" x="{x + 10}" y="108" text-anchor="middle">{hour:02d}</text>'
        )
    rows = [[f"{hour:02d}:00", f"{count:,}"] for hour, count in tree.people_by_hour]
    return (
        "<h3>People in the building by hour, a school day</h3>"
        f'<figure class="chart"><svg viewBox="0 0 {wide} 112" role="img" '
        f'aria-label="Bars of people by hour, at most {largest:,}; the table has each">'
        f"{''.join(bars)}</svg></figure>"
        f"<details><summary>Each hour</summary>{table(['Hour', 'People'], rows)}</details>"
    )


def _changes(tree: PacketTree) -> str:
    since = f" since v{tree.edition.replaces_number}" if tree.edition.replaces_number else ""
    lines = "".join(
        "<li>"
        + (f"<strong>{escape(c.about)}.</strong> " if c.about else "")
        + f"{spoken(c.text)}</li>"
        for c in tree.changes
    )
    none = "No change was recorded." if since else "This is the first version."
    body = f'<ul class="contents">{lines}</ul>' if lines else f'<p class="soft">{none}</p>'
    return f"<h3>What changed{since}</h3>{body}"


def _maps(tree: PacketTree, maps: Mapping[str, LevelMap]) -> str:
    jump = "".join(
        f'<li><a href="#level-{number}">{escape(level.name)}</a></li>'
        for number, level in enumerate(tree.levels, start=1)
    )
    figures = "".join(
        _level(number, level, maps[level.id]) for number, level in enumerate(tree.levels, start=1)
    )
    return (
        '<section id="maps" data-tab="maps"><h2>Maps</h2>'
        '<p class="soft">True north up. Press a room to see where it is.</p>'
        f'<ul class="jump">{jump}</ul>{figures}</section>'
    )


def _level(number: int, level: LevelPages, drawn: LevelMap) -> str:
    title = f'<h3 id="level-{number}">{escape(level.name)}</h3>'
    if drawn.drawing is None:
        return f'{title}<p class="soft">It could not be drawn: {escape(drawn.why_not)}</p>'
    small = [item for item in drawn.drawing.listed if item.label]
    note = ""
    if small:
        verb = "room is" if len(small) == 1 else "rooms are"
        note = f'<p class="soft">{len(small)} small {verb} not named at this size: see Rooms.</p>'
    return (
        f'<div>{title}<input class="zoom" type="checkbox" id="zoom-{number}">'
        f'<label class="zoom-label" for="zoom-{number}"><span class="off">Larger</span>'
        f'<span class="on">Whole level</span></label>'
        '<div class="map level-map" tabindex="0" role="region" '
        f'aria-label="Map of {escape(level.name)}">'
        f"{drawn.svg}</div>{note}</div>"
    )


def _rooms(tree: PacketTree, maps: Mapping[str, LevelMap], anchors: Mapping[str, str]) -> str:
    jump, index, cards = [], [], []
    for number, level in enumerate(tree.levels, start=1):
        name, count = escape(level.name), len(level.rooms)
        jump.append(f'<li><a href="#rooms-{number}">{name}</a></li>')
        links = "".join(_room_link(room, anchors) for room in level.rooms)
        index.append(
            f'<h3 id="rooms-{number}">{name} <span class="soft">{count} rooms</span></h3>'
            f'<ul class="index">{links}</ul>'
        )
        cards += [
            _card(room, anchors[room.feature], number, maps[level.id], level)
            for room in level.rooms
        ]
    return (
        '<section id="rooms" data-tab="rooms"><h2>Rooms</h2>'
        '<div hidden data-needs-script><label class="hidden" for="find">Find a room</label>'
        '<input class="find" id="find" type="search" placeholder="Room number or name" '
        'autocomplete="off" enterkeyhint="go">'
        '<p class="soft" id="found-count" role="status"></p></div>'
        f'<ul class="jump">{"".join(jump)}</ul>{"".join(index)}'
        f'<div class="cards">{"".join(cards)}</div></section>'
    )


def _room_link(room: RoomRow, anchors: Mapping[str, str]) -> str:
    words = escape(f"{room.label} {room.name}")
    return (
        f'<li><a href="#{anchors[room.feature]}" data-label="{escape(room.label)}" '
        f'data-words="{words}"><b>{escape(room.label or "–")}</b>'
        f"<span>{escape(room.name)}</span></a></li>"
    )


def _card(room: RoomRow, anchor: str, number: int, drawn: LevelMap, level: LevelPages) -> str:
    place = ", ".join(
        part for part in (room.level, f"cell {room.cell}" if room.cell else "") if part
    )
    near = ""
    if room.door:
        near = (
            f'<div class="near"><span class="disc">{escape(room.door)}</span>'
            f"<p><b>Nearest exterior door: {escape(room.door)}</b>"
            f"{escape(room.distance)} in a straight line</p></div>"
        )
    said = ", ".join(part for part in (level.short_name, room.label, room.cell) if part)
    name = f" · {escape(room.name)}" if room.name and room.name != room.title else ""
    return (
        f'<article class="room" id="{anchor}"><a class="back" href="#rooms-{number}">‹ Rooms</a>'
        f'<h3>{escape(room.title)}</h3><p class="soft">{escape(place)}{name}</p>{near}'
        f"{drawn.view(room)}"
        f'<p class="radio"><span>On the radio <span class="soft">floor, room, cell</span></span>'
        f"<b>{escape(said)}</b></p></article>"
    )


def _roles(tree: PacketTree) -> str:
    items = "".join(
        f'<li><div><b>{escape(role.post)}</b>{escape(role.person)}<br><span class="soft">'
        f"{escape(', then '.join(p for p in (role.first_alternate, role.second_alternate) if p))}"
        f"</span></div>{_dial(role.phone)}</li>"
        for role in tree.roles
    )
    body = (
        f'<ul class="dials">{items}</ul>' if items else '<p class="soft">No posts are filled.</p>'
    )
    return f'<section id="roles" data-tab="roles"><h2>Roles and alternates</h2>{body}</section>'


def _plan(tree: PacketTree, writer: Writer) -> str:
    contents = "".join(
        f'<li><a href="#{chapter.anchor}">{escape(chapter.title)}</a></li>'
        for chapter in tree.chapters
    )
    head = (
        f'<section id="plan" data-tab="roles"><h2>The plan</h2><ul class="contents">{contents}'
        '<li><a href="#equipment">Utilities and safety equipment</a></li></ul></section>'
    )
    made = [head]
    made += [
        f'<section id="{chapter.anchor}" data-tab="roles" class="text">'
        f"<h2>{escape(chapter.title)}</h2>"
        f"{''.join(writer.section(section) for section in chapter.sections)}</section>"
        for chapter in tree.chapters
    ]
    made.append(
        '<section id="equipment" data-tab="roles"><h2>Utilities and safety equipment</h2>'
        f"{_placed(tree.equipment, 'The map holds none.')}</section>"
    )
    return "".join(made)


def _edition(tree: PacketTree, copy_lines: Sequence[str]) -> str:
    edition, campus, check = tree.edition, tree.campus, tree.check
    since = long_day(edition.in_force_from) if edition.in_force_from else "not dated"
    sheet = "none"
    if edition.sheet_confirmed_at:
        sheet = long_day(edition.sheet_confirmed_at.astimezone(campus.zone).date())
    facts = [
        Fact("Plan", f"v{edition.number}, in force from {since}"),
        Fact("Content", short_hash(edition.content_hash)),
        Fact("Contact sheet", sheet),
        Fact("Right as of", moment(edition.as_of, campus.zone)),
        *(Fact("This copy", line) for line in copy_lines),
    ]
    address = check.address.split("://", 1)[-1]
    host, _, path = address.partition("/")
    marking = f"<p><strong>{escape(tree.marking)}</strong></p>" if tree.marking else ""
    return (
        f'<section id="edition" class="edition"><h2>Is this current?</h2><p>Open '
        f"<strong>{escape(host.lower())}/{escape(path)}</strong>{_or_call(check)}"
        f"{_facts(facts)}{marking}</section>"
    )


def _or_call(check: PaperCheck) -> str:
    """Return the end of the sentence, with whom to call where there is a number."""
    if not check.answering_phone:
        return ".</p>"
    return f", or call {escape(check.answering_name)}.</p>{_dial(check.answering_phone)}"


def _tabs() -> str:
    items = "".join(
        f'<li><a href="#{anchor}" data-tab="{anchor}">{_icon(path)}{words}</a></li>'
        for anchor, words, path in _TABS
    )
    return f'<nav class="tabs" aria-label="Parts of the packet"><ul>{items}</ul></nav>'
