"""R05: a minimum gap between drills; “reasonable” only warns, below the district's own gap."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules.facts import Facts, in_order
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import plain_verdict
from drills.rules.verdict import RuleFinding, Verdict
from drills.rules.windows import day_words

REASONABLE = "reasonable"


@dataclass(frozen=True, slots=True)
class Spacing:
    """At least `gap` school days from a drill of `types` to the next; 0 stands for reasonable."""

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "gap": {"anyOf": [{"const": REASONABLE}, parameters.COUNT_SCHEMA]},
        "unit": {"const": "school_day"},
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "gap", "unit")

    types: tuple[str, ...]
    gap: int

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        types = fields.needed("types", parameters.types)
        gap = fields.needed("gap", _gap)
        fields.needed("unit", f.word(("school_day",)))
        return cls(types, gap)

    @property
    def needed(self) -> int:
        """Return the gap in school days, 0 where the law says reasonable."""
        return self.gap

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict | RuleFinding]:
        """Return a warning for each pair too close; a verdict where the law names the gap."""
        gap = self.gap or facts.gap_days
        drills = sorted(
            [drill for drill in (*facts.held, *facts.planned) if drill.type in self.types],
            key=in_order,
        )
        close = [
            (one, other, apart)
            for one, other in pairwise(drills)
            if (apart := facts.calendar.school_days_apart(one.date, other.date)) < gap
        ]
        for one, other, apart in close:
            yield RuleFinding(
                "drills_too_close",
                "warning",
                f"{_both(one, other, apart)}; {gap} school days apart is asked for.",
                "Move the later one if it has not been held.",
                drill=other.id,
                requirement=rule.id,
            )
        if self.gap:
            yield self._verdict(
                rule, facts, [pair for pair in close if pair[1].date <= facts.as_of]
            )

    def _verdict(
        self, rule: Rule, facts: Facts, close: list[tuple[DrillRecord, DrillRecord, int]]
    ) -> Verdict:
        if close:
            ids = tuple(dict.fromkeys(drill.id for pair in close for drill in pair[:2]))
            return plain_verdict(rule, "violated", f"{_both(*close[0])}.", evidence=ids)
        over = facts.as_of > facts.year.last_day
        why = f"All {'are' if over else 'so far are'} {self.gap} school days apart or more."
        return plain_verdict(rule, "met" if over else "due", why)


def _both(one: DrillRecord, other: DrillRecord, apart: int) -> str:
    if one.date == other.date:
        return f"Two drills of a kind stand on {day_words(one.date)}"
    days = "school day" if apart == 1 else "school days"
    return f"{day_words(one.date)} and {day_words(other.date)} are {apart} {days} apart"


def _gap(fields: Fields, name: str, value: object) -> int:
    return 0 if value == REASONABLE else parameters.count(fields, name, value)
