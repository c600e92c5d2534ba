"""R07: at most so many drills of some types within a window, or in each of its cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import plain_verdict, unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import Window, read_window
from drills.rules.words import VerdictWord


@dataclass(frozen=True, slots=True)
class AtMost:
    """No more than `n` drills of `types` in `window`."""

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
        """Return none: nothing is to be held."""
        return 0

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return the verdict of each cell; one within the cap stays open until the cell closes."""
        cells = self.window.cells(facts.calendar, facts.year)
        if isinstance(cells, str):
            yield unknown(rule, cells)
            return
        for cell in cells:
            ids = tuple(drill.id for drill in facts.held_of(self.types) if cell.holds(drill.date))
            open_still = facts.as_of <= cell.last_day
            verdict: VerdictWord = "due" if open_still else "met"
            if len(ids) > self.n:
                verdict = "violated"
            yield plain_verdict(
                rule,
                verdict,
                f"{len(ids)} held {cell.words}; at most {self.n} are allowed.",
                cell=cell.name,
                held=len(ids),
                evidence=ids,
            )
