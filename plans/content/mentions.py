"""What some sections together must mention: completeness checks that look for words.

A machine can see that a plan speaks of a thing, never that what it says is right: that stays with
the reviewers.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
_NUMBER = r"(?:\d+|no|one|two|three|four|five|six|seven|eight|nine|ten)"
_ELECTRIC = r"\b(?:electric\w*|power)\b"
_AIR = r"\b(?:HVAC|ventilation)\b"


@dataclass(frozen=True, slots=True)
class Mention:
    """What some sections together must speak of: each named point and the pattern that shows it.

    Empty `template_ids` mean the whole plan.
    """

    code: str
    severity: Severity
    template_ids: tuple[str, ...]
    points: tuple[tuple[str, str], ...]
    mend: str


MENTIONS: tuple[Mention, ...] = (
    Mention(
        "CK-16",
        "warning",
        ("BP-09", "FA-EVAC"),
        (
            ("how many people need help", rf"\b{_NUMBER}\s+(?:people|students|staff)\b[^.]*\bhelp"),
            ("trained helpers", r"\bhelpers?\b"),
            ("a refuge area or device", r"\brefuges?\b|\bevacuation chairs?\b|\bstair chairs?\b"),
            ("transport", r"\btransport|\bbus(?:es)?\b|\bvans?\b|\blift\b"),
        ),
        "Give counts, helpers by post, refuge areas or devices, and transport; no names.",
    ),
    Mention(
        "CK-17",
        "warning",
        ("BP-09", "FA-COMM", "FA-REUN"),
        (("languages of families", r"\blanguages?\b|\binterpreters?\b|\btranslat"),),
        "Name the languages of families and how each is reached.",
    ),
    Mention(
        "CK-20",
        "error",
        (),
        (
            ("gas", r"\bgas\b[^.\n]*\b(?:shut|valve)|\b(?:shut|valve)[^.\n]*\bgas\b"),
            ("water", r"\bwater\b[^.\n]*\b(?:shut|valve)|\b(?:shut|valve)[^.\n]*\bwater\b"),
            (
                "electricity",
                rf"{_ELECTRIC}[^.\n]*\b(?:shut|breaker)|\b(?:shut|breaker)[^.\n]*{_ELECTRIC}",
            ),
            ("HVAC", rf"{_AIR}[^.\n]*\b(?:shut|stop|off)|\b(?:shuts?|stops?)\b[^.\n]*{_AIR}"),
            ("the tool for each", r"\btool\b|\bwrench\b|\bkey\b|\bno tool\b"),
            (
                "who may operate them",
                r"\bmay (?:operate|shut|stop|turn)\b|\bcustodian\b[^.\n]*\bshuts?\b",
            ),
        ),
        "Say where each shut-off is, which tool it takes, and who may operate it.",
    ),
    Mention(
        "CK-21",
        "error",
        ("FA-COMM",),
        (
            ("the channel to staff", r"\bstaff\b"),
            ("the channel to families", r"\bfamil(?:y|ies)\b|\bparents?\b"),
            ("the channel to dispatch", r"\b911\b|\bdispatch\b"),
            ("the second channel", r"\bsecond (?:channel|way)\b|\bfails?\b|\bis down\b|\bbackup\b"),
            ("who speaks to the media", r"\bmedia\b|\bpress\b|\breporters?\b"),
        ),
        "Name a first and a second channel for each, and who speaks to the media.",
    ),
    Mention(
        "CK-27",
        "warning",
        (),
        (
            ("before and after school", r"\bbefore\b[^.\n]{0,20}\bafter school\b|\bafter-school\b"),
            ("events", r"\bevents?\b|\bgames?\b|\bconcerts?\b"),
            ("field trips", r"\bfield trips?\b"),
            (
                "community use of the building",
                r"\bcommunity (?:use|groups?)\b|\brent(?:s|ed|al)?\b",
            ),
        ),
        "Say in Scope what applies then and who is in charge.",
    ),
    Mention(
        "CK-28",
        "warning",
        (),
        (
            ("substitutes", r"\bsubstitutes?\b"),
            ("volunteers", r"\bvolunteers?\b"),
            ("visitors", r"\bvisitors?\b"),
            ("contractors", r"\bcontractors?\b"),
        ),
        "Say what each group is told on arrival and what it does.",
    ),
    Mention(
        "CK-29",
        "warning",
        ("FA-COMM",),
        (("a way without power and network", r"\brunners?\b|\bpaper\b|\bbullhorn\b|\bbatter"),),
        "Add paper, radio or runners for when power or network is down.",
    ),
    Mention(
        "CK-33",
        "warning",
        ("FA-RECV",),
        (
            ("who decides on reopening", r"\breopen"),
            ("who counsels", r"\bcounsel|\bpsychological first aid\b"),
            ("vital records", r"\brecords\b"),
        ),
        "Name the post that decides on reopening, the counseling provider and the records.",
    ),
)
