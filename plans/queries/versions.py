"""Which version of a plan is in work, in force or coming. In force is a query, never a column."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from backend.directory.access import get_in_reach
from backend.directory.actor import Actor
from backend.directory.models import Campus
from plans.models import PlanState, PlanVersion, Publication

IN_WORK = (PlanState.DRAFT, PlanState.IN_REVIEW, PlanState.APPROVED)
RESPONDER = "responder"


def versions_of(campus: Campus) -> QuerySet[PlanVersion]:
    """Return all versions of a campus's plan, newest first."""
    return PlanVersion.objects.filter(campus=campus).select_related("campus").order_by("-number")


def version_of(actor: Actor, verb: str, version_id: UUID | str) -> PlanVersion:
    """Return one version with which the actor may do this; raises NotFound."""
    rows = PlanVersion.objects.select_related("campus", "map_version", "plan")
    return get_in_reach(actor, verb, rows, pk=version_id)


def in_work(campus: Campus) -> PlanVersion | None:
    """Return the version that is draft, in review or approved; there is at most one."""
    return versions_of(campus).filter(state__in=IN_WORK).first()


def in_force(campus: Campus, on: date) -> PlanVersion | None:
    """Return the version in force on a day: published, its date reached, the newest of these."""
    return versions_of(campus).filter(state=PlanState.PUBLISHED, in_force_from__lte=on).first()


def coming(campus: Campus, on: date) -> PlanVersion | None:
    """Return the published version whose date comes next after a day, or None."""
    present = in_force(campus, on)
    later = versions_of(campus).filter(state=PlanState.PUBLISHED, in_force_from__gt=on)
    if present:
        later = later.filter(number__gt=present.number)
    return later.order_by("in_force_from", "-number").first()


def newest_published(campus: Campus) -> PlanVersion | None:
    """Return the newest published version, in force or to come: a new draft starts from it."""
    return versions_of(campus).filter(state=PlanState.PUBLISHED).first()


def publications_of(campus: Campus) -> QuerySet[Publication]:
    """Return the campus's publications for all its responders, newest first."""
    return Publication.objects.filter(
        campus=campus, audience=RESPONDER, agency=None, withdrawn_at=None
    ).order_by("-number")


def publication_in_force(campus: Campus, on: date) -> Publication | None:
    """Return what responders hold on a day: the newest publication whose date has been reached."""
    return publications_of(campus).filter(in_force_from__lte=on).first()


def publication_coming(campus: Campus, on: date) -> Publication | None:
    """Return the publication that comes in force next after a day, or None."""
    present = publication_in_force(campus, on)
    later = publications_of(campus).filter(in_force_from__gt=on)
    if present:
        later = later.filter(number__gt=present.number)
    return later.order_by("in_force_from", "-number").first()
