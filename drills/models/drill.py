"""A drill from its proposal to its closed review, or a real event recorded in the same way."""

from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.directory.models import Campus, Membership, User
from backend.files.models import StoredFile
from backend.problems import WrongState
from backend.tenancy.models import DistrictOwned, ResponderRule
from maps.models import MapVersion
from plans.models import PlanVersion


class DrillType(models.TextChoices):
    """What is practiced; the same words as the rule packs use."""

    FIRE = "fire", _("Fire drill")
    EVACUATION = "evacuation", _("Evacuation")
    LOCKDOWN = "lockdown", _("Lockdown")
    SECURE = "secure", _("Secure")
    HOLD = "hold", _("Hold")
    SHELTER_WEATHER = "shelter_weather", _("Severe weather shelter")
    SHELTER_IN_PLACE = "shelter_in_place", _("Shelter in place")
    EARTHQUAKE = "earthquake", _("Earthquake")
    TSUNAMI = "tsunami", _("Tsunami")
    BOMB_THREAT = "bomb_threat", _("Bomb threat")
    ACTIVE_THREAT = "active_threat", _("Active threat")
    SECURITY = "security", _("Security drill")
    CRISIS = "crisis", _("Crisis response")
    BUS_EVACUATION = "bus_evacuation", _("Bus evacuation")
    BUS_SAFETY = "bus_safety", _("Bus safety")
    REUNIFICATION = "reunification", _("Reunification")
    CARDIAC = "cardiac", _("Cardiac emergency")
    INCIDENT_COMMAND = "incident_command", _("Incident command")
    SEMINAR = "seminar", _("Seminar")
    TABLETOP = "tabletop", _("Tabletop exercise")
    FUNCTIONAL = "functional", _("Functional exercise")
    FULL_SCALE = "full_scale", _("Full-scale exercise")


EXERCISES = frozenset({DrillType.TABLETOP, DrillType.FUNCTIONAL, DrillType.FULL_SCALE})
"""Exercises are reviewed by objectives and ratings (`domain.md` 4); drills by three questions."""

LOCKDOWN_LIKE = frozenset({DrillType.LOCKDOWN, DrillType.ACTIVE_THREAT, DrillType.SECURITY})


class DrillState(models.TextChoices):
    """proposed → scheduled → announced → cleared → running → ended → reviewed; other ends."""

    PROPOSED = "proposed", _("Proposed")
    SCHEDULED = "scheduled", _("Scheduled")
    ANNOUNCED = "announced", _("Announced")
    CLEARED = "cleared", _("Cleared")
    RUNNING = "running", _("Running")
    ENDED = "ended", _("Ended")
    REVIEWED = "reviewed", _("Reviewed")
    STOPPED = "stopped", _("Stopped: real emergency")
    HELD_BACK = "held_back", _("Held back")
    NOT_HELD = "not_held", _("Not held")
    CANCELLED = "cancelled", _("Cancelled")


BEFORE_START = (DrillState.SCHEDULED, DrillState.ANNOUNCED, DrillState.CLEARED)
OPEN = (DrillState.PROPOSED, *BEFORE_START, DrillState.RUNNING)
MOVES: dict[str, frozenset[str]] = {
    DrillState.PROPOSED: frozenset({DrillState.SCHEDULED, DrillState.CANCELLED}),
    DrillState.SCHEDULED: frozenset(
        {DrillState.ANNOUNCED, DrillState.CANCELLED, DrillState.HELD_BACK, DrillState.NOT_HELD}
    ),
    DrillState.ANNOUNCED: frozenset(
        {DrillState.SCHEDULED, DrillState.CLEARED, DrillState.RUNNING, DrillState.CANCELLED,
         DrillState.HELD_BACK, DrillState.NOT_HELD}
    ),
    DrillState.CLEARED: frozenset(
        {DrillState.SCHEDULED, DrillState.ANNOUNCED, DrillState.RUNNING, DrillState.CANCELLED,
         DrillState.HELD_BACK, DrillState.NOT_HELD}
    ),
    DrillState.HELD_BACK: frozenset({DrillState.SCHEDULED, DrillState.CANCELLED}),
    DrillState.RUNNING: frozenset({DrillState.ENDED, DrillState.STOPPED}),
    DrillState.ENDED: frozenset({DrillState.REVIEWED}),
    DrillState.STOPPED: frozenset({DrillState.REVIEWED}),
    DrillState.REVIEWED: frozenset(),
    DrillState.NOT_HELD: frozenset(),
    DrillState.CANCELLED: frozenset(),
}  # fmt: skip


class PlaceInDay(models.TextChoices):
    """What the school is doing when it begins."""

    CLASS = "class", _("in class")
    LUNCH = "lunch", _("at lunch")
    RECESS = "recess", _("at recess")
    PASSING = "passing", _("between classes")
    ASSEMBLY = "assembly", _("at an assembly")
    ARRIVAL = "arrival", _("at arrival")
    DISMISSAL = "dismissal", _("at dismissal")


class Exits(models.TextChoices):
    """Which ways out are used."""

    NORMAL = "normal", _("usual exits")
    SECONDARY = "secondary", _("second exits")
    BLOCKED = "blocked", _("one exit blocked")


class Provenance(models.TextChoices):
    """How the record came to be; it is never changed."""

    LIVE = "live", _("Recorded live")
    AFTERWARDS = "afterwards", _("Recorded afterwards")
    PAPER = "paper", _("Brought from paper")


class CancelledCause(models.TextChoices):
    """Why it was not held, in the words that redo rules use."""

    SEVERE_STORM = "severe_storm", _("Severe storm")
    RAIN_SHOWERS = "rain_showers", _("Rain")
    SNOW_SHOWERS = "snow_showers", _("Snow")
    FIRE = "fire", _("Fire")
    EPIDEMIC = "epidemic", _("Epidemic")
    POWER_FAILURE = "power_failure", _("Power failure")
    WATER_OR_SEWER_FAILURE = "water_or_sewer_failure", _("Water or sewer failure")
    HEALTH_CONDITION = "health_condition", _("Health condition")
    REAL_EMERGENCY = "real_emergency", _("Real emergency")
    SCHOOL_CLOSED = "school_closed", _("School closed")
    STAFFING = "staffing", _("Not enough staff")
    OTHER = "other", _("Other")


class Drill(DistrictOwned):
    """One drill of one campus. Its day and time are local; `starts_at` is made from them."""

    RESPONDERS: ClassVar[ResponderRule | None] = ResponderRule(
        where={"state": [state for state in DrillState.values if state != DrillState.PROPOSED]}
    )
    CROSSINGS: ClassVar[dict[str, tuple[str, ...]]] = {"ticks": ("SELECT",)}

    campus = models.ForeignKey(Campus, on_delete=models.PROTECT, related_name="drills")
    type = models.CharField(_("what is practiced"), max_length=20, choices=DrillType)
    state = models.CharField(max_length=12, choices=DrillState, default=DrillState.PROPOSED)
    state_since = models.DateTimeField()
    day = models.DateField(_("day"))
    time = models.TimeField(_("start"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=15)
    starts_at = models.DateTimeField(editable=False)
    place_in_day = models.CharField(
        _("when in the day"), max_length=12, choices=PlaceInDay, default=PlaceInDay.CLASS
    )
    exits = models.CharField(_("exits"), max_length=12, choices=Exits, default=Exits.NORMAL)
    pupils_present = models.BooleanField(_("students take part"), default=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    requirement = models.CharField(max_length=40, blank=True)
    why = models.CharField(max_length=300, blank=True)
    due_by = models.DateField(null=True, blank=True)
    conductor = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    alternate = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # An agency reads no memberships: this tells it that one of its own conducts, and where.
    conductor_user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    callback_phone = models.CharField(_("call-back number"), max_length=40, blank=True)
    called_away = models.CharField(max_length=200, blank=True)
    alarm_on_test = models.BooleanField(_("alarm on test"), default=False)
    alarm_test_until = models.DateTimeField(null=True, blank=True)
    alarm_back_at = models.DateTimeField(null=True, blank=True)
    alarm_back_by = models.CharField(max_length=200, blank=True)
    cancelled_cause = models.CharField(max_length=24, choices=CancelledCause, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    redo_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    clash_reason = models.CharField(max_length=300, blank=True)
    uncleared_reason = models.CharField(max_length=300, blank=True)
    call_attempt = models.JSONField(default=dict, blank=True)
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, null=True, blank=True)
    map_version = models.ForeignKey(MapVersion, on_delete=models.PROTECT, null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    secured_at = models.DateTimeField(null=True, blank=True)
    accounted_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=200, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)
    stopped_in_words = models.CharField(max_length=300, blank=True)
    provenance = models.CharField(max_length=12, choices=Provenance, default=Provenance.LIVE)
    recorded_by = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    paper = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    real_event = models.BooleanField(default=False)
    unplanned_alarm = models.BooleanField(default=False)
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=DrillState.values), name="drill_state"
            ),
            models.CheckConstraint(
                condition=models.Q(type__in=DrillType.values), name="drill_type"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=480), name="drill_minutes"
            ),
            models.UniqueConstraint(
                fields=["campus"],
                name="drill_one_running",
                condition=models.Q(state="running"),
            ),
            models.UniqueConstraint(
                fields=["campus", "requirement"],
                name="drill_proposed_once",
                condition=models.Q(state="proposed"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["campus", "day"], name="drill_by_campus"),
            models.Index(
                fields=["starts_at"],
                name="drill_to_come",
                condition=models.Q(state__in=["scheduled", "announced", "cleared"]),
            ),
            models.Index(
                fields=["started_at"], name="drill_running", condition=models.Q(state="running")
            ),
            models.Index(
                fields=["alarm_test_until"],
                name="drill_panel_on_test",
                condition=models.Q(alarm_on_test=True, alarm_back_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}, {self.day:%Y-%m-%d}"

    @property
    def zone(self) -> ZoneInfo:
        """Return the campus's time zone."""
        return ZoneInfo(self.campus.time_zone)

    @property
    def is_exercise(self) -> bool:
        """Return whether its review needs objectives and ratings."""
        return self.type in EXERCISES

    @property
    def seconds_to_secured(self) -> int | None:
        """Return seconds from the start until everybody was out or secured."""
        return _seconds(self.started_at, self.secured_at)

    @property
    def seconds_to_accounted(self) -> int | None:
        """Return seconds from the start until every place had reported everybody safe."""
        return _seconds(self.started_at, self.accounted_at)

    def move_to(self, state: DrillState, *, at: datetime, **values: object) -> None:
        """Change state and these values in one guarded update, or raise WrongState."""
        if state not in MOVES[self.state]:
            raise WrongState(
                gettext("This drill is “%(now)s”; it cannot become “%(then)s”.")
                % {"now": self.get_state_display(), "then": state.label},
                mend=gettext("Reload the page to see how it stands."),
            )
        changed = {"state": state, "state_since": at, "edition": self.edition + 1, **values}
        won = Drill.objects.filter(pk=self.pk, state=self.state, edition=self.edition)
        if not won.update(**changed):
            raise WrongState(
                gettext("Somebody else has just changed this drill."),
                mend=gettext("Reload the page to see how it stands."),
            )
        for name, value in changed.items():
            setattr(self, name, value)


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else round((end - start).total_seconds())
