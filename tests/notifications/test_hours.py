"""The hours of an agency: windows, holidays, working days, daylight-saving time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.policy.hours import (
    ALWAYS,
    Hours,
    WrongHours,
    hours_document,
    office_hours,
    read_hours,
)

DETROIT = ZoneInfo("America/Detroit")
OFFICE = office_hours("America/Detroit", frozenset({date(2026, 11, 26), date(2026, 12, 25)}))


def local(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=DETROIT, fold=fold)  # type: ignore[arg-type,misc]


def test_a_desk_is_open_from_its_first_minute_to_before_its_last():
    assert OFFICE.is_open(local(2026, 3, 4, 8, 0))
    assert OFFICE.is_open(local(2026, 3, 4, 16, 59))
    assert not OFFICE.is_open(local(2026, 3, 4, 17, 0))
    assert not OFFICE.is_open(local(2026, 3, 7, 10, 0))


def test_a_holiday_is_closed_all_day():
    assert not OFFICE.is_open(local(2026, 11, 26, 10, 0))
    assert OFFICE.next_open(local(2026, 11, 26, 10, 0)) == local(2026, 11, 27, 8, 0)


def test_next_open_is_now_when_somebody_answers_now():
    at = local(2026, 3, 4, 10, 30)
    assert OFFICE.next_open(at) == at


def test_one_working_day_keeps_the_time_of_day():
    assert OFFICE.add_working_days(local(2026, 3, 2, 10, 0), 1) == local(2026, 3, 3, 10, 0)


def test_a_message_after_hours_counts_from_the_next_opening():
    assert OFFICE.add_working_days(local(2026, 3, 6, 18, 0), 1) == local(2026, 3, 10, 8, 0)


def test_working_days_pass_over_weekends_and_holidays():
    assert OFFICE.add_working_days(local(2026, 11, 25, 9, 15), 1) == local(2026, 11, 27, 9, 15)
    assert OFFICE.add_working_days(local(2026, 11, 25, 9, 15), 2) == local(2026, 11, 30, 9, 15)


def test_working_days_keep_the_wall_time_across_a_clock_change():
    before = local(2026, 3, 6, 9, 0)
    after = OFFICE.add_working_days(before, 1)
    assert after.astimezone(DETROIT).time() == time(9)
    assert after - before.astimezone(UTC) == timedelta(hours=71)


def test_a_shorter_day_ahead_moves_to_the_opening_that_follows():
    hours = Hours("America/Detroit", {0: ((time(8), time(17)),), 1: ((time(8), time(12)),)})
    assert hours.add_working_days(local(2026, 3, 2, 15, 0), 1) == local(2026, 3, 9, 8, 0)


def test_a_window_over_the_repeated_hour_has_no_gap():
    night = Hours("America/Detroit", {6: ((time(1, 30), time(5)),)})
    first = local(2026, 11, 1, 1, 30).astimezone(UTC)
    assert all(night.is_open(first + timedelta(minutes=m)) for m in range(0, 4 * 60 + 30, 5))
    assert night.is_open(local(2026, 11, 1, 1, 10, fold=1))


def test_a_window_that_opens_in_the_skipped_hour_opens_at_the_jump():
    night = Hours("America/Detroit", {6: ((time(2, 30), time(5)),)})
    assert night.next_open(local(2026, 3, 8, 0, 0)) == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)


def test_dispatch_is_always_open_and_its_working_day_is_a_day():
    at = datetime(2026, 12, 25, 3, 7, tzinfo=UTC)
    assert ALWAYS.is_open(at)
    assert ALWAYS.add_working_days(at, 1) == at + timedelta(days=1)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        OFFICE.is_open(datetime(2026, 3, 4, 8, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"zone": "America/Nowhere", "weekly": {"monday": [["08:00", "17:00"]]}}, "time zone"),
        ({"zone": "UTC", "weekly": {"moonday": [["08:00", "17:00"]]}}, "moonday"),
        ({"zone": "UTC", "weekly": {"monday": [["22:00", "06:00"]]}}, "passes midnight"),
        ({"zone": "UTC", "weekly": {"monday": [["08:00", "12:00"], ["11:00", "13:00"]]}}, "overl"),
        ({"zone": "UTC", "weekly": {"monday": [["8 am", "17:00"]]}}, "8 am"),
        ({"zone": "UTC", "weekly": {"monday": "08:00"}}, "monday: give a list"),
        ({"zone": "UTC", "weekly": {}}, "no day has an open window"),
        ({"zone": "UTC", "weekly": {"monday": [["08:00", "24:00"]]}, "holidays": ["x"]}, "'x'"),
        ({"zone": "UTC", "weekly": {"monday": [["08:00", "24:00"]]}, "closed": []}, "closed"),
    ],
)
def test_a_wrong_table_is_refused_with_its_place(document, words):
    with pytest.raises(WrongHours, match=words):
        read_hours(document)


ZONES = st.sampled_from(
    ["America/Detroit", "America/Phoenix", "America/St_Johns", "America/Havana", "Pacific/Honolulu"]
)
MINUTES = st.integers(0, 24 * 60 - 1).map(lambda m: time(m // 60, m % 60))


@st.composite
def tables(draw: st.DrawFn) -> Hours:
    weekly = {}
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        marks = sorted(draw(st.sets(MINUTES, min_size=2, max_size=4)))
        weekly[day] = tuple(zip(marks[::2], marks[1::2], strict=False))
    holidays = draw(st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=5))
    return Hours(draw(ZONES), weekly, holidays)


MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001
    datetime(2027, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(tables())
def test_a_table_written_and_read_is_the_same(hours):
    assert read_hours(hours_document(hours)) == hours


@given(tables(), MOMENTS)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours, at):
    opening = hours.next_open(at)
    assert opening >= at
    assert hours.is_open(opening)
    if opening > at:
        assert not hours.is_open(opening - timedelta(seconds=1)) or opening - at < timedelta(
            seconds=1
        )
        assert not hours.is_open(at + (opening - at) / 2)


@given(tables(), MOMENTS)
def test_an_open_desk_shows_a_wall_time_within_a_window_or_an_hour_that_comes_twice(hours, at):
    wall = at.astimezone(ZoneInfo(hours.zone))
    within = wall.date() not in hours.holidays and any(
        start <= wall.time() < end for start, end in hours.weekly.get(wall.weekday(), ())
    )
    shift = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    near = {(wall + timedelta(hours=h)).utcoffset() for h in (-2, 2)}
    assert hours.is_open(at) == within or shift or len(near) > 1


@given(ZONES, MOMENTS, st.integers(1, 12))
def test_working_days_are_counted_one_by_one(zone, at, n):
    hours = office_hours(zone, frozenset({date(2026, 7, 3), date(2027, 1, 1)}))
    due = hours.add_working_days(at, n)
    begun = hours.next_open(at).astimezone(ZoneInfo(zone)).date()
    ended = due.astimezone(ZoneInfo(zone)).date()
    between = (begun + timedelta(days=d) for d in range(1, (ended - begun).days + 1))
    assert sum(hours.is_working_day(day) for day in between) == n
    assert hours.is_open(due)
