"""Composing: what stands on page one, in which order the rest comes, and what is never in it."""

import dataclasses

import pytest

from maps.document import MapDocument
from plans.content.audiences import AudienceViolation
from plans.content.document import PlanDocument
from plans.packets.facts import BadFacts, contact_sheet_of, first_page_of
from plans.packets.first_page import MOST_WORDS
from plans.packets.tree import Steps
from tests.plans.packets import campus
from tests.plans.packets.campus import composed, find, plan, tree

EMPTY = PlanDocument(campus={"name": "X"}, version=1, map_version=None, map_hash=None)


def test_what_stands_above_the_audience_is_refused() -> None:
    with pytest.raises(AudienceViolation, match="FA-LOCK/9"):
        composed(document=plan("restricted"))


def test_no_word_above_the_audience_is_in_the_packet() -> None:
    assert "second set of keys" in str(plan("restricted"))
    assert "second set of keys" not in str(tree())


def test_the_steps_beside_the_picture_are_numbered_as_one_drives_up() -> None:
    titles = [step.title.split(":")[0].split()[0] for step in tree().go]
    assert titles == ["Come", "Command", "Main", "Key", "Panel", "Radio"]


def test_the_steps_have_at_most_120_words_and_the_rest_stands_on_the_other_side() -> None:
    long = {"radio": "CV TAC 3. " + "No signal in the boiler room. " * 30}
    made = composed(first_page=long | {"approach": "From Alder Street."})
    assert sum(len(f"{s.title} {s.detail}".split()) for s in made.go) <= MOST_WORDS
    assert "No signal" in made.go_more[0].text


def test_the_key_box_step_bears_its_sign() -> None:
    assert next(step for step in tree().go if step.title.startswith("Key box")).sign == "key-box"


def test_after_hours_ends_with_the_alarm_company() -> None:
    night = tree().dial[1]
    assert night.ordered
    assert night.rows[-1].who == "Great Lakes Monitoring"
    assert night.rows[-1].note == "alarm company, account 4471"


def test_conditions_in_force_come_soonest_end_first_and_ended_ones_not() -> None:
    assert [line.title.split(":")[0] for line in tree().conditions] == [
        "Auditorium", "Elevator E-1", "Gate 4"
    ]  # fmt: skip


def test_a_condition_names_its_cell_and_its_end_in_the_schools_time() -> None:
    gate = tree().conditions[2]
    assert gate.cell
    assert gate.until == "until Fri,\u00a0Sep\u00a025"


def test_a_kind_that_repeats_the_place_is_said_once() -> None:
    assert tree().conditions[1].title == "Elevator E-1: out"


def test_utilities_come_in_the_order_of_need_with_cell_and_how() -> None:
    rows = tree().utilities
    assert [row.sign for row in rows] == ["gas", "electric", "water", "sprinkler", "hvac"]
    assert all(row.cell and row.how for row in rows)


def test_every_room_of_the_map_is_in_the_index_once_a_level() -> None:
    rooms = [room.feature for level in tree().levels for room in level.rooms]
    on_map = [f.id for f in campus.campus_map().features if f.kind == "room"]
    assert sorted(rooms) == sorted(on_map)


def test_a_room_has_its_cell_and_nearest_door_in_feet_and_meters() -> None:
    room = next(r for level in tree().levels for r in level.rooms if r.label == "204")
    assert (room.title, room.level, room.name) == ("Room 204", "Floor 2", "Chemistry lab")
    assert room.cell
    assert room.door
    assert room.distance.endswith("m)")


def test_threats_come_first_then_reunification_and_annexes_and_the_basic_plan_last() -> None:
    assert [chapter.anchor for chapter in tree().chapters] == [
        "threats", "reunification", "annexes", "appendices"
    ]  # fmt: skip


def test_steps_run_on_through_a_section_with_the_role_apart() -> None:
    threats = tree().chapters[0]
    pieces = [p for p in threats.sections[0].pieces if isinstance(p, Steps)]
    numbers = [step.number for piece in pieces for step in piece.steps]
    assert numbers == list(range(1, len(numbers) + 1))
    assert pieces[1].phase == "during"
    assert pieces[1].goal
    assert pieces[1].steps[0].actor == "Anyone"


def test_a_reference_to_the_map_bears_its_grid_cell() -> None:
    cell = tree().cells[find("fire_panel", "FACP") or ""]
    assert f"FACP ({cell})" in str(tree().chapters[0])


def test_a_change_names_its_section() -> None:
    assert tree().changes[1].about


def test_the_way_in_follows_the_roads_that_the_words_name() -> None:
    assert len(tree().approach) == 3
    assert composed(first_page={"approach": "Ask the office."}).approach == ()


def test_a_plan_without_map_facts_and_numbers_still_makes_a_packet() -> None:
    made = composed(
        document=EMPTY, map_document=MapDocument((), ()), sheet=None, first_page=None,
        conditions=[], changes=[],
    )  # fmt: skip
    assert made.go == ()
    assert made.levels == ()
    assert [column.rows for column in made.dial] == [(), ()]


@pytest.mark.parametrize(
    ("read", "data", "where"),
    [
        (contact_sheet_of, {"radio_channel": 3}, "radio_channel"),
        (contact_sheet_of, {"school_day": ["555-0100"]}, "school_day"),
        (first_page_of, {"people_by_hour": [[8]]}, "people_by_hour"),
        (first_page_of, {"approach_line": [["a", "b"]]}, "approach_line"),
    ],
)
def test_facts_of_a_wrong_form_are_refused_with_their_name(read, data, where) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadFacts, match=where):
        read(data)


def test_the_marking_of_the_district_replaces_the_usual_one() -> None:
    assert composed(marking="SCHOOL SAFETY – MCL 380.1308").marking.startswith("SCHOOL SAFETY")


def test_a_grant_lets_one_restricted_block_in() -> None:
    whole = plan("restricted")
    lockdown = next(s for s in whole.sections if s.template_id == "FA-LOCK")
    only = dataclasses.replace(whole, sections=(lockdown,))
    made = composed(document=only, granted=["FA-LOCK/9"])
    assert "second set of keys" in str(made)
