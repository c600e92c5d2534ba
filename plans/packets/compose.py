"""Composing a packet: from the selected plan, the map and what holds today to one tree."""

from collections.abc import Mapping, Sequence
from typing import Any

from maps.document import MapDocument
from plans.content.audiences import blocks_above
from plans.content.document import PlanDocument
from plans.packets.approach import way_in
from plans.packets.chapters import change_lines, chapters_of, role_rows
from plans.packets.facts import (
    CampusFacts,
    ConditionFacts,
    Edition,
    PaperCheck,
    contact_sheet_of,
    first_page_of,
)
from plans.packets.first_page import (
    building_facts,
    condition_lines,
    dial_columns,
    go_steps,
    hazard_rows,
    in_force,
    marks_of,
    medical_facts,
    place_rows,
    utility_rows,
)
from plans.packets.places import Places
from plans.packets.tree import PacketTree

MARKINGS: Mapping[str, str] = {
    "public": "",
    "staff": "FOR STAFF ONLY",
    "responder": "FOR OFFICIAL USE ONLY – FIRST RESPONDERS",
    "restricted": "RESTRICTED – NAMED PEOPLE ONLY",
}


def compose(
    *,
    document: PlanDocument,
    map_document: MapDocument,
    sheet: Mapping[str, Any] | None,
    first_page: Mapping[str, Any] | None,
    conditions: Sequence[ConditionFacts],
    campus: CampusFacts,
    edition: Edition,
    check: PaperCheck,
    changes: Sequence[Mapping[str, object] | str] = (),
    granted: Sequence[str] = (),
    marking: str | None = None,
) -> PacketTree:
    """Return the tree of a packet.

    `document` is already selected for `edition.audience`; `granted` are ids of blocks shown above
    it by a grant; `marking` replaces the usual words of the audience. Conditions that do not
    hold at `edition.as_of` are left out. Raises AudienceViolation when the document holds anything
    above its audience, UnknownAudience, and BadFacts when sheet or first page are not of their
    form.
    """
    blocks_above(document, edition.audience, granted)  # type: ignore[arg-type]  # it checks the word
    page, numbers = first_page_of(first_page), contact_sheet_of(sheet)
    places = Places(map_document)
    cross_street = page.cross_street or campus.cross_street
    go, go_more = go_steps(places, page)
    holding = in_force(conditions, edition)
    return PacketTree(
        campus=campus,
        edition=edition,
        check=check,
        marking=MARKINGS[edition.audience] if marking is None else marking,
        address_line=page.address or f"{campus.address}, {campus.city}",
        go=go,
        go_more=go_more,
        dial=dial_columns(numbers),
        conditions=condition_lines(places, holding, edition, campus),
        utilities=utility_rows(places),
        building=building_facts(places, page, campus),
        hazards=hazard_rows(places, page),
        people_by_hour=page.people_by_hour,
        medical=medical_facts(places, page),
        places=place_rows(places, page),
        equipment=places.equipment(),
        changes=change_lines(changes, document),
        levels=places.levels(),
        roles=role_rows(document),
        chapters=chapters_of(document, places),
        map_document=map_document,
        marks=marks_of(places, holding),
        approach=page.approach_line or way_in(places, page.approach, cross_street),
        cells=places.cells,
    )
