"""The facts of the packet's first page: a plain form of short answers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backend.directory.access import DistrictRequest
from backend.directory.models import Campus
from backend.problems import BadInput
from plans import first_page as facts_form
from plans.models import PlanState
from plans.pages.shell import campus_page, shell, work_of
from plans.services import drafting

LABELS: dict[str, tuple[Any, Any]] = {
    "cross_street": (gettext_lazy("Cross street"), ""),
    "approach": (gettext_lazy("Approach"), gettext_lazy("One sentence: from which street, how.")),
    "main_door": (gettext_lazy("Main door"), gettext_lazy("The number on the wall.")),
    "way_in": (gettext_lazy("Way in"), gettext_lazy("And the other way when it is blocked.")),
    "panel": (gettext_lazy("Fire panel"), gettext_lazy("Where it is, seen from the main door.")),
    "key_box": (gettext_lazy("Key box"), gettext_lazy("Where it is, and who holds the key.")),
    "command_post": (gettext_lazy("Command post"), ""),
    "staging": (gettext_lazy("Staging"), ""),
    "radio": (gettext_lazy("Radio"), gettext_lazy("Channel, and where there is no signal.")),
    "people_who_need_help": (
        gettext_lazy("People who need help"),
        gettext_lazy("Counts and places only; never a name, never a diagnosis."),
    ),
    "construction": (gettext_lazy("Construction"), gettext_lazy("Walls, roof, floors.")),
    "roof": (gettext_lazy("Roof"), gettext_lazy("Access, solar panels.")),
    "sprinklers": (gettext_lazy("Sprinklers"), gettext_lazy("Where, and where not.")),
    "reunification": (gettext_lazy("Reunification"), gettext_lazy("Place, distance, number.")),
}
GROUPS = (
    (gettext_lazy("Front of the page"), ("cross_street", "approach", "main_door", "way_in", "panel",
                                         "key_box", "command_post", "staging", "radio")),
    (gettext_lazy("Back of the page"), ("people_who_need_help", "construction", "roof",
                                        "sprinklers", "reunification")),
)  # fmt: skip
HOURS = range(24)
SPARE_HAZARDS = 3


class FirstPageForm(forms.Form):
    """Short answers; hours and hazards as rows."""

    def __init__(self, *args: Any, hazards: int, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, (label, hint) in LABELS.items():
            self.fields[name] = forms.CharField(
                label=label,
                help_text=hint,
                required=False,
                max_length=facts_form.LONGEST_TEXT,
            )
        for hour in HOURS:
            self.fields[f"hour-{hour}"] = forms.IntegerField(
                label=f"{hour:02}:00", required=False, min_value=0, max_value=facts_form.MOST_PEOPLE
            )
        self.hazard_count = hazards
        for place in range(hazards):
            for name, label in (
                ("what", gettext_lazy("What")),
                ("where", gettext_lazy("Where, how much")),
                ("room_label", gettext_lazy("Room on the map")),
            ):
                self.fields[f"hazard-{place}-{name}"] = forms.CharField(
                    label=label, required=False, max_length=facts_form.LONGEST_TEXT
                )

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the short answers under their headings."""
        return [(title, [self[name] for name in names]) for title, names in GROUPS]

    @property
    def hours(self) -> list[forms.BoundField]:
        """Return the number of people for each hour of the day."""
        return [self[f"hour-{hour}"] for hour in HOURS]

    @property
    def hazards(self) -> list[list[forms.BoundField]]:
        """Return the rows of standing hazards."""
        return [
            [self[f"hazard-{place}-{name}"] for name in ("what", "where", "room_label")]
            for place in range(self.hazard_count)
        ]

    def facts(self, present: Mapping[str, Any]) -> dict[str, Any]:
        """Return the facts as they are kept; the line of the way in stays as it is."""
        data = self.cleaned_data
        hazards = [
            {
                name: data.get(f"hazard-{place}-{name}", "")
                for name in ("what", "where", "room_label")
            }
            for place in range(self.hazard_count)
        ]
        return {
            **{name: data[name] for name in LABELS},
            "people_by_hour": [
                [hour, data[f"hour-{hour}"]]
                for hour in HOURS
                if data.get(f"hour-{hour}") is not None
            ],
            "hazards": [row for row in hazards if any(row.values())],
            "approach_line": present.get("approach_line", []),
        }


def _initial(facts: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: facts.get(name, "") for name in LABELS}
    for hour, people in facts.get("people_by_hour", []):
        found[f"hour-{hour}"] = people
    for place, row in enumerate(facts.get("hazards", [])):
        for name, value in row.items():
            found[f"hazard-{place}-{name}"] = value
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@campus_page("plan.draft")
def first_page(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """What must a responder know first?"""
    at = timezone.now()
    version = work_of(campus, PlanState.DRAFT)
    count = len(version.facts.get("hazards", [])) + SPARE_HAZARDS
    expected, conflict, status = drafting.facts_mark(version), None, 200
    if request.method == "POST":
        form = FirstPageForm(request.POST, hazards=count)
        expected, status = request.POST.get("expected", ""), 422
        if form.is_valid():
            try:
                drafting.edit_facts(
                    version=version,
                    expected=expected,
                    facts=form.facts(version.facts),
                    actor=request.actor,
                    at=at,
                )
            except drafting.FactsEditedMeanwhile as refusal:
                conflict, status = refusal, 412
                expected = drafting.facts_mark(version)
            except BadInput as problem:
                form.add_error(_field(problem.where, form), str(problem))
            else:
                messages.success(request, _("The first page is saved."))
                return HttpResponseRedirect(reverse("campus-plan", args=[campus.slug]), status=303)
    else:
        form = FirstPageForm(initial=_initial(version.facts), hazards=count)
    context = {
        **shell(request, campus, at),
        "version": version,
        "form": form,
        "expected": expected,
        "conflict": conflict,
        "their_facts": facts_form.in_words(conflict.theirs) if conflict else None,
    }
    return TemplateResponse(request, "plans/first_page.html", context, status=status)


def _field(where: str, form: FirstPageForm) -> str | None:
    """Return the form's field for a place such as `hazards[1].what`."""
    name = where.replace("hazards[", "hazard-").replace("].", "-")
    return name if name in form.fields else None
