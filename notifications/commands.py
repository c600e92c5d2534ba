"""`muster notices`: the state of the queue, deliver what is due, read an incoming mail."""

import argparse
from pathlib import Path
from typing import Any

from backend.problems import BadInput

MOST_ROUNDS = 10_000
LARGEST_MAIL = 20 * 2**20


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommands."""
    parser = subparsers.add_parser("notices", help="the queue of messages")
    deeds = parser.add_subparsers(metavar="DEED", required=True)
    status = deeds.add_parser("status", help="queue depth, oldest, failures by cause")
    status.set_defaults(handler=show_status, needs_database=True)
    drain = deeds.add_parser("drain", help="deliver now what is due")
    drain.set_defaults(handler=drain_now, needs_database=True)
    bounce = deeds.add_parser("read-bounce", help="what an incoming mail means")
    bounce.add_argument("file", metavar="FILE", type=Path)
    bounce.set_defaults(handler=read_bounce_file, needs_database=False)


def show_status(_: argparse.Namespace) -> dict[str, Any]:
    """Return depth, oldest due message, held ones and failures by cause."""
    from notifications.queries import queue_status  # noqa: PLC0415 — after set-up

    return queue_status()


def drain_now(_: argparse.Namespace) -> dict[str, Any]:
    """Deliver until nothing is due; return how many were tried, and the queue afterwards."""
    from django.utils import timezone  # noqa: PLC0415 — after set-up

    from notifications.queries import queue_status  # noqa: PLC0415
    from notifications.services.carrier import forget_carrier  # noqa: PLC0415
    from notifications.services.draining import drain  # noqa: PLC0415

    tried = 0
    for _round in range(MOST_ROUNDS):
        if not (number := drain(at=timezone.now())):
            break
        tried += number
    forget_carrier()
    return {"tried": tried, "queue": queue_status()}


def read_bounce_file(given: argparse.Namespace) -> dict[str, Any]:
    """Return what an incoming mail means; raises BadInput for a file that cannot be read."""
    from notifications.policy.bounces import read_bounce  # noqa: PLC0415 — only when asked

    path: Path = given.file
    try:
        if path.stat().st_size > LARGEST_MAIL:
            raise BadInput(f"{path} is larger than 20 MB.", where=str(path), mend="Give one mail.")
        reading = read_bounce(path.read_bytes())
    except OSError as fault:
        raise BadInput(
            f"{path} cannot be read: {fault.strerror}.",
            where=str(path),
            mend="Give a file with one mail (.eml).",
        ) from fault
    return reading.document()
