"""Checks of wording: what must be mentioned, what must not be in a plan, plain language."""

import re
from collections.abc import Iterator

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
    section_is_empty,
    section_words,
)

_HEADING_MARKS = re.compile(r"^(#{1,6})[ \t]+(.+)$", re.MULTILINE)
_TABLE_HEAD = re.compile(r"^[ \t]*(\|.*\|)[ \t]*\n[ \t]*\|[ \t]*:?-{2,}", re.MULTILINE)
_UTILITY_POINTS = {"gas": "gas", "water": "water", "electric": "electricity", "hvac": "HVAC"}


def check_words(document: PlanDocument, facts: Facts) -> Iterator[Gap]:
    """Yield gaps of CK-16, CK-17, CK-20, CK-21, CK-27 to CK-31, CK-33 and CK-34."""
    for mention in MENTIONS:
        yield from _mention(mention, document, facts)
    for section in document.sections:
        for block in section.blocks:
            if not block_is_empty(block):
                yield from _private_facts(section, block)
        yield from _plain_language(section)
        yield from _accessible(section)


def _mention(mention: Mention, document: PlanDocument, facts: Facts) -> Iterator[Gap]:
    """Report the points of a mention that no section in question speaks of.

    A section that is empty or does not apply is already a gap of its own: no more is said of it.
    """
    asked = [
        section
        for section in document.sections
        if not mention.template_ids or section.template_id in mention.template_ids
    ]
    written = [s for s in asked if not section_is_empty(s) and not s.not_applicable.strip()]
    if not written:
        return
    text = "\n".join(section_words(section) for section in written)
    on_map = {_UTILITY_POINTS.get(utility, utility) for utility in facts.utilities_on_map}
    missing = [
        name
        for name, pattern in mention.points
        if not re.search(pattern, text, re.IGNORECASE)
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


def _private_facts(section: Section, block: Block) -> Iterator[Gap]:
    """CK-16: no student by name, no diagnosis. CK-31: no private address, number, birth date."""
    text = block_words(block)
    if match := DIAGNOSES.search(text):
        what = f"{section.title} names a diagnosis: “{match[0]}”"
        mend = "Write the kind of help and a count; diagnoses stay in the school's own records."
        yield Gap("CK-16", "error", what, section.title, mend, section.id, block.id)
    for match in STUDENT_NAME.finditer(text):
        if not NOT_NAMES.intersection(match["name"].split()):
            what = f"{section.title} seems to name a student: “{match['name']}”"
            mend = "Take the name out: a plan holds counts and places only."
            yield Gap("CK-16", "error", what, section.title, mend, section.id, block.id)
            break
    if (match := PERSONAL_DATA.search(text)) and not _contact_sheet(block):
        what = f"{section.title} holds private data: “{match[0].strip()}”"
        mend = "Private numbers and addresses belong to the restricted contact sheet only."
        yield Gap("CK-31", "error", what, section.title, mend, section.id, block.id)


def _contact_sheet(block: Block) -> bool:
    return block.kind == "contacts" and block.audience == "restricted"


def _plain_language(section: Section) -> Iterator[Gap]:
    """CK-30: no code words for protective actions; sentences of 25 words at most on average."""
    text = section_words(section)
    if match := CODE_WORDS.search(text):
        what = f"{section.title} uses “{match[0]}”"
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
