"""A worker of its own process for fault tests: it does one lane's rounds until it is told to stop.

Celery's worker imports it too (`-I`), for the subject that the tests' notices tell of.
"""

import sys
import time

import backend.celery  # noqa: F401 — sets Django's settings and the app


def main(lane: str) -> None:
    """Do the lane's rounds without end."""
    import django

    django.setup()
    register()
    from django.db import connection

    from drills import tasks as drill_tasks
    from notifications import tasks

    work = {
        "drain": tasks.drain,
        "escalate": tasks.escalate,
        "urgent": tasks.drain_urgent,
        "drills": drill_tasks.drain,
        "remind of drills": drill_tasks.remind,
    }[lane]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        busy = work()
        connection.close()
        time.sleep(0 if busy else 0.05)


def register() -> None:
    """Make the tests' subject known to this process."""
    from tests.notifications.outbox import register_memo

    register_memo()


if __name__ == "__main__":
    main(sys.argv[1])
else:
    from celery.signals import worker_init

    worker_init.connect(lambda **_: register(), weak=False)
