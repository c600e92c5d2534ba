"""Drills that the demonstration has before it, and who of the fire department comes to them."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from backend.demo import people
from backend.directory.access import reach_of
from backend.directory.actor import Actor
from backend.directory.identify import actor_of_link
from backend.directory.models import Agency, Campus, Coverage
from backend.directory.services.links import link_for, token_of
from backend.tenancy import reach
from drills.models import BEFORE_START, Drill, Invitation, SchoolCalendar
from drills.services import inviting, scheduling

AHEAD = (
    ("Cedar Ridge", "fire", 4, time(10, 5), "Engine 4, Capt. Lindqvist"),
    ("Harbor", "lockdown", 7, time(9, 40), ""),
)
"""Campus, what is practiced, in how many school days, when, and who said that they come."""


def plan_ahead(administrator: Actor, *, at: datetime) -> None:
    """Schedule the drills to come where none is, and let the fire department answer."""
    for word, kind, days, start, crew in AHEAD:
        asked_at = at - timedelta(hours=3)
        drill = _scheduled(word, kind, days, start, administrator, at=asked_at)
        fire = invite_fire(drill, administrator, at=asked_at) if drill else None
        if drill and fire and crew:
            say_who_comes(drill, fire, crew, at=at)


def _scheduled(
    word: str, kind: str, days: int, start: time, administrator: Actor, *, at: datetime
) -> Drill | None:
    with reach_of(administrator):
        campus = Campus.objects.get(name__startswith=word)
        calendar = SchoolCalendar.objects.order_by("pk").first()
        if calendar is None or Drill.objects.filter(campus=campus, state__in=BEFORE_START).exists():
            return None
        day = _school_day(calendar, at.astimezone(ZoneInfo(people.ZONE)).date(), days)
        return scheduling.schedule(
            campus_id=campus.pk,
            wanted=scheduling.Wanted(
                type=kind,
                day=day,
                time=start,
                pupils_present=day <= calendar.last_day,
                callback_phone="555-0142",
            ),
            actor=administrator,
            at=at,
        )


def _school_day(calendar: SchoolCalendar, today: date, days: int) -> date:
    """Return the day of school that many ahead; state tests are left out, summer is not."""
    day = today
    while days:
        day += timedelta(days=1)
        tested = any(span["from"] <= day.isoformat() <= span["to"] for span in calendar.testing)
        days -= day.weekday() < 5 and day.isoformat() not in calendar.no_school and not tested
    return day


def invite_fire(drill: Drill, inviter: Actor, *, at: datetime) -> Agency | None:
    """Ask the fire department that covers the campus to observe; return it."""
    with reach_of(inviter):
        covering = Coverage.objects.filter(campus=drill.campus).values("agency")
        fire = Agency.objects.filter(kind="fire", pk__in=covering).first()
        if fire is not None:
            inviting.invite(
                drill_id=drill.pk, agency_id=fire.pk, part="observe", actor=inviter, at=at
            )
    return fire


def say_who_comes(drill: Drill, agency: Agency, crew: str, *, at: datetime) -> Invitation:
    """Answer by the link that the agency's first contact holds."""
    actor = link_actor_of(drill, agency, at=at)
    return inviting.answer(actor=actor, drill_id=drill.pk, is_coming=True, crew=crew, at=at)


def arrive(drill: Drill, principal: Actor, *, at: datetime) -> list[str]:
    """Note that everybody who said so is there; return the crews."""
    with reach_of(principal):
        rows = list(Invitation.objects.filter(drill=drill, state="coming", arrived_at=None))
    for row in rows:
        inviting.record_arrival(invitation_id=row.pk, actor=principal, at=at)
    return [row.crew for row in rows]


def link_actor_of(drill: Drill, agency: Agency, *, at: datetime) -> Actor:
    """Return the actor of an agency's first contact who holds the link to answer for a drill."""
    with reach.of_districts(drill.district_id):
        contact = agency.contacts.filter(ended_at=None).order_by("order")[0]
        token = token_of(
            link_for(
                district_id=drill.district_id,
                contact=contact,
                purpose="clear",
                campus_id=drill.campus_id,
                subject_id=drill.pk,
            )
        )
    return actor_of_link(token, today=at.date())
