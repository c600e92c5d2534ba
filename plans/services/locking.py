"""Find a version under the actor's reach and lock it: everything of a version waits for its row."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from backend.canonical import content_hash
from backend.directory.access import allow, in_reach_of
from backend.directory.actor import Actor
from backend.problems import WrongState
from plans.models import PlanState, PlanVersion
from plans.queries.versions import version_of


def locked_version(actor: Actor, verb: str, version_id: UUID | str) -> PlanVersion:
    """Return the version, locked until the transaction ends. Raises NotFound and NotAllowed.

    Who may read it but not do this is not allowed; who may do neither finds nothing.
    """
    every = PlanVersion.objects.filter(pk=version_id)
    if not in_reach_of(actor, verb, every).exists():
        allow(actor, verb, version_of(actor, "plan.read", version_id))
    rows = PlanVersion.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("campus", "map_version", "plan").get(pk=version_id)


def locked_draft(actor: Actor, version_id: UUID | str) -> PlanVersion:
    """Return the draft, locked, for somebody who may write it. Raises WrongState for no draft."""
    version = locked_version(actor, "plan.draft", version_id)
    if version.state != PlanState.DRAFT:
        raise WrongState(
            _("Version %(number)s is %(state)s and its text is frozen.")
            % {"number": version.number, "state": version.get_state_display().lower()},
            where=f"version {version.number}",
            mend=_("Send it back with a reason, or start a new draft from the published one."),
        )
    return version


def add_author(version: PlanVersion, actor: Actor) -> None:
    """Note who changed the version; the list says later who may not approve it alone."""
    key = str(actor.key)
    if all(author["key"] != key for author in version.authors):
        version.authors = [*version.authors, {"key": key, "name": actor.label}]
        version.save(update_fields=["authors"])


def add_origin(version: PlanVersion, *, kind: str, subject_id: UUID, words: str) -> None:
    """Note what a change came from, once; its words stand among what changed in the packet."""
    key = str(subject_id)
    if all(origin["id"] != key for origin in version.origins):
        version.origins = [*version.origins, {"kind": kind, "id": key, "words": words}]
        version.save(update_fields=["origins"])


def fingerprint(value: Mapping[str, Any] | list[Any]) -> str:
    """Return the ETag of values that have no counter of their own: 16 digits of their hash."""
    return content_hash(value).partition(":")[2][:16]
