"""Sentences of the board in the reader's language."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.web import words
from backend.web.words import Clock
from notifications.models import Delivery, DeliveryState, EscalationStep, HeldBecause
from notifications.policy.escalation import Action
from notifications.policy.hours import MIDNIGHT, Hours, Window


def moment_words(at: datetime, zone: str, clock: Clock, *, now: datetime | None = None) -> str:
    """Return a moment in a zone on the reader's clock."""
    return words.moment(at, zone, language=_language(), clock=clock, now=now)


def lowered(name: object) -> str:
    """Return a name as it stands inside a line, but for those written in capitals."""
    text = str(name)
    return text if text.isupper() else text[:1].lower() + text[1:]


def channel_words(channel: str) -> str:
    """Return the channel's name."""
    return {"email": _("e-mail")}.get(channel, channel)


def hours_words(hours: Hours, *, clock: Clock = 12) -> str:
    """Return "all hours", or "Mon–Fri 8:00 AM–5:00 PM", days of equal windows joined."""
    every = tuple(hours.weekly.get(day, ()) for day in range(7))
    if all(row == ((MIDNIGHT, MIDNIGHT),) for row in every):
        return _("all hours")
    parts = []
    for windows, run in groupby(range(7), key=lambda day: every[day]):
        days = list(run)
        if windows:
            shown = ", ".join(_window(window, clock) for window in windows)
            parts.append(f"{_days(days)} {shown}")
    return "; ".join(parts)


def _days(days: Sequence[int]) -> str:
    names = words.DAYS[words.spoken(_language())]
    return names[days[0]] if len(days) == 1 else f"{names[days[0]]}–{names[days[-1]]}"


def _window(window: Window, clock: Clock) -> str:
    return "–".join(_wall(wall, clock) for wall in window)


def _wall(wall: time, clock: Clock) -> str:
    at = datetime.combine(date(2000, 1, 1), wall)
    return words.time_of_day(at, language=_language(), clock=clock)


def failure_words(delivery: Delivery) -> str:
    """Return why a message did not arrive and what that means."""
    answer = delivery.last_answer.rstrip(". ")
    if delivery.state == DeliveryState.FAILED:
        return _("Their server says: %(answer)s. Nothing was read there.") % {"answer": answer}
    if delivery.state == DeliveryState.EXPIRED:
        return _("Given up after days of trying. Last answer: %(answer)s.") % {
            "answer": answer or _("none")
        }
    sentence = {
        HeldBecause.ADDRESS: _("Held: %(answer)s."),
        HeldBecause.REFUSED: _("Our mail was refused, not the address: %(answer)s."),
        HeldBecause.UNKNOWN: _("Three tries ended without an answer; it may have arrived."),
        HeldBecause.UNWRITTEN: _("Its text could not be written (%(answer)s)."),
    }[HeldBecause(delivery.held_because)]
    return sentence % {"answer": answer}


def repair_label(delivery: Delivery) -> str:
    """Return the deed that mends it."""
    if delivery.held_because == HeldBecause.ADDRESS:
        return _("Accept the address")
    return _("Correct the address")


def told_words(delivery: Delivery) -> str:
    """Return what a message did."""
    names = {"name": delivery.recipient}
    if delivery.grouping_key.startswith("reminder:"):
        return _("Reminder to %(name)s") % names
    if delivery.state == DeliveryState.FAILED:
        return _("Sent to %(name)s: the address failed") % names
    return _("Sent to %(name)s") % names


def step_words(step: EscalationStep) -> str:
    """Return the step to come, in front of its moment."""
    return {
        Action.REMIND.value: _("Reminder"),
        Action.CONTACT.value: _("Next contact"),
    }.get(step.action, _("The district is told"))


def step_to_come(step: EscalationStep) -> str:
    """Return the step to come with its name and number."""
    if step.contact is None:
        return _("Nobody is left: the district is told.")
    facts = {"name": step.contact.name, "phone": step.contact.phone}
    if step.action == Action.REMIND:
        return _("Reminder to %(name)s.") % facts
    if facts["phone"]:
        return _("Next contact: %(name)s, %(phone)s.") % facts
    return _("Next contact: %(name)s.") % facts


def skipped_words(days: Sequence[date]) -> str:
    """Return which holidays of the agency are not counted; empty where there is none."""
    if not days:
        return ""
    shown = ", ".join(words.day(day, language=_language()) for day in days)
    return _("Not counted, a holiday there: %(days)s.") % {"days": shown}


def _language() -> str:
    return get_language() or "en"
