"""Phones that run a drill: let one in, find who holds it, shut one out."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.actor import Actor
from backend.directory.identify import actor_of_user
from backend.directory.models.link import hash_of, new_token
from backend.problems import NotFound
from backend.tenancy import reach
from drills.models import Drill, RunPhone
from drills.queries.live import mark_of
from drills.services.finding import locked_drill

LASTS = timedelta(hours=36)
"""A phone that lay without signal over night can still send what it kept."""


@transaction.atomic
def let_in(*, drill_id: UUID, actor: Actor, at: datetime) -> tuple[Drill, str]:
    """Return the drill and a new token by which this person's phone reads it and sends entries.

    Raises NotFound, NotAllowed for who takes no part.
    """
    drill = locked_drill(actor, "drill.report_place", drill_id)
    if actor.key is None:
        raise NotFound(_("Only a person takes part in a drill."))
    token = new_token()
    RunPhone.objects.create(
        district_id=drill.district_id,
        drill=drill,
        user_id=actor.key,
        token_hash=hash_of(token),
        expires_at=at + LASTS,
    )
    return drill, token


def has_heard(token: str, mark: str, *, drill_id: UUID, at: datetime) -> bool:
    """Return whether a phone that is let in has the present live state; it learns nothing else.

    Two hundred phones ask every two seconds, so this reads no roles: what is shown is decided by
    `actor_of_phone`. Raises NotFound for no live token.
    """
    phone = _phone(token, drill_id=drill_id, at=at)
    with reach.of_districts(phone.district_id):
        return mark_of(drill_id) == mark


def actor_of_phone(token: str, *, drill_id: UUID, at: datetime, address: str = "") -> Actor:
    """Return who holds the phone, with the roles of today; raises NotFound for no live token.

    It opens nothing but the drill it was let in to.
    """
    phone = _phone(token, drill_id=drill_id, at=at)
    return actor_of_user(phone.user, today=at.date(), address=address)


def _phone(token: str, *, drill_id: UUID, at: datetime) -> RunPhone:
    with reach.crossing("link"):
        phone = (
            RunPhone.across_districts.select_related("user")
            .filter(
                token_hash=hash_of(token),
                drill=drill_id,
                revoked_at=None,
                expires_at__gt=at,
                user__is_active=True,
            )
            .first()
        )
    if phone is None:
        raise NotFound(
            _("This phone no longer takes part in the drill."),
            mend=_("Open the drill again and sign in; what is kept here is sent then."),
        )
    return phone


@transaction.atomic
def shut_out(*, drill_id: UUID, actor: Actor, at: datetime) -> int:
    """End the tokens of all phones of a drill; who signs in again is let in anew. Return how many.

    Raises NotFound, NotAllowed.
    """
    drill = locked_drill(actor, "drill.run", drill_id)
    number = RunPhone.objects.filter(drill=drill, revoked_at=None).update(revoked_at=at)
    audit.record("drill.phones_shut_out", actor=actor, subject=drill, at=at,
                 details={"number": number})  # fmt: skip
    return number
