"""Page one and its other side: where to go, who answers, what is out of order, what to shut off."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from maps.document import Feature
from maps.drawing import Mark
from plans.packets.dates import until
from plans.packets.facts import (
    CampusFacts,
    ConditionFacts,
    Edition,
    FirstPage,
    NumberRow,
    SheetFacts,
)
from plans.packets.places import SIGN_OF_KIND, Places
from plans.packets.tree import (
    ConditionLine,
    DialColumn,
    DialRow,
    Fact,
    GoStep,
    PlacedRow,
)

MOST_WORDS = 120  # beside the picture, as page one is read while driving up
UTILITIES = ("gas", "electric", "water", "sprinkler", "hvac")


def go_steps(places: Places, page: FirstPage) -> tuple[tuple[GoStep, ...], tuple[Fact, ...]]:
    """Return the numbered steps beside the picture, and what has no place there.

    All steps together have at most 120 words: details of the last steps move to the other side.
    """
    made = [
        step
        for step in (
            _approach(places, page),
            _command_post(places, page),
            _main_door(places, page),
            _key_box(places, page),
            _panel(places, page),
            _radio(page),
        )
        if step is not None
    ]
    more: list[Fact] = []
    for index in range(len(made) - 1, -1, -1):
        if sum(len(f"{s.title} {s.detail}".split()) for s in made) <= MOST_WORDS:
            break
        if made[index].detail:
            more.insert(0, Fact(made[index].title, made[index].detail))
            made[index] = GoStep(made[index].title, "", made[index].sign)
    return tuple(made), tuple(more)


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part.strip()]


def _bare(text: str) -> str:
    return text.strip().rstrip(".")


def _joined(*parts: str) -> str:
    """Join parts as sentences, each with its full stop."""
    return " ".join(f"{_bare(part)}." for part in parts if part and part.strip())


def _approach(places: Places, page: FirstPage) -> GoStep | None:
    if not page.approach:
        return None
    first, *rest = _sentences(page.approach)
    gates = [gate for gate in places.of_kind("gate") if gate.label and gate.label in page.approach]
    cells = [f"{gate.label} in cell {places.cells[gate.id]}" for gate in gates]
    return GoStep(_bare(first), _joined(*rest, *cells))


def _command_post(places: Places, page: FirstPage) -> GoStep | None:
    posts, stagings = places.of_kind("command_post"), places.of_kind("staging_area")
    if not posts and not page.command_post:
        return None
    where = _after_mark(page.command_post, posts)
    details = [_in_cell(places, post) for post in posts[:2]]
    staging = _after_mark(page.staging, stagings)
    if staging or stagings:
        cell = f", cell {places.cells[stagings[0].id]}" if stagings else ""
        mark = f" {stagings[0].label}" if stagings and stagings[0].label else ""
        details.append(f"Staging{mark}: {staging or 'as on the map'}{cell}")
    return GoStep(f"Command post: {where or 'as on the map'}", _joined(*details))


def _after_mark(text: str, features: Sequence[Feature]) -> str:
    """Return “front lot” of “CP, front lot”, else where the map says it is."""
    if text:
        return _bare(text.partition(",")[2] or text).strip()
    return str(features[0].properties.get("where") or "").lower() if features else ""


def _in_cell(places: Places, feature: Feature) -> str:
    cell = places.cells[feature.id]
    return f"{feature.label}, cell {cell}" if cell else feature.label


def _main_door(places: Places, page: FirstPage) -> GoStep | None:
    door = places.door(page.main_door) if page.main_door else None
    door = door or places.main_door()
    if door is None and not page.main_door:
        return None
    number = page.main_door or (door.label if door else "")
    title, detail = f"Main door {number}", ""
    if door is not None:
        side = places.side(door)
        title += f", side {side}" if side else ""
        detail = f"Cell {places.cells[door.id]}" if places.cells[door.id] else ""
    rest = [
        sentence
        for sentence in _sentences(page.way_in)
        if _bare(sentence).casefold() != f"main door {number}".casefold()
    ]
    return GoStep(title, _joined(detail, *rest))


def _key_box(places: Places, page: FirstPage) -> GoStep | None:
    boxes = places.of_kind("key_box")
    if not boxes and not page.key_box:
        return None
    first, *rest = _sentences(page.key_box) or [""]
    if not first:
        first = str(boxes[0].properties.get("where") or "as on the map")
    others = [
        f"Another {str(box.properties.get('where') or '').lower()}".strip()
        for box in boxes[1:2]
        if box.properties.get("where")
    ]
    return GoStep(f"Key box {_bare(first)[:1].lower()}{_bare(first)[1:]}", _joined(*others, *rest),
                  "key-box")  # fmt: skip


def _panel(places: Places, page: FirstPage) -> GoStep | None:
    panels = places.of_kind("fire_panel")
    words = page.panel
    if not words and panels:
        words = f"{panels[0].label}, {panels[0].properties.get('where') or ''}"
    if not words:
        return None
    mark, _, rest = words.partition(",")
    first, _, last = rest.strip().partition(",")
    title = f"Panel {mark.strip()} {first.strip()[:1].lower()}{first.strip()[1:]}".strip()
    cell = f"Cell {places.cells[panels[0].id]}" if panels and places.cells[panels[0].id] else ""
    return GoStep(_bare(title), _joined(last.strip().capitalize(), cell), "fire-panel")


def _radio(page: FirstPage) -> GoStep | None:
    if not page.radio:
        return None
    first, *rest = _sentences(page.radio)
    return GoStep(f"Radio: {_bare(first)}", _joined(*rest))


def dial_columns(sheet: SheetFacts) -> tuple[DialColumn, ...]:
    """Return the columns School day and After hours; the alarm company ends the second."""
    night = [_dial(row) for row in sheet.after_hours]
    if sheet.alarm_company:
        account = f", account {sheet.alarm_account}" if sheet.alarm_account else ""
        night.append(DialRow(sheet.alarm_company, f"alarm company{account}", sheet.alarm_phone))
    return (
        DialColumn("School day", sheet.school_day_hours,
                   tuple(_dial(row) for row in sheet.school_day), sheet.school_day_inside,
                   ordered=False),
        DialColumn("After hours", sheet.after_hours_when, tuple(night), sheet.after_hours_inside,
                   ordered=True),
    )  # fmt: skip


def _dial(row: NumberRow) -> DialRow:
    who = ", ".join(part for part in (row.post, row.person) if part)
    return DialRow(who, row.note, row.phone)


def condition_lines(
    places: Places, conditions: Sequence[ConditionFacts], edition: Edition, campus: CampusFacts
) -> tuple[ConditionLine, ...]:
    """Return the conditions in force at the edition's moment, the soonest ending first."""
    lines = []
    for condition in in_force(conditions, edition):
        feature = places.get(condition.feature)
        cell = places.cells[feature.id] if feature else ""
        lines.append(
            ConditionLine(
                title=condition_title(condition.place, condition.what),
                text=_joined(condition.text),
                until=until(condition.ends_at, edition.as_of, campus.zone),
                cell="" if cell in re.findall(r"\w+", condition.place) else cell,
            )
        )
    return tuple(lines)


def condition_title(place: str, what: str) -> str:
    """Return “Gate 4: way in closed”, and “Elevator E-1: out” where the kind repeats the place."""
    place, (first, *rest) = _bare(place), what.split()
    if rest and first.casefold() in place.casefold():
        return f"{place}: {' '.join(rest)}"
    return f"{place}: {what[:1].lower()}{what[1:]}"


class Lasting(Protocol):
    """Something with a place that holds from one moment to another, UTC."""

    @property
    def place(self) -> str:
        """Where it is, in words."""

    @property
    def starts_at(self) -> datetime:
        """The first moment at which it holds."""

    @property
    def ends_at(self) -> datetime:
        """The first moment at which it holds no more."""


Held = TypeVar("Held", bound=Lasting)


def in_force(conditions: Sequence[Held], edition: Edition) -> list[Held]:
    """Return those that hold at the edition's moment, the soonest ending first."""
    now = edition.as_of
    holding = [c for c in conditions if c.starts_at <= now < c.ends_at]
    return sorted(holding, key=lambda c: (c.ends_at, c.place))


def marks_of(places: Places, conditions: Sequence[ConditionFacts]) -> tuple[Mark, ...]:
    """Return the labels that conditions get on the map, one a feature."""
    words: dict[str, str] = {}
    for condition in conditions:
        feature = places.get(condition.feature)
        if feature is not None:
            words.setdefault(feature.id, _bare(condition.place))
    return tuple(Mark(feature, text) for feature, text in words.items())


def utility_rows(places: Places) -> tuple[PlacedRow, ...]:
    """Return the shut-offs: gas, electric, water, sprinkler, ventilation, as on the map."""
    found = places.of_kind("utility_shut_off")
    order = {name: index for index, name in enumerate(UTILITIES)}
    found.sort(key=lambda f: (order.get(str(f.properties.get("utility")), 9), f.label))
    return tuple(places.row(feature) for feature in found)


def building_facts(places: Places, page: FirstPage, campus: CampusFacts) -> tuple[Fact, ...]:
    """Return what a fire crew asks of the building: construction, systems with their cells."""
    facts = [
        Fact("Construction", page.construction),
        Fact("Roof", page.roof),
        Fact("Sprinklers", page.sprinklers),
        Fact("FDC", _listed(places, "fire_department_connection", side=True)),
        Fact("Panel", _listed(places, "fire_panel", "annunciator", named=True)),
        Fact("Riser", _listed(places, "sprinkler_riser")),
        Fact("Standpipes", _listed(places, "standpipe")),
        Fact("Hydrants", _listed(places, "hydrant")),
        Fact("Key boxes", _listed(places, "key_box")),
        Fact("Generator", _listed(places, "generator")),
        Fact("Landing zone", _listed(places, "helicopter_landing_zone")),
    ]
    if campus.longitude is not None and campus.latitude is not None:
        facts.append(Fact("Position", f"{campus.latitude:.5f}, {campus.longitude:.5f} (lat, lon)"))
    return tuple(fact for fact in facts if fact.text)


def _listed(places: Places, *kinds: str, side: bool = False, named: bool = False) -> str:
    parts = []
    for feature in places.of_kind(*kinds):
        where = str(feature.properties.get("where") or "")
        words = [f"side {places.side(feature)}" if side and places.side(feature) else ""]
        words += [feature.label if named else "", where]
        text = ", ".join(word for word in words if word)
        cell = places.cells[feature.id]
        parts.append(f"{text} ({cell})" if text and cell else text or cell)
    return "; ".join(part for part in parts if part)


def hazard_rows(places: Places, page: FirstPage) -> tuple[PlacedRow, ...]:
    """Return the standing hazards: those of the first page, then the map's others."""
    zones = {zone.label.casefold(): zone for zone in places.of_kind("hazard_zone")}
    rows = []
    for hazard in page.hazards:
        zone = zones.pop(hazard.what.casefold(), None)
        room = places.room_named(hazard.room_label) if hazard.room_label else None
        spot = zone or room
        place = str(zone.properties.get("where") or "") if zone else hazard.room_label
        name = re.sub(r"\W*\d+\w*$", "", place).casefold()
        known = not place or bool(name and name in hazard.where.casefold())
        where = hazard.where if known else f"{place}: {hazard.where}"
        rows.append(PlacedRow("", hazard.what, where, places.cells[spot.id] if spot else ""))
    for zone in zones.values():
        row = places.row(zone)
        text = ": ".join(part for part in (row.where, row.how) if part)
        rows.append(PlacedRow("", row.what, text, row.cell))
    return tuple(rows)


def medical_facts(places: Places, page: FirstPage) -> tuple[Fact, ...]:
    """Return AEDs, trauma kits, the health room and refuge areas with their cells."""
    facts = [
        Fact("AED", _by_level(places, "aed"), "aed"),
        Fact("Trauma kits", _by_level(places, "trauma_kit"), "trauma-kit"),
    ]
    health = places.room_named("Health Room") or places.room_named("Nurse")
    if health is not None:
        facts.append(Fact("Health Room", _in_cell(places, health)))
    facts.append(Fact("People who need help", _bare(page.people_who_need_help)))
    facts.append(Fact("Refuge areas", _listed(places, "refuge_area"), "refuge-area"))
    return tuple(fact for fact in facts if fact.text)


def _by_level(places: Places, kind: str) -> str:
    levels: dict[str, list[str]] = {}
    for feature in places.of_kind(kind):
        levels.setdefault(places.level(feature), []).append(places.cells[feature.id])
    parts = [
        f"{name}: {', '.join(cell for cell in cells if cell) or len(cells)}"
        for name, cells in sorted(levels.items())
    ]
    return "; ".join(parts)


def place_rows(places: Places, page: FirstPage) -> tuple[PlacedRow, ...]:
    """Return assembly areas with how many they hold, and where families are reunited."""
    rows = []
    for area in places.of_kind("assembly_area"):
        capacity = area.properties.get("capacity")
        held = f"{capacity:,} people" if isinstance(capacity, int) else ""
        name = area.names[0] if area.names else str(area.properties.get("where") or "")
        rows.append(PlacedRow("", area.label, name, places.cells[area.id], held))
    for site in places.of_kind("reunification_site"):
        row = places.row(site)
        rows.append(PlacedRow(SIGN_OF_KIND[site.kind], "R", row.what, row.cell, row.where))
    if page.reunification:
        rows.append(PlacedRow("", "R", page.reunification, ""))
    return tuple(rows)
