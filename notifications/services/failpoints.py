"""Die on purpose where a test asks for it: `MUSTER_CRASH_AT` names a point; unset, nothing happens.

The points are after_claim, before_send, after_dot and after_send.
"""

import os
import signal

CRASH_AT = os.environ.get("MUSTER_CRASH_AT", "")


def pass_point(name: str) -> None:
    """Kill this process with signal 9 when `name` is the point asked for."""
    if name == CRASH_AT:
        os.kill(os.getpid(), signal.SIGKILL)
