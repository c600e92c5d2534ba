"""The demonstration campus as a packet's ingredients, without any database."""

import dataclasses
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from backend.demo import plan_text
from backend.demo.campus_map import lincoln_high_school
from maps.document import MapDocument
from maps.formats.reading import read_map
from maps.geometry.grid import make_grid
from plans.content.audiences import select
from plans.content.document import Audience, PlanDocument
from plans.content.template import new_document
from plans.packets.compose import compose
from plans.packets.facts import CampusFacts, ConditionFacts, Edition, PaperCheck
from plans.packets.tree import PacketTree
from plans.packets.typeset import typeset

NOW = datetime(2026, 9, 8, 13, 50, tzinfo=UTC)
CAMPUS = CampusFacts(
    name="Lincoln High School",
    address="2100 Alder Street",
    city="Cedar Valley",
    time_zone="America/Detroit",
    cross_street="Birch Avenue",
    longitude=-84.7405,
    latitude=43.211,
)
CHECK = PaperCheck("HTTPS://MUSTER.CVPS.EXAMPLE/C/7KQ2M9XD", "District duty desk", "555-0100")
EDITION = Edition(
    number=8,
    audience="responder",
    content_hash="m1:9f2c41d07ab3" + "0" * 52,
    published_at=datetime(2026, 9, 1, 12, tzinfo=UTC),
    as_of=NOW,
    in_force_from=date(2026, 9, 1),
    replaces_number=7,
    map_number=5,
    map_verified_on=date(2026, 8, 26),
    map_verified_by="Capt. Rosa Lindqvist",
    sheet_confirmed_at=datetime(2026, 8, 31, 14, tzinfo=UTC),
)
CHANGES = [
    {"text": "FDC moved from side C to side A.", "section_id": None},
    {"text": "Storm places moved to Main hall, floor 1.", "section_id": "FA-SHEL"},
]


@cache
def campus_map() -> MapDocument:
    """Return the demonstration's map, with its grid."""
    reading = read_map("lincoln.geojson", lincoln_high_school())
    grid = reading.grid or make_grid(feature.geometry for feature in reading.features)
    return MapDocument(tuple(reading.levels), tuple(reading.features), grid)


def find(kind: str, label: str) -> str | None:
    """Return the id of a feature of the map by kind and label or name."""
    for feature in campus_map().features:
        if feature.kind == kind and label in {feature.label, *feature.names}:
            return feature.id
    return None


@cache
def plan(audience: Audience = "responder") -> PlanDocument:
    """Return the demonstration's plan, selected for an audience."""
    written, _missing = plan_text.with_feature_ids(plan_text.sections(), find)
    texts = {section.template_id: section for section in written}
    empty = new_document({"name": CAMPUS.name}, plan_text.hazards(), version=8)
    sections = tuple(
        dataclasses.replace(
            section,
            blocks=texts[section.template_id].blocks,
            not_applicable=texts[section.template_id].not_applicable,
        )
        for section in empty.sections
    )
    whole = dataclasses.replace(empty, sections=sections, roles=plan_text.roles())
    return select(whole, audience)


def conditions() -> list[ConditionFacts]:
    """Return three conditions in force, and one that is over."""
    began = datetime(2026, 9, 1, tzinfo=UTC)
    return [
        ConditionFacts("Way in closed or changed", "Gate 4", "Chained. Use the front drive.", began,
                       datetime(2026, 9, 26, 3, 59, tzinfo=UTC), find("gate", "Gate 4")),
        ConditionFacts("Elevator out", "Elevator E-1", "Use S-D.", began,
                       datetime(2026, 9, 15, 3, 59, tzinfo=UTC), find("elevator", "E-1")),
        ConditionFacts("Fire protection off", "Auditorium", "Fire watch 24 h.", began,
                       datetime(2026, 9, 9, 22, tzinfo=UTC), find("room", "Auditorium")),
        ConditionFacts("Other", "Kitchen", "Over since yesterday.", began,
                       datetime(2026, 9, 7, tzinfo=UTC)),
    ]  # fmt: skip


def composed(**changed: Any) -> PacketTree:
    """Return the demonstration's packet, with some ingredients changed."""
    given: dict[str, Any] = {
        "document": plan(),
        "map_document": campus_map(),
        "sheet": dataclasses.asdict(plan_text.contact_sheet()),
        "first_page": dataclasses.asdict(plan_text.first_page()),
        "conditions": conditions(),
        "campus": CAMPUS,
        "edition": EDITION,
        "check": CHECK,
        "changes": CHANGES,
    }
    return compose(**(given | changed))


@cache
def tree() -> PacketTree:
    """Return the demonstration's packet."""
    return composed()


@cache
def pdf() -> bytes:
    """Return the demonstration's packet as a PDF without any stamp."""
    return typeset(tree())
