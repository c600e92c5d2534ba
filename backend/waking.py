"""Wake a lane once the present transaction has committed; losing a wake-up costs latency only."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def wake_lane(lane: str) -> None:
    """Ask any worker to look at a lane after commit. Redis gone is no error: workers poll too."""

    def send() -> None:
        try:
            current_app.send_task("backend.celery.wake", args=(lane,), retry=False)
        except OperationalError:
            log.warning("The broker cannot be reached; %s waits for the next round", lane)

    transaction.on_commit(send)
