"""One text for many recipients: what they share is encoded once, a recipient's parts are put in.

`fill` gives the very bytes that `message.build` would write: quoted-printable text is encoded line
by line, so only the lines that hold a place for a link are written for each recipient.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from notifications.channels.email import message as email

PLACE = re.compile(r"\{\{link:[a-z]+(?::[0-9a-f-]{36})?\}\}")
"""Where a link goes in a text, inside any paragraph; the message's own link has LINK_PLACE."""

OWN = "{{link:own}}"
_MARK = f"https://{OWN}"  # stands for the address of the message's own link
_SPLIT = re.compile(rf"(?:https://(?={re.escape(OWN)}))?({PLACE.pattern})")
_FILLED = email.Own(to="\0to\0", date="\0date\0", delivery="\0id\0", boundary="\0hex\0")
_BOUNDARY = b"--" + email.BOUNDARY.encode() + b"%(hex)b"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that holds places: words and names of places in turn, words first and last."""

    parts: tuple[str, ...]
    is_html: bool

    def encoded(self, addresses: Mapping[str, str]) -> bytes:
        """Return the line as quoted-printable, filled in."""
        filled = list(self.parts)
        for index in range(1, len(filled), 2):
            address = addresses[filled[index]]
            filled[index] = html.escape(address) if self.is_html else address
        return email.quoted("".join(filled))


@dataclass(frozen=True, slots=True)
class Frame:
    """A message without its recipient, date and links; `template` is for the % of bytes."""

    template: bytes
    lines: Mapping[bytes, _Line]

    def fill(
        self, *, delivery_id: UUID, to: str, date: datetime, addresses: Mapping[str, str]
    ) -> bytes:
        """Return the whole message; `addresses` by place, that of its own link by OWN.

        Raises WrongMessage naming the wrong part, and KeyError where a place has no address.
        """
        for place, address in addresses.items():
            email.checked_url(place, address)
        values = {key: line.encoded(addresses) for key, line in self.lines.items()}
        values[b"to"] = email.checked_address("to", to).encode("ascii")
        values[b"date"] = email.written_date(date).encode("ascii")
        values[b"id"] = str(delivery_id).encode("ascii")
        values[b"hex"] = delivery_id.hex.encode("ascii")
        return self.template % values


def frame_of(message: email.Message) -> Frame:
    """Return what recipients of one text share; raises WrongMessage as `build` does.

    Of `message` count the sender, subject, text, language and the label of its link; its text may
    hold PLACEs. Recipient, delivery, date and the link's address are put in by `fill`.
    """
    if OWN in message.text:
        raise email.WrongMessage(f"text: {OWN} stands for the link of the message alone.")
    shared = replace(message, link=message.link and replace(message.link, url=_MARK))
    lines: dict[bytes, _Line] = {}
    pieces = [_as_template(email.head_of(shared, _FILLED))]
    for subtype, text in zip(("plain", "html"), email.parts_of(shared), strict=True):
        pieces += [_BOUNDARY, b"\r\n", email.part_head(subtype).encode()]
        for piece in _pieces(text, is_html=subtype == "html"):
            if isinstance(piece, _Line):
                key = b"line%d" % len(lines)
                lines[key] = piece
                pieces.append(b"%(" + key + b")b")
            else:
                pieces.append(_as_template(piece))
        pieces.append(b"\r\n")
    pieces += [_BOUNDARY, b"--\r\n"]
    return Frame(b"".join(pieces), lines)


def _as_template(content: bytes) -> bytes:
    """Return bytes for the % of bytes, with the places of the head named."""
    return re.sub(rb"\0(\w+)\0", rb"%(\1)b", content.replace(b"%", b"%%"))


def _pieces(text: str, *, is_html: bool) -> Iterator[bytes | _Line]:
    """Yield the text line by line: encoded where all recipients share it, else to be filled in."""
    same: list[str] = []
    for line in re.findall(r"[^\n]*\n", text):
        if not PLACE.search(line):
            same.append(line)
            continue
        if same:
            yield email.quoted("".join(same))
            same = []
        yield _Line(tuple(_SPLIT.split(line)), is_html)
    if same:
        yield email.quoted("".join(same))
