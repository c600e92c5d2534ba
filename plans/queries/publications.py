"""What a version gives to an audience: cut by the pure selection, with a hash of its own."""

import dataclasses
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from backend.canonical import canonical_bytes, content_hash, hash_of_bytes
from backend.directory.access import in_reach_of
from backend.directory.actor import Actor
from backend.directory.models import Agency
from maps.document import MapDocument
from maps.document import to_json as map_json
from maps.models import MapVersion
from maps.queries import document_of as map_document_of
from plans import first_page
from plans.content.audiences import blocks_above, select
from plans.content.change_sentences import ChangeSentence, sentences
from plans.content.changes import PlanChanges, changes, for_audience
from plans.content.document import Audience, PlanDocument
from plans.content.hashing import to_json
from plans.models import PlanState, PlanVersion, Publication
from plans.queries.documents import document_of, feature_names
from plans.queries.versions import versions_of

RESPONDERS: Audience = "responder"


def former_of(version: PlanVersion) -> PlanVersion | None:
    """Return the published version that this one follows, also where it is superseded by now."""
    rows = versions_of(version.campus).filter(
        number__lt=version.number, state__in=[PlanState.PUBLISHED, PlanState.SUPERSEDED]
    )
    return rows.first()


def changes_of(version: PlanVersion, audience: Audience | None = None) -> PlanChanges | None:
    """Return what differs from the former version, for an audience or (None) whole."""
    former = former_of(version)
    if former is None:
        return None
    before, after = _comparable(document_of(former)), _comparable(document_of(version))
    return changes(before, after) if audience is None else for_audience(before, after, audience)


def _comparable(document: PlanDocument) -> PlanDocument:
    return PlanDocument(
        campus=first_page.in_words(document.campus),
        version=document.version,
        map_version=document.map_version,
        map_hash=document.map_hash,
        sections=document.sections,
        roles=document.roles,
    )


def change_sentences(
    version: PlanVersion, audience: Audience | None = None
) -> list[ChangeSentence]:
    """Return what changed from the former version in plain words; none for a first version."""
    found = changes_of(version, audience)
    return [] if found is None else sentences(found, place_label=feature_names(version).get)


def cut(
    version: PlanVersion,
    *,
    at: datetime,
    in_force_from: date | None = None,
    agency: Agency | None = None,
) -> Publication:
    """Return the responders' copy of a frozen version, not saved: text up to them, map, facts.

    With an agency it is the copy it reviews. Raises AudienceViolation when anything above
    responders stands in it.
    """
    document = select(document_of(version), RESPONDERS)
    blocks_above(document, RESPONDERS)
    former = former_of(version)
    publication = Publication(
        district_id=version.district_id,
        version=version,
        campus_id=version.campus_id,
        agency=agency,
        audience=RESPONDERS,
        number=version.number,
        document=canonical_bytes(to_json(document)).decode(),
        map_document=canonical_bytes(_map_of(version.map_version)).decode(),
        map_number=version.map_version.number if version.map_version else None,
        facts={"first_page": first_page_of(version), **_verification(version.map_version)},
        changes=[
            *(
                {"text": origin["words"], "section_id": None, "template_id": None}
                for origin in version.origins
            ),
            *(
                {"text": item.text, "section_id": item.section_id, "template_id": item.template_id}
                for item in change_sentences(version, RESPONDERS)
            ),
        ],
        replaces_number=former.number if former else None,
        in_force_from=in_force_from,
        published_at=at,
        content_hash=version.content_hash,
    )
    publication.own_hash = own_hash(publication)
    return publication


def first_page_of(version: PlanVersion) -> dict[str, Any]:
    """Return the facts of the first page as the packet reads them, with the campus's address."""
    frozen = document_of(version).campus
    names = (field.name for field in dataclasses.fields(first_page.FirstPage))
    address = ", ".join(part for part in (frozen["address"], frozen["city"]) if part)
    return {"address": address} | {name: frozen[name] for name in names if name in frozen}


def _map_of(pinned: MapVersion | None) -> dict[str, Any]:
    return map_json(map_document_of(pinned) if pinned else MapDocument((), ()))


def own_hash(publication: Publication) -> str:
    """Return the hash over everything a publication says; it can be made again at any time."""
    day = publication.in_force_from
    return content_hash(
        {
            "form": "publication-1",
            "campus": str(publication.campus_id),
            "agency": str(publication.agency_id) if publication.agency_id else None,
            "audience": publication.audience,
            "number": publication.number,
            "document": hash_of_bytes(publication.document.encode()),
            "map": hash_of_bytes(publication.map_document.encode()),
            "map_number": publication.map_number,
            "facts": publication.facts,
            "changes": publication.changes,
            "replaces_number": publication.replaces_number,
            "in_force_from": day.isoformat() if day else None,
            "content_hash": publication.content_hash,
        }
    )


def _verification(pinned: MapVersion | None) -> dict[str, str]:
    """Return who compared the pinned map with the building, and when, where that is recorded."""
    if pinned is None or pinned.verified_on is None:
        return {}
    return {
        "map_verified_on": pinned.verified_on.isoformat(),
        "map_verified_by": pinned.verified_by,
    }


def readable_by(actor: Actor, rows: QuerySet[Publication]) -> QuerySet[Publication]:
    """Narrow publications to those that the actor may read.

    A copy to review is read by the version's authors and by people of the agency that it names.
    """
    mine = Q(agency=None) | Q(pk__in=in_reach_of(actor, "plan.read_draft", rows).values("pk"))
    if actor.kind in {"user", "link"}:
        mine |= Q(agency__in=actor.agencies)
    return in_reach_of(actor, "publication.read", rows).filter(mine)
