"""The second half of the demonstration's walk: a drill, its review, and what it changes."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from backend.demo import planned
from backend.directory.access import reach_of
from backend.directory.actor import Actor
from backend.directory.models import Campus, Membership
from backend.problems import WrongState
from backend.tenancy import reach
from drills.models import (
    ActionState,
    AfterActionReview,
    CorrectiveAction,
    Drill,
    DrillState,
    EntryKind,
)
from drills.pages.evidence import evidence_file
from drills.queries.places import places_of
from drills.services import (
    clearing,
    corrective,
    moments,
    reviewing,
    running,
    scheduling,
)
from drills.services.proposing import propose_next
from notifications.services.delivering import deliver_due
from plans.models import PlanState, PlanVersion

if TYPE_CHECKING:
    from backend.demo.walk import Walk

BEFORE = timedelta(minutes=45)  # the drill began so long before the walk ends
TOOK = ((0, EntryKind.START), (170, EntryKind.SECURED), (310, EntryKind.ALL_REPORTED),
        (420, EntryKind.END))  # fmt: skip
"""Seconds after the start of each press on the phone."""

LESSON = "Rooms on floor 2 leave by the stair that is nearest"
SECTION = "FA-EVAC"


def hold_and_learn(
    done: "Walk", campus: Campus, officer: Actor, principal: Actor, *, now: datetime
) -> CorrectiveAction | None:
    """Hold the next required drill and open the plan for what it taught; return the action.

    What an earlier walk left half done is finished first. Returns None while a version of the plan
    is in review: the walk publishes that one first.
    """
    started = now - BEFORE
    with reach_of(principal):
        waiting = CorrectiveAction.objects.filter(
            campus=campus, outcome="plan_change", what__startswith=LESSON
        ).exclude(state=ActionState.DONE)
        action = waiting.select_related("review__drill").order_by("pk").last()
    if action is None:
        drill = _held(done, campus, principal, started=started)
        action = _reviewed(done, drill, officer, principal, at=started + timedelta(minutes=12))
    with reach_of(principal):
        version = corrective.open_plan_change(
            action_id=action.pk, actor=principal, at=started + timedelta(minutes=20)
        )
    done.note("corrective action", what=action.what, plan_version=version.number)
    return action


def _held(done: "Walk", campus: Campus, principal: Actor, *, started: datetime) -> Drill:
    """Return a drill that was held: proposed, accepted, cleared by dispatch, run from a phone."""
    with reach.of_districts(campus.district_id):
        going = Drill.objects.filter(campus=campus, state=DrillState.RUNNING).first()
        ended = Drill.objects.filter(campus=campus, state=DrillState.ENDED, provenance="live")
        found = going or ended.order_by("-started_at").first()
    if found is None:
        found = _scheduled(done, campus, principal, started=started)
        _cleared(done, campus, found, principal, at=started - timedelta(minutes=18))
    if found.state != DrillState.ENDED:
        _run(done, found, principal, started=started)
    with reach_of(principal):
        return Drill.objects.select_related("campus").get(pk=found.pk)


def _scheduled(done: "Walk", campus: Campus, principal: Actor, *, started: datetime) -> Drill:
    """Accept what the clock proposed, at a time that has passed by now."""
    asked = started - timedelta(hours=20)
    with reach.of_districts(campus.district_id):
        proposal = propose_next(campus=campus, at=asked)
    local = started.astimezone(ZoneInfo(campus.time_zone))
    with reach_of(principal):
        post = Membership.objects.get(user=principal.key, campus=campus)
        officer = Membership.objects.filter(campus=campus, role="sro").first()
        wanted = scheduling.Wanted(
            type=proposal.type if proposal else "fire",
            day=local.date(),
            time=time(local.hour, local.minute),
            minutes=15,
            pupils_present=_is_in_school(local),
            conductor=post.pk,
            alternate=officer.pk if officer else None,
            callback_phone="555-0142",
            alarm_on_test=False,
        )
        if proposal:
            drill = scheduling.accept(
                drill_id=proposal.pk, wanted=wanted, actor=principal, at=asked
            )
        else:
            drill = scheduling.schedule(
                campus_id=campus.pk, wanted=wanted, actor=principal, at=asked
            )
    fire = planned.invite_fire(drill, principal, at=asked)
    deliver_due(at=asked)
    if fire is not None:
        planned.say_who_comes(drill, fire, "Engine 4", at=asked + timedelta(hours=1))
    done.note(
        "drill", type=drill.type, proposed_because=proposal.why if proposal else "",
        starts_at=drill.starts_at.isoformat(),
    )  # fmt: skip
    return drill


def _is_in_school(local: datetime) -> bool:
    return local.weekday() < 5 and time(7, 50) <= local.time() <= time(14, 40)


def _cleared(done: "Walk", campus: Campus, drill: Drill, principal: Actor, *, at: datetime) -> None:
    """Let the dispatcher on duty press “clear” by the link of the message."""
    with reach.of_districts(campus.district_id):
        moments.announce([drill.pk], at=at - timedelta(minutes=2))
        agencies = clearing.agencies_to_ask(drill, at)
    deliver_due(at=at - timedelta(minutes=2))
    for agency in agencies:
        actor = planned.link_actor_of(drill, agency, at=at)
        clearing.give(actor=actor, drill_id=drill.pk, said_by="", operator="214", at=at)
    done.note("cleared", by=[agency.name for agency in agencies], operator="214")
    done.note("arrived", who=planned.arrive(drill, principal, at=at + timedelta(minutes=10)))


def _run(done: "Walk", drill: Drill, principal: Actor, *, started: datetime) -> None:
    """Send what the principal's phone kept, all at once, as after a stretch without network."""
    began = drill.started_at or started
    with reach_of(principal):
        drill = Drill.objects.select_related("campus").get(pk=drill.pk)
        rooms = places_of(drill)
        entries = [
            running.Entry(
                uuid4(),
                EntryKind.PLACE_REPORT,
                began + timedelta(seconds=60 + round(number * 230 / len(rooms))),
                status="accounted",
                feature_key=room.key,
            )
            for number, room in enumerate(rooms)
            if number % 2 == 0
        ]
        entries.append(
            running.Entry(
                uuid4(),
                EntryKind.OBSERVATION,
                began + timedelta(seconds=200),
                text="The stairs at door 7 back up when the upper hall uses them too.",
            )
        )
        entries += [
            running.Entry(uuid4(), kind, began + timedelta(seconds=seconds))
            for seconds, kind in TOOK
        ]
        now = began + timedelta(seconds=480)
        taken = running.take_entries(
            drill_id=drill.pk, entries=entries, device_now=now, device="Phone", actor=principal,
            at=now,
        )  # fmt: skip
    refused = next((one for one in taken if one.result == "refused"), None)
    if refused is not None:
        raise WrongState(refused.why, where="held")
    deliver_due(at=now)
    done.note("held", seconds_to_secured=TOOK[1][0], places=len(rooms))


def _reviewed(
    done: "Walk", drill: Drill, officer: Actor, principal: Actor, *, at: datetime
) -> CorrectiveAction:
    with reach_of(principal):
        review = AfterActionReview.objects.get(drill=drill)
        reviewing.write(
            review_id=review.pk,
            worked="All classes were out within three minutes.",
            did_not="The stairs at door 7 back up when the upper hall uses them too.",
            expected=review.edition,
            actor=principal,
            at=at,
        )
        owner = Membership.objects.get(user=officer.key, campus=drill.campus)
        campus = drill.campus
        section = _evacuation(campus)
        action = corrective.add(
            review_id=review.pk,
            deed=corrective.Deed(
                what=f"{LESSON}.",
                element="planning",
                outcome="plan_change",
                owner=owner.pk,
                due_on=campus.local_date(at) + timedelta(days=30),
                section_key=section,
            ),
            actor=principal,
            at=at,
        )
        reviewing.close(review_id=review.pk, nothing_to_fix=False, actor=principal, at=at)
    done.note("review", closed_by=principal.label, fixes=[action.what])
    return action


def _evacuation(campus: Campus) -> UUID:
    published = PlanVersion.objects.filter(campus=campus, state=PlanState.PUBLISHED)
    return published.latest("number").sections.get(template_id=SECTION).key


def told_of(done: "Walk", action: CorrectiveAction, principal: Actor, told: list[str], *,
            from_version: int, to_version: int) -> dict[str, object]:  # fmt: skip
    """Write the drill's evidence page and return what the loop made."""
    with reach_of(principal):
        row = CorrectiveAction.objects.select_related("review").get(pk=action.pk)
        drill = Drill.objects.select_related(
            "campus", "conductor__user", "plan_version", "map_version", "paper", "review"
        ).get(pk=row.review.drill_id)
        if row.state != ActionState.DONE:
            raise WrongState("Publishing did not close the corrective action.", where="loop")
        path = done.folder / f"evidence-{drill.day.isoformat()}-{drill.pk.hex[-6:]}.pdf"
        path.write_bytes(evidence_file(drill))
    return {
        "from_version": from_version,
        "drill": str(drill.pk),
        "review": str(row.review_id),
        "corrective_action": str(row.pk),
        "to_version": to_version,
        "told": told,
        "evidence": str(path),
    }
