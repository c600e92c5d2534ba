"""R06: times, weekdays or dates that must differ from drill to drill."""

from collections import Counter
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

ATTRIBUTES = {"time_of_day": "time of day", "weekday": "weekday", "date": "date"}
RULES = ("none_repeated", "not_all_same")


@dataclass(frozen=True, slots=True)
class Vary:
    """Each of `attributes` of the drills of `types`: none repeated, or not all the same."""

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "attributes": {
            "type": "array", "minItems": 1, "uniqueItems": True,
            "items": {"enum": list(ATTRIBUTES)},
        },
        "rule": {"enum": list(RULES)},
    }  # fmt: skip
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "attributes", "rule")

    types: tuple[str, ...]
    attributes: tuple[str, ...]
    rule: str

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        return cls(
            fields.needed("types", parameters.types),
            fields.needed("attributes", parameters.some(ATTRIBUTES)),
            fields.needed("rule", f.word(RULES)),
        )

    @property
    def needed(self) -> int:
        """Return none: nothing more is to be held."""
        return 0

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return one verdict; it stays open until the school year is over."""
        drills = facts.held_of(self.types)
        ids = tuple(drill.id for drill in drills)
        for attribute in self.attributes:
            values = [_value(drill, attribute) for drill in drills]
            known = [value for value in values if value]
            same, count = next(iter(Counter(known).most_common(1)), ("", 0))
            if self._breached(count, len(values), facts):
                why = f"The {ATTRIBUTES[attribute]} {same} was used {count} times."
                used = tuple(name for name, value in zip(ids, values, strict=True) if value == same)
                yield plain_verdict(rule, "violated", why, evidence=used)
                return
            if len(known) < len(values):
                yield unknown(rule, f"the {ATTRIBUTES[attribute]} of each drill", evidence=ids)
                return
        over = facts.as_of > facts.year.last_day
        why = "They differ as the law asks." if over else "They differ so far."
        yield plain_verdict(rule, "met" if over else "due", why, evidence=ids)

    def _breached(self, most: int, drills: int, facts: Facts) -> bool:
        if self.rule == "none_repeated":
            return most > 1
        over = facts.as_of > facts.year.last_day
        return over and drills > 1 and most == drills


def _value(drill: DrillRecord, attribute: str) -> str:
    if attribute == "time_of_day":
        return "" if isinstance(drill.time, Unknown) else f"{drill.time:%H:%M}"
    return f"{drill.date:%A}" if attribute == "weekday" else drill.date.isoformat()
