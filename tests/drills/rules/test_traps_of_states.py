"""The traps of the field that other states' laws set, each one by name, on the shipped packs."""

import json
from copy import deepcopy
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drills.rules.judge import Judgement, judge
from drills.rules.load import PackRefused, pack, read_pack
from drills.rules.school_year import read_school_year
from tests.drills.rules.years import drill, year

TERMS = [
    {"name": "fall", "first_day": "2025-08-25", "last_day": "2026-01-16"},
    {"name": "spring", "first_day": "2026-01-20", "last_day": "2026-06-05"},
]


def state(code: str, *drills: dict[str, Any], as_of: str = "2026-06-08", **top: Any) -> Any:
    """Return a school year of a state as parsed JSON, with two terms."""
    data = year(jurisdiction=code, drills=list(drills), as_of=as_of, **top)
    data["school_year"]["terms"] = deepcopy(TERMS)
    return data


def judged(data: dict[str, Any]) -> Judgement:
    """Return the judgement under the shipped pack of its state."""
    found = pack(data["jurisdiction"])
    assert found is not None
    return judge(found, read_school_year(data))


def words(data: dict[str, Any]) -> dict[str, str]:
    """Return each verdict's word by its key."""
    return {verdict.key: verdict.verdict for verdict in judged(data).requirements}


def own_year(name: str) -> Any:
    """Return the worked year that comes with a pack."""
    folder = files("drills.rules") / "packs" / "years"
    return json.loads((folder / f"{name}.json").read_text())


def test_a_bare_word_days_is_read_as_the_pack_says_and_the_gap_is_warned_about() -> None:
    # Day 90 is Nov 23 in calendar days and Jan 16 in school days.
    found = judged(state("us-pa", drill("2025-12-09", "security")))
    assert {item.key: item.verdict for item in found.requirements}["PA.SEC"] == "violated"
    warned = [(item.drill, item.requirement) for item in found.findings
              if item.code == "unit_doubtful"]  # fmt: skip
    assert warned == [("2025-12-09-security", "PA.SEC")]
    calm = judged(state("us-pa", drill("2025-11-20", "security")))
    assert "unit_doubtful" not in {item.code for item in calm.findings}


@pytest.mark.parametrize(
    ("on", "verdict"), [("2025-09-08", "met"), ("2025-09-09", "violated"), ("2025-08-22", "due")]
)
def test_day_one_is_the_first_day_of_classes_and_day_ten_counts(on: str, verdict: str) -> None:
    # Aug 22 is a day of the staff: it neither starts the clock nor counts.
    as_of = "2025-09-05" if verdict == "due" else "2026-06-08"
    assert words(state("us-co", drill(on, "fire"), as_of=as_of))["CO.FIRST10"] == verdict


def test_a_school_that_opens_late_has_its_own_clock() -> None:
    data = state("us-co", drill("2025-10-17", "fire"))
    data["school_year"]["first_day"] = "2025-10-06"
    data["school_year"]["terms"] = []
    found = words(data)
    assert found["CO.FIRST10"] == "met"
    assert "CO.FIRE@2025-09" not in found


def test_a_school_that_opens_in_midyear_owes_no_month_before() -> None:
    data = state("us-pa", drill("2026-01-28", "fire"), drill("2026-04-27", "security"))
    data["school_year"]["first_day"] = "2026-01-27"
    data["school_year"]["terms"] = []
    found = words(data)
    assert found["PA.FIRE@2026-01"] == "met"
    assert "PA.FIRE@2025-12" not in found
    # Day 90 after Jan 27 is Apr 27.
    assert found["PA.SEC"] == "met"


def test_a_month_of_few_days_is_one_and_is_shown_as_doubtful() -> None:
    found = judged(state("us-co", drill("2025-09-08", "fire")))
    assert {item.key: item.verdict for item in found.requirements}["CO.FIRE@2025-08"] == (
        "impossible"
    )
    doubtful = {item.requirement: item.message for item in found.findings
                if item.code == "short_month"}  # fmt: skip
    assert set(doubtful) == {"CO.FIRE@2025-08", "CO.FIRE@2026-06"}
    assert "only 5 school days" in doubtful["CO.FIRE@2025-08"]


def test_blocks_of_thirty_school_days_are_fixed_and_do_not_roll() -> None:
    # Oct 7 and Nov 17 are days 31 and 60: both in block 2, 29 school days apart.
    found = words(state("us-tn", drill("2025-10-07", "fire"), drill("2025-11-17", "fire")))
    assert [found[f"TN.FIRE30@block-{number}"] for number in (1, 2, 3)] == [
        "impossible", "met", "impossible",
    ]  # fmt: skip


def test_semesters_come_from_the_calendar_and_not_from_new_year() -> None:
    found = words(state("us-tx", drill("2026-01-16", "lockdown")))
    assert (found["TX.LOCK.SEM@fall"], found["TX.LOCK.SEM@spring"]) == ("met", "impossible")
    data = state("us-tx")
    del data["school_year"]["terms"]
    assert words(data)["TX.LOCK.SEM"] == "unknown"


def test_quarters_are_unknown_where_the_calendar_has_two_terms() -> None:
    assert words(state("us-ca", drill("2025-09-10", "earthquake")))["CA.DROP.E"] == "unknown"


def test_one_fall_exercise_serves_the_calendar_year_and_the_other_stays_unknown() -> None:
    found = words(state("us-oh", drill("2025-12-10", "functional")))
    assert (found["OH.EMT@2025"], found["OH.EMT@2026"]) == ("met", "unknown")
    assert words(state("us-oh", as_of="2026-03-02"))["OH.EMT@2026"] == "due"


@pytest.mark.parametrize(
    ("code", "key"), [("us-nj", "NJ.FIRE@2026-06"), ("us-fl", "FL.FIRE@2026-07")]
)
def test_summer_instruction_reaches_the_laws_that_say_so(code: str, key: str) -> None:
    data = state(code, as_of="2026-08-01")
    data["school_year"]["summer"] = {"first_day": "2026-06-29", "last_day": "2026-07-10"}
    assert words(data)[key] == "impossible"
    assert words(data)[key.replace("-06", "-07")] == "impossible"


def test_summer_instruction_does_not_reach_the_other_laws() -> None:
    data = state("us-pa", as_of="2026-08-01")
    data["school_year"]["summer"] = {"first_day": "2026-06-29", "last_day": "2026-07-10"}
    assert "PA.FIRE@2026-07" not in words(data)


def test_summer_instruction_that_is_not_recorded_is_unknown() -> None:
    data = state("us-nj")
    del data["school_year"]["summer"]
    found = words(data)
    assert found["NJ.FIRE@summer"] == found["NJ.SEC@summer"] == "unknown"


def test_a_substitution_may_be_forbidden() -> None:
    found = words(state("us-co", drill("2025-10-08", "lockdown")))
    assert found["CO.FIRE@2025-10"] == "impossible"


def test_a_substitution_may_have_a_cap() -> None:
    found = words(own_year("us-nh-2025-26"))
    assert (found["NH.EGR@2026-05"], found["NH.EGR@2026-06"]) == ("met", "impossible")


def test_a_substitution_may_count_only_for_some_buildings() -> None:
    drills = [drill(f"2025-10-{day:02}", "fire") for day in (6, 7, 8, 9, 10, 14)]
    drills += [drill(f"2025-11-{day}", "lockdown", notices=[]) for day in (10, 11, 12, 13)]
    plain = state("us-oh", *drills, school={"grades": "K-5", "traits": [], "public": True})
    found = {item.key: item for item in judged(plain).requirements}
    assert (found["OH.RD9"].verdict, found["OH.RD9"].held) == ("met", 9)
    assert "counts by OH.RD9.SUB" in found["OH.RD9"].why
    assert found["OH.RD6"].verdict == "not_applicable"
    assert words(state("us-oh", *drills))["OH.RD9"] == "not_applicable"


def test_a_substitution_spends_no_drill_where_the_fire_drill_was_held() -> None:
    data = own_year("us-pa-2025-26")
    assert words(data)["PA.FIRE@2026-03"] == "impossible"
    data["drills"].append(drill("2025-12-10", "fire"))
    assert words(data)["PA.FIRE@2026-03"] == "met"


def test_whether_pupils_were_present_decides_a_substitution_and_is_asked_for() -> None:
    record = drill("2025-10-08", "security")
    assert words(state("us-pa", record))["PA.FIRE@2025-10"] == "met"
    assert words(state("us-pa", {**record, "pupils_present": False}))["PA.FIRE@2025-10"] == (
        "impossible"
    )
    del record["pupils_present"]
    found = words(state("us-pa", record))
    assert found["PA.FIRE@2025-10"] == found["PA.SEC"] == "unknown"


def test_distinct_drills_of_a_total_are_not_counted_twice() -> None:
    data = own_year("us-ok-2025-26")
    assert words(data)["OK.ANY"] == "impossible"
    data["drills"].append(drill("2026-05-12", "shelter_weather"))
    found = {item.key: item for item in judged(data).requirements}
    assert found["OK.ANY"].verdict == "met"
    assert found["OK.ANY"].evidence == ("2026-05-05-fire", "2026-05-12-shelter_weather")


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "met"),
        ({"unplanned_alarm": True}, "impossible"),
        ({"cancelled": "other"}, "impossible"),
    ],
)
def test_a_real_emergency_counts_in_new_jersey_and_a_false_alarm_does_not(
    changes: dict[str, Any], verdict: str
) -> None:
    event = {**drill("2026-04-14", "lockdown", real_event=True), **changes}
    assert words(state("us-nj", event))["NJ.SEC@2026-04"] == verdict


def test_a_real_emergency_counts_nowhere_where_the_law_does_not_say_so() -> None:
    event = drill("2025-12-10", "functional", real_event=True)
    assert words(state("us-oh", event))["OH.EMT@2025"] == "unknown"
    assert "OH.EMT.AAR@2025-12-10-functional" not in words(state("us-oh", event))


def test_pupils_may_have_to_be_absent() -> None:
    found = words(own_year("us-tn-2025-26"))
    assert (found["TN.ICS"], found["TN.BUS"]) == ("impossible", "met")


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-05-04T23:00", "violated"),
        ("2026-05-05T00:00", "met"),
        ("2026-05-12T10:14", "met"),
        ("2026-05-12T10:15", "violated"),
    ],
)
def test_a_notice_within_the_week_before_is_bound_at_both_ends(at: str, verdict: str) -> None:
    record = drill("2026-05-12", "lockdown", notices=[{"to": "parents", "at": at}], simulated=[])
    assert words(state("us-ny", record))["NY.155.NOTICE@2026-05-12-lockdown"] == verdict


def test_a_notice_on_friday_is_one_school_day_before_monday() -> None:
    for at, verdict in (("2026-05-08T15:00", "met"), ("2026-05-09T15:00", "violated")):
        record = drill("2026-05-11", "lockdown", notices=[{"to": "parents", "at": at}])
        assert words(state("us-vt", record))["VT.OBR.NOTICE@2026-05-11-lockdown"] == verdict


def test_hours_are_those_of_the_wall_clock_when_the_clocks_change() -> None:
    # Clocks go forward on Mar 8, 2026: 24 hours before Monday 10:15 is Sunday 10:15.
    for at, verdict in (("2026-03-08T10:15", "met"), ("2026-03-08T10:16", "violated")):
        record = drill("2026-03-09", "lockdown", notices=[{"to": "parents", "at": at}])
        assert words(state("us-va", record))["VA.LOCK.NOTICE@2026-03-09-lockdown"] == verdict


def test_a_leap_day_is_a_day_of_february() -> None:
    data = state("us-pa", drill("2024-02-29", "fire"), as_of="2024-06-10")
    data["school_year"] = {
        "first_day": "2023-08-28", "last_day": "2024-06-07", "no_school": [], "summer": None,
    }  # fmt: skip
    assert words(data)["PA.FIRE@2024-02"] == "met"


def test_statute_and_fire_code_each_keep_their_verdict_and_citation() -> None:
    data = state("us-va", drill("2025-09-15", "fire"), drill("2025-09-22", "fire"))
    found = {item.key: item for item in judged(data).requirements}
    assert found["VA.FIRE20"].verdict == "met"
    assert found["VA.SFPC.FIRST10"].verdict == "violated"
    assert found["VA.FIRE20"].citation != found["VA.SFPC.FIRST10"].citation
    assert found["VA.SFPC.FIRST10"].severity == "code"


@pytest.mark.parametrize(
    ("first_day", "ids"),
    [
        ("2017-08-21", {"KS.FIRE", "KS.TOR"}),
        ("2018-08-20", {"KS.FIRE", "KS.TOR", "KS.CRISIS"}),
        ("2019-08-19", {"KS.FIRE", "KS.TOR.SEP", "KS.TOR.MAR", "KS.CRISIS"}),
    ],
)
def test_a_closed_year_is_judged_by_the_law_of_its_first_day(first_day: str, ids: set[str]) -> None:
    found = pack("us-ks")
    assert found is not None
    version = found.version_for(date.fromisoformat(first_day))
    assert version is not None
    assert {rule.id for rule in version.rules} == ids


@pytest.mark.parametrize(
    ("code", "before", "after", "rule"),
    [
        ("us-ny", "2016-06-30", "2016-07-01", "NY.LOCK"),
        ("us-ny", "2024-07-30", "2024-07-31", "NY.155.NOTICE"),
        ("us-nj", "2021-12-31", "2022-01-01", "NJ.SEC.NOTICE"),
        ("us-mn", "2023-07-31", "2023-08-01", "MN.ASD.NOTICE"),
        ("us-in", "2024-06-30", "2024-07-01", "IN.SENS"),
        ("us-md", "2024-06-30", "2024-07-01", "MD.NOISE"),
        ("us-mo", "2026-06-30", "2026-07-01", "MO.ACT"),
    ],
)
def test_a_law_that_changed_has_both_versions(
    code: str, before: str, after: str, rule: str
) -> None:
    found = pack(code)
    assert found is not None
    for first_day, there in ((before, False), (after, True)):
        version = found.version_for(date.fromisoformat(first_day))
        assert version is not None
        assert (rule in {one.id for one in version.rules}) is there


def test_a_rule_of_a_known_future_date_stands_in_the_pack_and_does_not_judge_before() -> None:
    found = pack("us-mo")
    assert found is not None
    assert "MO.ACT" in {rule.id for rule in found.versions[-1].rules}
    assert "MO.ACT" not in words(state("us-mo"))


def test_a_fire_department_that_declines_leaves_the_duty_waived_and_not_missed() -> None:
    assert words(own_year("us-il-2025-26"))["IL.EVAC.FD"] == "waived"


def test_a_late_report_leaves_the_drill_counted() -> None:
    data = state("us-la", drill("2025-09-10", "lockdown", reports=[]))
    found = words(data)
    assert (found["LA.30"], found["LA.REP@2025-09-10-lockdown"]) == ("met", "overdue")


def test_a_law_without_a_number_says_how_many_were_held() -> None:
    found = {
        item.key: item for item in judged(state("us-nd", drill("2025-09-10", "fire"))).requirements
    }
    assert found["ND.KINDS.FIRE"].why == "1 held; the law names no number."


def test_what_is_not_verified_says_so_in_its_verdict() -> None:
    found = {item.id: item for item in judged(state("us-fl")).requirements}
    assert not found["FL.EMER"].verified
    assert found["FL.FIRE"].verified


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("stands_for", 'shape = "substitute"\ngiven = ["fire"]\nstands_for = ["PA.X"]\nmost = 1'),
        ("beyond", 'shape = "at_least"\ntypes = ["fire"]\nn = 1\nbeyond = ["PA.A"]'),
    ],
)
def test_a_rule_that_names_none_before_it_is_refused(field: str, line: str) -> None:
    text = (
        'jurisdiction = "us-pa"\nname = "Test"\n[[versions]]\neffective = { from = 2014-07-01 }\n'
        f'[[versions.rules]]\nid = "PA.A"\n{line}\nwindow = "school_year"\ntitle = "A"\n'
        'cite = "Here"\nchecked = 2026-11-24\nverified = true\nseverity = "law"\n'
        'plain = "Do."\nplain_es = "Haga."\n'
    )
    with pytest.raises(PackRefused) as refused:
        read_pack(text, "us-pa.toml")
    assert refused.value.where == f"us-pa.toml: PA.A.{field}"


DAYS = st.integers(0, 280).map(
    lambda number: date.fromordinal(date(2025, 8, 25).toordinal() + number)
)
KINDS = st.sampled_from(["fire", "security", "lockdown", "bomb_threat"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DAYS, KINDS), max_size=12), DAYS, KINDS, st.randoms())
def test_one_more_drill_never_lowers_how_many_months_are_met(
    drawn: list[tuple[date, str]], on: date, kind: str, random: Any
) -> None:
    drills = [{**drill(day.isoformat(), what), "id": f"d{index}"}
              for index, (day, what) in enumerate(drawn)]  # fmt: skip
    before = words(state("us-pa", *drills))
    random.shuffle(drills)
    assert words(state("us-pa", *drills)) == before
    after = words(state("us-pa", *drills, {**drill(on.isoformat(), kind), "id": "one-more"}))

    def months(found: dict[str, str]) -> int:
        return sum(word == "met" for key, word in found.items() if key.startswith("PA.FIRE@"))

    assert months(after) >= months(before)
    if all(day < on for day, _ in drawn):
        assert all(after[key] == "met" for key, word in before.items()
                   if word == "met" and key.startswith("PA.FIRE@"))  # fmt: skip
