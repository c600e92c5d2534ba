"""Sends many e-mails over a few kept SMTP connections, one recipient a message.

Each connection has a thread; every callback runs in the thread that called `send_batch`, so that a
worker may use its own database connection in it. What failed before the final dot was not sent and
may be tried again; what died between the dot and the carrier's 250 is unknown (RFC 1047). Neither
passwords nor messages stand in results, exceptions or logs.
"""

import contextlib
import re
import smtplib
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from uuid import UUID

from notifications.policy.backoff import Answer, Outcome, Stage, classify, shown_text

ANSWER_SECONDS = 10.0
AFTER_DOT_SECONDS = 60.0
"""Short waits make unknown outcomes multiply; RFC 5321 would wait ten minutes."""

MESSAGES_A_CONNECTION = 100
IDLE_SECONDS = 60.0
LOOK_SECONDS = 1.0
CLOSING = 421
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
        for where in ("envelope_sender", "recipient"):
            if not _ADDRESS.fullmatch(getattr(self, where)):
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


class SmtpPool:
    """Kept connections to one relay, for one process and one sending thread at a time.

    `starttls` (port 587) and `tls` (port 465) check the relay's certificate; `greeting_name` is
    what EHLO says, by default the name of this machine; the waits are seconds. Raises ValueError
    where a password would travel in the clear. Make it after a fork, never before. `close` ends the
    connections; it is a context manager too.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        connections: int = 8,
        username: str = "",
        password: str = "",
        starttls: bool = False,
        tls: bool = False,
        greeting_name: str | None = None,
        answer_seconds: float = ANSWER_SECONDS,
        after_dot_seconds: float = AFTER_DOT_SECONDS,
        messages_a_connection: int = MESSAGES_A_CONNECTION,
    ) -> None:
        if connections < 1 or messages_a_connection < 1:
            raise ValueError("A pool needs at least one connection and one message on each.")
        self.relay = Relay(
            *(host, port, username, password, starttls, tls),
            greeting_name=greeting_name or socket.gethostname(),
            answer_seconds=answer_seconds,
            after_dot_seconds=after_dot_seconds,
        )
        self._lines = [_Line(self.relay, messages_a_connection) for _ in range(connections)]

    def __enter__(self) -> "SmtpPool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all kept connections politely; the pool may be used again."""
        for line in self._lines:
            line.close()

    def send_batch(
        self,
        messages: Sequence[Outgoing],
        on_result: Callable[[Result], None],
        *,
        before_send: Callable[[UUID], bool] = lambda _: True,
    ) -> BatchEnd:
        """Send each message once, call `on_result` for each that was tried, and say how it ended.

        `before_send` is called when a connection is ready for this message and nothing else comes
        between but a reconnect; when it returns False the message is passed over without a result.
        Both callbacks run in this thread, one at a time. When one raises, nothing more is started,
        what is under way is finished and reported where possible, and the exception goes on.
        """
        return _Batch(self._lines[: len(messages)], messages, on_result, before_send).run()


@dataclass(frozen=True, slots=True)
class _News:
    """What a line tells the batch: the result of its last order, and whether it takes another."""

    line: "_Line"
    result: Result | None = None
    over: bool = False
    trouble: Answer | None = None


@dataclass(slots=True)
class _Faults:
    """Keeps the first exception of the blocks it wraps, so that what is under way can end."""

    first: BaseException | None = None

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> bool:
        self.first = self.first or fault
        return True


@dataclass(slots=True)
class _Batch:
    """The work of one `send_batch`: hands messages to free lines, takes in what comes back."""

    lines: Sequence["_Line"]
    messages: Iterable[Outgoing]
    on_result: Callable[[Result], None]
    before_send: Callable[[UUID], bool]
    news: "SimpleQueue[_News]" = field(default_factory=SimpleQueue)
    faults: _Faults = field(default_factory=_Faults)
    waiting: deque[Outgoing] = field(init=False)
    trouble: Answer | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.waiting = deque(self.messages)

    def run(self) -> BatchEnd:
        threads = [
            Thread(target=line.work, args=(self.news,), name="smtp", daemon=True)
            for line in self.lines
        ]
        for thread in threads:
            thread.start()
        working = len(threads)
        while working:
            with self.faults:
                try:
                    news = self.news.get(timeout=LOOK_SECONDS)
                except Empty:
                    alive = any(thread.is_alive() for thread in threads)
                    working = working if alive or not self.news.empty() else 0
                    continue
                working -= news.over
                self._take_in(news)
            if self.faults.first is not None:
                for line in self.lines:
                    line.orders.put(None)
        if self.faults.first is not None:
            raise self.faults.first
        left = tuple(message.delivery_id for message in self.waiting)
        return BatchEnd(left, self.trouble if left else None)

    def _take_in(self, news: _News) -> None:
        self.trouble = news.trouble or self.trouble
        if news.result is not None:
            self.on_result(news.result)
        if not news.over and self.faults.first is None:
            news.line.orders.put(self._next())

    def _next(self) -> Outgoing | None:
        while self.waiting:
            message = self.waiting.popleft()
            if self.before_send(message.delivery_id):
                return message
        return None


class _Lost(Exception):
    """The connection ended before the final dot: this message was not sent."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.text)
        self.answer = answer


class _Line:
    """One kept connection and the thread that speaks on it."""

    def __init__(self, relay: Relay, messages_a_connection: int) -> None:
        self.relay = relay
        self.most = messages_a_connection
        self.orders: SimpleQueue[Outgoing | None] = SimpleQueue()
        self.smtp: smtplib.SMTP | None = None
        self.sent = 0
        self.used_at = 0.0

    def work(self, news: "SimpleQueue[_News]") -> None:
        """Take orders until there is none or no connection can be had."""
        result: Result | None = None
        trouble: Answer | None = None
        try:
            self.orders = SimpleQueue()
            self._drop_if_idle()
            while (trouble := self._connect_if_needed()) is None:
                news.put(_News(self, result))
                result = None
                message = self.orders.get()
                if message is None:
                    break
                answer = self._send(message)
                result = Result(
                    message.delivery_id,
                    answer.outcome,
                    answer.code,
                    answer.enhanced_code,
                    answer.text,
                )
        finally:
            news.put(_News(self, result, over=True, trouble=trouble))

    def close(self) -> None:
        """End the connection, politely where the relay still listens."""
        if self.smtp is not None:
            with contextlib.suppress(OSError):
                self.smtp.quit()
            self._drop()

    def _drop(self) -> None:
        if self.smtp is not None:
            self.smtp.close()
        self.smtp = None

    def _drop_if_idle(self) -> None:
        if time.monotonic() - self.used_at > IDLE_SECONDS:
            self._drop()

    def _connect_if_needed(self) -> Answer | None:
        """Return None once connected, else why that cannot be had."""
        if self.sent >= self.most:
            self.close()
        if self.smtp is not None:
            return None
        self.sent = 0
        try:
            self.smtp = _connected(self.relay)
        except smtplib.SMTPResponseException as refusal:
            return classify(refusal.smtp_code, _decoded(refusal.smtp_error), stage=Stage.CONNECT)
        except (smtplib.SMTPNotSupportedError, ssl.SSLError) as fault:
            return Answer(Outcome.SENDER_FAULT, None, None, shown_text(str(fault)))
        except OSError as fault:
            return Answer(Outcome.PASSING, None, None, shown_text(f"No connection: {fault}"))
        return None

    def _send(self, message: Outgoing) -> Answer:
        """Send one message; on a kept connection that turns out dead, once more on a new one."""
        was_kept = self.sent > 0
        try:
            return self._converse(message)
        except _Lost as lost:
            self._drop()
            if not was_kept:
                return lost.answer
        if (trouble := self._connect_if_needed()) is not None:
            return trouble
        try:
            return self._converse(message)
        except _Lost as lost:
            self._drop()
            return lost.answer

    def _converse(self, message: Outgoing) -> Answer:
        """Return the carrier's answer to one message; raises _Lost where it was not sent."""
        assert self.smtp is not None  # noqa: S101 - for the type checker: work() connects first
        smtp = self.smtp
        self.sent += 1
        body = wire_form(message.content)
        try:
            refusal = _offer(smtp, message, len(body))
            if refusal is None:
                smtp.send(body)
        except OSError as fault:
            words = shown_text(f"Connection lost before the message was sent: {fault}")
            raise _Lost(Answer(Outcome.PASSING, None, None, words)) from fault
        answer = refusal or self._finish(smtp)
        if refusal is not None:
            self._start_over(smtp)
        self.used_at = time.monotonic()
        return answer

    def _start_over(self, smtp: smtplib.SMTP) -> None:
        """Make a connection ready for the next message after a refusal, or drop it."""
        try:
            smtp.rset()
        except OSError:
            self._drop()

    def _finish(self, smtp: smtplib.SMTP) -> Answer:
        """Send the final dot and return the answer to it; without one the outcome is unknown."""
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self.relay.after_dot_seconds)
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self.relay.answer_seconds)
        except OSError as fault:
            self._drop()
            words = shown_text(f"No answer after the message was sent: {fault}")
            return Answer(Outcome.UNKNOWN, None, None, words)
        answer = classify(code, _decoded(text), stage=Stage.CONTENT)
        if code == CLOSING or answer.outcome is Outcome.UNKNOWN:
            self._drop()
        return answer


def _connected(relay: Relay) -> smtplib.SMTP:
    """Return a greeted, encrypted and signed-in connection as the relay asks; raises OSError."""
    seconds, name = relay.answer_seconds, relay.greeting_name
    smtp: smtplib.SMTP
    if relay.tls:
        context = ssl.create_default_context()
        smtp = smtplib.SMTP_SSL(relay.host, relay.port, name, timeout=seconds, context=context)
    else:
        smtp = smtplib.SMTP(relay.host, relay.port, name, timeout=seconds)
    try:
        # The final dot is a write of its own: it must not wait for the carrier's kernel.
        if smtp.sock is not None:
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        smtp.ehlo_or_helo_if_needed()
        if relay.starttls:
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
        if relay.username:
            smtp.login(relay.username, relay.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _offer(smtp: smtplib.SMTP, message: Outgoing, size: int) -> Answer | None:
    """Return None when the carrier waits for the message, else its refusal; raises _Lost on 421."""
    options = [f"SIZE={size}"] if smtp.has_extn("size") else []
    steps: tuple[tuple[Stage, int, Callable[[], tuple[int, bytes]]], ...] = (
        (Stage.SENDER, 250, lambda: smtp.mail(message.envelope_sender, options)),
        (Stage.RECIPIENT, 250, lambda: smtp.rcpt(message.recipient)),
        (Stage.SENDER, 354, lambda: smtp.docmd("DATA")),
    )
    for stage, wanted, ask in steps:
        code, words = ask()
        answer = classify(code, _decoded(words), stage=stage)
        if code == wanted or (stage is Stage.RECIPIENT and code in {251, 252}):
            continue
        if code == CLOSING or not 400 <= code < 600:
            # Whatever else this is, the next answer on this connection could not be trusted.
            raise _Lost(replace(answer, outcome=Outcome.PASSING))
        return answer
    return None


def wire_form(content: bytes) -> bytes:
    """Return a message as it travels, without the final dot: CRLF line ends, leading dots doubled.

    A bare CR or LF becomes CRLF, so that no carrier can read an end of message out of one.
    """
    lines = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", content))
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _decoded(words: bytes | str) -> str:
    return words if isinstance(words, str) else words.decode("utf-8", "replace")
