"""Goals, objectives and courses of action of an annex, where the document labels or lists them.

A planning question (“How will …?”) is a note, never a course of action.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from plans.content.document import CourseOfAction, Phase
from plans.reading.filling import is_blank
from plans.reading.result import Goal
from plans.reading.source import Element, Paragraph

_LABEL = re.compile(
    r"\s*(?:[-*•]\s*)?(?:\*\*)?(?P<kind>goal|objective|course of action|coa|action step|action"
    r"|step)s?\s*(?:#?\d+(?:\.\d+)*)?\s*(?:\((?P<phase>before|during|after)\))?\s*(?:#?\d+(?:\.\d+)*)?\s*"
    r"(?:\*\*)?\s*[:.–—-]\s*(?:\*\*)?\s*(?P<text>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_PHASE_HEADING = re.compile(
    r"\b(?:(?P<before>before|prevention|preparedness|preparation|mitigation|protection|prior to)"
    r"|(?P<during>during|response|immediate|initial actions)"
    r"|(?P<after>after|recovery|following|all[- ]clear|post))\b",
    re.IGNORECASE,
)
_ACTOR = re.compile(
    r"(?P<actor>(?:(?:the|all|each|every|any)\s+)?[A-Za-z][\w'’/&-]*"
    r"(?:\s+(?:and|or|of|/|&)?\s*[\w'’/&-]+){0,4}?)\s+(?:will|shall|must|should"
    r"|is responsible for|are responsible for|needs? to)\s+(?P<action>\S.*)",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_COLON_ACTOR = re.compile(
    r"(?P<actor>[A-Z][\w'’/& -]{2,40}?)\s*:\s+(?P<action>[A-Za-z].*)", re.DOTALL
)
_POSTS = re.compile(
    r"teacher|principal|administrator|staff|student|faculty|office|secretar|custodian|nurse|counselor"
    r"|bus driver|parent|cafeteria|food service|superintendent|\bSRO\b|officer|commander"
    r"|liaison|chief|coordinator|team|leader|aide|coach|librarian|dispatcher|visitor|substitute|registrar|designee",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\s*(?:how|what|when|where|who|whether|which|why)\b|.*\?\s*$", re.IGNORECASE | re.DOTALL
)
_VERBS = re.compile(
    r"\s*(?:if\b[^,]{3,80},\s*)?(?:immediately\s+|calmly\s+|do not\s+|don['’]t\s+|never\s+"
    r"|always\s+)?(?:account|activate|advise|alert|allow|announce|answer|apply|ask|assemble|assess|assign|assist"
    r"|avoid|barricade|begin|block|bring|call|cancel|check|clear|close|collect|complete|conduct|confirm"
    r"|contact|continue|coordinate|cover|crouch|deliver|designate|determine|direct|dismiss|distribute"
    r"|divert|document|drop|duck|ensure|escort|establish|evacuate|extinguish|follow|gather|get|give"
    r"|go|guide|have|help|hide|hold|identify|implement|initiate|inform|instruct|isolate|keep|kneel"
    r"|lead|leave|listen|locate|lock|log|look|maintain|make|meet|monitor|move|notify|obtain|open"
    r"|order|perform|place|post|prepare|prevent|protect|provide|pull|put|raise|reassure|record|release"
    r"|remain|remind|remove|report|request|respond|return|review|run|say|search|secure|seal|send|set"
    r"|shelter|shut|sign|silence|sit|speak|stand|start|stay|stop|supervise|sweep|take|tell|test|train"
    r"|transport|treat|turn|unlock|update|use|verify|wait|warn|watch|write)\b",
    re.IGNORECASE,
)  # fmt: skip


_LONGEST_STEP = 1_000  # characters


@dataclass(slots=True)
class Found:
    """What an annex holds as rows, and which elements became courses of action."""

    goals: list[Goal] = field(default_factory=list)
    courses: list[CourseOfAction] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


def courses_in(heading: str, elements: Sequence[Element], *, phase: Phase = "during") -> Found:
    """Return goals, objectives and courses of action below a heading of an annex.

    `phase` holds where neither heading nor label names one. `taken` are the places in `elements`
    whose words are now courses of action.
    """
    current = phase_of(heading) or phase
    actor = _actor_of_heading(heading)
    found = Found()
    for place, item in enumerate(elements):
        if not isinstance(item, Paragraph) or item.prompt or len(item.text) > _LONGEST_STEP:
            continue
        if is_blank(item.text):
            continue
        if match := _LABEL.fullmatch(item.text.strip()):
            current = _labeled(match, current, found, place)
        elif item.depth is not None and not _QUESTION.match(_words(item)):
            if (course := _listed(_words(item), current, actor)) is not None:
                found.courses.append(course)
                found.taken.add(place)
        elif (told := phase_of(item.text)) and len(item.text.split()) <= 4:
            current = told
    return found


def phase_of(heading: str) -> Phase | None:
    """Return the phase that a heading names, None where it names none or several."""
    named: list[Phase] = [
        phase
        for phase in ("before", "during", "after")
        for match in _PHASE_HEADING.finditer(heading)
        if match[phase]
    ]
    return named[0] if len(set(named)) == 1 else None


def _labeled(match: re.Match[str], phase: Phase, found: Found, place: int) -> Phase:
    kind, text = match["kind"].casefold(), match["text"].strip()
    named = (match["phase"] or "").casefold()
    if named in {"before", "during", "after"}:
        phase = "before" if named == "before" else "during" if named == "during" else "after"
    if is_blank(text) or _QUESTION.match(text):
        return phase
    if kind in {"goal", "objective"}:
        told = phase if named or kind == "objective" or found.goals else phase_of(text) or phase
        found.goals.append(Goal("goal" if kind == "goal" else "objective", told, text))
        return told
    found.courses.append(_split(text, phase, ""))
    found.taken.add(place)
    if found.goals:
        last = found.goals[-1]
        found.goals[-1] = replace(last, courses=last.courses + 1)
    return phase


def _listed(text: str, phase: Phase, actor: str) -> CourseOfAction | None:
    """Return a list item as a step where it says what somebody does."""
    course = _split(text, phase, actor)
    if course.actor and course.action:
        return course
    return course if _VERBS.match(text) else None


def _split(text: str, phase: Phase, actor: str) -> CourseOfAction:
    plain = " ".join(text.split())
    for pattern in (_COLON_ACTOR, _ACTOR):
        match = pattern.fullmatch(plain)
        if match and _POSTS.search(match["actor"]):
            return CourseOfAction(phase, match["actor"].strip(), match["action"].strip())
    return CourseOfAction(phase, actor, plain)


def _actor_of_heading(heading: str) -> str:
    plain = " ".join(heading.split()).rstrip(":")
    short = re.sub(
        r"\s*(?:actions?|responsibilities|duties|will|should|shall|procedures?|steps|response)\s*$",
        "", plain, flags=re.IGNORECASE,
    )  # fmt: skip
    return short if short and len(short.split()) <= 5 and _POSTS.search(short) else ""


def _words(item: Paragraph) -> str:
    return re.sub(r"^\s*\(?(?:\d{1,3}|[A-Za-z]|[ivx]{2,5})[.)]\s+", "", item.text)
