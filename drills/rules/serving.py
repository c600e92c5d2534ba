"""Which open duties a drill would serve."""

from datetime import date

from drills.rules.record import DrillRecord
from drills.rules.verdict import Verdict

OPEN = frozenset({"due", "overdue"})


def serves(verdict: Verdict, drill: DrillRecord) -> bool:
    """Return whether a drill, once held, would count toward a verdict that is still open."""
    return (
        verdict.verdict in OPEN
        and drill.type in verdict.counts_types
        and in_reach(verdict, drill.date)
        and (not verdict.condition or drill.place_in_day in verdict.condition)
        and (not verdict.redo_of or drill.redo_of == verdict.redo_of)
    )


def last_day(verdict: Verdict) -> date | None:
    """Return the last day that still helps: an overdue duty is cured late."""
    return verdict.late_until if verdict.verdict == "overdue" else verdict.due_by


def in_reach(verdict: Verdict, day: date) -> bool:
    """Return whether a drill on a day still helps."""
    last = last_day(verdict)
    return verdict.opens is not None and last is not None and verdict.opens <= day <= last
