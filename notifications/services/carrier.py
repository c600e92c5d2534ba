"""The relay that takes our mail: its address, kept connections, and whether to leave it alone."""

import os
import threading
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote, urlsplit

from django.conf import settings

from backend.problems import BadSetting
from notifications.channels.email.transport import SmtpPool
from notifications.policy.backoff import Breaker, Outcome
from notifications.services.failpoints import pass_point

CONNECTIONS = 8
DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def pool_of(url: str) -> SmtpPool:
    """Return connections to the relay of MUSTER_SMTP_URL, none of them open; raises BadSetting.

    `smtp://host:port` in the clear, `smtp+starttls://name:password@host:587`, or `smtps://…:465`.
    """
    parts = urlsplit(url)
    try:
        return SmtpPool(
            parts.hostname or "",
            parts.port or DEFAULT_PORTS[parts.scheme],
            connections=CONNECTIONS,
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            starttls=parts.scheme == "smtp+starttls",
            tls=parts.scheme == "smtps",
            watch=pass_point,
        )
    except (KeyError, ValueError) as fault:
        why = f"{fault} is no kind of mail" if isinstance(fault, KeyError) else str(fault)
        raise BadSetting(
            f"MUSTER_SMTP_URL cannot be used: {why.rstrip('.')}.",
            where="MUSTER_SMTP_URL",
            mend="Write smtp+starttls://name:password@host:587, smtps://… or smtp://host:port.",
        ) from fault


@dataclass(slots=True)
class Carrier:
    """One thread's connections to the relay, and what it knows of the relay's health."""

    pool: SmtpPool
    process: int = field(default_factory=os.getpid)
    breaker: Breaker = field(default_factory=Breaker)

    def allowance(self, wanted: int, at: datetime) -> int:
        """Return how many may go now: all or, while the breaker is open, none or one probe."""
        if not self.breaker.is_open:
            return wanted
        return 1 if self.breaker.allows(at) else 0

    def probing(self, at: datetime) -> None:
        """Say that a probe sets out, where the breaker is open."""
        self.breaker = self.breaker.probing(at)

    def heard(self, outcome: Outcome, at: datetime) -> None:
        """Take in what became of one message, or of the attempt to connect."""
        self.breaker = self.breaker.after(outcome, at)


_of_thread = threading.local()


def present_carrier() -> Carrier:
    """Return this thread's carrier, made at its first use and anew after a fork."""
    carrier: Carrier | None = getattr(_of_thread, "carrier", None)
    if carrier is None or carrier.process != os.getpid():
        carrier = Carrier(pool_of(settings.SMTP_URL))
        _of_thread.carrier = carrier
    return carrier


def forget_carrier() -> None:
    """End this thread's connections; the next use connects anew."""
    carrier: Carrier | None = getattr(_of_thread, "carrier", None)
    if carrier is not None and carrier.process == os.getpid():
        carrier.pool.close()
    _of_thread.carrier = None
