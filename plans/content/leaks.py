"""The check over a produced document: does it hold words of a block above its audience?

It looks at what was made, whatever made it: text, web page or PDF taken apart by `reading.produced`
into parts. Words count, not marks: a block set in other type, in a table or behind a fold is found.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from plans.content.audiences import rank, select
from plans.content.document import Audience, Block, PlanDocument
from plans.content.markdown import to_plain

RUN = 6  # words in a row that two texts do not share by chance
_WORDS = re.compile(r"[^\W_]+")
_SENTENCES = re.compile(r"(?<=[.!?;:])\s+|\n+")
_EXCERPT_WORDS = 12


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a produced document: where it stands (page 3, an attribute) and its words."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Leak:
    """Words of a block in a document whose readers may not see it."""

    block_id: str
    section: str
    audience: Audience
    where: str
    excerpt: str


def leaks(
    document: PlanDocument,
    audience: Audience,
    produced: Sequence[Part],
    granted: Collection[str] = (),
) -> tuple[Leak, ...]:
    """Return each block above the audience of which the produced document holds words.

    A sentence is found when six of its words in a row stand there (all, of a shorter one) and do
    not also stand in what the audience may see. `granted` are ids of blocks shown all the same.
    For public the people of the chart count as above. Raises UnknownAudience and UnknownBlock.
    """
    highest = rank(audience)
    allowed = _Runs([Part("", text) for text in _all_texts(select(document, audience, granted))])
    there = _Runs(produced)
    found: list[Leak] = []
    for section in document.sections:
        for block in section.blocks:
            if rank(block.audience) <= highest or block.id in granted:
                continue
            if hit := _hit(_texts(block), there, allowed):
                found.append(Leak(block.id, section.title, block.audience, *hit))
    if highest < rank("staff"):
        for role in document.roles:
            names = [role.person, role.first_alternate, role.second_alternate]
            if hit := _hit([name for name in names if name.strip()], there, allowed):
                found.append(Leak(f"role {role.position}", "Posts", "staff", *hit))
    return tuple(found)


class _Runs:
    """The words of parts one after another, and where each run of them begins."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.words: list[str] = []
        self.starts: list[tuple[int, str]] = []
        for part in parts:
            self.starts.append((len(self.words), part.where))
            self.words.extend(_words(part.text))
        self.by_length: dict[int, dict[tuple[str, ...], int]] = {}

    def place(self, run: tuple[str, ...]) -> int | None:
        """Return where a run of words begins, None where it does not stand."""
        length = len(run)
        if length not in self.by_length:
            self.by_length[length] = {
                tuple(self.words[i : i + length]): i
                for i in range(len(self.words) - length, -1, -1)
            }
        return self.by_length[length].get(run)

    def where(self, place: int) -> str:
        """Return the part that a word stands in."""
        return next(where for start, where in reversed(self.starts) if start <= place)


def _hit(texts: Sequence[str], there: _Runs, allowed: _Runs) -> tuple[str, str] | None:
    """Return where words of a text stand and an excerpt, None where none do."""
    for sentence in (s for text in texts for s in _SENTENCES.split(text)):
        words = _words(sentence)
        if not words or not _telling(words):
            continue
        length = min(RUN, len(words))
        for start in range(len(words) - length + 1):
            run = tuple(words[start : start + length])
            place = there.place(run)
            if place is not None and allowed.place(run) is None:
                shown = " ".join(there.words[place : place + _EXCERPT_WORDS])
                return there.where(place), shown
    return None


def _telling(words: Sequence[str]) -> bool:
    """Tell whether a sentence can be told from chance: two words, a number, or one long word."""
    return len(words) > 1 or any(c.isdigit() for c in words[0]) or len(words[0]) >= 8


def _texts(block: Block) -> list[str]:
    texts = [to_plain(block.markdown)] if block.kind == "text" else []
    for course in block.courses:
        texts.extend(to_plain(t) for t in (course.trigger, course.action, course.if_not) if t)
    texts.extend(" ".join(to_plain(value) for value in row.values()) for row in block.rows)
    return texts


def _all_texts(document: PlanDocument) -> Iterator[str]:
    for section in document.sections:
        yield section.title
        for block in section.blocks:
            yield from _texts(block)
    for role in document.roles:
        yield from (role.person, role.first_alternate, role.second_alternate)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())
