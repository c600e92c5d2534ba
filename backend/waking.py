"""Wake a lane once the present transaction has committed; losing a wake-up costs latency only."""

import logging
import threading

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


class _Messenger:
    """Sends wake-ups from a thread of its own, so that a dead broker never delays a request.

    Lanes that wait to be sent are a set: a hundred wake-ups of one lane are one message.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.lanes: set[str] = set()
        self.is_running = False

    def send(self, lane: str) -> None:
        """Note the lane; start the thread when none runs."""
        with self.lock:
            self.lanes.add(lane)
            if self.is_running:
                return
            self.is_running = True
        threading.Thread(target=self._run, name="wake-ups", daemon=True).start()

    def _run(self) -> None:
        while True:
            with self.lock:
                if not self.lanes:
                    self.is_running = False
                    return
                lanes, self.lanes = self.lanes, set()
            for lane in lanes:
                try:
                    current_app.send_task("backend.celery.wake", args=(lane,), retry=False)
                except OperationalError:
                    log.warning("The broker cannot be reached; %s waits for the next round", lane)


_messenger = _Messenger()


def wake_lane(lane: str) -> None:
    """Ask any worker to look at a lane after commit. Redis gone is no error: workers poll too."""
    transaction.on_commit(lambda: _messenger.send(lane))
