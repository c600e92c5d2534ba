"""Every shape that is evaluated. A pack that names another is refused."""

from drills.rules.rule import Asks
from drills.rules.shapes.at_least import AtLeast
from drills.rules.shapes.at_least_in_condition import AtLeastInCondition
from drills.rules.shapes.at_most import AtMost
from drills.rules.shapes.does_not_count import DoesNotCount
from drills.rules.shapes.filed import Filed
from drills.rules.shapes.instruction import Instruction
from drills.rules.shapes.notice_after import NoticeAfter
from drills.rules.shapes.notice_before import NoticeBefore
from drills.rules.shapes.participants import Participants
from drills.rules.shapes.prohibited import Prohibited
from drills.rules.shapes.publish import Publish
from drills.rules.shapes.real_event_credit import RealEventCredit
from drills.rules.shapes.redo import Redo
from drills.rules.shapes.report import Report
from drills.rules.shapes.share import Share
from drills.rules.shapes.spacing import Spacing
from drills.rules.shapes.substitute import Substitute
from drills.rules.shapes.vary import Vary

SHAPES: dict[str, type[Asks]] = {
    "at_least": AtLeast,
    "at_least_each": AtLeast,
    "at_least_in_condition": AtLeastInCondition,
    "share": Share,
    "spacing": Spacing,
    "vary": Vary,
    "at_most": AtMost,
    "substitute": Substitute,
    "does_not_count": DoesNotCount,
    "real_event_credit": RealEventCredit,
    "notice_before": NoticeBefore,
    "notice_after": NoticeAfter,
    "participants": Participants,
    "schedule_filed": Filed,
    "redo": Redo,
    "report": Report,
    "publish": Publish,
    "certify": Filed,
    "prohibited": Prohibited,
    "instruction": Instruction,
}

CARRIED = frozenset({"scope", "effective"})
"""Shapes that are no rule of their own: `scope` stands in a rule, `effective` in a version."""
