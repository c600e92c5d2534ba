"""Moments, spans, durations and telephone numbers in words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.web import words

DETROIT = ZoneInfo("America/Detroit")
NOW = datetime(2026, 9, 8, 13, 50, tzinfo=UTC)  # Tue, Sep 8, 9:50 AM in Detroit


def plain(text: str) -> str:
    return text.replace(words.NO_BREAK, " ")


def test_a_moment_is_told_in_the_zone_of_the_campus() -> None:
    at = datetime(2026, 9, 8, 14, 15, tzinfo=UTC)
    assert plain(words.moment(at, "America/Detroit")) == "Tue, Sep 8, 10:15 AM"
    assert plain(words.moment(at, "America/Los_Angeles")) == "Tue, Sep 8, 7:15 AM"


def test_month_and_day_and_time_and_half_never_break_apart() -> None:
    text = words.moment(NOW, DETROIT)
    assert text == "Tue, Sep\u00a08, 9:50\u00a0AM"


def test_spanish_puts_the_month_as_a_word_after_the_day() -> None:
    assert plain(words.moment(NOW, DETROIT, language="es")) == "mar, 8 sep, 9:50 a. m."
    assert plain(words.moment(NOW, DETROIT, language="es-us", clock=24)) == "mar, 8 sep, 09:50"


def test_agencies_read_the_24_hour_clock() -> None:
    assert plain(words.moment(NOW, DETROIT, clock=24)) == "Tue, Sep 8, 09:50"


@pytest.mark.parametrize(
    ("hour", "text"), [(0, "12:05 AM"), (11, "11:05 AM"), (12, "12:05 PM"), (23, "11:05 PM")]
)
def test_midnight_and_noon_are_twelve(hour: int, text: str) -> None:
    assert plain(words.time_of_day(datetime(2026, 9, 8, hour, 5, tzinfo=UTC))) == text


def test_another_year_is_named() -> None:
    at = datetime(2025, 9, 2, 14, 0, tzinfo=UTC)
    assert plain(words.moment(at, DETROIT, now=NOW)) == "Tue, Sep 2, 2025, 10:00 AM"
    assert plain(words.day(at.date(), language="es", today=NOW.date())) == "mar, 2 sep 2025"


def test_a_day_may_stand_without_its_weekday() -> None:
    assert plain(words.day(date(2026, 9, 8), weekday=False)) == "Sep 8"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        words.moment(datetime(2026, 9, 8, 9, 50), DETROIT)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("ahead", "english", "spanish"),
    [
        (timedelta(seconds=20), "now", "ahora"),
        (timedelta(minutes=25), "in 25 min", "en 25 min"),
        (timedelta(hours=1, minutes=30), "in 1 hour", "en 1 hora"),
        (timedelta(hours=-2), "2 hours ago", "hace 2 horas"),
        (timedelta(days=1), "tomorrow", "mañana"),
        (timedelta(days=-1), "yesterday", "ayer"),
        (timedelta(days=3), "in 3 days", "en 3 días"),
        (timedelta(days=-84), "84 days ago", "hace 84 días"),
        (timedelta(days=3 * 366), "in 3 years", "en 3 años"),
    ],
)
def test_spans_read_as_people_say_them(ahead: timedelta, english: str, spanish: str) -> None:
    assert plain(words.span(NOW + ahead, NOW, zone=DETROIT)) == english
    assert plain(words.span(NOW + ahead, NOW, zone=DETROIT, language="es")) == spanish


def test_days_are_counted_by_the_calendar_of_the_campus() -> None:
    friday_morning = datetime(2026, 9, 11, 5, 0, tzinfo=UTC)  # 1 AM in Detroit: 63 hours from now
    assert plain(words.span(friday_morning, NOW, zone=DETROIT)) == "in 3 days"


def test_a_few_hours_over_midnight_are_hours() -> None:
    late = datetime(2026, 9, 9, 3, 0, tzinfo=UTC)  # 11 PM in Detroit
    assert plain(words.span(late + timedelta(hours=2), late, zone=DETROIT)) == "in 2 hours"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (45, "45 s"), (120, "2 min"), (260, "4 min 20 s"), (3900, "1 h 5 min")],
)
def test_durations_name_their_units(seconds: float, text: str) -> None:
    assert plain(words.duration(seconds)) == text


def test_a_duration_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="zero seconds or more"):
        words.duration(-1)


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("911", "tel:911"),
        ("555-0191", "tel:5550191"),
        ("(517) 555-0191", "tel:+15175550191"),
        ("1 517 555 0191", "tel:+15175550191"),
        ("517-555-0191 ext. 12", "tel:+15175550191;ext=12"),
        ("517-555-0191 x12", "tel:+15175550191;ext=12"),
        ("+44 20 7946 0000", "tel:+442079460000"),
        ("ask the office", ""),
    ],
)
def test_a_number_becomes_what_the_phone_dials(number: str, address: str) -> None:
    assert words.telephone_address(number) == address


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from(["en", "es"]))
def test_no_date_is_all_numbers(at: datetime, language: str) -> None:
    text = words.day(at.date(), language=language)
    assert any(month in text for month in words.MONTHS[language])


@given(st.integers(min_value=0, max_value=10**6))
def test_a_duration_never_breaks_over_a_line(seconds: int) -> None:
    assert " " not in words.duration(seconds)
