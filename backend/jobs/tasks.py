"""What a worker calls each second and at each wake-up."""

from backend.jobs import run


def drain() -> int:
    """Run due jobs; return how many were claimed."""
    return run.run_due()
