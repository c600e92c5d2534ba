"""Sums of many campuses, and one campus that is judged again."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from drills.rules.roll_up import RollUp, roll_up
from tests.drills.rules.years import DRILLS, drill, judged, year

IDS = [item["id"] for item in DRILLS]
missing = st.lists(st.sampled_from(IDS), unique=True, max_size=6)


def campus(left_out: list[str]) -> Any:
    """Return the judgement of a campus that missed some drills."""
    return judged(year(without=" ".join(left_out)))


def test_a_district_counts_each_requirement_and_each_campus_by_its_gravest_verdict() -> None:
    found = roll_up([campus([]), campus(["2026-03-17-shelter_weather"])])
    assert found.campuses == 2
    assert found.of("MI.TOR.MAR") == {"met": 1, "impossible": 1}
    assert found.of("MI.FIRE") == {"met": 2}
    assert found.worst == {"met": 1, "impossible": 1}
    assert found.total("impossible") == 2
    assert found.of("MI.OTHER") == {"not_applicable": 2}


def test_a_district_without_campuses_is_empty() -> None:
    assert roll_up([]) == RollUp()


def test_a_late_drill_moves_its_campus_and_no_other() -> None:
    before = campus(["2025-12-01-fire"])
    late = judged(year(drill("2025-12-02", "fire"), without="2025-12-01-fire"))
    found = roll_up([before, campus([])]).changed(before, late)
    assert found == roll_up([late, campus([])])
    assert found.of("MI.FIRE.DEC") == {"violated": 1, "met": 1}


@settings(max_examples=25, deadline=None)
@given(st.lists(missing, min_size=1, max_size=4), missing)
def test_a_sum_changed_by_one_campus_is_the_sum_made_anew(
    left_out: list[list[str]], now: list[str]
) -> None:
    campuses = [campus(ids) for ids in left_out]
    anew = roll_up([campus(now), *campuses[1:]])
    assert roll_up(campuses).changed(campuses[0], campus(now)) == anew
    assert roll_up(campuses[:1]) + roll_up(campuses[1:]) == roll_up(campuses)
