"""The demonstration plan of Lincoln High School: text, people, contact sheet, first page.

All people and numbers are invented (555-01xx numbers reach nobody). References to the map name kind
and label, `[Door 1](feature:label:exterior_door:1)` and `label:room:Main Office` as the place of a
step: `with_feature_ids` of `plan_text_form` puts ids in their place when the demonstration writes
the plan, and tells which labels the map does not have.
"""

from dataclasses import dataclass

from backend.demo.plan_text_basic import BASIC_PLAN_TEXT
from backend.demo.plan_text_form import SectionText, with_feature_ids
from backend.demo.plan_text_functional import FUNCTIONAL_TEXT
from backend.demo.plan_text_hazards import HAZARD_TEXT
from plans.content.document import RoleAssignment

__all__ = [
    "ContactRow",
    "ContactSheetText",
    "FirstPageFacts",
    "HazardRow",
    "SectionText",
    "contact_sheet",
    "first_page",
    "hazards",
    "roles",
    "sections",
    "with_feature_ids",
]


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One number of the contact sheet, in the order in which it is called."""

    post: str
    person: str
    note: str
    phone: str


@dataclass(frozen=True, slots=True)
class ContactSheetText:
    """Who answers on a school day and after hours; hours are local, on the 24-hour clock."""

    school_day_hours: str
    school_day: tuple[ContactRow, ...]
    school_day_inside: str
    after_hours_when: str
    after_hours: tuple[ContactRow, ...]
    after_hours_inside: str
    alarm_company: str
    alarm_account: str
    alarm_phone: str
    radio_channel: str


@dataclass(frozen=True, slots=True)
class HazardRow:
    """One standing hazard of the building: what, and where in words."""

    what: str
    where: str
    room_label: str | None


@dataclass(frozen=True, slots=True)
class FirstPageFacts:
    """What a responder must read first. `people_by_hour` counts people at each full hour."""

    address: str
    cross_street: str
    approach: str
    main_door: str
    way_in: str
    panel: str
    command_post: str
    staging: str
    radio: str
    key_box: str
    people_by_hour: tuple[tuple[int, int], ...]
    people_who_need_help: str
    hazards: tuple[HazardRow, ...]
    construction: str
    roof: str
    sprinklers: str
    reunification: str


def sections() -> tuple[SectionText, ...]:
    """Return all 33 sections in the order of the template."""
    return (*BASIC_PLAN_TEXT, *FUNCTIONAL_TEXT, *HAZARD_TEXT)


def hazards() -> tuple[str, ...]:
    """Return the slugs of the hazard annexes, in the order of the plan."""
    return tuple(section.template_id.removeprefix("TH-") for section in HAZARD_TEXT)


def roles() -> tuple[RoleAssignment, ...]:
    """Return the incident command posts, each with two alternates; phones are duty numbers."""
    rows = (
        ("IC", "Maria Ochoa", "Thomas Adler", "Helen Marsh", "555-0141"),
        ("PIO", "Alan Brooks", "Priya Raman", "Nora Quinn", "555-0104"),
        ("SO", "Priya Raman", "Luis Ortega", "Ben Okafor", "555-0143"),
        ("LNO", "Officer Dana Whitfield", "Jo Brandt", "Samuel Reyes", "555-0117"),
        ("OSC", "Thomas Adler", "Carl Jensen", "Helen Marsh", "555-0142"),
        ("OPS-SEA", "Ben Okafor", "Mike Torres", "Paul Novak", ""),
        ("OPS-MED", "Ruth Keller", "Ben Okafor", "Anita Shaw", "555-0146"),
        ("OPS-STU", "Carl Jensen", "Mei Tanaka", "Paul Novak", ""),
        ("OPS-REU", "Grace Lindholm", "Helen Marsh", "Mei Tanaka", "555-0147"),
        ("OPS-PFA", "Yasmin Farah", "Helen Marsh", "Ruth Keller", "555-0148"),
        ("OPS-FAC", "Luis Ortega", "Mike Torres", "Samuel Reyes", "555-0163"),
        ("PSC", "Helen Marsh", "Tom Nakamura", "Mei Tanaka", ""),
        ("LSC", "Jo Brandt", "Anita Shaw", "Erik Dahl", "555-0140"),
        ("FSC", "Erik Dahl", "Nora Quinn", "Grace Lindholm", ""),
        ("SCR", "Nora Quinn", "Tom Nakamura", "Paul Novak", ""),
    )
    return tuple(RoleAssignment(*row) for row in rows)


def contact_sheet() -> ContactSheetText:
    """Return the two columns of numbers; after hours in the order of the key holders."""
    return ContactSheetText(
        school_day_hours="Mon to Fri, 07:00 to 16:00",
        school_day=(
            ContactRow("Main office", "Jo Brandt", "answers all day", "555-0140"),
            ContactRow(
                "Principal", "Maria Ochoa", "incident commander until you arrive", "555-0141"
            ),
            ContactRow(
                "SRO", "Officer Dana Whitfield", "Mon, Thu here; else 6 min away", "555-0117"
            ),
            ContactRow("District safety", "Samuel Reyes", "alternate for all posts", "555-0102"),
        ),
        school_day_inside="1,180 students, 88 staff. Visitors sign in at door 1. Rooms in lockdown "
        "do not answer a knock: keys open.",
        after_hours_when="nights, weekends, holidays",
        after_hours=(
            ContactRow("Head custodian on shift", "", "in the building to 23:30", "555-0163"),
            ContactRow("District duty desk", "", "keyholder, 15 min, all nights", "555-0100"),
            ContactRow("District safety", "Samuel Reyes", "keyholder, 25 min", "555-0102"),
        ),
        after_hours_inside="Cleaners to 23:30, Mon to Fri. Church group in the Cafeteria, Sun "
        "09:00 to 13:00. Nobody else.",
        alarm_company="Great Lakes Monitoring",
        alarm_account="4471",
        alarm_phone="555-0188",
        radio_channel="CV TAC 3; school channel 3",
    )


def first_page() -> FirstPageFacts:
    """Return the facts of the packet's first page and its back."""
    counts = (
        12,
        160,
        1210,
        1268,
        1268,
        1255,
        1240,
        1260,
        1268,
        420,
        240,
        130,
        90,
        60,
        40,
        14,
        14,
        10,
    )
    return FirstPageFacts(
        address="2100 Alder Street, Cedar Valley",
        cross_street="Birch Avenue",
        approach="Come in from Alder Street by the front drive.",
        main_door="1",
        way_in="Main door 1. Use door 8 when the front is blocked.",
        panel="FACP, inside door 1, left wall",
        command_post="CP, front lot",
        staging="S, north lot",
        radio="CV TAC 3. No signal in the boiler room: use school channel 3.",
        key_box="Right of door 1. The police watch commander and fire hold the key.",
        people_by_hour=tuple(zip(range(6, 24), counts, strict=True)),
        people_who_need_help="Six people need help on stairs, in 4 rooms.",
        hazards=(
            HazardRow("Chemistry store", "Acids and solvents, 40 gal in cabinets", None),
            HazardRow("Pool chemicals", "None on site", None),
            HazardRow("Kitchen hood", "Wet chemical system, pull at the east door", "Cafeteria"),
            HazardRow("Boilers", "Boiler room: two gas boilers, no oil", None),
            HazardRow("Kiln", "Art room, floor 2: electric, Mon and Wed", None),
        ),
        construction="masonry, steel truss roof, 2 floors",
        roof="ladder in the north stair; no solar panels",
        sprinklers="all floors",
        reunification="Harbor Middle School gym, 0.8 mi, 555-0150",
    )
