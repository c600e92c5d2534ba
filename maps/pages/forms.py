"""Forms of the map's pages."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.directory.models import Campus
from backend.tenancy.models import new_id
from maps.models import ConditionKind
from maps.pages.rows import end_of, last_day
from maps.services.conditions import LONGEST_PLACE, LONGEST_TEXT

UNTIL = (
    ("0", gettext_lazy("Today")),
    ("3", gettext_lazy("3 days")),
    ("7", gettext_lazy("A week")),
    ("date", gettext_lazy("Until a date")),
)
MAP_FILES = ".geojson,.json,.zip,.imdf,.osm,.xml,.kml,.kmz,.svg,.pdf"


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class UntilForm(forms.Form):
    """Until when: today, 3 days, a week, or the end of a day, 30 days at most."""

    until = forms.ChoiceField(
        label=gettext_lazy("Until when"), choices=UNTIL, widget=forms.RadioSelect
    )
    until_date = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=DayInput)

    def __init__(self, *args: Any, campus: Campus, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.campus, self.at = campus, at
        self.today = campus.local_date(at)
        self.last_day = last_day(campus=campus, at=at)
        self.fields["until_date"].widget.attrs |= {
            "min": self.today.isoformat(),
            "max": self.last_day.isoformat(),
        }

    def clean(self) -> dict[str, Any]:
        """Turn the choice into `ends_at`."""
        cleaned: dict[str, Any] = super().clean() or {}
        choice = cleaned.get("until")
        if choice is None or "until_date" in self.errors:
            return cleaned
        day: date | None = cleaned.get("until_date")
        if choice == "date" and day is None:
            self.add_error("until_date", _("Give the last day on which it holds."))
            return cleaned
        if choice == "date" and day and not self.today <= day <= self.last_day:
            self.add_error("until_date", _("Give a day from today to 30 days from now."))
            return cleaned
        last = day if choice == "date" and day else self.today + timedelta(days=_days(choice))
        cleaned["ends_at"] = end_of(last, campus=self.campus)
        return cleaned


def _days(choice: str) -> int:
    return int(choice) if choice.isdecimal() else 0


class ConditionForm(UntilForm):
    """What is out of order, where, what to know, until when, a photo."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it"), choices=ConditionKind.choices, widget=forms.RadioSelect
    )
    place = forms.CharField(
        label=gettext_lazy("Where"),
        max_length=LONGEST_PLACE,
        help_text=gettext_lazy("Begin to type a sign of the map, or describe the place."),
        widget=forms.TextInput(
            attrs={"list": "places", "autocomplete": "off", "autocapitalize": "sentences"}
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("What to know"),
        max_length=LONGEST_TEXT,
        help_text=gettext_lazy("One sentence: “Chained by the contractor, use gate 2.”"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, required=False)
    field_order = ("kind", "place", "text", "until", "until_date", "photo", "key")


class ImportForm(forms.Form):
    """A map file."""

    file = forms.FileField(
        label=gettext_lazy("Map file"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "GeoJSON, IMDF, OpenStreetMap, KML or KMZ, up to 25 MB, in degrees (WGS 84); or floor "
            "plans as SVG or vector PDF, in one zip with a file that says where they lie."
        ),
        widget=forms.FileInput(attrs={"accept": MAP_FILES}),
    )


class PublishForm(forms.Form):
    """When the draft was compared with the building, and by whom."""

    verified_on = forms.DateField(
        label=gettext_lazy("Verified on site on"),
        required=False,
        help_text=gettext_lazy("The day on which somebody walked the campus with this map."),
        widget=DayInput,
    )
    verified_by = forms.CharField(
        label=gettext_lazy("By whom"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Your own name when left empty."),
    )


class DifferenceForm(forms.Form):
    """What differs from the map."""

    note = forms.CharField(
        label=gettext_lazy("What differs"),
        max_length=300,
        help_text=gettext_lazy("“Moved to the other side of the hall”, “the sign says 143”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    photo = forms.FileField(
        label=gettext_lazy("Photo"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
