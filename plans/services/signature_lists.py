"""Which signatures the plans of a campus need: a list per campus, kept by the district."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow
from backend.directory.actor import Actor
from backend.directory.models import Campus, Coverage
from backend.problems import BadInput
from plans.models import SignatureRequirement, SignerRole


@transaction.atomic
def edit_signature_list(
    *, campus: Campus, needed: Sequence[tuple[str, UUID | None]], actor: Actor, at: datetime
) -> list[SignatureRequirement]:
    """Write the whole list, in its order: (role, agency id or None). An empty one is the default.

    It holds for versions in review, too. Raises NotAllowed, BadInput for a role that is none, one
    named twice, an agency that does not cover the campus, or a list of agencies alone.
    """
    allow(actor, "signature_list.edit", campus)
    covering = set(Coverage.objects.filter(campus=campus).values_list("agency_id", flat=True))
    for place, (role, agency_id) in enumerate(needed):
        where = f"signatures[{place}]"
        if role not in SignerRole.values:
            raise _bad(where, _("There is no such role."))
        if (role == SignerRole.AGENCY) != (agency_id is not None):
            raise _bad(where, _("An agency's signature names the agency, no other does."))
        if agency_id is not None and agency_id not in covering:
            raise _bad(where, _("This agency does not cover the campus."))
        if list(needed).index((role, agency_id)) != place:
            raise _bad(where, _("This signature stands in the list twice."))
    if needed and all(role == SignerRole.AGENCY for role, _agency in needed):
        raise _bad("signatures", _("Somebody of the district must sign, too."))
    SignatureRequirement.objects.filter(campus=campus).delete()
    rows = SignatureRequirement.objects.bulk_create(
        SignatureRequirement(
            district_id=campus.district_id,
            campus=campus,
            role=role,
            agency_id=agency_id,
            order=order,
        )
        for order, (role, agency_id) in enumerate(needed, start=1)
    )
    audit.record("signature_list.edited", actor=actor, subject=campus, at=at, details={
        "roles": [role for role, _agency in needed]})  # fmt: skip
    return rows


def _bad(where: str, message: str) -> BadInput:
    return BadInput(message, where=where, mend=_("Mend the list and save again."))
