"""When to try again, what a mail relay's answer means, and when to leave a relay alone.

Schedule, classes and breaker follow `delivery-and-security.md` sections 1.5 and 2.1; enhanced codes
are those of RFC 3463.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

DELAYS_SECONDS = (0, 5, 20, 60, 180, 600, 1800)
HOURLY_SECONDS = 3600
JITTER = 0.2

LONGEST_TEXT = 500


def next_try(failures: int, *, at: datetime, expires: datetime, seed: str) -> datetime | None:
    """Return when to try after that many passing failures, the last one at `at`.

    Now, then 5 s, 20 s, 1, 3, 10 and 30 minutes after each other, then hourly, each up to 20 %
    shorter or longer as `seed` (the delivery id) has it: the same seed gives the same moment. None
    when that lies past `expires`: nothing more is tried and a person is alarmed.
    """
    if failures < 0:
        raise ValueError(f"{failures} failures: a number from 0 is needed.")
    base = DELAYS_SECONDS[failures] if failures < len(DELAYS_SECONDS) else HOURLY_SECONDS
    due = at + timedelta(seconds=base * (1 + JITTER * _swing(f"{seed}/{failures}")))
    return due if due < expires else None


def _swing(seed: str) -> float:
    """Return a number from -1 to 1 that the seed alone decides."""
    digest = hashlib.sha256(seed.encode()).digest()
    return int.from_bytes(digest[:6], "big") / (2**47) - 1


class Outcome(StrEnum):
    """What became of one try."""

    SENT = "sent"
    """The relay took it; more is not known."""
    PASSING = "passing"
    """Not sent; trying again is safe and may help."""
    PERMANENT = "permanent"
    """The address does not work: a person is asked, and the next contact is due."""
    SENDER_FAULT = "sender_fault"
    """Refused for what we are or sent: the district is alarmed, the address is never suppressed."""
    UNKNOWN = "unknown"
    """It may have been delivered: the answer was lost."""


class Stage(StrEnum):
    """The part of the SMTP conversation that was answered."""

    CONNECT = "connect"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome with the carrier's own words; code and enhanced code are None when none came."""

    outcome: Outcome
    code: int | None
    enhanced_code: str | None
    text: str


ADDRESS_BAD = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
MAILBOX_PASSING = frozenset({"5.2.1", "5.2.2"})
SAYS_NOTHING = frozenset({"5.0.0", "5.1.0"})
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_EXCHANGE_UNKNOWN = re.compile(r"recipient address rejected: access denied", re.IGNORECASE)
_NO_HOST = re.compile(
    r"(?:host|domain)(?: or domain)?(?: name)? (?:not found|does not exist)|unrouteable address",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"spam|block|black|banned|polic|relay|denied|reputation|spf|dkim|dmarc|authenticat|virus",
    re.IGNORECASE,
)


def classify(code: int, text: str, *, stage: Stage) -> Answer:
    """Return what an SMTP answer means: the enhanced code beats the three digits.

    A refusal that proves nothing about the address is the sender's fault, so that it suppresses
    nobody. A code outside 200 to 599 is garbage and passing, after the content unknown.
    """
    plain = shown_text(text)
    enhanced = enhanced_code(plain)
    return Answer(_outcome(code, enhanced, plain, stage), code, enhanced, plain)


def enhanced_code(text: str) -> str | None:
    """Return the first enhanced status code in a text, such as `5.1.1`, or None."""
    found = _ENHANCED.search(text)
    return ".".join(str(int(part)) for part in found.groups()) if found else None


def shown_text(text: str) -> str:
    """Return a carrier's words on one line, without control characters, at most 500 long."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:LONGEST_TEXT]


def permanent_cause(code: str, text: str) -> Outcome:
    """Return whose fault a refusal with an enhanced code 5.y.z is, or that it passes.

    5.4.1 speaks of the address at Exchange Online alone; 5.4.4 where no host was found.
    """
    if code in ADDRESS_BAD or (code == "5.4.1" and _EXCHANGE_UNKNOWN.search(text)):
        return Outcome.PERMANENT
    if code == "5.4.4" or (code.startswith("5.4.") and _NO_HOST.search(text)):
        return Outcome.PERMANENT
    return Outcome.PASSING if code in MAILBOX_PASSING else Outcome.SENDER_FAULT


def _outcome(code: int, enhanced: str | None, text: str, stage: Stage) -> Outcome:
    if not 200 <= code < 600:
        return Outcome.UNKNOWN if stage is Stage.CONTENT else Outcome.PASSING
    if code < 400:
        return Outcome.SENT
    if code == 421 or (enhanced or str(code)).startswith("4"):
        return Outcome.PASSING
    if enhanced and enhanced.startswith("5") and enhanced not in SAYS_NOTHING:
        if stage is Stage.CONNECT:
            return Outcome.SENDER_FAULT
        return permanent_cause(enhanced, text)
    return _by_digits(code, text, stage)


def _by_digits(code: int, text: str, stage: Stage) -> Outcome:
    """Judge a 5yz without a telling enhanced code: only a refused recipient speaks of the address.

    552 is a full mailbox when it answers the recipient, else a message too large (RFC 1870).
    """
    if stage is not Stage.RECIPIENT or code not in {550, 551, 552, 553}:
        return Outcome.SENDER_FAULT
    if code == 552:
        return Outcome.PASSING
    if _NO_HOST.search(text):
        return Outcome.PERMANENT
    return Outcome.SENDER_FAULT if _POLICY.search(text) else Outcome.PERMANENT


FAILURES_IN_A_ROW = 5
WINDOW = 20
PROBE_SECONDS = (30, 60, 120, 240, 300)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Whether a relay is left alone for a while; each change gives a new value.

    It opens after 5 passing or unknown outcomes in a row, or when more than half of the last 20
    were such; then one probe is let through after 30 s, the pause doubling up to 5 minutes. An open
    breaker uses up no attempt. A refusal of any other kind is an answer: the relay is there.
    """

    recent: tuple[bool, ...] = ()
    probes: int = 0
    probe_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Return whether the relay is left alone, but for a probe now and then."""
        return self.probe_at is not None

    def allows(self, at: datetime) -> bool:
        """Return whether something may be sent at this moment (when open: one probe)."""
        return self.probe_at is None or at >= self.probe_at

    def probing(self, at: datetime) -> "Breaker":
        """Return the state once a probe has set out, so that nobody else sends one as well."""
        if self.probe_at is None or not self.allows(at):
            return self
        pause = PROBE_SECONDS[min(self.probes + 1, len(PROBE_SECONDS) - 1)]
        return replace(self, probes=self.probes + 1, probe_at=at + timedelta(seconds=pause))

    def after(self, outcome: Outcome, at: datetime) -> "Breaker":
        """Return the state after an outcome: one answer closes it, too many failures open it."""
        failed = outcome in {Outcome.PASSING, Outcome.UNKNOWN}
        if self.is_open:
            return self if failed else Breaker()
        recent = (*self.recent, failed)[-WINDOW:]
        row = recent[-FAILURES_IN_A_ROW:]
        many = len(recent) == WINDOW and sum(recent) * 2 > WINDOW
        if many or (len(row) == FAILURES_IN_A_ROW and all(row)):
            return Breaker(probe_at=at + timedelta(seconds=PROBE_SECONDS[0]))
        return replace(self, recent=recent)
