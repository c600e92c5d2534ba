"""What reading a plan gives: sections, people, hazards, and every word that found no section."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backend.problems import FileRefused
from plans.content.document import CourseOfAction, Phase
from plans.reading.source import Element, Format, Picture, Remark, words, words_in

Severity = Literal["error", "warning", "info"]


class PlanRefused(FileRefused):
    """A file that is not read as a plan."""


class WordsLost(RuntimeError):
    """The sum of placed and unplaced words is not that of the file: a defect of the reader."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, or an objective under it, as labeled in the document."""

    kind: Literal["goal", "objective"]
    phase: Phase | None
    text: str
    courses: int = 0  # courses of action under an objective, or directly under a goal


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A heading of the document with what stands under it, up to the next heading.

    `template_section` is BP-01 …, FA-EVAC …, FA-OTHER, or TH-<slug>. `refers_to` names the section
    of the basic plan that a part of an annex speaks of. `score` is how sure the meaning is, 0 to 1.
    """

    template_section: str
    heading: str
    level: int
    place: str
    elements: tuple[Element, ...]
    score: float
    empty: bool
    refers_to: str = ""
    goals: tuple[Goal, ...] = ()
    courses: tuple[CourseOfAction, ...] = ()

    @property
    def words(self) -> int:
        """Return the words of the file in this section, heading included."""
        return words_in(self.elements)


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Words that are in no section: where they stood, under which heading, and why."""

    where: str
    heading: str
    text: str
    why: str
    words: int


@dataclass(frozen=True, slots=True)
class ReadContact:
    """A person or desk with a way to reach it, as the document gives it."""

    name: str
    role: str
    phone: str
    email: str
    where: str


@dataclass(frozen=True, slots=True)
class ReadRole:
    """A post with its holder and alternates. `position` is an ICS code, empty where unknown."""

    position: str
    title: str
    person: str
    first_alternate: str
    second_alternate: str
    where: str


@dataclass(frozen=True, slots=True)
class ReadHazard:
    """A hazard of a table or list. `slug` is the template's where it knows the hazard."""

    name: str
    slug: str
    template_section: str
    scores: Mapping[str, str]
    where: str


@dataclass(frozen=True, slots=True)
class ReadApproval:
    """A line for a signature: who is asked to sign, in which post."""

    name: str
    post: str
    where: str


@dataclass(frozen=True, slots=True)
class PlanReading:
    """A plan document as read. Raises WordsLost unless every word is placed or listed."""

    format: Format
    pages: int
    words_in: int
    sections: tuple[ReadSection, ...]
    unplaced: tuple[Unplaced, ...]
    tables: int
    pictures: tuple[Picture, ...]
    contacts: tuple[ReadContact, ...]
    roles: tuple[ReadRole, ...]
    hazards: tuple[ReadHazard, ...]
    approvals: tuple[ReadApproval, ...]
    findings: tuple[Remark, ...]

    def __post_init__(self) -> None:
        """Hold the promise: words in are words placed and words listed as unplaced."""
        if self.words_in != self.words_placed + self.words_unplaced:
            raise WordsLost(
                f"{self.words_in} words were read, {self.words_placed} placed and "
                f"{self.words_unplaced} listed as unplaced; please report this file"
            )
        if any(words(item.text) < 1 for item in self.unplaced):
            raise WordsLost("an unplaced entry lists no words")

    @property
    def words_placed(self) -> int:
        """Return the words that stand in a section."""
        return sum(section.words for section in self.sections)

    @property
    def words_unplaced(self) -> int:
        """Return the words that are listed with the reason why no section holds them."""
        return sum(item.words for item in self.unplaced)
