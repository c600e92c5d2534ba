"""Run mode: the page on the phone, and the small JSON that it sends and polls.

The page is opened by a session; from then on the phone holds a token of this one drill. So neither
the idle limit nor another person's sign-in on the phone touches what it kept.
"""

import base64
import json
from binascii import Error as BadBase64
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from backend.directory.access import (
    DistrictRequest,
    get_in_reach,
    may,
    page,
    reach_of,
)
from backend.directory.actor import Actor
from backend.problems import BadInput, Problem
from drills import wording
from drills.models import Drill, EntryKind, PlaceStatus
from drills.queries.live import mark_of, state_of
from drills.services import clearing, phones, real_emergency, running
from drills.services.running import CallAttempt, Entry, Taken

MOST_BYTES = 6_000_000
SCHEME = "Run "
LEAVES_THE_BUILDING = frozenset(
    {"fire", "evacuation", "bomb_threat", "bus_evacuation", "bus_safety"}
)
LOCKS_DOORS = frozenset({"lockdown", "active_threat", "security", "crisis", "secure", "hold"})


@require_safe
@page
def run(request: DistrictRequest, drill_id: UUID) -> HttpResponse:
    """Is everybody out, and what do I say? The page that runs a drill."""
    at = timezone.now()
    drill, token = phones.let_in(drill_id=drill_id, actor=request.actor, at=at)
    language: wording.Language = "es" if get_language() == "es" else "en"
    context = {
        "campus": drill.campus,
        "drill": drill,
        "data": {
            "drill": str(drill.pk),
            "user": str(request.actor.key),
            "name": request.actor.label,
            "token": token,
            "zone": drill.campus.time_zone,
            "may_run": may(request.actor, "drill.run", drill),
            "may_start_uncleared": clearing.may_start_uncleared(request.actor, drill),
            "state": _state(drill, at),
        },
        "script": wording.script(drill.type, language),
        "release": wording.release(drill.type, language),
        "statuses": PlaceStatus.choices,
        "secured_word": _secured_word(drill),
        "may_run": may(request.actor, "drill.run", drill),
    }
    response = TemplateResponse(request, "drills/run.html", context)
    response["Cache-Control"] = "no-cache"
    return response


def _secured_word(drill: Drill) -> str:
    if drill.type in LEAVES_THE_BUILDING:
        return _("All out")
    return _("All secured") if drill.type in LOCKS_DOORS else _("All in place")


def _state(drill: Drill, at: datetime) -> dict[str, Any]:
    names = [agency.name for agency in clearing.missing(drill, at)]
    return state_of(drill, missing=names, at=at)


View = Callable[[HttpRequest, UUID, Actor], HttpResponse]


def by_phone(view: View) -> Callable[..., HttpResponse]:
    """Identify the phone by its token; a refusal is JSON with what, where and how to mend it.

    A poll of what the phone has already is answered 304 before any role is read.
    """

    @csrf_exempt
    @wraps(view)
    def inside(request: HttpRequest, drill_id: UUID) -> HttpResponse:
        given = request.headers.get("Authorization", "")
        token = given.removeprefix(SCHEME) if given.startswith(SCHEME) else ""
        known = request.headers.get("If-None-Match", "")
        at = timezone.now()
        try:
            if known and phones.has_heard(token, known.strip('"'), drill_id=drill_id, at=at):
                return HttpResponse(status=304, headers={"ETag": known})
            address = request.META.get("REMOTE_ADDR", "")
            actor = phones.actor_of_phone(token, drill_id=drill_id, at=at, address=address)
            answer = view(request, drill_id, actor)
        except Problem as problem:
            answer = JsonResponse(problem.as_json(), status=problem.status)
        answer["Cache-Control"] = "no-store"
        return answer

    return inside


@require_safe
@by_phone
def state(request: HttpRequest, drill_id: UUID, actor: Actor) -> HttpResponse:
    """Return the live state; a phone that has it already was answered before."""
    with reach_of(actor):
        answer = JsonResponse(_state(_drill(actor, drill_id), timezone.now()))
        answer["ETag"] = f'"{mark_of(drill_id)}"'
        return answer


def _drill(actor: Actor, drill_id: UUID) -> Drill:
    rows = Drill.objects.select_related("campus", "conductor__user", "map_version")
    return get_in_reach(actor, "drill.read", rows, pk=drill_id)


@require_POST
@by_phone
def entries(request: HttpRequest, drill_id: UUID, actor: Actor) -> HttpResponse:
    """Take in what the phone kept; the answer says of each entry what became of it."""
    told = _body(request)
    at = timezone.now()
    rows = told.get("entries")
    if not isinstance(rows, list):
        raise BadInput(_("There is no list of entries."), where="entries",
                       mend=_("Send {“entries”: […]}."))  # fmt: skip
    good: list[Entry] = []
    wrong: list[Taken] = []
    for number, row in enumerate(rows):
        try:
            good.append(_entry(row, number))
        except BadInput as refusal:
            wrong.append(_refused(row, refusal))
    with reach_of(actor):
        taken = running.take_entries(
            drill_id=drill_id,
            entries=good,
            device_now=_moment(told, "device_now"),
            device=str(told.get("device", ""))[:60],
            actor=actor,
            at=at,
            attempt=_attempt(told.get("attempt")),
        )
        state_now = _state(_drill(actor, drill_id), at)
    return JsonResponse({"taken": [_answer(one) for one in (*taken, *wrong)], "state": state_now})


def _refused(row: Any, refusal: BadInput) -> Taken:
    try:
        key = UUID(str(row.get("key") if isinstance(row, dict) else ""))
    except ValueError:
        raise refusal from None  # without a key nobody can be told which entry it was
    return Taken(key, "refused", str(refusal))


def _answer(one: Taken) -> dict[str, Any]:
    return {
        "key": str(one.key),
        "result": one.result,
        "why": one.why,
        "doubts": list(one.doubts),
    }


@require_POST
@by_phone
def stop(request: HttpRequest, drill_id: UUID, actor: Actor) -> HttpResponse:
    """“STOP: real emergency”. Nothing of the drill can delay or refuse it."""
    told = _body(request)
    at = timezone.now()
    off = _moment(told, "device_now") - at
    happened_at = min(_moment(told, "happened_at") - off, at)
    with reach_of(actor):
        real_emergency.stop(
            drill_id=drill_id,
            what=str(told.get("what", "")),
            happened_at=happened_at,
            actor=actor,
            at=at,
        )
        return JsonResponse({"state": _state(_drill(actor, drill_id), at)})


def _body(request: HttpRequest) -> dict[str, Any]:
    if len(request.body) > MOST_BYTES:
        raise BadInput(_("This is larger than 6 MB."), where="body",
                       mend=_("Send photos one at a time."))  # fmt: skip
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise BadInput(_("This is no JSON object."), where="body", mend=_("Send one."))
    return told


def _moment(told: dict[str, Any], field: str) -> datetime:
    try:
        found = parse_datetime(str(told.get(field, "")))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise BadInput(
            _("“%(field)s” is no moment with its zone.") % {"field": field},
            where=field,
            mend=_("Send it as 2026-09-08T14:15:00Z."),
        )
    return found


def _entry(row: Any, number: int) -> Entry:
    where = f"entries[{number}]"
    if not isinstance(row, dict):
        raise BadInput(_("An entry is an object."), where=where, mend=_("Send one."))
    try:
        key = UUID(str(row.get("key")))
        feature = UUID(str(row["feature"])) if row.get("feature") else None
        photo = base64.b64decode(row["photo"], validate=True) if row.get("photo") else None
    except (ValueError, TypeError, BadBase64) as fault:
        raise BadInput(
            _("The key, place or photo of this entry cannot be read."),
            where=where,
            mend=_("Send UUIDs, and the photo as base64."),
        ) from fault
    if row.get("kind") not in EntryKind.values:
        raise BadInput(
            _("This is no kind of entry."),
            where=f"{where}.kind",
            mend=_("Send one of: %(all)s.") % {"all": ", ".join(EntryKind.values)},
        )
    return Entry(
        key=key,
        kind=row["kind"],
        device_at=_moment(row, "at"),
        status=str(row.get("status", "")),
        feature_key=feature,
        place=str(row.get("place", "")),
        text=str(row.get("text", "")),
        photo=photo,
    )


def _attempt(told: Any) -> CallAttempt | None:
    if not isinstance(told, dict):
        return None
    return CallAttempt(
        line=str(told.get("line", "")),
        called_at=_moment(told, "called_at"),
        reason=str(told.get("reason", "")),
    )
