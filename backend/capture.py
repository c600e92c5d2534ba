"""The mail server of the trial: takes every message on loopback, writes it to a folder, sends none.

Each recipient's copy becomes `000001.eml` with its envelope `000001.json` beside it; a number is
there wholly or not at all. Recipients whose local part begins with a word below are simulation
addresses of the trial: a relay that refuses, defers or dies. Anything may follow after a `+`;
`-once` behind the word (`defer451-once+anna@example.org`) misbehaves the first time only.

| word        | what the sender meets                                             | written |
|-------------|-------------------------------------------------------------------|---------|
| fail550     | 550 5.1.1, no such mailbox                                        | no      |
| full552     | 552 5.2.2, mailbox full                                           | no      |
| policy550   | 550 5.7.1, refused by policy                                      | no      |
| defer451    | 451 4.3.0, try again later                                        | no      |
| busy421     | 421 4.3.2 and the connection closed                               | no      |
| drop        | the connection reset before the message                           | no      |
| refuse554   | 554 5.6.0 after the final dot                                     | no      |
| dropafter   | the connection reset after the final dot, before 250              | yes     |
| stall       | silence after the final dot, for `--stall-seconds`, then 250      | yes     |
"""

import argparse
import asyncio
import contextlib
import email
import email.policy
import json
import os
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from html.parser import HTMLParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

LOOPBACK = "127.0.0.1"
STALL_SECONDS = 90.0

AT_RECIPIENT = {
    "fail550": "550 5.1.1 No such mailbox (simulated)",
    "full552": "552 5.2.2 Mailbox full (simulated)",
    "policy550": "550 5.7.1 Refused by policy (simulated)",
    "defer451": "451 4.3.0 Try again later (simulated)",
    "busy421": "421 4.3.2 Closing the connection (simulated)",
    "drop": "",
}
AFTER_DOT = {
    "refuse554": "554 5.6.0 Content refused (simulated)",
    "dropafter": "",
    "stall": "250 2.0.0 Taken late (simulated)",
}
_ADDRESS_WORD = re.compile(r"([a-z]+\d*)(-once)?(?:\+.*)?@", re.IGNORECASE)


class NotCaptured(LookupError):
    """The folder holds no message of that number."""


@dataclass(frozen=True, slots=True)
class Captured:
    """One recipient's copy as it arrived; `at` is UTC, the addresses are those of the envelope."""

    number: int
    at: datetime
    sender: str
    recipient: str
    subject: str


@dataclass(frozen=True, slots=True)
class CapturedMessage:
    """A captured message opened: its bodies, its links in order, and the bytes themselves."""

    envelope: Captured
    message_id: str
    text: str
    html: str
    links: tuple[str, ...]
    content: bytes


def list_captured(folder: Path, *, after: int = 0) -> list[Captured]:
    """Return what was captured, oldest first, beyond the number `after`; empty without a folder."""
    return [_read_envelope(folder, number) for number in _numbers(folder) if number > after]


def read_captured(folder: Path, number: int) -> CapturedMessage:
    """Return one message with text, HTML and links; raises NotCaptured."""
    envelope = _read_envelope(folder, number)
    content = _path(folder, number, "eml").read_bytes()
    parsed = _parse(content)
    text, html = (_body(parsed, kind) for kind in ("plain", "html"))
    return CapturedMessage(
        envelope, str(parsed.get("Message-ID", "")), text, html, _links(text, html), content
    )


class Capture:
    """The handler of the server: answers as the simulation address asks and writes the rest."""

    def __init__(self, folder: Path, *, stall_seconds: float = STALL_SECONDS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.stall_seconds = stall_seconds
        self._last = max(_numbers(folder), default=0)
        self._had_once: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self,
        server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        """Take the recipient, or refuse, defer or hang up as its address asks."""
        word = self._misbehavior(address, AT_RECIPIENT)
        if word == "drop":
            _hang_up(server)
        if word == "busy421":
            await server.push(AT_RECIPIENT[word])
            _hang_up(server, politely=True)
        if word is not None:
            return AT_RECIPIENT[word]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 Recipient taken"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Write one copy for each recipient, then answer as the address asks."""
        words = {self._misbehavior(address, AFTER_DOT) for address in envelope.rcpt_tos}
        if "refuse554" in words:
            return AFTER_DOT["refuse554"]
        for address in envelope.rcpt_tos:
            self._write(envelope.mail_from or "", address, envelope.original_content or b"")
        if "dropafter" in words:
            _hang_up(server)
        if "stall" in words:
            await asyncio.sleep(self.stall_seconds)
            return AFTER_DOT["stall"]
        return f"250 2.0.0 Captured as {self._last}"

    def _misbehavior(self, address: str, known: dict[str, str]) -> str | None:
        found = _ADDRESS_WORD.match(address)
        word = found.group(1).lower() if found else ""
        if found is None or word not in known:
            return None
        if found.group(2):
            if address in self._had_once:
                return None
            self._had_once.add(address)
        return word

    def _write(self, sender: str, recipient: str, content: bytes) -> None:
        """Write envelope, then message: the message's rename is what makes the number exist."""
        number = self._last + 1
        about = {
            "number": number,
            "at": datetime.now(UTC).isoformat(),
            "sender": sender,
            "recipient": recipient,
            "subject": _subject(content),
        }
        document = json.dumps(about, ensure_ascii=False).encode()
        _write_whole(_path(self.folder, number, "json"), document)
        _write_whole(_path(self.folder, number, "eml"), content)
        self._last = number


def _hang_up(server: SMTP, *, politely: bool = False) -> None:
    """End this conversation; never returns, for aiosmtpd must not answer any more."""
    if politely and server.transport is not None:
        server.transport.close()
    elif isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    raise asyncio.CancelledError


def _write_whole(path: Path, content: bytes) -> None:
    scratch = path.with_name(f".{path.name}.part")
    scratch.write_bytes(content)
    scratch.replace(path)


def _numbers(folder: Path) -> list[int]:
    return sorted(int(path.stem) for path in folder.glob("*.eml") if path.stem.isdecimal())


def _path(folder: Path, number: int, kind: str) -> Path:
    return folder / f"{number:06d}.{kind}"


def _read_envelope(folder: Path, number: int) -> Captured:
    try:
        about = json.loads(_path(folder, number, "json").read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise NotCaptured(f"No message {number} in {folder}; list what was captured.") from fault
    return Captured(
        about["number"],
        datetime.fromisoformat(about["at"]),
        about["sender"],
        about["recipient"],
        about["subject"],
    )


def _parse(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def _subject(content: bytes) -> str:
    """Return the subject as shown, from the head alone; empty where none can be read."""
    head = BytesHeaderParser().parsebytes(content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    with contextlib.suppress(ValueError, LookupError):
        return " ".join(str(make_header(decode_header(str(head.get("Subject", ""))))).split())
    return ""


def _body(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    return part.get_content().replace("\r\n", "\n") if part is not None else ""


class _Anchors(HTMLParser):
    """Gathers where the anchors of a page lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.extend(value for name, value in attrs if name == "href" and value)


def _links(text: str, html: str) -> tuple[str, ...]:
    anchors = _Anchors()
    anchors.feed(html)
    plain = re.findall(r"https?://[^\s<>\"]+", text)
    return tuple(dict.fromkeys((*anchors.found, *plain)))


async def serve(handler: Capture, port: int) -> None:
    """Listen on loopback until SIGTERM or SIGINT; port 0 takes a free one and says which."""
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="capture.localhost", ident="Muster capture", loop=loop),
        LOOPBACK,
        port,
    )
    async with server:
        heard = server.sockets[0].getsockname()[1]
        sys.stdout.write(f"Capturing mail on {LOOPBACK}:{heard} into {handler.folder}\n")
        sys.stdout.flush()
        await stopping.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the capture server; returns 0 after a clean stop, 1 where it cannot listen or write."""
    parser = argparse.ArgumentParser(
        prog="python -m backend.capture", description="Capture mail on loopback; send none."
    )
    parser.add_argument("--port", type=int, required=True, help="0 takes a free port")
    parser.add_argument("--folder", type=Path, required=True, help="where messages are written")
    parser.add_argument("--stall-seconds", type=float, default=STALL_SECONDS)
    chosen = parser.parse_args(arguments)
    try:
        asyncio.run(serve(Capture(chosen.folder, stall_seconds=chosen.stall_seconds), chosen.port))
    except (OSError, OverflowError) as fault:
        reason = os.strerror(fault.errno) if isinstance(fault, OSError) and fault.errno else fault
        sys.stderr.write(
            f"Cannot capture mail on {LOOPBACK}:{chosen.port} into {chosen.folder}: {reason}. "
            "Give another --port or --folder.\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
