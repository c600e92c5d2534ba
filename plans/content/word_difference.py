"""The difference of two texts word by word, for two columns or in one line."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

SegmentKind = Literal["equal", "removed", "added"]
_TOKEN = re.compile(r"\w+(?:[-'’]\w+)*|\s+|[^\w\s]")
_WORDS = re.compile(r"\w+")
_FEWEST_EQUAL_WORDS = 2  # a lone equal word between two changes reads worse than none


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that both versions hold, or only the former or only the newer one."""

    kind: SegmentKind
    text: str


def tokens(text: str) -> list[str]:
    """Return words, spaces and signs one by one; joined they give the text again."""
    return _TOKEN.findall(text)


def word_segments(before: str, after: str) -> tuple[Segment, ...]:
    """Return the segments in reading order; what is taken out stands before what is new.

    Joined, equal and removed ones give `before`, equal and added ones give `after`.
    """
    if before == after:
        return (Segment("equal", before),) if before else ()
    old, new = tokens(before), tokens(after)
    first = _common(old, new)
    last = _common(old[first:][::-1], new[first:][::-1])
    inner_old, inner_new = old[first : len(old) - last], new[first : len(new) - last]
    matcher = difflib.SequenceMatcher(None, inner_old, inner_new, autojunk=False)
    groups = [("".join(old[:first]), "", "")]  # equal, removed, added: the first or the others
    for name, i1, i2, j1, j2 in matcher.get_opcodes():
        removed, added = "".join(inner_old[i1:i2]), "".join(inner_new[j1:j2])
        groups.append((added, "", "") if name == "equal" else ("", removed, added))
    groups.append(("".join(old[len(old) - last :]), "", ""))
    return tuple(_segments(_without_islands([group for group in groups if any(group)])))


def left(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Return the column of the former text: what stayed and what was taken out."""
    return tuple(segment for segment in segments if segment.kind != "added")


def right(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Return the column of the newer text: what stayed and what is new."""
    return tuple(segment for segment in segments if segment.kind != "removed")


def alikeness(before: str, after: str) -> float:
    """Return how alike two texts are, from 0 (no word in common) to 1 (the same words)."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    return difflib.SequenceMatcher(None, old, new, autojunk=False).ratio()


def _common(old: list[str], new: list[str]) -> int:
    """Return how many tokens both begin with; what is equal outside need not be compared."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


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
