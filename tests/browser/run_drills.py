"""Drills of a running copy for the browser tests of run mode, made and read beside it.

Run as a program with the copy's environment: `python -m tests.browser.run_drills`. For each line, a
JSON list of a command and its words, it prints one line: the JSON document that the command gives.
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.cli import database


def make(how: str, kind: str = "fire", school: str = "Lincoln") -> dict[str, Any]:
    """Make a drill that starts in some minutes: `asked`, or `cleared` by phone; give its id.

    What still runs or is to come at the school is called off first.
    """
    from django.utils import timezone

    from backend.demo.build import actor_named, campus_named
    from backend.directory.access import reach_of
    from drills.services import clearing, moments, scheduling

    at = timezone.now()
    actor = actor_named("samuel.reyes", at=at)
    with reach_of(actor):
        campus = campus_named(school)
        _clear_the_way(campus, actor, at)
        starts = (at + timedelta(minutes=6)).astimezone(ZoneInfo(campus.time_zone))
        wanted = scheduling.Wanted(
            type=kind,
            day=starts.date(),
            time=starts.time().replace(second=0, microsecond=0),
            pupils_present=False,  # on any day of the week
            callback_phone="555-0142",
            clash_reason="A test",
        )
        drill = scheduling.schedule(campus_id=campus.pk, wanted=wanted, actor=actor, at=at)
        moments.announce([drill.pk], at=at)
        for agency in clearing.missing(drill, at) if how == "cleared" else []:
            clearing.record_phone_call(
                drill_id=drill.pk, agency_id=agency.pk, said_by="", operator="214",
                line_called="", called_at=at, actor=actor, at=at,
            )  # fmt: skip
    return {"id": str(drill.pk)}


def _clear_the_way(campus: Any, actor: Any, at: datetime) -> None:
    from drills.models import BEFORE_START, Drill
    from drills.services import real_emergency, scheduling

    for drill in Drill.objects.filter(campus=campus, state="running"):
        real_emergency.stop(drill_id=drill.pk, what="", happened_at=at, actor=actor, at=at)
    for drill in Drill.objects.filter(campus=campus, state__in=BEFORE_START):
        scheduling.cancel(drill_id=drill.pk, cause="other", reason="", actor=actor, at=at)


def read(drill_id: str) -> dict[str, Any]:
    """Give the state of a drill and its entries as they stand in the database."""
    from drills.models import TimelineEntry

    drill, near = _found(drill_id)
    with near:
        entries = TimelineEntry.objects.filter(drill=drill).order_by("happened_at", "pk")
        return {
            "state": drill.state,
            "stopped_in_words": drill.stopped_in_words,
            "uncleared_reason": drill.uncleared_reason,
            "entries": [
                {
                    "key": str(entry.pk),
                    "kind": entry.kind,
                    "status": entry.status,
                    "place": entry.place,
                    "text": entry.text,
                    "by": entry.by,
                    "doubts": entry.doubts,
                    "photo": entry.photo_id is not None,
                }
                for entry in entries
            ],
        }


def shut_out(drill_id: str) -> dict[str, Any]:
    """End the tokens of all phones of a drill."""
    from django.utils import timezone

    from backend.demo.build import actor_named
    from drills.services import phones

    at = timezone.now()
    actor = actor_named("samuel.reyes", at=at)
    drill, near = _found(drill_id)
    with near:
        return {"number": phones.shut_out(drill_id=drill.pk, actor=actor, at=at)}


def clear(drill_id: str) -> dict[str, Any]:
    """Record by phone what is missing."""
    from django.utils import timezone

    from backend.demo.build import actor_named
    from drills.services import clearing

    at = timezone.now()
    office = actor_named("jo.brandt", at=at)
    drill, near = _found(drill_id)
    with near:
        for agency in clearing.missing(drill, at):
            clearing.record_phone_call(
                drill_id=drill.pk, agency_id=agency.pk, said_by="", operator="214",
                line_called="", called_at=at, actor=office, at=at,
            )  # fmt: skip
    return {}


def _found(drill_id: str) -> tuple[Any, Any]:
    from django.utils import timezone

    from backend.demo.build import actor_named
    from backend.directory.access import reach_of
    from drills.models import Drill

    actor = actor_named("samuel.reyes", at=timezone.now())
    with reach_of(actor):
        drill = Drill.objects.select_related("campus").get(pk=UUID(drill_id))
    return drill, reach_of(actor)


def propose(school: str = "Lincoln") -> dict[str, Any]:
    """Bring a school's proposal up to date, as the nightly tick does; give its id, or none."""
    from django.utils import timezone

    from backend.demo.build import actor_named, campus_named
    from backend.directory.access import reach_of
    from drills.services.proposing import propose_next

    at = timezone.now()
    with reach_of(actor_named("samuel.reyes", at=at)):
        found = propose_next(campus=campus_named(school), at=at)
    return {"id": str(found.pk) if found else ""}


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    "make": make, "propose": propose, "read": read, "shut_out": shut_out, "clear": clear,
}  # fmt: skip

if __name__ == "__main__":
    with database():
        for line in sys.stdin:
            command, *words = json.loads(line)
            print(json.dumps(COMMANDS[command](*words)), flush=True)
