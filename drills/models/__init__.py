"""A file per word of drills."""

from drills.models.calendar_feed import CalendarFeed
from drills.models.clearance import Clearance, ClearanceState, GivenBy, Step
from drills.models.drill import (
    BEFORE_START,
    EXERCISES,
    LOCKDOWN_LIKE,
    OPEN,
    CancelledCause,
    Drill,
    DrillState,
    DrillType,
    Exits,
    PlaceInDay,
    Provenance,
)
from drills.models.invitation import Invitation, InvitationState, Part
from drills.models.message import Audience, Moment, MomentDone, Occasion, SchoolMessage
from drills.models.review import (
    ActionState,
    AfterActionReview,
    CorrectiveAction,
    Element,
    Objective,
    Outcome,
    Rating,
)
from drills.models.run_phone import RunPhone
from drills.models.school_calendar import SchoolCalendar
from drills.models.timeline import (
    Amendment,
    EntryKind,
    PlaceStatus,
    RecordSeal,
    TimelineEntry,
)

__all__ = [
    "BEFORE_START",
    "EXERCISES",
    "LOCKDOWN_LIKE",
    "OPEN",
    "ActionState",
    "AfterActionReview",
    "Amendment",
    "Audience",
    "CalendarFeed",
    "CancelledCause",
    "Clearance",
    "ClearanceState",
    "CorrectiveAction",
    "Drill",
    "DrillState",
    "DrillType",
    "Element",
    "EntryKind",
    "Exits",
    "GivenBy",
    "Invitation",
    "InvitationState",
    "Moment",
    "MomentDone",
    "Objective",
    "Occasion",
    "Outcome",
    "Part",
    "PlaceInDay",
    "PlaceStatus",
    "Provenance",
    "Rating",
    "RecordSeal",
    "RunPhone",
    "SchoolCalendar",
    "SchoolMessage",
    "Step",
    "TimelineEntry",
]
