"""R19: each drill published within so many school days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import plain_verdict, unknown
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import day_words
from drills.rules.words import VerdictWord


@dataclass(frozen=True, slots=True)
class Publish:
    """Drills of `types` published within `within` school days, kept `keep_years` years.

    The period ends with the school year where fewer school days are left.
    """

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "within": parameters.COUNT_SCHEMA,
        "unit": {"const": "school_day"},
        "where": {"const": "web"},
        "keep_years": {"type": "integer", "minimum": 1, "maximum": 20},
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "within", "unit", "where", "keep_years")

    types: tuple[str, ...]
    within: int
    keep_years: int

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        fields.needed("unit", f.word(("school_day",)))
        fields.needed("where", f.word(("web",)))
        return cls(
            fields.needed("types", parameters.types),
            fields.needed("within", parameters.count),
            fields.needed("keep_years", f.number(1, 20)),
        )

    @property
    def needed(self) -> int:
        """Return one posting per drill."""
        return 1

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return a verdict for each drill held."""
        for drill in facts.held_of(self.types):
            nth = facts.calendar.nth_after(drill.date, self.within) or date.max
            in_summer = drill.date > facts.year.last_day
            end = facts.calendar.school_days()[-1] if in_summer else facts.year.last_day
            yield self._verdict(rule, facts, drill, min(nth, end))

    def _verdict(self, rule: Rule, facts: Facts, drill: DrillRecord, due: date) -> Verdict:
        posted = drill.posted_at
        if isinstance(posted, Unknown):
            return _unknown(rule, drill, "whether it was posted")
        if posted is not None and posted < drill.date:
            return _unknown(rule, drill, f"when it was posted: {day_words(posted)} is too early")
        if posted is not None and posted > facts.as_of:
            posted = None
        if (posted or facts.as_of) > due and not facts.calendar.closures_known:
            return _unknown(rule, drill, "which days had no school, which moves the deadline")
        verdict, why = _in_time(posted, due, facts.as_of)
        return plain_verdict(
            rule,
            verdict,
            f"{why} {day_words(due)}.",
            cell=drill.id,
            held=int(posted is not None),
            due_by=due,
            evidence=(drill.id,),
        )


def _in_time(posted: date | None, due: date, as_of: date) -> tuple[VerdictWord, str]:
    if posted is None:
        if as_of <= due:
            return "due", "Not posted yet; due by"
        return "overdue", "Not posted; it was due by"
    if posted <= due:
        return "met", f"Posted {day_words(posted)}, due by"
    return "violated", f"Posted {day_words(posted)}, after"


def _unknown(rule: Rule, drill: DrillRecord, missing: str) -> Verdict:
    return unknown(rule, missing, cell=drill.id, evidence=(drill.id,))
