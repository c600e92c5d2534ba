"""R16: a cancelled drill made good within so many school days, and the authority told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules import words
from drills.rules.counting import count
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import plain_verdict, unknown
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import Cell, day_words


@dataclass(frozen=True, slots=True)
class Redo:
    """A drill of `types` cancelled for one of `causes`, held within `within` school days.

    Two verdicts for each cancelled drill: the drill itself, and `<id>.NOTICE`, whether `tell` was
    told. The day after the cancelled drill is the first school day of the period.
    """

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "causes": {
            "type": "array", "minItems": 1, "uniqueItems": True,
            "items": {"enum": list(words.CANCEL_CAUSES)},
        },
        "within": parameters.COUNT_SCHEMA,
        "unit": {"const": "school_day"},
        "tell": {"enum": list(words.NOTICE_RECIPIENTS)},
    }  # fmt: skip
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "causes", "within", "unit", "tell")

    types: tuple[str, ...]
    causes: tuple[str, ...]
    within: int
    tell: str

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        fields.needed("unit", f.word(("school_day",)))
        return cls(
            fields.needed("types", parameters.types),
            fields.needed("causes", parameters.some(words.CANCEL_CAUSES)),
            fields.needed("within", parameters.count),
            fields.needed("tell", f.word(words.NOTICE_RECIPIENTS)),
        )

    @property
    def needed(self) -> int:
        """Return one drill."""
        return 1

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return the verdicts of each cancelled drill."""
        for drill in facts.cancelled:
            if drill.type not in self.types:
                continue
            if drill.cancelled not in self.causes:
                cause = str(drill.cancelled).replace("_", " ")
                why = f"“{cause}” is not among the causes for which a drill may be put off."
                yield plain_verdict(rule, "violated", why, cell=drill.id, evidence=(drill.id,))
                continue
            held = self._held(rule, facts, drill)
            yield held
            yield self._told(rule, facts, drill, held)

    def _held(self, rule: Rule, facts: Facts, drill: DrillRecord) -> Verdict:
        nth = facts.calendar.nth_after(drill.date, self.within)
        last = min(nth or date.max, facts.year.last_day)
        words_ = f"within {self.within} school days of {day_words(drill.date)}"
        cell = Cell(drill.id, drill.date, last, words_, facts.year.last_day)
        of_type = facts.held_of((drill.type,))
        judged = count(
            rule,
            facts,
            cell,
            needed=1,
            types=(drill.type,),
            drills=[other for other in of_type if drill.id in _made_good(other, facts)],
            perhaps=[other for other in of_type if isinstance(other.redo_of, Unknown)],
            missing="whether it makes the cancelled drill good",
        )
        if judged.verdict in {"violated", "overdue", "impossible"} and (
            not facts.calendar.closures_known
        ):
            return unknown(
                rule, "which days had no school, which moves the deadline", cell=drill.id
            )
        return replace(judged, redo_of=drill.id)

    def _told(self, rule: Rule, facts: Facts, drill: DrillRecord, held: Verdict) -> Verdict:
        notice = replace(rule, id=f"{rule.id}.NOTICE")
        to = self.tell.replace("_", " ")
        records = [drill, *(d for d in facts.held + facts.planned if d.redo_of == drill.id)]
        sent = [
            note.at
            for record in records
            if not isinstance(record.notices, Unknown)
            for note in record.notices
            if note.to == self.tell and note.at.date() <= facts.as_of
        ]
        if sent:
            why = f"Told {to} on {day_words(min(sent).date())}."
            return plain_verdict(notice, "met", why, cell=drill.id, held=1, evidence=(drill.id,))
        if any(isinstance(record.notices, Unknown) for record in records):
            return unknown(notice, f"whether {to} was told", cell=drill.id, evidence=(drill.id,))
        if held.verdict == "due":
            why = f"{to.capitalize()} is to be told of the new date."
            return plain_verdict(notice, "due", why, cell=drill.id, due_by=held.due_by,
                                 evidence=(drill.id,))  # fmt: skip
        why = f"{to.capitalize()} was not told."
        return plain_verdict(notice, "violated", why, cell=drill.id, evidence=(drill.id,))


def _made_good(drill: DrillRecord, facts: Facts) -> set[str]:
    """Return the cancelled drills that one makes good, a redo that was cancelled too included."""
    former = {cancelled.id: cancelled.redo_of for cancelled in facts.cancelled}
    found: set[str] = set()
    name = drill.redo_of
    while isinstance(name, str) and name not in found:
        found.add(name)
        name = former.get(name)
    return found
