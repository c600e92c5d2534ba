"""Who is asked to come to drills, and which crew or officer is wanted in two places.

Within a district the office sees such a clash when it schedules. Across districts only the agency
whose crew it is may know of it: these queries answer inside its own reach.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.directory.models import Agency, AgencyMember, Campus
from drills.models import BEFORE_START, Drill, DrillState, Invitation, InvitationState
from drills.queries.drills import planned_end
from drills.together import LONGEST_WAY, Conflict, Visit, Who, conflicts


@dataclass(frozen=True, slots=True)
class TwoPlaces:
    """Somebody is wanted elsewhere too; `other` is absent where the reader may not know the school.

    `minutes` is the way between both.
    """

    who: str
    starts_at: datetime
    ends_at: datetime
    campus: Campus | None
    minutes: int


def invitations_of(drill: Drill) -> list[Invitation]:
    """Return every invitation to a drill, those that ended too, by agency."""
    rows = Invitation.objects.filter(drill=drill).select_related("agency")
    return list(rows.order_by("agency__name", "pk"))


def live_invitations(drill: Drill) -> list[Invitation]:
    """Return the invitations that stand."""
    rows = Invitation.objects.filter(drill=drill, ended_at=None).select_related("agency")
    return list(rows.order_by("agency__name", "pk"))


def crew_of(invitation: Invitation) -> Who | None:
    """Return whom an agency sends, or None while it has not said so."""
    if invitation.state != InvitationState.COMING or not invitation.crew:
        return None
    return "crew", invitation.agency_id, " ".join(invitation.crew.split()).casefold()


def two_places_of_agencies(
    agencies: Iterable[Agency], drills: Iterable[Drill], at: datetime
) -> dict[UUID, list[TwoPlaces]]:
    """Return by drill who of these agencies is wanted elsewhere at that time, in any district.

    `drills` are those to come that the reader sees. Inside the agency's own reach.
    """
    ids = [agency.pk for agency in agencies]
    invitations = Invitation.objects.filter(
        agency__in=ids, ended_at=None, state=InvitationState.COMING, ends_at__gt=at
    )
    officers = dict(
        AgencyMember.objects.filter(agency__in=ids)
        .exclude(ends_on__lt=at.date())
        .values_list("user_id", "user__name")
    )
    campuses = {campus.pk: campus for campus in Campus.objects.all()}
    visits = [_visit(row, who, campuses) for row in invitations if (who := crew_of(row))]
    visits += [
        _conducting(drill, officers[drill.conductor_user_id], campuses)
        for drill in drills
        if drill.conductor_user_id in officers and planned_end(drill) > at
    ]
    names = {crew_of(row): row.crew for row in invitations}
    found: dict[UUID, list[TwoPlaces]] = {}
    for pair in conflicts(visits):
        name = names.get(pair.one.who, pair.one.who[2])
        for here, there in ((pair.one, pair.other), (pair.other, pair.one)):
            found.setdefault(here.drill, []).append(_two(pair, name, there, campuses))
    return found


def two_places_of_crew(invitation: Invitation, crew: str) -> list[TwoPlaces]:
    """Return where else this crew of the agency is wanted then. Inside the agency's own reach."""
    said = " ".join(crew.split())
    rows = list(
        Invitation.objects.filter(
            agency=invitation.agency_id, ended_at=None, state=InvitationState.COMING,
            crew__iexact=said, starts_at__lt=invitation.ends_at + LONGEST_WAY,
            ends_at__gt=invitation.starts_at - LONGEST_WAY,
        ).exclude(pk=invitation.pk)
    )  # fmt: skip
    campuses = {campus.pk: campus for campus in Campus.objects.all()}
    who: Who = ("crew", invitation.agency_id, said.casefold())
    wanted = _visit(invitation, who, campuses)
    found = []
    for row in rows:
        for pair in conflicts([wanted, _visit(row, who, campuses)]):
            there = pair.other if pair.one.drill == wanted.drill else pair.one
            found.append(_two(pair, said, there, campuses))
    return found


def crews_elsewhere(
    drill: Drill, campus: Campus, starts_at: datetime, ends_at: datetime
) -> list[TwoPlaces]:
    """Return which crews that come to a drill would be wanted elsewhere in the district then."""
    mine = [row for row in live_invitations(drill) if crew_of(row)]
    if not mine:
        return []
    campuses = {one.pk: one for one in Campus.objects.all()}
    others = Invitation.objects.filter(
        agency__in=[row.agency_id for row in mine], ended_at=None,
        state=InvitationState.COMING, drill__state__in=[*BEFORE_START, DrillState.RUNNING],
    ).exclude(drill=drill)  # fmt: skip
    found = []
    for row in mine:
        who = crew_of(row)
        if who is None:
            continue
        wanted = Visit(drill.pk, who, starts_at, ends_at, campus.pk, _place(campus))
        near = [_visit(one, who, campuses) for one in others if crew_of(one) == who]
        found += [
            _two(pair, row.crew, one, campuses) for one in near for pair in conflicts([wanted, one])
        ]
    return found


def _visit(row: Invitation, who: Who, campuses: dict[UUID, Campus]) -> Visit:
    campus = campuses.get(row.campus_id)
    return Visit(row.drill_id, who, row.starts_at, row.ends_at, row.campus_id, _place(campus))


def _conducting(drill: Drill, name: str, campuses: dict[UUID, Campus]) -> Visit:
    if drill.conductor_user_id is None:
        raise ValueError("nobody conducts this drill")
    who: Who = ("officer", drill.conductor_user_id, name)
    return Visit(
        drill.pk, who, drill.started_at or drill.starts_at, planned_end(drill), drill.campus_id,
        _place(campuses.get(drill.campus_id)),
    )  # fmt: skip


def _place(campus: Campus | None) -> tuple[float | None, float | None]:
    return (campus.longitude, campus.latitude) if campus else (None, None)


def _two(pair: Conflict, name: str, there: Visit, campuses: dict[UUID, Campus]) -> TwoPlaces:
    campus = campuses.get(there.campus)
    return TwoPlaces(name, there.starts_at, there.ends_at, campus, pair.minutes)


def to_come(rows: Sequence[Drill], at: datetime) -> list[Drill]:
    """Return the drills that are fixed and not over, next first."""
    live = {*BEFORE_START, DrillState.RUNNING}
    return sorted(
        (drill for drill in rows if drill.state in live and planned_end(drill) > at),
        key=lambda drill: (drill.starts_at, drill.pk),
    )
