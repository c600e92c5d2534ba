"""Conditions in words, as the strip, the list and the detail show them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.directory.access import may
from backend.directory.actor import Actor
from backend.directory.models import Campus
from backend.web import words
from maps.models import Condition, ConditionState
from maps.models.condition import LONGEST

LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One condition: `status` is a status kind, `word` its word; the rest is text."""

    condition: Condition
    url: str
    status: str
    word: str
    until: str
    needs_second: bool
    may_change: bool
    may_mark_seen: bool


def row_of(condition: Condition, *, campus: Campus, actor: Actor, at: datetime) -> ConditionRow:
    """Return a condition as this reader sees it."""
    entitled = may(actor, "condition.publish", condition)
    is_published = condition.state == ConditionState.PUBLISHED and condition.ends_at > at
    status, word = _status(condition, at=at)
    return ConditionRow(
        condition=condition,
        url=reverse("condition", args=[campus.slug, condition.pk]),
        status=status,
        word=word,
        until=until_words(condition.ends_at, campus=campus, at=at),
        needs_second=is_published and condition.seen_at is None,
        may_change=entitled and condition.state != ConditionState.ENDED,
        may_mark_seen=entitled
        and is_published
        and condition.seen_at is None
        and condition.published_by_key != actor.key,
    )


def _status(condition: Condition, *, at: datetime) -> tuple[str, str]:
    if condition.state == ConditionState.ENDED or condition.ends_at <= at:
        return "not_applicable", _("Ended")
    if condition.state == ConditionState.REPORTED:
        return "unknown", _("Reported")
    if condition.starts_at > at:
        return "on_track", _("To come")
    return "due", _("In force")


def until_words(ends_at: datetime, *, campus: Campus, at: datetime) -> str:
    """Return `Fri, Sep 25` for the end of a day, else with the time, in the campus's zone."""
    zone = ZoneInfo(campus.time_zone)
    local = ends_at.astimezone(zone)
    language = get_language() or "en"
    if local.time().replace(second=0, microsecond=0) == LAST_MINUTE:
        return words.day(local.date(), language=language, today=at.astimezone(zone).date())
    return words.moment(ends_at, zone, language=language, now=at)


def end_of(day: date, *, campus: Campus) -> datetime:
    """Return the last minute of a day at the campus."""
    return datetime.combine(day, LAST_MINUTE, ZoneInfo(campus.time_zone))


def last_day(*, campus: Campus, at: datetime) -> date:
    """Return the last day to the end of which a condition that starts now may hold."""
    return campus.local_date(at + LONGEST) - timedelta(days=1)
