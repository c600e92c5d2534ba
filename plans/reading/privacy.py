"""Private facts that do not belong in a plan: names of students, diagnoses, lists of medication."""

import re
from collections.abc import Iterator, Sequence

from plans.content.wording import DIAGNOSES, NOT_NAMES, PERSONAL_DATA, STUDENT_NAME
from plans.reading.source import Element, Paragraph, Remark, Table

_STUDENT_COLUMN = re.compile(
    r"\b(?:student|pupil|child)(?:['’]?s)?\b(?!\s*(?:count|number|total))", re.IGNORECASE
)
_HEALTH_COLUMN = re.compile(
    r"\b(?:medical|medication|medicine|diagnos|condition|allerg|health|disabilit|IEP|504|seizure"
    r"|inhaler|epi-?pen|dosage|dose)", re.IGNORECASE,
)  # fmt: skip
_PERSON = re.compile(r"\s*[A-Z][\w'’-]+(?:,?\s+[A-Z][\w'’.-]*){1,3}\s*")
_MEDICAL_LIST = re.compile(
    r"^\W*(?P<name>[A-Z][a-z]+(?:\s+[A-Z]\.?)?\s+[A-Z][a-z]+)\b[^.\n]{0,30}?"
    r"(?:\b(?:allerg|takes?\b|inhaler|insulin|epi-?pen|seizures?|asthma|medication|wheelchair)"
    r"|\bgrade\b|\bIEP\b)",
    re.MULTILINE,
)
_STOP = frozenset(
    {
        "Health",
        "School",
        "Medical",
        "Emergency",
        "Nurse",
        "Office",
        "First",
        "Student",
        "Staff",
        "Service",
        "Services",
        "Response",
        "Care",
        "Special",
        "Safety",
        "Team",
        "The",
        "Any",
        "All",
        "Fire",
        "Police",
        "Department",
        "Epi",
        "Administration",
        "Medication",
        "Asthma",
        "Seizure",
        "Each",
        "Follow",
        "Use",
        "Give",
        "Call",
        "Every",
        "Middle",
        "High",
        "Elementary",
        "Grade",
    }
)
_MEND_NAMES = "Take the names out before the plan is used: a plan holds counts and places only"


def private_facts(elements: Sequence[Element]) -> Iterator[Remark]:
    """Yield a finding for each place that seems to name a student or a person's illness.

    The finding names the place and the kind, and repeats none of the words.
    """
    for item in elements:
        if isinstance(item, Table):
            yield from _in_table(item)
        elif isinstance(item, Paragraph):
            yield from _in_text(item.text, item.place)


def _in_table(table: Table) -> Iterator[Remark]:
    head = table.rows[0] if table.rows else ()
    students = [i for i, cell in enumerate(head) if _STUDENT_COLUMN.search(cell)]
    health = [i for i, cell in enumerate(head) if _HEALTH_COLUMN.search(cell)]
    people = sum(
        bool(row) and any(_PERSON.fullmatch(cell) for cell in row[:2]) for row in table.rows[1:]
    )
    if health and people:
        yield Remark("CK-16", "error", table.place,
                     f"A table lists {people} names beside medical facts", _MEND_NAMES)  # fmt: skip
    elif students and any(
        i < len(row) and _PERSON.fullmatch(row[i]) for row in table.rows[1:] for i in students
    ):
        yield Remark("CK-16", "error", table.place, "A table lists students by name", _MEND_NAMES)
    else:
        for row in table.rows:
            yield from _in_text(" | ".join(row), table.place)


def _in_text(text: str, place: str) -> Iterator[Remark]:
    if DIAGNOSES.search(text):
        yield Remark("CK-16", "error", place, "The text names a diagnosis",
                     "Write the kind of help and a count")  # fmt: skip
    named = [m for m in STUDENT_NAME.finditer(text) if not NOT_NAMES & set(m["name"].split())]
    listed = [m for m in _MEDICAL_LIST.finditer(text) if not _STOP & set(m["name"].split())]
    if named or listed:
        yield Remark("CK-16", "error", place, "The text seems to name a student", _MEND_NAMES)
    if PERSONAL_DATA.search(text):
        yield Remark("CK-31", "error", place, "The text holds a private number, address or date",
                     "Keep it in the restricted contact sheet only")  # fmt: skip
