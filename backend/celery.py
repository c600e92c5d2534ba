"""The Celery app. Tasks are wake-ups without payload; what is due stands in rows."""

import logging
import os
import tempfile
import threading
from pathlib import Path
from typing import Any

from celery import Celery, bootsteps, shared_task
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

from backend.schedule import LANES

log = logging.getLogger(__name__)
ROUND_SECONDS = 1.0
SIGN_OF_LIFE = Path(tempfile.gettempdir()) / "muster-worker"  # its age is the health check

app = Celery("muster")
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=False,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_publish_retry=False,
    broker_transport_options={"socket_connect_timeout": 2, "socket_timeout": 10},
    task_routes={"backend.celery.wake": {"queue": "wake"}},
    task_default_queue="wake",
    beat_schedule={
        f"wake {lane}": {"task": "backend.celery.wake", "schedule": 15.0, "args": (lane,)}
        for lane in LANES
    },
)


@shared_task(name="backend.celery.wake")
def wake(lane: str) -> None:
    """Do one lane's due work; it may run twice, late or beside another."""
    import_string(LANES[lane])()


class LookForDueWork(bootsteps.StartStopStep):
    """A thread per lane that looks for due rows each second, with or without a broker.

    A Worker step, not a Consumer step: the latter never starts while Redis cannot be reached.
    """

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **_: Any) -> None:
        self.ended = threading.Event()
        self.threads: list[threading.Thread] = []

    def start(self, parent: Any) -> None:
        """Start one thread for each lane."""
        self.threads = [
            threading.Thread(target=self._rounds, args=(lane,), name=f"lane-{lane}", daemon=True)
            for lane in LANES
        ]
        for thread in self.threads:
            thread.start()

    def stop(self, parent: Any) -> None:
        """Let each thread finish its round."""
        self.ended.set()
        for thread in self.threads:
            thread.join(30)

    terminate = stop

    def _rounds(self, lane: str) -> None:
        from django.db import connection  # noqa: PLC0415 — after django.setup()

        work = import_string(LANES[lane])
        while not self.ended.is_set():
            try:
                SIGN_OF_LIFE.touch()
                busy = work()
            except Exception:
                log.exception("A round of the lane %s failed; it is tried again", lane)
                busy = 0
            finally:
                connection.close()
            self.ended.wait(0.0 if busy else ROUND_SECONDS)


app.steps["worker"].add(LookForDueWork)
