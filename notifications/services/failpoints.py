"""Die on purpose where a test asks for it: `MUSTER_CRASH_AT` names a point; unset, nothing happens.

The points are after_claim, before_send, after_dot and after_send.
"""

import os
import signal
import smtplib
from typing import Any

CRASH_AT = os.environ.get("MUSTER_CRASH_AT", "")
FINAL_DOT = b".\r\n"


def pass_point(name: str) -> None:
    """Kill this process with signal 9 when `name` is the point asked for."""
    if name == CRASH_AT:
        os.kill(os.getpid(), signal.SIGKILL)


def arm() -> None:
    """Make `after_dot` work: die once the final dot has left, before its answer is read."""
    if CRASH_AT != "after_dot":
        return
    really_send = smtplib.SMTP.send

    def send(smtp: smtplib.SMTP, content: Any) -> None:
        really_send(smtp, content)
        if content == FINAL_DOT:
            pass_point("after_dot")

    smtplib.SMTP.send = send  # type: ignore[method-assign, assignment]
