"""Forms of the pages of drills."""

import re
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.directory.models import Agency, Campus, Membership
from backend.directory.pages.forms import DateInput
from backend.tenancy.models import new_id
from drills.models import (
    CancelledCause,
    Drill,
    DrillType,
    Element,
    Exits,
    Outcome,
    PlaceInDay,
    Rating,
)
from drills.services.recording import Held
from drills.services.reviewing import CAPABILITIES, Rated
from drills.services.scheduling import CONDUCTING_ROLES, Wanted

EMPTY = gettext_lazy("This is empty. Fill it in.")
NO_DAY = gettext_lazy("This is no day. Choose one from the calendar.")
NO_TIME = gettext_lazy("This is no time. Write it as 10:15.")
USUAL_TYPES = (
    DrillType.FIRE, DrillType.LOCKDOWN, DrillType.SHELTER_WEATHER, DrillType.SECURE,
    DrillType.HOLD, DrillType.EVACUATION, DrillType.SHELTER_IN_PLACE, DrillType.REUNIFICATION,
    DrillType.TABLETOP, DrillType.FUNCTIONAL, DrillType.FULL_SCALE,
)  # fmt: skip


class TimeInput(forms.TimeInput):
    """A time as the browser's own field gives it."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def day_field(label: Any) -> forms.DateField:
    """Return a required day."""
    return forms.DateField(
        label=label, widget=DateInput(), error_messages={"required": EMPTY, "invalid": NO_DAY}
    )


def time_field(label: Any) -> forms.TimeField:
    """Return a required time of day."""
    return forms.TimeField(
        label=label, widget=TimeInput(), error_messages={"required": EMPTY, "invalid": NO_TIME}
    )


def type_choices() -> list[Any]:
    """Return the kinds of drills, the usual ones first."""
    usual = [(item.value, item.label) for item in USUAL_TYPES]
    rest = [choice for choice in DrillType.choices if choice[0] not in dict(usual)]
    return [(_("Usual"), usual), (_("Others"), rest)]


def conductors(campus: Campus) -> list[Membership]:
    """Return who may run drills here: people of the campus first, then of the district."""
    rows = Membership.objects.filter(
        district_id=campus.district_id, role__in=CONDUCTING_ROLES, ends_on=None, acting_for=None
    ).select_related("user")
    here = rows.filter(campus=campus).order_by("user__name")
    return [*here, *rows.filter(campus=None).order_by("user__name")]


class DrillForm(forms.Form):
    """What, when, who runs it, on which number."""

    type = forms.ChoiceField(label=gettext_lazy("What is practiced"), choices=type_choices)
    day = day_field(gettext_lazy("Day"))
    time = time_field(gettext_lazy("Start"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        initial=15,
        min_value=1,
        max_value=480,
        error_messages={
            "required": EMPTY,
            "invalid": gettext_lazy("This is no number. Write the minutes you plan."),
            "min_value": gettext_lazy("A drill takes 1 to 480 minutes."),
            "max_value": gettext_lazy("A drill takes 1 to 480 minutes."),
        },
    )
    place_in_day = forms.ChoiceField(
        label=gettext_lazy("When in the day"), choices=PlaceInDay.choices, initial="class"
    )
    exits = forms.ChoiceField(label=gettext_lazy("Exits"), choices=Exits.choices, initial="normal")
    conductor = forms.ChoiceField(label=gettext_lazy("Who conducts it"))
    alternate = forms.ChoiceField(
        label=gettext_lazy("Alternate"),
        required=False,
        help_text=gettext_lazy("Takes over in one press when the conductor is called away."),
    )
    callback_phone = forms.CharField(
        label=gettext_lazy("Call-back number during the drill"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Dispatch calls it. Left empty, the district's number stands."),
    )
    pupils_present = forms.BooleanField(
        label=gettext_lazy("Students take part"), required=False, initial=True
    )
    alarm_on_test = forms.BooleanField(
        label=gettext_lazy("The alarm panel is put on test"), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note for the conductor"), max_length=300, required=False
    )
    clash_reason = forms.CharField(
        label=gettext_lazy("Reason why it stands all the same"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Only where another drill is too near: it is kept with the drill."),
    )

    def __init__(self, *args: Any, campus: Campus, **more: Any) -> None:
        super().__init__(*args, **more)
        people = [
            (str(row.pk), f"{row.user.name}, {row.get_role_display()}")
            for row in conductors(campus)
        ]
        self.fields["conductor"].choices = people  # type: ignore[attr-defined]
        self.fields["alternate"].choices = [("", _("Nobody")), *people]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what the form asks for."""
        data = self.cleaned_data
        return Wanted(
            **{
                name: data[name]
                for name in (
                    "type", "day", "time", "minutes", "place_in_day", "exits", "callback_phone",
                    "pupils_present", "alarm_on_test", "note", "clash_reason",
                )
            },
            conductor=_id(data["conductor"]),
            alternate=_id(data["alternate"]),
        )  # fmt: skip


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


def initial_of(drill: Drill) -> dict[str, Any]:
    """Return what a form shows of a drill."""
    names = ("type", "day", "time", "minutes", "place_in_day", "exits", "callback_phone",
             "pupils_present", "alarm_on_test", "note", "clash_reason")  # fmt: skip
    shown = {name: getattr(drill, name) for name in names}
    return shown | {
        "conductor": str(drill.conductor_id or ""),
        "alternate": str(drill.alternate_id or ""),
    }


class MoveForm(forms.Form):
    """Another day and time."""

    day = day_field(gettext_lazy("Day"))
    time = time_field(gettext_lazy("Start"))
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)
    clash_reason = forms.CharField(
        label=gettext_lazy("Reason why it stands all the same"), max_length=300, required=False
    )


class CancelForm(forms.Form):
    """Why a drill is called off."""

    cause = forms.ChoiceField(label=gettext_lazy("Cause"), choices=CancelledCause.choices)
    reason = forms.CharField(label=gettext_lazy("In a sentence"), max_length=300, required=False)


class PhoneClearanceForm(forms.Form):
    """A clearance that was given by phone: 15 seconds of work."""

    agency = forms.ChoiceField(label=gettext_lazy("Who cleared it"))
    operator = forms.CharField(
        label=gettext_lazy("Name or operator number"),
        max_length=40,
        error_messages={"required": EMPTY},
    )
    line_called = forms.CharField(label=gettext_lazy("Line called"), max_length=40, required=False)

    def __init__(self, *args: Any, agencies: list[Agency], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["agency"].choices = [  # type: ignore[attr-defined]
            (str(agency.pk), f"{agency.name}, {agency.phone}".rstrip(", ")) for agency in agencies
        ]


class RecordForm(forms.Form):
    """A drill, alarm or real event that was held without Muster: 60 seconds of work."""

    type = forms.ChoiceField(label=gettext_lazy("What was it"), choices=type_choices)
    day = day_field(gettext_lazy("Day"))
    time = time_field(gettext_lazy("Start"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=1,
        max_value=480,
        error_messages={
            "required": EMPTY,
            "invalid": gettext_lazy("This is no number. Write how long it took."),
            "min_value": gettext_lazy("It takes 1 to 480 minutes."),
            "max_value": gettext_lazy("It takes 1 to 480 minutes."),
        },
    )
    happened = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[
            ("drill", gettext_lazy("A drill")),
            ("alarm", gettext_lazy("An unplanned alarm")),
            ("real", gettext_lazy("A real event")),
        ],
        widget=forms.RadioSelect,
        initial="drill",
    )
    place_in_day = forms.ChoiceField(
        label=gettext_lazy("When in the day"), choices=PlaceInDay.choices, initial="class"
    )
    exits = forms.ChoiceField(label=gettext_lazy("Exits"), choices=Exits.choices, initial="normal")
    led_by = forms.CharField(label=gettext_lazy("Who led it"), max_length=200, required=False)
    pupils_present = forms.BooleanField(
        label=gettext_lazy("Students took part"), required=False, initial=True
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)
    paper = forms.FileField(
        label=gettext_lazy("Scan or photo of the paper"),
        required=False,
        help_text=gettext_lazy("PDF, JPEG or PNG, at most 10 MB."),
        error_messages={"empty": gettext_lazy("This file is empty. Choose another one.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["key"].initial = new_id

    def held(self) -> Held:
        """Return what was held."""
        data = self.cleaned_data
        return Held(
            type=data["type"],
            day=data["day"],
            time=data["time"],
            minutes=data["minutes"],
            place_in_day=data["place_in_day"],
            exits=data["exits"],
            pupils_present=data["pupils_present"],
            note=data["note"],
            led_by=data["led_by"],
            real_event=data["happened"] == "real",
            unplanned_alarm=data["happened"] == "alarm",
            paper=data["paper"].read() if data["paper"] else None,
            key=data["key"],
        )


class AmendForm(forms.Form):
    """What stands wrong in a record, what is right, and why."""

    what = forms.ChoiceField(
        label=gettext_lazy("What is wrong"),
        choices=[
            ("type", gettext_lazy("What was practiced")),
            ("minutes", gettext_lazy("Minutes")),
            ("place_in_day", gettext_lazy("When in the day")),
            ("exits", gettext_lazy("Exits")),
            ("pupils_present", gettext_lazy("Students took part (true or false)")),
            ("started_by", gettext_lazy("Who led it")),
            ("note", gettext_lazy("Note")),
        ],
    )
    now = forms.CharField(
        label=gettext_lazy("What is right"), max_length=300, error_messages={"required": EMPTY}
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, error_messages={"required": EMPTY}
    )


class ReviewForm(forms.Form):
    """The questions of every review, and the objectives of an exercise."""

    worked = forms.CharField(
        label=gettext_lazy("What worked?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    did_not = forms.CharField(
        label=gettext_lazy("What did not?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Places and procedures, no names of people."),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput)


class ObjectiveForm(forms.Form):
    """One objective of an exercise with its rating."""

    objective = forms.CharField(label=gettext_lazy("Objective"), max_length=300, required=False)
    capability = forms.ChoiceField(
        label=gettext_lazy("Core capability"), choices=[(name, name) for name in CAPABILITIES]
    )
    rating = forms.ChoiceField(
        label=gettext_lazy("Rating"),
        required=False,
        choices=[("", gettext_lazy("Not rated yet")), *Rating.choices],
    )
    strengths = forms.CharField(
        label=gettext_lazy("Strengths"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    improvements = forms.CharField(
        label=gettext_lazy("Areas for improvement"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def rated(self) -> Rated:
        """Return what the form says."""
        return Rated(**self.cleaned_data)


class ActionForm(forms.Form):
    """A corrective action: one deed, one owner, one day."""

    what = forms.CharField(
        label=gettext_lazy("What will be done"),
        max_length=300,
        error_messages={"required": EMPTY},
        help_text=gettext_lazy("Begin with a verb: “Send rooms 128 to 139 out by door 8.”"),
    )
    outcome = forms.ChoiceField(label=gettext_lazy("It becomes a"), choices=Outcome.choices)
    element = forms.ChoiceField(label=gettext_lazy("Element"), choices=Element.choices)
    owner = forms.ChoiceField(label=gettext_lazy("Owner"))
    due_on = day_field(gettext_lazy("Due"))
    section = forms.ChoiceField(label=gettext_lazy("Plan section"), required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason, where nothing changes"), max_length=300, required=False
    )

    def __init__(
        self, *args: Any, campus: Campus, sections: list[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        people = Membership.objects.filter(
            district_id=campus.district_id, ends_on=None, acting_for=None
        ).select_related("user")
        here = people.filter(campus=campus) | people.filter(campus=None)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), f"{row.user.name}, {row.get_role_display()}")
            for row in here.order_by("user__name", "role")
        ]
        self.fields["section"].choices = [("", _("None")), *sections]  # type: ignore[attr-defined]


class ProofForm(forms.Form):
    """How one can see that an action is done."""

    proof = forms.CharField(
        label=gettext_lazy("Proof"),
        max_length=300,
        error_messages={"required": EMPTY},
        help_text=gettext_lazy("A work order's number, a map version, a training and its day."),
    )


class CalendarForm(forms.Form):
    """A school year: its first and last day, its hours, the days without school, state tests."""

    first_day = day_field(gettext_lazy("First day of school"))
    last_day = day_field(gettext_lazy("Last day of school"))
    day_starts = time_field(gettext_lazy("School day starts"))
    day_ends = time_field(gettext_lazy("School day ends"))
    lunch_starts = forms.TimeField(
        label=gettext_lazy("Lunch starts"), required=False, widget=TimeInput(),
        error_messages={"invalid": NO_TIME},
    )  # fmt: skip
    lunch_ends = forms.TimeField(
        label=gettext_lazy("Lunch ends"), required=False, widget=TimeInput(),
        error_messages={"invalid": NO_TIME},
    )  # fmt: skip
    no_school = forms.CharField(
        label=gettext_lazy("Days without school"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One a line: 2026-11-26, or a span: 2026-12-21 to 2027-01-01."),
    )
    testing = forms.CharField(
        label=gettext_lazy("State tests"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One span a line: 2027-04-12 to 2027-04-16. No drill stands there."),
    )

    def clean_no_school(self) -> list[date]:
        """Return each day of each line; raises ValidationError with the line."""
        return [
            date.fromordinal(number)
            for first, last in self._spans("no_school")
            for number in range(first.toordinal(), last.toordinal() + 1)
        ]

    def clean_testing(self) -> list[tuple[date, date]]:
        """Return the spans; raises ValidationError with the line."""
        return self._spans("testing")

    def _spans(self, field: str) -> list[tuple[date, date]]:
        found = []
        for number, line in enumerate(self.cleaned_data[field].splitlines(), start=1):
            words = re.split(r" (?:to|a) ", line.strip())
            if not line.strip():
                continue
            try:
                days = [date.fromisoformat(word.strip()) for word in words]
            except ValueError:
                days = []
            if len(days) not in {1, 2} or days[0] > days[-1] or (days[-1] - days[0]).days > 120:
                raise forms.ValidationError(
                    _("Line %(number)s, “%(line)s”, is no day and no span of days. Write it as "
                      "2026-11-26 or as 2026-12-21 to 2027-01-01.")
                    % {"number": number, "line": line.strip()[:60]}
                )  # fmt: skip
            found.append((days[0], days[-1]))
        return found
