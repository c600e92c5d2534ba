"""Add and edit campuses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.canonical import content_hash
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.directory.models import Campus, District
from backend.directory.services import checks
from backend.problems import BadInput, EditConflict, NotFound

FIELDS: Final[tuple[str, ...]] = (
    "name", "nces_id", "address", "cross_street", "city", "state", "postal_code", "longitude",
    "latitude", "time_zone", "grades", "enrollment", "staff_count",
)  # fmt: skip
MOST_PEOPLE = 20_000


def state_of(campus: Campus) -> str:
    """Return the hash of what may be edited: it names the state that an edit was made from."""
    return content_hash({name: getattr(campus, name) for name in FIELDS})


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given fields of a campus, cleaned; raises BadInput naming the field."""
    clean = dict(values)
    for name, most in (("name", 160), ("address", 200), ("city", 100)):
        if name in clean:
            clean[name] = checks.require_text(clean[name], name, most=most)
    for name, most in (("cross_street", 120), ("postal_code", 10), ("grades", 20)):
        if name in clean:
            clean[name] = checks.at_most(clean[name], name, most=most)
    if "nces_id" in clean:
        clean["nces_id"] = checks.require_nces(clean["nces_id"], "nces_id")
    if "state" in clean:
        clean["state"] = checks.require_state(clean["state"], "state")
    if "time_zone" in clean:
        clean["time_zone"] = checks.require_zone(clean["time_zone"], "time_zone")
    for name, least, most in (
        ("longitude", -180, 180),
        ("latitude", -90, 90),
        ("enrollment", 0, MOST_PEOPLE),
        ("staff_count", 0, MOST_PEOPLE),
    ):
        if name in clean:
            checks.require_between(clean[name], name, least=least, most=most)
    if (clean.get("longitude") is None) != (clean.get("latitude") is None):
        raise BadInput(
            _("Longitude and latitude belong together."),
            where="latitude" if clean.get("latitude") is None else "longitude",
            mend=_("Give both or neither."),
        )
    return clean


@transaction.atomic
def create_campus(
    *, district_id: UUID, values: Mapping[str, Any], actor: Actor, at: datetime
) -> Campus:
    """Return a new campus; the zone is the district's where none is given.

    Raises NotFound, NotAllowed, or BadInput at the field.
    """
    district = District.objects.filter(pk=district_id).first()
    if district is None:
        raise NotFound(_("There is no such district, or not for you."))
    allow(actor, "settings.edit", district)
    clean = checked({"state": district.state, **values})
    clean["time_zone"] = clean.get("time_zone") or district.time_zone
    campus = Campus(district=district, **clean)
    _save(campus, force_insert=True)
    audit.record("campus.created", actor=actor, subject=campus, at=at, details=_shown(clean))
    return campus


@transaction.atomic
def edit_campus(
    *, campus_id: UUID, values: Mapping[str, Any], actor: Actor, at: datetime, seen: str = ""
) -> Campus:
    """Return the campus with these fields changed.

    `seen` is `state_of` the campus that was edited; EditConflict when it has changed since.
    """
    campus = get_in_reach(
        actor,
        "settings.edit",
        Campus.objects.select_for_update(no_key=True, of=("self",)),
        pk=campus_id,
    )
    if seen and seen != state_of(campus):
        raise EditConflict(
            _("Somebody else has changed this campus since you opened it."),
            mend=_("Open it again and make your change there."),
        )
    present = {name: getattr(campus, name) for name in FIELDS}
    clean = checked({**present, **values})
    changed = {name: value for name, value in clean.items() if value != present[name]}
    if changed:
        for name, value in changed.items():
            setattr(campus, name, value)
        _save(campus, update_fields=list(changed))
        audit.record("campus.changed", actor=actor, subject=campus, at=at, details=_shown(changed))
    return campus


def _save(campus: Campus, **how: Any) -> None:
    try:
        with transaction.atomic():
            campus.save(**how)
    except IntegrityError as error:
        raise BadInput(
            _("Another campus of the district has the NCES id %(code)s.")
            % {"code": campus.nces_id},
            where="nces_id",
            mend=_("Check both, or edit that campus."),
        ) from error


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}
