"""The register of known paper copies: where, which version, swapped or not."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.problems import BadInput, NotAllowed, NotFound, WrongState
from plans.models import Print, Publication

PRINT = "packet.print"
LONGEST_PLACE = 200


@transaction.atomic
def register_print(
    *, campus_id: UUID, number: int, place: str, actor: Actor, at: datetime
) -> Print:
    """Register a paper copy of a version at a place; raises NotAllowed, NotFound, BadInput."""
    publication = Publication.objects.filter(
        campus=campus_id, number=number, agency=None, withdrawn_at=None
    ).first()
    if publication is None:
        raise NotFound(_("There is no such version to print."), where="number",
                       mend=_("Choose one of the list."))  # fmt: skip
    _allow_member(actor, publication)
    place = " ".join(place.split())
    if not place or len(place) > LONGEST_PLACE:
        raise BadInput(
            _("Say in 1 to 200 characters where this paper is kept."),
            where="place",
            mend=_("For example: engine 2, glove box."),
        )
    made = Print.objects.create(
        district_id=publication.district_id,
        campus_id=publication.campus_id,
        publication=publication,
        place=place,
        registered_by=actor.label[:200],
        registered_at=at,
    )
    audit.record("print.registered", actor=actor, subject=made, at=at, details={
        "number": number, "place": place})  # fmt: skip
    return made


@transaction.atomic
def swap_print(*, print_id: UUID, actor: Actor, at: datetime) -> Print:
    """Say that a paper was taken away or replaced; raises NotFound, NotAllowed, WrongState."""
    row = get_in_reach(actor, PRINT, Print.objects.select_related("publication"), pk=print_id)
    _allow_member(actor, row)
    if not Print.objects.filter(pk=row.pk, swapped_at=None).update(swapped_at=at):
        raise WrongState(_("This paper was swapped already."), mend=_("Nothing needs to be done."))
    row.swapped_at = at
    audit.record("print.swapped", actor=actor, subject=row, at=at, details={
        "number": row.publication.number, "place": row.place})  # fmt: skip
    return row


def _allow_member(actor: Actor, row: Publication | Print) -> None:
    """Raise NotAllowed also for responders: the register is the district's."""
    allow(actor, PRINT, row)
    if all(role.district_id != row.district_id for role in actor.roles):
        raise NotAllowed(
            _("The register of papers is kept by the school."),
            mend=_("Call the school and say where your paper is kept."),
        )
