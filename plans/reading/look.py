"""What a document leaves to the eye: running heads and feet, the table of contents, headings that
are only set large or strong, and lists that are only typed numbers.
"""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from plans.content.wording import has_words
from plans.reading.inline import escaped
from plans.reading.meanings import CERTAIN, meaning_of
from plans.reading.source import (
    CONTENTS,
    FURNITURE,
    Element,
    Look,
    Paragraph,
    Picture,
    SetAside,
    Source,
    Table,
    words,
)

LONGEST_HEADING_WORDS = 14
LONGEST_HEADING = 110  # characters
LONGEST_LINE = 400  # characters; no entry of a table of contents and no page head is longer
_HEADING_SCORE = 3.0
_WORDS_PER_HEADING = 1_500  # a document with fewer styled headings has none to speak of
_PAGE_NUMBER = re.compile(
    r"(?:page\s*|p\.?\s*|[-–—]\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/)\s*\d{1,4})?\s*[-–—]?",
    re.IGNORECASE,
)
_PAGE_OF = re.compile(r"page\s+\d+(?:\s+of\s+\d+)?\b", re.IGNORECASE)
_ENDS_IN_PAGE = re.compile(r"\s(?:\d{1,4}|[ivxIVX]{1,5}|[A-Z]-(?:\d{1,3}|[IVX]{1,5}))\s*$")
_LEADER = re.compile(
    r"(?:\.\s?){4,}\s*(?:\d|[ivxIVX]|[A-Z]-)|…{2,}\s*\d|_{4,}\s*\d+\s*$|\t\s*\d{1,4}\s*$"
)
_VERSION = re.compile(
    r"\b(?:ver(?:sion)?|rev(?:ised|ision)?|updated?)\b\W*\d|\d{1,2}/\d{2,4}", re.IGNORECASE
)
_NUMBERING = (
    (
        0,
        re.compile(
            r"(?:annex|appendix|attachment|tab|section|chapter|part)\s+[A-Z0-9]", re.IGNORECASE
        ),
    ),
    (1, re.compile(r"[IVXL]{1,6}[.):]\s")),
    (1, re.compile(r"\d{1,2}\.0\s|\d{1,2}(?:\.|\s)\s?[A-Z]")),
    (2, re.compile(r"\d{1,2}\.[1-9]\d?\.?\s")),
    (3, re.compile(r"\d{1,2}(?:\.\d{1,2}){2}\.?\s")),
    (4, re.compile(r"\d{1,2}(?:\.\d{1,2}){3,}\.?\s")),
    (2, re.compile(r"[A-Z][.)]\s")),
)
_RUN_IN = re.compile(r"\*\*(?P<name>[^*\n]{3,60})\*\*(?P<mark>[.:]?)\s+(?=\S)")
_ANNOUNCED = re.compile(
    r"\s*(?:annex|appendix|attachment|tab|section|chapter|part)\s+(?:[A-Z]{1,2}|[IVX]{1,6}|\d{1,2})[.:]?\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*\(?(?:\d{1,3}|[A-Za-z]|[ivx]{2,5})[.)]\s+(?=\S)")
_NO_HEADING = re.compile(
    r"_{3,}|\.{6,}|\[\s*\]|☐|@|\d{3}[-.\s]\d{4}|https?:|^signature\b.*\b(?:date|name|title)\b"
    r"|\bdate\b.*\bdate\b",
    re.IGNORECASE,
)


def tidied(source: Source) -> tuple[Element, ...]:
    """Return the elements with page furniture and contents set aside, and headings marked."""
    elements = list(_without_frames(_joined_titles(_without_furniture(source))))
    elements = list(_without_contents(elements))
    headed = _headed_by_look if needs_look(elements) else _named_lines
    return tuple(_listed(list(headed(elements))))


def _without_furniture(source: Source) -> list[Element]:
    elements = list(source.elements)
    edges = _page_edges(elements)
    places = [
        (_shape(item.text), item.page or index)
        for index, item in enumerate(elements)
        if isinstance(item, Paragraph) and _short(item) and (index in edges or not edges)
    ]
    counts = Counter(shape for shape, _ in set(places))  # on how many pages
    often = max(2, round(0.3 * source.pages)) if source.pages > 2 else 2
    mostly = max(3, round(0.6 * source.pages))  # a heading such as “Purpose” may open many pages
    for index, item in enumerate(elements):
        if not isinstance(item, Paragraph) or item.heading is not None or not _short(item):
            continue
        text = item.text.strip()
        strong = item.look.bold or _number_rank(text) is not None
        repeated = counts[_shape(text)] >= (mostly if strong else often)
        at_edge = index in edges
        if not source.pages and counts[_shape(text)] >= often:
            repeated = True  # without pages nothing tells an edge
        dated = bool(_VERSION.search(text) or _PAGE_OF.search(text) or _ENDS_IN_PAGE.search(text))
        if (
            (at_edge and (repeated or _PAGE_NUMBER.fullmatch(text)))
            or (_PAGE_OF.fullmatch(text) is not None)
            or (repeated and dated and source.format in {"text", "pdf"} and item.depth is None)
        ):
            elements[index] = SetAside(item.text, item.place, FURNITURE, item.source)
    return elements


def _joined_titles(elements: Sequence[Element]) -> Iterator[Element]:
    """Join “ANNEX D” with the line below it, which is its title."""
    waiting: Paragraph | None = None
    for item in elements:
        if waiting is not None:
            if isinstance(item, Paragraph) and _short(item) and item.text.strip()[-1:] not in ".;":
                yield replace(
                    waiting,
                    text=f"{waiting.text}\n{item.text}",
                    markdown=f"{waiting.markdown}  \n{item.markdown}",
                    heading=waiting.heading if waiting.heading is not None else item.heading,
                    source=f"{_source(waiting)}\n{_source(item)}",
                )
                waiting = None
                continue
            yield waiting
            waiting = None
        if isinstance(item, Paragraph) and _ANNOUNCED.fullmatch(item.text):
            waiting = item
        else:
            yield item
    if waiting is not None:
        yield waiting


def _source(item: Paragraph) -> str:
    return item.text if item.source is None else item.source


def _without_frames(elements: Iterable[Element]) -> Iterator[Element]:
    """Open tables that only frame text: of one column, or headed by the name of a section."""
    for item in elements:
        if not isinstance(item, Table) or item.source is not None or len(item.rows) < 2:
            yield item
            continue
        title = item.rows[0][0] if len(item.rows[0]) == 1 else ""
        meaning = meaning_of(title) if title.strip() and words(title) <= 8 else None
        named = meaning is not None and meaning.kind == "section" and meaning.score >= CERTAIN
        if all(len(row) == 1 for row in item.rows):
            for place, row in enumerate(item.rows):
                look = Look(bold=named and place == 0, space_before=True)
                for line in (text for text in row[0].split("\n") if text.strip()):
                    yield Paragraph(line, item.place, escaped(line), look=look, page=item.page)
        elif named:
            look = Look(bold=True, space_before=True)
            yield Paragraph(title, item.place, escaped(title), look=look, page=item.page)
            yield replace(item, rows=item.rows[1:])
        else:
            yield item


def _page_edges(elements: Sequence[Element]) -> set[int]:
    """Return the places of the first two and last two paragraphs of each page."""
    pages: dict[int, list[int]] = {}
    for index, item in enumerate(elements):
        if isinstance(item, Paragraph) and item.page:
            pages.setdefault(item.page, []).append(index)
    return {index for found in pages.values() for index in (*found[:2], *found[-2:])}


def _short(item: Paragraph) -> bool:
    return len(item.text) <= LONGEST_LINE and words(item.text) <= LONGEST_HEADING_WORDS


def _shape(text: str) -> str:
    """Return a line with its numbers taken out, so that feet of different pages are alike."""
    return re.sub(r"\d+|\b[ivxIVX]+\b", "#", " ".join(text.split()).casefold())


def _without_contents(elements: Sequence[Element]) -> Iterator[Element]:
    inside = False
    later = Counter(
        _bare(item.text) for item in elements if isinstance(item, Paragraph) and _short(item)
    )
    for item in elements:
        if not isinstance(item, Paragraph):
            inside = inside and not isinstance(item, Picture)
            yield item
            continue
        heading = item.heading is not None
        is_title = _short(item) and meaning_of(item.text).kind == "contents"
        brief = len(item.text) <= LONGEST_LINE
        entry = (brief and _LEADER.search(item.text) is not None) or (
            inside
            and brief
            and not heading
            and words(item.text) <= LONGEST_HEADING_WORDS + 4
            and (_ENDS_IN_PAGE.search(item.text) is not None or later[_bare(item.text)] > 1)
        )
        if is_title or (entry and not heading):
            inside = True
            yield SetAside(item.text, item.place, CONTENTS, item.source)
            if inside and not is_title:
                later[_bare(item.text)] -= 1
        else:
            inside = False
            yield item


def _bare(text: str) -> str:
    return _ENDS_IN_PAGE.sub("", " ".join(text.split())).strip(" .…_").casefold()


def needs_look(elements: Sequence[Element]) -> bool:
    """Tell whether the document has too few headings of its own to be cut by them."""
    paragraphs = [item for item in elements if isinstance(item, Paragraph)]
    styled = sum(item.heading is not None and item.heading > 0 for item in paragraphs)
    total = sum(words(item.text) for item in paragraphs)
    return styled < 2 or styled < total / _WORDS_PER_HEADING


def _headed_by_look(elements: Sequence[Element]) -> list[Element]:
    elements = list(_with_run_in_headings(elements))
    sizes = [
        item.look.size
        for item in elements
        if isinstance(item, Paragraph)
        for _ in item.text.split()
    ]
    body = statistics.median(sizes) if sizes else 0.0
    chosen = [
        index
        for index, item in enumerate(elements)
        if isinstance(item, Paragraph) and _score(item, body) >= _HEADING_SCORE
    ]
    chosen = _without_runs(elements, chosen, body)
    if not chosen:
        return list(elements)
    keys = {index: _rank(elements[index], body) for index in chosen}
    order = {key: level for level, key in enumerate(sorted(set(keys.values())), start=1)}
    result = list(elements)
    for index in chosen:
        item = result[index]
        if isinstance(item, Paragraph):
            given = item.heading
            level = order[keys[index]] if given is None else given
            result[index] = replace(item, heading=min(level, 9), depth=None)
    return result


def _with_run_in_headings(elements: Sequence[Element]) -> Iterator[Element]:
    """Part a paragraph that opens with the strong name of a section: “**Purpose.** We plan …”."""
    for item in elements:
        match = _RUN_IN.match(item.markdown) if isinstance(item, Paragraph) else None
        if not isinstance(item, Paragraph) or match is None or item.heading is not None:
            yield item
            continue
        count = words(match["name"] + match["mark"])
        told = item.text.split()
        lead, rest = " ".join(told[:count]), item.text.strip()[len(" ".join(told[:count])) :]
        meaning = meaning_of(lead)
        certain = meaning.kind == "section" and meaning.score >= CERTAIN and bool(meaning.words)
        if not certain or not rest.strip() or item.text.strip()[: len(lead)] != lead:
            yield item
            continue
        raw = _source(item).split()
        yield Paragraph(lead, item.place, escaped(lead), heading=9, source=" ".join(raw[:count]),
                        page=item.page)  # fmt: skip
        yield replace(item, text=rest.strip(), markdown=item.markdown[match.end() :],
                      source=" ".join(raw[count:]), look=Look(item.look.size))  # fmt: skip


def _score(item: Paragraph, body: float) -> float:
    """Return how much a paragraph looks like a heading; 3 and more is taken as one."""
    if item.heading is not None:
        return 9.0
    if len(item.text) > LONGEST_LINE:
        return 0.0
    text = " ".join(item.text.split())
    fits = 0 < words(text) <= LONGEST_HEADING_WORDS and len(text) <= LONGEST_HEADING
    if not fits or not has_words(text) or _NO_HEADING.search(text):
        return 0.0
    if text[-1] in ".;,?!" and not (text[-1] == "?" and item.look.bold):
        return 0.0
    if item.depth is not None and not (item.look.bold and (item.ordered or item.look.size > body)):
        return 0.0
    return _cues(item, text, body)


def _cues(item: Paragraph, text: str, body: float) -> float:
    look: Look = item.look
    bigger = look.size / body if body and look.size else 1.0
    meaning = meaning_of(text)
    known = meaning.kind == "container" or (meaning.kind == "section" and meaning.score >= CERTAIN)
    named = meaning.part or meaning.kind == "section"
    capitals = text.upper() == text
    title = all(
        word[:1].isupper() or len(word) < 4 for word in re.findall(r"[A-Za-z][\w'’]*", text)
    )
    colon = text.endswith(":")
    set_apart = title or capitals or look.bold or bigger >= 1.08
    number = _number_rank(text) if set_apart else None  # “1. Call the office” is a step
    alone = look.space_before and not look.size and not look.bold and item.depth is None
    return (
        (2.0 if alone and title and not colon else 0.0)
        + 2.0 * look.bold
        + (3.0 if bigger >= 1.25 else 2.0 if bigger >= 1.08 else 0.0)
        + 1.5 * capitals
        + 1.0 * look.centered
        + 1.5 * look.underlined
        + (2.0 if number is not None and number <= 1 else 1.0 if number is not None else 0.0)
        + 0.5 * look.space_before
        + (1.5 if known else 0.5 if named else 0.0)
        + 0.5 * title
        - (1.0 if colon and not look.bold else 0.0)
    )


def _number_rank(text: str) -> int | None:
    return next((rank for rank, pattern in _NUMBERING if pattern.match(text)), None)


def _rank(item: Element, body: float) -> tuple[float, int, int, int]:
    """Return the order of a heading among others: larger, announced, capitals, strong first."""
    if not isinstance(item, Paragraph):
        raise TypeError(f"{type(item).__name__} is no heading")
    text = " ".join(item.text.split())
    size = round(max(item.look.size, body) * 2) / 2 if item.look.size else 0.0
    number = _number_rank(text)
    if size > body * 1.08:  # size tells the rank; of one size, 1.1 stands below 1
        return (-size, number if number is not None and number > 1 else 0, 0, 0)
    capitals = text.upper() == text
    place = max(number, 1) if number is not None else (1 if capitals else 2)
    above_numbers = number == 0 or capitals
    within = 0 if above_numbers else 1 if number is not None else 2
    return (-size, place, within, 0 if item.look.bold else 1)


def _without_runs(elements: Sequence[Element], chosen: Sequence[int], body: float) -> list[int]:
    """Take typed lists out of the headings: numbered lines in a row with nothing between them."""
    marked = set(chosen)
    taken: set[int] = set()
    for index in chosen:
        item = elements[index]
        if not isinstance(item, Paragraph) or item.heading is not None:
            continue
        typed = _NUMBER.match(item.text) and not item.look.bold
        if item.look.size > body * 1.08 or not (typed or item.depth is not None):
            continue
        neighbors = {index - 1, index + 1} & marked
        if any(_same_list(item, elements[other]) for other in neighbors):
            taken.add(index)
    return [index for index in chosen if index not in taken]


def _same_list(one: Paragraph, other: Element) -> bool:
    if not isinstance(other, Paragraph):
        return False
    if one.depth is not None:
        return other.depth == one.depth
    if not _NUMBER.match(other.text):
        return False
    first, second = one.text.strip()[0], other.text.strip()[0]
    return first.isdigit() == second.isdigit() and first.isupper() == second.isupper()


def _named_lines(elements: Sequence[Element]) -> Iterator[Element]:
    """Mark strong lines that name a section in a document that has headings of its own."""
    level = 1
    for item in elements:
        if isinstance(item, Paragraph):
            if item.heading is not None:
                level = item.heading
            elif item.look.bold and item.depth is None and _score(item, item.look.size) > 0:
                meaning = meaning_of(item.text)
                if meaning.kind == "section" and meaning.score >= CERTAIN and meaning.words:
                    yield replace(item, heading=level + 1)
                    continue
        yield item


def _listed(elements: Sequence[Element]) -> Iterator[Element]:
    """Mark paragraphs that open with a typed number as items of an ordered list."""
    for item in elements:
        if (
            isinstance(item, Paragraph)
            and item.heading is None
            and item.depth is None
            and (match := _NUMBER.match(item.text))
        ):
            deep = 0 if item.text.strip()[0].isdigit() else 1
            shown = item.text[match.end() :]
            if shown.strip():
                source = item.text if item.source is None else item.source
                yield replace(item, text=item.text, depth=deep, ordered=True, source=source)
                continue
        yield item
