"""Michigan's rows: each one met, one missed, one at its boundary; and the worked year."""

import json
from pathlib import Path
from typing import Any

import pytest

from drills.rules.judge import as_document, judge
from drills.rules.load import pack
from drills.rules.school_year import read_school_year
from tests.drills.rules.years import drill, judged, michigan, verdicts, words, year

ALWAYS = (
    "MI.FIRE", "MI.FIRE.DEC", "MI.FIRE.REST", "MI.TOR", "MI.TOR.MAR", "MI.LOCK", "MI.LOCK.DEC",
    "MI.LOCK.JAN", "MI.LUNCH", "MI.SCHED",
)  # fmt: skip


@pytest.mark.shared_data
def test_the_worked_year_is_judged_as_expected(shared_data: Path) -> None:
    file = shared_data / "school-years" / "c1-michigan.json"
    if not file.is_file():
        pytest.skip("the worked years are not laid beside the project")
    data = json.loads(file.read_text())
    found = pack(data["jurisdiction"])
    assert found is not None
    document = as_document(judge(found, read_school_year(data)))
    got = {
        f"{item['id']}@{item['cell']}" if item["cell"] else item["id"]: item["verdict"]
        for item in document["requirements"]
    }
    expected = {key: item["verdict"] for key, item in data["expected"].items()}
    assert {key: got.get(key) for key in expected} == expected
    assert len(expected) == 11


def test_a_year_with_everything_held_is_met_throughout() -> None:
    found = words(year())
    assert {found[key] for key in ALWAYS} == {"met"}
    assert set(found.values()) == {"met", "not_applicable"}
    assert found["MI.OTHER"] == "not_applicable"
    assert not judged(year()).findings


@pytest.mark.parametrize(
    ("key", "without", "as_of", "verdict"),
    [
        ("MI.FIRE", "2026-05-05-fire", "2026-06-08", "impossible"),
        ("MI.FIRE", "2026-05-05-fire", "2026-06-05", "due"),
        ("MI.FIRE", "2026-02-10-fire 2026-05-05-fire", "2026-06-05", "impossible"),
        ("MI.FIRE.DEC", "2025-10-14-fire", "2025-12-01", "due"),
        ("MI.FIRE.DEC", "2025-12-01-fire", "2025-12-01", "due"),
        ("MI.FIRE.DEC", "2025-12-01-fire", "2025-12-02", "overdue"),
        ("MI.FIRE.DEC", "2025-12-01-fire", "2026-02-10", "violated"),
        ("MI.FIRE.DEC", "2025-10-14-fire 2025-12-01-fire", "2025-12-01", "impossible"),
        ("MI.FIRE.REST", "2026-05-05-fire", "2026-05-06", "due"),
        ("MI.FIRE.REST", "2026-05-05-fire", "2026-06-06", "impossible"),
        ("MI.TOR", "2026-04-28-shelter_weather", "2026-06-05", "due"),
        ("MI.TOR", "2026-04-28-shelter_weather", "2026-06-06", "impossible"),
        ("MI.TOR.MAR", "2026-03-17-shelter_weather", "2026-03-27", "due"),
        ("MI.TOR.MAR", "2026-03-17-shelter_weather", "2026-03-28", "impossible"),
        ("MI.TOR.MAR", "2026-03-17-shelter_weather", "2025-09-01", "due"),
        ("MI.LOCK", "2026-04-21-lockdown", "2026-06-05", "due"),
        ("MI.LOCK", "2026-04-21-lockdown", "2026-06-06", "impossible"),
        ("MI.LOCK.DEC", "2025-10-28-lockdown", "2025-12-01", "due"),
        ("MI.LOCK.DEC", "2025-10-28-lockdown", "2025-12-02", "overdue"),
        ("MI.LOCK.DEC", "2025-10-28-lockdown", "2026-01-14", "violated"),
        ("MI.LOCK.JAN", "2026-01-14-lockdown 2026-04-21-lockdown", "2026-06-05", "due"),
        ("MI.LOCK.JAN", "2026-01-14-lockdown 2026-04-21-lockdown", "2026-06-06", "impossible"),
        ("MI.LUNCH", "2025-10-28-lockdown", "2026-06-05", "due"),
        ("MI.LUNCH", "2025-10-28-lockdown", "2026-06-06", "impossible"),
    ],
)
def test_a_missing_drill_is_due_until_its_time_is_over(
    key: str, without: str, as_of: str, verdict: str
) -> None:
    assert words(year(without=without, as_of=as_of))[key] == verdict


@pytest.mark.parametrize(
    ("key", "without", "added", "verdict"),
    [
        ("MI.FIRE.DEC", "2025-12-01-fire", drill("2025-12-02", "fire"), "violated"),
        ("MI.FIRE.DEC", "2025-12-01-fire", drill("2025-11-25", "fire"), "met"),
        ("MI.FIRE.REST", "2026-05-05-fire", drill("2025-11-25", "fire"), "impossible"),
        ("MI.TOR.MAR", "2026-03-17-shelter_weather", drill("2026-03-02", "shelter_weather"), "met"),
        ("MI.TOR.MAR", "2026-03-17-shelter_weather", drill("2026-03-27", "shelter_weather"), "met"),
        (
            "MI.TOR.MAR", "2026-03-17-shelter_weather",
            drill("2026-02-27", "shelter_weather"), "impossible",
        ),
        ("MI.LOCK.DEC", "2025-10-28-lockdown", drill("2025-12-01", "lockdown"), "met"),
        ("MI.LOCK.DEC", "2025-10-28-lockdown", drill("2025-12-02", "lockdown"), "violated"),
        ("MI.LOCK", "2026-04-21-lockdown", drill("2026-04-22", "security"), "met"),
        ("MI.LOCK", "2026-04-21-lockdown", drill("2026-04-22", "secure"), "impossible"),
        ("MI.LUNCH", "2025-10-28-lockdown", drill("2026-05-12", "fire", "recess"), "met"),
        ("MI.LUNCH", "2025-10-28-lockdown", drill("2026-05-12", "fire", "assembly"), "met"),
        ("MI.LUNCH", "2025-10-28-lockdown", drill("2026-05-12", "fire", "passing"), "impossible"),
        (
            "MI.LUNCH", "2025-10-28-lockdown",
            drill("2026-05-12", "evacuation", "lunch"), "impossible",
        ),
    ],
)  # fmt: skip
def test_another_drill_stands_in_only_within_its_window_and_type(
    key: str, without: str, added: dict[str, Any], verdict: str
) -> None:
    assert words(year(added, without=without))[key] == verdict


def test_a_lockdown_on_january_first_is_not_after_it() -> None:
    open_on_holiday = year(
        drill("2026-01-01", "lockdown"), without="2026-01-14-lockdown 2026-04-21-lockdown"
    )
    open_on_holiday["school_year"]["no_school"].remove("2026-01-01")
    assert words(open_on_holiday)["MI.LOCK.JAN"] == "impossible"
    open_on_holiday["drills"][-1] = drill("2026-01-05", "lockdown")
    assert words(open_on_holiday)["MI.LOCK.JAN"] == "met"


@pytest.mark.parametrize(
    ("filed", "as_of", "verdict"),
    [
        ("2025-09-15", "2026-06-08", "met"),
        ("2025-09-16", "2026-06-08", "violated"),
        ("2025-09-16", "2025-09-15", "due"),
        (None, "2025-09-15", "due"),
        (None, "2025-09-16", "overdue"),
        (None, "2026-06-05", "overdue"),
        (None, "2026-06-06", "impossible"),
    ],
)
def test_the_schedule_is_filed_by_september_15(filed: str | None, as_of: str, verdict: str) -> None:
    data = year(as_of=as_of)
    data["filings"] = [{**data["filings"][0], "on": filed}] if filed else []
    assert words(data)["MI.SCHED"] == verdict


def test_a_schedule_filed_with_somebody_else_is_not_filed() -> None:
    data = year()
    data["filings"][0]["to"] = "fire"
    assert words(data)["MI.SCHED"] == "impossible"


@pytest.mark.parametrize(
    ("posted", "as_of", "verdict"),
    [
        ("2025-10-21", "2026-06-08", "met"),
        ("2025-10-22", "2026-06-08", "violated"),
        (None, "2025-10-21", "due"),
        (None, "2025-10-22", "overdue"),
        (None, "2026-06-08", "overdue"),
        ("2025-10-10", "2025-10-01", "due"),
    ],
)
def test_a_drill_is_posted_within_thirty_school_days(
    posted: str | None, as_of: str, verdict: str
) -> None:
    data = year(as_of=as_of)
    data["drills"][0]["posted_at"] = posted
    assert words(data)["MI.POST@2025-09-09-fire"] == verdict


def test_the_thirty_school_days_end_with_the_year() -> None:
    data = year()
    data["drills"][4]["posted_at"] = "2026-06-05"
    found = verdicts(data)["MI.POST@2026-05-05-fire"]
    assert (found.verdict, str(found.due_by)) == ("met", "2026-06-05")
    data["drills"][4]["posted_at"] = "2026-06-06"
    assert words(data)["MI.POST@2026-05-05-fire"] == "violated"


@pytest.mark.parametrize(
    ("on", "verdict"), [("2026-04-10", "met"), ("2026-04-13", "violated"), ("2026-04-20", "met")]
)
def test_no_drill_stands_in_a_state_test(on: str, verdict: str) -> None:
    assert words(year(drill(on, "fire")))[f"MI.TEST@{on}-fire"] == verdict


@pytest.mark.parametrize(
    ("cause", "redone", "as_of", "verdict"),
    [
        ("severe_storm", "2025-10-07", "2026-06-08", "met"),
        ("severe_storm", "2025-10-08", "2026-06-08", "violated"),
        ("severe_storm", None, "2025-10-07", "due"),
        ("severe_storm", None, "2025-10-08", "overdue"),
        ("severe_storm", None, "2026-06-06", "impossible"),
        ("power_failure", "2025-09-24", "2026-06-08", "met"),
        ("rain_showers", "2025-09-24", "2026-06-08", "violated"),
        ("snow_showers", "2025-09-24", "2026-06-08", "violated"),
        ("staffing", "2025-09-24", "2026-06-08", "violated"),
    ],
)
def test_a_cancelled_drill_is_made_good_within_ten_school_days(
    cause: str, redone: str | None, as_of: str, verdict: str
) -> None:
    cancelled = drill("2025-09-23", "shelter_weather", cancelled=cause)
    redo = [drill(redone, "shelter_weather", redo_of=cancelled["id"])] if redone else []
    assert words(year(cancelled, *redo, as_of=as_of))[f"MI.REDO@{cancelled['id']}"] == verdict


@pytest.mark.parametrize(
    ("notices", "verdict"),
    [
        ([{"to": "county_emergency_management", "at": "2025-09-23T15:00"}], "met"),
        ([{"to": "parents", "at": "2025-09-23T15:00"}], "violated"),
        (None, "unknown"),
    ],
)
def test_the_county_is_told_of_a_cancelled_drill(
    notices: list[dict[str, str]] | None, verdict: str
) -> None:
    cancelled = drill("2025-09-23", "shelter_weather", cancelled="epidemic", notices=notices)
    if notices is None:
        del cancelled["notices"]
    redo = drill("2025-09-30", "shelter_weather", redo_of=cancelled["id"])
    found = words(year(cancelled, redo))
    assert found["MI.REDO.NOTICE@2025-09-23-shelter_weather"] == verdict
    assert found["MI.REDO@2025-09-23-shelter_weather"] == "met"


@pytest.mark.parametrize(
    ("school", "fires", "verdict"),
    [
        ({"grades": "9-12", "traits": ["sleeping_quarters"]}, 3, "met"),
        ({"grades": "9-12", "traits": ["sleeping_quarters"]}, 2, "impossible"),
        ({"grades": "PK", "traits": []}, 3, "met"),
        ({"grades": "PK-8", "traits": []}, 3, "not_applicable"),
    ],
)
def test_dormitories_and_other_schools_hold_eight_fire_drills(
    school: dict[str, Any], fires: int, verdict: str
) -> None:
    more = [drill(f"2026-05-{12 + number}", "fire") for number in range(fires)]
    assert words(year(*more, school=school))["MI.OTHER"] == verdict


def test_a_preschool_is_not_bound_by_the_rules_for_schools() -> None:
    assert words(year(school={"grades": "PK", "traits": []}))["MI.FIRE"] == "not_applicable"


def test_every_verdict_says_why_and_where_it_stands_in_the_law() -> None:
    for as_of in ("2025-08-01", "2025-11-10", "2026-03-20", "2026-06-08"):
        for verdict in judged(year(as_of=as_of)).requirements:
            assert verdict.why.endswith(".")
            assert verdict.citation.startswith("MCL 29.19")
            assert verdict.verified


def test_the_reason_of_a_late_drill_names_it() -> None:
    found = verdicts(year(drill("2025-12-02", "fire"), without="2025-12-01-fire"))["MI.FIRE.DEC"]
    assert found.why == (
        "2 of 3 fire drills held by Dec 1, 2025: Sep 9, Oct 14. Number 3 came late, on Dec 2, 2025."
    )
    assert found.evidence == ("2025-09-09-fire", "2025-10-14-fire", "2025-12-02-fire")


def test_the_last_admissible_day_is_a_school_day_outside_state_tests() -> None:
    data = year(without="2026-05-05-fire", as_of="2026-05-01")
    data["school_year"]["testing"] = [{"from": "2026-06-01", "to": "2026-06-05"}]
    found = verdicts(data)["MI.FIRE"]
    assert (found.verdict, str(found.due_by)) == ("due", "2026-05-29")


def test_the_document_has_the_published_fields() -> None:
    document = as_document(judged(year()))
    assert set(document) == {"jurisdiction", "as_of", "requirements", "findings"}
    assert set(document["requirements"][0]) == {
        "id", "cell", "what", "citation", "verified", "verdict", "needed", "held", "due_by",
        "why", "evidence",
    }  # fmt: skip
    assert json.loads(json.dumps(document)) == document


def test_michigans_rules_are_bilingual_and_dated() -> None:
    for rule in michigan().versions[0].rules:
        assert rule.plain != rule.plain_es
        assert rule.checked.year >= 2026
