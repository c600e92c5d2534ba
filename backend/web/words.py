"""Moments, spans, durations and telephone numbers in words, in English and Spanish.

Months are words, before the day in English and after it in Spanish; a date is never all numbers.
Parts that must not break apart (month and day, time and AM, number and unit) are joined by
no-break spaces.
"""

import re
from datetime import date, datetime, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

Clock = Literal[12, 24]

NO_BREAK = "\u00a0"
DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}
MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}
HALVES = {"en": ("AM", "PM"), "es": (f"a.{NO_BREAK}m.", f"p.{NO_BREAK}m.")}
AHEAD = {"en": "in {}", "es": "en {}"}
BEHIND = {"en": "{} ago", "es": "hace {}"}
NOW = {"en": "now", "es": "ahora"}
TOMORROW = {"en": "tomorrow", "es": "mañana"}
YESTERDAY = {"en": "yesterday", "es": "ayer"}
UNITS = {
    "en": {"minute": ("min", "min"), "hour": ("hour", "hours"), "day": ("day", "days"),
           "year": ("year", "years")},
    "es": {"minute": ("min", "min"), "hour": ("hora", "horas"), "day": ("día", "días"),
           "year": ("año", "años")},
}  # fmt: skip
MINUTE = 60
HOUR = 60 * MINUTE
HOURS_COUNTED_OVER_MIDNIGHT = 6  # "in 2 hours" at 11 PM tells more than "tomorrow"
DAYS_COUNTED = 730


def spoken(language: str) -> str:
    """Return "en" or "es" for a language code such as "es-us"; English where there is neither."""
    return "es" if language.lower().split("-")[0] == "es" else "en"


def day(
    value: date, *, language: str = "en", today: date | None = None, weekday: bool = True
) -> str:
    """Return "Tue, Sep 8" or "mar, 8 sep"; with the year where it is not that of `today`."""
    words = spoken(language)
    month = MONTHS[words][value.month - 1]
    year = today is not None and today.year != value.year
    if words == "es":
        text = NO_BREAK.join([str(value.day), month] + ([str(value.year)] if year else []))
    else:
        text = f"{month}{NO_BREAK}{value.day}" + (f", {value.year}" if year else "")
    return f"{DAYS[words][value.weekday()]}, {text}" if weekday else text


def time_of_day(value: datetime, *, language: str = "en", clock: Clock = 12) -> str:
    """Return "10:15 AM", or "07:05" on the 24-hour clock, of a datetime already in its zone."""
    if clock == 24:
        return f"{value.hour:02}:{value.minute:02}"
    half = HALVES[spoken(language)][value.hour >= 12]
    return f"{value.hour % 12 or 12}:{value.minute:02}{NO_BREAK}{half}"


def moment(
    at: datetime,
    zone: tzinfo | str,
    *,
    language: str = "en",
    clock: Clock = 12,
    now: datetime | None = None,
) -> str:
    """Return "Tue, Sep 8, 10:15 AM" of an aware datetime in the campus's zone.

    The year stands there when it is not that of `now`. Raises ValueError for a naive datetime and
    ZoneInfoNotFoundError for a zone that does not exist.
    """
    local = _local(at, zone)
    today = _local(now, zone).date() if now is not None else None
    words = day(local.date(), language=language, today=today)
    return f"{words}, {time_of_day(local, language=language, clock=clock)}"


def span(
    at: datetime, now: datetime, *, zone: tzinfo | str | None = None, language: str = "en"
) -> str:
    """Return how far `at` lies from `now`: "in 25 min", "2 hours ago", "tomorrow", "in 3 days".

    Minutes under an hour, hours within the day, else days of the calendar in `zone` (that of `now`
    when None), and years beyond two. Raises ValueError for a naive datetime.
    """
    words = spoken(language)
    here = zone if zone is not None else now.tzinfo or ""
    then, today = _local(at, here), _local(now, here)
    seconds = abs((at - now).total_seconds())
    days = (then.date() - today.date()).days
    ahead = at >= now
    if seconds < MINUTE:
        return NOW[words]
    if seconds < HOUR:
        return _far(int(seconds // MINUTE), "minute", words=words, ahead=ahead)
    if days == 0 or seconds < HOURS_COUNTED_OVER_MIDNIGHT * HOUR:
        return _far(int(seconds // HOUR), "hour", words=words, ahead=ahead)
    if abs(days) == 1:
        return (TOMORROW if ahead else YESTERDAY)[words]
    if abs(days) <= DAYS_COUNTED:
        return _far(abs(days), "day", words=words, ahead=ahead)
    return _far(abs(days) // 365, "year", words=words, ahead=ahead)


def duration(seconds: float) -> str:
    """Return "4 min 20 s", "45 s" or "1 h 5 min" of seconds, the same in both languages.

    Rounded to the second; hours leave the seconds out. Raises ValueError below zero.
    """
    whole = round(seconds)
    if whole < 0:
        raise ValueError(f"A duration of {seconds} s cannot be: give zero seconds or more.")
    hours, rest = divmod(whole, HOUR)
    minutes, left = divmod(rest, MINUTE)
    parts = [(hours, "h"), (minutes, "min")] if hours else [(minutes, "min"), (left, "s")]
    shown = [f"{number}{NO_BREAK}{unit}" for number, unit in parts if number]
    return NO_BREAK.join(shown) or f"0{NO_BREAK}s"


def telephone_address(number: str) -> str:
    """Return the `tel:` address of a number as people write it, or "" when there are no digits.

    Ten digits are taken as North American; an extension ("ext. 12", "x12") becomes `;ext=12`.
    """
    main, _, extension = re.sub(r"(?i)\s*(?:ext\.?|x)\s*(?=\d+\s*$)", ";", number).partition(";")
    digits = re.sub(r"\D", "", main)
    if not digits:
        return ""
    if main.strip().startswith("+"):
        digits = f"+{digits}"
    elif len(digits) == 10:
        digits = f"+1{digits}"
    elif len(digits) == 11 and digits.startswith("1"):
        digits = f"+{digits}"
    return f"tel:{digits}" + (f";ext={extension.strip()}" if extension.strip() else "")


def _local(at: datetime, zone: tzinfo | str) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"The moment {at.isoformat()} has no time zone: give an aware datetime.")
    return at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def _far(number: int, unit: str, *, words: str, ahead: bool) -> str:
    name = UNITS[words][unit][number != 1]
    return (
        (AHEAD if ahead else BEHIND)[words]
        .format(f"{number}{NO_BREAK}{name}")
        .replace(" ", NO_BREAK)
    )
