"""Read a publication, or the copy to review, as somebody outside the district: it is recorded."""

from datetime import datetime
from uuid import UUID

from backend.audit import record as audit
from backend.directory.access import get_in_reach, in_district_of, reach_of
from backend.directory.actor import Actor
from plans.models import Publication
from plans.queries.publications import readable_by


def read_publication(
    *, publication_id: UUID, actor: Actor, at: datetime, to_sign: bool = False
) -> Publication:
    """Return a publication that the actor reaches, with its campus and agency.

    An answering service: found under the actor's own reach; the reading of anybody who is no member
    of its district is an audit event there, written before anything is shown. With `to_sign` only
    a review copy addressed to the actor's agency is found. Raises NotFound.
    """
    verb = "plan.sign_as_agency" if to_sign else "publication.read"
    with reach_of(actor):
        rows = Publication.objects.select_related("campus", "agency")
        if to_sign:
            rows = rows.filter(agency__isnull=False, withdrawn_at=None)
        else:
            rows = readable_by(actor, rows)
        publication = get_in_reach(actor, verb, rows, pk=publication_id)
    if publication.district_id not in actor.reach.districts:
        with in_district_of(publication):
            audit.record("publication.read", actor=actor, subject=publication, at=at, details={
                "number": publication.number, "hash": publication.own_hash,
                "to_sign": to_sign})  # fmt: skip
    return publication
