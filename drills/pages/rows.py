"""A drill as one row of a list, calendar or board: its state as sign and word, and its page."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from drills.models import Drill, DrillState
from drills.rules.verdict import Verdict
from drills.services.moments import is_overdue

# What shape and color a state has; `design.md` names the states.
SIGNS: dict[str, tuple[str, str]] = {
    DrillState.PROPOSED: ("on_track", "sent"),
    DrillState.SCHEDULED: ("on_track", ""),
    DrillState.ANNOUNCED: ("on_track", "opened"),
    DrillState.CLEARED: ("met", ""),
    DrillState.RUNNING: ("on_track", ""),
    DrillState.ENDED: ("on_track", "ended"),
    DrillState.REVIEWED: ("met", ""),
    DrillState.STOPPED: ("overdue", ""),
    DrillState.HELD_BACK: ("due", ""),
    DrillState.NOT_HELD: ("impossible", ""),
    DrillState.CANCELLED: ("not_applicable", ""),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One drill with what its row shows."""

    drill: Drill
    sign: str
    shape: str
    word: str
    url: str
    detail: str


def row_of(drill: Drill, *, at: datetime) -> Row:
    """Return the row of a drill as it stands at a moment."""
    sign, shape = SIGNS[drill.state]
    word = str(drill.get_state_display())
    if is_overdue(drill, at):
        sign, shape, word = "overdue", "", _("Not ended")
    return Row(drill, sign, shape, word, reverse("drill", args=[drill.pk]), _detail(drill))


def _detail(drill: Drill) -> str:
    if drill.state in {DrillState.HELD_BACK, DrillState.CANCELLED}:
        cause = drill.get_cancelled_cause_display() if drill.cancelled_cause else ""
        return str(drill.reason or cause)
    if drill.state == DrillState.PROPOSED:
        return drill.why
    if drill.conductor is not None:
        return _("%(name)s conducts") % {"name": drill.conductor.user.name}
    return ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the month's table; `closed` says why no school is held."""

    day: date
    rows: tuple[Row, ...]
    is_today: bool
    is_other_month: bool
    closed: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One requirement as a cell: its sign, its word, days left, why, and the next lawful day."""

    verdict: Verdict
    title: str
    sign: str
    word: str
    days_left: int | None


def duty_of(verdict: Verdict, title: str, today: date) -> Duty:
    """Return a verdict as the reader sees it."""
    words = {
        "met": _("Met"),
        "due": _("Due"),
        "overdue": _("Overdue"),
        "violated": _("Late"),
        "impossible": _("Can no longer be met"),
        "waived": _("Waived"),
        "unknown": _("Not known"),
        "not_applicable": _("Does not apply"),
    }
    signs = {"waived": "not_applicable", "due": _due_sign(verdict, today)}
    left = (
        (verdict.due_by - today).days
        if verdict.due_by and verdict.verdict in {"due", "overdue"}
        else None
    )
    return Duty(
        verdict, title, signs.get(verdict.verdict, verdict.verdict), words[verdict.verdict], left
    )


NEAR_DAYS = 30
"""A duty due within a month asks for something now; our own figure."""


def _due_sign(verdict: Verdict, today: date) -> str:
    near = verdict.due_by is not None and (verdict.due_by - today).days <= NEAR_DAYS
    return "due" if near else "on_track"
