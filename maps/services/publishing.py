"""Publish a draft map: from then on it never changes."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.problems import BadInput, WrongState
from maps import queries
from maps.models import MapState, MapVersion


@transaction.atomic
def publish_map(
    *,
    version_id: UUID,
    actor: Actor,
    at: datetime,
    verified_on: date | None = None,
    verified_by: str = "",
) -> MapVersion:
    """Publish a draft with its hash; findings stand beside it and never block.

    `verified_on` is the day of the walk on site, in the campus's zone. Raises NotFound, NotAllowed,
    WrongState for what is no draft or holds nothing, BadInput for a walk that has not been.
    """
    found = get_in_reach(actor, "map.read", MapVersion.objects.all(), pk=version_id)
    allow(actor, "map.publish", found)
    version = MapVersion.objects.select_for_update(no_key=True, of=("self",)).get(pk=found.pk)
    if version.state != MapState.DRAFT:
        raise WrongState(
            _("This map version is published already."),
            mend=_("Import a map to start a new draft."),
        )
    document = queries.document_of(version)
    if not document.features:
        raise WrongState(
            _("The draft holds no feature, so there is nothing to publish."),
            where=_("version %(number)s") % {"number": version.number},
            mend=_("Import a file with at least one building, room or outdoor feature."),
        )
    _require_past(verified_on, today=version.campus.local_date(at))
    version.content_hash = queries.hash_of(version, document)
    version.state, version.published_at, version.published_by = MapState.PUBLISHED, at, actor.label
    version.verified_on = verified_on
    version.verified_by = (verified_by or actor.label) if verified_on else ""
    version.save()
    audit.record("map.published", actor=actor, subject=version, at=at, details={
        "number": version.number, "hash": version.content_hash,
        "verified_on": verified_on.isoformat() if verified_on else None,
    })  # fmt: skip
    return version


def _require_past(verified_on: date | None, *, today: date) -> None:
    if verified_on and verified_on > today:
        raise BadInput(
            _("The walk on site lies in the future."),
            where="verified_on",
            mend=_("Give the day on which somebody compared the map with the building."),
        )
