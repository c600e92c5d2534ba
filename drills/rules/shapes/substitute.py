"""R08: a drill of one type that stands for another, so many times within a window."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import Window, read_window


@dataclass(frozen=True, slots=True)
class Substitute:
    """Drills of `given` types stand in the rows `stands_for`, `most` in each cell of `window`.

    Without `most` the law sets no cap. Where `pupils_present` is asked, a drill without pupils
    stands for none.
    """

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "given": parameters.TYPES_SCHEMA,
        "stands_for": parameters.RULES_SCHEMA,
        "most": parameters.COUNT_SCHEMA,
        "window": parameters.WINDOW_SCHEMA,
        "pupils_present": {"const": True},
    }
    REQUIRED: ClassVar[tuple[str, ...]] = ("given", "stands_for", "window")

    given: tuple[str, ...]
    stands_for: tuple[str, ...]
    most: int | None
    window: Window
    pupils_present: bool

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        most = fields.optional("most", parameters.count)
        return cls(
            fields.needed("given", parameters.types),
            fields.needed("stands_for", parameters.rules),
            None if isinstance(most, Unknown) else most,
            fields.needed("window", read_window),
            fields.optional("pupils_present", f.flag) is True,
        )

    @property
    def needed(self) -> int:
        """Return none: nothing is to be held."""
        return 0

    def offered(self, facts: Facts) -> Iterator[tuple[DrillRecord, str]]:
        """Return the drills that may stand for others, each with the fact it lacks, if any."""
        for drill in facts.held_of(self.given):
            if self.pupils_present and isinstance(drill.pupils_present, Unknown):
                yield drill, "whether pupils were present"
            elif not self.pupils_present or drill.pupils_present is True:
                yield drill, ""

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return nothing: it acts when drills are allotted."""
        return iter(())
