"""The one gate: may this actor do this with that, and which rows does that leave it."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _

from backend.directory.actor import Actor
from backend.directory.permissions import (
    OF_THE_SYSTEM,
    PASSED_ON_BY_ACTING,
    Holder,
    rule_for,
)
from backend.problems import NotAllowed, NotFound
from backend.tenancy import reach
from backend.tenancy.reach import Reach

Row = TypeVar("Row", bound=Model)


class DistrictRequest(HttpRequest):
    """A request whose actor is known."""

    actor: Actor


class OfCampus(Protocol):
    """Anything that belongs to a district and, maybe, to one campus or agency of it."""

    @property
    def district_id(self) -> Any:
        """The district's id."""


# Services that let a responder answer: each finds the addressed row under the responder's own
# reach, leaves it, and writes in the row's district. No other code opens a district for an actor
# who is no member of it.
ANSWERS: frozenset[str] = frozenset(
    {
        "backend.home.packets.packets_of",
        "drills.services.clearing.dispute",
        "drills.services.clearing.give",
        "drills.services.clearing.read_asked",
        "drills.services.inviting.answer",
        "drills.services.inviting.read_invited",
        "drills.services.inviting.record_arrival",
        "notifications.services.acknowledging.acknowledge",
        "notifications.services.acknowledging.dispute",
        "notifications.services.acknowledging.read_addressed",
        "plans.services.opening.answer_token",
        "plans.services.opening.record_opening",
        "plans.services.reading.read_publication",
        "plans.services.signing.send_code",
        "plans.services.signing.sign_as_agency",
        "maps.services.conditions.report",
    }
)


def may(actor: Actor, verb: str, subject: OfCampus) -> bool:
    """Return whether the table lets the actor do this with the subject."""
    if actor.kind == "system":
        return verb in OF_THE_SYSTEM
    campus_id = getattr(subject, "campus_id", None)
    return any(
        _role_permits(role.role, role.campus_id, bool(role.acting_for), verb, campus_id)
        for role in actor.roles
        if role.district_id == subject.district_id
    ) or _agency_permits(actor, verb, subject, campus_id)


def _role_permits(
    role: Holder, at_campus: UUID | None, acting: bool, verb: str, campus_id: UUID | None
) -> bool:
    rule = rule_for(verb, role)
    if rule is None or (acting and verb not in PASSED_ON_BY_ACTING):
        return False
    return rule in {"district", "own"} or (rule == "campus" and campus_id == at_campus)


def _agency_permits(actor: Actor, verb: str, subject: OfCampus, campus_id: UUID | None) -> bool:
    rule = rule_for(verb, _holder_of(actor))
    if rule == "covered":
        return any(
            item.campus_id == campus_id and item.district_id == subject.district_id
            for item in actor.covered
        )
    if rule == "addressed":
        return getattr(subject, "agency_id", None) in actor.agencies
    return False


def _holder_of(actor: Actor) -> Holder:
    return cast("Holder", {"link": "link", "device": "device"}.get(actor.kind, "responder"))


def allow(actor: Actor, verb: str, subject: OfCampus) -> None:
    """Return nothing, or raise NotAllowed: the table does not let the actor do this."""
    if not may(actor, verb, subject):
        raise NotAllowed(
            _("Your role does not include this."),
            where=verb,
            mend=_("Ask a district administrator, who can give roles under People."),
        )


def in_reach_of(actor: Actor, verb: str, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Narrow rows to those with which the actor may do this. Each row has district and campus.

    For a campus itself the key takes the place of `campus_id`.
    """
    columns = {field.attname for field in rows.model._meta.concrete_fields}
    campus = "campus_id" if "campus_id" in columns else "pk"
    allowed = Q(pk__in=[])
    for role in actor.roles:
        rule = rule_for(verb, role.role)
        if rule is None or (role.acting_for and verb not in PASSED_ON_BY_ACTING):
            continue
        here = Q(district_id=role.district_id)
        if rule == "campus":
            here &= Q(**{campus: role.campus_id})
        elif rule == "own":
            here &= Q(actor_id=actor.key)
        allowed |= here
    holder = rule_for(verb, _holder_of(actor))
    if holder == "covered" and actor.covered:
        allowed |= Q(**{f"{campus}__in": [item.campus_id for item in actor.covered]})
    elif holder == "addressed" and actor.agencies:
        allowed |= Q(agency_id__in=actor.agencies)
    return rows.filter(allowed)


def get_in_reach(actor: Actor, verb: str, rows: QuerySet[Row], **lookup: Any) -> Row:
    """Return one row or raise NotFound: 404 also for what the actor may not know exists."""
    row = in_reach_of(actor, verb, rows).filter(**lookup).first()
    if row is None:
        raise NotFound(
            _("There is nothing at this address, or not for you."),
            mend=_("Check the address, or start from Today."),
        )
    return row


def reach_of(actor: Actor) -> AbstractContextManager[Reach]:
    """Open the actor's own reach; raises NotFound for an actor without any."""
    if actor.reach == reach.NOTHING:
        raise NotFound(
            _("Your account has no role at present."),
            mend=_("Ask your district's administrator or your agency to give you one."),
        )
    return reach.entered(actor.reach)


def in_district_of(row: OfCampus) -> AbstractContextManager[Reach]:
    """Open the district of a row that an answering service found; for services in ANSWERS only."""
    return reach.of_districts(row.district_id)


View = Callable[..., HttpResponse]


def page(view: View) -> View:
    """Open the reach of the signed-in actor around a view, and render inside it."""

    @wraps(view)
    def inside(request: DistrictRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.kind == "nobody":
            return redirect_to_login(request.get_full_path())
        with reach_of(request.actor):
            return finished(view(request, *args, **kwargs))

    return inside


def answer_page(view: View) -> View:
    """Let a signed-in actor answer: the view opens no reach, its service opens what it needs."""

    @wraps(view)
    def inside(request: DistrictRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.actor.kind == "nobody":
            return redirect_to_login(request.get_full_path())
        return finished(view(request, *args, **kwargs))

    return inside


def finished(response: HttpResponse) -> HttpResponse:
    """Return the response rendered now, while the reach is open."""
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    return response


def districts_where(actor: Actor, verb: str) -> Iterable[UUID]:
    """Return the districts in which the actor may do this everywhere."""
    return {
        role.district_id
        for role in actor.roles
        if not role.acting_for and rule_for(verb, role.role) == "district"
    }
