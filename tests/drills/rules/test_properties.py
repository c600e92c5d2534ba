"""What holds for every school year: order, sameness, and that a drill never does harm."""

import time
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from drills.rules.judge import as_document, judge
from drills.rules.school_year import UNKNOWN, SchoolYear, SchoolYearRefused, read_school_year
from tests.drills.rules.years import drill, judged, michigan, verdicts, year

BETTER = ("met", "due", "violated", "overdue", "impossible")
COUNTS = (
    "MI.FIRE", "MI.FIRE.DEC", "MI.FIRE.REST", "MI.TOR", "MI.TOR.MAR", "MI.LOCK", "MI.LOCK.DEC",
    "MI.LOCK.JAN", "MI.LUNCH",
)  # fmt: skip

days = st.integers(0, 300).map(lambda number: date(2025, 8, 18) + timedelta(days=number))
kinds = st.sampled_from(["fire", "lockdown", "shelter_weather", "security", "evacuation"])
places = st.sampled_from(["class", "lunch", "recess", "assembly"])


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return drills with ids of their own."""
    drawn = draw(st.lists(st.tuples(days, kinds, places), max_size=14))
    return [
        {**drill(on.isoformat(), kind, place), "id": f"d{number}"}
        for number, (on, kind, place) in enumerate(drawn)
    ]


@settings(max_examples=60, deadline=None)
@given(records(), days, st.randoms(use_true_random=False))
def test_the_order_of_drills_in_the_file_does_not_matter(
    drills: list[dict[str, Any]], as_of: date, random: Any
) -> None:
    data = year(drills=drills, as_of=as_of.isoformat())
    first = as_document(judged(data))
    random.shuffle(data["drills"])
    assert as_document(judged(data)) == first


@settings(max_examples=60, deadline=None)
@given(records(), days)
def test_judging_twice_gives_the_same(drills: list[dict[str, Any]], as_of: date) -> None:
    data = year(drills=drills, as_of=as_of.isoformat())
    assert judged(data) == judged(data)


@settings(max_examples=120, deadline=None)
@given(records(), days, days, kinds, places)
def test_one_more_drill_never_makes_a_count_worse(
    drills: list[dict[str, Any]], as_of: date, on: date, kind: str, place: str
) -> None:
    data = year(drills=drills, as_of=as_of.isoformat())
    before = verdicts(data)
    data["drills"].append({**drill(on.isoformat(), kind, place), "id": "one-more"})
    after = verdicts(data)
    for key in COUNTS:
        assert BETTER.index(after[key].verdict) <= BETTER.index(before[key].verdict)
        assert after[key].held >= min(before[key].held, after[key].needed)


@settings(max_examples=60, deadline=None)
@given(records(), days)
def test_what_is_met_stays_met_to_the_end_of_the_year(
    drills: list[dict[str, Any]], as_of: date
) -> None:
    data = year(drills=drills, as_of=as_of.isoformat())
    before = verdicts(data)
    data["as_of"] = "2026-07-01"
    after = verdicts(data)
    for key in COUNTS:
        if before[key].verdict == "met":
            assert after[key].verdict == "met"


@settings(max_examples=60, deadline=None)
@given(records(), days)
def test_each_verdict_fits_its_own_figures(drills: list[dict[str, Any]], as_of: date) -> None:
    found = verdicts(year(drills=drills, as_of=as_of.isoformat()))
    for key in COUNTS:
        verdict = found[key]
        assert (verdict.held >= verdict.needed) == (verdict.verdict in {"met", "violated"})
        assert len(verdict.evidence) == verdict.held
        if verdict.verdict == "due":
            assert verdict.due_by is not None
            assert verdict.due_by >= as_of


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.sampled_from(["2026-02-30", "2026-02-10", "fire", "10:15", "2026-02-10T10:15"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)  # fmt: skip


def read_or_refuse(data: Any) -> SchoolYear | SchoolYearRefused:
    """Return the year, or its refusal; anything else that is raised fails the test."""
    try:
        return read_school_year(data)
    except SchoolYearRefused as refused:
        return refused


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_value_at_any_place_is_read_or_refused_at_a_place(data: st.DataObject) -> None:
    whole: Any = year()
    parent = whole
    while True:
        key = data.draw(
            st.sampled_from(sorted(parent) if isinstance(parent, dict) else range(len(parent)))
        )
        child = parent[key]
        if not isinstance(child, (dict, list)) or not child or data.draw(st.booleans()):
            break
        parent = child
    parent[key] = data.draw(junk)
    found = read_or_refuse(whole)
    if isinstance(found, SchoolYearRefused):
        assert found.where
        assert found.mend
    elif found.as_of is not UNKNOWN:
        assert as_document(judge(michigan(), found))


def test_a_campus_is_judged_in_two_milliseconds() -> None:
    parsed, pack = read_school_year(year()), michigan()
    judge(pack, parsed)
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        judge(pack, parsed)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.002
