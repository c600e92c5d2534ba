"""Find a drill under the actor's reach, checked and locked for a change."""

from uuid import UUID

from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from drills.models import Drill


def locked_drill(actor: Actor, verb: str, drill_id: UUID) -> Drill:
    """Return the drill, locked until the transaction ends; raises NotFound, NotAllowed."""
    found = get_in_reach(actor, "drill.read", Drill.objects.all(), pk=drill_id)
    allow(actor, verb, found)
    rows = Drill.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("campus", "conductor__user", "alternate__user").get(pk=found.pk)
