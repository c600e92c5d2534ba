"""The one list of what runs how often, and of what a worker looks for by itself each second.

Nothing here carries work: a tick inserts what is due under a unique key, a lane claims due rows.
Twice, late or from two processes at once changes nothing.
"""

from django.utils import timezone

# Names of functions without arguments; each does one round and returns how much it did.
LANES: dict[str, str] = {
    "delivery": "notifications.tasks.drain",
    "urgent": "notifications.tasks.drain_urgent",  # reserved: no backlog holds it up
    "jobs": "backend.jobs.tasks.drain",
    "drills": "drills.tasks.drain",
    "ticks": "backend.schedule.run_due_ticks",
}

# What runs how often, in seconds; the moment of each run is a multiple of it since 1970, UTC.
TICKS: dict[str, tuple[str, int]] = {
    "escalate": ("notifications.tasks.escalate", 30),
    "put plans in force": ("plans.tasks.put_in_force", 60),
    "end conditions": ("maps.tasks.end_conditions", 60),
    "make missing packets": ("plans.tasks.make_missing_packets", 30),
    "remind of drills": ("drills.tasks.remind", 60),
    "propose drills": ("drills.tasks.propose", 86_400),
}


def run_due_ticks() -> int:
    """Run the schedules that are due. It returns 0, so the lane waits for its next second."""
    from backend.jobs import ticks  # noqa: PLC0415 — models are loaded only after set-up

    ticks.run_due(TICKS, at=timezone.now())
    return 0
