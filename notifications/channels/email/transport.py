"""Sends many e-mails over a few kept SMTP connections, one recipient a message.

`send_batch` sends what it is given and returns; a stream sends in a thread of its own, while its
owner makes the next messages ready and writes answers down. What failed before the final dot was
not sent and may be tried again; what died between the dot and the carrier's 250 is unknown. Neither
passwords nor messages stand in results, exceptions or logs.
"""

import socket
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from threading import Event, Thread
from uuid import UUID

from notifications.channels.email.line import Line
from notifications.channels.email.relay import (
    AFTER_DOT_SECONDS,
    ANSWER_SECONDS,
    BatchEnd,
    Outgoing,
    Relay,
    Result,
    wire_form,
)
from notifications.channels.email.traffic import Traffic

__all__ = ["BatchEnd", "Outgoing", "Result", "SmtpPool", "Stream", "wire_form"]

MESSAGES_A_CONNECTION = 100
TOLD_TOGETHER = 50


def _nobody(_: str) -> None:
    """Watch nothing."""


class SmtpPool:
    """Kept connections to one relay, for one process and one batch or stream at a time.

    `starttls` (port 587) and `tls` (port 465) check the relay's certificate; `greeting_name` is
    what EHLO says, by default the name of this machine; the waits are seconds. `watch` is told
    "after_dot" when a final dot has left and "after_send" when an answer was read, in the thread
    that sends. Raises ValueError where a password would travel in the clear. Make it after a fork,
    never before. `close` ends the connections; it is a context manager too.
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
        watch: Callable[[str], None] = _nobody,
    ) -> None:
        if connections < 1 or messages_a_connection < 1:
            raise ValueError("A pool needs at least one connection and one message on each.")
        self.relay = Relay(
            *(host, port, username, password, starttls, tls),
            greeting_name=greeting_name or socket.gethostname(),
            answer_seconds=answer_seconds,
            after_dot_seconds=after_dot_seconds,
        )
        self._watch = watch
        self._lines = [Line(self.relay, messages_a_connection, watch) for _ in range(connections)]

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

        def heard(result: Result) -> None:
            self._watch("after_send")
            on_result(result)

        traffic = Traffic(self._lines, heard, before_send)
        traffic.give(messages)
        traffic.end()
        return traffic.run()

    def stream(self, *, before_send: Callable[[UUID], bool] = lambda _: True) -> "Stream":
        """Start to send in a thread of its own; see `Stream`. `before_send` is asked there."""
        return Stream(self._lines, before_send, self._watch)


class Stream:
    """Messages under way while their owner does other work. End it, whatever happens."""

    def __init__(
        self,
        lines: Sequence[Line],
        before_send: Callable[[UUID], bool],
        watch: Callable[[str], None],
    ) -> None:
        self._traffic = Traffic(lines, self._heard, before_send)
        self._watch = watch
        self._results: deque[Result] = deque()
        self._news = Event()
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._run, name="smtp", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Return how many messages no connection has taken up yet."""
        return len(self._traffic.waiting)

    @property
    def is_over(self) -> bool:
        """Return whether nothing more will go: no connection can be had, or a callback failed."""
        return not self._thread.is_alive()

    @property
    def is_quiet(self) -> bool:
        """Return whether nothing is under way and nothing waits."""
        return self._traffic.is_quiet

    def give(self, messages: Iterable[Outgoing]) -> None:
        """Let these go, each once."""
        self._traffic.give(messages)

    def take(self, seconds: float) -> list[Result]:
        """Return the results that came, waiting so long for 50 of them or for the last."""
        self._news.wait(seconds)
        self._news.clear()
        taken = []
        while self._results:
            taken.append(self._results.popleft())
        return taken

    def stop(self) -> None:
        """Start nothing more; what is under way is finished and reported."""
        self._traffic.stop()

    def end(self) -> BatchEnd:
        """Wait until all has gone and say how it ended; then `take` the last results.

        Raises what `before_send` raised.
        """
        self._traffic.end()
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        return self._traffic.outcome()

    def _run(self) -> None:
        try:
            self._traffic.run()
        except BaseException as fault:  # noqa: BLE001 - raised again in the owner's thread
            self._fault = fault
        finally:
            self._news.set()

    def _heard(self, result: Result) -> None:
        self._watch("after_send")
        self._results.append(result)
        if len(self._results) >= TOLD_TOGETHER or self._traffic.is_quiet:
            self._news.set()
