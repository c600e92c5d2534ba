"""A calendar feed tells each only what it may know, and nothing once it has ended."""

from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from drills.pages.feed import calendar_of
from drills.services import feeds
from tests.cast import Cast
from tests.drills.holding import BEFORE, acting, scheduled


def events(cast: Cast, word: str) -> list[object]:
    with acting(cast, word) as actor:
        return list(Calendar.from_ical(calendar_of(actor, at=BEFORE)).walk("VEVENT"))


def test_a_lockdown_shows_its_hour_to_those_who_run_it_and_its_day_to_staff(cast: Cast) -> None:
    scheduled(cast, type="lockdown")
    (own,) = events(cast, "principal")
    (staff,) = events(cast, "staff")
    assert b"T141500Z" in own.to_ical()  # type: ignore[attr-defined]
    assert b"DTSTART;VALUE=DATE:20260915" in staff.to_ical()  # type: ignore[attr-defined]
    assert b"SUMMARY:DRILL: Lockdown" in staff.to_ical()  # type: ignore[attr-defined]


def test_another_district_has_none_of_it(cast: Cast) -> None:
    scheduled(cast)
    assert events(cast, "stranger") == []
    assert len(events(cast, "patrol")) == 1


def test_an_ended_address_gives_nothing(cast: Cast) -> None:
    scheduled(cast)
    actor, at = cast.actor("principal"), timezone.now()
    token = feeds.token_for(actor=actor, at=at)
    assert feeds.token_for(actor=actor, at=at) == token
    assert Client().get(f"/feeds/{token}.ics").status_code == 200
    again = feeds.renew(actor=actor, at=at)
    assert Client().get(f"/feeds/{token}.ics").status_code == 404
    assert Client().get(f"/feeds/{again}.ics").status_code == 200
