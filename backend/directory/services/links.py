"""Ways in without an account: make them, read their token for sending, end them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from backend.directory.models import Link, ResponderContact
from backend.directory.models.link import hash_of, new_token
from backend.encryption import decrypt, encrypt


@dataclass(frozen=True, slots=True)
class Wanted:
    """One recipient's way to one thing."""

    contact_id: UUID
    purpose: str
    campus_id: UUID | None = None
    subject_id: UUID | None = None


def link_for(
    *,
    district_id: UUID,
    contact: ResponderContact,
    purpose: str,
    campus_id: UUID | None = None,
    subject_id: UUID | None = None,
) -> Link:
    """Return the live link of a contact to a thing, made now if there is none."""
    wanted = Wanted(contact.pk, purpose, campus_id, subject_id)
    return links_for(district_id=district_id, wanted={wanted})[wanted]


def links_for(*, district_id: UUID, wanted: Collection[Wanted]) -> dict[Wanted, Link]:
    """Return the live link of each, made now where there is none; two statements for all."""
    found = _live(district_id, wanted)
    missing = [item for item in wanted if item not in found]
    if missing:
        made = []
        for item in missing:
            token = new_token()
            made.append(
                Link(
                    district_id=district_id,
                    contact_id=item.contact_id,
                    purpose=item.purpose,
                    campus_id=item.campus_id,
                    subject_id=item.subject_id,
                    token_hash=hash_of(token),
                    token_sealed=encrypt(token),
                )
            )
        Link.objects.bulk_create(made, ignore_conflicts=True)
        found |= _live(district_id, missing)
    return found


def _live(district_id: UUID, wanted: Collection[Wanted]) -> dict[Wanted, Link]:
    rows = Link.objects.filter(
        district_id=district_id,
        ended_at=None,
        contact_id__in={item.contact_id for item in wanted},
        purpose__in={item.purpose for item in wanted},
    ).filter(
        Q(subject_id=None)
        | Q(subject_id__in={item.subject_id for item in wanted if item.subject_id})
    )
    by_key = {
        Wanted(row.contact_id, row.purpose, row.campus_id, row.subject_id): row for row in rows
    }
    return {item: by_key[item] for item in wanted if item in by_key}


def token_of(link: Link) -> str:
    """Return the token, to be put into a message at the moment of sending and nowhere else."""
    return decrypt(link.token_sealed)


def end_links(
    *,
    district_id: UUID,
    reason: str,
    at: datetime,
    contact_id: UUID | None = None,
    campus_id: UUID | None = None,
    purpose: str = "",
    subject_id: UUID | None = None,
) -> int:
    """End the live links that fit all that is named; return how many. Name at least one."""
    named = {
        "contact_id": contact_id,
        "campus_id": campus_id,
        "purpose": purpose,
        "subject_id": subject_id,
    }
    fitting = {column: value for column, value in named.items() if value}
    if not fitting:
        raise ValueError("end_links needs a contact, campus, purpose or subject")
    return Link.objects.filter(district_id=district_id, ended_at=None, **fitting).update(
        ended_at=at, ended_reason=reason[:200]
    )
