"""R15 and R20: a paper filed with an authority by a day of the year."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules import words
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import plain_verdict, unknown
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import day_words, read_month_day


@dataclass(frozen=True, slots=True)
class Filed:
    """`what` filed with `to` by month and day, that day included."""

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "what": {"enum": list(words.FILING_KINDS)},
        "to": {"enum": list(words.AUTHORITIES)},
        "by": parameters.MONTH_DAY_SCHEMA,
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("what", "to", "by")

    what: str
    to: str
    by: tuple[int, int]

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        return cls(
            fields.needed("what", f.word(words.FILING_KINDS)),
            fields.needed("to", f.word(words.AUTHORITIES)),
            fields.needed("by", read_month_day),
        )

    @property
    def needed(self) -> int:
        """Return one filing."""
        return 1

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return whether it was filed in time; a late filing this year is violated, not met."""
        paper, to = words.FILING_KINDS[self.what], words.AUTHORITIES[self.to]
        if isinstance(facts.year.filings, Unknown):
            yield unknown(rule, f"whether {paper} was filed with {to}")
            return
        due = facts.calendar.date_of(*self.by)
        days = sorted(
            filing.on
            for filing in facts.year.filings
            if (filing.what, filing.to) == (self.what, self.to) and filing.on <= facts.as_of
        )
        if days and days[0] <= due:
            why = f"Filed with {to} on {day_words(days[0])}, due by {day_words(due)}."
            yield plain_verdict(rule, "met", why, held=1, due_by=due)
        elif days:
            why = f"Filed with {to} on {day_words(days[0])}, after {day_words(due)}."
            yield plain_verdict(rule, "violated", why, held=1, due_by=due)
        elif facts.as_of <= due:
            why = f"To be filed with {to} by {day_words(due)}."
            yield plain_verdict(rule, "due", why, due_by=due)
        elif facts.as_of <= facts.year.last_day:
            why = f"Not filed with {to}; it was due by {day_words(due)}."
            yield plain_verdict(rule, "overdue", why, due_by=due)
        else:
            why = f"Not filed with {to} by {day_words(due)}, and the year is over."
            yield plain_verdict(rule, "impossible", why, due_by=due)
