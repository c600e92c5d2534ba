"""Which drills of a record may count, and what a person should know of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from drills.rules.calendar import SchoolCalendar
from drills.rules.facts import in_order
from drills.rules.record import DrillRecord, SchoolYear
from drills.rules.rule import Rule
from drills.rules.shapes.does_not_count import DoesNotCount
from drills.rules.shapes.real_event_credit import RealEventCredit
from drills.rules.verdict import RuleFinding
from drills.rules.windows import day_words


@dataclass(frozen=True, slots=True)
class Admission:
    """Drills held that may count, planned ones, cancelled ones, and findings about the rest.

    `events` are the real events that a rule credits.
    """

    held: tuple[DrillRecord, ...]
    planned: tuple[DrillRecord, ...]
    cancelled: tuple[DrillRecord, ...]
    events: tuple[DrillRecord, ...]
    findings: tuple[RuleFinding, ...]


def admit(
    year: SchoolYear, calendar: SchoolCalendar, rules: Sequence[Rule], as_of: date
) -> Admission:
    """Return which drills may count as of a day.

    Cancelled drills and unplanned alarms never count, real events only where a rule credits
    them; a drill on a closed day does not unless pupils were absent.
    """
    held, planned, cancelled, events = [], [], [], []
    findings: list[RuleFinding] = []
    for drill in sorted(year.drills, key=in_order):
        if drill.is_cancelled:
            cancelled.append(drill)
            continue
        if _is_credited(drill, calendar, rules, as_of):
            events.append(drill)
            continue
        reason = _turned_away(drill, calendar, rules, planned=drill.date > as_of)
        if reason:
            findings.append(reason)
        elif drill.date > as_of:
            planned.append(drill)
        else:
            held.append(drill)
    return Admission(tuple(held), tuple(planned), tuple(cancelled), tuple(events), tuple(findings))


def _is_credited(
    drill: DrillRecord, calendar: SchoolCalendar, rules: Sequence[Rule], as_of: date
) -> bool:
    """Return whether a real event on a school day is of a kind that a rule credits."""
    return (
        drill.real_event is True
        and drill.unplanned_alarm is not True
        and drill.date <= as_of
        and calendar.is_school_day(drill.date)
        and any(
            isinstance(rule.asks, RealEventCredit) and drill.type in rule.asks.given
            for rule in rules
        )
    )


def _turned_away(
    drill: DrillRecord, calendar: SchoolCalendar, rules: Sequence[Rule], *, planned: bool
) -> RuleFinding | None:
    if drill.unplanned_alarm is True:
        return RuleFinding(
            "unplanned_alarm", "info", "An unplanned alarm is no drill: it is not counted.",
            "Hold the drill as well.", drill=drill.id,
        )  # fmt: skip
    if drill.real_event is True:
        return RuleFinding(
            "real_event", "info", "A real event is not credited as a drill here.",
            "Hold the drill as well.", drill=drill.id,
        )  # fmt: skip
    if not calendar.is_school_day(drill.date) and drill.pupils_present is not False:
        return _closed_day(drill, planned=planned)
    for rule in rules:
        if isinstance(rule.asks, DoesNotCount) and rule.asks.turns_away(drill):
            return RuleFinding(
                "does_not_count", "warning", f"{rule.plain} It is not counted.",
                "Hold it again in the way the law asks.", drill=drill.id, requirement=rule.id,
            )  # fmt: skip
    return None


def _closed_day(drill: DrillRecord, *, planned: bool) -> RuleFinding:
    on = day_words(drill.date)
    if planned:
        return RuleFinding(
            "planned_on_closed_day", "warning",
            f"The drill is planned for {on}, which is no school day: it would not count.",
            "Move it to a school day.", drill=drill.id,
        )  # fmt: skip
    return RuleFinding(
        "drill_on_closed_day", "error",
        f"{on} is no school day: the drill is not counted.",
        "Correct the date of the drill, or the days without school.", drill=drill.id,
    )  # fmt: skip
