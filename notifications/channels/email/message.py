"""The bytes of one e-mail to one recipient: the same input gives the same bytes on each try.

Built by hand, not by `email.message`: its folding changes between Python versions, and a retry
must send what the first try sent. Bodies are quoted-printable, so every line is ASCII and short.
"""

import base64
import binascii
import hmac
import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from uuid import UUID

LINK_PLACE = "{{link}}"
"""Stands in a body on a paragraph of its own where the link goes; filled at sending."""

LONGEST_SUBJECT = 250
LONGEST_LOCAL_PART = 64
LONGEST_ADDRESS = 254
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?:\.(?!-)[A-Za-z0-9-]{1,63})*")
_URL = re.compile(r"https?://[!#-;=?-~]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MAC_BYTES = 10

BOUNDARY = "=_muster_"  # “=_” cannot occur in quoted-printable text


class WrongMessage(ValueError):
    """A message cannot be built; the text says which part and why, and never quotes the body."""


@dataclass(frozen=True, slots=True)
class Link:
    """The one link of a message: what it says and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """What to say to one recipient.

    `text` is plain paragraphs with blank lines between; with a link, one paragraph is LINK_PLACE.
    `date` is the moment given for all tries. `unsubscribe_url` is for digests, never for duties.
    """

    delivery_id: UUID
    district: str
    mail_from: str
    reply_to: str
    to: str
    subject: str
    text: str
    date: datetime
    language: str = "en"
    link: Link | None = None
    unsubscribe_url: str | None = None


def build(message: Message) -> bytes:
    """Return the whole message with CRLF line ends; raises WrongMessage naming the wrong part.

    The display name of From is “<District> via Muster”; Message-ID follows from the delivery id and
    the domain of `mail_from`; the body is text and simple HTML as alternatives.
    """
    own = Own(
        to=checked_address("to", message.to),
        date=written_date(message.date),
        delivery=str(message.delivery_id),
        boundary=message.delivery_id.hex,
    )
    plain, page = parts_of(message)
    opened = f"--{BOUNDARY}{own.boundary}"
    parts = (
        head_of(message, own),
        f"{opened}\r\n{part_head('plain')}".encode() + quoted(plain) + b"\r\n",
        f"{opened}\r\n{part_head('html')}".encode() + quoted(page) + b"\r\n",
        f"{opened}--\r\n".encode(),
    )
    return b"".join(parts)


@dataclass(frozen=True, slots=True)
class Own:
    """What of the head is one recipient's own, as it stands there."""

    to: str
    date: str
    delivery: str
    boundary: str


def head_of(message: Message, own: Own) -> bytes:
    """Return the head with the blank line after it; raises WrongMessage naming the wrong part."""
    if not _LANGUAGE.fullmatch(message.language):
        raise WrongMessage("language: give a tag such as en or es-US.")
    mail_from = checked_address("mail_from", message.mail_from)
    shown_name = f"{_one_line('district', message.district)} via Muster"
    headers = [
        f"From: {_phrase(shown_name)}\r\n <{mail_from}>",
        f"Reply-To: {checked_address('reply_to', message.reply_to)}",
        f"To: {own.to}",
        f"Subject: {_header_text(_subject(message), len('Subject: '))}",
        f"Date: {own.date}",
        f"Message-ID: <{own.delivery}@{mail_from.rpartition('@')[2]}>",
        "Auto-Submitted: auto-generated",
        f"Content-Language: {message.language}",
        *_unsubscribe(message.unsubscribe_url),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative;\r\n boundary="{BOUNDARY}{own.boundary}"',
    ]
    return ("\r\n".join(headers) + "\r\n\r\n").encode("ascii")


def parts_of(message: Message) -> tuple[str, str]:
    """Return the body as text and as a page, lines ended by LF; raises WrongMessage."""
    paragraphs = _paragraphs(message)
    page = _as_html(paragraphs, message, _subject(message))
    return _as_text(paragraphs, message.link), page


def part_head(subtype: str) -> str:
    """Return what stands over one part of the body."""
    return (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )


def quoted(text: str) -> bytes:
    """Return text as quoted-printable with CRLF line ends; each line by itself gives the same."""
    return binascii.b2a_qp(text.encode(), istext=True).replace(b"\n", b"\r\n")


@lru_cache(maxsize=64)
def written_date(moment: datetime) -> str:
    """Return a moment as the head has it; raises WrongMessage where it has no time zone."""
    if moment.tzinfo is None:
        raise WrongMessage("date: it has no time zone; give an aware moment.")
    return format_datetime(moment.astimezone(UTC))


def _subject(message: Message) -> str:
    subject = _one_line("subject", message.subject)
    if len(subject) > LONGEST_SUBJECT:
        raise WrongMessage(f"subject: {len(subject)} characters; {LONGEST_SUBJECT} at most.")
    return subject


def message_id(delivery_id: UUID, mail_from: str) -> str:
    """Return the Message-ID of a delivery, the same on each try: `<id@domain>`."""
    return f"<{delivery_id}@{checked_address('mail_from', mail_from).rpartition('@')[2]}>"


def envelope_sender(mail_from: str, delivery_id: UUID, key: bytes) -> str:
    """Return the address that bounces go to: `local+token@domain`.

    The token is the delivery id and 80 bits of its HMAC-SHA256, in base 32 and lower case, for
    relays change the case of letters; nobody without the key can forge the bounce of a delivery.
    """
    local, domain = _sender_of(mail_from)
    token = base64.b32encode(delivery_id.bytes + _mac(delivery_id, key)).decode().rstrip("=")
    address = f"{local}+{token.lower()}"
    if len(address) > LONGEST_LOCAL_PART:
        raise WrongMessage(
            f"mail_from: the part before @ has {len(local)} characters; "
            f"{LONGEST_LOCAL_PART - len(token) - 1} at most, to leave room for the token."
        )
    return f"{address}@{domain}"


@lru_cache(maxsize=16)
def _sender_of(mail_from: str) -> tuple[str, str]:
    local, _, domain = checked_address("mail_from", mail_from).rpartition("@")
    return local, domain


def delivery_of_envelope(address: str, key: bytes) -> UUID | None:
    """Return the delivery that an envelope address belongs to, or None when it is none of ours."""
    token = address.strip("<> ").rpartition("@")[0].rpartition("+")[2].upper()
    try:
        raw = base64.b32decode(token + "=" * (-len(token) % 8))
    except (binascii.Error, ValueError):
        return None
    if len(raw) != 16 + _MAC_BYTES:
        return None
    delivery_id = UUID(bytes=raw[:16])
    return delivery_id if hmac.compare_digest(raw[16:], _mac(delivery_id, key)) else None


def checked_address(where: str, address: str) -> str:
    """Return one plain address, its domain in ASCII (IDNA); raises WrongMessage saying where."""
    local, at, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    except UnicodeError as fault:
        raise WrongMessage(f"{where}: the part after @ is no domain name.") from fault
    if not local.isascii():
        raise WrongMessage(
            f"{where}: letters outside ASCII before the @ are not carried by every relay; "
            "give another address of this recipient."
        )
    whole = f"{local}@{ascii_domain}"
    fits = len(local) <= LONGEST_LOCAL_PART and len(whole) <= LONGEST_ADDRESS
    if not (at and fits and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(ascii_domain)):
        raise WrongMessage(f"{where}: not one e-mail address; write it as name@example.org.")
    return whole


def _mac(delivery_id: UUID, key: bytes) -> bytes:
    return hmac.digest(key, b"muster envelope sender " + delivery_id.bytes, "sha256")[:_MAC_BYTES]


def _one_line(where: str, text: str) -> str:
    if not text.strip():
        raise WrongMessage(f"{where}: it is empty.")
    if any(not char.isprintable() for char in text):
        raise WrongMessage(f"{where}: a line end or control character stands in it; remove it.")
    return text.strip()


def _header_text(text: str, used: int) -> str:
    """Return a header value, as encoded words where it is not plain ASCII, folded at 76."""
    charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
    return Header(text, charset, maxlinelen=76, header_name="X" * used).encode(linesep="\r\n")


def _phrase(name: str) -> str:
    """Return a display name as a quoted string, or as encoded words where it is not ASCII."""
    if not name.isascii() or "=?" in name:
        return _header_text(name, len("From: "))
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _unsubscribe(url: str | None) -> tuple[str, ...]:
    """Return the one-click headers of RFC 8058, or nothing."""
    if url is None:
        return ()
    return (
        f"List-Unsubscribe: <{checked_url('unsubscribe_url', url)}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    )


def checked_url(where: str, url: str) -> str:
    """Return one web address in ASCII; raises WrongMessage saying where."""
    if not _URL.fullmatch(url):
        raise WrongMessage(f"{where}: not a web address; write it as https://… in ASCII.")
    return url


def _paragraphs(message: Message) -> list[str]:
    text = re.sub(r"\r\n?", "\n", message.text)
    if any(not (char.isprintable() or char in "\n\t") for char in text):
        raise WrongMessage("text: a control character stands in it; remove it.")
    paragraphs = [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]
    if not paragraphs:
        raise WrongMessage("text: it is empty.")
    places = [part.strip() for part in paragraphs].count(LINK_PLACE)
    if places != (message.link is not None) or text.count(LINK_PLACE) != places:
        raise WrongMessage(
            f"text: {LINK_PLACE} must stand once, on a paragraph of its own, when there is a link, "
            "and not at all without one."
        )
    return paragraphs


def _as_text(paragraphs: list[str], link: Link | None) -> str:
    shown = []
    for part in paragraphs:
        if link and part.strip() == LINK_PLACE:
            label, url = _one_line("link label", link.label), checked_url("link", link.url)
            shown.append(f"{label}:\n{url}")
        else:
            shown.append(part)
    return "\n\n".join(shown) + "\n"


def _as_html(paragraphs: list[str], message: Message, subject: str) -> str:
    link = message.link
    shown = []
    for part in paragraphs:
        if link and part.strip() == LINK_PLACE:
            label, url = html.escape(link.label.strip()), html.escape(link.url)
            shown.append(f'<p><a href="{url}">{label}</a></p>')
        else:
            shown.append("<p>" + html.escape(part).replace("\n", "<br>\n") + "</p>")
    return (
        f'<!DOCTYPE html>\n<html lang="{message.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(subject)}</title>\n</head>\n"
        '<body style="font-family: sans-serif; font-size: 16px; line-height: 1.5">\n'
        + "\n".join(shown)
        + "\n</body>\n</html>\n"
    )
