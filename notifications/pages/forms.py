"""Forms: an answer to a message, and a call written down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.queries import Board
from notifications.services.acknowledging import (
    ACCEPTED,
    EXCEPTION,
    LONGEST_NAME,
    LONGEST_NOTE,
    Addressed,
)
from notifications.services.phone_calls import KIND as RECORDED_CALL

ANSWERS = (
    (ACCEPTED, gettext_lazy("We have it")),
    (EXCEPTION, gettext_lazy("We have a problem with it")),
)
ANSWERS_TO_A_CALL = (
    (ACCEPTED, gettext_lazy("Yes, that is right")),
    (EXCEPTION, gettext_lazy("No, nobody here said this")),
)
LOCAL = "%Y-%m-%dT%H:%M"


class AcknowledgeForm(forms.Form):
    """A choice that no mail scanner makes, and a name; then one press."""

    choice = forms.ChoiceField(
        label=gettext_lazy("Your answer"), choices=ANSWERS, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=gettext_lazy("Your name, badge or operator number"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    exceptions = forms.MultipleChoiceField(
        label=gettext_lazy("With which of them"),
        required=False,
        help_text=gettext_lazy("Only for a problem. None ticked means all of them."),
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label=gettext_lazy("What the problem is"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: QueryDict | None, *, message: Addressed) -> None:
        super().__init__(data, initial={"name": message.delivery.recipient})
        if [one.kind for one in message.told] == [RECORDED_CALL]:
            self._choice_field("choice").choices = ANSWERS_TO_A_CALL
        if len(message.told) > 1:
            offered = [(str(one.notice_id), one.subject) for one in message.told]
            self._choice_field("exceptions").choices = offered
        else:
            del self.fields["exceptions"]

    def _choice_field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 — as declared above
        return field

    def chosen_exceptions(self) -> list[UUID]:
        """Return the notices that were ticked."""
        return [UUID(value) for value in self.cleaned_data.get("exceptions", ())]


class MomentInput(forms.DateTimeInput):
    """The browser's own field for a day and a time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format=LOCAL)


class PhoneCallForm(forms.Form):
    """Who said it, on which line, when: fifteen seconds. Times are those of the campus's wall."""

    agency_id = forms.TypedChoiceField(label=gettext_lazy("Agency"), coerce=UUID)
    said_by = forms.CharField(
        label=gettext_lazy("Who said it"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Name, badge or operator number"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    line_called = forms.CharField(
        label=gettext_lazy("Line called"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    called_at = forms.DateTimeField(
        label=gettext_lazy("When"), widget=MomentInput, input_formats=[LOCAL, f"{LOCAL}:%S"]
    )

    def __init__(self, data: QueryDict | None, *, board: Board, now: datetime) -> None:
        silent = board.silent
        first = silent[0].agency if silent else None
        initial = {
            "agency_id": first.pk if first else None,
            "line_called": first.phone if first else "",
            "called_at": now.replace(tzinfo=None, second=0, microsecond=0),
        }
        super().__init__(data, initial=initial)
        choice = self.fields["agency_id"]
        assert isinstance(choice, forms.TypedChoiceField)  # noqa: S101 — as declared above
        choice.choices = _agencies(board)


def _agencies(board: Board) -> Sequence[tuple[str, str]]:
    """Silent agencies first; the others may be recorded too, and it says that they have it."""
    return [
        (
            str(band.agency.pk),
            _("%(agency)s (has it)") % {"agency": band.agency.name}
            if band.is_acknowledged
            else band.agency.name,
        )
        for band in board.bands
    ]
