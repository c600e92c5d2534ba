"""Dates and times as packets print them: month as a word, 24-hour clock, the campus's time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun",
          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # fmt: skip
NO_BREAK = "\u00a0"


def short_day(day: date) -> str:
    """Return “Fri, Sep 25”; its words never break apart."""
    return f"{DAYS[day.weekday()]},{NO_BREAK}{MONTHS[day.month - 1]}{NO_BREAK}{day.day}"


def long_day(day: date) -> str:
    """Return “Tue, Sep 1, 2026”."""
    return f"{short_day(day)},{NO_BREAK}{day.year}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return “Tue, Sep 8, 2026, 09:50” in the zone."""
    local = at.astimezone(zone)
    return f"{long_day(local.date())},{NO_BREAK}{local:%H:%M}"


def until(ends: datetime, as_of: datetime, zone: ZoneInfo) -> str:
    """Return “until Fri, Sep 25”, with the time where it ends inside a day, the year if another."""
    local, now = ends.astimezone(zone), as_of.astimezone(zone)
    day = short_day(local.date()) if local.year == now.year else long_day(local.date())
    whole = (local.hour, local.minute) in {(0, 0), (23, 59)}
    return f"until {day}" if whole else f"until {day},{NO_BREAK}{local:%H:%M}"
