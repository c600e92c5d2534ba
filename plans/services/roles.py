"""Who holds which post in a draft: edited as one table, or row by row by a program."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.actor import Actor
from backend.problems import BadInput, EditConflict
from plans.content.document import RoleAssignment
from plans.models import PlanVersion
from plans.models import RoleAssignment as RoleRow
from plans.queries.documents import role_of
from plans.services.locking import add_author, fingerprint, locked_draft

LONGEST = {
    "position": 12, "person": 120, "first_alternate": 120, "second_alternate": 120, "phone": 40
}  # fmt: skip
MOST_ROLES = 60


class RolesEditedMeanwhile(EditConflict):
    """Somebody else saved the posts since they were read; `theirs` is what stands now."""

    def __init__(self, theirs: Sequence[RoleAssignment]) -> None:
        super().__init__(
            _("Somebody else saved the posts while you were writing."),
            where="roles",
            mend=_("Compare both, take what is right from each, and save again."),
        )
        self.theirs = tuple(theirs)


def roles_mark(version: PlanVersion) -> str:
    """Return the ETag of a version's posts."""
    return marks_of([role_of(row) for row in version.roles.all()])


def marks_of(roles: Sequence[RoleAssignment]) -> str:
    """Return the ETag of these posts."""
    return fingerprint([dataclasses.asdict(role) for role in roles])


@transaction.atomic
def edit_roles(
    *,
    version: PlanVersion,
    expected: str,
    roles: Sequence[RoleAssignment],
    actor: Actor,
    at: datetime,
) -> PlanVersion:
    """Write the posts of a draft whole, in their order.

    Raises NotAllowed, WrongState, BadInput with the place of what cannot be taken, and
    RolesEditedMeanwhile when `expected` is not the present mark.
    """
    version = locked_draft(actor, version.pk)
    present = {row.position: row for row in version.roles.all()}
    before = [role_of(row) for row in present.values()]
    wanted = _checked(roles)
    if before == wanted:
        return version
    if expected != marks_of(before):
        raise RolesEditedMeanwhile(before)
    kept, made = [], []
    for order, role in enumerate(wanted, start=1):
        row = present.pop(role.position, None)
        values = dataclasses.asdict(role) | {"order": order}
        if row is None:
            made.append(RoleRow(district_id=version.district_id, version=version, **values))
            continue
        for name, value in values.items():
            setattr(row, name, value)
        kept.append(row)
    RoleRow.objects.filter(pk__in=[row.pk for row in present.values()]).delete()
    RoleRow.objects.bulk_update(
        kept, ["order", "person", "first_alternate", "second_alternate", "phone"]
    )
    RoleRow.objects.bulk_create(made)
    add_author(version, actor)
    old = {role.position: role for role in before}
    changed = sorted(role.position for role in wanted if old.get(role.position) != role)
    audit.record("plan.posts_edited", actor=actor, subject=version, at=at, details={
        "number": version.number, "changed": changed, "removed": sorted(present)})  # fmt: skip
    return version


def _checked(roles: Sequence[RoleAssignment]) -> list[RoleAssignment]:
    if len(roles) > MOST_ROLES:
        raise _bad("roles", _("At most 60 posts."))
    found: list[RoleAssignment] = []
    for place, role in enumerate(roles):
        values = {}
        for name, longest in LONGEST.items():
            where, value = f"roles[{place}].{name}", getattr(role, name)
            if not isinstance(value, str) or "\0" in value:
                raise _bad(where, _("This is a text."))
            values[name] = " ".join(value.split())
            if len(values[name]) > longest:
                raise _bad(where, _("At most %(longest)s characters.") % {"longest": longest})
        clean = RoleAssignment(**values)
        if not clean.position:
            raise _bad(f"roles[{place}].position", _("Say which post this is."))
        if any(other.position == clean.position for other in found):
            raise _bad(
                f"roles[{place}].position",
                _("The post %(post)s stands here twice.") % {"post": clean.position},
            )
        found.append(clean)
    return found


def _bad(where: str, message: str) -> BadInput:
    return BadInput(message, where=where, mend=_("Mend this and save again; nothing was changed."))
