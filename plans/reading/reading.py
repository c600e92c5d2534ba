"""Reading a plan document of any known format: which one it is, is decided by its content."""

import re
from collections.abc import Iterator, Sequence

from plans.content.document import Phase
from plans.reading.courses import courses_in, phase_of
from plans.reading.filling import blanks_of, is_empty
from plans.reading.look import needs_look, tidied
from plans.reading.marked import read_markdown, read_text
from plans.reading.pdf import read_pdf
from plans.reading.placing import WHY_BETWEEN, WHY_CONTAINER, Piece, placed
from plans.reading.privacy import private_facts
from plans.reading.refusals import (
    GIVE_PLAN,
    decoded,
    format_of,
    is_html,
    is_markdown,
    refuse_other_markup,
)
from plans.reading.result import PlanReading, PlanRefused, ReadHazard, ReadSection, Unplaced
from plans.reading.source import (
    Element,
    Paragraph,
    Picture,
    Remark,
    SetAside,
    Source,
    Table,
    words,
    words_in,
    words_of,
)
from plans.reading.tables import (
    approvals_in,
    contacts_in,
    hazard_named,
    hazards_in,
    is_hazard_name,
    roles_in,
)
from plans.reading.web import read_html
from plans.reading.word import read_word

__all__ = ["MOST_WORDS", "PlanReading", "PlanRefused", "read_plan"]

MOST_WORDS = 2_000_000
# Parts of an annex that describe; their lists are no courses of action.
_TELLING_PARTS = frozenset(
    {"BP-02", "BP-04", "BP-05", "BP-07", "BP-08", "BP-09", "BP-10", "BP-16", "BP-17", "BP-18",
     "glossary"}
)  # fmt: skip
_APPENDIX = re.compile(r"\b(?:see|in|per|refer to|included (?:in|as))\s+(?:the\s+)?"
                       r"(?:appendix|attachment)\s*(?:[A-Z0-9]{1,2}\b)?|\bappendi(?:x|xes|ces)\s+[A-Z0-9]\b",
                       re.IGNORECASE)  # fmt: skip


def read_plan(name: str, data: bytes) -> PlanReading:
    """Return a plan document's sections, people, hazards, and the words that found no section.

    `name` stands in messages, and its ending tells Markdown from plain text. Every word of the
    file, a run of non-blank characters, is in a section or in `unplaced`. Raises PlanRefused for
    what is no document that can be read; nothing of it is kept then.
    """
    source = source_of(name, data)
    total = words_in(source.elements)
    if total > MOST_WORDS:
        what = f"The document has {total:,} words; at most {MOST_WORDS:,} are read"
        raise PlanRefused("too_many_words", what, name, "Split it into parts")
    if (
        not total
        and not source.remarks
        and not any(isinstance(e, Picture) for e in source.elements)
    ):
        raise PlanRefused("file_empty", "The document has no words", name, GIVE_PLAN)
    pieces = placed(tidied(source), by_look=needs_look(source.elements))
    elements = [item for piece in pieces for item in piece.elements]
    kept = [item for item in elements if not isinstance(item, SetAside)]
    return PlanReading(
        format=source.format,
        pages=source.pages,
        words_in=total,
        sections=tuple(_sections(pieces)),
        unplaced=tuple(_unplaced(pieces)),
        tables=sum(isinstance(item, Table) for item in elements),
        pictures=tuple(item for item in elements if isinstance(item, Picture)),
        contacts=tuple(dict.fromkeys(contacts_in(kept))),
        roles=tuple(roles_in(kept)),
        hazards=tuple(_hazards(pieces)),
        approvals=tuple(approvals_in(kept)),
        findings=(
            *source.remarks,
            *_remarks(pieces),
            *_absent_appendices(pieces),
            *private_facts(kept),
        ),
    )


def source_of(name: str, data: bytes) -> Source:
    """Return the elements of a file of any known format; raises PlanRefused for any other."""
    kind = format_of(name, data)
    if kind == "docx":
        return read_word(name, data)
    if kind == "pdf":
        return read_pdf(name, data)
    text = decoded(name, data)
    if is_html(text):
        return read_html(name, text)
    refuse_other_markup(name, text)
    return read_markdown(text) if is_markdown(name, text) else read_text(text)


def _sections(pieces: Sequence[Piece]) -> Iterator[ReadSection]:
    filled = _filled(pieces)
    for piece in pieces:
        held = [item for item in piece.elements if not isinstance(item, SetAside)]
        if not piece.target or not held:
            continue
        body = held[1:] if piece.heading else held
        phase: Phase = phase_of(piece.title) or _phase_above(piece) or "during"
        acts = not piece.target.startswith("BP-") and piece.refers_to not in _TELLING_PARTS
        found = courses_in(piece.title, body, phase=phase) if acts else None
        yield ReadSection(
            template_section=piece.target,
            heading=piece.title,
            level=piece.level,
            place=held[0].place,
            elements=tuple(held),
            score=piece.score,
            empty=id(piece) not in filled,
            refers_to=piece.refers_to,
            goals=tuple(found.goals) if found else (),
            courses=tuple(found.courses) if found else (),
        )


def _filled(pieces: Sequence[Piece]) -> set[int]:
    """Return the ids of pieces under which something is said, by themselves or by a part."""
    filled: set[int] = set()
    for piece in pieces:
        if not is_empty(piece.body):
            told: Piece | None = piece
            while told is not None:
                filled.add(id(told))
                told = told.parent
    return filled


def _phase_above(piece: Piece) -> Phase | None:
    above = piece.parent
    while above is not None and above.target == piece.target:
        if told := phase_of(above.title):
            return told
        above = above.parent
    return None


def _unplaced(pieces: Sequence[Piece]) -> Iterator[Unplaced]:
    """Yield what no section holds: set aside by the reader, or under a heading without meaning."""
    for piece in pieces:
        waiting: list[Element] = []
        for item in piece.elements:
            if isinstance(item, SetAside):
                yield from _together(waiting, piece)
                waiting = []
                if words_of(item):
                    shown = item.text if item.text.strip() else item.source or ""
                    yield Unplaced(item.place, piece.title, shown, item.why, words_of(item))
            elif not piece.target:
                if item is piece.heading and piece.why == WHY_CONTAINER:
                    yield Unplaced(item.place, piece.title, item.text, piece.why, words_of(item))
                else:
                    waiting.append(item)
        yield from _together(waiting, piece)


def _together(items: Sequence[Element], piece: Piece) -> Iterator[Unplaced]:
    count = words_in(items)
    if count:
        why = WHY_BETWEEN if piece.why == WHY_CONTAINER else piece.why
        texts = [
            item.text or (item.source or "") for item in items if not isinstance(item, Picture)
        ]
        text = "\n\n".join(text for text in texts if text.strip())
        yield Unplaced(items[0].place, piece.title, text, why, count)


def _hazards(pieces: Sequence[Piece]) -> Iterator[ReadHazard]:
    """Yield the hazards of tables, then those named by headings below the situation overview."""
    seen: set[str] = set()
    for piece in pieces:
        named = list(hazards_in(piece.body))
        above = piece.parent
        within = piece.target == "BP-09" and above is not None and above.target == "BP-09"
        if within and is_hazard_name(piece.title):
            named.append(hazard_named(piece.title, piece.elements[0].place))
        for hazard in named:
            if hazard.slug not in seen:
                seen.add(hazard.slug)
                yield hazard


def _remarks(pieces: Sequence[Piece]) -> Iterator[Remark]:
    titles: dict[str, str] = {}
    for piece in pieces:
        place = piece.elements[0].place if piece.elements else ""
        title = piece.title or "the opening"
        blanks, brackets = blanks_of(piece.elements)
        if blanks or brackets:
            told = [f"{blanks} blank{'s' * (blanks > 1)}"] if blanks else []
            told += [f"brackets {', '.join(dict.fromkeys(brackets))}"] if brackets else []
            yield Remark("unfilled", "warning", place,
                         f"Left to fill in under {title}: {' and '.join(told)}",
                         "Fill them in, or take them out")  # fmt: skip
        if piece.heading is not None and words(piece.title):
            key = piece.title.casefold().lstrip("0123456789. ")
            if key in titles and titles[key] != piece.target and len(piece.elements) > 1:
                yield Remark("heading_repeated", "info", place,
                             f"The heading {piece.title} stands more than once",
                             "Look whether both parts are in the right section")  # fmt: skip
            titles.setdefault(key, piece.target)
        if piece.target and 0 < piece.score < 0.6 and isinstance(piece.heading, Paragraph):
            yield Remark("meaning_guessed", "info", place,
                         f"{title} was taken as {piece.target} by its words",
                         "Look whether it belongs there")  # fmt: skip


def _absent_appendices(pieces: Sequence[Piece]) -> Iterator[Remark]:
    """Yield a finding where the text sends the reader to an appendix that the file lacks."""
    if any(re.match(r"\s*(?:appendix|attachment)", piece.title, re.IGNORECASE) for piece in pieces):
        return
    for piece in pieces:
        for item in piece.elements:
            if isinstance(item, Paragraph) and (match := _APPENDIX.search(item.text)):
                what = f"The text says “{' '.join(match[0].split())}”; the file has no appendix"
                mend = "Bring the appendix in, or take the reference out"
                yield Remark("appendix_absent", "warning", item.place, what, mend)
                return
