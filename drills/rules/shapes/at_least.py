"""R01 and R02: at least so many drills of some types within a window, or in each of its cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from drills.rules.counting import count
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import Window, read_window


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`n` drills of `types` in `window`; one verdict per cell where it has several."""

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "types": parameters.TYPES_SCHEMA,
        "n": parameters.COUNT_SCHEMA,
        "window": parameters.WINDOW_SCHEMA,
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("types", "n", "window")

    types: tuple[str, ...]
    n: int
    window: Window

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        return cls(
            fields.needed("types", parameters.types),
            fields.needed("n", parameters.count),
            fields.needed("window", read_window),
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
        drills = facts.held_of(self.types)
        for cell in cells:
            yield count(rule, facts, cell, needed=self.n, types=self.types, drills=drills)
