"""R03: at least so many of some drills under a condition, such as at lunch."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from drills.rules.counting import count
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import DrillRecord
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import unknown
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import Window, read_window

PLACE_CONDITIONS = {
    "lunch": "lunch",
    "recess": "recess",
    "passing": "passing",
    "assembly": "assembly",
    "gathered_outside_class": "assembly",
}
"""Each condition about the place in the day, with the `place_in_day` that meets it."""


def _exits(drill: DrillRecord, exits: str) -> bool | Unknown:
    return drill.exits if isinstance(drill.exits, Unknown) else drill.exits == exits


OTHER_CONDITIONS: dict[str, tuple[str, Callable[[DrillRecord], bool | Unknown]]] = {
    "secondary_exit": ("which exits were used", lambda drill: _exits(drill, "secondary")),
    "blocked_exit": ("which exits were used", lambda drill: _exits(drill, "blocked")),
    "pupils_present": ("whether pupils were present", lambda drill: drill.pupils_present),
    "using_map": ("whether the school map was used", lambda drill: drill.used_map),
}
"""Each other condition, with the fact it needs and how it is read from a drill."""

OTHER_WORDS = {
    "secondary_exit": "by secondary exits",
    "blocked_exit": "with an exit blocked",
    "pupils_present": "with pupils present",
    "using_map": "with the school map",
}
"""Each other condition in a sentence."""

CONDITIONS = (*PLACE_CONDITIONS, *OTHER_CONDITIONS)


@dataclass(frozen=True, slots=True)
class AtLeastInCondition:
    """`n` drills among some types in `window` that meet one of the conditions."""

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "among": parameters.TYPES_SCHEMA,
        "n": parameters.COUNT_SCHEMA,
        "window": parameters.WINDOW_SCHEMA,
        "condition": {
            "type": "array", "minItems": 1, "uniqueItems": True,
            "items": {"enum": list(CONDITIONS)},
        },
    }  # fmt: skip
    REQUIRED: ClassVar[tuple[str, ...]] = ("among", "n", "window", "condition")

    among: tuple[str, ...]
    n: int
    window: Window
    condition: tuple[str, ...]

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        return cls(
            fields.needed("among", parameters.types),
            fields.needed("n", parameters.count),
            fields.needed("window", read_window),
            fields.needed("condition", parameters.some(CONDITIONS)),
        )

    @property
    def needed(self) -> int:
        """Return how many drills."""
        return self.n

    @property
    def places(self) -> tuple[str, ...]:
        """Return the places in the day that meet it."""
        found = [PLACE_CONDITIONS[word] for word in self.condition if word in PLACE_CONDITIONS]
        return tuple(dict.fromkeys(found))

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return the verdict of each cell; unknown where drills without the fact decide."""
        cells = self.window.cells(facts.calendar, facts.year)
        if isinstance(cells, str):
            yield unknown(rule, cells)
            return
        answers = [(drill, self._meets(drill)) for drill in facts.held_of(self.among)]
        drills = [drill for drill, answer in answers if answer is True]
        perhaps = [drill for drill, answer in answers if isinstance(answer, Unknown)]
        for cell in cells:
            yield count(
                rule,
                facts,
                replace(cell, words=f"{self._words()} {cell.words}"),
                needed=self.n,
                types=self.among,
                drills=drills,
                perhaps=perhaps,
                missing=self._fact(),
                condition=self.places,
            )

    def _meets(self, drill: DrillRecord) -> bool | Unknown:
        answers: list[bool | Unknown] = [OTHER_CONDITIONS[word][1](drill) for word in self.condition
                                         if word in OTHER_CONDITIONS]  # fmt: skip
        if self.places:
            place = drill.place_in_day
            answers.append(place if isinstance(place, Unknown) else place in self.places)
        if any(answer is True for answer in answers):
            return True
        return next((answer for answer in answers if isinstance(answer, Unknown)), False)

    def _words(self) -> str:
        """Return the condition in a sentence: “at lunch, at recess or at assembly”."""
        *first, last = dict.fromkeys(
            f"at {PLACE_CONDITIONS[word]}" if word in PLACE_CONDITIONS else OTHER_WORDS[word]
            for word in self.condition
        )
        return f"{', '.join(first)} or {last}" if first else last

    def _fact(self) -> str:
        facts = [OTHER_CONDITIONS[word][0] for word in self.condition if word in OTHER_CONDITIONS]
        return " or ".join(["where in the day it was held"] * bool(self.places) + facts[:1])
