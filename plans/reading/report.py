"""What `muster plan read FILE` prints: everything read, counted, and what is missing."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from plans.content.completeness import gaps
from plans.reading.assembling import document_of
from plans.reading.reading import read_plan
from plans.reading.result import PlanReading, ReadSection
from plans.reading.source import CONTENTS, Paragraph, Table

_DATE = re.compile(
    r"\b(?:(?P<y1>20\d\d)-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})"
    r"|(?P<m2>\d{1,2})/(?P<d2>\d{1,2})/(?P<y2>20\d\d|\d\d)\b"
    r"|(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+(?:(?P<d3>\d{1,2}),?\s+)?"
    r"(?P<y3>20\d\d))",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATED_SECTIONS = frozenset({"BP-01", "BP-02", "BP-03", "BP-04", "BP-17"})


def read_report(name: str, data: bytes, today: date) -> dict[str, Any]:
    """Return the report of a plan file as JSON; raises PlanRefused for a file that is not read."""
    return report_of(read_plan(name, data), today)


def report_of(reading: PlanReading, today: date) -> dict[str, Any]:
    """Return the report of a reading. `today` decides which reviews are overdue."""
    return {**contents_of(reading), "findings": list(_findings(reading, today))}


def contents_of(reading: PlanReading) -> dict[str, Any]:
    """Return what a file holds, without what the plan lacks."""
    return {
        "format": reading.format,
        "pages": reading.pages or None,
        "words_in": reading.words_in,
        "words_placed": reading.words_placed,
        "words_unplaced": reading.words_unplaced,
        "sections": [_section(section) for section in reading.sections],
        "tables": reading.tables,
        "pictures": [
            {"name": p.name, "alt": p.alt, "where": p.place, "bytes": len(p.content)}
            for p in reading.pictures
        ],
        "contacts": [
            {"name": c.name, "role": c.role, "phone": c.phone, "email": c.email, "where": c.where}
            for c in reading.contacts
        ],
        "roles": [
            {"position": r.position, "title": r.title, "person": r.person,
             "first_alternate": r.first_alternate, "second_alternate": r.second_alternate,
             "where": r.where}
            for r in reading.roles
        ],
        "hazards": [
            {"name": h.name, "slug": h.slug, "template_section": h.template_section or None,
             "scores": dict(h.scores), "where": h.where}
            for h in reading.hazards
        ],
        "approvals": [
            {"name": a.name, "post": a.post, "where": a.where} for a in reading.approvals
        ],
        "unplaced": [
            {"where": u.where, "heading": u.heading, "text": u.text, "why": u.why, "words": u.words}
            for u in reading.unplaced
        ],
    }  # fmt: skip


def last_dated(reading: PlanReading) -> date | None:
    """Return the latest date in cover, approval, record of changes or maintenance, if any."""
    found = [
        told
        for section in reading.sections
        if section.template_section in _DATED_SECTIONS
        for item in section.elements
        if isinstance(item, (Paragraph, Table))
        for match in _DATE.finditer(item.text)
        if (told := _date(match)) is not None
    ]
    return max(found, default=None)


def _section(section: ReadSection) -> dict[str, Any]:
    told: dict[str, Any] = {
        "template_section": section.template_section,
        "heading": section.heading,
        "words": section.words,
        "level": section.level,
        "where": section.place,
        "score": round(section.score, 2),
        "empty": section.empty,
    }
    if section.refers_to:
        told["refers_to"] = section.refers_to
    if section.goals:
        told["goals"] = [
            {"kind": g.kind, "phase": g.phase, "text": g.text, "courses_of_action": g.courses}
            for g in section.goals
        ]
    if section.courses:
        told["courses_of_action"] = [
            {"phase": c.phase, "actor": c.actor, "action": c.action} for c in section.courses
        ]
    return told


def _findings(reading: PlanReading, today: date) -> Iterator[dict[str, Any]]:
    """Yield what reading noticed, then what the plan lacks as completeness says it."""
    told: set[tuple[str, str]] = set()
    for remark in reading.findings:
        told.add((remark.code, ""))
        yield {"code": remark.code, "severity": remark.severity, "where": remark.where,
               "what": remark.what, "mend": remark.mend}  # fmt: skip
    yield from _objectives_without_steps(reading)
    if not reading.sections:
        return
    if not any(item.why == CONTENTS for item in reading.unplaced):
        yield {"code": "CK-01", "severity": "info", "where": "Basic plan, BP-06",
               "what": "The file has no table of contents",
               "mend": "Nothing needs doing: it is written from the sections."}  # fmt: skip
    document = document_of(reading)
    for gap in gaps(document, today=today, reviewed_on=last_dated(reading)):
        if gap.code in {"CK-16", "CK-31"} and (gap.code, "") in told:
            continue  # told above, with the place in the file
        yield {"code": gap.code, "severity": gap.severity, "where": gap.where, "what": gap.what,
               "mend": gap.mend}  # fmt: skip


def _objectives_without_steps(reading: PlanReading) -> Iterator[dict[str, Any]]:
    """Yield CK-04 for each labeled objective under which no course of action stands."""
    for section in reading.sections:
        for goal in section.goals:
            if (
                goal.kind == "objective"
                and not goal.courses
                and any(g.courses for g in section.goals)
            ):
                yield {"code": "CK-04", "severity": "error", "where": section.heading,
                       "what": f"The objective “{goal.text[:80]}” has no course of action",
                       "mend": "Add who does what to reach it."}  # fmt: skip


def _date(match: re.Match[str]) -> date | None:
    if match["y1"]:
        year, month, day = match["y1"], match["m1"], match["d1"]
    elif match["y2"]:
        year, month, day = match["y2"], match["m2"], match["d2"]
        year = year if len(year) == 4 else f"20{year}"
    else:
        year, day = match["y3"], match["d3"] or "1"
        month = str(_MONTHS.index(match["month"].casefold()) + 1)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
