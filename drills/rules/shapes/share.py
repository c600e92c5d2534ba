"""R04: a share of some drills that must be of certain types, or meet a condition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.at_least_in_condition import OTHER_CONDITIONS
from drills.rules.shapes.standing import plain_verdict, unknown
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of every `whole` drills of `among` are of `types`, or meet `condition`.

    It is settled when the school year is over; a group that is not full asks for none.
    """

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "among": parameters.TYPES_SCHEMA,
        "types": parameters.TYPES_SCHEMA,
        "condition": {"enum": list(OTHER_CONDITIONS)},
        "part": parameters.COUNT_SCHEMA,
        "whole": parameters.COUNT_SCHEMA,
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("among", "part", "whole")

    among: tuple[str, ...]
    types: tuple[str, ...]
    condition: str
    part: int
    whole: int

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        among = fields.needed("among", parameters.types)
        types = fields.optional("types", parameters.types)
        condition = fields.optional("condition", f.word(OTHER_CONDITIONS))
        if isinstance(types, Unknown) == isinstance(condition, Unknown):
            fields.refuse("types", "It needs either `types` or `condition`.", "Give one of them.")
        part, whole = (fields.needed(name, parameters.count) for name in ("part", "whole"))
        if part > whole:
            fields.refuse("part", "The part is larger than the whole.", "Exchange the two.")
        return cls(
            among,
            () if isinstance(types, Unknown) else types,
            "" if isinstance(condition, Unknown) else condition,
            part,
            whole,
        )

    @property
    def needed(self) -> int:
        """Return none: how many depends on the drills held."""
        return 0

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return one verdict."""
        drills = facts.held_of(self.among)
        answers = [(drill, self._answer(drill)) for drill in drills]
        ids = tuple(drill.id for drill, answer in answers if answer is True)
        unsure = sum(isinstance(answer, Unknown) for _, answer in answers)
        asked = len(drills) // self.whole * self.part
        why = f"{len(ids)} of {len(drills)} drills; {self.part} of every {self.whole} are asked."
        if facts.as_of <= facts.year.last_day:
            yield plain_verdict(rule, "due", why, held=len(ids), evidence=ids)
        elif len(ids) >= asked:
            yield plain_verdict(rule, "met", why, held=len(ids), evidence=ids)
        elif len(ids) + unsure >= asked:
            yield unknown(rule, OTHER_CONDITIONS[self.condition][0], evidence=ids)
        else:
            yield plain_verdict(rule, "violated", why, held=len(ids), evidence=ids)

    def _answer(self, drill: DrillRecord) -> bool | Unknown:
        if self.types:
            return drill.type in self.types
        return OTHER_CONDITIONS[self.condition][1](drill)
