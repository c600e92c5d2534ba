"""Sign a version in review: inside the district by role, an agency by account or by code."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import get_in_reach, in_district_of, reach_of
from backend.directory.actor import Actor
from backend.directory.models import AcceptedAddress, AccountMessage, ResponderContact
from backend.encryption import encrypt
from backend.problems import BadInput, EditConflict, NotAllowed, WrongState
from backend.waking import wake_lane
from plans.models import (
    Approval,
    PlanState,
    PlanVersion,
    Publication,
    SignatureCode,
    SignerRole,
)
from plans.queries.signatures import MEMBER_ROLES, are_complete, places
from plans.services.locking import locked_version
from plans.services.submitting import end_review

CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=10)
CODES_AT_ONCE = 3  # within the lifetime, to one contact: a mailbox is not flooded
LONGEST_NAME = 120


@transaction.atomic
def sign_as(
    *, version: PlanVersion, role: str, content_hash: str, actor: Actor, at: datetime
) -> Approval:
    """Sign as principal, SRO or district over the hash that the signer read; return the approval.

    When every place is signed the version is approved. Raises NotAllowed, WrongState when it is not
    in review, the place is signed already or is none of this version, or the person has signed
    another; EditConflict when the text is another than the one read; BadInput for a role that does
    not exist.
    """
    if role not in MEMBER_ROLES:
        raise BadInput(
            _("Nobody signs as “%(role)s” here.") % {"role": role},
            where="role",
            mend=_("Use one of: %(roles)s.") % {"roles": ", ".join(MEMBER_ROLES)},
        )
    version = locked_version(actor, f"plan.sign_as_{role}", version.pk)
    _require_open(version, content_hash)
    _require_place(version, role, actor, at)
    approval = Approval.objects.create(
        district_id=version.district_id,
        version=version,
        campus_id=version.campus_id,
        role=role,
        signed_by=actor.label,
        signed_by_key=_key_of(actor),
        acting_for=_acting_for(actor, version, role),
        signed_at=at,
        content_hash=version.content_hash,
    )
    _approve_if_complete(version, actor=actor, at=at)
    audit.record("plan.signed", actor=actor, subject=version, at=at, details={
        "number": version.number, "role": role, "hash": version.content_hash,
        "acting_for": approval.acting_for})  # fmt: skip
    return approval


def _require_open(version: PlanVersion, content_hash: str) -> None:
    if version.state != PlanState.IN_REVIEW:
        raise WrongState(
            _("Version %(number)s is %(state)s; only a version in review is signed.")
            % {"number": version.number, "state": version.get_state_display().lower()},
            where=f"version {version.number}",
            mend=_("Reload the page to see its present state."),
        )
    if content_hash != version.content_hash:
        raise EditConflict(
            _("The text was sent back and changed since you read it."),
            where="content_hash",
            mend=_("Read the text as it stands now, then sign."),
        )


def _require_place(version: PlanVersion, role: str, actor: Actor, at: datetime) -> None:
    found = places(version, version.campus.local_date(at))
    place = next((item for item in found if item.role == role and item.agency is None), None)
    if place is None:
        raise WrongState(
            _("This version needs no signature as %(role)s.") % {"role": SignerRole(role).label},
            where="role",
            mend=_("See the signature list of the campus."),
        )
    if place.approval:
        raise WrongState(
            _("%(who)s has signed as %(role)s already.")
            % {"who": place.approval.signed_by, "role": SignerRole(role).label},
            where="role",
            mend=_("Nothing is left to do here."),
        )
    if any(item.approval and item.approval.signed_by_key == actor.key for item in found):
        raise WrongState(
            _("You have signed this version already."),
            where="role",
            mend=_("Another person takes this place."),
        )


def _key_of(actor: Actor) -> UUID:
    if actor.key is None:
        raise NotAllowed(_("Only a person signs."), mend=_("Sign in, or use the link you got."))
    return actor.key


def _acting_for(actor: Actor, version: PlanVersion, role: str) -> str:
    """Return for whom the person acts; empty where they hold the role themselves."""
    held = [
        item
        for item in actor.roles
        if item.role == MEMBER_ROLES[role]
        and item.district_id == version.district_id
        and item.campus_id in {None, version.campus_id}
    ]
    if any(not item.acting_for for item in held):
        return ""
    return held[0].acting_for if held else ""


def _approve_if_complete(version: PlanVersion, *, actor: Actor, at: datetime) -> None:
    if are_complete(places(version, version.campus.local_date(at))):
        version.move_to(PlanState.APPROVED, at=at)
        end_review(version, actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class CodeSent:
    """A code is on its way: to which address (partly hidden), until when it holds."""

    hint: str
    expires_at: datetime


def send_code(*, copy_id: UUID, actor: Actor, browser: str, at: datetime) -> CodeSent:
    """Send a link's contact a one-time code of six digits, for ten minutes and this browser.

    `browser` is a secret of the browser that asked. Opens reaches of its own. Raises NotFound,
    NotAllowed for anybody but a link, WrongState after three codes within ten minutes, or where the
    district can write to the contact no longer.
    """
    copy = _copy_for(actor, copy_id)
    contact_id = _contact_of(actor)
    with in_district_of(copy):
        version = PlanVersion.objects.get(pk=copy.version_id)
        accepted = AcceptedAddress.objects.filter(contact=contact_id, channel="email").first()
        contact = ResponderContact.objects.get(pk=contact_id)
        if accepted is None or accepted.address.casefold() != contact.email.casefold():
            raise WrongState(
                _("The district has no address of yours to which it may send a code."),
                mend=_("Ask the district to confirm your address."),
            )
        recent = SignatureCode.objects.filter(
            contact=contact_id, version=version, expires_at__gt=at
        )
        if recent.count() >= CODES_AT_ONCE:
            raise WrongState(
                _("Three codes were sent within ten minutes."),
                mend=_("Use the newest one, or wait ten minutes."),
            )
        code = "".join(secrets.choice("0123456789") for _n in range(CODE_DIGITS))
        SignatureCode.objects.create(
            district_id=copy.district_id,
            version=version,
            contact=contact,
            code_hash=_code_hash(version.pk, contact_id, code),
            browser_hash=_browser_hash(browser),
            expires_at=at + CODE_LIFETIME,
        )
        _owe_code(accepted.address, code, version, at)
        audit.record("signature.code_sent", actor=actor, subject=version, at=at, details={
            "number": version.number, "contact": str(contact_id)})  # fmt: skip
    return CodeSent(_hint(accepted.address), at + CODE_LIFETIME)


def _owe_code(address: str, code: str, version: PlanVersion, at: datetime) -> None:
    words = {"code": code, "campus": version.campus.name, "number": version.number}
    AccountMessage.objects.create(
        to=address,
        subject=_("Your code to sign the plan of %(campus)s") % words,
        body_sealed=encrypt(
            _(
                "%(code)s is your code to sign version %(number)s of the emergency operations plan "
                "of %(campus)s. It holds for ten minutes, in the browser that asked for it. "
                "If you did not ask, do nothing."
            )
            % words
        ),
        due_at=at,
        expires_at=at + CODE_LIFETIME,
    )
    wake_lane("delivery")


def sign_as_agency(
    *,
    copy_id: UUID,
    publication_hash: str,
    actor: Actor,
    at: datetime,
    name: str = "",
    code: str = "",
    browser: str = "",
) -> Approval:
    """Sign for an agency over the review copy it read: by account, or by link with its code.

    Opens reaches of its own. Raises NotFound, WrongState, EditConflict when the copy is another
    than the one read, BadInput without the name of the person who signs by a link, or for a code
    that is wrong, used, of another browser or older than ten minutes; five wrong ones end it.
    """
    copy = _copy_for(actor, copy_id)
    if publication_hash != copy.own_hash:
        raise EditConflict(
            _("This is not the copy that you read."), mend=_("Read it again, then sign.")
        )
    signed_by = actor.label
    if actor.kind == "link":
        signed_by = f"{_signer_name(name)}, {actor.label}"
        _use_code(copy, actor, code=code, browser=browser, at=at)
    with in_district_of(copy):
        version = PlanVersion.objects.select_for_update(no_key=True, of=("self",)).get(
            pk=copy.version_id
        )
        _require_open(version, copy.content_hash)
        if Approval.objects.filter(
            version=version, role=SignerRole.AGENCY, agency=copy.agency_id, lapsed_at=None
        ).exists():
            raise WrongState(
                _("Your agency has signed this version already."),
                mend=_("Nothing is left to do here."),
            )
        approval = Approval.objects.create(
            district_id=version.district_id,
            version=version,
            campus_id=version.campus_id,
            role=SignerRole.AGENCY,
            agency_id=copy.agency_id,
            signed_by=signed_by[:200],
            signed_by_key=_key_of(actor),
            signed_at=at,
            content_hash=copy.content_hash,
            publication_hash=copy.own_hash,
        )
        _approve_if_complete(version, actor=actor, at=at)
        audit.record("plan.signed", actor=actor, subject=version, at=at, details={
            "number": version.number, "role": "agency", "agency": str(copy.agency_id),
            "hash": copy.content_hash, "publication": copy.own_hash})  # fmt: skip
    return approval


def _copy_for(actor: Actor, copy_id: UUID) -> Publication:
    """Return the review copy addressed to the actor's agency, found under its own reach."""
    with reach_of(actor):
        copies = Publication.objects.filter(agency__isnull=False, withdrawn_at=None)
        return get_in_reach(actor, "plan.sign_as_agency", copies, pk=copy_id)


def _contact_of(actor: Actor) -> UUID:
    if actor.kind != "link" or actor.contact_id is None:
        raise NotAllowed(
            _("A code is sent only to somebody who came by a link."),
            mend=_("You are signed in: sign without a code."),
        )
    return actor.contact_id


def _signer_name(name: str) -> str:
    words = " ".join(name.split())
    if not words or len(words) > LONGEST_NAME:
        raise BadInput(
            _("Give the name of the person who signs."),
            where="name",
            mend=_("First and last name, at most 120 characters."),
        )
    return words


def _use_code(copy: Publication, actor: Actor, *, code: str, browser: str, at: datetime) -> None:
    """Take one try from the newest code and use it up when it is right, whatever follows."""
    contact_id = _contact_of(actor)
    with in_district_of(copy):
        sent = SignatureCode.objects.filter(
            contact=contact_id, version=copy.version_id, expires_at__gt=at
        )
        kept = sent.order_by("-pk").first()  # only the newest counts
        took = kept is not None and sent.filter(
            pk=kept.pk, browser_hash=_browser_hash(browser), tries_left__gt=0, used_at=None
        ).update(tries_left=F("tries_left") - 1)
        given = _code_hash(copy.version_id, contact_id, "".join(code.split()))
        is_right = bool(took) and kept is not None and constant_time_compare(kept.code_hash, given)
        if is_right and kept is not None:
            SignatureCode.objects.filter(pk=kept.pk).update(used_at=at)
    if not is_right:
        raise BadInput(
            _("This code is not right, or holds no longer."),
            where="code",
            mend=_("Read the newest message again, or ask for a new code in this browser."),
        )


def _code_hash(version_id: UUID, contact_id: UUID, code: str) -> str:
    value = f"{version_id}:{contact_id}:{code}"
    return salted_hmac("plans.signature-code", value, algorithm="sha256").hexdigest()


def _browser_hash(browser: str) -> str:
    return salted_hmac("plans.signature-browser", browser, algorithm="sha256").hexdigest()


def _hint(address: str) -> str:
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}"
