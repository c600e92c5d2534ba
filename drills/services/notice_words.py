"""The words and the link of each notice of a drill, made when a message is first claimed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.directory.models import ResponderContact
from backend.web import words
from drills.models import Clearance, Drill, DrillType
from notifications.models import Acknowledgement, Notice
from notifications.subjects import LinkWanted, Wording

PURPOSE = "clear"
PATH = "/clear/{token}/"
Facts = Mapping[str, Any]
Words = tuple[str, list[str]]


def drill_link(drill_id: UUID, contact: ResponderContact) -> LinkWanted | None:
    """Return the recipient's way to answer for a drill without an account."""
    campus_id = Drill.objects.filter(pk=drill_id).values_list("campus_id", flat=True).first()
    if campus_id is None:
        return None
    return LinkWanted(
        PURPOSE,
        PATH,
        _("Answer for this drill"),
        campus_id=campus_id,
        subject_id=drill_id,
        is_answer=True,
    )


def drill_wording(notice: Notice) -> Wording:
    """Return the words of a notice of a drill: what comes first is that every call is real."""
    facts = _facts(notice)
    subject, lines = _WORDS[notice.kind](facts)
    return Wording(
        subject=_("[DRILL] %(what)s") % {"what": subject},
        lines=(
            _("THIS IS A DRILL. Every 911 call from this school is real."),
            *(line for line in lines if line),
            _("THIS IS A DRILL."),
        ),
    )


def _facts(notice: Notice) -> dict[str, Any]:
    campus, told = notice.campus, notice.wording
    if campus is None:
        raise ValueError("a notice of a drill belongs to a campus")
    language = get_language() or "en"
    zone = ZoneInfo(campus.time_zone)
    starts = datetime.fromisoformat(told["starts_at"]).astimezone(zone)
    ends = datetime.fromisoformat(told["ends_at"]).astimezone(zone)
    return {
        **told,
        "school": campus.name,
        "address": campus.full_address,
        "action": str(DrillType(told["type"]).label),
        "start": words.moment(starts, zone, clock=24, language=language),
        "end": words.time_of_day(ends, language=language, clock=24),
        "conductor": told.get("conductor") or _("The office"),
        "phone": told.get("phone") or "–",
        "now": words.time_of_day(notice.occurred_at.astimezone(zone), language=language, clock=24),
    }


def _who(facts: Facts) -> list[str]:
    alarm = _("Alarm on test: yes.") if facts["alarm_on_test"] else _("Alarm on test: no.")
    return [alarm, _("Runs the drill: %(conductor)s, call back %(phone)s.") % facts]


def _booking(facts: Facts) -> Words:
    return _("%(school)s, %(action)s on %(start)s: please book") % facts, [
        _("%(school)s, %(address)s, plans: %(action)s, %(start)s–%(end)s.") % facts,
        *_who(facts),
        _("Say by the link that you have it in your book, or that the time does not do."),
    ]


def _moved(facts: Facts) -> Words:
    before = facts["moved_from"]
    return _("%(school)s, %(action)s moved to %(start)s: please book") % facts, [
        _("%(school)s, %(address)s, has moved: %(action)s, now %(start)s–%(end)s.") % facts,
        _("Before: %(day)s, %(time)s. What you cleared for that time no longer counts.") % before,
        *_who(facts),
        _("Say by the link that you have the new time in your book."),
    ]


def _clearance(facts: Facts) -> Words:
    return _("%(school)s, %(action)s at %(start)s: please clear now") % facts, [
        _("%(school)s, %(address)s, is about to practice: %(action)s, %(start)s–%(end)s.") % facts,
        *_who(facts),
        _("It does not begin before you have cleared it. Two presses by the link, no account."),
    ]


def _started(facts: Facts) -> Words:
    lines = [_("%(school)s, %(address)s: %(action)s has begun at %(now)s.") % facts, *_who(facts)]
    if facts.get("uncleared"):
        lines.insert(
            1,
            _("It began without your clearance after a call was tried. Reason: %(uncleared)s")
            % facts,
        )
    return _("%(school)s: %(action)s has begun") % facts, lines


def _over(facts: Facts) -> Words:
    back = (
        _("The alarm is back in service.")
        if facts.get("alarm_back")
        else _("The alarm is still on test: it is not back in service yet.")
    )
    if not facts["alarm_on_test"]:
        back = _("The alarm was not on test.")
    return _("%(school)s: %(action)s is over") % facts, [
        _("EXERCISE OVER at %(school)s, %(now)s: %(action)s.") % facts,
        back,
        _("Treat every call as real."),
    ]


def _not_held(facts: Facts) -> Words:
    return _("%(school)s: %(action)s was not held") % facts, [
        _("%(school)s: %(action)s of %(start)s was not held. Nothing is practiced there now.")
        % facts,
        _("Treat every call as real."),
    ]


def _called_off(facts: Facts) -> Words:
    return _("%(school)s: %(action)s of %(start)s is called off") % facts, [
        _("%(school)s: %(action)s of %(start)s is called off.") % facts,
        _("Reason: %(reason)s") % facts if facts["reason"] else "",
    ]


def _conductor(facts: Facts) -> Words:
    return _("%(school)s, %(action)s on %(start)s: another person runs it") % facts, [
        _("%(school)s: %(action)s, %(start)s–%(end)s.") % facts,
        *_who(facts),
    ]


def _invited(facts: Facts) -> Words:
    before = facts["moved_from"]
    asked = _("%(school)s, %(action)s on %(start)s: will you come?") % facts
    return asked, [
        _("%(school)s, %(address)s, has moved: %(action)s, now %(start)s–%(end)s.") % facts
        if before
        else _("%(school)s, %(address)s, asks you to come: %(action)s, %(start)s–%(end)s.") % facts,
        _("Before: %(day)s, %(time)s. What you answered for that time no longer counts.") % before
        if before
        else "",
        *_who(facts),
        _("Say by the link who comes, or that nobody does."),
    ]


def _not_needed(facts: Facts) -> Words:
    return _("%(school)s, %(action)s on %(start)s: nobody needs to come") % facts, [
        _("%(school)s has taken its invitation back: %(action)s, %(start)s–%(end)s.") % facts,
        _("Runs the drill: %(conductor)s, call back %(phone)s.") % facts,
    ]


_WORDS: dict[str, Callable[[Facts], Words]] = {
    "drill.booking": _booking,
    "drill.moved": _moved,
    "drill.clearance": _clearance,
    "drill.started": _started,
    "drill.over": _over,
    "drill.not_held": _not_held,
    "drill.called_off": _called_off,
    "drill.conductor": _conductor,
    "drill.invited": _invited,
    "drill.not_needed": _not_needed,
}


def no_link(subject_id: UUID, contact: ResponderContact) -> LinkWanted | None:
    """Return no link: the message says all."""
    return None


def copy_link(clearance_id: UUID, contact: ResponderContact) -> LinkWanted | None:
    """Return the way to the drill whose clearance was recorded, where it can be disputed."""
    drill_id = Clearance.objects.filter(pk=clearance_id).values_list("drill_id", flat=True).first()
    return drill_link(drill_id, contact) if drill_id else None


def copy_wording(notice: Notice) -> Wording:
    """Return the words that tell an agency which clearance was recorded in its name."""
    campus, told = notice.campus, notice.wording
    if campus is None:
        raise ValueError("a notice of a clearance belongs to a campus")
    facts = {
        "school": campus.name,
        "action": str(DrillType(told["type"]).label),
        "who": told["said_by"] or _("operator %(number)s") % {"number": told["operator"]},
        "line": told["line"],
        "when": words.moment(
            datetime.fromisoformat(told["given_at"]),
            told["zone"],
            clock=24,
            language=get_language() or "en",
        ),
        "recorded_by": told["recorded_by"],
    }
    return Wording(
        subject=_("[DRILL] %(school)s: your clearance by phone was recorded") % facts,
        lines=(
            _("THIS IS A DRILL. Every 911 call from this school is real."),
            _(
                "%(recorded_by)s at %(school)s recorded that %(who)s cleared by phone on %(line)s, "
                "%(when)s: %(action)s."
            )
            % facts,
            _("If nobody at your center said this, open the link and dispute it with one press."),
            _("THIS IS A DRILL."),
        ),
    )


def nothing_follows(notice: Notice, acknowledgement: Acknowledgement) -> None:
    """Do nothing: that a message was read clears no drill."""
