"""The traps of the field that touch Michigan: each one by name."""

from datetime import date

import pytest

from drills.rules.calendar import SchoolCalendar
from drills.rules.judge import judge
from drills.rules.school_year import SchoolYearRefused, read_school_year
from tests.drills.rules.years import (
    drill,
    judged,
    michigan,
    small_pack,
    verdicts,
    words,
    year,
)


def codes(data: dict[str, object], drill_id: str) -> set[str]:
    """Return the codes of the findings about one drill."""
    return {finding.code for finding in judged(data).findings if finding.drill == drill_id}


@pytest.mark.parametrize("on", ["2026-05-09", "2025-11-27", "2025-08-20", "2026-06-06"])
def test_a_drill_on_a_closed_day_is_flagged_and_not_counted(on: str) -> None:
    data = year(drill(on, "fire"), without="2026-05-05-fire")
    assert words(data)["MI.FIRE"] == "impossible"
    assert codes(data, f"{on}-fire") == {"drill_on_closed_day"}


def test_a_drill_on_a_closed_day_without_pupils_is_no_fault() -> None:
    data = year(drill("2026-05-09", "fire", pupils_present=False))
    assert "drill_on_closed_day" not in codes(data, "2026-05-09-fire")


def test_a_half_day_counts() -> None:
    assert words(year(drill("2026-06-05", "fire"), without="2026-05-05-fire"))["MI.FIRE"] == "met"


def test_by_a_day_includes_it_and_after_a_day_does_not() -> None:
    found = words(year())
    assert found["MI.FIRE.DEC"] == "met"
    assert verdicts(year())["MI.FIRE.REST"].evidence == ("2026-02-10-fire", "2026-05-05-fire")


def test_a_closed_month_is_impossible_but_a_missed_deadline_overdue() -> None:
    data = year(without="2026-03-17-shelter_weather 2025-12-01-fire", as_of="2026-04-06")
    data["drills"] = [item for item in data["drills"] if item["id"] != "2026-02-10-fire"]
    found = words(data)
    assert found["MI.TOR.MAR"] == "impossible"
    assert found["MI.FIRE.DEC"] == "overdue"


def test_fewer_days_than_drills_is_impossible_before_the_month_is_over() -> None:
    data = year(without="2026-03-17-shelter_weather", as_of="2026-03-28")
    assert words(data)["MI.TOR.MAR"] == "impossible"


def test_one_drill_serves_rows_that_ask_different_things() -> None:
    found = verdicts(year())
    for key in ("MI.LOCK", "MI.LOCK.DEC", "MI.LUNCH"):
        assert "2025-10-28-lockdown" in found[key].evidence


def test_three_of_the_five_are_a_subset_and_not_an_addition() -> None:
    assert verdicts(year())["MI.FIRE"].held == 5


def test_a_real_event_is_not_credited() -> None:
    data = year(drill("2026-04-22", "lockdown", real_event=True), without="2026-04-21-lockdown")
    assert words(data)["MI.LOCK"] == "impossible"
    assert codes(data, "2026-04-22-lockdown") == {"real_event"}


def test_an_unplanned_alarm_is_no_drill() -> None:
    data = year(drill("2026-05-06", "fire", unplanned_alarm=True), without="2026-05-05-fire")
    assert words(data)["MI.FIRE"] == "impossible"
    assert codes(data, "2026-05-06-fire") == {"unplanned_alarm"}


def test_a_cancelled_drill_never_counts_whatever_else_its_record_says() -> None:
    data = year(drill("2026-05-06", "fire", cancelled="fire"), without="2026-05-05-fire")
    found = words(data)
    assert found["MI.FIRE"] == "impossible"
    assert "MI.POST@2026-05-06-fire" not in found


def test_a_redo_outside_its_window_counts_for_the_year_and_breaches_the_redo_rule() -> None:
    cancelled = drill("2026-04-07", "fire", cancelled="severe_storm")
    late = drill("2026-05-06", "fire", redo_of="2026-04-07-fire")
    found = words(year(cancelled, late, without="2026-05-05-fire"))
    assert found["MI.FIRE"] == "met"
    assert found["MI.REDO@2026-04-07-fire"] == "violated"


def test_a_redo_that_is_cancelled_too_is_made_good_with_the_first() -> None:
    first = drill("2025-09-23", "shelter_weather", cancelled="severe_storm")
    second = drill("2025-09-26", "shelter_weather", cancelled="fire", redo_of=first["id"])
    third = drill("2025-10-07", "shelter_weather", redo_of=second["id"])
    found = words(year(first, second, third))
    assert found[f"MI.REDO@{first['id']}"] == found[f"MI.REDO@{second['id']}"] == "met"


def test_ordinary_rain_is_no_cause_to_put_a_drill_off() -> None:
    found = verdicts(year(drill("2026-05-06", "fire", cancelled="rain_showers")))
    assert "not among the causes" in found["MI.REDO@2026-05-06-fire"].why


def test_drills_of_one_day_count_both_and_are_warned_about() -> None:
    second = {**drill("2026-02-10", "fire"), "id": "second", "time": "10:40"}
    data = year(second, without="2026-05-05-fire")
    assert words(data)["MI.FIRE"] == "met"
    assert codes(data, "second") == {"drills_too_close"}


def test_reasonable_is_the_district_s_own_gap_and_never_a_breach() -> None:
    data = year(drill("2026-02-18", "fire"))
    parsed = read_school_year(data)
    assert "drills_too_close" not in {item.code for item in judge(michigan(), parsed).findings}
    wider = judge(michigan(), parsed, gap_days=6)
    assert {item.requirement for item in wider.findings} == {"MI.FIRE.SPACING"}
    assert "MI.FIRE.SPACING" not in {verdict.id for verdict in wider.requirements}


def test_a_planned_drill_counts_for_nothing_and_says_what_it_would_satisfy() -> None:
    data = year(as_of="2026-03-01")
    assert words(data)["MI.TOR.MAR"] == "due"
    told = {item.drill: item.message for item in judged(data).findings if item.code == "planned"}
    assert told["2026-03-17-shelter_weather"].endswith("would count toward MI.TOR, MI.TOR.MAR.")
    assert told["2026-04-28-shelter_weather"].endswith("would count toward MI.TOR.")


def test_a_planned_drill_on_a_bad_day_is_a_finding_before_it_is_held() -> None:
    data = year(drill("2026-05-25", "fire"), drill("2026-04-14", "fire"), as_of="2026-03-01")
    assert codes(data, "2026-05-25-fire") == {"planned_on_closed_day"}
    assert codes(data, "2026-04-14-fire") == {"planned_in_state_test"}


def test_a_drill_on_the_day_of_the_verdict_counts_as_held() -> None:
    assert verdicts(year(as_of="2025-12-01"))["MI.FIRE.DEC"].held == 3


def test_late_paperwork_leaves_the_drill_met() -> None:
    data = year()
    data["drills"][0]["posted_at"] = "2026-01-15"
    found = words(data)
    assert found["MI.POST@2025-09-09-fire"] == "violated"
    assert found["MI.FIRE"] == "met"


def test_a_waiver_waives_what_is_not_met_from_its_day_on() -> None:
    waiver = {"requirement": "MI.TOR.MAR", "on": "2026-03-25", "reason": "State of emergency"}
    data = year(without="2026-03-17-shelter_weather", waivers=[waiver])
    found = verdicts(data)["MI.TOR.MAR"]
    assert (found.verdict, found.why) == ("waived", "Waived on Mar 25, 2026: State of emergency.")
    data["as_of"] = "2026-03-24"
    assert words(data)["MI.TOR.MAR"] == "due"
    assert words(year(waivers=[waiver]))["MI.TOR.MAR"] == "met"


def test_a_waiver_of_one_drill_s_posting_leaves_the_others() -> None:
    waiver = {"requirement": "MI.POST@2025-09-09-fire", "on": "2026-03-25", "reason": "Outage"}
    data = year(waivers=[waiver])
    data["drills"][0]["posted_at"] = data["drills"][1]["posted_at"] = None
    found = words(data)
    assert found["MI.POST@2025-09-09-fire"] == "waived"
    assert found["MI.POST@2025-10-14-fire"] == "overdue"


def test_a_waiver_that_names_nothing_is_a_finding() -> None:
    waiver = {"requirement": "MI.TORNADO", "on": "2026-03-25", "reason": "Storm"}
    assert {item.code for item in judged(year(waivers=[waiver])).findings} == {
        "waiver_names_nothing"
    }


def test_the_version_is_that_of_the_first_day_and_an_older_year_is_not_judged() -> None:
    older = {"first_day": "2013-09-03", "last_day": "2014-06-06", "no_school": []}
    data = year(school_year=older, drills=[], as_of="2014-06-30")
    found = judged(data)
    assert found.requirements == ()
    assert [item.code for item in found.findings] == ["no_rules_in_force"]


@pytest.mark.parametrize(
    ("remove", "key", "says"),
    [
        ("place_in_day", "MI.LUNCH", "where in the day"),
        ("posted_at", "MI.POST@2025-10-28-lockdown", "whether it was posted"),
    ],
)
def test_a_missing_fact_of_a_drill_is_unknown_and_named(remove: str, key: str, says: str) -> None:
    data = year()
    for item in data["drills"]:
        del item[remove]
    found = verdicts(data)[key]
    assert found.verdict == "unknown"
    assert says in found.why


def test_a_missing_fact_of_the_year_is_unknown_and_named() -> None:
    data = year()
    del data["filings"], data["school_year"]["testing"]
    found = verdicts(data)
    assert found["MI.SCHED"].verdict == found["MI.TEST@2025-09-09-fire"].verdict == "unknown"
    assert "drill schedule" in found["MI.SCHED"].why
    assert "state tests" in found["MI.TEST@2025-09-09-fire"].why


def test_a_lunch_drill_that_is_known_settles_the_row_beside_unknown_ones() -> None:
    data = year()
    del data["drills"][0]["place_in_day"]
    assert words(data)["MI.LUNCH"] == "met"


def test_a_redo_that_nobody_linked_is_unknown() -> None:
    cancelled = drill("2025-09-23", "shelter_weather", cancelled="epidemic")
    redo = drill("2025-09-30", "shelter_weather")
    del redo["redo_of"]
    found = verdicts(year(cancelled, redo))["MI.REDO@2025-09-23-shelter_weather"]
    assert found.verdict == "unknown"
    assert "2025-09-30-shelter_weather" in found.why


def test_without_a_list_of_closed_days_a_deadline_in_school_days_is_not_guessed() -> None:
    data = year()
    del data["school_year"]["no_school"]
    data["drills"][2]["posted_at"] = "2026-01-13"
    assert words(data)["MI.POST@2025-12-01-fire"] == "unknown"
    data["drills"][2]["posted_at"] = "2026-01-12"
    found = judged(data)
    assert {v.key: v.verdict for v in found.requirements}["MI.POST@2025-12-01-fire"] == "met"
    assert "closures_unknown" in {item.code for item in found.findings}


def test_only_the_required_fields_still_give_the_counts() -> None:
    data = {
        "jurisdiction": "us-mi",
        "as_of": "2026-06-08",
        "school_year": {"first_day": "2025-08-25", "last_day": "2026-06-05"},
        "drills": [{"date": item["date"], "type": item["type"]} for item in year()["drills"]],
    }
    found = words(data)
    assert {found[key] for key in ("MI.FIRE", "MI.FIRE.DEC", "MI.TOR.MAR", "MI.LOCK")} == {"met"}
    assert {found[key] for key in ("MI.LUNCH", "MI.SCHED", "MI.OTHER")} == {"unknown"}
    assert "grades_unknown" in {item.code for item in judged(data).findings}


def test_summer_weekdays_are_school_days_but_not_of_the_school_year() -> None:
    data = year(drill("2026-06-23", "fire"), without="2026-05-05-fire", as_of="2026-07-01")
    data["school_year"]["summer"] = {"first_day": "2026-06-22", "last_day": "2026-06-26"}
    assert words(data)["MI.FIRE"] == "impossible"
    assert codes(data, "2026-06-23-fire") == {"counts_for_nothing"}


def test_a_pack_may_say_that_drills_without_pupils_do_not_count() -> None:
    pack = small_pack(
        'id = "MI.A"\nshape = "at_least"\ntypes = ["fire"]\nn = 6\nwindow = "school_year"',
        'id = "MI.B"\nshape = "does_not_count"\ntypes = ["fire"]\nkinds = ["pupils_absent"]',
    )
    data = year(drill("2026-05-12", "fire", pupils_present=False))
    found = judge(pack, read_school_year(data))
    assert [verdict.held for verdict in found.requirements] == [5]
    assert found.findings[0].code == "does_not_count"


def test_a_named_gap_is_a_verdict() -> None:
    rule = 'id = "MI.A"\nshape = "spacing"\ntypes = ["fire"]\ngap = 20\nunit = "school_day"'
    found = judge(small_pack(rule), read_school_year(year(drill("2025-09-30", "fire"))))
    assert [(v.verdict, v.evidence) for v in found.requirements] == [
        ("violated", ("2025-09-09-fire", "2025-09-30-fire", "2025-10-14-fire"))
    ]
    calm = judge(small_pack(rule), read_school_year(year()))
    assert [verdict.verdict for verdict in calm.requirements] == ["met"]


def test_a_verdict_needs_its_day_and_the_jurisdiction_s_own_pack() -> None:
    data = year()
    del data["as_of"]
    with pytest.raises(SchoolYearRefused, match="as_of"):
        judged(data)
    with pytest.raises(ValueError, match="us-oh"):
        judge(michigan(), read_school_year(year(jurisdiction="us-oh")))


def test_the_calendar_counts_school_days_from_the_first_day_of_classes() -> None:
    calendar = SchoolCalendar(read_school_year(year()))
    assert calendar.nth(1) == date(2025, 8, 25)
    assert calendar.day_number(date(2025, 9, 2)) == 6
    assert calendar.day_number(date(2025, 9, 1)) is None
    assert not calendar.is_school_day(date(2025, 9, 6))
    assert calendar.nth(1000) is None
    between = calendar.school_days_between(date(2025, 8, 29), date(2025, 9, 2))
    assert between == (date(2025, 8, 29), date(2025, 9, 2))
    assert calendar.nth_after(date(2025, 8, 29), 1) == date(2025, 9, 2)
    assert [month.name for month in calendar.months()][:2] == ["2025-08", "2025-09"]
    assert calendar.months()[0].school_days == 5
    assert sum(month.school_days for month in calendar.months()) == len(calendar.school_days())
