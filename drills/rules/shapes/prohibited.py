"""R21: conduct that no drill may show, and times at which none may disturb."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

CONDUCT = (
    "fake_blood", "prop_firearm", "gunfire_sound", "explosion_sound", "attacker_role",
    "victim_role", "any",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prohibited:
    """No drill of `types` with some `conduct`, or `during` the days of a state test."""

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "during": {"const": "state_assessment"},
        "conduct": {
            "type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": list(CONDUCT)},
        },
    }  # fmt: skip
    REQUIRED: ClassVar[tuple[str, ...]] = ("types",)

    types: tuple[str, ...]
    during_tests: bool
    conduct: tuple[str, ...]

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        types = fields.needed("types", parameters.types)
        during = fields.optional("during", f.word(("state_assessment",)))
        conduct = fields.optional("conduct", parameters.some(CONDUCT))
        if isinstance(during, Unknown) == isinstance(conduct, Unknown):
            fields.refuse(
                "conduct", "It needs either `during` or `conduct`.", "Give one of the two."
            )
        return cls(
            types,
            not isinstance(during, Unknown),
            () if isinstance(conduct, Unknown) else conduct,
        )

    @property
    def needed(self) -> int:
        """Return none: nothing is to be held."""
        return 0

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return a verdict for each drill held."""
        for drill in facts.held_of(self.types):
            judged = self._testing(rule, facts, drill) if self.during_tests else None
            yield judged or self._conduct(rule, drill)

    def _testing(self, rule: Rule, facts: Facts, drill: DrillRecord) -> Verdict:
        ids = (drill.id,)
        if isinstance(facts.year.testing, Unknown):
            return unknown(rule, "when state tests are given", cell=drill.id, evidence=ids)
        if facts.calendar.is_testing_day(drill.date):
            why = f"{day_words(drill.date)} is a day of a state test."
            return plain_verdict(rule, "violated", why, cell=drill.id, evidence=ids)
        why = f"No state test is given on {day_words(drill.date)}."
        return plain_verdict(rule, "met", why, cell=drill.id, evidence=ids)

    def _conduct(self, rule: Rule, drill: DrillRecord) -> Verdict:
        ids = (drill.id,)
        if isinstance(drill.simulated, Unknown):
            return unknown(rule, "what was simulated", cell=drill.id, evidence=ids)
        found = [word for word in drill.simulated if word in self.conduct or "any" in self.conduct]
        if found:
            why = f"Simulated: {', '.join(word.replace('_', ' ') for word in found)}."
            return plain_verdict(rule, "violated", why, cell=drill.id, evidence=ids)
        why = "Nothing of what is forbidden was simulated."
        return plain_verdict(rule, "met", why, cell=drill.id, evidence=ids)
