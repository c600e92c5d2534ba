"""Forms of the plan's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.directory.models import Coverage
from backend.directory.pages.forms import DateInput
from plans.content.document import AUDIENCES, PlanDocument
from plans.content.template import SECTION_TEMPLATES
from plans.services.adopting import AS_MARKED
from plans.services.drafting import hazard_choices

AUDIENCE_WORDS = {
    "public": gettext_lazy("public"),
    "staff": gettext_lazy("staff"),
    "responder": gettext_lazy("responder"),
    "restricted": gettext_lazy("restricted"),
}


class StartForm(forms.Form):
    """Which threat and hazard annexes a first plan has."""

    hazards = forms.MultipleChoiceField(
        label=gettext_lazy("Threats and hazards that need an annex"),
        choices=hazard_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Those your school ranks high. More can be added later."),
    )


class AddSectionForm(forms.Form):
    """A section of the template that the draft does not have."""

    template_id = forms.ChoiceField(label=gettext_lazy("Section"))

    def __init__(self, *args: Any, present: set[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["template_id"] = forms.ChoiceField(
            label=_("Section"),
            choices=[
                (template.template_id, template.title)
                for template in SECTION_TEMPLATES.values()
                if template.template_id not in present
            ],
        )


class ReasonForm(forms.Form):
    """Why a version is sent back or withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PublishForm(forms.Form):
    """From when a version is in force."""

    in_force_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=DateInput,
        help_text=gettext_lazy("The agencies are told now; the message names this day."),
    )


class AdoptForm(forms.Form):
    """The signature page of a plan adopted before, and who may see which section."""

    adopted_on = forms.DateField(
        label=gettext_lazy("Adopted on"),
        widget=DateInput,
        help_text=gettext_lazy("The day on the signature page."),
    )
    in_force_from = forms.DateField(label=gettext_lazy("In force here from"), widget=DateInput)
    signature_page = forms.FileField(
        label=gettext_lazy("Signature page"),
        help_text=gettext_lazy("A PDF or a photo, at most 20 MB."),
    )

    def __init__(self, *args: Any, document: PlanDocument, **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [
            ("restricted", _("restricted: SRO and administrators only")),
            ("responder", _("responders, staff below")),
            ("staff", _("staff")),
            ("public", _("everyone")),
            (AS_MARKED, _("as its blocks are marked")),
        ]
        for section in document.sections:
            self.fields[section.template_id] = forms.ChoiceField(
                label=section.title, choices=choices, initial="restricted"
            )
        self.section_names = [section.template_id for section in document.sections]

    @property
    def section_fields(self) -> list[forms.BoundField]:
        """Return the fields that say who may see a section."""
        return [self[name] for name in self.section_names]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        """Return the other fields."""
        return [self[name] for name in ("adopted_on", "in_force_from", "signature_page")]

    def audiences(self) -> dict[str, str]:
        """Return what was chosen for each section."""
        return {name: self.cleaned_data[name] for name in self.section_names}


class SignatureListForm(forms.Form):
    """Who must sign the plans of a campus."""

    inside = forms.MultipleChoiceField(
        label=gettext_lazy("Inside the district"),
        choices=[
            ("principal", gettext_lazy("Principal")),
            ("sro", gettext_lazy("SRO")),
            ("district", gettext_lazy("District")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agencies = forms.MultipleChoiceField(
        label=gettext_lazy("Agencies"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Each gets a copy to review and signs by account or by link."),
    )

    def __init__(self, *args: Any, coverages: list[Coverage], **more: Any) -> None:
        super().__init__(*args, **more)
        agencies = {str(row.agency_id): row.agency.name for row in coverages}
        self.fields["agencies"].choices = list(agencies.items())  # type: ignore[attr-defined]


class SignByLinkForm(forms.Form):
    """Name and code of the person who signs for an agency."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Code of six digits"),
        max_length=12,
        help_text=gettext_lazy("It was sent to you by e-mail and holds for ten minutes."),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "data-secret": ""}
        ),
    )


def audience_choices() -> list[tuple[str, str]]:
    """Return every audience with its word."""
    return [(word, str(AUDIENCE_WORDS[word])) for word in AUDIENCES]
