"""What several pages of drills do: find the drill of the address, and lead back to it."""

from uuid import UUID

from django.http import HttpResponseRedirect
from django.urls import reverse

from backend.directory.access import DistrictRequest, get_in_reach
from drills.models import Drill


def drill_of(request: DistrictRequest, drill_id: UUID) -> Drill:
    """Return the drill of an address; raises NotFound where the reader may not know of it."""
    rows = Drill.objects.select_related(
        "campus", "conductor__user", "alternate__user", "plan_version", "map_version",
        "paper", "review",
    )  # fmt: skip
    return get_in_reach(request.actor, "drill.read", rows, pk=drill_id)


def to_drill(drill: Drill) -> HttpResponseRedirect:
    """Lead to the drill's own page."""
    return HttpResponseRedirect(reverse("drill", args=[drill.pk]), status=303)
