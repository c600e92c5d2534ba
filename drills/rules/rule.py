"""A rule of a pack: what it asks, of whom, and where it stands in the law."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Protocol, Self

from drills.rules.facts import Facts
from drills.rules.fields import Fields
from drills.rules.record import School
from drills.rules.unknown import Unknown
from drills.rules.verdict import RuleFinding, Verdict
from drills.rules.words import GRADES

WHOLE_SCHOOL = "K-12"


class Asks(Protocol):
    """The parameters of one shape, and how they are judged."""

    SCHEMA: ClassVar[Mapping[str, object]]
    REQUIRED: ClassVar[tuple[str, ...]]

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """Return the parameters of a rule; raises the refusal of the field that is wrong."""
        ...

    @property
    def needed(self) -> int:
        """Return how many are asked for."""
        ...

    def judge(self, rule: "Rule", facts: Facts) -> Iterable[Verdict | RuleFinding]:
        """Return the verdict of each cell, and what else a person should see."""
        ...


@dataclass(frozen=True, slots=True)
class Scope:
    """Which schools a rule binds: every part that is given must hold."""

    grades: str = ""
    outside_grades: str = ""
    traits: tuple[str, ...] = ()
    without_traits: tuple[str, ...] = ()
    public: bool | None = None

    def binds(self, school: School) -> bool | str:
        """Return whether it binds a school, or which fact about the school is missing.

        Where the grades are not recorded the school is taken as one of kindergarten to grade 12.
        """
        answers = [*self._grades(school), *self._traits(school)]
        if self.public is not None:
            answers.append(
                "whether the school is public"
                if isinstance(school.public, Unknown)
                else school.public == self.public
            )
        if False in answers:
            return False
        return next((answer for answer in answers if isinstance(answer, str)), True)

    def _grades(self, school: School) -> list[bool | str]:
        answers: list[bool | str] = []
        if self.grades:
            answers.append(_overlap(self.grades, school))
        if self.outside_grades:
            inside = _overlap(self.outside_grades, school)
            answers.append(inside if isinstance(inside, str) else not inside)
        return answers

    def _traits(self, school: School) -> list[bool | str]:
        if not self.traits and not self.without_traits:
            return []
        if isinstance(school.traits, Unknown):
            return ["the traits of the building"]
        return [
            set(self.traits) <= set(school.traits),
            not set(self.without_traits) & set(school.traits),
        ]


@dataclass(frozen=True, slots=True)
class Rule:
    """One requirement of the law. `checked` is the day on which its text was last read.

    `parameters` are the shape's own fields as the pack writes them; `scope` binds a school when
    one of its parts does, and every school when it is empty.
    """

    id: str
    title: str
    shape: str
    asks: Asks
    scope: tuple[Scope, ...]
    cite: str
    checked: date
    verified: bool
    severity: str
    plain: str
    plain_es: str
    parameters: Mapping[str, object] = field(default_factory=dict)

    def binds(self, school: School) -> bool | str:
        """Return whether the rule binds a school, or which fact about it is missing."""
        if not self.scope:
            return True
        answers = [scope.binds(school) for scope in self.scope]
        if True in answers:
            return True
        return next((answer for answer in answers if isinstance(answer, str)), False)


def _overlap(grades: str, school: School) -> bool | str:
    if isinstance(school.grades, Unknown):
        return True if grades == WHOLE_SCHOOL else "the grades of the school"
    low, high = bounds(grades)
    school_low, school_high = bounds(school.grades)
    return school_low <= high and low <= school_high


def bounds(grades: str) -> tuple[int, int]:
    """Return the places of the lowest and highest grade of “K-5” in the order of grades."""
    low, _, high = grades.partition("-")
    return GRADES.index(low), GRADES.index(high or low)
