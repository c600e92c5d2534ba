"""The text of a message, made once at its first claim. It holds places for links, no token."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backend.directory.models import District, Link, ResponderContact
from backend.directory.services.links import Wanted, token_of
from notifications.channels.email import frame as frames
from notifications.channels.email import message as email
from notifications.models import Delivery, Notice
from notifications.services.escalating import CHASING, NEXT_CONTACT, REMINDER
from notifications.subjects import LinkWanted, Wording, subject_of

ACKNOWLEDGE = "acknowledge"
PAGE = "page"
ACKNOWLEDGE_PATH = "/ack/{token}/"
PLACE = frames.PLACE
LONGEST_SUBJECT = 200
_OWN_PLACE = f"{{{{link:{ACKNOWLEDGE}}}}}"
_NO_DELIVERY, _NO_DATE = UUID(int=0), datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Addressee:
    """Of one delivery what its text and its links depend on."""

    delivery_id: UUID
    contact_id: UUID | None
    address: str
    language: str
    grouping_key: str
    agency: str
    user_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """What one message says, with places for links; all its tries say the same."""

    subject: str
    body: str
    written_at: datetime


def acknowledge_link(delivery_id: UUID) -> LinkWanted:
    """Return the one link of a message by which its recipient says that it has come."""
    return LinkWanted(ACKNOWLEDGE, ACKNOWLEDGE_PATH, "", None, delivery_id)


def links_of(delivery: Delivery, notices: Sequence[Notice]) -> tuple[LinkWanted, ...]:
    """Return every link that a message to this contact may hold."""
    wanted = [
        subject_of(notice.subject).link_for(notice.subject_id, delivery.told_contact())
        for notice in notices
    ]
    return (
        acknowledge_link(delivery.pk),
        *dict.fromkeys(one for one in wanted if one is not None),
    )


@dataclass(slots=True)
class Writer:
    """Writes the messages of one district. What recipients share is worded and encoded once.

    A subject is asked for its link once for each language: it leads every contact to the same
    thing, only the token in it is a contact's own.
    """

    district: District
    _links: dict[tuple[str, UUID, str], LinkWanted | None] = field(default_factory=dict)
    _wordings: dict[tuple[UUID, str], Wording] = field(default_factory=dict)
    _texts: dict[tuple[object, ...], tuple[str, str]] = field(default_factory=dict)
    _frames: dict[tuple[object, ...], frames.Frame] = field(default_factory=dict)

    def links(self, to: Addressee, notices: Sequence[Notice]) -> tuple[LinkWanted, ...]:
        """Return every link that a message to this contact may hold; raises what a subject does."""
        if to.contact_id is None:
            return (_page_link(notices),)
        wanted = dict.fromkeys(self._link(to, notice) for notice in notices)
        found = [one for one in wanted if one is not None]
        answers = [one for one in found if one.is_answer]
        if len(answers) == 1:
            return (answers[0], *(one for one in found if one is not answers[0]))
        return (acknowledge_link(to.delivery_id), *found)

    def _link(self, to: Addressee, notice: Notice) -> LinkWanted | None:
        key = (notice.subject, notice.subject_id, to.language)
        if key not in self._links:
            contact = ResponderContact.objects.get(pk=cast("UUID", to.contact_id))
            with translation.override(to.language):
                self._links[key] = subject_of(notice.subject).link_for(notice.subject_id, contact)
        return self._links[key]

    def write(
        self, to: Addressee, notices: Sequence[Notice], links: Sequence[LinkWanted], at: datetime
    ) -> Text:
        """Return the text in the contact's language; raises what a subject raises."""
        chasing = next((word for word in CHASING if to.grouping_key.startswith(word)), "")
        key = (
            *(to.language, chasing, to.agency if chasing else ""),
            *(notice.pk for notice in notices),
            *(link for link in links if link.purpose != ACKNOWLEDGE),
            to.contact_id is None,
        )
        if key not in self._texts:
            with translation.override(to.language):
                self._texts[key] = self._written(to, notices, links)
        return Text(*self._texts[key], at)

    def _written(
        self, to: Addressee, notices: Sequence[Notice], links: Sequence[LinkWanted]
    ) -> tuple[str, str]:
        wordings = [self._wording(notice, to.language) for notice in notices]
        district = self.district
        if len(wordings) == 1:
            subject = wordings[0].subject
        else:
            subject = ngettext(
                "%(number)s notice from %(district)s",
                "%(number)s notices from %(district)s, to acknowledge together",
                len(wordings),
            ) % {"number": len(wordings), "district": district.name}
        paragraphs = [
            *_preface(to),
            *("\n".join(wording.lines) for wording in wordings if wording.lines),
            *_packet_links(links[1:], wordings_hold="".join(sum((w.lines for w in wordings), ()))),
            _asks(links[0]),
            _OWN_PLACE,
            _("%(name)s answers at %(phone)s.")
            % {"name": district.answering_name, "phone": district.answering_phone},
            district.marking,
        ]
        body = "\n\n".join(paragraph for paragraph in paragraphs if paragraph.strip())
        line = " ".join(_plain(_prefixed(to, subject)).split())
        return line[:LONGEST_SUBJECT], _plain(body)

    def _wording(self, notice: Notice, language: str) -> Wording:
        key = (notice.pk, language)
        if key not in self._wordings:
            self._wordings[key] = subject_of(notice.subject).line_for(notice)
        return self._wordings[key]

    def content(self, to: Addressee, text: Text, links: Sequence[tuple[LinkWanted, str]]) -> bytes:
        """Return the bytes to send, links filled in with their tokens, the acknowledging one first.

        They are the same on each try while a link lives. Raises WrongMessage.
        """
        (own, token), *others = links
        addresses = {_place(link): _with_token(link, token) for link, token in others}
        addresses[frames.OWN] = _with_token(own, token)
        with translation.override(to.language):
            label = own.label or _("Acknowledge")
        key = (text.subject, text.body, to.language, label, frozenset(addresses))
        if (frame := self._frames.get(key)) is None:
            frame = self._frames[key] = self._frame(to, text, addresses, label)
        return frame.fill(
            delivery_id=to.delivery_id,
            to=to.address,
            date=text.written_at,
            addresses=addresses,
        )

    def _frame(
        self, to: Addressee, text: Text, addresses: Mapping[str, str], label: str
    ) -> frames.Frame:
        def kept(match: re.Match[str]) -> str:
            place = match.group(0)
            if place == _OWN_PLACE:
                return email.LINK_PLACE
            return place if place in addresses and place != frames.OWN else ""

        return frames.frame_of(
            email.Message(
                delivery_id=_NO_DELIVERY,
                district=self.district.name,
                mail_from=settings.MAIL_FROM,
                reply_to=settings.MAIL_FROM,
                to="",
                subject=text.subject,
                text=PLACE.sub(kept, text.body),
                date=_NO_DATE,
                language=to.language,
                link=email.Link(label, ""),
            )
        )


def _page_link(notices: Sequence[Notice]) -> LinkWanted:
    """Return the way of a person of the district: the page itself, behind their own sign-in."""
    pages = {subject_of(notice.subject).page_of(notice) for notice in notices}
    return LinkWanted(PAGE, pages.pop() if len(pages) == 1 else "/", _("Open in Muster"))


def _asks(own: LinkWanted) -> str:
    if own.purpose == PAGE:
        return _("Open it in Muster; you sign in with your own account.")
    if own.is_answer:
        return _("Please answer. It takes two presses and no account.")
    return _("Please say that you have this. It takes two presses and no account.")


def _plain(text: str) -> str:
    """Return a text with plain blanks only and without invisible characters."""
    kept = (char if char.isprintable() or char == "\n" else " " * char.isspace() for char in text)
    return "".join(kept)


def _prefixed(to: Addressee, subject: str) -> str:
    if to.grouping_key.startswith(REMINDER):
        return _("Reminder: %(subject)s") % {"subject": subject}
    return subject


def _preface(to: Addressee) -> list[str]:
    names = {"agency": to.agency}
    if to.grouping_key.startswith(REMINDER):
        return [_("Nobody at %(agency)s has acknowledged this yet.") % names]
    if to.grouping_key.startswith(NEXT_CONTACT):
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
    places = ((link, _place(link)) for link in links)
    return [f"{link.label}:\n{place}" for link, place in places if place not in wordings_hold]


def _place(link: LinkWanted) -> str:
    key = link.subject_id or link.campus_id
    return f"{{{{link:{link.purpose}{f':{key}' if key else ''}}}}}"


def wanted_of(delivery: Delivery | Addressee, link: LinkWanted) -> Wanted:
    """Return the key of the directory's link for this recipient, who is a contact."""
    if delivery.contact_id is None:
        raise ValueError("a person of the district needs no link")
    return Wanted(delivery.contact_id, link.purpose, link.campus_id, link.subject_id)


def address_of(link: LinkWanted, row: Link) -> str:
    """Return the whole address with its token: for the message that is sent now, nothing else."""
    return _with_token(link, token_of(row))


def _with_token(link: LinkWanted, token: str) -> str:
    return str(settings.PUBLIC_URL) + link.path.format(token=token)


def envelope_sender(delivery_id: UUID) -> str:
    """Return the address to which bounces of a delivery come back."""
    key = f"envelope:{settings.SECRET_KEY}".encode()
    return email.envelope_sender(settings.MAIL_FROM, delivery_id, key)
