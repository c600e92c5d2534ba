"""“STOP: real emergency”: its own path, apart from everything that drills do.

No drill gate, filter, quiet hour or mark is on it. It ends the drill, cancels the drill messages
that were not sent yet, and tells everyone who was told of the drill. Muster does not call 911.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.audit import record as audit
from backend.directory.access import allow, get_in_reach
from backend.directory.actor import Actor
from backend.web import words
from drills.models import Drill, DrillState
from drills.services.inviting import close_all
from drills.services.reviewing import open_review
from drills.services.telling import end_messages, told_agencies
from notifications.models import Notice
from notifications.queries.recipients import reachable
from notifications.services.writing import cancel_unsent, owe
from notifications.subjects import Wording

REAL = "real emergency"
KIND = "real.stop"
LONGEST_WORDS = 300


@transaction.atomic
def stop(*, drill_id: UUID, what: str, happened_at: datetime, actor: Actor, at: datetime) -> Drill:
    """End a drill because something real happens; whoever was told of the drill is told so.

    `what` may be empty. Pressed twice, or on two phones, it is done once. Anybody who may take part
    in the drill may press it. Raises NotFound and NotAllowed, and nothing else.
    """
    found = get_in_reach(actor, "drill.read", Drill.objects.all(), pk=drill_id)
    allow(actor, "drill.report_place", found)
    rows = Drill.objects.select_for_update(no_key=True, of=("self",)).select_related("campus")
    drill = rows.get(pk=found.pk)
    said = " ".join(what.split())[:LONGEST_WORDS]
    if drill.state == DrillState.STOPPED:
        return drill
    started = drill.started_at or happened_at
    Drill.objects.filter(pk=drill.pk).update(
        state=DrillState.STOPPED,
        state_since=at,
        edition=drill.edition + 1,
        started_at=started,
        ended_at=max(happened_at, started),
        ended_by=actor.label[:200],
        stopped_in_words=said,
    )
    drill.refresh_from_db()
    cancel_unsent(subject_id=drill.pk, actor=actor, at=at)
    end_messages(drill, at=at)
    _tell(drill, said, actor=actor, at=at)
    close_all(drill, at=at)
    open_review(drill, at=at)
    audit.record("drill.stopped_real", actor=actor, subject=drill, at=at, details={
        "what": said, "happened_at": happened_at.isoformat()})  # fmt: skip
    return drill


def _tell(drill: Drill, said: str, *, actor: Actor, at: datetime) -> None:
    agencies = told_agencies(drill)
    found = reachable(drill.district_id, [agency.pk for agency in agencies])
    contacts = [contact for row in found.values() for contact in row]
    if contacts:
        owe(
            kind=KIND,
            subject=REAL,
            subject_id=drill.pk,
            campus=drill.campus,
            wording={
                "what": said,
                "by": actor.label,
                "phone": drill.callback_phone,
                "panel_on_test": drill.alarm_on_test and drill.alarm_back_at is None,
            },
            actor=actor,
            at=at,
            urgent=True,
            policy="",
            contacts=contacts,
        )


def stop_wording(notice: Notice) -> Wording:
    """Return the words of the real emergency: no mark of a drill is on them."""
    campus = notice.campus
    if campus is None:
        raise ValueError("a real emergency belongs to a campus")
    facts = {
        "school": campus.name,
        "address": campus.full_address,
        "what": notice.wording["what"],
        "by": notice.wording["by"],
        "phone": notice.wording["phone"] or "–",
        "time": words.time_of_day(
            notice.occurred_at.astimezone(ZoneInfo(campus.time_zone)),
            language=get_language() or "en",
            clock=24,
        ),
    }
    lines = [
        _("REAL EMERGENCY at %(school)s, %(address)s, %(time)s.") % facts,
        _("What is happening: %(what)s") % facts if facts["what"] else "",
        _("Practice there has ended. Treat everything at this school as real."),
        _("The alarm panel is on test until somebody puts it back in service.")
        if notice.wording["panel_on_test"]
        else "",
        _("Reported by %(by)s, call back %(phone)s.") % facts,
        _("Muster does not call 911. Whoever sees danger calls 911."),
    ]
    return Wording(
        subject=_("REAL EMERGENCY at %(school)s") % facts,
        lines=tuple(line for line in lines if line),
    )
