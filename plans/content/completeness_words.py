"""Checks of wording: what must be mentioned, what must not be in a plan, plain language."""

import functools
import re
from collections.abc import Iterator, Mapping

from plans.content.completeness_facts import Facts, Gap
from plans.content.document import Block, PlanDocument, Section
from plans.content.mentions import MENTIONS, Mention
from plans.content.wording import (
    CODE_WORDS,
    DIAGNOSES,
    LONGEST_AVERAGE_WORDS,
    NOT_NAMES,
    PERSONAL_DATA,
    STUDENT_NAME,
    average_sentence,
    block_is_empty,
    block_words,
    first_match,
    folded,
    needles,
    section_words,
)

_HEADING_MARKS = re.compile(r"^(#{1,6})[ \t]+(.+)$", re.MULTILINE)
_TABLE_HEAD = re.compile(r"^[ \t]*(\|.*\|)[ \t]*\n[ \t]*\|[ \t]*:?-{2,}", re.MULTILINE)
_WORDS = re.compile(r"\w+")
_UTILITY_POINTS = {"gas": "gas", "water": "water", "electric": "electricity", "hvac": "HVAC"}


def check_words(document: PlanDocument, facts: Facts) -> Iterator[Gap]:
    """Yield gaps of CK-16, CK-17, CK-20, CK-21, CK-27 to CK-31, CK-33 and CK-34."""
    said = {section.id: section_words(section) for section in document.sections}
    lower = {section_id: text.lower() for section_id, text in said.items()}
    unique = " ".join({word for text in lower.values() for word in text.split()})
    vocabulary = f" {' '.join(_WORDS.findall(unique))}"
    for mention in MENTIONS:
        yield from _mention(mention, document, facts, lower, vocabulary)
    for section in document.sections:
        for block in section.blocks:
            if not block_is_empty(block):
                yield from _private_facts(section, block)
        yield from _plain_language(section, said[section.id])
        yield from _accessible(section)


def _mention(
    mention: Mention,
    document: PlanDocument,
    facts: Facts,
    lower: Mapping[str, str],
    vocabulary: str,
) -> Iterator[Gap]:
    """Report the points of a mention that no section in question speaks of.

    A section that is empty or does not apply is already a gap of its own: no more is said of it.
    """
    asked = [
        section
        for section in document.sections
        if not mention.template_ids or section.template_id in mention.template_ids
    ]
    written = [s for s in asked if lower[s.id].strip() and not s.not_applicable.strip()]
    if not written:
        return
    text = "\n".join(lower[section.id] for section in written)
    on_map = {_UTILITY_POINTS.get(utility, utility) for utility in facts.utilities_on_map}
    missing = [
        name
        for name, pattern in mention.points
        if not (_may_match(pattern, vocabulary) and _compiled(pattern).search(text))
        and not (mention.code == "CK-20" and name in on_map)
    ]
    if missing:
        home = written[0] if mention.template_ids else None
        yield Gap(
            mention.code,
            mention.severity,
            f"Not yet said: {', '.join(missing)}",
            home.title if home else "Whole plan",
            mention.mend,
            home.id if home else None,
        )


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of `MENTIONS` for a text in lower case."""
    return folded(pattern)


def _may_match(pattern: str, vocabulary: str) -> bool:
    """Tell whether a word of the plan could be one of the pattern's: a long text is then searched.

    To search half a million characters for each of thirty words took most of the time.
    """
    return any(f" {needle}" in vocabulary for needle in _needles(pattern))


_needles = functools.cache(needles)


def _private_facts(section: Section, block: Block) -> Iterator[Gap]:
    """CK-16: no student by name, no diagnosis. CK-31: no private address, number, birth date."""
    text = block_words(block)
    if (told := first_match(DIAGNOSES, text)) is not None:
        what = f"{section.title} names a diagnosis: “{told}”"
        mend = "Write the kind of help and a count; diagnoses stay in the school's own records."
        yield Gap("CK-16", "error", what, section.title, mend, section.id, block.id)
    for match in STUDENT_NAME.finditer(text) if "tudent" in text else ():
        if not NOT_NAMES.intersection(match["name"].split()):
            what = f"{section.title} seems to name a student: “{match['name']}”"
            mend = "Take the name out: a plan holds counts and places only."
            yield Gap("CK-16", "error", what, section.title, mend, section.id, block.id)
            break
    told = None if _contact_sheet(block) else first_match(PERSONAL_DATA, text)
    if told is not None:
        what = f"{section.title} holds private data: “{told.strip()}”"
        mend = "Private numbers and addresses belong to the restricted contact sheet only."
        yield Gap("CK-31", "error", what, section.title, mend, section.id, block.id)


def _contact_sheet(block: Block) -> bool:
    return block.kind == "contacts" and block.audience == "restricted"


def _plain_language(section: Section, text: str) -> Iterator[Gap]:
    """CK-30: no code words for protective actions; sentences of 25 words at most on average."""
    if (told := first_match(CODE_WORDS, text)) is not None:
        what = f"{section.title} uses “{told}”"
        mend = "Use the words Hold, Secure, Lockdown, Evacuate, Shelter; assembly area; all clear."
        yield Gap("CK-30", "warning", what, section.title, mend, section.id)
    average = average_sentence(text)
    if average > LONGEST_AVERAGE_WORDS:
        what = f"Sentences in {section.title} have {average:.0f} words on average"
        yield Gap("CK-30", "warning", what, section.title, "Make them shorter.", section.id)


def _accessible(section: Section) -> Iterator[Gap]:
    """CK-34: heading levels do not jump, tables head their columns, pictures say what they show."""
    level = 0
    for block in section.blocks:
        for match in _HEADING_MARKS.finditer(block.markdown):
            if level and len(match[1]) > level + 1:
                what = f"Headings in {section.title} jump a level at “{match[2].strip()}”"
                mend = "Take the next level, so that a screen reader can follow."
                yield Gap("CK-34", "warning", what, section.title, mend, section.id, block.id)
            level = len(match[1])
        for match in _TABLE_HEAD.finditer(block.markdown):
            if any(not cell.strip() for cell in match[1].strip().strip("|").split("|")):
                what = f"A table in {section.title} has a column without heading"
                mend = "Give every column a heading."
                yield Gap("CK-34", "warning", what, section.title, mend, section.id, block.id)
        if block.kind == "picture" and any(not row.get("alt", "").strip() for row in block.rows):
            what = f"A picture in {section.title} has no description"
            mend = "Describe it in one sentence for those who cannot see it."
            yield Gap("CK-34", "warning", what, section.title, mend, section.id, block.id)
