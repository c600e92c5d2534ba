"""People and roles: list, invite, change, end, act for another; the people of one campus."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backend.directory import queries
from backend.directory.access import DistrictRequest, get_in_reach, in_reach_of, may, page
from backend.directory.models import Campus, Membership, Role
from backend.directory.models.membership import OF_THE_DISTRICT
from backend.directory.pages import shown_once
from backend.directory.pages.campus_page import campus_page
from backend.directory.pages.forms import DateInput, problem_to_form
from backend.directory.services import people as services
from backend.directory.services.set_up import DAYS_VALID
from backend.problems import NotAllowed, Problem

ACTING_IDS = "acting_%s"  # the form beside it asks for an end too


class InviteForm(forms.Form):
    """Who, in which role, where."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    campus = forms.ChoiceField(
        label=gettext_lazy("Campus"),
        required=False,
        help_text=gettext_lazy("Leave it empty for a role in the whole district."),
    )
    post = forms.CharField(
        label=gettext_lazy("Post"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("As it stands in the plan, such as Assistant Principal."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("First day"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Today, if empty."),
    )

    def __init__(self, *args: Any, campuses: list[Campus], roles: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        role, campus = self.fields["role"], self.fields["campus"]
        role.choices = [(value, Role(value).label) for value in roles]  # type: ignore[attr-defined]
        campus.choices = [("", "–"), *((str(row.pk), row.name) for row in campuses)]  # type: ignore[attr-defined]
        self.district_of = {str(row.pk): row.district_id for row in campuses}


class MembershipForm(forms.Form):
    """The words of a post, and the last day of a role."""

    post = forms.CharField(label=gettext_lazy("Post"), max_length=120, required=False)
    ends_on = forms.DateField(label=gettext_lazy("Last day"), required=False, widget=DateInput())


class ActingForm(forms.Form):
    """Who acts for this person, from – to."""

    email = forms.EmailField(
        label=gettext_lazy("Who acts"),
        help_text=gettext_lazy("The e-mail of somebody who has a role in the district."),
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DateInput())
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=DateInput())


@page
def people(request: DistrictRequest) -> HttpResponse:
    """List who may do what, where."""
    words, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    role = role if role in Role.values else ""
    today = timezone.now().date()
    rows = queries.people(request.actor, words=words, role=role, today=today)
    context = {
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "words": words,
        "role": role,
        "roles": Role.choices,
        "query": urlencode({"q": words, "role": role}) + "&",
        "may_invite": bool(_roles_to_give(request)),
        "today": today,
    }
    return TemplateResponse(request, "directory/people.html", context)


@page
def invite(request: DistrictRequest) -> HttpResponse:
    """Give a person a role."""
    roles = _roles_to_give(request)
    if not roles:
        raise NotAllowed(_("Your role does not give roles to others."))
    campuses = _campuses_to_give(request)
    form = InviteForm(request.POST or None, campuses=campuses, roles=roles)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = _invite(request, form)
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            shown_once.keep(request, invitation.link)
            messages.success(
                request,
                _("%(name)s has the role now.") % {"name": invitation.membership.user.name},
            )
            target = reverse("person", kwargs={"membership_id": invitation.membership.pk})
            return HttpResponseRedirect(target, status=303)
    return TemplateResponse(
        request, "directory/invite.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _invite(request: DistrictRequest, form: InviteForm) -> services.Invitation:
    data = form.cleaned_data
    district = queries.district_for(
        request.actor, "people.manage", request.POST.get("district", "")
    )
    district_id = form.district_of.get(data["campus"]) or (district.pk if district else None)
    if district_id is None:
        raise NotAllowed(
            _("Your role gives roles at your own campus only."),
            where="campus",
            mend=_("Choose a campus."),
        )
    return services.invite_member(
        district_id=district_id,
        campus_id=UUID(data["campus"]) if data["campus"] else None,
        email=data["email"],
        name=data["name"],
        role=data["role"],
        post=data["post"],
        starts_on=data["starts_on"],
        actor=request.actor,
        at=timezone.now(),
    )


@page
def person(request: DistrictRequest, membership_id: UUID) -> HttpResponse:
    """Show one role of one person, and change its post or last day."""
    membership = _readable(request, membership_id)
    form = MembershipForm(
        request.POST or None, initial={"post": membership.post, "ends_on": membership.ends_on}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_membership(
                membership_id=membership.pk,
                post=form.cleaned_data["post"],
                ends_on=form.cleaned_data["ends_on"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("The role is changed."))
            return HttpResponseRedirect(request.path, status=303)
    return _person_page(request, membership, form, ActingForm(auto_id=ACTING_IDS))


@page
def act_for(request: DistrictRequest, membership_id: UUID) -> HttpResponse:
    """Let another member sign and run for an absent one."""
    membership = _readable(request, membership_id)
    form = ActingForm(request.POST or None, auto_id=ACTING_IDS)
    if request.method == "POST" and form.is_valid():
        try:
            services.act_for(
                absent_id=membership.pk,
                **form.cleaned_data,
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("Saved. It is printed as acting."))
            return HttpResponseRedirect(
                reverse("person", kwargs={"membership_id": membership.pk}), status=303
            )
    plain = MembershipForm(initial={"post": membership.post, "ends_on": membership.ends_on})
    return _person_page(request, membership, plain, form)


@require_POST
@page
def end(request: DistrictRequest, membership_id: UUID) -> HttpResponse:
    """End a role at once."""
    ended = services.end_membership(
        membership_id=membership_id, actor=request.actor, at=timezone.now()
    )
    messages.success(request, _("The role of %(name)s has ended.") % {"name": ended.user.name})
    return HttpResponseRedirect(reverse("people"), status=303)


@require_POST
@page
def renew_link(request: DistrictRequest, membership_id: UUID) -> HttpResponse:
    """Make a fresh set-up link, shown once."""
    link = services.renew_link(membership_id=membership_id, actor=request.actor, at=timezone.now())
    shown_once.keep(request, link)
    return HttpResponseRedirect(
        reverse("person", kwargs={"membership_id": membership_id}), status=303
    )


@campus_page("people.read")
def campus_people(request: DistrictRequest, campus: Campus) -> HttpResponse:
    """Show who works at a campus and who answers its calls."""
    today = timezone.now().date()
    rows = queries.people(request.actor, today=today).filter(campus=campus)
    covering = list(queries.coverages(request.actor, today=today).filter(campus=campus))
    contacts = queries.contacts_by_agency(
        (row.agency for row in covering), district_ids=[campus.district_id]
    )
    responders = [{"coverage": row, "contacts": contacts[row.agency_id]} for row in covering]
    context = {
        "campus": campus,
        "tab": "people",
        "people": rows,
        "responders": responders,
        "may_invite": may(request.actor, "people.manage_office_and_staff", campus),
        "may_cover": may(request.actor, "coverage.edit", campus),
    }
    return TemplateResponse(request, "directory/campus_people.html", context)


def _person_page(
    request: DistrictRequest, membership: Membership, form: MembershipForm, acting: ActingForm
) -> HttpResponse:
    context = {
        "membership": membership,
        "form": form,
        "acting_form": acting,
        "may_manage": services.may_manage(request.actor, membership),
        "link": shown_once.take(request),
        "days_valid": DAYS_VALID,
        "is_set_up": membership.user.has_usable_password(),
        "delegates": Membership.objects.filter(
            queries.not_over(timezone.now().date()), acting_for=membership
        ).select_related("user"),
    }
    wrong = form.errors or acting.errors
    return TemplateResponse(request, "directory/person.html", context, status=422 if wrong else 200)


def _readable(request: DistrictRequest, membership_id: UUID) -> Membership:
    rows = Membership.objects.select_related("user", "campus", "district", "acting_for__user")
    return get_in_reach(request.actor, "people.read", rows, pk=membership_id)


def _campuses_to_give(request: DistrictRequest) -> list[Campus]:
    rows = in_reach_of(request.actor, "people.manage_office_and_staff", Campus.objects.all())
    return list(rows.order_by("name", "id"))


def _roles_to_give(request: DistrictRequest) -> list[str]:
    if queries.districts_with(request.actor, "people.manage"):
        return [*(role for role in Role.values if role not in OF_THE_DISTRICT), *OF_THE_DISTRICT]
    if queries.districts_with(request.actor, "people.manage_office_and_staff"):
        return list(services.GIVEN_BY_CAMPUS_ADMINISTRATORS)
    return []
