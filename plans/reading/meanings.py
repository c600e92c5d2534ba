"""What a heading means: the section of the template its words speak of, and how sure that is.

The words stand in `headings.toml`. A heading is compared with every phrase there by the share of
its weight that the phrase explains; words that say little (annex, procedures, school) weigh little.
"""

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

NOISE_WEIGHT = 0.15
SURE_ENOUGH = 0.5  # below this a heading has no meaning of its own
CERTAIN = 0.85
_FIRST_OF_TWO = 0.6  # “Intruder alert / lockdown” is about intruders first
_FALLOFF = 0.6  # power that turns the explained share into a score
_FEWEST_BODY_HITS = 3
_BODY_SCORE = 0.55
_ALTERNATIVES = re.compile(
    r"\s*/\s*|\s+(?:and|or)\s+|\s*[,&;+|]\s*|\s+[-–—]\s+|\s*[:(]\s*", re.IGNORECASE
)
_TWO_WORDS = re.compile(r"\block[ -](down|out)\b", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z0-9][a-z0-9'’-]*")
_PREFIX = re.compile(
    r"\s*(?:(?P<word>functional\s+annex|hazard\s+annex|annex|appendix|attachment|tab|section|chapter"
    r"|part|enclosure)(?:\s+|\s*[#:]\s*)"
    r"(?P<number>[A-Z]{1,2}(?:-?\d{1,2})?|[IVX]{1,6}|\d{1,2}(?:\.\d{1,2})*)(?![A-Za-z])"
    r"|(?P<bare>(?:functional|threat|hazard|incident)(?:[- ]specific)?\s+annex)\s*[–—:-]+\s*"
    r"|(?P<outline>\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|[A-Za-z])(?:[.):]|\s*[–—-]\s)"
    r"|\d{1,3}(?:\.\d{1,3})+|\d{1,2}(?=\s+[A-Z])))[\s.:)–—-]*",
    re.IGNORECASE,
)
_SILENT = frozenset(
    {
        "", "s", "a", "an", "the", "of", "and", "or", "for", "to", "in", "on", "at", "is", "are",
        "was", "be", "it", "its", "that", "this", "there", "we", "you", "i", "my", "us", "our",
        "your", "by", "from", "as",
    }
)  # fmt: skip
Kind = Literal["section", "container", "contents", "none"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading says. `announced` is true for “Annex D …”, “Appendix 2 …”."""

    kind: Kind
    template_id: str = ""
    score: float = 0.0
    announced: bool = False
    part: str = ""  # the section of the basic plan it speaks of where it stands in an annex
    words: int = 0  # words that say something
    others: tuple[str, ...] = ()  # further sections of the basic plan that it names as well


@dataclass(frozen=True, slots=True)
class _Phrase:
    template_id: str
    needed: frozenset[str]
    all_words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Table:
    noise: frozenset[str]
    families: Mapping[str, str]
    phrases: tuple[_Phrase, ...]
    exact: Mapping[frozenset[str], str]  # containers, contents and parts by their words
    parts: Mapping[frozenset[str], str]
    body: Mapping[str, tuple[str, ...]]
    by_word: Mapping[str, tuple[_Phrase, ...]]


def plain_heading(text: str) -> tuple[str, bool]:
    """Return a heading without its number, and whether it is announced as annex or appendix."""
    match = _PREFIX.match(text)
    if not match or not text[match.end() :].strip():
        return text.strip(), bool(match and (match["word"] or match["bare"]))
    word = match["word"] or match["bare"]
    announced = bool(word) and "section" not in word.casefold()
    return text[match.end() :].strip(), announced


@functools.lru_cache(maxsize=4096)
def meaning_of(heading: str) -> Meaning:
    """Return what a heading means; kind `none` where no phrase explains enough of it."""
    table = _table()
    joined = _TWO_WORDS.sub(r"lock\1", " ".join(heading.split()))
    words, announced = plain_heading(joined)
    tokens = _tokens(words, table)
    key = frozenset(tokens)
    if not key:
        return Meaning("none", announced=announced)
    part = table.parts.get(_strong(key, table), "")
    special = table.exact.get(key)
    if special == "contents":
        return Meaning("contents", announced=announced)
    count = len(_strong(key, table))
    best, score = _best(key, table)
    if special and (score < CERTAIN or special == "always"):
        return Meaning("container", announced=announced, part=part)
    alternatives = [found for found in _alternatives(words, table) if found[1] >= CERTAIN]
    if score < CERTAIN and alternatives:
        best, score = alternatives[0][0], max(score, 0.9 * alternatives[0][1])
        first = _alternatives(words, table)[0]
        if first[1] >= _FIRST_OF_TWO:
            best = first[0]
    others = tuple(
        dict.fromkeys(name for name, _ in alternatives if name != best and name.startswith("BP-"))
    )
    if score < SURE_ENOUGH:
        return Meaning("none", best, score, announced, part, count)
    return Meaning("section", best, round(score, 3), announced, part, count, others)


def meaning_of_text(text: str) -> Meaning:
    """Return what a text speaks of by its own words, for a heading that says nothing."""
    lowered = text.casefold()
    counts = {
        template_id: sum(lowered.count(start) for start in starts)
        for template_id, starts in _table().body.items()
    }
    ranked = sorted(counts.items(), key=lambda item: -item[1])
    (first, most), (_, second) = ranked[0], ranked[1]
    if most >= _FEWEST_BODY_HITS and most >= 1.5 * second:
        return Meaning("section", first, _BODY_SCORE)
    return Meaning("none")


def slug_of(name: str) -> str:
    """Return the slug of the hazard that a name means, empty where it means none."""
    meaning = meaning_of(name)
    if meaning.kind == "section" and meaning.template_id.startswith("TH-"):
        return meaning.template_id.removeprefix("TH-")
    return ""


def _alternatives(words: str, table: _Table) -> list[tuple[str, float]]:
    pieces = [piece for piece in _ALTERNATIVES.split(words) if piece.strip()]
    if len(pieces) < 2:
        return []
    return [_best(frozenset(_tokens(piece, table)), table) for piece in pieces]


def _best(key: frozenset[str], table: _Table) -> tuple[str, float]:
    """Return the best section for a set of words, and how sure it is."""
    whole = sum(_weight(word, table) for word in key)
    best, best_rank = "", (0.0, 0)
    if not whole:
        return best, 0.0
    seen: set[int] = set()
    for word in key:
        for phrase in table.by_word.get(word, ()):
            if id(phrase) in seen or not phrase.needed <= key:
                continue
            seen.add(id(phrase))
            told = sum(_weight(w, table) for w in phrase.all_words & key)
            rank = ((told / whole) ** _FALLOFF, len(phrase.all_words & key))
            if rank > best_rank:
                best, best_rank = phrase.template_id, rank
    return best, best_rank[0]


def _strong(key: frozenset[str], table: _Table) -> frozenset[str]:
    return frozenset(word for word in key if word not in table.noise) or key


def _weight(word: str, table: _Table) -> float:
    return NOISE_WEIGHT if word in table.noise or word.isdigit() else 1.0


def _tokens(text: str, table: _Table) -> list[str]:
    found: list[str] = []
    for raw in _TOKEN.findall(text.casefold().replace("’", "'")):
        word = raw.strip("'-").removesuffix("'s")
        if word in _SILENT:
            continue
        found.extend(_family(word, table))
    return found


def _family(word: str, table: _Table) -> list[str]:
    for form in (word, _singular(word)):
        if form in table.families:
            return [table.families[form]]
        if form in table.noise:
            return [form]
    if "-" in word:
        return [part for piece in word.split("-") if piece for part in _family(piece, table)]
    return [_singular(word)]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@functools.cache
def _table() -> _Table:
    raw = tomllib.loads(files("plans.reading").joinpath("headings.toml").read_text("utf-8"))
    return _made(raw)


def _made(raw: Mapping[str, Any]) -> _Table:
    families = {word: name for name, forms in raw["words"].items() for word in (name, *forms)}
    noise = frozenset(raw["noise"])
    bare = _Table(noise, families, (), {}, {}, {}, {})
    phrases: list[_Phrase] = []
    for entry in raw["meaning"]:
        alone = {frozenset(_tokens(text, bare)) for text in entry["phrases"]}
        for text in entry["phrases"]:
            all_words = frozenset(_tokens(text.removeprefix("="), bare))
            strong = frozenset(word for word in all_words if word not in noise)
            # One word among noise (“response levels”) would claim too much, unless it is enough
            # by itself (“fire emergency” beside “fire”).
            enough = len(strong) > 1 or strong in alone
            vague = text.startswith("=") or not strong or not enough
            phrases.append(_Phrase(entry["to"], all_words if vague else strong, all_words))
    exact = {frozenset(_tokens(t, bare)): "always" for t in raw["containers"]["phrases"]}
    exact |= {frozenset(_tokens(t, bare)): "contents" for t in raw["contents"]["phrases"]}
    parts = {
        _strong(frozenset(_tokens(text, bare)), bare): name
        for name, texts in raw["parts"].items()
        for text in texts
    }
    by_word: dict[str, list[_Phrase]] = {}
    for phrase in phrases:
        for word in phrase.needed:
            by_word.setdefault(word, []).append(phrase)
    body = {entry["to"]: tuple(entry["body"]) for entry in raw["meaning"] if "body" in entry}
    words = {word: tuple(found) for word, found in by_word.items()}
    return _Table(noise, families, tuple(phrases), exact, parts, body, words)
