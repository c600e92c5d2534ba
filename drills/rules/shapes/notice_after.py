"""R12: who is told after a drill, by the end of its school day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules import words
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord, SchoolHours
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import plain_verdict, unknown
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import day_words


@dataclass(frozen=True, slots=True)
class NoticeAfter:
    """`to` is told of each drill of `types` once it was held, `by` the end of its school day.

    Where the hours of the school are not recorded, the day itself is taken.
    """

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "to": {"enum": list(words.NOTICE_RECIPIENTS)},
        "by": {"const": "end_of_school_day"},
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "to", "by")

    types: tuple[str, ...]
    to: str

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        fields.needed("by", f.word(("end_of_school_day",)))
        return cls(
            fields.needed("types", parameters.types),
            fields.needed("to", f.word(words.NOTICE_RECIPIENTS)),
        )

    @property
    def needed(self) -> int:
        """Return one notice per drill."""
        return 1

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return a verdict for each drill held."""
        for drill in facts.held_of(self.types):
            yield self._verdict(rule, facts, drill)

    def _verdict(self, rule: Rule, facts: Facts, drill: DrillRecord) -> Verdict:
        ids, to = (drill.id,), self.to.replace("_", " ")
        if isinstance(drill.notices, Unknown):
            return unknown(rule, f"whether {to} were told afterwards", cell=drill.id, evidence=ids)
        sent = sorted(notice.at for notice in drill.notices if notice.to == self.to)
        after = [at for at in sent if at.date() > drill.date or not _is_before(at, drill)]
        if after and _in_time(after[0], drill, facts.year.school.day):
            why = f"Told on {day_words(after[0].date())} at {after[0]:%H:%M}, that school day."
            return plain_verdict(rule, "met", why, cell=drill.id, held=1, evidence=ids)
        if after:
            why = (
                f"Told on {day_words(after[0].date())} at {after[0]:%H:%M}, after the end of the "
                f"school day of {day_words(drill.date)}."
            )
        elif facts.as_of == drill.date:
            why = f"{to.capitalize()} are to be told by the end of the day."
            return plain_verdict(rule, "due", why, cell=drill.id, due_by=drill.date, evidence=ids)
        else:
            before = " beforehand only" if sent else ""
            why = f"{to.capitalize()} were told{before}." if sent else (
                f"{to.capitalize()} were not told."
            )  # fmt: skip
        return plain_verdict(rule, "violated", why, cell=drill.id, evidence=ids)


def _is_before(at: datetime, drill: DrillRecord) -> bool:
    if at.date() != drill.date or isinstance(drill.time, Unknown):
        return at.date() < drill.date
    return at < datetime.combine(drill.date, drill.time)


def _in_time(at: datetime, drill: DrillRecord, hours: SchoolHours | Unknown | None) -> bool:
    if at.date() != drill.date:
        return False
    return not isinstance(hours, SchoolHours) or at.time() <= hours.end
