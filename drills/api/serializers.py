"""What the API takes and gives of drills."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from drills.models import (
    ActionState,
    AfterActionReview,
    CancelledCause,
    Clearance,
    CorrectiveAction,
    Drill,
    DrillType,
    Element,
    EntryKind,
    Exits,
    Invitation,
    Objective,
    Outcome,
    Part,
    PlaceInDay,
    PlaceStatus,
    Rating,
    SchoolCalendar,
    SchoolMessage,
    TimelineEntry,
)
from drills.services import messages
from drills.services.reviewing import CAPABILITIES

VERDICTS = ["met", "due", "overdue", "violated", "impossible", "waived", "not_applicable",
            "unknown"]  # fmt: skip


class DrillOutput(serializers.ModelSerializer[Drill]):
    """A drill. Day and time are the campus's own; moments are UTC."""

    conductor = serializers.SerializerMethodField()
    alternate = serializers.SerializerMethodField()

    class Meta:
        model = Drill
        fields = (
            "id", "campus", "type", "state", "state_since", "day", "time", "minutes", "starts_at",
            "place_in_day", "exits", "pupils_present", "note", "requirement", "why", "due_by",
            "conductor", "alternate", "callback_phone", "called_away", "alarm_on_test",
            "alarm_back_at", "cancelled_cause", "reason", "redo_of", "clash_reason",
            "uncleared_reason", "started_at", "secured_at", "accounted_at", "ended_at",
            "started_by", "ended_by", "provenance", "recorded_by", "recorded_at", "real_event",
            "unplanned_alarm", "plan_version", "map_version",
        )  # fmt: skip

    def get_conductor(self, drill: Drill) -> str:
        """Return the name of who conducts it, empty for nobody."""
        return drill.conductor.user.name if drill.conductor else ""

    def get_alternate(self, drill: Drill) -> str:
        """Return the name of the alternate, empty for nobody."""
        return drill.alternate.user.name if drill.alternate else ""


class WantedInput(serializers.Serializer[Any]):
    """What a drill is to be."""

    type = serializers.ChoiceField(choices=DrillType.choices)
    day = serializers.DateField()
    time = serializers.TimeField()
    minutes = serializers.IntegerField(default=15)
    place_in_day = serializers.ChoiceField(choices=PlaceInDay.choices, default="class")
    exits = serializers.ChoiceField(choices=Exits.choices, default="normal")
    pupils_present = serializers.BooleanField(default=True)
    note = serializers.CharField(default="", allow_blank=True, max_length=300)
    conductor = serializers.UUIDField(default=None, allow_null=True)
    alternate = serializers.UUIDField(default=None, allow_null=True)
    callback_phone = serializers.CharField(default="", allow_blank=True, max_length=40)
    alarm_on_test = serializers.BooleanField(default=False)
    clash_reason = serializers.CharField(default="", allow_blank=True, max_length=300)
    redo_of = serializers.UUIDField(default=None, allow_null=True)


class NewDrillInput(WantedInput):
    """A drill to schedule at a campus."""

    campus = serializers.UUIDField()


class MoveInput(serializers.Serializer[Any]):
    """Another day and time."""

    day = serializers.DateField()
    time = serializers.TimeField()
    clash_reason = serializers.CharField(default="", allow_blank=True, max_length=300)


class CancelInput(serializers.Serializer[Any]):
    """Why a drill is called off."""

    cause = serializers.ChoiceField(choices=CancelledCause.choices)
    reason = serializers.CharField(default="", allow_blank=True, max_length=300)


class RecordInput(serializers.Serializer[Any]):
    """What was held without Muster; `paper` is a scan: PDF, JPEG or PNG."""

    campus = serializers.UUIDField()
    type = serializers.ChoiceField(choices=DrillType.choices)
    day = serializers.DateField()
    time = serializers.TimeField()
    minutes = serializers.IntegerField()
    place_in_day = serializers.ChoiceField(choices=PlaceInDay.choices, default="class")
    exits = serializers.ChoiceField(choices=Exits.choices, default="normal")
    pupils_present = serializers.BooleanField(default=True)
    note = serializers.CharField(default="", allow_blank=True, max_length=300)
    led_by = serializers.CharField(default="", allow_blank=True, max_length=200)
    real_event = serializers.BooleanField(default=False)
    unplanned_alarm = serializers.BooleanField(default=False)
    paper = serializers.FileField(default=None, allow_null=True, allow_empty_file=True)


class EntryInput(serializers.Serializer[Any]):
    """One entry as a device kept it; `key` is the device's own UUID, `at` its own clock."""

    key = serializers.UUIDField()
    kind = serializers.ChoiceField(
        choices=[choice for choice in EntryKind.choices if choice[0] != EntryKind.STOP]
    )
    at = serializers.DateTimeField()
    status = serializers.ChoiceField(
        choices=[("", "none"), *PlaceStatus.choices], default="", allow_blank=True
    )
    feature = serializers.UUIDField(default=None, allow_null=True)
    place = serializers.CharField(default="", allow_blank=True, max_length=200)
    text = serializers.CharField(default="", allow_blank=True, max_length=500)


class AttemptInput(serializers.Serializer[Any]):
    """A call that was tried before a start without clearance, and the reason."""

    line = serializers.CharField(max_length=200)
    called_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=300)


class EntriesInput(serializers.Serializer[Any]):
    """What a device sends at once; `device_now` is its clock at sending."""

    device_now = serializers.DateTimeField()
    device = serializers.CharField(default="", allow_blank=True, max_length=60)
    entries = EntryInput(many=True)
    attempt = AttemptInput(default=None, allow_null=True)


class TakenOutput(serializers.Serializer[Any]):
    """What became of one entry."""

    key = serializers.UUIDField()
    result = serializers.ChoiceField(choices=["kept", "again", "refused"])
    why = serializers.CharField(allow_blank=True)
    doubts = serializers.ListField(child=serializers.CharField())


class StopInput(serializers.Serializer[Any]):
    """A real emergency; `what` may be empty."""

    what = serializers.CharField(default="", allow_blank=True, max_length=300)
    happened_at = serializers.DateTimeField()


class AmendInput(serializers.Serializer[Any]):
    """A correction of a record."""

    what = serializers.CharField(max_length=40)
    now = serializers.CharField(max_length=300)
    reason = serializers.CharField(max_length=300)


class ClearanceOutput(serializers.ModelSerializer[Clearance]):
    """One agency's answer to one step of one drill."""

    class Meta:
        model = Clearance
        fields = (
            "id", "drill", "campus", "agency", "step", "state", "asked_at", "given_at", "how",
            "said_by", "operator", "line_called", "recorded_by", "note", "ended_at", "ended_why",
        )  # fmt: skip


class InvitationOutput(serializers.ModelSerializer[Invitation]):
    """One agency asked to come to one drill."""

    class Meta:
        model = Invitation
        fields = (
            "id", "drill", "campus", "agency", "part", "state", "starts_at", "ends_at", "asked_at",
            "asked_by", "crew", "answered_at", "answered_by", "how", "note", "clash_reason",
            "arrived_at", "arrived_by", "ended_at", "ended_why",
        )  # fmt: skip


class InviteInput(serializers.Serializer[Any]):
    """Which agency is asked to which drill, and what for."""

    drill = serializers.UUIDField()
    agency = serializers.UUIDField()
    part = serializers.ChoiceField(choices=Part.choices, default=Part.OBSERVE)


class ComeInput(serializers.Serializer[Any]):
    """Who of an agency comes, or that nobody does."""

    is_coming = serializers.BooleanField()
    crew = serializers.CharField(default="", allow_blank=True, max_length=80)
    said_by = serializers.CharField(default="", allow_blank=True, max_length=120)
    note = serializers.CharField(default="", allow_blank=True, max_length=300)
    clash_reason = serializers.CharField(default="", allow_blank=True, max_length=300)


class GiveInput(serializers.Serializer[Any]):
    """An agency's own answer."""

    operator = serializers.CharField(max_length=40)
    refuse = serializers.BooleanField(default=False)
    note = serializers.CharField(default="", allow_blank=True, max_length=300)


class PhoneClearanceInput(serializers.Serializer[Any]):
    """A clearance that was given by phone."""

    agency = serializers.UUIDField()
    said_by = serializers.CharField(default="", allow_blank=True, max_length=120)
    operator = serializers.CharField(default="", allow_blank=True, max_length=40)
    line_called = serializers.CharField(default="", allow_blank=True, max_length=40)
    called_at = serializers.DateTimeField()


class ClearanceDisputeInput(serializers.Serializer[Any]):
    """Who disputes a recorded clearance."""

    said_by = serializers.CharField(max_length=120)


class TimelineEntryOutput(serializers.ModelSerializer[TimelineEntry]):
    """What happened in a drill."""

    class Meta:
        model = TimelineEntry
        fields = (
            "id", "drill", "kind", "status", "feature_key", "place", "text", "happened_at",
            "device_at", "clock_off_seconds", "received_at", "by", "device", "doubts",
        )  # fmt: skip


class ObjectiveInput(serializers.Serializer[Any]):
    """One objective of an exercise with its rating."""

    objective = serializers.CharField(max_length=300)
    capability = serializers.ChoiceField(choices=CAPABILITIES)
    rating = serializers.ChoiceField(
        choices=[("", "not rated yet"), *Rating.choices], default="", allow_blank=True
    )
    strengths = serializers.CharField(default="", allow_blank=True)
    improvements = serializers.CharField(default="", allow_blank=True)


class ObjectiveOutput(serializers.ModelSerializer[Objective]):
    """One objective as written."""

    class Meta:
        model = Objective
        fields = ("objective", "capability", "rating", "strengths", "improvements")


class ReviewOutput(serializers.ModelSerializer[AfterActionReview]):
    """A review with its objectives."""

    objectives = ObjectiveOutput(many=True)

    class Meta:
        model = AfterActionReview
        fields = (
            "id", "drill", "campus", "due_on", "worked", "did_not", "nothing_to_fix", "opened_at",
            "closed_at", "closed_by", "objectives",
        )  # fmt: skip


class ReviewInput(serializers.Serializer[Any]):
    """The answers of a review, whole."""

    worked = serializers.CharField(allow_blank=True)
    did_not = serializers.CharField(allow_blank=True)
    objectives = ObjectiveInput(many=True, required=False)


class CloseInput(serializers.Serializer[Any]):
    """How a review is closed."""

    nothing_to_fix = serializers.BooleanField(default=False)


class CorrectiveActionOutput(serializers.ModelSerializer[CorrectiveAction]):
    """What is fixed, by whom, until when, and its proof."""

    owner = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=ActionState.choices)

    class Meta:
        model = CorrectiveAction
        fields = (
            "id", "review", "campus", "what", "element", "outcome", "owner", "due_on", "state",
            "section_key", "section_title", "feature_key", "place", "plan_version", "proof",
            "done_at", "done_by",
        )  # fmt: skip

    def get_owner(self, action: CorrectiveAction) -> str:
        """Return the owner's name."""
        return action.owner.user.name


class DeedInput(serializers.Serializer[Any]):
    """A corrective action to add to a review; `owner` is a membership."""

    review = serializers.UUIDField()
    what = serializers.CharField(max_length=300)
    element = serializers.ChoiceField(choices=Element.choices)
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    owner = serializers.UUIDField()
    due_on = serializers.DateField()
    section_key = serializers.UUIDField(default=None, allow_null=True)
    feature_key = serializers.UUIDField(default=None, allow_null=True)
    place = serializers.CharField(default="", allow_blank=True, max_length=200)
    reason = serializers.CharField(default="", allow_blank=True, max_length=300)


class ProofInput(serializers.Serializer[Any]):
    """How one can see that an action is done."""

    proof = serializers.CharField(max_length=300)


class PlanChangeOutput(serializers.Serializer[Any]):
    """The draft in which the plan is changed."""

    plan_version = serializers.UUIDField()
    number = serializers.IntegerField()


class SchoolCalendarOutput(serializers.ModelSerializer[SchoolCalendar]):
    """A school year of the district, or of one campus."""

    no_school = serializers.ListField(child=serializers.DateField())
    testing = serializers.SerializerMethodField()

    class Meta:
        model = SchoolCalendar
        fields = (
            "id", "campus", "first_day", "last_day", "day_starts", "day_ends", "lunch_starts",
            "lunch_ends", "no_school", "testing",
        )  # fmt: skip

    @extend_schema_field(
        {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"from": {"type": "string"}, "to": {"type": "string"}},
                "required": ["from", "to"],
            },
        }
    )
    def get_testing(self, row: SchoolCalendar) -> list[dict[str, str]]:
        """Return the windows of state tests, both days included."""
        return list(row.testing)


class SpanInput(serializers.Serializer[Any]):
    """The first and the last day of a window."""

    first_day = serializers.DateField()
    last_day = serializers.DateField()


class SchoolCalendarInput(serializers.Serializer[Any]):
    """A school year to write; without a campus it is the district's."""

    campus = serializers.UUIDField(default=None, allow_null=True)
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    day_starts = serializers.TimeField()
    day_ends = serializers.TimeField()
    lunch_starts = serializers.TimeField(default=None, allow_null=True)
    lunch_ends = serializers.TimeField(default=None, allow_null=True)
    no_school = serializers.ListField(child=serializers.DateField(), default=list)
    testing = SpanInput(many=True, default=list)


class SchoolMessageOutput(serializers.ModelSerializer[SchoolMessage]):
    """A message to staff or families, with its words as given or as they are true now."""

    english = serializers.SerializerMethodField()
    spanish = serializers.SerializerMethodField()

    class Meta:
        model = SchoolMessage
        fields = (
            "id", "drill", "campus", "audience", "occasion", "due_at", "given_at", "given_by",
            "ended_at", "english", "spanish",
        )  # fmt: skip

    def get_english(self, row: SchoolMessage) -> str:
        """Return the words in English."""
        return row.text_en or messages.texts_of(row, row.drill)[0]

    def get_spanish(self, row: SchoolMessage) -> str:
        """Return the words in Spanish."""
        return row.text_es or messages.texts_of(row, row.drill)[1]


class VerdictOutput(serializers.Serializer[Any]):
    """What one requirement of the campus's rules comes to, as `muster drills judge` says it."""

    id = serializers.CharField()
    cell = serializers.CharField(required=False)
    what = serializers.CharField()
    citation = serializers.CharField()
    verified = serializers.BooleanField()
    verdict = serializers.ChoiceField(choices=VERDICTS)
    needed = serializers.IntegerField()
    held = serializers.IntegerField()
    due_by = serializers.DateField(allow_null=True)
    why = serializers.CharField()
    evidence = serializers.ListField(child=serializers.CharField())


class RuleFindingOutput(serializers.Serializer[Any]):
    """What a person should see beside the verdicts."""

    code = serializers.CharField()
    severity = serializers.CharField()
    message = serializers.CharField()
    mend = serializers.CharField(allow_blank=True)


class ComplianceOutput(serializers.Serializer[Any]):
    """A campus's school year judged; `rules_loaded` is false where its state has no pack yet."""

    campus = serializers.UUIDField()
    jurisdiction = serializers.CharField()
    rules_loaded = serializers.BooleanField()
    calendar_known = serializers.BooleanField()
    as_of = serializers.DateField()
    days_left = serializers.IntegerField(allow_null=True)
    suggestion = serializers.CharField(allow_blank=True)
    requirements = VerdictOutput(many=True)
    findings = RuleFindingOutput(many=True)
