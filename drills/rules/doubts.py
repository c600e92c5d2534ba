"""What a person should look at beside the verdicts: words of the law that can be read two ways."""

from collections.abc import Iterable, Sequence

from drills.rules.facts import Facts
from drills.rules.rule import Rule
from drills.rules.verdict import RuleFinding, Verdict
from drills.rules.windows import Window, day_words, doubtful_days

SHORT_MONTH_DAYS = 10
"""A month of fewer school days is shown as doubtful: some laws ask only for months of ten."""


def doubts(
    rules: Sequence[Rule], verdicts: Sequence[Verdict], facts: Facts
) -> Iterable[RuleFinding]:
    """Return a warning for each drill between two readings of “days”, and each short month."""
    for rule in rules:
        window = getattr(rule.asks, "window", None)
        if not isinstance(window, Window):
            continue
        if window.doubtful:
            yield from _between_readings(rule, window, facts)
        if window.kind == "month_in_session" and window.min_days == 1:
            yield from _short_months(rule, window, verdicts, facts)


def _between_readings(rule: Rule, window: Window, facts: Facts) -> Iterable[RuleFinding]:
    types = getattr(rule.asks, "types", ()) or getattr(rule.asks, "among", ())
    for first, last in doubtful_days(window, facts.calendar, facts.year):
        for drill in (*facts.held, *facts.planned):
            if drill.type in types and first <= drill.date <= last:
                yield RuleFinding(
                    "unit_doubtful", "warning",
                    f"The law says {window.count} days and not which: in school days and in "
                    f"calendar days {day_words(drill.date)} lies on different sides.",
                    "Ask counsel, or hold a drill that both readings count.",
                    drill=drill.id, requirement=rule.id,
                )  # fmt: skip


def _short_months(
    rule: Rule, window: Window, verdicts: Sequence[Verdict], facts: Facts
) -> Iterable[RuleFinding]:
    short = {
        month.name: month.school_days
        for month in facts.calendar.months(summer=window.summer)
        if month.school_days < SHORT_MONTH_DAYS
    }
    for verdict in verdicts:
        if verdict.id == rule.id and verdict.cell in short and verdict.verdict != "met":
            days = short[verdict.cell]
            yield RuleFinding(
                "short_month", "warning",
                f"{verdict.cell} has only {days} school day{'s' if days > 1 else ''}; the law "
                "names no least number, so it is taken as a month in session.",
                "Hold the drill, or ask counsel.", requirement=verdict.key,
            )  # fmt: skip
