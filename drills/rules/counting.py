"""The verdict of a count: so many drills within a cell, in time or late."""

from collections.abc import Sequence

from drills.rules.facts import Facts
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.verdict import Verdict
from drills.rules.windows import Cell, day_words
from drills.rules.words import DRILL_TYPES, VerdictWord

WORDS_LISTED = 8


def count(
    rule: Rule,
    facts: Facts,
    cell: Cell,
    *,
    needed: int,
    types: tuple[str, ...],
    drills: Sequence[DrillRecord],
    perhaps: Sequence[DrillRecord] = (),
    missing: str = "",
    condition: tuple[str, ...] = (),
) -> Verdict:
    """Return the verdict of one cell over `drills` that count, in order.

    `perhaps` are drills that would count if the `missing` fact were as the rule asks: where they
    decide, the verdict is unknown.
    """
    first, last, end = cell.first_day, cell.last_day, cell.late_until or cell.last_day
    in_time = [drill for drill in drills if first <= drill.date <= last]
    late = [drill for drill in drills if last < drill.date <= end]
    unsure = [drill for drill in perhaps if first <= drill.date <= end]
    so_far = _held(in_time, needed, noun_of(types, max(needed, len(in_time))), cell)
    verdict: VerdictWord = "met"
    counted, why = in_time, so_far
    if len(in_time) < needed:
        verdict, counted, why = _short(facts, cell, needed, in_time, late)
        if unsure and len(in_time) + len(late) + len(unsure) >= needed:
            listed = ", ".join(drill.id for drill in unsure[:WORDS_LISTED])
            why = f"The record does not say {missing} for {listed}."
            verdict, counted = "unknown", in_time
        elif verdict == "impossible" and cell.outside:
            why = f"The record does not say {cell.outside}."
            verdict, counted = "unknown", in_time
        elif verdict == "impossible" and not in_time:
            why += _cannot_refill(facts, cell, drills)
        why = f"{so_far} {why}"
    return Verdict(
        id=rule.id,
        cell=cell.name,
        what=rule.plain,
        citation=rule.cite,
        verified=rule.verified,
        severity=rule.severity,
        verdict=verdict,
        needed=needed,
        held=len(counted),
        due_by=facts.last_admissible(cell),
        why=why,
        evidence=_ids(counted),
        counts_types=types,
        condition=condition,
        opens=cell.first_day,
        closes=cell.last_day,
        late_until=cell.late_until,
    )


def _cannot_refill(facts: Facts, cell: Cell, drills: Sequence[DrillRecord]) -> str:
    """Return which drills came outside a cell that has closed for good."""
    if facts.as_of <= cell.last_day or cell.late_until is not None:
        return ""
    others = [drill for drill in drills if facts.year.first_day <= drill.date]
    return f" {_listed(others)} cannot refill it." if others else ""


def _short(
    facts: Facts, cell: Cell, needed: int, in_time: list[DrillRecord], late: list[DrillRecord]
) -> tuple[VerdictWord, list[DrillRecord], str]:
    """Return the verdict where too few were held in time, the drills that count, and why."""
    short = needed - len(in_time)
    days = facts.days_left(cell.first_day, cell.last_day)
    if days >= short:
        last = facts.last_admissible(cell)
        until = f" by {day_words(last)}" if last else ""
        return "due", in_time, f"{short} more {_is(short)} due{until}."
    if days or cell.late_until is None:
        over = facts.as_of > cell.last_day
        left = "that time is over" if over else f"{_days(days)} left in that time"
        return "impossible", in_time, f"{short} more {_is(short)} needed, and {left}."
    both = in_time + late
    if len(both) >= needed:
        last_one = both[needed - 1]
        why = f"Number {needed} came late, on {day_words(last_one.date)}."
        return "violated", both[:needed], why
    short = needed - len(both)
    remaining = facts.days_left(cell.last_day, cell.late_until)
    if remaining >= short:
        return "overdue", both, f"The deadline has passed; {short} late would still make it good."
    return (
        "impossible",
        both,
        f"{short} {_is(short)} missing, and {_days(remaining)} left this year.",
    )


def _ids(drills: Sequence[DrillRecord]) -> tuple[str, ...]:
    return tuple(drill.id for drill in drills)


def _held(drills: Sequence[DrillRecord], needed: int, noun: str, cell: Cell) -> str:
    if not drills:
        return f"None of {needed} {noun} held {cell.words}."
    how_many = f"{len(drills)} {noun} held {cell.words}, {needed} needed"
    if len(drills) <= needed:
        how_many = f"{len(drills)} of {needed} {noun} held {cell.words}"
    return f"{how_many}: {_listed(drills)}."


def _listed(drills: Sequence[DrillRecord]) -> str:
    days = ", ".join(day_words(drill.date)[:-6] for drill in drills[:WORDS_LISTED])
    more = f" and {len(drills) - WORDS_LISTED} more" if len(drills) > WORDS_LISTED else ""
    return f"{days}{more}"


def noun_of(types: Sequence[str], number: int) -> str:
    """Return what is counted: “fire drills”, “lockdown or security drill”."""
    plural = "drill" if number == 1 else "drills"
    return (
        f"{' or '.join(DRILL_TYPES[kind] for kind in types)} {plural}" if len(types) < 3 else plural
    )


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _days(number: int) -> str:
    return {0: "no day is", 1: "only 1 day is"}.get(number, f"only {number} days are")
