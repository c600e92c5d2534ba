"""R28: lessons, by number or by minutes, in each cell of a window."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from drills.rules import fields as f
from drills.rules import words
from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import Lesson
from drills.rules.rule import Rule
from drills.rules.shapes import parameters
from drills.rules.shapes.standing import plain_verdict, unknown
from drills.rules.unknown import Unknown
from drills.rules.verdict import Verdict
from drills.rules.windows import Cell, Window, read_window


@dataclass(frozen=True, slots=True)
class Instruction:
    """At least `n` lessons on `topics`, or that many `minutes` of them, in `window`."""

    SCHEMA: ClassVar[Mapping[str, object]] = {
        "topics": {
            "type": "array", "minItems": 1, "uniqueItems": True,
            "items": {"enum": list(words.LESSON_TOPICS)},
        },
        "n": parameters.COUNT_SCHEMA,
        "minutes": {"type": "integer", "minimum": 1, "maximum": 600},
        "window": parameters.WINDOW_SCHEMA,
    }  # fmt: skip
    REQUIRED: ClassVar[tuple[str, ...]] = ("topics", "window")

    topics: tuple[str, ...]
    n: int
    minutes: int
    window: Window

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule."""
        topics = fields.needed("topics", parameters.some(words.LESSON_TOPICS))
        number = fields.optional("n", parameters.count)
        minutes = fields.optional("minutes", f.number(1, 600))
        if isinstance(number, Unknown) == isinstance(minutes, Unknown):
            fields.refuse("n", "It needs either `n` or `minutes`.", "Give one of the two.")
        return cls(
            topics,
            0 if isinstance(number, Unknown) else number,
            0 if isinstance(minutes, Unknown) else minutes,
            fields.needed("window", read_window),
        )

    @property
    def needed(self) -> int:
        """Return how many lessons, or minutes."""
        return self.n or self.minutes

    def judge(self, rule: Rule, facts: Facts) -> Iterator[Verdict]:
        """Return the verdict of each cell."""
        cells = self.window.cells(facts.calendar, facts.year)
        if isinstance(cells, str):
            yield unknown(rule, cells)
            return
        if isinstance(facts.year.lessons, Unknown):
            yield unknown(rule, "which lessons were given")
            return
        lessons = [
            lesson
            for lesson in facts.year.lessons
            if lesson.topic in self.topics and lesson.date <= facts.as_of
        ]
        for cell in cells:
            within = [lesson for lesson in lessons if cell.holds(lesson.date)]
            yield self._verdict(rule, facts, cell, within)

    def _verdict(self, rule: Rule, facts: Facts, cell: Cell, lessons: list[Lesson]) -> Verdict:
        lengths = [lesson.minutes for lesson in lessons]
        known = [length for length in lengths if not isinstance(length, Unknown)]
        held = len(lessons) if self.n else sum(known)
        unit = "lessons" if self.n else "minutes"
        why = f"{held} of {self.needed} {unit} given {cell.words}."
        due = facts.last_admissible(cell)
        if held >= self.needed:
            return plain_verdict(rule, "met", why, cell=cell.name, held=held, due_by=due)
        if self.minutes and len(known) < len(lengths):
            return unknown(rule, "how long each lesson was", cell=cell.name)
        still = facts.days_left(cell.first_day, cell.last_day)
        return plain_verdict(
            rule, "due" if still else "impossible", why, cell=cell.name, held=held, due_by=due
        )
