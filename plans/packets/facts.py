"""What a packet says beside plan and map: campus, edition, contact sheet, first page, conditions.

`first_page_of` and `contact_sheet_of` read the JSON that a Publication's `facts["first_page"]` and
a ContactSheetCopy's `document` hold. What is missing there is empty here, and the packet says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo


class BadFacts(ValueError):
    """First page or contact sheet hold something of a wrong form; the text says which field."""


@dataclass(frozen=True, slots=True)
class CampusFacts:
    """Where the school is; longitude and latitude in WGS 84 degrees."""

    name: str
    address: str
    city: str
    time_zone: str
    cross_street: str = ""
    longitude: float | None = None
    latitude: float | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The campus's time zone."""
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Edition:
    """Which plan this is and for whom; `as_of` is the moment at which the packet is right."""

    number: int
    audience: str
    content_hash: str
    published_at: datetime
    as_of: datetime
    in_force_from: date | None
    replaces_number: int | None = None
    map_number: int | None = None
    map_verified_on: date | None = None
    map_verified_by: str = ""
    sheet_confirmed_at: datetime | None = None
    coming: str = ""  # a sentence naming a later version already published


@dataclass(frozen=True, slots=True)
class PaperCheck:
    """How one finds out whether a paper is current; the address opens no packet."""

    address: str
    answering_name: str
    answering_phone: str


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """Something that holds for a while; `what` is its kind in words."""

    what: str
    place: str
    text: str
    starts_at: datetime
    ends_at: datetime
    feature: str | None = None


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number that answers, in the order in which it is called."""

    post: str
    person: str = ""
    note: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """The contact sheet; hours in words, local, on the 24-hour clock."""

    school_day_hours: str = ""
    school_day: tuple[NumberRow, ...] = ()
    school_day_inside: str = ""
    after_hours_when: str = ""
    after_hours: tuple[NumberRow, ...] = ()
    after_hours_inside: str = ""
    alarm_company: str = ""
    alarm_account: str = ""
    alarm_phone: str = ""
    radio_channel: str = ""


@dataclass(frozen=True, slots=True)
class HazardRow:
    """A standing hazard of the building, and the room it is in where it has one."""

    what: str
    where: str = ""
    room_label: str = ""


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What a responder reads first. `people_by_hour` counts people at each full hour."""

    address: str = ""
    cross_street: str = ""
    approach: str = ""
    main_door: str = ""
    way_in: str = ""
    panel: str = ""
    command_post: str = ""
    staging: str = ""
    radio: str = ""
    key_box: str = ""
    people_by_hour: tuple[tuple[int, int], ...] = ()
    people_who_need_help: str = ""
    hazards: tuple[HazardRow, ...] = ()
    construction: str = ""
    roof: str = ""
    sprinklers: str = ""
    reunification: str = ""
    approach_line: tuple[tuple[float, float], ...] = field(default=())  # (lon, lat) of the way in


def contact_sheet_of(data: Mapping[str, Any] | None) -> SheetFacts:
    """Return the contact sheet of its JSON; empty for None. Raises BadFacts."""
    if data is None:
        return SheetFacts()
    values = _texts(SheetFacts, data, besides={"school_day", "after_hours"})
    return SheetFacts(
        **values,
        school_day=_rows(data, "school_day", NumberRow),
        after_hours=_rows(data, "after_hours", NumberRow),
    )


def first_page_of(data: Mapping[str, Any] | None) -> FirstPage:
    """Return the first page's facts of their JSON; empty for None. Raises BadFacts."""
    if data is None:
        return FirstPage()
    values = _texts(FirstPage, data, besides={"people_by_hour", "hazards", "approach_line"})
    return FirstPage(
        **values,
        people_by_hour=tuple(
            (int(hour), int(count)) for hour, count in _pairs(data, "people_by_hour")
        ),
        hazards=_rows(data, "hazards", HazardRow),
        approach_line=tuple(
            (float(longitude), float(latitude))
            for longitude, latitude in _pairs(data, "approach_line")
        ),
    )


def _texts(form: type, data: Mapping[str, Any], *, besides: set[str]) -> dict[str, str]:
    found = {}
    for item in fields(form):
        if item.name in besides:
            continue
        value = data.get(item.name) or ""
        if not isinstance(value, str):
            raise BadFacts(f"{item.name} must be a text, not {type(value).__name__}")
        found[item.name] = value.strip()
    return found


def _rows(data: Mapping[str, Any], name: str, form: type) -> Any:
    rows = data.get(name) or ()
    if not isinstance(rows, Sequence) or not all(isinstance(row, Mapping) for row in rows):
        raise BadFacts(f"{name} must be a list of rows with named values")
    return tuple(form(**_texts(form, row, besides=set())) for row in rows)


def _pairs(data: Mapping[str, Any], name: str) -> list[tuple[float, float]]:
    pairs = []
    for pair in data.get(name) or ():
        if not isinstance(pair, Sequence) or len(pair) != 2:
            raise BadFacts(f"{name} must be a list of pairs of numbers")
        try:
            pairs.append((float(pair[0]), float(pair[1])))
        except (TypeError, ValueError) as error:
            raise BadFacts(f"{name} must be a list of pairs of numbers") from error
    return pairs
