"""The worked years of states whose packs are not shipped yet, with packs of the test's own."""

import json
from pathlib import Path

import pytest

from drills.rules.judge import judge
from drills.rules.load import read_pack
from drills.rules.pack import RulePack
from drills.rules.school_year import read_school_year
from tests.drills.rules.years import drill, small_pack, year

FIRST_20 = 'window = { first = 20, unit = "school_day" }'
VIRGINIA = [
    f'id = "VA.FIRE20"\nshape = "at_least"\ntypes = ["fire"]\nn = 2\n{FIRST_20}',
    (
        'id = "VA.FIRE+"\nshape = "at_least"\ntypes = ["fire"]\nn = 2\n'
        'window = { after_first = 20, unit = "school_day" }'
    ),
    (
        'id = "VA.SFPC.FIRST10"\nshape = "at_least"\ntypes = ["fire"]\nn = 1\n'
        'window = { first = 10, unit = "school_day" }'
    ),
    (
        'id = "VA.SFPC"\nshape = "at_least_each"\ntypes = ["fire"]\nn = 1\n'
        "window = { month_in_session = { min_days = 1 } }"
    ),
    f'id = "VA.LOCK20"\nshape = "at_least"\ntypes = ["lockdown"]\nn = 1\n{FIRST_20}',
    (
        'id = "VA.LOCK60"\nshape = "at_least"\ntypes = ["lockdown"]\nn = 2\n'
        'window = { after_first = 60, unit = "school_day" }'
    ),
    (
        'id = "VA.LOCK.NOTICE"\nshape = "notice_before"\ntypes = ["lockdown"]\nto = "parents"\n'
        'not_later_than = 24\nunit = "hour"'
    ),
    'id = "VA.TOR"\nshape = "at_least"\ntypes = ["shelter_weather"]\nn = 1\nwindow = "school_year"',
]
EITHER = 'types = ["evacuation", "fire", "lockdown"]'
NEW_YORK = [
    f'id = "NY.12"\nshape = "at_least"\n{EITHER}\nn = 12\nwindow = "school_year"',
    (
        f'id = "NY.8DEC"\nshape = "at_least"\n{EITHER}\nn = 8\n'
        'window = { by_date = "12-31", inclusive = true }'
    ),
    (
        'id = "NY.EVAC"\nshape = "at_least"\ntypes = ["evacuation", "fire"]\nn = 8\n'
        'window = "school_year"'
    ),
    (
        'id = "NY.EXIT"\nshape = "at_least_in_condition"\namong = ["evacuation", "fire"]\nn = 4\n'
        'condition = ["secondary_exit"]\nwindow = "school_year"'
    ),
    'id = "NY.LOCK"\nshape = "at_least"\ntypes = ["lockdown"]\nn = 4\nwindow = "school_year"',
    (
        'id = "NY.LUNCH"\nshape = "at_least_in_condition"\n'
        'among = ["evacuation", "fire", "lockdown"]\nn = 1\ncondition = ["lunch", "assembly"]\n'
        'window = "school_year"'
    ),
    (
        f'id = "NY.155.VARY"\nshape = "vary"\n{EITHER}\n'
        'attributes = ["time_of_day", "weekday", "date"]\nrule = "not_all_same"'
    ),
    (
        f'id = "NY.155.NOTICE"\nshape = "notice_before"\n{EITHER}\nto = "parents"\n'
        'not_later_than = 0\nnot_earlier_than = 7\nunit = "calendar_day"'
    ),
]
TERMS = [
    {"name": "fall", "first_day": "2025-08-25", "last_day": "2026-01-16"},
    {"name": "spring", "first_day": "2026-01-20", "last_day": "2026-06-05"},
]


def pack_of(jurisdiction: str, rules: list[str]) -> RulePack:
    """Return a pack of a few rules for a jurisdiction."""
    common = (
        'title = "A rule"\ncite = "Here"\nchecked = 2026-11-24\nverified = true\n'
        'severity = "law"\nplain = "Do it."\nplain_es = "Hágalo."\n'
    )
    blocks = "".join(f"[[versions.rules]]\n{rule}\n{common}" for rule in rules)
    head = f'jurisdiction = "{jurisdiction}"\nname = "Test"\n[[versions]]\n'
    return read_pack(f"{head}effective = {{ from = 2014-07-01 }}\n{blocks}", "test.toml")


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "rules"), [("c3-virginia", VIRGINIA), ("c6-new-york", NEW_YORK)])
def test_the_shapes_judge_the_worked_year(shared_data: Path, name: str, rules: list[str]) -> None:
    file = shared_data / "school-years" / f"{name}.json"
    if not file.is_file():
        pytest.skip("the worked years are not laid beside the project")
    data = json.loads(file.read_text())
    found = judge(pack_of(data["jurisdiction"], rules), read_school_year(data))
    got = {verdict.key: verdict.verdict for verdict in found.requirements}
    expected = {key: item["verdict"] for key, item in data["expected"].items()}
    assert {key: got.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("at", "start", "verdict"),
    [
        ("2026-05-11T10:15", "10:15", "met"),
        ("2026-05-11T10:16", "10:15", "violated"),
        ("2026-05-10T23:00", None, "met"),
        ("2026-05-11T12:00", None, "unknown"),
        ("2026-05-12T11:00", None, "violated"),
    ],
)
def test_a_notice_of_24_hours_is_counted_to_the_minute(
    at: str, start: str | None, verdict: str
) -> None:
    record = drill("2026-05-12", "lockdown", time=start, notices=[{"to": "parents", "at": at}])
    if start is None:
        del record["time"]
    data = year(drills=[record])
    found = judge(small_pack(VIRGINIA[6].replace("VA.", "MI.")), read_school_year(data))
    assert [item.verdict for item in found.requirements] == [verdict]


@pytest.mark.parametrize(
    ("as_of", "more", "verdicts"),
    [
        ("2026-06-08", [], ["met", "met"]),
        ("2025-12-05", [], ["due", "due"]),
        ("2026-06-08", ["2026-05-12", "2026-05-20"], ["met", "violated"]),
    ],
)
def test_a_cap_is_broken_by_one_too_many_and_stays_open_until_its_term_ends(
    as_of: str, more: list[str], verdicts: list[str]
) -> None:
    data = year(*(drill(on, "fire") for on in more), as_of=as_of)
    data["school_year"]["terms"] = TERMS
    rule = 'id = "MI.A"\nshape = "at_most"\ntypes = ["fire"]\nn = 3\nwindow = "semester"'
    found = judge(small_pack(rule), read_school_year(data))
    assert [(item.cell, item.verdict) for item in found.requirements] == list(
        zip(["fall", "spring"], verdicts, strict=True)
    )


def test_terms_that_are_not_recorded_leave_a_term_s_rule_unknown() -> None:
    rule = 'id = "MI.A"\nshape = "at_least"\ntypes = ["fire"]\nn = 1\nwindow = "semester"'
    found = judge(small_pack(rule), read_school_year(year()))
    assert [(item.verdict, "terms" in item.why) for item in found.requirements] == [
        ("unknown", True)
    ]


@pytest.mark.parametrize(
    ("clock", "verdict"), [("10:15", "violated"), ("13:30", "met"), (None, "unknown")]
)
def test_a_time_of_day_may_not_be_used_twice(clock: str | None, verdict: str) -> None:
    second = drill("2026-05-12", "lockdown", time=clock)
    if clock is None:
        del second["time"]
    rule = (
        'id = "MI.A"\nshape = "vary"\ntypes = ["lockdown"]\nattributes = ["time_of_day"]\n'
        'rule = "none_repeated"'
    )
    data = year(drills=[drill("2026-04-21", "lockdown"), second])
    found = judge(small_pack(rule), read_school_year(data))
    assert [item.verdict for item in found.requirements] == [verdict]
