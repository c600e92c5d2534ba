"""The difference of two texts word by word, for two columns or in one line."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

SegmentKind = Literal["equal", "removed", "added"]
_TOKEN = re.compile(r"(?:\w+(?:[-'’]\w+)*|[^\w\s])\s*|\s+")
_FEWEST_EQUAL_WORDS = 2  # a lone equal word between two changes reads worse than none


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that both versions hold, or only the former or only the newer one."""

    kind: SegmentKind
    text: str


def tokens(text: str) -> list[str]:
    """Return words and signs, each with the space after it; joined they give the text again."""
    return _TOKEN.findall(text)


def word_segments(before: str, after: str) -> tuple[Segment, ...]:
    """Return the segments in reading order; what is taken out stands before what is new.

    Joined, equal and removed ones give `before`, equal and added ones give `after`.
    """
    if before == after:
        return (Segment("equal", before),) if before else ()
    old, new = tokens(before), tokens(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    groups: list[tuple[str, str, str]] = []  # equal, removed, added: either the first or the others
    for name, i1, i2, j1, j2 in matcher.get_opcodes():
        removed, added = "".join(old[i1:i2]), "".join(new[j1:j2])
        groups.append((added, "", "") if name == "equal" else ("", removed, added))
    return tuple(_segments(_without_islands(groups)))


def left(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Return the column of the former text: what stayed and what was taken out."""
    return tuple(segment for segment in segments if segment.kind != "added")


def right(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Return the column of the newer text: what stayed and what is new."""
    return tuple(segment for segment in segments if segment.kind != "removed")


def alikeness(before: str, after: str) -> float:
    """Return how alike two texts are, from 0 (no word in common) to 1 (the same words)."""
    matcher = difflib.SequenceMatcher(None, tokens(before), tokens(after), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > 0 else 0.0


def _without_islands(groups: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Join changes that only a short equal run parts; the run then counts as both."""
    result: list[tuple[str, str, str]] = []
    for place, (equal, removed, added) in enumerate(groups):
        inner = 0 < place < len(groups) - 1
        if equal and inner and len(re.findall(r"\w+", equal)) < _FEWEST_EQUAL_WORDS:
            removed, added, equal = equal, equal, ""  # noqa: PLW2901
        if not equal and result and not result[-1][0]:
            _, removed_before, added_before = result[-1]
            result[-1] = ("", removed_before + removed, added_before + added)
        else:
            result.append((equal, removed, added))
    return result


def _segments(groups: list[tuple[str, str, str]]) -> Iterable[Segment]:
    for equal, removed, added in groups:
        if equal:
            yield Segment("equal", equal)
        if removed:
            yield Segment("removed", removed)
        if added:
            yield Segment("added", added)
