"""One agency: contacts with the address each district accepted, people, devices, hours."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backend.directory import queries
from backend.directory.access import DistrictRequest, page
from backend.directory.models import Agency, ResponderContact
from backend.directory.pages import shown_once
from backend.directory.pages.forms import problem_to_form
from backend.directory.services import agencies as services
from backend.directory.services import coverage, pairing
from backend.problems import NotFound, Problem

DEVICE_IDS = "device_%s"  # another form of the page asks for a name too


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """A person, desk, shift mailbox or system."""

    class Meta:
        model = ResponderContact
        fields = ("name", "post", "order", "email", "phone", "language")
        widgets: ClassVar = {
            "language": forms.Select(choices=[("en", "English"), ("es", "Español")])
        }

    def validate_unique(self) -> None:
        """Leave it to the service, which says what to do."""


class MemberForm(forms.Form):
    """A person of the agency who gets an account."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)


class DeviceForm(forms.Form):
    """A patrol car, station or console."""

    name = forms.CharField(
        label=gettext_lazy("What is it?"),
        max_length=80,
        help_text=gettext_lazy("Such as Patrol car 14."),
    )
    code = forms.CharField(
        label=gettext_lazy("Code that it shows"),
        max_length=12,
        required=False,
        help_text=gettext_lazy(
            "Open /console/ on it. Without a code, the token is shown here once."
        ),
    )


@require_safe
@page
def agency(request: DistrictRequest, agency_id: UUID) -> HttpResponse:
    """Show an agency."""
    return _page(request, _readable(request, agency_id))


@page
def add_contact(request: DistrictRequest, agency_id: UUID) -> HttpResponse:
    """Add a contact; the district writes to its address from now on."""
    row = _readable(request, agency_id)
    services.require_agency(request.actor, row.pk)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_contact(
                agency_id=row.pk,
                values=form.cleaned_data,
                district_id=_district_id(request),
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("The contact is added."))
            return _back(row.pk)
    return TemplateResponse(
        request,
        "directory/contact_form.html",
        {"form": form, "agency": row},
        status=422 if form.is_bound else 200,
    )


@page
def edit_contact(request: DistrictRequest, agency_id: UUID, contact_id: UUID) -> HttpResponse:
    """Correct a contact; each district accepts a changed address by itself."""
    row = _readable(request, agency_id)
    services.require_agency(request.actor, row.pk)
    contact = ResponderContact.objects.filter(pk=contact_id, agency=row, ended_at=None).first()
    if contact is None:
        raise NotFound(_("There is no such contact, or it has ended."))
    form = ContactForm(request.POST or None, instance=contact)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_contact(
                contact_id=contact_id,
                values=form.cleaned_data,
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            messages.success(request, _("The contact is corrected."))
            return _back(row.pk)
    return TemplateResponse(
        request,
        "directory/contact_form.html",
        {"form": form, "agency": row, "contact": contact},
        status=422 if form.is_bound else 200,
    )


@require_POST
@page
def do(request: DistrictRequest, agency_id: UUID, deed: str, row_id: UUID) -> HttpResponse:
    """Accept an address, stop writing; give or end a grant; end a contact, person or device."""
    _readable(request, agency_id)
    common: dict[str, Any] = {"actor": request.actor, "at": timezone.now()}
    district_id = _district_id(request)
    if deed == "end-contact":
        services.end_contact(contact_id=row_id, **common)
    elif deed == "end-member":
        coverage.end_agency_member(member_id=row_id, **common)
    elif deed == "revoke-device":
        coverage.revoke_device(device_id=row_id, **common)
    elif deed == "end-grant":
        coverage.end_grant(grant_id=row_id, **common)
    elif district_id is None:
        raise NotFound(_("Only a district administrator does this."))
    elif deed == "accept":
        services.accept_address(contact_id=row_id, district_id=district_id, **common)
    elif deed == "stop":
        services.stop_writing(contact_id=row_id, district_id=district_id, **common)
    elif deed == "grant-member":
        coverage.grant(district_id=district_id, agency_member_id=row_id, **common)
    elif deed == "grant-device":
        coverage.grant(district_id=district_id, device_id=row_id, **common)
    else:
        raise NotFound(_("There is nothing at this address."))
    messages.success(request, _("Done."))
    return _back(agency_id)


@require_POST
@page
def add_member(request: DistrictRequest, agency_id: UUID) -> HttpResponse:
    """Give a person of the agency an account and, from a district, its grant."""
    row = _readable(request, agency_id)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            _member, link = coverage.add_agency_member(
                agency_id=row.pk,
                **form.cleaned_data,
                district_id=_district_id(request),
                actor=request.actor,
                at=timezone.now(),
            )
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            shown_once.keep(request, link)
            return _back(row.pk)
    return _page(request, row, member_form=form)


@require_POST
@page
def enroll(request: DistrictRequest, agency_id: UUID) -> HttpResponse:
    """Enroll a device; its token is shown once."""
    row = _readable(request, agency_id)
    form = DeviceForm(request.POST, auto_id=DEVICE_IDS)
    if form.is_valid():
        common = {
            "agency_id": row.pk,
            "name": form.cleaned_data["name"],
            "district_id": _district_id(request),
            "actor": request.actor,
            "at": timezone.now(),
        }
        try:
            if code := form.cleaned_data["code"]:
                pairing.enroll_by_code(code=code, **common)
                messages.success(request, _("Enrolled. The console opens its board by itself."))
            else:
                _device, token = coverage.enroll_device(**common)
                shown_once.keep(request, token)
        except Problem as problem:
            problem_to_form(problem, form)
        else:
            return _back(row.pk)
    return _page(request, row, device_form=form)


def _page(
    request: DistrictRequest,
    row: Agency,
    *,
    member_form: MemberForm | None = None,
    device_form: DeviceForm | None = None,
) -> HttpResponse:
    now = timezone.now()
    mine = queries.districts_with(request.actor, "coverage.read")
    grants = coverage.live_grants(row.pk, at=now)
    covered = queries.coverages(request.actor, today=now.date()).filter(agency=row)
    context = {
        "agency": row,
        "contacts": queries.contacts_of(row, district_ids=mine),
        "coverages": covered,
        "members": [
            (item, grants.get(item.pk)) for item in queries.members_of(row, today=now.date())
        ],
        "devices": [(item, grants.get(item.pk)) for item in queries.devices_of(row)],
        "works_here": services.works_for(request.actor, row.pk),
        "may_edit": bool(queries.districts_with(request.actor, "coverage.edit")),
        "member_form": member_form or MemberForm(),
        "device_form": device_form or DeviceForm(auto_id=DEVICE_IDS),
        "secret": shown_once.take(request),
    }
    return TemplateResponse(
        request,
        "directory/agency.html",
        context,
        status=422 if member_form or device_form else 200,
    )


def _readable(request: DistrictRequest, agency_id: UUID) -> Agency:
    today = timezone.now().date()
    row = queries.agencies(request.actor, today=today).filter(pk=agency_id).first()
    if row is None:
        raise NotFound(_("There is no such agency, or not for you."))
    return row


def _district_id(request: DistrictRequest) -> UUID | None:
    district = queries.district_for(
        request.actor, "coverage.edit", request.POST.get("district", "")
    )
    return district.pk if district else None


def _back(agency_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("agency", kwargs={"agency_id": agency_id}), status=303)
