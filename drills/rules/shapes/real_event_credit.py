"""R10: a real event that counts as a drill, because the same was done in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import Window, read_window


@dataclass(frozen=True, slots=True)
class RealEventCredit:
    """Real events of `given` types count in the rows `stands_for`, in each cell of `window`."""

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "given": parameters.TYPES_SCHEMA,
        "stands_for": parameters.RULES_SCHEMA,
        "most": parameters.COUNT_SCHEMA,
        "window": parameters.WINDOW_SCHEMA,
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("given", "stands_for", "window")

    given: tuple[str, ...]
    stands_for: tuple[str, ...]
    most: int | None
    window: Window

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        most = fields.optional("most", parameters.count)
        return cls(
            fields.needed("given", parameters.types),
            fields.needed("stands_for", parameters.rules),
            None if isinstance(most, Unknown) else most,
            fields.needed("window", read_window),
        )

    @property
    def needed(self) -> int:
        """Return none: nothing is to be held."""
        return 0

    def offered(self, facts: Facts) -> Iterator[tuple[DrillRecord, str]]:
        """Return the real events that may count."""
        for event in facts.events:
            if event.type in self.given:
                yield event, ""

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return nothing: it acts when drills are allotted."""
        return iter(())
