"""What the outbox says about packets and conditions, and where their links lead."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backend.directory.actor import Actor
from backend.directory.models import Campus, ResponderContact
from backend.web import words
from maps.models import Condition
from notifications.models import Acknowledgement, Notice
from notifications.services.writing import owe
from notifications.subjects import LinkWanted, Opening, Wording
from plans.models import PacketAccess, Publication
from plans.packets.first_page import condition_title
from plans.queries.versions import publication_in_force
from plans.services.packets import ask_for

PACKET = "plan packet"
CONDITION = "condition"
SIGNATURE = "signature"
PURPOSE = "packet"
PATH = "/p/{token}/"
CHANGES_SHOWN = 5


def packet_link(publication_id: UUID, contact: ResponderContact) -> LinkWanted | None:
    """Return the recipient's lasting link to the campus of a publication."""
    campus_id = (
        Publication.objects.filter(pk=publication_id).values_list("campus_id", flat=True).first()
    )
    return _link(campus_id) if campus_id else None


def condition_link(condition_id: UUID, contact: ResponderContact) -> LinkWanted | None:
    """Return the recipient's lasting link to the packet on whose page one the condition stands."""
    campus_id = (
        Condition.objects.filter(pk=condition_id).values_list("campus_id", flat=True).first()
    )
    return _link(campus_id) if campus_id else None


def _link(campus_id: UUID) -> LinkWanted:
    return LinkWanted(PURPOSE, PATH, _("Response packet"), campus_id=campus_id)


def signature_link(copy_id: UUID, contact: ResponderContact) -> LinkWanted | None:
    """Return the way to read a review copy and sign it."""
    copy = Publication.objects.filter(pk=copy_id).values_list("campus_id", flat=True).first()
    if copy is None:
        return None
    label = _("Read and sign")
    return LinkWanted("sign", "/sign/{token}/", label, campus_id=copy, subject_id=copy_id)


def signature_wording(notice: Notice) -> Wording:
    """Return the words that ask an agency for its signature."""
    facts = {"campus": _campus_of(notice).name, "number": notice.wording["number"]}
    return Wording(
        subject=_("[REVIEW] %(campus)s: plan v%(number)s waits for your signature") % facts,
        lines=(
            _("Plan v%(number)s of %(campus)s waits for the signature of your agency.") % facts,
            _("Read it by the link below and sign, or answer with what is wrong."),
        ),
    )


def packet_wording(notice: Notice) -> Wording:
    """Return the words for a packet that comes in force, or is withdrawn."""
    campus, told = _campus_of(notice), notice.wording
    facts = {"campus": campus.name, "number": told["number"]}
    if notice.kind == "packet.withdrawn":
        return Wording(
            subject=_("[PACKET] %(campus)s: response packet v%(number)s is withdrawn") % facts,
            lines=(
                _("%(campus)s: response packet v%(number)s is withdrawn.") % facts,
                _("Reason: %(reason)s") % {"reason": told["reason"]},
                _("Take this version out of use."),
            ),
        )
    facts["day"] = _day(date.fromisoformat(told["in_force_from"]))
    first = _("%(campus)s: response packet v%(number)s is in force from %(day)s.") % facts
    lines = [first]
    changes = [str(change) for change in told.get("changes", ())]
    if changes:
        lines.append(_("What changed:"))
        lines += [f"- {change}" for change in changes[:CHANGES_SHOWN]]
        if (rest := len(changes) - CHANGES_SHOWN) > 0:
            lines.append(_("- and %(rest)s more, in the packet") % {"rest": rest})
    lines.append(
        _("Open: %(link)s (always the version in force)")
        % {"link": f"{{{{link:{PURPOSE}:{notice.campus_id}}}}}"}
    )
    if told.get("replaces"):
        lines.append(
            _("Please confirm and replace v%(replaces)s.") % {"replaces": told["replaces"]}
        )
    subject = _("[PACKET] %(campus)s: response packet v%(number)s, in force from %(day)s") % facts
    return Wording(subject=subject, lines=tuple(lines))


def condition_wording(notice: Notice) -> Wording:
    """Return the words for a condition that agencies hear of at once."""
    campus, told = _campus_of(notice), notice.wording
    ends = datetime.fromisoformat(told["until"])
    facts = {
        "campus": campus.name,
        "condition": condition_title(told["place"], told["what"]),
        "until": words.moment(
            ends, ZoneInfo(campus.time_zone), clock=24, language=get_language() or "en"
        ),
    }
    return Wording(
        subject=_("[CONDITION] %(campus)s, %(condition)s") % facts,
        lines=(
            _("%(campus)s, %(condition)s, until %(until)s.") % facts,
            str(told["text"]),
            _("It stands on page one of the packet: %(link)s")
            % {"link": f"{{{{link:{PURPOSE}:{notice.campus_id}}}}}"},
        ),
    )


def _campus_of(notice: Notice) -> Campus:
    if notice.campus is None:
        raise ValueError("a notice of a packet, condition or signature belongs to a campus")
    return notice.campus


def _day(day: date) -> str:
    year_shown = date(day.year - 1, 1, 1)  # of another year than `today`: the year is printed
    return words.day(day, language=get_language() or "en", today=year_shown)


def nothing_follows(notice: Notice, acknowledgement: Acknowledgement) -> None:
    """Do nothing: that a packet was acknowledged is a fact of its delivery alone."""


def openings_of(notice: Notice) -> Sequence[Opening]:
    """Return who has opened the publication that a notice tells of."""
    rows = PacketAccess.objects.filter(
        publication=notice.subject_id, agency__isnull=False
    ).select_related("link")
    return [
        Opening(
            agency_id=row.agency_id,
            at=row.opened_at,
            contact_id=row.link.contact_id if row.link else None,
            name=row.actor,
            words=_("opened the PDF") if row.form == "pdf" else _("opened the packet"),
        )
        for row in rows.order_by("opened_at")
        if row.agency_id is not None
    ]


def on_condition(condition: Condition, *, actor: Actor, at: datetime) -> None:
    """Let a condition reach packets and, where it touches their work, the agencies at once."""
    campus = condition.campus
    publication = publication_in_force(campus, campus.local_date(at))
    if publication is not None:
        ask_for(publication)
    if not condition.tells_at_once:
        return
    owe(
        kind="condition.published",
        subject=CONDITION,
        subject_id=condition.pk,
        campus=campus,
        wording={
            "what": condition.get_kind_display(),
            "place": condition.place,
            "text": condition.text,
            "until": condition.ends_at.isoformat(),
        },
        actor=actor,
        at=at,
        urgent=True,
        policy="",
    )
