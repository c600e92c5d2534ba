"""The strict reader of a school year's file form (`design.md` section 7), and its words."""

import json
import re
from datetime import date
from itertools import pairwise
from typing import Any, NoReturn

from drills.rules import fields as f
from drills.rules import words
from drills.rules.fields import Fields, Refused
from drills.rules.record import (
    AgencyPresence,
    DrillRecord,
    Filing,
    Lesson,
    Notice,
    Report,
    School,
    SchoolHours,
    SchoolYear,
    Span,
    Term,
    Waiver,
)
from drills.rules.unknown import UNKNOWN, Unknown

__all__ = [
    "UNKNOWN",
    "AgencyPresence",
    "DrillRecord",
    "Filing",
    "Lesson",
    "Notice",
    "Report",
    "School",
    "SchoolHours",
    "SchoolYear",
    "SchoolYearRefused",
    "Span",
    "Term",
    "Unknown",
    "Waiver",
    "read_school_year",
    "read_school_year_text",
]

MOST_BYTES = 8 * 1024 * 1024
MOST_DRILLS = 2000
LONGEST_YEAR_DAYS = 400
EARLIEST_YEAR, LATEST_YEAR = 1950, 2200

_SIMULATED = re.compile(r"[a-z][a-z0-9_]{0,59}")
_GRADES = re.compile(rf"({'|'.join(words.GRADES)})(?:-({'|'.join(words.GRADES)}))?")


class SchoolYearRefused(Refused):
    """A school year that cannot be judged: the place in the file, why, and how to mend it."""


def read_school_year_text(content: bytes) -> SchoolYear:
    """Return the school year of a JSON file; raises SchoolYearRefused.

    A field written twice, NaN, text that is not UTF-8 and files over 8 MB are refused.
    """
    if len(content) > MOST_BYTES:
        raise SchoolYearRefused(
            where="the file",
            why=f"It is larger than {MOST_BYTES // 1024 // 1024} MB.",
            mend="Give one file per school and year.",
        )
    try:
        data = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_no_twins, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise SchoolYearRefused(
            where=f"byte {error.start + 1}",
            why="The file is not UTF-8 text.",
            mend="Save it again as UTF-8.",
        ) from error
    except json.JSONDecodeError as error:
        raise SchoolYearRefused(
            where=f"line {error.lineno}, column {error.colno}",
            why=f"The file is not JSON: {error.msg}.",
            mend="Mend this place by hand, or save the file again.",
        ) from error
    except RecursionError as error:
        raise SchoolYearRefused(
            where="the file",
            why="It is nested too deep.",
            mend="A school year needs five levels: write it in the form of the documentation.",
        ) from error
    return read_school_year(data)


def read_school_year(data: object) -> SchoolYear:
    """Return the school year of parsed JSON.

    Raises SchoolYearRefused for an unknown field, type or value, with its place and the mend. A
    key `expected` is ignored. A drill without id gets its date and type as one.
    """
    top = Fields(data, "", SchoolYearRefused)
    top.ignore("expected")
    jurisdiction = top.needed("jurisdiction", f.word(words.JURISDICTIONS))
    year = top.needed("school_year", f.inner)
    first_day, last_day = year.needed("first_day", f.day), year.needed("last_day", f.day)
    if not EARLIEST_YEAR <= first_day.year <= LATEST_YEAR:
        year.refuse(
            "first_day",
            f"{first_day.year} lies outside {EARLIEST_YEAR} to {LATEST_YEAR}.",
            "Correct the year.",
        )
    if last_day < first_day:
        year.refuse("last_day", "The last day lies before the first.", "Exchange or correct them.")
    if (last_day - first_day).days > LONGEST_YEAR_DAYS:
        year.refuse(
            "last_day",
            f"The year is longer than {LONGEST_YEAR_DAYS} days.",
            "Give one school year a file.",
        )
    result = SchoolYear(
        jurisdiction=jurisdiction,
        first_day=first_day,
        last_day=last_day,
        as_of=top.optional("as_of", f.day),
        school=_school(top),
        no_school=year.optional("no_school", f.listed(f.day)),
        terms=_terms(year, Span(first_day, last_day)),
        summer=year.nullable("summer", _summer(last_day)),
        testing=year.optional("testing", f.listed(_testing)),
        drills=_drills(top),
        lessons=top.optional("lessons", f.listed(_lesson)),
        filings=top.optional("filings", f.listed(_filing)),
        waivers=_known(top.optional("waivers", f.listed(_waiver))),
    )
    year.end()
    top.end()
    return result


def _known(values: tuple[Waiver, ...] | Unknown) -> tuple[Waiver, ...]:
    return () if isinstance(values, Unknown) else values


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise SchoolYearRefused(
            where=twin, why="This field is written twice in one object.", mend="Keep one of them."
        )
    return found


def _no_constant(name: str) -> NoReturn:
    raise SchoolYearRefused(
        where="the file", why=f"It holds {name}, which is no number.", mend="Write the real value."
    )


def _school(top: Fields) -> School:
    school = top.optional("school", f.inner)
    if isinstance(school, Unknown):
        return School()
    result = School(
        grades=school.optional("grades", _grades),
        traits=school.optional("traits", f.listed(f.word(words.TRAITS))),
        public=school.optional("public", f.flag),
        day=school.nullable("day", _hours),
    )
    school.end()
    return result


def _grades(fields: Fields, name: str, value: object) -> str:
    grades = f.text(fields, name, value)
    found = _GRADES.fullmatch(grades)
    if found is None:
        fields.refuse(name, f"“{grades[:40]}” names no grades.", "Write them so: K-5, PK-12 or 8.")
    low, high = found[1], found[2] or found[1]
    if words.GRADES.index(high) < words.GRADES.index(low):
        fields.refuse(name, f"{grades} runs backwards.", f"Write {high}-{low}.")
    return grades


def _hours(fields: Fields, name: str, value: object) -> SchoolHours:
    hours = f.inner(fields, name, value)
    result = SchoolHours(hours.needed("start", f.clock), hours.needed("end", f.clock))
    hours.end()
    if result.end <= result.start:
        hours.refuse("end", "The school day ends before it begins.", "Correct start or end.")
    return result


def _span(fields: Fields, name: str, value: object, first: str, last: str) -> Span:
    span = f.inner(fields, name, value)
    result = Span(span.needed(first, f.day), span.needed(last, f.day))
    span.end()
    if result.last_day < result.first_day:
        span.refuse(last, "It ends before it begins.", f"Correct {first} or {last}.")
    return result


def _testing(fields: Fields, name: str, value: object) -> Span:
    return _span(fields, name, value, "from", "to")


def _summer(last_day: date) -> f.Reader[Span]:
    def read(fields: Fields, name: str, value: object) -> Span:
        span = _span(fields, name, value, "first_day", "last_day")
        if span.first_day <= last_day:
            fields.refuse(
                f"{name}.first_day",
                "Summer begins before the school year ends.",
                "Give the first day of summer instruction after the last day.",
            )
        return span

    return read


def _terms(year: Fields, whole: Span) -> tuple[Term, ...] | Unknown:
    def read(fields: Fields, name: str, value: object) -> Term:
        term = f.inner(fields, name, value)
        result = Term(
            term.needed("name", f.text),
            term.needed("first_day", f.day),
            term.needed("last_day", f.day),
        )
        term.end()
        if result.last_day < result.first_day:
            term.refuse("last_day", "The term ends before it begins.", "Correct its days.")
        if not (whole.holds(result.first_day) and whole.holds(result.last_day)):
            term.refuse(
                "last_day" if whole.holds(result.first_day) else "first_day",
                "The term reaches outside the school year.",
                f"Keep it within {whole.first_day} to {whole.last_day}.",
            )
        return result

    terms = year.optional("terms", f.listed(read))
    if isinstance(terms, Unknown):
        return terms
    for index, (former, term) in enumerate(pairwise(terms), start=1):
        if term.first_day <= former.last_day:
            year.refuse(
                f"terms[{index}].first_day",
                f"It begins before {former.name} ends.",
                "List terms in order, without overlap.",
            )
        if term.name in {earlier.name for earlier in terms[:index]}:
            year.refuse(f"terms[{index}].name", "Two terms have this name.", "Rename one of them.")
    return terms


def _drills(top: Fields) -> tuple[DrillRecord, ...]:
    items = top.optional("drills", f.listed(f.inner))
    if isinstance(items, Unknown):
        return ()
    if len(items) > MOST_DRILLS:
        top.refuse("drills", f"There are more than {MOST_DRILLS:,}.", "Give one school a file.")
    given: dict[str, Fields] = {}
    for item in items:
        if item.has("id"):
            name = item.needed("id", f.text)
            if name in given:
                item.refuse("id", f"{name} is the id of two drills.", "Give each its own.")
            given[name] = item
    names = {id(item): name for name, item in given.items()}
    drills = []
    for item in items:
        drill = _drill(item, names.get(id(item)), set(given))
        given[drill.id] = item
        drills.append(drill)
    for drill in drills:
        if isinstance(drill.redo_of, str) and drill.redo_of not in given:
            given[drill.id].refuse(
                "redo_of",
                f"No drill has the id “{drill.redo_of[:60]}”.",
                "Give the id of the cancelled drill, or null.",
            )
    return tuple(drills)


def _drill(item: Fields, name: str | None, taken: set[str]) -> DrillRecord:
    on, kind = item.needed("date", f.day), item.needed("type", f.word(words.DRILL_TYPES))
    drill = DrillRecord(
        id=name or _fresh_id(f"{on}-{kind}", taken),
        date=on,
        type=kind,
        time=item.optional("time", f.clock),
        minutes=item.nullable("minutes", f.number(0, 24 * 60)),
        pupils_present=item.optional("pupils_present", f.flag),
        place_in_day=item.nullable("place_in_day", f.word(words.PLACES)),
        exits=item.nullable("exits", f.word(words.EXITS)),
        announced=item.optional("announced", f.flag),
        notices=item.optional("notices", f.listed(_notice)),
        agencies=item.optional("agencies", f.listed(_agency)),
        real_event=item.optional("real_event", f.flag),
        unplanned_alarm=item.optional("unplanned_alarm", f.flag),
        cancelled=item.nullable("cancelled", f.word(words.CANCEL_CAUSES)),
        redo_of=item.nullable("redo_of", f.text),
        used_map=item.optional("used_map", f.flag),
        simulated=item.optional("simulated", f.listed(_simulated)),
        reports=item.optional("reports", f.listed(_report)),
        posted_at=item.nullable("posted_at", f.day),
        site=item.nullable("site", f.word(words.SITES)),
        signal=item.nullable("signal", f.text),
        led_by=item.nullable("led_by", f.text),
    )
    item.ignore("id")
    item.end()
    if isinstance(drill.posted_at, date) and drill.posted_at < on:
        item.refuse("posted_at", f"It was posted before it was held ({on}).", "Correct the day.")
    if drill.redo_of == drill.id:
        item.refuse("redo_of", "A drill cannot make itself good.", "Give the cancelled one's id.")
    return drill


def _fresh_id(name: str, taken: set[str]) -> str:
    fresh, count = name, 1
    while fresh in taken:
        count += 1
        fresh = f"{name}-{count}"
    taken.add(fresh)
    return fresh


def _simulated(fields: Fields, name: str, value: object) -> str:
    conduct = f.text(fields, name, value)
    if not _SIMULATED.fullmatch(conduct):
        fields.refuse(
            name, f"“{conduct[:40]}” is no word for conduct.", "Write it so: gunfire_sound."
        )
    return conduct


def _notice(fields: Fields, name: str, value: object) -> Notice:
    notice = f.inner(fields, name, value)
    result = Notice(
        notice.needed("to", f.word(words.NOTICE_RECIPIENTS)), notice.needed("at", f.moment)
    )
    notice.end()
    return result


def _agency(fields: Fields, name: str, value: object) -> AgencyPresence:
    agency = f.inner(fields, name, value)
    result = AgencyPresence(
        agency.needed("role", f.word(words.AGENCY_ROLES)),
        agency.optional("invited", f.flag),
        agency.optional("present", f.flag),
    )
    agency.end()
    return result


def _report(fields: Fields, name: str, value: object) -> Report:
    report = f.inner(fields, name, value)
    result = Report(
        report.needed("to", f.word(words.REPORT_RECIPIENTS)), report.needed("at", f.day)
    )
    report.end()
    return result


def _lesson(fields: Fields, name: str, value: object) -> Lesson:
    lesson = f.inner(fields, name, value)
    result = Lesson(
        lesson.needed("date", f.day),
        lesson.needed("topic", f.word(words.LESSON_TOPICS)),
        lesson.optional("minutes", f.number(0, 24 * 60)),
    )
    lesson.end()
    return result


def _filing(fields: Fields, name: str, value: object) -> Filing:
    filing = f.inner(fields, name, value)
    result = Filing(
        filing.needed("what", f.word(words.FILING_KINDS)),
        filing.needed("to", f.word(words.AUTHORITIES)),
        filing.needed("on", f.day),
    )
    filing.end()
    return result


def _waiver(fields: Fields, name: str, value: object) -> Waiver:
    waiver = f.inner(fields, name, value)
    result = Waiver(
        waiver.needed("requirement", f.text),
        waiver.needed("on", f.day),
        waiver.needed("reason", f.text),
    )
    waiver.end()
    return result
