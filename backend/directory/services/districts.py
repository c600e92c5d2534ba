"""Set up a district with its first administrator."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.actor import Actor
from backend.directory.models import District, Membership, Role, User
from backend.directory.services import checks
from backend.directory.services.set_up import set_up_link
from backend.directory.states import ZONES
from backend.problems import NotAllowed, WrongState
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
    state: str,
    actor: Actor,
    at: datetime,
    administrator_name: str = "",
    time_zone: str = "",
    answering_name: str = "",
    answering_phone: str = "",
) -> NewDistrict:
    """Return a new district, its first administrator, and the one-time link to set up the account.

    `administrator` is an e-mail address. Only the system may do this. Raises WrongState on a
    database that bears a demonstration, or where a district has this name already.
    """
    if actor.kind != "system":
        raise NotAllowed(_("Only the command line sets up districts."))
    name = checks.require_text(name, "name", most=160)
    email = checks.require_email(administrator, "administrator")
    state = checks.require_state(state, "state")
    zone = checks.require_zone(time_zone or ZONES[state], "time_zone")
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
