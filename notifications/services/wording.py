"""The text of a message, made once at its first claim. It holds places for links, no token."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.directory.models import District, Link
from backend.directory.services.links import Wanted, token_of
from notifications.channels.email import message as email
from notifications.models import Delivery, DeliveryText, Notice
from notifications.services.escalating import NEXT_CONTACT, REMINDER
from notifications.subjects import LinkWanted, subject_of

ACKNOWLEDGE = "acknowledge"
ACKNOWLEDGE_PATH = "/ack/{token}/"
PLACE = re.compile(r"\{\{link:([a-z]+)(?::([0-9a-f-]{36}))?\}\}")
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """What one message says, and the links that its places ask for."""

    subject: str
    body: str
    links: tuple[LinkWanted, ...]


def acknowledge_link(delivery: Delivery) -> LinkWanted:
    """Return the one link of a message by which its recipient says that it has come."""
    return LinkWanted(ACKNOWLEDGE, ACKNOWLEDGE_PATH, "", None, delivery.pk)


def links_of(delivery: Delivery, notices: Sequence[Notice]) -> tuple[LinkWanted, ...]:
    """Return every link that a message to this contact may hold."""
    wanted = [
        subject_of(notice.subject).link_for(notice.subject_id, delivery.contact)
        for notice in notices
    ]
    return (acknowledge_link(delivery), *dict.fromkeys(one for one in wanted if one is not None))


def write(delivery: Delivery, notices: Sequence[Notice], district: District) -> Draft:
    """Return the text in the contact's language; raises what a subject raises."""
    with translation.override(delivery.contact.language):
        wordings = [subject_of(notice.subject).line_for(notice) for notice in notices]
        links = links_of(delivery, notices)
        if len(wordings) == 1:
            subject = wordings[0].subject
        else:
            subject = ngettext(
                "%(number)s notice from %(district)s",
                "%(number)s notices from %(district)s, to acknowledge together",
                len(wordings),
            ) % {"number": len(wordings), "district": district.name}
        paragraphs = [
            *_preface(delivery),
            *("\n".join(wording.lines) for wording in wordings if wording.lines),
            *_packet_links(links, wordings_hold="".join(sum((w.lines for w in wordings), ()))),
            _("Please say that you have this. It takes two presses and no account."),
            f"{{{{link:{ACKNOWLEDGE}}}}}",
            _("%(name)s answers at %(phone)s.")
            % {"name": district.answering_name, "phone": district.answering_phone},
            district.marking,
        ]
    body = "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip())
    line = " ".join(_plain(_prefixed(delivery, subject)).split())
    return Draft(line[:LONGEST_SUBJECT], _plain(body), links)


def _plain(text: str) -> str:
    """Return a text with plain blanks only and without invisible characters."""
    kept = (char if char.isprintable() or char == "\n" else " " * char.isspace() for char in text)
    return "".join(kept)


def _prefixed(delivery: Delivery, subject: str) -> str:
    if delivery.grouping_key.startswith(REMINDER):
        with translation.override(delivery.contact.language):
            return _("Reminder: %(subject)s") % {"subject": subject}
    return subject


def _preface(delivery: Delivery) -> list[str]:
    names = {"agency": delivery.agency.name}
    if delivery.grouping_key.startswith(REMINDER):
        return [_("Nobody at %(agency)s has acknowledged this yet.") % names]
    if delivery.grouping_key.startswith(NEXT_CONTACT):
        return [
            _(
                "This comes to you because nobody called before you at %(agency)s has "
                "acknowledged it in time."
            )
            % names
        ]
    return []


def _packet_links(links: Sequence[LinkWanted], *, wordings_hold: str) -> list[str]:
    """Return a paragraph for each link of a subject, unless its lines hold the place already."""
    places = ((link, _place(link)) for link in links if link.purpose != ACKNOWLEDGE)
    return [f"{link.label}:\n{place}" for link, place in places if place not in wordings_hold]


def _place(link: LinkWanted) -> str:
    key = link.campus_id or link.subject_id
    return f"{{{{link:{link.purpose}{f':{key}' if key else ''}}}}}"


def wanted_of(delivery: Delivery, link: LinkWanted) -> Wanted:
    """Return the key of the directory's link for this recipient."""
    return Wanted(delivery.contact_id, link.purpose, link.campus_id, link.subject_id)


def address_of(link: LinkWanted, row: Link) -> str:
    """Return the whole address with its token: for the message that is sent now, nothing else."""
    return settings.PUBLIC_URL + link.path.format(token=token_of(row))


def outgoing_bytes(
    delivery: Delivery,
    text: DeliveryText,
    district: District,
    links: Sequence[LinkWanted],
    rows: Mapping[Wanted, Link],
) -> bytes:
    """Return the bytes to send, links filled in; the same bytes on each try while a link lives."""
    addresses = {_place(link): address_of(link, rows[wanted_of(delivery, link)]) for link in links}
    own_place = f"{{{{link:{ACKNOWLEDGE}}}}}"
    own = addresses[_place(acknowledge_link(delivery))]

    def fill(match: re.Match[str]) -> str:
        place = match.group(0)
        return email.LINK_PLACE if place == own_place else addresses.get(place, "")

    with translation.override(delivery.contact.language):
        label = _("Acknowledge")
    return email.build(
        email.Message(
            delivery_id=delivery.pk,
            district=district.name,
            mail_from=settings.MAIL_FROM,
            reply_to=settings.MAIL_FROM,
            to=delivery.address,
            subject=text.subject,
            text=PLACE.sub(fill, text.body),
            date=text.rendered_at,
            language=delivery.contact.language,
            link=email.Link(label, own),
        )
    )


def envelope_sender(delivery_id: UUID) -> str:
    """Return the address to which bounces of a delivery come back."""
    key = f"envelope:{settings.SECRET_KEY}".encode()
    return email.envelope_sender(settings.MAIL_FROM, delivery_id, key)
