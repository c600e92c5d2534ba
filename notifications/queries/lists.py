"""Lists: what was sent, what waits for a person, who stays silent, how long the queue is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, UUIDField, Value

from backend.directory.access import districts_where, in_reach_of
from backend.directory.actor import Actor
from backend.directory.models import Agency, Campus, District
from backend.tenancy import reach
from notifications.models import (
    Acknowledgement,
    ChannelRelease,
    Delivery,
    DeliveryLine,
    DeliveryState,
    EscalationStep,
    HeldBecause,
    Notice,
)
from notifications.policy.escalation import Action
from notifications.queries.recipients import EMAIL


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """Return the notices that a member may read, newest first; none for responders."""
    # A notice belongs to no agency: the rule "addressed" of the policy table must find none here.
    rows = Notice.objects.annotate(agency_id=Value(None, output_field=UUIDField()))
    return in_reach_of(actor, "notice.read", rows).select_related("campus").order_by("-pk")


def deliveries_for(actor: Actor) -> QuerySet[Delivery]:
    """Return what tells a member's notices, or was addressed to a responder's agency."""
    told = DeliveryLine.objects.filter(notice__in=notices_for(actor).order_by().values("pk"))
    allowed = Q(pk__in=told.values("delivery")) | _addressed(actor)
    rows = Delivery.objects.filter(allowed)
    return rows.select_related("agency", "contact", "user").order_by("-pk")


def acknowledgements_for(actor: Actor) -> QuerySet[Acknowledgement]:
    """Return the acknowledgements of a member's notices, or those of a responder's own agency."""
    allowed = Q(notice__in=notices_for(actor).order_by().values("pk")) | _addressed(actor)
    rows = Acknowledgement.objects.filter(allowed)
    return rows.select_related("agency", "contact").order_by("-pk")


def _addressed(actor: Actor) -> Q:
    """An agency's own, in the districts that granted this person or device to look."""
    districts = {item.district_id for item in actor.covered}
    return Q(agency_id__in=actor.agencies, district_id__in=districts)


@dataclass(frozen=True, slots=True)
class HeldChannel:
    """A channel of a district that nobody has released, and who would get what."""

    district: District
    channel: str
    waiting: int
    first: tuple[Delivery, ...]


def held_channels(actor: Actor, *, shown: int = 50) -> list[HeldChannel]:
    """Return the held e-mail channels of the districts where the actor may release them."""
    districts = District.objects.filter(pk__in=districts_where(actor, "channel.release"))
    released = ChannelRelease.objects.filter(channel=EMAIL).values("district")
    found = []
    for district in districts.exclude(pk__in=released).order_by("name"):
        waiting = Delivery.objects.filter(
            district=district, state=DeliveryState.HELD, held_because=HeldBecause.CHANNEL
        )
        first = waiting.select_related("agency", "contact", "user").order_by("agency__name", "pk")
        who = tuple(first.prefetch_related("lines__notice__campus")[:shown])
        found.append(HeldChannel(district, EMAIL, waiting.count(), who))
    return found


def needs_a_person(actor: Actor) -> QuerySet[Delivery]:
    """Return the messages that did not arrive and are still wanted: failed, expired, or held."""
    wanted = DeliveryLine.objects.filter(delivery=OuterRef("pk"), notice__ended_at=None)
    stuck = Q(state__in=[DeliveryState.FAILED, DeliveryState.EXPIRED]) | (
        Q(state=DeliveryState.HELD) & ~Q(held_because=HeldBecause.CHANNEL)
    )
    return deliveries_for(actor).filter(stuck & Exists(wanted))


@dataclass(frozen=True, slots=True)
class SilentAgency:
    """An agency that has not acknowledged, with nobody left to tell."""

    agency: Agency
    campus: Campus | None
    notice: Notice
    since: datetime


def silent_agencies(district: District) -> list[SilentAgency]:
    """Return where the chasing has ended without an answer, longest silent first."""
    answered = Acknowledgement.objects.filter(
        notice=OuterRef("notice"),
        agency=OuterRef("agency"),
        is_unconfirmed=False,
        disputed_at=None,
    )
    steps = EscalationStep.objects.filter(
        ~Exists(answered),
        district=district,
        action=Action.FALLBACK.value,
        done_at__isnull=False,
        ended_at=None,
        notice__ended_at=None,
    ).select_related("agency", "notice__campus")
    return [
        SilentAgency(step.agency, step.notice.campus, step.notice, step.done_at)
        for step in steps.order_by("done_at")
        if step.done_at is not None
    ]


def queue_status() -> dict[str, Any]:
    """Return, of all districts, the queue's depth, its oldest message and failures by cause."""
    with reach.crossing("delivery"):
        rows = Delivery.across_districts.all()
        by_state = dict(rows.values_list("state").annotate(number=Count("pk")).order_by("state"))
        held = dict(
            rows.filter(state=DeliveryState.HELD)
            .values_list("held_because")
            .annotate(number=Count("pk"))
        )
        failed = rows.filter(state__in=[DeliveryState.FAILED, DeliveryState.EXPIRED])
        causes = Counter(_cause(answer) for answer in failed.values_list("last_answer", flat=True))
        oldest = rows.filter(state=DeliveryState.QUEUED).aggregate(at=Min("due_at"))["at"]
        urgent = rows.filter(state=DeliveryState.QUEUED, priority=1).count()
        unknown = rows.filter(unknown_outcomes__gt=0).count()
        releases = ChannelRelease.across_districts.values_list("channel", flat=True)
        released = Counter(releases)
    return {
        "queued": by_state.get(DeliveryState.QUEUED, 0),
        "urgent": urgent,
        "oldest_due_at": oldest.isoformat() if oldest else None,
        "states": by_state,
        "held": held,
        "failures": dict(causes.most_common()),
        "with_unknown_outcome": unknown,
        "released": dict(released),
    }


def _cause(answer: str) -> str:
    """Return the codes at the head of a carrier's answer, else its first words."""
    words = answer.split()
    codes = [word for word in words[:2] if word[:1].isdigit()]
    return " ".join(codes or words[:6]) or "no answer"


def wanted_lines(deliveries: Iterable[Delivery], actor: Actor) -> dict[UUID, list[Notice]]:
    """Return by delivery the notices that this member may read."""
    lines = DeliveryLine.objects.filter(
        delivery__in=list(deliveries), notice__in=notices_for(actor).order_by().values("pk")
    ).select_related("notice__campus")
    found: dict[UUID, list[Notice]] = {}
    for line in lines.order_by("notice_id"):
        found.setdefault(line.delivery_id, []).append(line.notice)
    return found
