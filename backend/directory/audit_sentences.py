"""One plain sentence for each deed of the audit log, in the reader's language.

The table is by action. A sentence may name `who` did it, the `thing` as it was called then, the
`campus`, the day-to-day words of any detail, and the names of agencies that details give by id.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from backend.audit.models import AccountEvent, AuditEvent
from backend.directory.models import Agency, Campus, ResponderContact, Role
from backend.directory.models.coverage import Capacity

Event = AuditEvent | AccountEvent

SENTENCES: Final[dict[str, Promise]] = {
    "account.link_by_operator": lazy("%(who)s made a new way in for %(thing)s"),
    "account.preferences_changed": lazy("%(who)s changed their own language, clock or zone"),
    "acknowledgement.disputed": lazy(
        "%(said_by)s disputed an acknowledgement that was written down for %(campus)s"
    ),
    "acknowledgement.recorded": lazy(
        "%(who)s wrote down a call: %(said_by)s of %(agency)s has it, for %(campus)s"
    ),
    "agency.changed": lazy("%(who)s changed the agency %(thing)s"),
    "agency.created": lazy("%(who)s added the agency %(thing)s"),
    "agency_member.added": lazy("%(who)s gave %(person)s an account at %(thing)s"),
    "agency_member.ended": lazy("%(who)s ended the account of %(person)s at %(thing)s"),
    "audit.exported": lazy("%(who)s exported %(rows)s events of this log"),
    "calendar_feed.ended": lazy("%(who)s ended their calendar feed"),
    "calendar_feed.made": lazy("%(who)s made a calendar feed"),
    "campus.changed": lazy("%(who)s changed the facts of %(campus)s"),
    "campus.created": lazy("%(who)s added the campus %(campus)s"),
    "channel.released": lazy(
        "%(who)s released the %(channel)s of %(thing)s; %(queued)s messages went out"
    ),
    "clearance.disputed": lazy(
        "%(who)s disputed a clearance that %(recorded_by)s wrote down for %(campus)s"
    ),
    "clearance.given": lazy(
        "%(said_by)s of %(agency)s %(step)s a drill of %(campus)s, operator %(operator)s"
    ),
    "clearance.refused": lazy("%(said_by)s of %(agency)s held back a drill of %(campus)s"),
    "condition.accepted": lazy(
        "%(who)s put a reported condition in force at %(campus)s: %(thing)s"
    ),
    "condition.ended": lazy("%(who)s ended a condition at %(campus)s: %(thing)s"),
    "condition.over": lazy("A condition at %(campus)s came to its end: %(thing)s"),
    "condition.published": lazy("%(who)s put a condition in force at %(campus)s: %(thing)s"),
    "condition.renewed": lazy("%(who)s renewed a condition at %(campus)s: %(thing)s"),
    "condition.reported": lazy("%(who)s reported a condition at %(campus)s: %(thing)s"),
    "condition.seen": lazy("%(who)s took the second look at a condition of %(campus)s: %(thing)s"),
    "contact.added": lazy("%(who)s added the contact %(thing)s of %(agency)s"),
    "contact.address_accepted": lazy(
        "%(who)s accepted the address of %(contact)s, %(agency)s, to write to"
    ),
    "contact.corrected": lazy("%(who)s corrected the contact %(thing)s"),
    "contact.ended": lazy("%(who)s ended the contact %(thing)s of %(agency)s"),
    "contact.stopped": lazy("%(who)s stopped writing to %(contact)s of %(agency)s"),
    "contact_sheet.confirmed": lazy("%(who)s confirmed the contact sheet of %(campus)s"),
    "contact_sheet.edited": lazy("%(who)s edited the contact sheet of %(campus)s"),
    "corrective_action.added": lazy(
        "%(who)s gave %(owner)s a corrective action at %(campus)s, due %(due_on)s: %(thing)s"
    ),
    "corrective_action.done": lazy("%(who)s closed a corrective action at %(campus)s: %(thing)s"),
    "corrective_action.plan_change_opened": lazy(
        "%(who)s opened plan v%(version)s of %(campus)s for a corrective action: %(thing)s"
    ),
    "coverage.added": lazy("%(who)s let %(agency)s cover %(campus)s: %(capacity)s"),
    "coverage.ended": lazy("%(who)s ended the coverage of %(campus)s by %(agency)s"),
    "delivery.sent_again": lazy("%(who)s sent a message again that was: %(was)s"),
    "device.enrolled": lazy("%(who)s enrolled the device %(thing)s of %(agency)s"),
    "device.revoked": lazy("%(who)s revoked the device %(thing)s"),
    "directory.exported": lazy("%(who)s exported %(rows)s rows of the directory: %(kind)s"),
    "district.changed": lazy("%(who)s changed the settings of %(thing)s"),
    "district.created": lazy("%(who)s set up %(thing)s with %(administrator)s to run it"),
    "drill.accepted": lazy("%(who)s accepted a drill at %(campus)s: %(thing)s, %(time)s"),
    "drill.amended": lazy(
        "%(who)s amended a record of %(campus)s, %(thing)s: %(what)s was %(was)s, is %(now)s"
    ),
    "drill.announced": lazy("The half hour of a drill at %(campus)s began: %(thing)s"),
    "drill.cancelled": lazy("%(who)s called off a drill at %(campus)s: %(thing)s, %(reason)s"),
    "drill.ended": lazy("%(who)s ended a drill at %(campus)s: %(thing)s"),
    "drill.handed_over": lazy(
        "%(who)s handed a drill at %(campus)s from %(from)s to %(to)s: %(thing)s"
    ),
    "drill.moved": lazy("%(who)s moved a drill at %(campus)s: %(thing)s, %(time)s"),
    "drill.not_held": lazy("A drill at %(campus)s was not held: %(thing)s"),
    "drill.panel_back": lazy("%(who)s put the alarm panel of %(campus)s back in service"),
    "drill.phones_shut_out": lazy(
        "%(who)s shut %(number)s phones out of a drill at %(campus)s: %(thing)s"
    ),
    "drill.proposed": lazy("The next drill of %(campus)s was proposed: %(thing)s"),
    "drill.recorded": lazy("%(who)s recorded afterwards at %(campus)s: %(thing)s, %(time)s"),
    "drill.scheduled": lazy("%(who)s scheduled a drill at %(campus)s: %(thing)s, %(time)s"),
    "drill.started": lazy("%(who)s started a drill at %(campus)s: %(thing)s"),
    "drill.stopped_real": lazy("%(who)s reported a real emergency at %(campus)s: %(what)s"),
    "feature.checked": lazy("%(who)s compared %(label)s at %(campus)s with the map, on site"),
    "grant.ended": lazy("%(who)s ended the access of %(thing)s to the district"),
    "grant.given": lazy("%(who)s let %(thing)s of %(agency)s in to the district"),
    "import.confirmed": lazy("%(who)s imported from a spreadsheet: %(kind)s"),
    "invitation.accepted": lazy("%(agency)s sends %(crew)s to a drill at %(campus)s"),
    "invitation.arrived": lazy("%(who)s noted that %(agency)s is there: a drill at %(campus)s"),
    "invitation.declined": lazy("%(agency)s sends nobody to a drill at %(campus)s"),
    "invitation.sent": lazy("%(who)s asked %(agency)s to come to a drill at %(campus)s"),
    "invitation.withdrawn": lazy(
        "%(who)s took back the invitation of %(agency)s to a drill at %(campus)s"
    ),
    "map.draft_discarded": lazy("%(who)s discarded the draft of map v%(number)s of %(campus)s"),
    "map.imported": lazy("%(who)s brought in a map of %(campus)s from the file %(file)s"),
    "map.published": lazy("%(who)s published map v%(number)s of %(campus)s"),
    "membership.acting": lazy("%(who)s let %(person)s act for %(for)s until %(until)s"),
    "membership.changed": lazy("%(who)s changed a role: %(thing)s"),
    "membership.ended": lazy("%(who)s ended the role of %(person)s: %(role)s"),
    "membership.given": lazy("%(who)s gave %(person)s a role: %(role)s, %(place)s"),
    "membership.link_renewed": lazy("%(who)s renewed the invitation of %(thing)s"),
    "notice.acknowledged": lazy("%(said_by)s said for %(agency)s about %(campus)s: %(answer)s"),
    "notice.ended": lazy("A notice of %(campus)s is no longer wanted"),
    "notice.owed": lazy("A notice about %(campus)s was written to %(recipients)s contacts"),
    "packet.opened": lazy("%(who)s opened packet v%(number)s of %(campus)s"),
    "password.chosen": lazy("%(thing)s chose a password"),
    "password.forgotten": lazy("A new password was asked for %(thing)s"),
    "person.invited": lazy("%(who)s invited %(thing)s"),
    "plan.audiences_marked": lazy(
        "%(who)s marked who may read %(blocks)s parts of plan v%(number)s of %(campus)s"
    ),
    "plan.brought_in": lazy(
        "%(who)s made plan v%(number)s of %(campus)s of the file %(file)s: %(words)s words"
    ),
    "plan.draft_started": lazy(
        "%(who)s began plan v%(number)s of %(campus)s from v%(from)s"
    ),
    "plan.first_page_edited": lazy(
        "%(who)s edited the first page of plan v%(number)s of %(campus)s"
    ),
    "plan.map_pinned": lazy("%(who)s put plan v%(number)s of %(campus)s on map v%(map)s"),
    "plan.posts_edited": lazy("%(who)s edited the posts of plan v%(number)s of %(campus)s"),
    "plan.published": lazy("%(who)s published plan v%(number)s of %(campus)s: %(published_as)s"),
    "plan.sent_back": lazy("%(who)s sent back plan v%(number)s of %(campus)s: %(reason)s"),
    "plan.signed": lazy("%(who)s signed plan v%(number)s of %(campus)s: %(role)s"),
    "plan.started": lazy("%(who)s started plan v%(number)s of %(campus)s"),
    "plan.submitted": lazy("%(who)s sent plan v%(number)s of %(campus)s to be signed"),
    "plan.superseded": lazy("Plan v%(number)s of %(campus)s was superseded by v%(by)s"),
    "plan.withdrawn": lazy("%(who)s withdrew plan v%(number)s of %(campus)s: %(reason)s"),
    "print.registered": lazy(
        "%(who)s registered a paper of v%(number)s of %(campus)s: %(place)s"
    ),
    "print.swapped": lazy("%(who)s swapped a paper of v%(number)s of %(campus)s: %(place)s"),
    "publication.read": lazy("%(who)s read the published plan v%(number)s of %(campus)s"),
    "recovery_codes.renewed": lazy("%(thing)s made new recovery codes"),
    "review.closed": lazy("%(who)s closed the review of a drill at %(campus)s"),
    "review.written": lazy("%(who)s wrote in the review of a drill at %(campus)s"),
    "school_calendar.written": lazy(
        "%(who)s wrote the school year from %(first_day)s to %(last_day)s"
    ),
    "school_message.given": lazy(
        "%(who)s gave a message about a drill at %(campus)s: %(audience)s"
    ),
    "second_factor.dropped": lazy("%(who)s ended the second step of %(thing)s"),
    "second_factor.set_up": lazy("%(thing)s set up a second step"),
    "section.added": lazy("%(who)s added “%(section)s” to plan v%(number)s of %(campus)s"),
    "section.edited": lazy("%(who)s edited “%(section)s” in plan v%(number)s of %(campus)s"),
    "section.removed": lazy("%(who)s took “%(section)s” out of plan v%(number)s of %(campus)s"),
    "sessions.ended": lazy("%(thing)s ended %(number)s other sessions"),
    "sign_in.done": lazy("%(thing)s signed in"),
    "sign_in.ended": lazy("%(thing)s signed out"),
    "sign_in.locked": lazy("Sign-in of %(thing)s was locked after too many tries"),
    "sign_in.refused": lazy("Sign-in of %(thing)s was refused"),
    "signature.code_sent": lazy(
        "A code to sign plan v%(number)s of %(campus)s was sent to %(contact)s"
    ),
    "signature_list.edited": lazy("%(who)s changed who signs the plan of %(campus)s"),
    "token.created": lazy("%(thing)s made the API token “%(name)s”"),
    "token.revoked": lazy("%(thing)s revoked the API token “%(name)s”"),
}  # fmt: skip

WORDS: Final[dict[str, dict[str, Promise]]] = {
    "answer": {"accepted": lazy("we have it"), "exception": lazy("we have a problem")},
    "channel": {"email": lazy("e-mail")},
    "capacity": {str(item): item.label for item in Capacity},
    "kind": {
        "campuses": lazy("campuses"),
        "people": lazy("people"),
        "agencies": lazy("agencies"),
        "contacts": lazy("contacts"),
    },
    "published_as": {"approved": lazy("signed by all"), "adopted": lazy("adopted as it stands")},
    "step": {"booked": lazy("booked"), "cleared": lazy("cleared")},
    "audience": {"staff": lazy("staff"), "families": lazy("families")},
    "role": {str(item): item.label for item in Role},
    "plan.signed role": {
        "principal": lazy("as principal"),
        "sro": lazy("as SRO"),
        "district": lazy("for the district"),
        "agency": lazy("for the agency"),
    },
    "was": {
        "failed": lazy("failed"),
        "expired": lazy("expired"),
        "held": lazy("held"),
        "unknown": lazy("not known"),
    },
}  # fmt: skip


KIND_OF_SECTION: Final = re.compile(r"^[A-Z]{1,3}-")


class _Facts(dict[str, str]):
    """What a sentence may name; a fact that an event does not hold is a dash."""

    def __missing__(self, _name: str) -> str:
        return "–"


def sentences_of(events: Iterable[Event]) -> dict[UUID, str]:
    """Return the sentence of each event by its id; three statements, whatever their number.

    Campuses are named as they are called now. An action without a sentence stands as it is, with
    who did it and the thing.
    """
    shown = list(events)
    places = {campus for event in shown if (campus := _campus_of(event))}
    campuses = _names(Campus.objects.filter(pk__in=places))
    ids = {name: _ids(shown, name) for name in ("agency", "contact")}
    known = _names(Agency.objects.filter(pk__in=ids["agency"]))
    known |= _names(ResponderContact.objects.filter(pk__in=ids["contact"]))
    return {event.pk: _sentence(event, campuses, known) for event in shown}


def _sentence(event: Event, campuses: Mapping[str, str], known: Mapping[str, str]) -> str:
    sentence = SENTENCES.get(event.action)
    if sentence is None:
        return _("%(who)s: %(action)s, %(thing)s") % {
            "who": event.actor, "action": event.action, "thing": event.body.get("subject", ""),
        }  # fmt: skip
    facts = _Facts()
    for name, value in event.body.get("details", {}).items():
        facts[name] = _word(event.action, name, value, known)
    facts |= {"who": event.actor, "thing": _thing(event)}
    if campus := campuses.get(str(_campus_of(event))):
        facts["campus"] = campus
    return str(sentence) % facts


def _word(action: str, name: str, value: Any, known: Mapping[str, str]) -> str:
    """Return a detail as people say it: codes by their words, ids by their names."""
    text = str(value)
    if name == "section":
        return KIND_OF_SECTION.sub("", text).replace("_", " ").replace("-", " ")
    if text in known:
        return known[text]
    words = WORDS.get(f"{action} {name}") or WORDS.get(name, {})
    return str(words.get(text, text)) or "–"


def _thing(event: Event) -> str:
    name = str(event.body.get("subject", ""))
    if event.subject_kind != "membership":
        return name
    person, _comma, role = name.rpartition(", ")
    return f"{person}, {Role(role).label}" if role in Role.values else name


def _campus_of(event: Event) -> UUID | None:
    return getattr(event, "campus_id", None)


def _ids(events: Iterable[Event], name: str) -> set[UUID]:
    found = set()
    for event in events:
        try:
            found.add(UUID(str(event.body.get("details", {}).get(name, ""))))
        except ValueError:
            continue  # a name already, or nothing
    return found


def _names(rows: Any) -> dict[str, str]:
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}
