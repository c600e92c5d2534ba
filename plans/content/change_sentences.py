"""Changes of a plan in plain words, one sentence each, as a principal would say them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plans.content.changes import (
    BlockChange,
    CourseChange,
    FactChange,
    PlanChanges,
    RoleChange,
    SectionChange,
    course_text,
)
from plans.content.document import Audience, Block, CourseOfAction, Section
from plans.content.markdown import to_plain
from plans.content.positions import position_name
from plans.content.row_changes import RowChange
from plans.content.word_difference import Segment

READERS: Mapping[Audience, str] = {
    "public": "everyone",
    "staff": "staff",
    "responder": "responders",
    "restricted": "named people only",
}
PARTS = {
    "basic_plan": "section",
    "functional_annex": "functional annex",
    "hazard_annex": "hazard annex",
}
FACT_NAMES: Mapping[str, str] = {
    "enrollment": "number of students",
    "staff_count": "number of staff",
    "nces_id": "NCES id",
}
_LONGEST_QUOTE = 220
_MOST_SENTENCES = 2  # more changed sentences than this are told as a text written anew
_SENTENCE_END = re.compile(r"(?<=[.!?”\"])\s+(?=[\"“A-Z0-9])|\n+")
_TWICE_ENDED = re.compile(r"([.!?…])”\.$")
_OPENING_HEADING = re.compile(
    r"\s*(?:#+\s*(?P<mark>[^\n]+)|\*\*(?P<strong>[^*\n]+)\*\*\s*(?:\n|$))"
)

PlaceLabel = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class ChangeSentence:
    """One change in plain words and where it stands; ids are None for what is in no section."""

    text: str
    section_id: str | None
    template_id: str | None
    block_id: str | None = None


def sentences(
    changes: PlanChanges, *, place_label: PlaceLabel = lambda _: None
) -> list[ChangeSentence]:
    """Return every change as one sentence: sections in their order, then people, facts and map.

    `place_label` names a map feature by its id, for steps that are done at another place. No change
    goes without a sentence.
    """
    told = [
        ChangeSentence(_ended(text), change.section_id, change.template_id, block_id)
        for change in changes.sections
        for text, block_id in _of_section(change, changes, place_label)
    ]
    titles = {section.id: section for section in changes.after.sections}
    for section_id in changes.withheld:
        section = titles.get(section_id)
        place = f"In {section.title}, a part" if section else "A part that you saw before"
        template_id = section.template_id if section else None
        told.append(ChangeSentence(f"{place} is no longer shown to you.", section_id, template_id))
    posts = next((s for s in changes.after.sections if s.template_id == "BP-13"), None)
    where = (posts.id, posts.template_id) if posts else (None, None)
    told.extend(ChangeSentence(_of_role(role), *where) for role in changes.roles)
    told.extend(ChangeSentence(_of_fact(fact), None, None) for fact in changes.facts)
    if changes.map_changed:
        told.append(ChangeSentence(_of_map(changes), None, None))
    return told


def block_name(block: Block) -> str:
    """Return how a sentence speaks of a block: its heading, its goal, or what it holds."""
    if block.goal:
        return f"the goal for {block.goal}"
    if match := _OPENING_HEADING.match(block.markdown):
        return f"“{to_plain(match['mark'] or match['strong']).strip().rstrip('.:')}”"
    names = {"contacts": "the contacts", "roles": "the posts", "picture": "the picture"}
    if block.kind == "courses_of_action":
        return "the courses of action"
    return names.get(block.kind, "the text")


def quoted(text: str) -> str:
    """Return the words in quotation marks, inner marks made single, cut at a word when long."""
    words = " ".join(text.split()).replace("“", "‘").replace("”", "’")
    if len(words) > _LONGEST_QUOTE:
        words = words[:_LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
    return f"“{words}”"


def _ended(sentence: str) -> str:
    """Drop the full stop after a quotation that has its own end."""
    return _TWICE_ENDED.sub(r"\1”", sentence)


def _of_section(
    change: SectionChange, changes: PlanChanges, place_label: PlaceLabel
) -> Iterator[tuple[str, str | None]]:
    before, after = change.before, change.after
    whole = changes.audience in {None, "restricted"}
    if after is None:
        if before is not None:
            title, part = before.title, PARTS[before.part]
            place = "the plan" if whole else "what you are shown"
            yield f"The {part} {title} is no longer in {place}.", None
        return
    if before is None:
        place = "The plan has" if whole else "You are now shown"
        yield f"{place} a new {PARTS[after.part]}: {after.title}.", None
        return
    if change.renamed:
        yield f"{quoted(before.title)} is now called {quoted(after.title)}.", None
    if change.moved:
        yield f"{after.title} stands at another place: {_neighbor(after, changes)}.", None
    if before.not_applicable != after.not_applicable:
        if after.not_applicable:
            yield f"{after.title} does not apply to this campus: {after.not_applicable}", None
        else:
            yield f"{after.title} applies to this campus again.", None
    if (before.template_id, before.part) != (after.template_id, after.part):
        yield f"{after.title} now counts as a {PARTS[after.part]}, {after.template_id}.", None
    for block in change.blocks:
        for text in _of_block(block, after.title, place_label):
            yield text, (block.after or block.before or Block("", "text", "staff")).id


def _neighbor(section: Section, changes: PlanChanges) -> str:
    order = changes.after.sections
    place = next(number for number, other in enumerate(order) if other.id == section.id)
    return f"after {order[place - 1].title}" if place else "first of all"


def _of_block(change: BlockChange, title: str, place_label: PlaceLabel) -> Iterator[str]:
    before, after = change.before, change.after
    if before is None or after is None:
        yield from _of_whole_block(change, title)
    else:
        name = block_name(after)
        if before.audience != after.audience:
            yield (
                f"In {title}, {name} is now for {READERS[after.audience]}; "
                f"it was for {READERS[before.audience]}."
            )
        if change.from_section is not None:
            yield f"In {title}, {name} is new here: it stood in another section."
        elif change.moved:
            yield f"In {title}, {name} stands at another place."
        if (before.kind, before.goal) != (after.kind, after.goal):
            yield f"In {title}, {block_name(before)} has become {name}."
        yield from _of_text(change, title, name)
    for course in change.courses:
        yield _of_course(course, title, place_label)
    for row in change.rows:
        yield _of_row(row, title, block_name(after or before or Block("", "text", "staff")))


def _of_whole_block(change: BlockChange, title: str) -> Iterator[str]:
    block = change.after or change.before
    if block is None or (block.kind == "courses_of_action" and block.courses):
        return  # its steps tell
    words = to_plain(block.markdown) or "; ".join(", ".join(row.values()) for row in block.rows)
    said = f": {quoted(words)}" if words.strip() else ""
    state = "is new" if change.after is not None else "is taken out"
    yield f"In {title}, {block_name(block)} {state}{said}."


def _of_text(change: BlockChange, title: str, name: str) -> Iterator[str]:
    if change.form_only:
        yield f"In {title}, {name} has the same words in another form."
    elif change.references:
        yield f"In {title}, {name} has the same words, but a reference leads to another place."
    for row in change.tables.rows:
        yield _of_row(row, title, "a table")
    if change.tables.rows and change.tables.around_same:
        return
    kinds = {segment.kind for segment in change.segments}
    if "added" not in kinds and "removed" not in kinds:
        return
    touched = _touched_sentences(change.segments)
    if change.after is not None and change.after.goal:
        yield f"In {title}, {name} now reads: {quoted(to_plain(change.after.markdown))}."
    elif not touched:
        gone = "".join(s.text for s in change.segments if s.kind == "removed")
        yield f"In {title}, {name} no longer says {quoted(gone)}."
    elif len(touched) <= _MOST_SENTENCES:
        yield f"In {title}, {name} now says: {quoted(' '.join(touched))}."
    else:
        yield f"In {title}, {name} is written anew. It now says: {quoted(' '.join(touched))}."


def _touched_sentences(segments: tuple[Segment, ...]) -> list[str]:
    """Return the sentences of the newer text in which words are new or were taken out."""
    text = "".join(segment.text for segment in segments if segment.kind != "removed")
    marks: list[tuple[int, int]] = []
    place = 0
    for segment in segments:
        if segment.kind == "removed":
            if segment.text.strip():
                marks.append((place, place))
            continue
        if segment.kind == "added":
            marks.append((place, place + len(segment.text)))
        place += len(segment.text)
    found: list[str] = []
    start = 0
    for end, after in [
        *((m.start(), m.end()) for m in _SENTENCE_END.finditer(text)),
        (len(text), 0),
    ]:
        inside = any(
            max(low, start) < min(high, end) if low < high else start < low < end
            for low, high in marks
        )
        if inside and text[start:end].strip():
            found.append(text[start:end].strip())
        start = after
    return found


def _of_course(change: CourseChange, title: str, place_label: PlaceLabel) -> str:
    before, after = change.before, change.after
    if after is None:
        if before is None:
            return f"In {title}, a step differs."
        step = f"step {change.number_before} of {before.phase}"
        return f"In {title}, {step} is taken out: {quoted(course_text(before))}."
    step = f"step {change.number_after} of {after.phase}"
    if before is None:
        return f"In {title}, {step} is new: {quoted(course_text(after))}."
    if before == after:
        was = f"it was step {change.number_before}"
        return f"In {title}, {quoted(course_text(after))} is now {step}; {was}."
    return f"In {title}, {step} {_course_difference(before, after, place_label)}"


def _course_difference(
    before: CourseOfAction, after: CourseOfAction, place_label: PlaceLabel
) -> str:
    if course_text(before) != course_text(after):
        return f"now reads: {quoted(course_text(after))}."
    if before.phase != after.phase:
        return f"({quoted(course_text(after))}) was a step of {before.phase}."
    if before.where != after.where:
        was = (before.where and place_label(before.where)) or "another place"
        now = (after.where and place_label(after.where)) or "no place on the map"
        if after.where and now == "no place on the map":
            now = "another place on the map"
        return f"({quoted(course_text(after))}) now belongs to {now}; before, to {was}."
    return f"({quoted(course_text(after))}) has the same words in another form or reference."


def _of_row(change: RowChange, title: str, name: str) -> str:
    row = change.after if change.after is not None else change.before
    words = quoted(", ".join(value for value in (row or {}).values() if value))
    state = {
        "added": f"has a new row: {words}",
        "removed": f"no longer has the row {words}",
        "moved": f"has the row {words} at another place",
        "changed": f"has a changed row: {words}",
    }[change.kind]
    return f"In {title}, {name} {state}."


def _of_role(change: RoleChange) -> str:
    post = position_name(change.position)
    if change.field == "phone":
        if not change.after:
            return f"The {post} has no duty number any more."
        return f"The duty number of the {post} is now {change.after}."
    if change.field == "person":
        if not change.after:
            return f"The post of {post} is empty; it was held by {change.before}."
        instead = f", in place of {change.before}" if change.before else ""
        return f"{change.after} is {post}{instead}."
    step_in = change.field.replace("_", " ")
    if not change.after:
        return f"The {post} has no {step_in} any more; it was {change.before}."
    instead = f", in place of {change.before}" if change.before else ""
    return f"{change.after} is {step_in} for the {post}{instead}."


def _of_fact(change: FactChange) -> str:
    name = FACT_NAMES.get(change.name, change.name.replace("_", " "))
    if change.after is None:
        return f"The {name} is no longer given; it was {_fact(change.before)}."
    was = "" if change.before is None else f"; it was {_fact(change.before)}"
    return f"The {name} is now {_fact(change.after)}{was}."


def _fact(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def _of_map(changes: PlanChanges) -> str:
    old, new = changes.before.map_version, changes.after.map_version
    if new is None:
        return f"The plan stands on no map any more; it stood on map version {old}."
    if old is None:
        return f"The plan now stands on map version {new}."
    if old == new:
        return f"Map version {new} is not the same map as before."
    return f"The plan now stands on map version {new}; it stood on map version {old}."
