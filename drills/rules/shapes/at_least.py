"""R01 and R02: at least so many drills of some types within a window, or in each of its cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules.counting import count
from drills.rules.facts import Credit, Facts, in_order
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import unknown
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import Window, day_words, read_window


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`n` drills of `types` in `window`; one verdict per cell where it has several.

    With `beyond` only drills count that those rules, which stand before it, leave over. Where the
    law names no number, `advisory_count` says so in the reason.
    """

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "n": parameters.COUNT_SCHEMA,
        "window": parameters.WINDOW_SCHEMA,
        "beyond": parameters.RULES_SCHEMA,
        "advisory_count": {"const": True},
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "n", "window")

    types: tuple[str, ...]
    n: int
    window: Window
    beyond: tuple[str, ...] = ()
    advisory_count: bool = False

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        beyond = fields.optional("beyond", parameters.rules)
        return cls(
            fields.needed("types", parameters.types),
            fields.needed("n", parameters.count),
            fields.needed("window", read_window),
            () if isinstance(beyond, Unknown) else beyond,
            fields.optional("advisory_count", f.flag) is True,
        )

    @property
    def needed(self) -> int:
        """Return how many drills."""
        return self.n

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return the verdict of each cell."""
        cells = self.window.cells(facts.calendar, facts.year)
        if isinstance(cells, str):
            yield unknown(rule, cells)
            return
        drills = self._own(facts)
        allotted = facts.credits.get(rule.id, ())
        sure = [credit for credit in allotted if not credit.missing]
        unsure = [credit for credit in allotted if credit.missing]
        if sure:
            drills = sorted([*drills, *(credit.drill for credit in sure)], key=in_order)
        for cell in cells:
            verdict = count(
                rule,
                facts,
                cell,
                needed=self.n,
                types=self.types,
                drills=drills,
                perhaps=[credit.drill for credit in unsure],
                missing=unsure[0].missing if unsure else "",
            )
            yield self._told(verdict, sure) if sure or self.advisory_count else verdict
        if self.window.summer and isinstance(facts.year.summer, Unknown):
            yield unknown(rule, "whether there is summer instruction", cell="summer")

    def _own(self, facts: Facts) -> list[DrillRecord]:
        drills = facts.held_of(self.types)
        if not self.beyond:
            return drills
        used = _used([verdict for verdict in facts.said if verdict.id in self.beyond])
        return [drill for drill in drills if drill.id not in used]

    def _told(self, verdict: Verdict, sure: list[Credit]) -> Verdict:
        why = verdict.why
        for credit in sure:
            if credit.drill.id in verdict.evidence:
                why += f" The drill of {day_words(credit.drill.date)} counts by {credit.rule}."
        if self.advisory_count:
            why = f"{verdict.held} held; the law names no number."
        return verdict if why == verdict.why else replace(verdict, why=why)


def _used(verdicts: list[Verdict]) -> set[str]:
    """Return the drills that counts need, as few as can be: the narrowest windows choose first."""
    used: set[str] = set()
    first = date.min
    for verdict in sorted(
        verdicts,
        key=lambda one: ((one.closes or first) - (one.opens or first), one.opens or first, one.key),
    ):
        ranked = sorted(verdict.evidence, key=lambda name: name not in used)
        used.update(ranked[: verdict.needed])
    return used
