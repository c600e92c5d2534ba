"""Seal a drill's record: its canonical form, hashed and chained to the campus's former one."""

from datetime import datetime

from django.db import transaction

from backend.canonical import canonical_bytes, content_hash, hash_of_bytes
from backend.directory.models import Campus
from drills.models import Drill, RecordSeal
from drills.queries.evidence import record_of

FORM = "drill-record-2"


@transaction.atomic
def seal(drill: Drill, *, at: datetime) -> RecordSeal:
    """Return the seal of a drill's record as it stands now; each change of a record makes another.

    The chain of a campus begins with an empty former hash. The campus is locked, so that two seals
    made at once stand one behind the other.
    """
    Campus.objects.select_for_update(no_key=True, of=("self",)).get(pk=drill.campus_id)
    last = RecordSeal.objects.filter(campus=drill.campus_id).order_by("-number").first()
    content = canonical_bytes({"form": FORM, **record_of(drill)})
    own, former = hash_of_bytes(content), last.chain_hash if last else ""
    number = last.number + 1 if last else 1
    return RecordSeal.objects.create(
        district_id=drill.district_id,
        drill=drill,
        campus_id=drill.campus_id,
        number=number,
        content=content.decode(),
        content_hash=own,
        former_hash=former,
        chain_hash=chain_hash(number, own, former),
        sealed_at=at,
    )


def chain_hash(number: int, content: str, former: str) -> str:
    """Return the hash that binds a record to the one before it."""
    return content_hash({"number": number, "record": content, "former": former})


def first_broken(campus: Campus) -> RecordSeal | None:
    """Return the first seal of a campus whose hashes do not fit, or None."""
    former = ""
    for number, row in enumerate(RecordSeal.objects.filter(campus=campus), start=1):
        own = hash_of_bytes(row.content.encode())
        fits = (row.number, row.content_hash, row.former_hash) == (number, own, former)
        if not fits or row.chain_hash != chain_hash(number, own, former):
            return row
        former = row.chain_hash
    return None
