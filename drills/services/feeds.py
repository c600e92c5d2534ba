"""A person's calendar feed: made, found by its token, ended."""

from datetime import datetime

from django.db import transaction

from backend.audit import record as audit
from backend.directory.actor import Actor
from backend.directory.identify import actor_of_user
from backend.directory.models.link import hash_of, new_token
from backend.encryption import decrypt, encrypt
from backend.problems import NotFound
from drills.models import CalendarFeed


@transaction.atomic
def token_for(*, actor: Actor, at: datetime) -> str:
    """Return the token of the actor's feed, made now if there is none; raises NotFound."""
    if actor.kind != "user" or actor.key is None:
        raise NotFound("Only a person has a calendar feed.")
    row = CalendarFeed.objects.filter(user=actor.key, ended_at=None).first()
    if row is None:
        token = new_token()
        CalendarFeed.objects.bulk_create(
            [
                CalendarFeed(
                    user_id=actor.key, token_hash=hash_of(token), token_sealed=encrypt(token)
                )
            ],
            ignore_conflicts=True,
        )
        row = CalendarFeed.objects.get(user=actor.key, ended_at=None)
        audit.record_account("calendar_feed.made", actor=actor, subject=row, at=at)
    return decrypt(row.token_sealed)


@transaction.atomic
def renew(*, actor: Actor, at: datetime) -> str:
    """End the present address: whoever holds it reads nothing more; return the new token."""
    for row in CalendarFeed.objects.select_for_update(no_key=True).filter(
        user=actor.key, ended_at=None
    ):
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        audit.record_account("calendar_feed.ended", actor=actor, subject=row, at=at)
    return token_for(actor=actor, at=at)


def actor_of_feed(token: str, *, at: datetime, address: str = "") -> Actor:
    """Return whose feed it is, with the roles of today; raises NotFound once ended."""
    row = (
        CalendarFeed.objects.select_related("user")
        .filter(token_hash=hash_of(token), ended_at=None, user__is_active=True)
        .first()
    )
    if row is None:
        raise NotFound("This calendar has ended.")
    return actor_of_user(row.user, today=at.date(), address=address)
