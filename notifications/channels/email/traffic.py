"""All connections of one pool at once, in one thread: hands messages to free lines as they wait.

A line is opened in a thread of its own, for greeting, encryption and sign-in take their time.
"""

import contextlib
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Thread
from uuid import UUID

from notifications.channels.email.line import READ_BYTES, Line, Lost
from notifications.channels.email.relay import BatchEnd, Outgoing, Result
from notifications.policy.backoff import Answer

LOOK_SECONDS = 1.0
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


@dataclass(frozen=True, slots=True)
class _Dialed:
    """What came of opening a line: trouble where it cannot be had, a fault where we are wrong."""

    line: Line
    trouble: Answer | None = None
    fault: BaseException | None = None


class Traffic:
    """One run over the lines of a pool.

    `give`, `end` and `stop` may be called from another thread; `on_result` and `before_send` are
    called in the thread of `run`, one at a time. When one raises, nothing more is started, what is
    under way is finished and reported where possible, and the exception goes on.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        on_result: Callable[[Result], None],
        before_send: Callable[[UUID], bool],
    ) -> None:
        self.waiting: deque[Outgoing] = deque()
        self._on_result = on_result
        self._before_send = before_send
        self._closed_lines: list[Line] = []
        self._free: list[Line] = []
        self._busy: set[Line] = set()
        self._masks: dict[Line, int] = {}
        self._dialing = 0
        self._dialed: deque[_Dialed] = deque()
        self._trouble: Answer | None = None
        self._fault: BaseException | None = None
        self._ended = self._stopped = False
        self._selector = selectors.DefaultSelector()
        self._bell, self._ear = socket.socketpair()
        for one in (self._bell, self._ear):
            one.setblocking(False)
        self._selector.register(self._ear, READ)
        for line in lines:
            self._take_up(line)

    @property
    def is_quiet(self) -> bool:
        """Return whether nothing is under way and nothing waits."""
        return not (self._busy or self.waiting or self._dialing)

    def give(self, messages: Iterable[Outgoing]) -> None:
        """Let these go as well."""
        self.waiting.extend(messages)
        self._ring()

    def end(self) -> None:
        """Say that no more messages come: `run` returns once all have gone."""
        self._ended = True
        self._ring()

    def stop(self) -> None:
        """Start nothing more; what is under way is finished."""
        self._stopped = True
        self.end()

    def run(self) -> BatchEnd:
        """Send until the end is told; return what was never tried, and why."""
        try:
            while True:
                self._guarded(self._hand_out)
                if self._is_over():
                    break
                for key, _ in self._selector.select(self._patience()):
                    if key.data is None:
                        self._answer_the_bell()
                    else:
                        self._attend(key.data)
                self._hang_up_overdue()
        finally:
            for line in self._busy:  # only where this thread was interrupted
                line.message = None
                line.drop()
            self._selector.close()
            self._bell.close()
            self._ear.close()
        if self._fault is not None:
            raise self._fault
        return self.outcome()

    def outcome(self) -> BatchEnd:
        """Return what was never tried, and why; once `run` is over."""
        left = tuple(message.delivery_id for message in self.waiting)
        return BatchEnd(left, self._trouble if left else None)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Keep the first exception of a callback, so that what is under way can end."""
        try:
            work()
        except BaseException as fault:  # noqa: BLE001 - raised again when all has ended
            self._fault = self._fault or fault

    def _is_over(self) -> bool:
        if self._busy or self._dialing:
            return False
        if self._stopped or self._fault is not None:
            return True
        no_line_left = not (self._free or self._closed_lines)
        return no_line_left or (self._ended and not self.waiting)

    def _hand_out(self) -> None:
        """Give waiting messages to free lines, and open as many more lines as can be used."""
        while self.waiting and not (self._stopped or self._fault):
            if self._free:
                line = self._free.pop()
                if line.sent >= line.most:
                    self._dial(line)
                    continue
                message = self._next(line)
                if message is None:
                    return
                self._send(line, message)
            elif self._closed_lines and self._dialing < len(self.waiting):
                self._dial(self._closed_lines.pop())
            else:
                return

    def _next(self, line: Line) -> Outgoing | None:
        try:
            while self.waiting:
                message = self.waiting.popleft()
                if self._before_send(message.delivery_id):
                    return message
        except BaseException:
            self._free.append(line)
            raise
        self._free.append(line)
        return None

    def _send(self, line: Line, message: Outgoing) -> None:
        self._busy.add(line)
        self._step(line, lambda: line.begin(message))

    def _step(self, line: Line, work: Callable[[], Answer | None]) -> None:
        """Let a busy line go on; report an answer, or try once more on a new connection."""
        try:
            answer = work()
        except Lost as lost:
            self._forget(line)
            line.drop()
            if line.was_kept:
                line.was_kept = False
                self._dial(line)
            else:
                self._finish(line, lost.answer)
            return
        if answer is not None:
            self._finish(line, answer)
        elif line.sock is not None:
            self._listen(line)

    def _finish(self, line: Line, answer: Answer) -> None:
        """Report the answer to a line's message and put the line back."""
        self._busy.discard(line)
        if line.is_spent:
            self._forget(line)
            line.drop()
        self._take_up(line)
        self._report(line, answer)

    def _report(self, line: Line, answer: Answer) -> None:
        message, line.message = line.message, None
        if message is not None:
            result = Result(
                message.delivery_id,
                answer.outcome,
                answer.code,
                answer.enhanced_code,
                answer.text,
            )
            self._guarded(lambda: self._on_result(result))

    def _take_up(self, line: Line) -> None:
        """Put a line among the free ones, or among those to be opened."""
        if line.smtp is not None and line.is_stale():
            self._forget(line)
            line.drop()
        if line.smtp is None:
            self._closed_lines.append(line)
        else:
            self._free.append(line)
            self._listen(line)

    def _attend(self, line: Line) -> None:
        if line in self._busy:
            if line.wants_to_write:
                self._step(line, line.push)
            if line in self._busy:
                self._step(line, line.pull)
        elif line in self._free and not line.is_still_good():  # the relay hung up
            self._free.remove(line)
            self._forget(line)
            line.drop()
            self._closed_lines.append(line)

    def _hang_up_overdue(self) -> None:
        now = time.monotonic()
        for line in [one for one in self._busy if one.deadline < now]:
            self._step(line, lambda line=line: line.fail(TimeoutError("timed out")))  # type: ignore[misc]

    def _patience(self) -> float:
        """Return how many seconds nothing needs to be looked at."""
        first = min((line.deadline for line in self._busy), default=LOOK_SECONDS + time.monotonic())
        return min(max(first - time.monotonic(), 0.0), LOOK_SECONDS)

    def _listen(self, line: Line) -> None:
        mask = READ | WRITE if line.wants_to_write else READ
        if self._masks.get(line) == mask or line.sock is None:
            return
        if line in self._masks:
            self._selector.modify(line.sock, mask, line)
        else:
            self._selector.register(line.sock, mask, line)
        self._masks[line] = mask

    def _forget(self, line: Line) -> None:
        if self._masks.pop(line, None) is not None and line.sock is not None:
            self._selector.unregister(line.sock)

    def _dial(self, line: Line) -> None:
        """Open a line in a thread of its own; its message, if it holds one, goes on it again."""
        self._busy.discard(line)
        self._forget(line)
        self._dialing += 1
        Thread(target=self._open, args=(line,), name="smtp-dial", daemon=True).start()

    def _open(self, line: Line) -> None:
        try:
            self._dialed.append(_Dialed(line, line.connect()))
        except BaseException as fault:  # noqa: BLE001 - raised again in the thread of `run`
            self._dialed.append(_Dialed(line, fault=fault))
        self._ring()

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # rung already, or the run is over
            self._bell.send(b"!")

    def _answer_the_bell(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._ear.recv(READ_BYTES)
        while self._dialed:
            self._take_in(self._dialed.popleft())

    def _take_in(self, dialed: _Dialed) -> None:
        self._dialing -= 1
        line = dialed.line
        self._fault = self._fault or dialed.fault
        self._trouble = dialed.trouble or self._trouble
        if dialed.fault is not None or dialed.trouble is not None:
            if line.message is not None and dialed.trouble is not None:
                self._report(line, dialed.trouble)  # and nobody takes this line up again
        elif line.message is not None:
            self._send(line, line.message)
        else:
            self._take_up(line)
