"""One kept SMTP connection: it is opened blocking, then speaks whenever its socket is ready.

What failed before the final dot was not sent and may be tried again; what died between the dot and
the carrier's 250 is unknown (RFC 1047). Where the relay offers PIPELINING (RFC 2920), sender,
recipient and DATA go in one piece.
"""

import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from math import inf

from notifications.channels.email.relay import Outgoing, Relay, wire_form
from notifications.policy.backoff import Answer, Outcome, Stage, classify, shown_text

IDLE_SECONDS = 60.0
READ_BYTES = 65_536
LONGEST_REPLY = 65_536
CLOSING = 421
GO_ON = 354
FINAL_DOT = b".\r\n"

_STEPS = ((Stage.SENDER, 250), (Stage.RECIPIENT, 250), (Stage.SENDER, GO_ON))

Reply = tuple[int, str]


class Lost(Exception):
    """The connection ended before the final dot: this message was not sent."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.text)
        self.answer = answer


class Line:
    """One connection with at most one message under way; only one thread uses it at a time.

    `watch` is told "after_dot" once the final dot has left.
    """

    def __init__(self, relay: Relay, most_messages: int, watch: Callable[[str], None]) -> None:
        self.relay = relay
        self.most = most_messages
        self.watch = watch
        self.smtp: smtplib.SMTP | None = None
        self.sock: socket.socket | None = None
        self.sent = 0
        self.used_at = 0.0
        self.message: Outgoing | None = None
        self.was_kept = False
        self.is_spent = False  # the next answer on it could not be trusted
        self.deadline = inf  # monotonic seconds
        self._talk: Generator[bytes, Reply, Answer] | None = None
        self._inbox = b""
        self._outbox: bytes | memoryview = b""
        self._reply: list[bytes] = []
        self._in_content = False

    @property
    def wants_to_write(self) -> bool:
        """Return whether something is left that the socket did not take at once."""
        return len(self._outbox) > 0

    def connect(self) -> Answer | None:
        """Return None once connected, greeted and signed in, else why that cannot be had.

        It blocks: call it in a thread of its own. A connection that stands is ended first.
        """
        self.close()
        self.sent = 0
        try:
            self.smtp = _connected(self.relay)
        except smtplib.SMTPResponseException as refusal:
            words = _decoded(refusal.smtp_error)
            return classify(refusal.smtp_code, words, stage=Stage.CONNECT)
        except (smtplib.SMTPNotSupportedError, ssl.SSLError) as fault:
            return Answer(Outcome.SENDER_FAULT, None, None, shown_text(str(fault)))
        except OSError as fault:
            return Answer(Outcome.PASSING, None, None, shown_text(f"No connection: {fault}"))
        self.sock = self.smtp.sock
        if self.sock is not None:
            self.sock.setblocking(False)
        self.used_at = time.monotonic()
        return None

    def close(self) -> None:
        """End the connection, politely where the relay still listens; it may block."""
        if self.smtp is not None and self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.settimeout(self.relay.answer_seconds)
                self.smtp.quit()
        self.drop()

    def drop(self) -> None:
        """End the connection without a word."""
        if self.smtp is not None:
            self.smtp.close()
        self.smtp = self.sock = None
        self.is_spent = False
        self.deadline = inf
        self._talk, self._inbox, self._outbox, self._reply = None, b"", b"", []

    def is_stale(self) -> bool:
        """Return whether it stood idle for so long that the relay has likely hung up."""
        return time.monotonic() - self.used_at > IDLE_SECONDS

    def begin(self, message: Outgoing) -> Answer | None:
        """Start to send a message; return its answer if one is known at once. Raises Lost."""
        self.message = message
        self.was_kept = self.sent > 0
        self.sent += 1
        self._in_content = False
        self._talk = self._conversation(message)
        self._outbox = next(self._talk)
        return self.push()

    def push(self) -> Answer | None:
        """Write what the socket takes; return the answer where a failure decides it."""
        try:
            while self._outbox and self.sock is not None:
                taken = self.sock.send(self._outbox)
                self._outbox = memoryview(self._outbox)[taken:]
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError as fault:
            return self.fail(fault)
        wait = self.relay.answer_seconds
        if self._in_content and not self._outbox:
            self.watch("after_dot")
            wait = self.relay.after_dot_seconds
        self.deadline = time.monotonic() + wait
        return None

    def pull(self) -> Answer | None:
        """Read what came; return the carrier's answer to the message once it is known."""
        try:
            while True:
                data = self.sock.recv(READ_BYTES) if self.sock is not None else b""
                if not data:
                    return self.fail(ConnectionError("Connection unexpectedly closed"))
                self._inbox += data
                # Encrypted bytes may wait inside the socket, where no selector sees them.
                if not (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
                    break
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError as fault:
            return self.fail(fault)
        return self._go_on()

    def is_still_good(self) -> bool:
        """Return whether a line without a message neither ended nor spoke unasked."""
        self.pull()
        return not (self.is_spent or self._inbox)

    def fail(self, fault: OSError) -> Answer | None:
        """Let the message under way know that its connection failed; raises Lost."""
        self.is_spent = True
        if self._talk is None:
            return None
        return self._advanced(lambda talk: talk.throw(fault))

    def _go_on(self) -> Answer | None:
        while self._talk is not None and (reply := self._next_reply()) is not None:
            answer = self._advanced(lambda talk, reply=reply: talk.send(reply))  # type: ignore[misc]
            if answer is not None or self.is_spent:
                return answer
        if len(self._inbox) > LONGEST_REPLY:
            return self.fail(ConnectionError("An answer without end"))
        return None

    def _advanced(self, step: Callable[[Generator[bytes, Reply, Answer]], bytes]) -> Answer | None:
        assert self._talk is not None  # noqa: S101 - for the type checker
        try:
            words = step(self._talk)
        except StopIteration as end:
            self._talk, self.deadline, self.used_at = None, inf, time.monotonic()
            answer: Answer = end.value
            return answer
        except Lost:
            self._talk, self.deadline = None, inf
            raise
        if words:
            self._outbox = words
            return self.push()
        return None

    def _next_reply(self) -> Reply | None:
        """Return the next whole reply, its lines joined; a code that is no number is -1."""
        while (end := self._inbox.find(b"\n")) >= 0:
            line, self._inbox = self._inbox[:end], self._inbox[end + 1 :]
            self._reply.append(line[4:].strip(b" \t\r\n"))
            if line[3:4] == b"-" and line[:3].isdigit():
                continue
            text, self._reply = b"\n".join(self._reply), []
            return int(line[:3]) if line[:3].isdigit() else -1, _decoded(text)
        return None

    def _conversation(self, message: Outgoing) -> Generator[bytes, Reply, Answer]:
        """Yield what to send, take the carrier's replies, return its answer; raises Lost."""
        body = wire_form(message.content)
        try:
            refusal, code = yield from self._offer(message, len(body))
        except OSError as fault:
            raise _lost(fault) from fault
        if refusal is None:
            return (yield from self._hand_over(body))
        with contextlib.suppress(OSError):
            if code == GO_ON:  # DATA was taken although nobody is to get it: RFC 2920, section 3.1
                yield FINAL_DOT
            yield b"RSET\r\n"
        return refusal

    def _offer(
        self, message: Outgoing, size: int
    ) -> Generator[bytes, Reply, tuple[Answer | None, int]]:
        """Return None when the carrier waits for the message, else its refusal, and the code."""
        smtp = self.smtp
        assert smtp is not None  # noqa: S101 - for the type checker
        sized = f" SIZE={size}" if smtp.has_extn("size") else ""
        words = [
            f"MAIL FROM:<{message.envelope_sender}>{sized}\r\n".encode("ascii"),
            f"RCPT TO:<{message.recipient}>\r\n".encode("ascii"),
            b"DATA\r\n",
        ]
        together = smtp.has_extn("pipelining")
        if together:
            words = [b"".join(words), b"", b""]
        refusal: Answer | None = None
        code = 0
        for (stage, wanted), sent in zip(_STEPS, words, strict=True):
            code, text = yield sent
            refusal = refusal or _refusal(stage, wanted, code, text)
            if refusal is not None and not together:
                break
        return refusal, code

    def _hand_over(self, body: bytes) -> Generator[bytes, Reply, Answer]:
        """Send the message and its final dot; without an answer to the dot it is unknown."""
        self._in_content = True
        try:
            code, text = yield body + FINAL_DOT
        except OSError as fault:
            if self._outbox:
                raise _lost(fault) from fault
            words = shown_text(f"No answer after the message was sent: {fault}")
            return Answer(Outcome.UNKNOWN, None, None, words)
        answer = classify(code, text, stage=Stage.CONTENT)
        if self._outbox:  # answered before the dot has left: it cannot have been taken
            self.is_spent = True
            if not 400 <= code < 600:
                raise Lost(replace(answer, outcome=Outcome.PASSING))
        elif code == CLOSING or answer.outcome is Outcome.UNKNOWN:
            self.is_spent = True
        return answer


def _refusal(stage: Stage, wanted: int, code: int, text: str) -> Answer | None:
    """Return None where the carrier agrees, else what its answer means; raises Lost on 421."""
    if code == wanted or (stage is Stage.RECIPIENT and code in {251, 252}):
        return None
    answer = classify(code, text, stage=stage)
    if code == CLOSING or not 400 <= code < 600:
        # Whatever else this is, the next answer on this connection could not be trusted.
        raise Lost(replace(answer, outcome=Outcome.PASSING))
    return answer


def _lost(fault: OSError) -> Lost:
    words = shown_text(f"Connection lost before the message was sent: {fault}")
    return Lost(Answer(Outcome.PASSING, None, None, words))


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
        # The envelope is a small write: it must not wait for the carrier's kernel.
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


def _decoded(words: bytes | str) -> str:
    return words if isinstance(words, str) else words.decode("utf-8", "replace")
