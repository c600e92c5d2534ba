"""Verdicts of many campuses summed up: for a district, and of districts for a state.

A sum changes by one campus at a time: when a drill changes, its campus is judged again and its
former judgement taken out, with no other campus looked at.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from drills.rules.verdict import Judgement
from drills.rules.words import VERDICTS, VerdictWord

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class RollUp:
    """How many campuses, and how often each requirement came to each verdict.

    `counts` is by requirement id and verdict; `worst` counts the campuses by their gravest
    verdict, in the order of `GRAVITY`.
    """

    campuses: int = 0
    counts: Mapping[tuple[str, VerdictWord], int] = field(default_factory=dict)
    worst: Mapping[VerdictWord, int] = field(default_factory=dict)

    def total(self, word: VerdictWord) -> int:
        """Return how many requirements and cells came to a verdict."""
        return sum(number for (_, verdict), number in self.counts.items() if verdict == word)

    def of(self, requirement: str) -> dict[VerdictWord, int]:
        """Return how often one requirement came to each verdict."""
        return {word: self.counts[requirement, word] for word in VERDICTS
                if (requirement, word) in self.counts}  # fmt: skip

    def changed(self, before: Judgement, after: Judgement) -> "RollUp":
        """Return the sum after one campus was judged again."""
        return _summed(self, [after], [before])

    def __add__(self, other: "RollUp") -> "RollUp":
        """Return the sum of two districts; requirements of two states stay apart by their ids."""
        return RollUp(
            self.campuses + other.campuses,
            _nonzero(Counter(self.counts) + Counter(other.counts)),
            _nonzero(Counter(self.worst) + Counter(other.worst)),
        )


GRAVITY: tuple[VerdictWord, ...] = (
    "impossible", "violated", "overdue", "unknown", "due", "waived", "met", "not_applicable",
)  # fmt: skip
"""Verdicts from the gravest on."""


def roll_up(judgements: Iterable[Judgement]) -> RollUp:
    """Return the sum of the judgements of campuses, one for each."""
    return _summed(RollUp(), judgements, ())


def _summed(start: RollUp, more: Iterable[Judgement], fewer: Iterable[Judgement]) -> RollUp:
    campuses = start.campuses
    counts, worst = Counter(start.counts), Counter(start.worst)
    for step, judgements in ((1, more), (-1, fewer)):
        for judgement in judgements:
            campuses += step
            for verdict in judgement.requirements:
                counts[verdict.id, verdict.verdict] += step
            worst[_gravest(judgement)] += step
    return RollUp(campuses, _nonzero(counts), _nonzero(worst))


def _gravest(judgement: Judgement) -> VerdictWord:
    found = {verdict.verdict for verdict in judgement.requirements}
    return next((word for word in GRAVITY if word in found), "not_applicable")


def _nonzero(counts: Counter[_Key]) -> dict[_Key, int]:
    return {key: number for key, number in counts.items() if number}
