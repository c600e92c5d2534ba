"""R11: who is told of a drill beforehand, not too late and perhaps not too early."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
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

UNITS = ("hour", "calendar_day", "school_day")
LAST_MINUTE = time(23, 59)


@dataclass(frozen=True, slots=True)
class NoticeBefore:
    """`to` is told of each drill of `types` at least `not_later_than` units before it begins.

    With `not_earlier_than` at most so many before: both ends bind. Calendar days are counted from
    date to date, and the notice still comes before the drill; of school days the day of the notice
    counts, so that one given on Friday is one school day before Monday.
    """

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "to": {"enum": list(words.NOTICE_RECIPIENTS)},
        "not_later_than": {"type": "integer", "minimum": 0, "maximum": 500},
        "not_earlier_than": {"type": "integer", "minimum": 1, "maximum": 500},
        "unit": {"enum": list(UNITS)},
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "to", "not_later_than", "unit")

    types: tuple[str, ...]
    to: str
    not_later_than: int
    not_earlier_than: int | None
    unit: str

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        types = fields.needed("types", parameters.types)
        to = fields.needed("to", f.word(words.NOTICE_RECIPIENTS))
        least = fields.needed("not_later_than", f.number(0, 500))
        most = fields.optional("not_earlier_than", f.number(1, 500))
        unit = fields.needed("unit", f.word(UNITS))
        if not isinstance(most, Unknown) and most < least:
            fields.refuse("not_earlier_than", "No notice fits both ends.", "Exchange the two.")
        return cls(types, to, least, None if isinstance(most, Unknown) else most, unit)

    @property
    def needed(self) -> int:
        """Return one notice per drill."""
        return 1

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return a verdict for each drill held."""
        for drill in facts.held_of(self.types):
            yield self._verdict(rule, facts, drill)

    def _verdict(self, rule: Rule, facts: Facts, drill: DrillRecord) -> Verdict:
        ids = (drill.id,)
        if isinstance(drill.notices, Unknown):
            missing = f"whether {self.to.replace('_', ' ')} were told beforehand"
            return unknown(rule, missing, cell=drill.id, evidence=ids)
        sent = sorted(notice.at for notice in drill.notices if notice.to == self.to)
        answers = [self._fits(facts, drill, at) for at in sent]
        if True in answers:
            why = f"Told {_before(drill, sent[answers.index(True)])} before."
            return plain_verdict(rule, "met", why, cell=drill.id, held=1, evidence=ids)
        if None in answers:
            return unknown(rule, "when the drill began", cell=drill.id, evidence=ids)
        if not sent:
            why = f"{self.to.capitalize()} were not told beforehand.".replace("_", " ")
        else:
            why = f"Told {_before(drill, sent[-1])} before; {self._asked()} asked for."
        return plain_verdict(rule, "violated", why, cell=drill.id, evidence=ids)

    def _fits(self, facts: Facts, drill: DrillRecord, at: datetime) -> bool | None:
        """Return whether a notice lies within both ends; None where the hour decides."""
        if not isinstance(drill.time, Unknown):
            return self._within(facts, datetime.combine(drill.date, drill.time), at)
        answers = {
            self._within(facts, datetime.combine(drill.date, moment), at)
            for moment in (time.min, LAST_MINUTE)
        }
        return answers.pop() if len(answers) == 1 else None

    def _within(self, facts: Facts, start: datetime, at: datetime) -> bool:
        if self.unit == "hour":
            before = start - at
            least, most = timedelta(hours=self.not_later_than), self.not_earlier_than
            return before >= least and (most is None or before <= timedelta(hours=most))
        days = (start.date() - at.date()).days
        if self.unit == "school_day":
            eve = start.date() - timedelta(days=1)
            days = len(facts.calendar.school_days_between(at.date(), eve))
        early_enough = at < start and days >= self.not_later_than
        return early_enough and (self.not_earlier_than is None or days <= self.not_earlier_than)

    def _asked(self) -> str:
        unit = self.unit.replace("_", " ")
        least = f"at least {self.not_later_than} {unit}s" if self.not_later_than else "before it"
        if self.not_earlier_than is None:
            return f"{least} are" if self.not_later_than else f"{least} is"
        return f"{least} and at most {self.not_earlier_than} {unit}s are"


def _before(drill: DrillRecord, at: datetime) -> str:
    days = (drill.date - at.date()).days
    if days > 2 or isinstance(drill.time, Unknown):
        return f"{days} days"
    hours = (datetime.combine(drill.date, drill.time) - at).total_seconds() / 3600
    return f"{hours:.1f}".removesuffix(".0") + " hours"
