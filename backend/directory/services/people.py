"""Invite people, change and end their roles, let one act for another."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.audit.models import AccountEvent
from backend.directory.access import allow, get_in_reach, may
from backend.directory.account_mail import in_language_of, is_released, write_to
from backend.directory.actor import Actor
from backend.directory.models import AgencyMember, Campus, District, Membership, Role, User
from backend.directory.models.membership import OF_THE_DISTRICT
from backend.directory.queries import current, not_over
from backend.directory.services import checks
from backend.directory.services.set_up import DAYS_VALID, set_up_link
from backend.problems import BadInput, NotFound, WrongState

GIVEN_BY_CAMPUS_ADMINISTRATORS = (Role.OFFICE, Role.STAFF)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A role given. `link` is shown once to the person who invites; empty where mail does it."""

    membership: Membership
    link: str


@transaction.atomic
def invite_member(
    *,
    district_id: UUID,
    email: str,
    name: str,
    role: str,
    actor: Actor,
    at: datetime,
    campus_id: UUID | None = None,
    post: str = "",
    starts_on: date | None = None,
    tell: bool = True,
) -> Invitation:
    """Give a person a role, with a new account where the address has none, and owe them a mail.

    With `tell` false (an import) nobody is written to and there is no link. Raises NotFound,
    NotAllowed, BadInput at the field, or WrongState for an account that another district invited
    and that nobody has set up yet.
    """
    place = _place(district_id, campus_id, role)
    _allow_giving(actor, role, place)
    email = checks.require_email(email, "email")
    user, is_new = person_of(email, name, district_id=district_id, actor=actor, at=at)
    membership = Membership(
        district_id=district_id,
        user=user,
        campus_id=campus_id,
        role=role,
        post=checks.at_most(post, "post", most=120),
        starts_on=starts_on or at.date(),
    )
    _save(membership)
    link = _owe_invitation(user, place, is_new=is_new) if tell else ""
    audit.record(
        "membership.given",
        actor=actor,
        subject=membership,
        at=at,
        details={"person": user.name, "role": role, "place": str(place)},
    )
    return Invitation(membership, link)


def person_of(
    email: str, name: str, *, district_id: UUID, actor: Actor, at: datetime
) -> tuple[User, bool]:
    """Return the account of an address, and whether it is new; the name of an old one stays."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, checks.require_text(name, "name", most=120))
        audit.record_account(
            "person.invited",
            actor=actor,
            subject=user,
            at=at,
            details={"district": str(district_id)},
        )
        return user, True
    if not user.has_usable_password() and not _was_invited_by(user, district_id):
        raise WrongState(
            _("Somebody else has invited this address, and the account is not set up yet."),
            where="email",
            mend=_("Ask the person to open the link they have, then invite them again."),
        )
    return user, False


@transaction.atomic
def renew_link(*, membership_id: UUID, actor: Actor, at: datetime) -> str:
    """Return a fresh one-time link for an account that this district invited and nobody set up.

    WrongState for any other: a person with a password chooses a new one by their own mail, for
    whoever holds such a link is that person, in every district.
    """
    membership = _managed(actor, membership_id)
    user = membership.user
    in_agency = AgencyMember.objects.filter(user=user).exists()
    if user.has_usable_password() or in_agency or not _was_invited_by(user, membership.district_id):
        raise WrongState(
            _("%(name)s has an account already.") % {"name": user.name},
            mend=_("They choose a new password under “Forgotten password” on the sign-in page."),
        )
    user.set_unusable_password()  # a new random mark: links made before it end
    user.save(update_fields=["password"])
    audit.record("membership.link_renewed", actor=actor, subject=membership, at=at)
    return set_up_link(user)


@transaction.atomic
def change_membership(
    *, membership_id: UUID, post: str, ends_on: date | None, actor: Actor, at: datetime
) -> Membership:
    """Change the words of a post and the last day of a role."""
    membership = _managed(actor, membership_id)
    if ends_on and ends_on < membership.starts_on:
        raise BadInput(
            _("The last day lies before the first."),
            where="ends_on",
            mend=_("Choose a later day, or end the role at once."),
        )
    if ends_on:
        _keep_one_administrator(membership, on=ends_on + timedelta(days=1))
    membership.post = checks.at_most(post, "post", most=120)
    membership.ends_on = ends_on
    _save(membership)
    audit.record(
        "membership.changed",
        actor=actor,
        subject=membership,
        at=at,
        details={"post": post, "ends_on": ends_on.isoformat() if ends_on else None},
    )
    return membership


@transaction.atomic
def end_membership(*, membership_id: UUID, actor: Actor, at: datetime) -> Membership:
    """End a role at once, with all who act for its holder: the next request finds it gone."""
    membership = _managed(actor, membership_id)
    _keep_one_administrator(membership, on=at.date())
    yesterday = at.date() - timedelta(days=1)
    began = membership.starts_on
    for row in [*Membership.objects.filter(not_over(at.date()), acting_for=membership), membership]:
        row.starts_on = min(row.starts_on, yesterday)
        row.ends_on = yesterday
        row.save(update_fields=["starts_on", "ends_on"])
    audit.record(
        "membership.ended",
        actor=actor,
        subject=membership,
        at=at,
        details={"person": membership.user.name, "role": membership.role, "began": str(began)},
    )
    return membership


@transaction.atomic
def act_for(
    *,
    absent_id: UUID,
    email: str,
    starts_on: date,
    ends_on: date,
    actor: Actor,
    at: datetime,
) -> Membership:
    """Let another member act for an absent one, from – to; it passes on signing and running only.

    The one who acts must hold a role of the same district already.
    """
    absent = _managed(actor, absent_id)
    if absent.acting_for_id:
        raise WrongState(_("Someone who acts for another cannot be acted for."))
    if ends_on < starts_on:
        raise BadInput(
            _("The last day lies before the first."), where="ends_on", mend=_("Swap them.")
        )
    email = checks.require_email(email, "email")
    known = Membership.objects.filter(
        current(at.date()), district_id=absent.district_id, user__email__iexact=email
    )
    other = known.exclude(user=absent.user_id).select_related("user").first()
    if other is None:
        raise BadInput(
            _("Nobody else in the district has this address."),
            where="email",
            mend=_("Invite the person first."),
        )
    acting = Membership.objects.create(
        district_id=absent.district_id,
        user=other.user,
        campus_id=absent.campus_id,
        role=absent.role,
        starts_on=starts_on,
        ends_on=ends_on,
        acting_for=absent,
    )
    audit.record(
        "membership.acting",
        actor=actor,
        subject=acting,
        at=at,
        details={"person": other.user.name, "for": absent.user.name, "until": str(ends_on)},
    )
    return acting


def _place(district_id: UUID, campus_id: UUID | None, role: str) -> District | Campus:
    if role not in Role.values:
        raise BadInput(
            _("There is no role “%(role)s”.") % {"role": role[:40]},
            where="role",
            mend=_("Choose one of: %(roles)s.") % {"roles": ", ".join(Role.values)},
        )
    if (campus_id is None) != (role in OF_THE_DISTRICT):
        raise BadInput(
            _("This role is held at one campus.")
            if campus_id is None
            else _("This role is held in the whole district."),
            where="campus",
            mend=_("Choose a campus.") if campus_id is None else _("Leave the campus empty."),
        )
    place: District | Campus | None
    if campus_id is None:
        place = District.objects.filter(pk=district_id).first()
    else:
        place = Campus.objects.filter(pk=campus_id, district_id=district_id).first()
    if place is None:
        raise NotFound(_("There is no such place, or not for you."), where="campus")
    return place


def _allow_giving(actor: Actor, role: str, place: District | Campus) -> None:
    if role in GIVEN_BY_CAMPUS_ADMINISTRATORS and may(
        actor, "people.manage_office_and_staff", place
    ):
        return
    allow(actor, "people.manage", place)


def _managed(actor: Actor, membership_id: UUID) -> Membership:
    rows = Membership.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    membership = get_in_reach(actor, "people.read", rows, pk=membership_id)
    if not may_manage(actor, membership):
        allow(actor, "people.manage", membership)
    return membership


def may_manage(actor: Actor, membership: Membership) -> bool:
    """Return whether the actor may change this role: a campus administrator office and staff."""
    return may(actor, "people.manage", membership) or (
        membership.role in GIVEN_BY_CAMPUS_ADMINISTRATORS
        and may(actor, "people.manage_office_and_staff", membership)
    )


def _keep_one_administrator(membership: Membership, *, on: date) -> None:
    if membership.role != Role.DISTRICT_ADMINISTRATOR or membership.acting_for_id:
        return
    others = Membership.objects.filter(
        current(on),
        district_id=membership.district_id,
        role=Role.DISTRICT_ADMINISTRATOR,
        acting_for=None,
        user__is_active=True,
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise WrongState(
            _("This is the district's only administrator."),
            mend=_("Give somebody else the role first."),
        )


def _save(membership: Membership) -> None:
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise BadInput(
            _("This person has this role here already."),
            where="email",
            mend=_("Look under People; nothing more is needed."),
        ) from error


def _was_invited_by(user: User, district_id: UUID) -> bool:
    event = AccountEvent.objects.filter(action="person.invited", subject_id=user.pk).first()
    return event is not None and event.body["details"].get("district") == str(district_id)


def _owe_invitation(user: User, place: District | Campus, *, is_new: bool) -> str:
    """Owe the mail, and return the link while account mail is not released."""
    link = set_up_link(user) if is_new or not user.has_usable_password() else ""
    with in_language_of(user):
        paragraphs = [_("You were given a role at %(place)s.") % {"place": place}]
        if link:
            paragraphs += [
                _("Set up your account here, within %(days)s days:") % {"days": DAYS_VALID},
                link,
            ]
        else:
            paragraphs.append(_("Sign in as usual to see it."))
        write_to(
            user, subject=_("Your role at %(place)s") % {"place": place}, paragraphs=paragraphs
        )
    return "" if is_released() else link
