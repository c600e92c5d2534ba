"""What of a plan says something of this school: filler, copied guidance and repetition do not.

A sentence tells nothing when it is a prompt or a copy of the template's guidance, when it stands in
the plan more than once, or when it is no sentence at all. Judging is symmetric: of two copies
neither counts, so that no copy is worth typing.
"""

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from plans.content.document import Block, PlanDocument, Section
from plans.content.template import SECTION_TEMPLATES
from plans.content.wording import block_is_empty

_RUN = 4  # words in a row by which copies are known
_COPIED = 0.6  # share of such runs that also stand elsewhere
_FEWEST_WORDS = 4
_FEWEST_DISTINCT = 0.55  # of the words of a sentence of eight and more
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_MARKDOWN = re.compile(r"[*#>|`\\]")
_BRACKETS = re.compile(r"\[[^\[\]]*\](?!\()|\{[^{}]*\}|‹[^‹›]*›")
_NO_WORD = re.compile(
    r"[bcdfghjklmnpqrstvwxz]{5,}|(.)\1{2,}|^[^aeiouy\d]{3,}$|.{22,}", re.IGNORECASE
)
_NEVER = frozenset(
    {
        "lorem", "ipsum", "dolor", "amet", "consectetur", "adipiscing", "elit", "asdf", "qwerty",
        "foo", "foobar",
    }
)  # fmt: skip
_JOINS = frozenset(
    {
        "the", "a", "an", "to", "of", "and", "at", "in", "for", "by", "is", "are", "with", "on",
        "from", "or", "if", "when", "who", "each", "all", "every", "not", "no", "per", "until",
        "before", "after", "into", "near", "their", "its", "they", "it", "as", "has", "have",
        "will", "must", "may",
    }
)  # fmt: skip


def telling(document: PlanDocument) -> Mapping[str, tuple[str, ...]]:
    """Return, by section id, the sentences of its texts and rows that say something here.

    Courses of action are left to `telling_steps`.
    """
    sentences = {section.id: tuple(_sentences(section)) for section in document.sections}
    seen = _runs_seen(sentence for found in sentences.values() for sentence in found)
    return {
        section_id: tuple(s for s in found if _tells(s, seen))
        for section_id, found in sentences.items()
    }


def telling_steps(document: PlanDocument) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return the courses of action that say who does what, by section id and phase.

    A step that stands word for word in two annexes counts in neither: it belongs in one, with a
    link from the other.
    """
    steps = [
        (section.id, course.phase, plain_words(f"{course.actor} {course.action}"))
        for section in document.sections
        for block in section.blocks
        for course in block.courses
        if course.actor.strip() and _words(course.action)
    ]
    places: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    texts: dict[tuple[str, ...], str] = {}
    for section_id, phase, text in steps:
        words = tuple(_words(text))
        places.setdefault(words, set()).add((section_id, phase))
        texts[words] = text
    found: dict[tuple[str, str], list[str]] = {}
    for words, where in places.items():
        if len(where) == 1 and len(words) >= _FEWEST_WORDS - 1 and _is_language(list(words)):
            found.setdefault(where.pop(), []).append(texts[words])
    return {key: tuple(told) for key, told in found.items()}


def is_copied_guidance(text: str) -> bool:
    """Tell whether a sentence is taken from the guidance or a prompt of the template."""
    runs = _runs(_words(text))
    return bool(runs) and sum(run in _guidance() for run in runs) >= _COPIED * len(runs)


def only_guidance(section: Section) -> bool:
    """Tell whether all that stands in a section is copied from the template's guidance."""
    found = [s for s in _sentences(section) if len(_words(s)) >= _FEWEST_WORDS]
    steps = any(block.courses for block in section.blocks)
    return bool(found) and not steps and all(is_copied_guidance(sentence) for sentence in found)


def _tells(sentence: str, seen: Mapping[tuple[str, ...], int]) -> bool:
    words = _words(sentence)
    if len(words) < _FEWEST_WORDS or not _is_language(words) or is_copied_guidance(sentence):
        return False
    if not _JOINS & set(words):
        return False
    runs = _runs(words)
    return sum(seen[run] > 1 for run in runs) < _COPIED * len(runs)


def _is_language(words: list[str]) -> bool:
    """Tell words of a language from keys pressed at random and from one word again and again."""
    if _NEVER & set(words):
        return False
    if len(words) >= 8 and len(set(words)) < _FEWEST_DISTINCT * len(words):
        return False
    odd = sum(bool(_NO_WORD.search(word)) for word in words)
    return odd <= 0.2 * len(words)


def _sentences(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if not block_is_empty(block):
            yield from sentences_of(block)


def sentences_of(block: Block) -> Iterator[str]:
    """Yield the sentences of a text and the rows of a table, without marks and brackets."""
    if block.kind == "text":
        yield from (s for s in _SENTENCES.split(plain_words(block.markdown)) if _WORDS.search(s))
    for row in block.rows:
        yield plain_words(" ".join(value for value in row.values() if value.strip()))


def plain_words(markdown: str) -> str:
    """Return a text without the marks of Markdown, targets of links, and brackets."""
    links = _LINK.sub(r"\1", markdown)
    return _MARKDOWN.sub(" ", _BRACKETS.sub(" ", links))


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    if len(words) < _RUN:
        return [tuple(words)] if words else []
    return [tuple(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)]


def _runs_seen(sentences: Iterable[str]) -> Counter[tuple[str, ...]]:
    """Return in how many sentences each run of words stands."""
    seen: Counter[tuple[str, ...]] = Counter()
    for sentence in sentences:
        seen.update(set(_runs(_words(sentence))))
    return seen


@functools.cache
def _guidance() -> frozenset[tuple[str, ...]]:
    texts = [
        text
        for template in SECTION_TEMPLATES.values()
        for text in (template.guidance, *(block.prompt for block in template.blocks))
    ]
    return frozenset(
        run
        for text in texts
        for sentence in _SENTENCES.split(text)
        for run in _runs(_words(sentence))
    )
