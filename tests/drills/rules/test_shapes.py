"""Shapes that other states' laws need, each in a pack of the test's own."""

import pytest

from drills.rules.judge import judge
from drills.rules.school_year import read_school_year
from tests.drills.rules.years import drill, small_pack, year

NOTICE = (
    'id = "MI.A"\nshape = "notice_before"\ntypes = ["lockdown"]\nto = "parents"\n'
    'not_later_than = 24\nunit = "hour"'
)
TERMS = [
    {"name": "fall", "first_day": "2025-08-25", "last_day": "2026-01-16"},
    {"name": "spring", "first_day": "2026-01-20", "last_day": "2026-06-05"},
]


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
    found = judge(small_pack(NOTICE), read_school_year(data))
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
