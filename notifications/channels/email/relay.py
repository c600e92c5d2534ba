"""What is handed to a relay, where it stands, and what it said: values without any behavior."""

import contextlib
import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from uuid import UUID

from notifications.policy.backoff import Answer, Outcome

ANSWER_SECONDS = 10.0
AFTER_DOT_SECONDS = 60.0
"""Short waits make unknown outcomes multiply; RFC 5321 would wait ten minutes."""

LOCAL_NAMES = frozenset({"localhost", "ip6-localhost"})

_ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready to go: addresses of the envelope, and the same bytes on each try."""

    delivery_id: UUID
    envelope_sender: str
    recipient: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        for where, address in (
            ("envelope_sender", self.envelope_sender),
            ("recipient", self.recipient),
        ):
            if not _ADDRESS.fullmatch(address):
                raise ValueError(f"{where}: not one plain address; nothing was sent.")


@dataclass(frozen=True, slots=True)
class Result:
    """What the carrier said to one delivery; codes are None where no answer came."""

    delivery_id: UUID
    outcome: Outcome
    code: int | None
    enhanced_code: str | None
    text: str


@dataclass(frozen=True, slots=True)
class BatchEnd:
    """How a batch ended.

    `not_started` were never tried, for no connection could be had: their leases can be freed and
    no attempt counts. `relay` is why; give it to the breaker of this relay.
    """

    not_started: tuple[UUID, ...] = ()
    relay: Answer | None = None


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over. Raises ValueError where a password would travel in the clear."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    starttls: bool
    tls: bool
    greeting_name: str
    answer_seconds: float
    after_dot_seconds: float

    def __post_init__(self) -> None:
        if self.starttls and self.tls:
            raise ValueError("Choose either starttls (port 587) or tls (port 465), not both.")
        if self.username and not (self.starttls or self.tls or _is_loopback(self.host)):
            raise ValueError(
                f"The password for {self.host} would travel unencrypted; "
                "set starttls (port 587) or tls (port 465)."
            )


def _is_loopback(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ip_address(host).is_loopback
    return host in LOCAL_NAMES


def wire_form(content: bytes) -> bytes:
    """Return a message as it travels, without the final dot: CRLF line ends, leading dots doubled.

    A bare CR or LF becomes CRLF, so that no carrier can read an end of message out of one.
    """
    whole = content.count(b"\r\n")
    if content.count(b"\n") != whole or content.count(b"\r") != whole:
        content = _LINE_END.sub(b"\r\n", content)
    if b"\n." in content or content.startswith(b"."):
        content = _LEADING_DOT.sub(b"..", content)
    return content if content.endswith(b"\r\n") else content + b"\r\n"
