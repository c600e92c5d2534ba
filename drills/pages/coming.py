"""Agencies at a drill: the school asks them, they say who comes, somebody notes who is there."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from backend.directory.access import DistrictRequest, allow, answer_page, page
from backend.directory.actor import Actor
from backend.directory.models import Agency
from backend.directory.pages.forms import problem_to_form
from backend.problems import BadInput, NotFound, Problem
from drills.models import GivenBy, Part
from drills.pages.shared import drill_of, to_drill
from drills.queries.attendance import live_invitations
from drills.services import inviting


class InviteForm(forms.Form):
    """Which agency is asked, and what for."""

    agency = forms.ChoiceField(label=gettext_lazy("Agency"))
    part = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=Part.choices,
        initial=Part.OBSERVE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, agencies: list[Agency], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["agency"].choices = [  # type: ignore[attr-defined]
            (str(agency.pk), agency.name) for agency in agencies
        ]


class ComeForm(forms.Form):
    """Who comes. A reason is asked for only where that crew is wanted elsewhere."""

    crew = forms.CharField(
        label=gettext_lazy("Who comes"),
        max_length=80,
        error_messages={"required": gettext_lazy("Write the crew or officer, such as Engine 4.")},
        help_text=gettext_lazy("A crew or an officer, such as Engine 4."),
    )
    note = forms.CharField(label=gettext_lazy("A word to the school"), max_length=300,
                           required=False)  # fmt: skip
    clash_reason = forms.CharField(
        label=gettext_lazy("Why it stands all the same"), max_length=300, required=False
    )

    @property
    def is_coming(self) -> bool:
        """Return which of its two buttons was pressed."""
        return "come" in self.data

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["crew"].required = self.is_coming or not self.is_bound


def come_form(invited: inviting.Invited) -> ComeForm:
    """Return the form as the agency answered before."""
    row = invited.invitation
    return ComeForm(initial={"crew": row.crew, "note": row.note, "clash_reason": row.clash_reason})


def say_who_comes(actor: Actor, drill_id: UUID, form: ComeForm, *, how: str) -> str:
    """Answer for an agency and return what is said of it; raises the service's problems."""
    data = form.cleaned_data
    row = inviting.answer(
        actor=actor,
        drill_id=drill_id,
        is_coming=form.is_coming,
        crew=data["crew"],
        note=data["note"],
        clash_reason=data["clash_reason"],
        how=how,
        at=timezone.now(),
    )
    if form.is_coming:
        return _("The school sees that %(who)s comes.") % {"who": row.crew}
    return _("The school sees that nobody comes.")


@require_http_methods(["GET", "HEAD", "POST"])
@answer_page
def answer(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Who of us comes to this drill?"""
    form = ComeForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            said = say_who_comes(
                request.actor, drill_id, form,                 how=GivenBy.ACCOUNT,
            )  # fmt: skip
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("agency-today"), status=303)
    invited = inviting.read_invited(actor=request.actor, drill_id=drill_id)
    if invited is None:
        raise NotFound(_("Your agency was not asked to come to this drill."),
                       mend=_("Open the list of drills at your schools."))  # fmt: skip
    context = {
        "invited": invited,
        "drill": invited.drill,
        "coming": form or come_form(invited),
    }
    status = 422 if form is not None and form.errors else 200
    return TemplateResponse(request, "drills/come.html", context, status=status)


@require_POST
@page
def invite(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Ask an agency to come."""
    drill = drill_of(request, drill_id)
    allow(request.actor, "drill.schedule", drill)
    form = InviteForm(
        request.POST,
        agencies=inviting.agencies_to_invite(drill, live_invitations(drill), timezone.now()),
    )
    if not form.is_valid():
        raise BadInput(
            _("This agency does not cover the campus, or was asked already."),
            where="agency",
            mend=_("Choose one of those listed on the drill's page."),
        )
    row = inviting.invite(
        drill_id=drill.pk,
        agency_id=UUID(form.cleaned_data["agency"]),
        part=form.cleaned_data["part"],
        actor=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("%(agency)s is asked.") % {"agency": row.agency.name})
    return to_drill(drill)


@require_POST
@page
def withdraw(request: DistrictRequest, drill_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    drill = drill_of(request, drill_id)
    row = inviting.withdraw(invitation_id=invitation_id, actor=request.actor, at=timezone.now())
    messages.success(request, _("%(agency)s is told.") % {"agency": row.agency.name})
    return to_drill(drill)


@require_POST
@answer_page
def arrived(request: DistrictRequest, drill_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Note that an agency is there."""
    row = inviting.record_arrival(
        invitation_id=invitation_id, actor=request.actor, at=timezone.now()
    )
    messages.success(request, _("Noted: they are there."))
    own = row.agency_id in request.actor.agencies
    way = reverse("agency-today") if own else reverse("drill", args=[row.drill_id])
    return HttpResponseRedirect(way, status=303)
