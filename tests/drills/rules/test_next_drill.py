"""Which drill is asked for next, and on which days it may stand."""

from typing import Any

import pytest

from drills.rules.calendar import SchoolCalendar
from drills.rules.judge import judge
from drills.rules.next_drill import (
    LawfulDay,
    RefusedDay,
    Suggestion,
    lawful_days,
    next_required,
    refused_days,
)
from drills.rules.school_year import read_school_year
from tests.drills.rules.years import day, drill, michigan, year


def suggested(data: dict[str, Any], *, today: str = "") -> Suggestion | None:
    """Return the suggestion on the day of the verdict, its planned drills counted."""
    parsed = read_school_year(data)
    on = day(today or data["as_of"])
    planned = [item for item in parsed.drills if item.date > day(data["as_of"])]
    judgement = judge(michigan(), parsed)
    return next_required(judgement, SchoolCalendar(parsed), today=on, planned=planned)


def lawful(data: dict[str, Any], kind: str, after: str, **more: Any) -> list[str]:
    """Return the lawful days as text."""
    found = lawful_days(michigan(), read_school_year(data), kind, after=day(after), **more)
    return [item.day.isoformat() for item in found]


def refused(data: dict[str, Any], kind: str, after: str, until: str, **more: Any) -> dict[str, str]:
    """Return the code of each refused day."""
    found = refused_days(
        michigan(), read_school_year(data), kind, after=day(after), until=day(until), **more
    )
    return {item.day.isoformat(): item.code for item in found}


def test_the_tightest_duty_comes_first_and_wishes_for_lunch() -> None:
    found = suggested(year(drills=[], as_of="2025-08-25"))
    assert found is not None
    assert (found.type, found.requirement, found.place_in_day) == (
        "shelter_weather", "MI.TOR.MAR", "lunch",
    )  # fmt: skip


def test_in_november_the_fall_fire_drills_are_tightest() -> None:
    found = suggested(year(drills=[], as_of="2025-11-10"))
    assert found is not None
    assert (found.type, found.requirement, found.still_needed) == ("fire", "MI.FIRE.DEC", 3)
    assert str(found.due_by) == "2025-12-01"
    assert set(found.serves) == {"MI.FIRE", "MI.FIRE.DEC", "MI.LUNCH"}
    assert "by Dec 1" in found.reason


def test_planned_drills_are_not_asked_for_again() -> None:
    assert suggested(year(as_of="2025-08-25")) is None


def test_what_the_plan_still_lacks_is_asked_for() -> None:
    found = suggested(year(without="2026-03-17-shelter_weather", as_of="2025-12-05"))
    assert found is not None
    assert (found.type, found.requirement) == ("shelter_weather", "MI.TOR.MAR")


def test_an_overdue_duty_comes_before_all_others() -> None:
    found = suggested(year(drills=[drill("2025-09-09", "fire")], as_of="2025-12-05"))
    assert found is not None
    assert found.is_overdue
    assert found.requirement in {"MI.FIRE.DEC", "MI.LOCK.DEC"}
    assert "overdue since" in found.reason


def test_the_lunch_duty_alone_takes_the_usual_type() -> None:
    found = suggested(year(without="2025-10-28-lockdown", as_of="2026-05-20"))
    assert found is not None
    assert (found.requirement, found.type, found.place_in_day) == (
        "MI.LOCK", "lockdown", "lunch",
    )  # fmt: skip


def test_a_cancelled_drill_is_asked_for_again_with_its_id() -> None:
    cancelled = drill("2026-05-12", "fire", cancelled="power_failure")
    found = suggested(year(cancelled, as_of="2026-05-13"))
    assert found is not None
    assert (found.type, found.redo_of, str(found.due_by)) == (
        "fire", "2026-05-12-fire", "2026-05-27",
    )  # fmt: skip


def test_nothing_is_asked_for_when_all_is_met() -> None:
    assert suggested(year()) is None


def test_the_first_lawful_days_keep_the_gap_from_drills_of_the_type() -> None:
    data = year(without="2025-12-01-fire", as_of="2025-10-15")
    assert lawful(data, "fire", "2025-10-15") == ["2025-10-21", "2025-10-22", "2025-10-23"]
    assert lawful(data, "fire", "2025-10-15", gap_days=1)[0] == "2025-10-16"
    assert refused(data, "fire", "2025-10-15", "2025-10-21") == {
        "2025-10-16": "too_close", "2025-10-17": "too_close", "2025-10-18": "no_school_day",
        "2025-10-19": "no_school_day", "2025-10-20": "too_close",
    }  # fmt: skip


def test_tornado_drills_need_no_gap_but_stand_in_march() -> None:
    data = year(without="2026-03-17-shelter_weather", as_of="2026-02-20")
    assert lawful(data, "shelter_weather", "2026-02-26") == [
        "2026-03-02", "2026-03-03", "2026-03-04",
    ]  # fmt: skip
    codes = refused(data, "shelter_weather", "2026-02-26", "2026-02-27")
    assert codes == {"2026-02-27": "too_early"}


def test_no_lawful_day_lies_in_a_state_test_or_on_the_day_of_another_lockdown() -> None:
    data = year(drill("2026-05-13", "secure"), as_of="2026-04-10")
    codes = refused(data, "lockdown", "2026-04-10", "2026-05-13")
    assert codes["2026-04-13"] == "state_test"
    assert codes["2026-04-18"] == "no_school_day"
    assert codes["2026-04-21"] == "lockdown_that_day"
    assert codes["2026-05-13"] == "lockdown_that_day"
    assert codes["2026-04-24"] == "too_close"
    assert "2026-05-13" not in refused(data, "fire", "2026-05-12", "2026-05-13")


def test_no_lawful_day_lies_after_the_duty_it_serves() -> None:
    data = year(without="2025-12-01-fire", as_of="2025-11-24")
    assert lawful(data, "fire", "2025-11-24", count=9) == ["2025-11-25", "2025-12-01"]
    assert refused(data, "fire", "2025-12-01", "2025-12-02") == {"2025-12-02": "past_due"}


def test_a_moved_drill_does_not_stand_in_its_own_way() -> None:
    data = year(as_of="2026-05-01")
    assert lawful(data, "fire", "2026-05-03", replacing="2026-05-05-fire")[0] == "2026-05-04"
    assert lawful(data, "fire", "2026-05-03")[0] == "2026-05-12"


def test_the_redo_of_a_cancelled_drill_stands_within_its_ten_school_days() -> None:
    cancelled = drill("2025-09-23", "shelter_weather", cancelled="severe_storm")
    data = year(cancelled, as_of="2025-09-24")
    assert lawful(data, "shelter_weather", "2025-10-03", replacing=cancelled["id"], count=9) == [
        "2025-10-06", "2025-10-07",
    ]  # fmt: skip


def test_an_overdue_drill_stands_as_soon_as_may_be() -> None:
    data = year(without="2025-12-01-fire 2026-02-10-fire 2026-05-05-fire", as_of="2025-12-05")
    assert lawful(data, "fire", "2025-12-05")[0] == "2025-12-08"


def test_days_have_their_weekday_and_refusals_a_sentence() -> None:
    parsed = read_school_year(year(as_of="2026-05-01"))
    found = lawful_days(michigan(), parsed, "fire", after=day("2026-05-11"), count=1)
    assert found == (LawfulDay(day("2026-05-12"), "Tuesday"),)
    gone = refused_days(
        michigan(), parsed, "fire", after=day("2026-05-24"), until=day("2026-05-25")
    )
    assert gone == (
        RefusedDay(day("2026-05-25"), "Monday", "no_school_day", "May 25, 2026 is no school day."),
    )


@pytest.mark.parametrize("kind", ["fire", "lockdown", "shelter_weather", "evacuation"])
def test_no_lawful_day_lies_outside_the_school_year(kind: str) -> None:
    assert lawful(year(as_of="2026-05-29"), kind, "2026-06-05") == []
