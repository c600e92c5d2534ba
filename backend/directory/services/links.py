"""Ways in without an account: make them, read their token for sending, end them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Q

from backend.directory.models import Link, ResponderContact
from backend.directory.models.link import hash_of, new_token
from backend.encryption import decrypt, encrypt
from backend.tenancy.models import new_id


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
        _make(district_id, {item: new_token() for item in missing})
        found |= _live(district_id, missing)
    return found


def tokens_for(*, district_id: UUID, wanted: Collection[Wanted]) -> dict[Wanted, str]:
    """Return the token of the live link of each, made now where there is none.

    For messages that are sent now: put them nowhere else. Two statements for all.
    """
    tokens = {item: token_of(link) for item, link in _live(district_id, wanted).items()}
    made = {item: new_token() for item in wanted if item not in tokens}
    if not made:
        return tokens
    ours = _make(district_id, made)
    tokens |= {item: token for item, token in made.items() if hash_of(token) in ours}
    others = [item for item in made if item not in tokens]  # made by somebody else just now
    tokens |= {item: token_of(link) for item, link in _live(district_id, others).items()}
    return tokens


_MAKE = """
INSERT INTO directory_link (id, district_id, contact_id, purpose, campus_id, subject_id,
    token_hash, token_sealed, ended_reason)
SELECT id, %s, contact_id, purpose, campus_id, subject_id, token_hash, token_sealed, ''
FROM json_to_recordset(%s) AS given (id uuid, contact_id uuid, purpose text, campus_id uuid,
    subject_id uuid, token_hash text, token_sealed text)
ON CONFLICT DO NOTHING
RETURNING token_hash
"""


def _make(district_id: UUID, tokens: Mapping[Wanted, str]) -> set[str]:
    """Write a link for each that has none yet; return the hashes of those that are new."""
    rows = [
        {
            "id": new_id(),
            "contact_id": item.contact_id,
            "purpose": item.purpose,
            "campus_id": item.campus_id,
            "subject_id": item.subject_id,
            "token_hash": hash_of(token),
            "token_sealed": encrypt(token),
        }
        for item, token in tokens.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_MAKE, [district_id, orjson.dumps(rows).decode()])
        return {row[0] for row in cursor.fetchall()}


def _live(district_id: UUID, wanted: Collection[Wanted]) -> dict[Wanted, Link]:
    if not wanted:
        return {}
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
