"""What a responder holds: the packet in force of each covered campus, and whether it is answered.

Notices stand behind the wall of the district, so this answers as services that let a responder
answer do: it finds the packets under the responder's own reach, leaves it, and looks up in their
district only what was told to, and said by, the responder's own agencies.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal

from backend.directory.access import in_district_of, reach_of
from backend.directory.actor import Actor
from backend.tenancy import reach
from notifications.models import Acknowledgement, DeliveryLine
from plans.models import Publication
from plans.queries.versions import RESPONDER

State = Literal["acknowledged", "waits", "not_sent"]


@dataclass(frozen=True, slots=True)
class HeldPacket:
    """A packet in force, and what the reader's agency has said of it; `at` is when, or was sent."""

    publication: Publication
    state: State
    at: datetime | None = None
    said_by: str = ""


def packets_of(actor: Actor, *, at: datetime) -> list[HeldPacket]:
    """Return the packets in force of the covered campuses, by name; none for a member.

    An answering service: call it outside any reach. Two statements a district, however many
    campuses it has.
    """
    if not actor.covered or actor.reach == reach.NOTHING:
        return []
    with reach_of(actor):
        present = _in_force(actor, at)
    found: list[HeldPacket] = []
    for _district, group in groupby(present, key=lambda row: row.district_id):
        rows = list(group)
        with in_district_of(rows[0]):
            found += _judged(rows, actor)
    return sorted(found, key=lambda packet: packet.publication.campus.name)


def _in_force(actor: Actor, at: datetime) -> list[Publication]:
    rows = (
        Publication.objects.filter(
            audience=RESPONDER,
            agency=None,
            withdrawn_at=None,
            campus__in=[item.campus_id for item in actor.covered],
        )
        .select_related("campus")
        .defer("document", "map_document")
        .order_by("district_id", "campus_id", "-number")
    )
    newest: dict[object, Publication] = {}
    for row in rows:
        if row.in_force_from and row.in_force_from <= row.campus.local_date(at):
            newest.setdefault(row.campus_id, row)
    return list(newest.values())


def _judged(rows: list[Publication], actor: Actor) -> list[HeldPacket]:
    ids = [row.pk for row in rows]
    lines = DeliveryLine.objects.filter(
        notice__subject_id__in=ids, notice__ended_at=None, delivery__agency__in=actor.agencies
    )
    told = dict(
        lines.order_by("-notice__occurred_at").values_list(
            "notice__subject_id", "notice__occurred_at"
        )
    )
    given = Acknowledgement.objects.filter(
        notice__subject_id__in=ids,
        agency__in=actor.agencies,
        is_unconfirmed=False,
        disputed_at=None,
    )
    first = {
        subject: (moment, who)
        for subject, moment, who in given.order_by("-acknowledged_at").values_list(
            "notice__subject_id", "acknowledged_at", "said_by"
        )
    }
    found = []
    for row in rows:
        if row.pk in first:
            found.append(HeldPacket(row, "acknowledged", *first[row.pk]))
        elif row.pk in told:
            found.append(HeldPacket(row, "waits", told[row.pk]))
        else:
            found.append(HeldPacket(row, "not_sent"))
    return found
