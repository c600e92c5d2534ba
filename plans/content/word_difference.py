"""The difference of two texts word by word, for two columns or in one line."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

SegmentKind = Literal["equal", "removed", "added"]
_TOKEN = re.compile(r"\w+(?:[-'’]\w+)*|\s+|[^\w\s]")
_WORDS = re.compile(r"\w+")
_LONG_TEXT_TOKENS = 60  # words, blanks and signs; of shorter texts the best match costs little
_ENDS = frozenset(".!?;:")
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
    groups = [("".join(old[:first]), "", "")]  # equal, removed, added: the first or the others
    groups.extend(_inner_groups(inner_old, inner_new))
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


def _inner_groups(old: list[str], new: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield what is equal, and what was removed and added, of two lists of tokens.

    Long texts are compared sentence by sentence first: word by word takes time by the square.
    """
    if min(len(old), len(new)) > _LONG_TEXT_TOKENS:
        one, other = _by_sentence(old), _by_sentence(new)
        matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
        for name, i1, i2, j1, j2 in matcher.get_opcodes():
            if name == "equal":
                yield "".join(chain.from_iterable(other[j1:j2])), "", ""
            else:
                yield from _token_groups(
                    list(chain.from_iterable(one[i1:i2])), list(chain.from_iterable(other[j1:j2]))
                )
    else:
        yield from _token_groups(old, new)


def _token_groups(old: list[str], new: list[str]) -> Iterator[tuple[str, str, str]]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for name, i1, i2, j1, j2 in matcher.get_opcodes():
        removed, added = "".join(old[i1:i2]), "".join(new[j1:j2])
        yield (added, "", "") if name == "equal" else ("", removed, added)


def _by_sentence(items: list[str]) -> list[tuple[str, ...]]:
    """Return the tokens in sentences, each with its end and the blanks behind it."""
    sentences: list[tuple[str, ...]] = []
    start = 0
    for place, token in enumerate(items):
        if token.isspace() and place and (items[place - 1] in _ENDS or "\n" in token):
            sentences.append(tuple(items[start : place + 1]))
            start = place + 1
    return [*sentences, tuple(items[start:])] if start < len(items) else sentences


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
