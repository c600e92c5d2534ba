"""Set up a district with its first administrator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.models import District, Membership, Role, User
from backend.directory.services import checks
from backend.directory.services.set_up import set_up_link
from backend.directory.states import ZONES
from backend.problems import NotAllowed, NotFound, WrongState
from backend.tenancy import reach


@dataclass(frozen=True, slots=True)
class NewDistrict:
    """What was set up; `link` is empty where the administrator has an account already."""

    district: District
    administrator: User
    link: str


@transaction.atomic
def create_district(
    *,
    name: str,
    administrator: str,
    actor: Actor,
    at: datetime,
    state: str = "",
    administrator_name: str = "",
    time_zone: str = "",
    answering_name: str = "",
    answering_phone: str = "",
) -> NewDistrict:
    """Return a new district, its first administrator, and the one-time link to set up the account.

    `administrator` is an e-mail address. State and zone may be set later on the page of the
    district; without a zone it is that of the state, else Eastern time. Only the system may do
    this. Raises WrongState on a database that bears a demonstration, or where a district has this
    name already.
    """
    if actor.kind != "system":
        raise NotAllowed(_("Only the command line sets up districts."))
    name = checks.require_text(name, "name", most=160)
    email = checks.require_email(administrator, "administrator")
    state = checks.require_state(state, "state") if state else ""
    zone = checks.require_zone(time_zone or ZONES.get(state, "America/New_York"), "time_zone")
    with reach.crossing("set-up"):
        _refuse_where_unfit(name)
        district = District.across_districts.create(
            name=name,
            state=state,
            time_zone=zone,
            answering_name=checks.at_most(answering_name, "answering_name", most=120)
            or _("District office"),
            answering_phone=checks.at_most(answering_phone, "answering_phone", most=40),
        )
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, administrator_name.strip() or email)
        audit.record_account(
            "person.invited",
            actor=actor,
            subject=user,
            at=at,
            details={"district": str(district.pk)},
        )
    with reach.of_districts(district.pk):
        Membership.objects.create(
            district=district,
            user=user,
            role=Role.DISTRICT_ADMINISTRATOR,
            starts_on=at.date(),
        )
        audit.record(
            "district.created",
            actor=actor,
            subject=district,
            at=at,
            details={"state": state, "administrator": user.name},
        )
    return NewDistrict(district, user, "" if user.has_usable_password() else set_up_link(user))


@transaction.atomic
def edit_district(
    *, district_id: UUID, values: Mapping[str, str], actor: Actor, at: datetime
) -> District:
    """Change name, state, zone, the line that answers, or the handling marking of a district."""
    district = District.objects.select_for_update(no_key=True).filter(pk=district_id).first()
    if district is None:
        raise NotFound(_("There is no such district, or not for you."))
    allow(actor, "settings.edit", district)
    clean = {
        "name": checks.require_text(values["name"], "name", most=160),
        "state": checks.require_state(values["state"], "state"),
        "time_zone": checks.require_zone(values["time_zone"], "time_zone"),
        "answering_name": checks.require_text(values["answering_name"], "answering_name", most=120),
        "answering_phone": checks.require_text(
            values["answering_phone"], "answering_phone", most=40
        ),
        "marking": checks.require_text(values["marking"], "marking", most=160),
    }
    changed = {name: value for name, value in clean.items() if getattr(district, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(district, name, value)
        district.save(update_fields=list(changed))
        audit.record("district.changed", actor=actor, subject=district, at=at, details=changed)
    return district


def _refuse_where_unfit(name: str) -> None:
    if District.across_districts.filter(is_demonstration=True).exists():
        raise WrongState(
            _("This database holds the demonstration, where anybody may sign in as anybody."),
            where="MUSTER_DATA",
            mend=_(
                "Start a real one beside it: set MUSTER_DATA to an empty folder, or DATABASE_URL"
                " to an empty database, run “muster up” once, then this command again."
            ),
        )
    if District.across_districts.filter(name__iexact=name).exists():
        raise WrongState(
            _("There is a district of this name already."),
            where="name",
            mend=_("Invite more people under People in that district."),
        )
