"""R17: a report of each drill, sent within so many days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules import words
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import plain_verdict, unknown
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import day_words

UNITS = ("calendar_day", "school_day")


@dataclass(frozen=True, slots=True)
class Report:
    """Each drill of `types` reported `within` so many days; to anybody where `to` is not given."""

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "to": {"enum": list(words.REPORT_RECIPIENTS)},
        "within": parameters.COUNT_SCHEMA,
        "unit": {"enum": list(UNITS)},
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "within", "unit")

    types: tuple[str, ...]
    to: str
    within: int
    unit: str

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        to = fields.optional("to", f.word(words.REPORT_RECIPIENTS))
        return cls(
            fields.needed("types", parameters.types),
            "" if isinstance(to, Unknown) else to,
            fields.needed("within", parameters.count),
            fields.needed("unit", f.word(UNITS)),
        )

    @property
    def needed(self) -> int:
        """Return one report per drill."""
        return 1

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return a verdict for each drill held; a report can still be sent late."""
        for drill in facts.held_of(self.types):
            due = drill.date + timedelta(days=self.within)
            if self.unit == "school_day":
                due = facts.calendar.nth_after(drill.date, self.within) or date.max
            yield self._verdict(rule, facts, drill, due)

    def _verdict(self, rule: Rule, facts: Facts, drill: DrillRecord, due: date) -> Verdict:
        ids = (drill.id,)
        if isinstance(drill.reports, Unknown):
            return unknown(rule, "whether it was reported", cell=drill.id, evidence=ids)
        sent = sorted(
            report.at
            for report in drill.reports
            if self.to in {"", report.to} and report.at <= facts.as_of
        )
        by = f"due by {day_words(due)}"
        if sent:
            why = f"Reported on {day_words(sent[0])}, {by}."
            return plain_verdict(
                rule,
                "met" if sent[0] <= due else "violated",
                why,
                cell=drill.id,
                held=1,
                due_by=due,
                evidence=ids,
            )
        if facts.as_of <= due:
            why = f"To be reported, {by}."
            return plain_verdict(rule, "due", why, cell=drill.id, due_by=due, evidence=ids)
        why = f"Not reported, {by}."
        return plain_verdict(rule, "overdue", why, cell=drill.id, due_by=due, evidence=ids)
