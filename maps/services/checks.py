"""Looks at features on site: dated, outside the map's hash."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.directory.models import Campus
from backend.files import store
from backend.files.pictures import clean_photo
from backend.problems import BadInput, WrongState
from maps import queries
from maps.models import FeatureCheck
from maps.places import name_of

LONGEST_NOTE = 300
LONGEST_LABEL = 200


@transaction.atomic
def record_feature_check(
    *,
    campus_id: UUID,
    feature_key: UUID,
    as_on_map: bool,
    actor: Actor,
    at: datetime,
    note: str = "",
    photo: bytes | None = None,
) -> FeatureCheck:
    """Record that the actor stood before a feature of the published map, and what it was like.

    What differs needs a note. Raises NotFound, NotAllowed, WrongState without a published map,
    BadInput.
    """
    campus = get_in_reach(actor, "campus.read", Campus.objects.all(), pk=campus_id)
    allow(actor, "map.verify_on_site", campus)
    version = queries.published_map(campus)
    if version is None:
        raise WrongState(_("This campus has no published map."), mend=_("Publish its map first."))
    feature = queries.feature_of(queries.document_of(version), feature_key)
    note = note.strip()
    if not as_on_map and not note:
        raise BadInput(_("Say what differs from the map."), where="note",
                       mend=_("A few words: “moved to the other side of the hall”."))  # fmt: skip
    if len(note) > LONGEST_NOTE:
        raise BadInput(_("The note has more than 300 characters."), where="note",
                       mend=_("Cut it down to what differs."))  # fmt: skip
    check = FeatureCheck.objects.create(
        district_id=campus.district_id,
        campus=campus,
        feature_key=feature_key,
        label=name_of(feature)[:LONGEST_LABEL],
        checked_at=at,
        checked_by=actor.label,
        as_on_map=as_on_map,
        note=note,
        photo=store.put(
            district_id=campus.district_id,
            content=clean_photo(photo),
            content_type="image/jpeg",
            name="photo.jpg",
        )
        if photo
        else None,
    )
    audit.record("feature.checked", actor=actor, subject=check, at=at, details={
        "feature": str(feature_key), "label": check.label, "as_on_map": as_on_map,
    })  # fmt: skip
    return check
